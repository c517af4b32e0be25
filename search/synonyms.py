"""Expressions that are found for one another, as curators group them; read once for each version of the content."""

import json
from itertools import groupby, pairwise
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from django.db import connection, transaction

from .models import Synonym
from .words import EMPTY, LONGEST_EXPRESSION

OPENING = Path(__file__).parent / "data" / "synonyms.json"

# Words counted as the documents' are, « d’ » included: expressions are looked for as phrases.
READ = """
SELECT synonym.id, expression.text, word.place, word.word, coalesce((ts_lexize('french_stem', word.word))[1], word.word)
FROM search_synonym AS synonym,
    unnest(synonym.expressions) WITH ORDINALITY AS expression (text, place),
    regexp_split_to_table(trim(lower(unaccent(expression.text))), '[^a-z0-9-]+') WITH ORDINALITY AS word (word, place)
WHERE word.word ~ '[a-z0-9]' -- signs around an expression leave an empty word
ORDER BY synonym.id, expression.place, word.place
"""


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
    with connection.cursor() as cursor:
        cursor.execute(READ)
        rows = cursor.fetchall()
    others: dict[tuple[str, ...], list[Expression]] = {}
    for _group, words in groupby(rows, key=itemgetter(0)):
        expressions = [
            known
            for text, found in groupby(words, key=itemgetter(1))
            if (known := _expression(text, [(place, stem) for _, _, place, word, stem in found if word not in EMPTY]))
        ]
        for expression in expressions:
            beside = others.setdefault(expression.stems, [])
            beside += [other for other in expressions if other.stems != expression.stems and other not in beside]
    return others


def _expression(text: str, words: list[tuple[int, str]]) -> Expression | None:
    if not 0 < len(words) <= LONGEST_EXPRESSION:
        return None
    places = [place for place, _stem in words]
    steps = tuple(after - before for before, after in pairwise(places))
    return Expression(text, tuple(stem for _place, stem in words), steps)


synonyms = Synonyms()


@transaction.atomic
def load() -> int:
    """Put the opening groups into the database, unless there are some already; return how many were put."""
    if Synonym.objects.exists():
        return 0
    groups = json.loads(OPENING.read_text(encoding="utf-8"))["groups"]
    return len(Synonym.objects.bulk_create(Synonym(expressions=group) for group in groups))
