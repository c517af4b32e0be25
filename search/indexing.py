"""Keep the documents true to the objects that they stand for."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import islice

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from jobs import queue

from . import vocabulary
from .meaning import encoder
from .models import Document, Version
from .registry import KINDS, Item

BATCH = 500
ENCODE = "search.encode"
FORM = 3
"""Of what the apps register: one more when they write their documents in another way."""

WRITE = """
INSERT INTO search_document AS old (
    kind, key, address, title, extract, near, text, is_listed, facets, card, meaning, prominence, published_on,
    started_year, checked_on, heading, words)
SELECT %(kind)s, key, address, title, extract, concat_ws(' ', names, near), text, is_listed, facets, card, meaning,
    prominence, published_on, started_year, checked_on, heading, heading || setweight(search_words(text), 'C')
FROM jsonb_to_recordset(%(items)s) AS item (
    key text, address text, title text, extract text, names text, near text, text text, meaning text, is_listed boolean,
    facets text[], card jsonb, prominence smallint, published_on date, started_year smallint, checked_on date)
CROSS JOIN LATERAL (SELECT
    setweight(search_words(concat_ws(' ', title, names)), 'A')
    || setweight(search_words(concat_ws(' ', extract, near)), 'B')) AS first (heading)
ON CONFLICT (kind, key) DO UPDATE SET
    (address, title, extract, near, text, is_listed, facets, card, meaning, prominence, published_on, started_year,
     checked_on, heading, words)
    = (excluded.address, excluded.title, excluded.extract, excluded.near, excluded.text, excluded.is_listed,
       excluded.facets, excluded.card, excluded.meaning, excluded.prominence, excluded.published_on,
       excluded.started_year, excluded.checked_on, excluded.heading, excluded.words),
    vector = CASE WHEN old.meaning = excluded.meaning THEN old.vector END
"""

SET_VECTORS = """
UPDATE search_document d SET vector = given.vector::vector
FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS given (id, meaning, vector)
WHERE d.id = given.id AND d.meaning = given.meaning
"""


@transaction.atomic
def refresh(kind_name: str, keys: Iterable[object]) -> None:
    """Write again the documents of these objects, in the transaction that changed them; gone if no longer public."""
    kind = KINDS[kind_name]
    for wanted in _batches(str(key) for key in keys):
        items = list(kind.items(wanted))
        with connection.cursor() as cursor:
            cursor.execute(WRITE, {"kind": kind_name, "items": json.dumps(_rows(items), cls=DjangoJSONEncoder)})
        gone = set(wanted) - {item.key for item in items}
        Document.objects.filter(kind=kind_name, key__in=gone).delete()
        written = Document.objects.filter(kind=kind_name, key__in=wanted)
        vocabulary.add(written)
        if written.filter(vector=None).exists():
            queue.put(ENCODE)


def complete() -> None:
    """Write the documents that are missing, all of them again when a former release wrote them another way."""
    _version, is_new = Version.objects.update_or_create(name=f"forme {FORM}", defaults={"number": FORM})
    if is_new:
        rebuild()
        return
    is_complete = True
    for kind in KINDS.values():
        known = set(Document.objects.filter(kind=kind.name).values_list("key", flat=True))
        missing = {str(key) for key in kind.public_keys()} - known
        refresh(kind.name, missing)
        is_complete = is_complete and not missing
    if not is_complete:
        vocabulary.count()


@transaction.atomic
def rebuild() -> None:
    """Write again every document of every kind, and remove those of objects that are gone."""
    for kind in KINDS.values():
        keys = [str(key) for key in kind.public_keys()]
        refresh(kind.name, keys)
        Document.objects.filter(kind=kind.name).exclude(key__in=keys).delete()
    Document.objects.exclude(kind__in=KINDS).delete()
    vocabulary.count()


def encode(most: int | None = None) -> int | None:
    """Give their vector to the documents that have none, or to so many; return how many, None without encoder."""
    done = 0
    without = Document.objects.filter(vector=None).order_by("pk").values_list("pk", "meaning")
    while missing := list(without[: BATCH if most is None else min(BATCH, most - done)]):
        keys, meanings = map(list, zip(*missing, strict=True))
        vectors = encoder.documents(meanings)
        if vectors is None:
            return None
        with connection.cursor() as cursor:
            cursor.execute(SET_VECTORS, [keys, meanings, vectors])
            if not cursor.rowcount:  # all changed meanwhile: whoever changed them asks again
                break
            done += cursor.rowcount
    return done


def _rows(items: list[Item]) -> list[dict]:
    return [
        asdict(item) | {"meaning": "\n".join([f"{item.title} {item.extract}", *filter(None, item.meanings)])}
        for item in items
    ]


def _batches(keys: Iterable[str]) -> Iterator[list[str]]:
    remaining = iter(keys)
    while batch := list(islice(remaining, BATCH)):
        yield batch
