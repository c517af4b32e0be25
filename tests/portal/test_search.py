"""Search over every kind of content, and what is proposed while typing."""

import pytest
from django.urls import reverse

from experiences.models import Theme
from portal import search as pages
from search import indexing
from search.models import MissedSearch
from territories.models import Kind
from tests.accounts.factories import make_place
from tests.experiences.factories import make_experience

SEARCH = reverse("portal:search")
SUGGESTIONS = reverse("portal:suggestions")


def make_sheet(title, **fields):
    experience = make_experience(title=title, **fields)
    indexing.refresh("experience", [experience.pk])
    return experience


def get(client, text, **more):
    return client.get(SEARCH, {"q": text, **more}).content.decode()


@pytest.fixture
def laine(db):
    return make_sheet("La laine des moutons", slug="laine")


def test_every_kind_is_found_with_its_name(client, laine):
    Theme.objects.create(key="textile", label="Textile et laine", position=99)
    indexing.refresh("theme", ["textile"])
    page = get(client, "laine")
    assert "La <mark>laine</mark> des moutons" in page
    assert "Textile et <mark>laine</mark>" in page
    assert "?theme=textile" in page
    assert "Thème" in page
    assert "2 résultats pour «\u00a0laine\u00a0»" in page


def test_without_words_the_page_offers_themes(client, laine):
    page = client.get(SEARCH)
    assert page.status_code == 200
    assert "Rien pour" not in page.content.decode()


def test_nothing_found_offers_another_way(client, laine):
    page = get(client, "zzqxv")
    assert "Rien pour «\u00a0zzqxv\u00a0»" in page
    assert "Essayez autrement" in page
    assert '<a href="/questions/poser/">Poser la question à un conseiller</a>' in page


def test_a_slip_is_told_with_the_way_to_search_what_was_meant(client, laine):
    indexing.vocabulary.count()
    page = get(client, "lainne moutons")
    assert "Vouliez-vous dire" in page
    assert "?q=laine%20moutons" in page
    assert "<mark>laine</mark>" in page


def test_a_place_is_understood_by_its_name_or_its_code(client, db):
    departement = make_place("Vaux-Mer", kind=Kind.DEPARTEMENT, code="98")
    commune = make_place("Bourg-des-Tests", code="99123", postal_codes=["99120"], departement=departement)
    sheet = make_experience(title="La laine", slug="laine")
    sheet.locations.create(collectivity=commune, position=1)
    indexing.refresh("experience", [sheet.pk])
    for text in ("laine bourg des tests", "laine à Bourg-des-Tests", "laine 99120", "laine 99123", "laine vaux mer"):
        page = get(client, text)
        assert "Lieu compris" in page, text
        assert "1 résultat pour" in page, text


def test_the_place_is_the_first_result_with_what_tells_it_from_its_homonyms(client, db):
    departement = make_place("Vaux-Mer", kind=Kind.DEPARTEMENT, code="98")
    make_place("Bourg-des-Tests", code="99123", postal_codes=["99120"], departement=departement, population=1200)
    page = get(client, "Bourg-des-Tests")
    assert "Un lieu pour «\u00a0Bourg-des-Tests\u00a0»" in page
    first = page[page.index("<article") :]
    assert first.index("Bourg-des-Tests</a>") < first.index("</article>")
    assert "Vaux-Mer (98) · 1\u202f200\u00a0habitants" in first
    assert "Essayez autrement" not in page


def test_a_postal_code_shows_all_its_communes(client, db):
    make_place("Grandbourg", code="99124", postal_codes=["99120"], population=900)
    for number in range(3):
        make_place(f"Bourg {number}", code=f"9913{number}", postal_codes=["99120"], population=10)
    page = get(client, "99120")
    assert "Le même code postal" in page
    for number in range(3):
        assert f"Bourg {number}</a>" in page


def test_an_experience_tells_its_commune_and_departement(client, db):
    departement = make_place("Vaux-Mer", kind=Kind.DEPARTEMENT, code="98")
    commune = make_place("Bourg-des-Tests", code="99123", departement=departement)
    sheet = make_experience(title="La laine", slug="laine")
    sheet.locations.create(collectivity=commune, position=1)
    indexing.refresh("experience", [sheet.pk])
    page = get(client, "laine")
    assert "<span>Expérience</span>" in page
    assert "<span>Vaux-Mer (98)</span>" in page


def test_pages_follow_one_another_and_the_last_is_shown_beyond(client, db, monkeypatch):
    monkeypatch.setattr(pages, "PER_PAGE", 2)
    for number in range(5):
        make_sheet(f"La laine {number}", slug=f"laine-{number}")
    last = get(client, "laine", page=3)
    assert last.count("<article") == 1
    assert get(client, "laine", page=99).count("<article") == 1
    assert "q=laine" in last


def test_what_was_typed_is_kept_and_harmless(client, laine):
    page = get(client, '"><script>alert(1)</script>')
    assert "<script>alert" not in page
    assert "&quot;&gt;&lt;script&gt;" in page


def test_a_long_text_is_cut_with_a_notice(client, laine):
    assert "200 premiers caractères" in get(client, "laine " * 60)


def test_six_statements_at_most(client, laine, django_assert_max_num_queries):
    for number in range(20):
        make_sheet(f"Le bois {number}", slug=f"bois-{number}")
    for text in ("laine", "bois", "laine bois", "bois à Figeac", "lainne", ""):
        with django_assert_max_num_queries(6):
            assert client.get(SEARCH, {"q": text}).status_code == 200


def test_a_search_in_vain_is_counted_once_not_at_each_page(client, laine, monkeypatch):
    make_sheet("Le bois", slug="bois")
    monkeypatch.setattr(pages, "PER_PAGE", 1)
    get(client, "laine bois")
    assert MissedSearch.objects.get().count == 1
    get(client, "laine bois", page=2)
    assert MissedSearch.objects.get().count == 1


def test_asking_for_the_headers_alone_counts_nothing(client, laine):
    make_sheet("Le bois", slug="bois")
    client.head(SEARCH, {"q": "laine bois"})
    assert not MissedSearch.objects.exists()


def test_suggestions_are_options_by_kind_in_three_statements(client, laine, django_assert_max_num_queries):
    make_place("Lainville", code="99124")
    with django_assert_max_num_queries(3):
        page = client.get(SUGGESTIONS, {"q": "lain"}).content.decode()
    assert 'role="group" aria-label="Expériences"' in page
    assert 'data-address="/experiences/laine/"' in page
    assert 'role="group" aria-label="Lieux"' in page
    assert "<mark>Lain</mark>ville" in page


@pytest.mark.parametrize("text", ["", "l", "'", "a" * 500, "& | !", "🐑", "\\"])
def test_suggestions_of_anything(client, laine, text):
    response = client.get(SUGGESTIONS, {"q": text})
    assert response.status_code == 200
    assert "option" not in response.content.decode()


def test_whoever_asks_too_much_gets_no_more_suggestions(client, laine, monkeypatch):
    monkeypatch.setattr(pages, "MOST_SUGGESTIONS", 2)
    answers = [client.get(SUGGESTIONS, {"q": "lain"}) for _time in range(3)]
    assert ["option" in answer.content.decode() for answer in answers] == [True, True, False]
    assert ["private" in answer["Cache-Control"] for answer in answers] == [True, True, False]
    assert answers[2]["Cache-Control"] == "no-store"
