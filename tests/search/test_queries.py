"""The set of queries that measures the search is worth measuring with (README.md, beside it)."""

import hashlib
import json
import unicodedata
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path

import pytest
from django.db import connection

from experiences import opening
from territories.models import Collectivity, Kind

CONFIGURATION = "search_french"
QUERIES = json.loads((Path(__file__).parent / "queries.json").read_text())
RECORDS = {record["slug"]: record for record in opening.records()}
TRAITS = ("typo", "place", "no_shared_word")
EMPTY_STEMS = {"a", "le"}  # « à » and « les », which the French list of stop words misses once accents are aside
FIRST = 100
DIGEST_OF_THE_FIRST = "6f749591d5c5341b4410ef022acb8a5856e42853c90320d7c946f62759005850"


def in_part(part):
    return [query for query in QUERIES if query["part"] == part]


def with_trait(trait, queries=QUERIES):
    return [query for query in queries if query.get(trait)]


def meant(query):
    """The words without their typos."""
    words = query["words"]
    for typed, correct in query.get("typo", {}).items():
        words = words.replace(typed, correct)
    return words


def plain(text):
    letters = unicodedata.normalize("NFD", text.lower().replace("’", "'").replace("-", " "))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def content_words(texts):
    """The French stems of each text, accents and stop words aside."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tsvector_to_array(to_tsvector(%s, t.words))"
            " FROM unnest(%s::text[]) WITH ORDINALITY AS t(words, number) ORDER BY number",
            [CONFIGURATION, list(texts)],
        )
        return [set(stems) - EMPTY_STEMS for (stems,) in cursor.fetchall()]


def codes(slug):
    """The places of a sheet, as kind and code."""
    territory = RECORDS[slug]["territory"]
    return (
        {(Kind.COMMUNE, code) for code in territory["commune_insee_codes"]}
        | {(Kind.DEPARTEMENT, code) for code in territory["departement_codes"]}
        | {(Kind.REGION, code) for code in territory["region_codes"]}
    )


def test_the_first_hundred_are_as_they_were_before_the_engine():
    first = json.dumps(QUERIES[:FIRST], ensure_ascii=False, sort_keys=True)
    assert hashlib.sha256(first.encode()).hexdigest() == DIGEST_OF_THE_FIRST


def test_there_are_enough_all_different_and_such_as_people_type():
    assert len(QUERIES) >= FIRST
    assert len({plain(query["words"]) for query in QUERIES}) == len(QUERIES)
    lengths = Counter(len(query["words"].split()) for query in QUERIES)
    assert min(lengths) == 1
    assert max(lengths) == 12
    assert sum(count for length, count in lengths.items() if length <= 3) >= 20
    assert sum(count for length, count in lengths.items() if length >= 7) >= 20


def test_each_expects_one_sheet_or_two_that_answer_equally_and_every_sheet_is_expected():
    for query in QUERIES:
        assert 1 <= len(query["expected"]) <= 2
        assert set(query["expected"]) <= RECORDS.keys()
    assert sum(len(query["expected"]) == 2 for query in QUERIES) <= len(QUERIES) / 10
    assert {slug for query in QUERIES for slug in query["expected"]} == RECORDS.keys()


def test_traits_are_represented():
    assert len(with_trait("no_shared_word")) >= 30
    assert len(with_trait("typo")) >= 18
    assert len(with_trait("place")) >= 15


def test_both_parts_have_the_same_mix():
    tuned, blind = in_part("reglage"), in_part("controle")
    assert len(tuned) + len(blind) == len(QUERIES)
    assert len(blind) >= 40
    for trait in TRAITS:
        shares = [len(with_trait(trait, part)) / len(part) for part in (tuned, blind)]
        assert max(shares) - min(shares) < 0.1, (trait, shares)


@pytest.mark.django_db
def test_at_most_one_word_is_that_of_the_title():
    stems = content_words(meant(query) for query in QUERIES)
    titles = dict(zip(RECORDS, content_words(record["title"] for record in RECORDS.values()), strict=True))
    for query, words in zip(QUERIES, stems, strict=True):
        shared = max(len(words & titles[slug]) for slug in query["expected"])
        assert shared <= 1, query["words"]
        assert query["no_shared_word"] == (shared == 0), query["words"]


@pytest.mark.django_db
def test_a_typo_makes_another_word_more_than_an_accent_away_and_still_legible():
    for query in with_trait("typo"):
        for typed, correct in query["typo"].items():
            assert typed in query["words"]
            wrong, right = content_words([typed, correct])
            assert wrong.isdisjoint(right), typed
            assert SequenceMatcher(None, plain(typed), plain(correct)).ratio() > 0.7, typed


def test_a_place_is_one_of_the_sheet_named_in_the_words(reference):
    for query in with_trait("place"):
        kind, code = query["place"].split(":")
        place = Collectivity.objects.get(kind=kind, code=code)
        assert all((kind, code) in codes(slug) for slug in query["expected"]), query["words"]
        names = {plain(place.name), code.lower(), *place.postal_codes}
        assert any(name in plain(meant(query)) for name in names), query["words"]


# Strict full text: every word, in the texts of the sheet and the names, codes and postal codes of its places.

STRICT = """
WITH sheet AS (
    SELECT slug, setweight(to_tsvector(%(configuration)s, title), 'A')
        || setweight(to_tsvector(%(configuration)s, pitch), 'B')
        || setweight(to_tsvector(%(configuration)s, rest), 'C') AS words
    FROM unnest(%(slugs)s::text[], %(titles)s::text[], %(pitches)s::text[], %(rests)s::text[])
        AS t(slug, title, pitch, rest)
)
SELECT ARRAY(
    SELECT slug FROM sheet WHERE words @@ asked
    ORDER BY ts_rank(words, asked) DESC, slug LIMIT 5
)
FROM unnest(%(queries)s::text[]) WITH ORDINALITY AS q(typed, number),
    plainto_tsquery(%(configuration)s, typed) AS asked
ORDER BY number
"""


def texts(value):
    """Every text of a record, but addresses."""
    if isinstance(value, dict):
        return [text for part in value.values() for text in texts(part)]
    if isinstance(value, list):
        return [text for part in value for text in texts(part)]
    return [value] if isinstance(value, str) and "://" not in value else []


def place_names(slug):
    return " ".join(
        " ".join([place.name, place.code, *place.postal_codes])
        for kind, code in codes(slug)
        for place in Collectivity.objects.filter(kind=kind, code=code)
    )


def strict_success(queries):
    """Of these queries, the part whose expected sheet is in the first five of strict full text."""
    with connection.cursor() as cursor:
        cursor.execute(
            STRICT,
            {
                "configuration": CONFIGURATION,
                "slugs": list(RECORDS),
                "titles": [f"{record['title']} {record['organisation']}" for record in RECORDS.values()],
                "pitches": [f"{record['summary']} {place_names(slug)}" for slug, record in RECORDS.items()],
                "rests": [" ".join(texts(record)) for record in RECORDS.values()],
                "queries": [query["words"] for query in queries],
            },
        )
        found = [slugs for (slugs,) in cursor.fetchall()]
    hits = [bool(set(query["expected"]) & set(slugs)) for query, slugs in zip(queries, found, strict=True)]
    return sum(hits) / len(hits)


def test_strict_full_text_is_not_enough_and_not_helpless(reference):
    for queries in (QUERIES, in_part("reglage"), in_part("controle")):
        assert 0.2 <= strict_success(queries) <= 0.6
