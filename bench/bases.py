"""The databases that are measured: made once for each size, reused as long as what fills them is the same."""

import hashlib
import os
import subprocess
import sys
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql

ROOT = Path(__file__).resolve().parent.parent
SEED = 1
FILLED_BY = (
    "*/data/**/*", "experiences/examples/*.py", "experiences/opening.py", "experiences/searchable.py",
    "experiences/facets.py", "experiences/cards.py", "search/indexing.py", "search/meaning.py",
)  # fmt: skip


@dataclass(frozen=True)
class Base:
    """A database of so many experiences beside the one of the portal."""

    size: int
    url: str

    @property
    def name(self) -> str:
        return urlsplit(self.url).path.removeprefix("/")

    def connect(self):
        return closing(psycopg2.connect(self.url))

    def manage(self, *words: str) -> None:
        command = [sys.executable, "manage.py", *words]
        subprocess.run(command, cwd=ROOT, env={**os.environ, "DATABASE_URL": self.url}, check=True)


def bases(url: str, sizes: list[int]) -> list[Base]:
    parts = urlsplit(url)
    return [Base(size, urlunsplit(parts._replace(path=f"{parts.path}_bench_{size}"))) for size in sorted(sizes)]


def fingerprint() -> str:
    """Changes with the contents and the code that fill a base; its migrations follow without filling it again."""
    digest = hashlib.sha256()
    for pattern in FILLED_BY:
        for path in sorted(path for path in ROOT.glob(pattern) if path.is_file() and path.suffix != ".pyc"):
            digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def administer(url: str):
    """A cursor from which databases are made and dropped."""
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        yield connection.cursor()


def prepare(url: str, wanted: list[Base], *, again: bool = True) -> None:
    """Make those that are missing or of another time, each out of the one before it: the same seed goes on."""
    mark = fingerprint()
    with administer(url) as cursor:
        before = None
        for base in wanted:
            cursor.execute(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [base.name]
            )
            found = (cursor.fetchone() or [None])[0]
            if found is None or (again and found != mark):
                fill(cursor, base, before)
                cursor.execute(
                    sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(base.name), sql.Literal(mark))
                )
            else:
                base.manage("migrate", "--verbosity=0")
            before = base


def fill(cursor, base: Base, smaller: Base | None) -> None:
    sys.stderr.write(f"Base de {base.size} expériences : elle se construit, une fois pour toutes.\n")
    drop(cursor, base)
    template = sql.SQL("TEMPLATE {}").format(sql.Identifier(smaller.name)) if smaller else sql.SQL("")
    cursor.execute(sql.SQL("CREATE DATABASE {} {}").format(sql.Identifier(base.name), template))
    if smaller is None:
        base.manage("migrate", "--verbosity=0")
        base.manage("load_territories")
        base.manage("load_content")
        base.manage("worker", "--until-idle")  # the vectors of the opening content
    with base.connect() as connection:
        connection.autocommit = True
        inside = connection.cursor()
        index = drop_index_of_vectors(inside)
        base.manage("generate", f"--experiences={base.size}", f"--seed={SEED}", f"--processes={os.cpu_count() or 1}")
        inside.execute("SET maintenance_work_mem = '1GB'")
        inside.execute(index)
        inside.execute("VACUUM ANALYZE")


def drop_index_of_vectors(cursor) -> str:
    """Return how to make it again: at the end, it takes a tenth of the time."""
    cursor.execute("SELECT pg_get_indexdef('document_vector'::regclass)")
    (definition,) = cursor.fetchone()
    cursor.execute("DROP INDEX document_vector")
    return definition


def clean(url: str, sizes: list[int]) -> None:
    with administer(url) as cursor:
        for base in bases(url, sizes):
            drop(cursor, base)


def drop(cursor, base: Base) -> None:
    cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(base.name)))
