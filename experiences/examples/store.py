"""Made-up experiences written to the base in bulk, and taken away."""

import gc
import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import date, datetime
from functools import partial
from multiprocessing import get_context
from typing import Any

from django.db import connection, transaction

from experiences.models import Experience
from experiences.searchable import NAME
from search import indexing

from .meaning import Meaning
from .sketch import PREFIX, TABLES, Illustrator, Keys

BATCH = indexing.BATCH  # written at once, in one order: processes side by side never wait for each other in a circle


def missing(seed: int, wanted: int) -> list[int]:
    """The numbers, up to the one wanted, that this seed has not given yet."""
    slugs = Experience.objects.filter(is_generated=True, slug__startswith=f"{PREFIX}{seed}-").values_list(
        "slug", flat=True
    )
    present = {int(slug.removeprefix(f"{PREFIX}{seed}-").partition("-")[0]) for slug in slugs}
    return [number for number in range(1, wanted + 1) if number not in present]


def add(illustrator: Illustrator, numbers: list[int], processes: int = 1) -> Iterator[int]:
    """Write the experiences of these numbers, a batch in each transaction, and give how many each time."""
    add_batch = partial(_add, illustrator, Meaning(illustrator.seed))
    if processes == 1:
        yield from map(add_batch, _batches(numbers))
        return
    connection.close()  # each process opens its own
    with ProcessPoolExecutor(processes, get_context("fork"), initializer=_own.append, initargs=(add_batch,)) as pool:
        for done in as_completed([pool.submit(_add_by_own, batch) for batch in _batches(numbers)]):
            yield done.result()


_own: list[Callable[[list[int]], int]] = []  # in each process, what it adds a batch with: too big to be sent each time


def _add_by_own(batch: list[int]) -> int:
    return _own[0](batch)


def _add(illustrator: Illustrator, meaning: Meaning, batch: list[int]) -> int:
    gc.disable()  # it would look again and again through objects that all serve to the end: a third of the time
    try:
        with transaction.atomic():
            keys = _write(illustrator, batch)
            indexing.refresh(NAME, keys)
            meaning.derive(dict(zip(keys, batch, strict=True)))
    finally:
        gc.enable()
    return len(batch)


def remove() -> Iterator[int]:
    """Take away all that was ever generated, whatever the seed."""
    keys = list(Experience.objects.filter(is_generated=True).order_by("pk").values_list("pk", flat=True))
    for batch in _batches(keys):
        with transaction.atomic():
            _delete(batch)
            indexing.refresh(NAME, batch)
        yield len(batch)


def settle() -> None:
    """Tell the planner what the tables now hold, rather than leave it to a later moment."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(_table(name) for name in TABLES)}, search_document")


def _batches(numbers: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(numbers), BATCH):
        yield numbers[start : start + BATCH]


def _table(name: str) -> str:
    return f"experiences_{name}"


def _write(illustrator: Illustrator, numbers: list[int]) -> list[int]:
    lines: dict[str, list[str]] = defaultdict(list)
    written = []
    with connection.cursor() as cursor:
        keys = Keys(*(_sequence(cursor, _table(name)) for name in ("experience", "source", "roleheld")))
        for number in numbers:
            for table, row in illustrator.rows(number, keys):
                lines[table].append("\t".join(map(_copied, row)))
                if table == "experience":
                    written.append(row[0])
        for table, columns in TABLES.items():
            content = io.StringIO("\n".join(lines[table]))
            cursor.copy_expert(f"COPY {_table(table)} ({', '.join(columns)}) FROM STDIN", content)
    return written


def _sequence(cursor, table: str) -> Iterator[int]:
    """Numbers of the table's own sequence, that nobody else will be given."""
    while True:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, BATCH])
        yield from [key for (key,) in cursor.fetchall()]


ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def _copied(value: Any) -> str:
    """A value as COPY reads it."""
    if value is None:
        return r"\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, list):
        quoted = (text.replace("\\", "\\\\").replace('"', '\\"') for text in value)
        value = "{" + ",".join(f'"{text}"' for text in quoted) + "}"
    return str(value).translate(ESCAPES)


POINTS_BY = {
    "experience": "id = ANY(%(keys)s)",
    "roleheld_collectivities": (
        "roleheld_id IN (SELECT id FROM experiences_roleheld WHERE experience_id = ANY(%(keys)s))"
    ),
}


def _delete(keys: Iterable[int]) -> None:
    """What points first, be it of a curator; the history of a sheet that somebody changed goes too."""
    ours = {"keys": list(keys)}
    ours_alone = {_table(name) for name in TABLES}
    others = [one for one in Experience._meta.related_objects if one.related_model._meta.db_table not in ours_alone]
    with connection.cursor() as cursor:
        for one in others:
            pointing = one.related_model._base_manager.filter(**{f"{one.field.name}__in": ours["keys"]})
            if one.field.null:  # a question outlives the sheet that it began from
                pointing.update(**{one.field.name: None})
            else:
                pointing.delete()
        for name in reversed(TABLES):
            whose = POINTS_BY.get(name, "experience_id = ANY(%(keys)s)")
            cursor.execute(f"DELETE FROM {_table(name)} WHERE {whose}", ours)  # noqa: S608 - names of our tables
    Experience.history.filter(id__in=ours["keys"]).delete()
