"""A sheet withdrawn, archived or deleted behind the back of the site is not found any more."""

import pytest
from django.db import connection

from experiences import neighbours
from experiences.models import PUBLIC_STATES, Experience, State
from search import engine
from search.models import Document
from tests.experiences.factories import make_experience

pytestmark = pytest.mark.django_db

TITLE = "Un hydravion pour la tournée"


def sql(statement, experience):
    with connection.cursor() as cursor:
        cursor.execute(statement, [experience.pk])


def documents(experience):
    return Document.objects.filter(kind="experience", key=str(experience.pk))


@pytest.mark.parametrize("state", State)
def test_the_document_follows_the_state(state):
    sheet = make_experience()
    Experience.objects.filter(pk=sheet.pk).update(state=state, refusal_reason="Hors du sujet")
    listed = list(documents(sheet).values_list("is_listed", flat=True))
    assert listed == ([state != State.ARCHIVED] if state in PUBLIC_STATES else [])


def test_a_sheet_published_again_is_listed_again():
    sheet = make_experience(state=State.ARCHIVED)
    sql("UPDATE experiences_experience SET state = 'publiee' WHERE id = %s", sheet)
    assert documents(sheet).get().is_listed


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE experiences_experience SET state = 'en-redaction' WHERE id = %s",
        "DELETE FROM experiences_experience WHERE id = %s",
    ],
)
def test_it_leaves_lists_searches_and_suggestions(client, statement):
    make_experience(title="Un autre récit")
    sheet = make_experience(title=TITLE)
    pages = ["/experiences/", "/experiences/?q=hydravion", "/recherche/?q=hydravion"]
    for page in pages:
        assert sheet.get_absolute_url() in client.get(page).content.decode()
    assert engine.suggest("hydrav", each=4)
    sql("DELETE FROM experiences_rendering WHERE experience_id = %s", sheet)
    sql(statement, sheet)
    for page in pages:
        assert sheet.get_absolute_url() not in client.get(page).content.decode()
    assert not engine.suggest("hydrav", each=4)


def test_a_neighbour_gone_since_it_was_found_is_left_out():
    mine, other = make_experience(), make_experience()
    found = [
        neighbours.Found(key, is_comparable=False, is_near=True, themes=[], roles=[]) for key in (mine.pk, other.pk)
    ]
    read_next, comparable = neighbours.tell(found, [other])
    assert [one.experience for one in read_next] == [other]
    assert comparable == []
