"""The encoder, real; and without it, words."""

import threading
from datetime import timedelta

import pytest

from jobs import queue
from jobs.registry import TASKS
from search import engine, indexing, meaning, tasks
from search.models import Document
from search.registry import Place, Places


@pytest.fixture(autouse=True)
def no_places(monkeypatch):
    monkeypatch.setattr(Places, "find", staticmethod(lambda words: None))


@pytest.fixture
def three(shelf):
    shelf.put("Une épicerie ouverte par les habitants", meanings=("dernier commerce du village",))
    shelf.put("Des éoliennes financées par les citoyens")
    shelf.put("Un centre de santé qui salarie ses médecins")


def test_the_job_gives_its_vector_to_each_document_and_a_search_by_meaning_finds_it(three):
    assert Document.objects.filter(kind="note", vector=None).count() == 3
    assert engine.find("note", "magasin où acheter à manger").is_empty
    queue.do_ready()
    assert not Document.objects.filter(kind="note", vector=None).exists()
    found = engine.find("note", "magasin où acheter à manger")
    assert found.strict == []
    assert Document.objects.get(pk=found.others[0]).title == "Une épicerie ouverte par les habitants"


def test_a_long_work_is_done_by_several_jobs(three, monkeypatch):
    """So that a worker killed in the middle is replaced in minutes, whatever the size of the base."""
    monkeypatch.setattr(tasks, "AT_ONCE", 2)
    lease = TASKS[indexing.ENCODE].lease
    assert lease
    assert lease <= timedelta(minutes=5)
    queue.do_ready()
    assert not Document.objects.filter(kind="note", vector=None).exists()


def test_what_has_nothing_to_do_is_not_found(three):
    indexing.encode()
    for text in ("zzqxv", "azertyuiop", "🐑", "12345678"):
        assert engine.find("note", text).is_empty, text


def test_a_code_means_nothing_but_its_place(three, monkeypatch):
    indexing.encode()
    assert engine.find("note", "46102 médecins").others
    place = Place("commune", "46102", "Figeac", 0, 1, "/lieu/", ("commune:46102", "departement:46"))
    monkeypatch.setattr(Places, "find", staticmethod(lambda words: place))
    monkeypatch.setattr(engine, "LEAST_LIKENESS_ALONE", -1)
    monkeypatch.setattr(engine, "LEAST_LIKENESS", -1)
    assert engine.find("note", "46102").is_empty
    assert engine.find("note", "Figeac").others


def test_a_vector_stays_until_what_it_means_changes(shelf):
    key = shelf.put("La laine", text="Un texte")
    indexing.encode()
    shelf.items[key] = shelf.items[key].__class__(key=key, address="/", title="La laine", extract="", text="Un autre")
    indexing.refresh("note", [key])
    assert Document.objects.get(kind="note").vector is not None
    shelf.items[key] = shelf.items[key].__class__(key=key, address="/", title="Le bois", extract="")
    indexing.refresh("note", [key])
    assert Document.objects.get(kind="note").vector is None


def test_without_the_package_everything_works_by_words(three, monkeypatch):
    monkeypatch.setattr(meaning, "PACKAGE", "a_package_that_is_not_installed")
    without = meaning.Encoder()
    monkeypatch.setattr(engine, "encoder", without)
    monkeypatch.setattr(indexing, "encoder", without)
    assert not without.is_installed()
    queue.do_ready()
    assert Document.objects.filter(kind="note", vector=None).count() == 3
    found = engine.find("note", "épicerie habitants")
    assert len(found.strict) == 1


def test_a_query_is_encoded_once(three):
    encoder = meaning.Encoder()
    first = encoder.query("une épicerie")
    encoder.model = None  # a second reading would fail
    encoder.is_missing = True
    assert encoder.query("une épicerie") == first
    assert encoder.query("autre chose") is None


def test_the_queries_remembered_are_bounded(monkeypatch):
    monkeypatch.setattr(meaning, "REMEMBERED", 3)
    encoder = meaning.Encoder()
    for number in range(5):
        encoder.query(f"requête {number}")
    assert list(encoder.remembered) == ["requête 2", "requête 3", "requête 4"]


def test_while_somebody_else_loads_it_queries_do_without():
    encoder = meaning.Encoder()
    encoder.is_awaited = True
    assert encoder.query("une épicerie") is None
    assert encoder.load()
    assert encoder.query("une épicerie")


def test_two_threads_may_ask_at_once():
    encoder = meaning.Encoder()
    found = []
    threads = [threading.Thread(target=lambda: found.append(encoder.query("une épicerie"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
