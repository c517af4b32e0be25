"""Bitmaps say what a walk through the documents would, and never an older truth."""

import random
from functools import partial

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
        facets |= {f"commune:{chance.randrange(number)}" for _ in range(2)}
        rows.append(
            (1000 + place, f"k{place}", "\n".join(facets), chance.choice([0, 1990, 2001, 2014]), chance.randrange(5))
        )
    return rows, [set(facets.split("\n")) for _id, _key, facets, _year, _day in rows]


@pytest.mark.parametrize("number", [0, 1, 7, 8, 9, 700])
def test_sets_and_counts_are_those_of_a_walk(number):
    rows, facets = made_up(number)
    sets = Bitmaps(1, rows)
    either = sets.having("theme", ["eau", "bois"])
    both = either & sets.having("departement", ["46"])
    walked = [row[1] for row, has in zip(rows, facets, strict=True) if has & {"theme:eau", "theme:bois"}]
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


KEYS = {"recentes": lambda row: -row[3], "anciennes": lambda row: row[3] or 9999, "relues": lambda row: -row[4]}


@pytest.mark.parametrize("number", [0, 1, 30, 700])
@pytest.mark.parametrize("order", ["", *KEYS])
def test_pages_follow_one_another_and_lose_nobody(number, order):
    rows, facets = made_up(number)
    sets = Bitmaps(1, rows)
    among = sets.having("theme", ["lait"])
    page = partial(sets.places_by, order, among) if order else partial(sets.places, [among])
    paged = [place for offset in range(0, number + 12, 12) for place in page(offset, 12)]
    expected = [place for place in range(number) if "theme:lait" in facets[place]]
    assert paged == sorted(expected, key=lambda place: KEYS[order](rows[place]) if order else 0)


@pytest.mark.parametrize("size", [1, 5, 12])
def test_a_tier_comes_before_the_next(size):
    rows, _facets = made_up(90)
    sets = Bitmaps(1, rows)
    eau = sets.having("theme", ["eau"])
    tiers = [eau, sets.having("theme", ["bois"]) & ~eau, 0, sets.having("theme", ["lait"]) & ~eau]
    whole = [place for tier in tiers for place in range(90) if tier >> place & 1]
    assert [place for offset in range(0, 120, size) for place in sets.places(tiers, offset, size)] == whole


def test_documents_have_places():
    sets = Bitmaps(1, made_up(20)[0])
    assert sets.places_of([1007, 5, 1003]) == [7, 3]
    assert list(sets.keys_of(sets.at([7, 3]))) == ["k3", "k7"]


def test_what_nobody_has_is_empty():
    sets = Bitmaps(1, made_up(20)[0])
    assert sets.having("theme", ["inconnu"]) == sets.having("inconnu", ["eau"]) == 0
    assert sets.counts("inconnu", sets.all) == {}
    assert sets.counts("theme", 0) == {}


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
