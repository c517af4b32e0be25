"""The tests' own database: how it differs from a real one, what is put into it, and its address for other processes."""

import io
from urllib.parse import quote, urlencode

from django.db import connection, transaction
from psycopg2 import sql

from search.versions import create_trigger


def database_url():
    config = connection.settings_dict
    person = quote(config["USER"], safe="") + (f":{quote(config['PASSWORD'], safe='')}" if config["PASSWORD"] else "")
    place = {key.lower(): config[key] for key in ("HOST", "PORT") if config[key]}
    return f"postgres://{person}@/{quote(config['NAME'], safe='')}?{urlencode(place)}"


def change_versions_at_once():
    """Have each statement change the versions of the base, instead of the end of its transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass, tgname FROM pg_trigger WHERE tgname LIKE 'change_of_%'")
        for table, trigger in cursor.fetchall():
            version = trigger.removeprefix("change_of_")
            cursor.execute(f"DROP TRIGGER {trigger} ON {table}")
            cursor.execute(create_trigger(table, version, "IMMEDIATE"))


def nothing():
    """What migrations wrote is not written again otherwise."""


class Rows:
    """What `fill` writes into empty tables, kept in memory and put back in a moment, with the same primary keys."""

    @classmethod
    def migrated(cls):
        """What our migrations wrote: tests that empty the tables take it away from those that follow."""
        return cls(nothing, already={"auth_permission", "django_content_type", "django_migrations"}, stays=True)

    def __init__(self, fill, *, already=None, stays=False):
        """`already`: tables left out, by default those that hold rows; `stays`: the rows are left in the base too."""
        self.fill = fill
        with transaction.atomic(), connection.cursor() as cursor:
            already = _filled(cursor) if already is None else already
            fill()
            self.tables = {table: io.BytesIO() for table in sorted(_filled(cursor) - already - {"search_version"})}
            for table, content in self.tables.items():
                cursor.copy_expert(f"COPY {table} TO STDOUT", content)
            cursor.execute(MARKS)
            self.marks = cursor.fetchall()
            transaction.set_rollback(not stays)

    @transaction.atomic
    def put_back(self):
        """Without triggers, whose work is among the rows, but the versions of the base, which never have an old number.

        Where a test wrote in these tables before, they are filled as they were the first time.
        """
        with connection.cursor() as cursor:
            if _filled(cursor, self.tables):
                self.fill()
                return
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table, content in self.tables.items():
                content.seek(0)
                cursor.copy_expert(f"COPY {table} FROM STDIN", content)
            cursor.execute("SET LOCAL session_replication_role = origin")
            for name, number in self.marks:
                cursor.execute(MARK, [name, number])
            cursor.execute(CHANGE_VERSIONS, [list(self.tables)])


# The rows of search_version that no trigger changes.
MARKS = """
SELECT name, number FROM search_version WHERE 'change_of_' || name NOT IN (SELECT tgname FROM pg_trigger)
"""
MARK = "INSERT INTO search_version VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET number = excluded.number"
CHANGE_VERSIONS = """
INSERT INTO search_version (name, number)
SELECT name, nextval('search_version_number') FROM (
    SELECT DISTINCT substr(tgname, length('change_of_') + 1) AS name FROM pg_trigger
    WHERE tgname LIKE 'change_of_%%' AND tgrelid = ANY(%s::regclass[])
) changed
ON CONFLICT (name) DO UPDATE SET number = excluded.number
"""


def _filled(cursor, among=None):
    """The tables, or those among these, that hold a row."""
    tables = connection.introspection.table_names(cursor) if among is None else among
    test = sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})")
    cursor.execute(sql.SQL(" UNION ALL ").join(test.format(sql.Literal(name), sql.Identifier(name)) for name in tables))
    return {table for (table,) in cursor.fetchall()}
