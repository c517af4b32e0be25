"""Searches without result are counted for curators, and tell nothing of anybody."""

import datetime
from itertools import count

import pytest
from django.db import connection
from django.utils import timezone

from search import engine, indexing, meaning, misses
from search.models import HeldWord, MissedSearch
from search.registry import Places
from search.tasks import purge


@pytest.fixture(autouse=True)
def base(shelf, monkeypatch):
    monkeypatch.setattr(meaning, "PACKAGE", "a_package_that_is_not_installed")
    monkeypatch.setattr(engine, "encoder", meaning.Encoder())
    monkeypatch.setattr(Places, "find", staticmethod(lambda words: None))
    shelf.put("La laine des moutons")
    shelf.put("Un bistrot de village")
    indexing.vocabulary.count()


@pytest.fixture
def note():
    """A visitor for each search, unless the test says which."""
    others = (f"198.51.100.{number}" for number in count())
    return lambda text, address=None: misses.note(engine.find("note", text), address or next(others))


def counted():
    return dict(MissedSearch.objects.values_list("words", "count"))


def on(monkeypatch, days):
    day = timezone.localdate() + datetime.timedelta(days=days)
    monkeypatch.setattr(misses.timezone, "localdate", lambda: day)


def test_words_of_the_base_that_no_document_has_together_are_counted(note):
    note("le bistrot des moutons")
    note("Bistrot MOUTONS")
    assert counted() == {"bistrot moutons": 2}


def test_an_address_counts_once_a_day_for_the_same_words(note):
    for _time in range(3):
        note("bistrot moutons", "192.0.2.1")
    assert counted() == {"bistrot moutons": 1}
    note("bistrot moutons", "192.0.2.2")
    assert counted() == {"bistrot moutons": 2}


def test_an_address_notes_so_many_different_searches_a_day(note, shelf, monkeypatch):
    monkeypatch.setattr(misses, "MOST_FOR_ONE", 2)
    shelf.put("Une cantine")
    shelf.put("Un abattoir")
    indexing.vocabulary.count()
    searches = ["bistrot moutons", "bistrot cantine", "cantine moutons", "abattoir laine"]
    for text in [*searches, *searches]:
        note(text, "192.0.2.1")
    assert set(counted()) == set(searches[:2])
    note("cantine moutons", "192.0.2.2")
    assert counted()["cantine moutons"] == 1


def test_noting_takes_one_statement(django_assert_num_queries):
    found = engine.find("note", "bistrot moutons")
    with django_assert_num_queries(1):
        misses.note(found, "192.0.2.1")


def test_a_search_with_results_is_not(django_assert_num_queries):
    found = engine.find("note", "laine")
    with django_assert_num_queries(0):
        misses.note(found, "192.0.2.1")
    assert counted() == {}


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("xylophone", "xylophone"),
        ("xylophone du bistrot", "xylophone bistrot"),
        ("moutton bistrot", "moutton bistrot"),
        ("durand-bistrot moutons", "durand-bistrot moutons"),
    ],
)
def test_words_that_are_not_all_known_as_typed_are_written_down_the_third_day_only(note, monkeypatch, typed, written):
    for _time in range(10):
        note(typed)
    assert counted() == {}
    on(monkeypatch, 1)
    note(typed)
    assert counted() == {}
    on(monkeypatch, 2)
    note(typed)
    assert counted() == {written: 1}


def test_until_then_only_a_keyed_digest_is_kept(note):
    note("xylophone du bistrot")
    assert counted() == {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest FROM search_heldword")
        ((digest,),) = cursor.fetchall()
    assert "xylophone" not in digest
    assert len(digest) == 64


@pytest.mark.parametrize(
    "text",
    [
        "0612345678",
        "bistrot 0612345678",
        "elue@mairie.exemple bistrot",
        "elue＠mairie.exemple bistrot",
        "bistrot moutons ①②",
        "bistrot moutons ٠٦",
        "bistrot moutons rue 12bis",
        "moutons bistrot " + "moutons " * 60,
        "bistrot moutons " + "x" * 300,
        "bistrot moutons village laine toison brebis berger",
        "",
        "?",
    ],
)
def test_figures_addresses_and_stories_are_never_kept(note, monkeypatch, text):
    for day in range(4):
        on(monkeypatch, day)
        note(text)
    assert counted() == {}
    assert HeldWord.objects.count() == 0


def test_the_longest_text_that_is_not_cut_is_kept_whole(note, monkeypatch):
    text = "œ" * 100
    for day in range(3):
        on(monkeypatch, day)
        note(text)
    assert counted() == {"oe" * 100: 1}


def test_nobody_fills_the_table(note, monkeypatch):
    monkeypatch.setattr(misses, "MOST_A_DAY", 3)
    for number in range(6):
        note("mot" + "abcdef"[number] * 4)
    assert HeldWord.objects.count() == 3


def test_what_is_counted_already_goes_on_when_no_row_can_be_added(note, monkeypatch):
    monkeypatch.setattr(misses, "MOST_A_DAY", 1)
    for text in ("bistrot moutons", "laine bistrot", "bistrot moutons"):
        note(text)
    assert counted() == {"bistrot moutons": 2}


def test_all_of_it_is_forgotten(note, monkeypatch):
    note("bistrot moutons")
    note("bistrot moutons xylophone")
    on(monkeypatch, 91)
    purge()
    assert HeldWord.objects.count() == 0
    assert MissedSearch.objects.count() == 1
    on(monkeypatch, 401)
    purge()
    assert MissedSearch.objects.count() == 0
