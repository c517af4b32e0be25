"""What a sheet leads to: sheets near by what they tell, and what comparable collectivities did."""

import re
from html import unescape

import pytest
from django.urls import reverse

from experiences.models import Experience, State
from search import indexing
from search.models import Document
from tests.accounts.factories import make_place
from tests.experiences.factories import make_experience, make_role_held, make_theme

pytestmark = pytest.mark.django_db


def publish(*experiences, vectors=()):
    indexing.refresh("experience", [experience.pk for experience in experiences])
    for experience, vector in zip(experiences, vectors, strict=False):
        Document.objects.filter(kind="experience", key=str(experience.pk)).update(vector=vector)


def vector(angle):
    """The nearer the angles, the nearer the meanings."""
    return [1 - angle, angle, *[0] * 510]


def section(client, experience, name):
    """The titles of a section, each with its reason."""
    page = client.get(reverse("experiences:detail", args=[experience.slug])).content.decode()
    text = page.partition(f'aria-labelledby="{name}"')[2].partition("</section>")[0]
    rows = re.findall(r'<h3><a href="[^"]+">(.+?)</a></h3><p class="card__meta">(.+?)</p>', text)
    return {unescape(title): unescape(reason) for title, reason in rows}


def read_next(client, experience):
    return section(client, experience, "a-lire-aussi")


def test_the_nearest_by_meaning_come_first(client):
    titles = ["Une cantine", "Un potager", "Une ferme", "Un moulin", "Un musée", "Une piscine"]
    sheets = [make_experience(title=title) for title in titles]
    publish(*sheets, vectors=[vector(angle) for angle in (0.1, 0.11, 0.12, 0.2, 0.9, 0.95)])
    found = read_next(client, sheets[0])
    assert list(found) == ["Un potager", "Une ferme", "Un moulin", "Un musée"]
    assert found["Un potager"] == "Sujet voisin"
    assert found["Un musée"] == "Autre récit de la base"


def test_of_two_as_near_the_one_with_the_same_theme_and_role_comes_first_and_says_why(client):
    mine, other, alike = (make_experience(title=title) for title in ("La mienne", "Autre", "Semblable"))
    for sheet in (mine, alike):
        sheet.filings.create(theme=make_theme("energie"), position=1)
        make_role_held(sheet, "financeur")
        make_role_held(sheet, "acteur")
    make_role_held(other, "acteur", is_to_check=True)
    publish(mine, other, alike, vectors=[vector(0.5), vector(0.52), vector(0.53)])
    found = read_next(client, mine)
    assert list(found) == ["Semblable", "Autre"]
    assert found["Semblable"] == "Sujet voisin · même thème\u00a0: Energie · mêmes rôles\u00a0: financeur, acteur"
    assert found["Autre"] == "Sujet voisin"


def test_without_vectors_themes_and_words_do(client):
    mine, far, near, elsewhere = (
        make_experience(title=title)
        for title in (
            "Une chaufferie au bois",
            "Des panneaux sur les toits",
            "Du bois pour la chaufferie",
            "Une crèche",
        )
    )
    for sheet in (mine, far, near):
        sheet.filings.create(theme=make_theme("energie"), position=1)
    publish(mine, far, near, elsewhere)
    found = read_next(client, mine)
    assert list(found) == ["Du bois pour la chaufferie", "Des panneaux sur les toits"]
    assert found["Du bois pour la chaufferie"] == "Sujet voisin · même thème\u00a0: Energie"
    assert found["Des panneaux sur les toits"] == "Même thème\u00a0: Energie"


def test_only_what_lists_show_is_proposed_and_what_is_withdrawn_leaves_at_once(client):
    mine, other, archived = (make_experience(title=title) for title in ("La mienne", "Une autre", "Une ancienne"))
    publish(mine, other, archived, vectors=[vector(0.1)] * 3)
    assert set(read_next(client, mine)) == {"Une autre", "Une ancienne"}
    for sheet, state in ((archived, State.ARCHIVED), (other, State.WRITING)):
        Experience.objects.filter(pk=sheet.pk).update(state=state)
        publish(sheet)
        assert sheet.title not in read_next(client, mine)
    assert read_next(client, mine) == {}


def test_a_sheet_published_later_and_a_title_that_changes_are_seen_at_once(client):
    mine, other = make_experience(title="La mienne"), make_experience(title="Une autre")
    publish(mine, other, vectors=[vector(0.1)] * 2)
    read_next(client, mine)
    Experience.objects.filter(pk=other.pk).update(title="Une autre, mieux dite")
    publish(other, vectors=[vector(0.1)])
    assert "Une autre, mieux dite" in read_next(client, mine)
    later = make_experience(title="Une nouvelle")
    publish(later, vectors=[vector(0.1)])
    assert "Une nouvelle" in read_next(client, mine)


@pytest.fixture
def places(db):
    region = make_place("Une région", kind="region", code="98")
    lot, aveyron = (
        make_place(name, kind="departement", code=code, region=region)
        for name, code in (("Le Lot", "98"), ("L’Aveyron", "99"))
    )
    other = make_place("Une autre région", kind="region", code="99")
    return {
        "mine": make_place("Figeac", population=9_000, departement=lot, region=region),
        "near": make_place("Cahors", population=12_000, departement=lot, region=region),
        "beside": make_place("Decazeville", population=9_100, departement=aveyron, region=region),
        "village": make_place("Faycelles", population=700, departement=lot, region=region),
        "far": make_place("Ailleurs", population=9_000, region=other),
    }  # fmt: skip


def located(place, **fields):
    experience = make_experience(title=f"Ce qu’a fait {place.name}", **fields)
    experience.locations.create(collectivity=place, position=1)
    return experience


def comparable(client, experience):
    return section(client, experience, "comparables")


def test_comparable_collectivities_are_of_one_kind_and_size_the_nearest_first(client, places):
    sheets = {name: located(place) for name, place in places.items()}
    found = comparable(client, sheets["mine"])
    assert list(found) == ["Ce qu’a fait Cahors", "Ce qu’a fait Decazeville"]
    assert found["Ce qu’a fait Cahors"] == "Cahors, commune de 12\u202f000\u00a0habitants, dans le même département"
    assert found["Ce qu’a fait Decazeville"] == "Decazeville, commune de 9\u202f100\u00a0habitants, Une région"


def test_those_of_other_regions_when_there_is_none_nearer(client, places):
    mine, _far = located(places["mine"]), located(places["far"])
    assert comparable(client, mine) == {
        "Ce qu’a fait Ailleurs": "Ailleurs, commune de 9\u202f000\u00a0habitants, Une autre région"
    }


def test_the_bearer_counts_before_the_places_and_drafts_do_not(client, places):
    mine = located(places["village"], bearer=places["mine"])
    located(places["near"], state=State.WRITING)
    located(places["beside"])
    assert list(comparable(client, mine)) == ["Ce qu’a fait Decazeville"]
    page = client.get(reverse("experiences:detail", args=[mine.slug])).content.decode()
    assert f'href="/experiences/?comme={places["mine"].code}"' in page


def test_a_place_without_its_like_has_no_such_block(client, places):
    assert 'id="comparables"' not in client.get(located(places["mine"]).get_absolute_url()).content.decode()
    assert 'id="comparables"' not in client.get(make_experience().get_absolute_url()).content.decode()
