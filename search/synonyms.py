"""Expressions that are found for one another, as curators group them; read once for each version of the content."""

import json
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from django.db import connection, transaction

from .models import Synonym
from .words import EMPTY, Token, tokens

OPENING = Path(__file__).parent / "data" / "synonyms.json"
LONGEST = 6  # words

STEMS = "SELECT word, coalesce((ts_lexize('french_stem', word))[1], word) FROM unnest(%s::text[]) AS asked (word)"


class Expression(NamedTuple):
    """An expression, the stems of its words that say something, and the distance of each from the one before."""

    text: str
    stems: tuple[str, ...]
    steps: tuple[int, ...]


class Synonyms:
    """The groups, by each of their expressions."""

    def __init__(self) -> None:
        self.version: int | None = None
        self.others: dict[tuple[str, ...], list[Expression]] = {}

    def at(self, version: int) -> dict[tuple[str, ...], list[Expression]]:
        """For the stems of an expression, what is searched as well."""
        if version != self.version:
            self.others, self.version = _read(), version
        return self.others


def _read():
    groups = list(Synonym.objects.values_list("expressions", flat=True))
    cut = {text: _content(tokens(text)) for group in groups for text in group}
    with connection.cursor() as cursor:
        cursor.execute(STEMS, [sorted({token.word for found in cut.values() for token in found})])
        stems = dict(cursor.fetchall())
    known = {
        text: Expression(
            text,
            tuple(stems[token.word] for token in found),
            tuple(token.place - before.place for before, token in pairwise(found)),
        )
        for text, found in cut.items()
        if 0 < len(found) <= LONGEST
    }
    others: dict[tuple[str, ...], list[Expression]] = {}
    for group in groups:
        expressions = [known[text] for text in group if text in known]
        for expression in expressions:
            beside = others.setdefault(expression.stems, [])
            beside += [other for other in expressions if other.stems != expression.stems and other not in beside]
    return others


def _content(found: list[Token]) -> list[Token]:
    return [token for token in found if token.word not in EMPTY]


synonyms = Synonyms()


@transaction.atomic
def load() -> int:
    """Put the opening groups into the database, unless there are some already; return how many were put."""
    if Synonym.objects.exists():
        return 0
    groups = json.loads(OPENING.read_text(encoding="utf-8"))["groups"]
    return len(Synonym.objects.bulk_create(Synonym(expressions=group) for group in groups))
