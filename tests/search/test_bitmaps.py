"""Bitmaps say what a walk through the documents would, and never an older truth."""

import random

import pytest

from search import bitmaps, versions
from search.bitmaps import Bitmaps
from search.models import Document

NAMES = {"theme": ["eau", "bois", "lait"], "departement": ["46", "12"]}


def made_up(number, seed=1):
    """Rows as the database gives them, and the same facets as sets."""
    chance = random.Random(seed)  # noqa: S311 - the same at each run
    rows = []
    for place in range(number):
        facets = {f"{name}:{value}" for name, values in NAMES.items() for value in values if chance.random() < 0.3}
        facets |= {f"commune:{chance.randrange(number)}"}
        rows.append((f"k{place}", "\n".join(facets), chance.choice([0, 1990, 2001, 2014]), chance.randrange(5)))
    return rows, [set(facets.split("\n")) for _key, facets, _year, _day in rows]


@pytest.mark.parametrize("number", [0, 1, 7, 8, 9, 700])
def test_sets_and_counts_are_those_of_a_walk(number):
    rows, facets = made_up(number)
    sets = Bitmaps(1, rows)
    either = sets.having("theme", ["eau", "bois"])
    both = either & sets.having("departement", ["46"])
    walked = [row[0] for row, has in zip(rows, facets, strict=True) if has & {"theme:eau", "theme:bois"}]
    assert list(sets.keys_of(either)) == walked
    kept = [has for has in facets if has & {"theme:eau", "theme:bois"} and "departement:46" in has]
    for name in ("theme", "departement", "commune"):
        for among, held in ((both, kept), (sets.all, facets)):
            expected: dict[str, int] = {}
            for has in held:
                for facet in has:
                    if facet.startswith(f"{name}:"):
                        value = facet.removeprefix(f"{name}:")
                        expected[value] = expected.get(value, 0) + 1
            assert sets.counts(name, among) == expected


@pytest.mark.parametrize("number", [0, 1, 30, 700])
@pytest.mark.parametrize("order", ["", "recentes", "anciennes", "relues"])
def test_pages_follow_one_another_and_lose_nobody(number, order):
    rows, facets = made_up(number)
    sets = Bitmaps(1, rows)
    among = sets.having("theme", ["lait"])
    pages = [sets.page(among, offset, 12, order) for offset in range(0, number + 12, 12)]
    paged = [key for page in pages for key in page]
    assert len(paged) == len(set(paged))
    assert set(paged) == {row[0] for row, has in zip(rows, facets, strict=True) if "theme:lait" in has}
    places = {row[0]: place for place, row in enumerate(rows)}
    kept = [rows[places[key]] for key in paged]
    keys = {
        "": lambda row: 0,
        "recentes": lambda row: -row[2],
        "anciennes": lambda row: row[2] or 9999,
        "relues": lambda row: -row[3],
    }
    assert kept == sorted(kept, key=lambda row: (keys[order](row), places[row[0]]))


def test_what_nobody_has_is_empty():
    sets = Bitmaps(1, made_up(20)[0])
    assert sets.having("theme", ["inconnu"]) == sets.having("inconnu", ["eau"]) == 0
    assert sets.counts("inconnu", sets.all) == {}
    assert sets.counts("theme", 0) == {}
    assert sets.having_keys(["k3", "elsewhere"]).bit_count() == 1


def make_document(key, **fields):
    fields = {"title": key, "address": f"/{key}/", "is_listed": True, "heading": "", "words": ""} | fields
    return Document.objects.create(kind="essai", key=key, **fields)


@pytest.mark.django_db
def test_documents_are_read_again_only_when_they_change(django_assert_num_queries):
    make_document("a", facets=["theme:eau"])
    make_document("archived", facets=["theme:eau"], is_listed=False)
    first = bitmaps.of("essai", versions.current().documents)
    assert first.keys == ["a"]
    number = versions.current().documents
    with django_assert_num_queries(0):
        assert bitmaps.of("essai", number) is first
    make_document("b", facets=["theme:eau"], prominence=1)
    second = bitmaps.of("essai", versions.current().documents)
    assert second.keys == ["b", "a"]
    assert second.counts("theme", second.all) == {"eau": 2}
    Document.objects.filter(key="a").delete()
    assert bitmaps.of("essai", versions.current().documents).keys == ["b"]
