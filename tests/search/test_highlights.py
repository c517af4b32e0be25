"""What was looked for, marked where it stands."""

import pytest

from search import engine, highlights, indexing, meaning
from search.models import Synonym
from search.registry import Places


@pytest.fixture(autouse=True)
def by_words(monkeypatch):
    monkeypatch.setattr(engine, "encoder", meaning.Encoder())
    monkeypatch.setattr(meaning, "PACKAGE", "a_package_that_is_not_installed")
    monkeypatch.setattr(Places, "find", staticmethod(lambda words: None))


TITLE = "Des crèches & l’Éco-construction"
TEXT = "Un début.\nPuis une phrase qui parle de laine <b>brute</b>, et de rien d’autre. " + "La suite est longue. " * 30


@pytest.fixture
def sheet(shelf):
    shelf.put(TITLE, "Un résumé.", text=TEXT, near="communauté de communes")
    indexing.vocabulary.count()


def mark(text, asked):
    return highlights.mark(text, engine.find("note", asked))


@pytest.mark.parametrize(
    ("asked", "marked"),
    [
        ("creche", "Des <mark>crèches</mark> &amp; l’Éco-construction"),
        ("CRÈCHE", "Des <mark>crèches</mark> &amp; l’Éco-construction"),
        ("crreche", "Des <mark>crèches</mark> &amp; l’Éco-construction"),
        ("l’éco-construction", "Des crèches &amp; l’<mark>Éco-construction</mark>"),
        ("des", "Des crèches &amp; l’Éco-construction"),
        ("mark", "Des crèches &amp; l’Éco-construction"),
    ],
)
def test_words_are_marked_whatever_their_form(sheet, asked, marked):
    assert mark(TITLE, asked) == marked


@pytest.mark.parametrize("asked", ["œuvre", "oeuvre", "OEUVRES", "sœur", "soeurs"])
def test_a_word_with_a_ligature_is_marked_whole(shelf, asked):
    title = "L’œuvre d’une sœur, œuvre de tous"
    shelf.put(title)
    indexing.vocabulary.count()
    wanted = "sœur" if asked.startswith("s") else "œuvre"
    assert mark(title, asked) == title.replace(wanted, f"<mark>{wanted}</mark>")


def test_a_synonym_is_marked_as_a_whole(sheet):
    Synonym.objects.create(expressions=["comcom", "communauté de communes"])
    text = "La communauté de communes et deux communes"
    assert mark(text, "comcom") == "La <mark>communauté de communes</mark> et deux communes"


def test_an_extract_is_cut_where_the_words_are_and_is_safe(sheet):
    found = engine.find("note", "laine")
    extract = highlights.extract("Un résumé.", TEXT, found)
    assert extract.startswith("… Puis une phrase qui parle de <mark>laine</mark> &lt;b&gt;brute&lt;/b&gt;, et")
    assert extract.endswith(" …")
    assert len(extract) < 400


def test_the_pitch_stays_where_it_or_the_title_says_why(sheet):
    found = engine.find("note", "résumé laine")
    assert highlights.extract("Un résumé.", TEXT, found) == "Un <mark>résumé</mark>."
    found = engine.find("note", "crèche laine")
    assert highlights.extract("Un résumé.", TEXT, found, title=TITLE) == "Un résumé."


def test_lines_put_end_to_end_keep_their_marks(shelf):
    shelf.put("Titre", "Résumé", text="La première\nLa laine\nLa laine encore\nLa fin")
    found = engine.find("note", "laine")
    assert highlights.extract("Résumé", "La première\nLa laine\nLa laine encore\nLa fin", found) == (
        "… La <mark>laine</mark> · La <mark>laine</mark> encore · La fin"
    )


def test_twelve_rows_cost_one_statement(shelf, django_assert_num_queries):
    for number in range(12):
        shelf.put(f"La laine {number}", "La laine", text=TEXT)
    found = engine.find("note", "laine")
    with django_assert_num_queries(1):
        shown = highlights.show(found.strict, found)
    assert len(shown) == 12
    assert {row.kind for row in shown} == {"Note"}
    assert all("<mark>laine</mark>" in row.title for row in shown)
