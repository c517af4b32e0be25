"""How well a search answers the queries of queries.json: success in the first five, and mean reciprocal rank."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from django.db import connection

from search import engine
from search.meaning import encoder
from search.models import Document

QUERIES = json.loads((Path(__file__).parent / "queries.json").read_text(encoding="utf-8"))
PARTS = ("reglage", "controle")
TRAITS = ("no_shared_word", "typo", "place")
KIND = "experience"

BY_WORDS = """
SELECT id FROM search_document, plainto_tsquery('search_french', %(text)s) AS strict,
    to_tsquery('search_french', replace(nullif(strict::text, ''), '&', '|')) AS relaxed
WHERE kind = %(kind)s AND is_listed AND words @@ {asked} ORDER BY ts_rank(words, {asked}) DESC, id
"""


class Quality(NamedTuple):
    queries: int
    in_five: float
    reciprocal_rank: float


def strict(text: str) -> list[int]:
    """Full text: all the words."""
    return _by_words(text, "strict")


def relaxed(text: str) -> list[int]:
    """Full text: any of the words."""
    return _by_words(text, "relaxed")


def meaning(text: str) -> list[int]:
    """The sentence encoder alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM search_nearest(%s, %s::vector, 100)", [KIND, encoder.query(text)])
        return [key for (key,) in cursor.fetchall()]


def ours(text: str) -> list[int]:
    return engine.find(KIND, text).ranking


METHODS: dict[str, Callable[[str], list[int]]] = {
    "stricte": strict,
    "relâchée": relaxed,
    "sens seul": meaning,
    "la nôtre": ours,
}


def _by_words(text, asked):
    with connection.cursor() as cursor:
        cursor.execute(BY_WORDS.format(asked=asked), {"text": text, "kind": KIND})
        return [key for (key,) in cursor.fetchall()]


def ranks(method: Callable[[str], list[int]]) -> list[int | None]:
    """For each query, the rank of the first sheet that answers it; None when it is not found."""
    addresses = Document.objects.values_list("pk", "address")
    slugs = {key: address.rstrip("/").rpartition("/")[2] for key, address in addresses}
    return [
        next((rank for rank, key in enumerate(method(query["words"]), 1) if slugs[key] in query["expected"]), None)
        for query in QUERIES
    ]


def measure(found: list[int | None], *, part: str, trait: str | None = None) -> Quality:
    """Totals only: which queries fail is not said, so that those of « controle » stay blind."""
    kept = [
        rank
        for rank, query in zip(found, QUERIES, strict=True)
        if query["part"] == part and (trait is None or query.get(trait))
    ]
    return Quality(
        len(kept),
        sum(rank is not None and rank <= 5 for rank in kept) / len(kept),
        sum(1 / rank for rank in kept if rank) / len(kept),
    )
