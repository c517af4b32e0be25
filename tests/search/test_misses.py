"""Searches without result are counted for curators, and tell nothing of anybody."""

import datetime

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


def note(text):
    misses.note(engine.find("note", text))


def counted():
    return dict(MissedSearch.objects.values_list("words", "count"))


def on(monkeypatch, days):
    day = timezone.localdate() + datetime.timedelta(days=days)
    monkeypatch.setattr(misses.timezone, "localdate", lambda: day)


def test_words_of_the_base_that_no_document_has_together_are_counted(django_assert_num_queries):
    found = engine.find("note", "le bistrot des moutons")
    with django_assert_num_queries(1):
        misses.note(found)
    note("Bistrot MOUTONS")
    assert counted() == {"bistrot moutons": 2}


def test_a_search_with_results_is_not(django_assert_num_queries):
    found = engine.find("note", "laine")
    with django_assert_num_queries(0):
        misses.note(found)
    assert counted() == {}


def test_another_word_is_written_down_the_third_day_only(monkeypatch):
    for _time in range(10):
        note("xylophone")
    assert counted() == {}
    on(monkeypatch, 1)
    note("xylophone")
    assert counted() == {}
    on(monkeypatch, 2)
    note("xylophone")
    assert counted() == {"xylophone": 1}


def test_until_then_only_a_keyed_digest_is_kept():
    note("xylophone du bistrot")
    assert counted() == {"bistrot": 1}
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
        "bistrot moutons village laine toison brebis berger",
        "",
        "?",
    ],
)
def test_figures_addresses_and_stories_are_never_kept(monkeypatch, text):
    for day in range(4):
        on(monkeypatch, day)
        note(text)
    assert not any(char.isdigit() or char == "@" for words in counted() for char in words)
    assert set(counted()) <= {"bistrot"}
    assert HeldWord.objects.count() == 0


def test_nobody_fills_the_table(monkeypatch):
    monkeypatch.setattr(misses, "MOST_A_DAY", 3)
    for number in range(6):
        note("mot" + "abcdef"[number] * 4)
    assert HeldWord.objects.count() == 3


def test_all_of_it_is_forgotten(monkeypatch):
    note("bistrot moutons xylophone")
    on(monkeypatch, 91)
    purge()
    assert HeldWord.objects.count() == 0
    assert MissedSearch.objects.count() == 1
    on(monkeypatch, 401)
    purge()
    assert MissedSearch.objects.count() == 0
