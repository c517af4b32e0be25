"""A version that was published or answered stays what it was, whoever writes."""

import threading
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import User
from roles import opening
from roles.models import AnswerCount, Option, Question, Questionnaire, VersionState
from tests.accounts.factories import make_user
from tests.roles.factories import make_questionnaire

pytestmark = pytest.mark.django_db

TWO = [[{"dominante": 1}, {"coproduction": 1}], [{"acteur": 1}, {"financeur": 1}]]


def refused(write):
    with pytest.raises(IntegrityError), transaction.atomic():
        write()


@pytest.mark.parametrize("kept_by", ["published", "retired", "answered"])
def test_a_version_that_served_is_never_changed(kept_by):
    states = {"published": VersionState.PUBLISHED, "retired": VersionState.RETIRED, "answered": VersionState.DRAFT}
    version = make_questionnaire(TWO, state=states[kept_by])
    question = version.questions.first()
    option = question.options.first()
    if kept_by == "answered":
        AnswerCount.objects.create(question=question, option=option, month=date(2026, 11, 1), count=1)
    draft = make_questionnaire(TWO)

    def rename(row, **fields):
        return lambda: type(row).objects.filter(pk=row.pk).update(**fields)

    def save():
        option.acteur = 4
        option.save()

    refused(rename(version, title="Autre"))
    refused(rename(version, margin=20))
    refused(rename(question, text="Autre"))
    refused(rename(question, position=9))
    refused(rename(question, questionnaire=draft))
    refused(rename(option, feedback="Autre"))
    refused(rename(draft.questions.first(), questionnaire=version))
    refused(rename(draft.questions.first().options.first(), key="z", question=question))
    refused(save)
    refused(lambda: Question.objects.create(questionnaire=version, key="q9", position=9, text="De plus ?"))
    refused(lambda: Option.objects.create(question=question, key="z", position=9, text="De plus", feedback="Bien."))
    refused(lambda: Option.objects.filter(pk=option.pk)._raw_delete("default"))
    refused(lambda: Questionnaire.objects.filter(pk=version.pk)._raw_delete("default"))
    refused(rename(version, state=VersionState.DRAFT, published_at=None))


def test_a_draft_is_changed_and_removed():
    version = make_questionnaire(TWO)
    version.questions.first().options.update(acteur=5)
    version.questions.first().delete()
    version.title = "Autre"
    version.save()
    version.delete()
    assert not Questionnaire.objects.exists()


def test_only_the_state_of_a_published_version_moves():
    version = make_questionnaire(TWO, state=VersionState.PUBLISHED)
    for state in (VersionState.RETIRED, VersionState.PUBLISHED):
        Questionnaire.objects.filter(pk=version.pk).update(state=state)
    assert Questionnaire.objects.current() == version


def test_two_versions_are_not_current_at_once():
    make_questionnaire(TWO, state=VersionState.PUBLISHED)
    refused(lambda: make_questionnaire(TWO, state=VersionState.PUBLISHED))


def test_the_account_of_whoever_published_can_be_deleted():
    person = make_user("partie@portail.exemple")
    version = make_questionnaire(TWO, created_by=person, published_by=person, state=VersionState.PUBLISHED)
    User.objects.get(pk=person.pk).delete()
    version.refresh_from_db()
    assert (version.created_by, version.published_by) == (None, None)


@pytest.mark.django_db(transaction=True)
def test_a_part_written_during_the_publication_is_refused():
    """The writing waits for the publication to be committed, then sees it."""
    version = make_questionnaire(TWO)
    outcome = []

    def write():
        try:
            Option.objects.filter(question__questionnaire=version).update(acteur=5)
            outcome.append("written")
        except IntegrityError:
            outcome.append("refused")
        finally:
            connection.close()

    with transaction.atomic():
        Questionnaire.objects.filter(pk=version.pk).update(state=VersionState.PUBLISHED, published_at=timezone.now())
        writer = threading.Thread(target=write)
        writer.start()
        writer.join(timeout=0.5)
        assert outcome == []
    writer.join(timeout=60)
    assert outcome == ["refused"]


def test_the_opening_questionnaire_is_loaded_once(opened):
    assert [question.key for question in opened.short] == ["q1", "q2", "q3"]
    before = (Question.objects.count(), Option.objects.count())
    assert before == (10, 40)
    assert opened.questions.all()[0].experience_slug == "ere-43-chaleur-bois"
    assert opening.load() == 0
    assert (Question.objects.count(), Option.objects.count()) == before


def test_the_current_version_is_read_whole_in_three_statements(opened, django_assert_num_queries):
    with django_assert_num_queries(3):
        version = Questionnaire.objects.current()
        assert sum(len(question.options.all()) for question in version.questions.all()) == 40
