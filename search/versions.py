"""When the base changed: what a cache is keyed by.

The number of a version changes in the transaction that commits the change, hence is seen exactly when the change is.
Read it before what you keep under it. A number never comes back, even after a rollback.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

from django.db import Error, connection, migrations

CONTENT = "contenu"
"""All that public pages tell."""
DOCUMENTS = "documents"
"""What lists and searches find."""


class Versions(NamedTuple):
    content: int
    documents: int


_held: ContextVar[Versions | None] = ContextVar("versions", default=None)


@contextmanager
def held() -> Iterator[Versions]:
    """Read the numbers now, and take them for current until the end of the block: a page made of one state."""
    versions = current()
    token = _held.set(versions)
    try:
        yield versions
    finally:
        _held.reset(token)


def current() -> Versions:
    """Both numbers, in one statement."""
    if versions := _held.get():
        return versions
    ours: Any = connection
    if ours.connection is None or ours.health_check_done or ours.in_atomic_block:
        return _read()
    ours.health_check_done = True  # this very statement is one: Django would send another before it
    try:
        return _read()
    except Error:
        connection.close()
        return _read()


def _read() -> Versions:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, number FROM search_version")
        numbers = dict(cursor.fetchall())
    return Versions(numbers.get(CONTENT, 0), numbers.get(DOCUMENTS, 0))


class Watch(migrations.RunSQL):
    """In a migration: have the changes of these tables change a version, once for each transaction, at its end.

    At its end, so that two curators who save at once wait for each other an instant only, and never in a circle.
    """

    def __init__(self, tables, version=CONTENT):
        self.tables, self.version = tables, version
        super().__init__(
            [create_trigger(table, version) for table in tables],
            [f"DROP TRIGGER change_of_{version} ON {table}" for table in tables],
        )

    def deconstruct(self):
        return self.__class__.__qualname__, [self.tables], {"version": self.version}


def create_trigger(table, version, initially="DEFERRED"):
    return f"""
        CREATE CONSTRAINT TRIGGER change_of_{version} AFTER INSERT OR UPDATE OR DELETE ON {table}
        DEFERRABLE INITIALLY {initially} FOR EACH ROW EXECUTE FUNCTION search_version_change('{version}')
    """
