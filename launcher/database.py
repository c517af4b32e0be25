"""What the portal asks of a PostgreSQL server, and whether this one has it.

The examination runs in the virtual environment (`python -m launcher.database`), which has the driver; the verdict,
here too, is a plain function of what was found.
"""

import contextlib
import json
import os
import subprocess
import sys

from launcher import settings
from launcher.environment import PYTHON
from launcher.errors import LauncherError, from_output
from launcher.paths import ROOT

OLDEST = 150000
EXTENSIONS = ("unaccent", "pg_trgm", "vector")

FACTS = """
SELECT current_setting('server_version_num')::int,
       current_setting('server_version'),
       pg_encoding_to_char(encoding),
       (SELECT system_identifier FROM pg_control_system())::text || '/' || oid,
       has_database_privilege(datname, 'CREATE'),
       current_setting('transaction_read_only') = 'on'
  FROM pg_database WHERE datname = current_database()
"""
USABLE_EXTENSIONS = """
SELECT name, installed OR NOT superuser OR trusted OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
  FROM pg_available_extension_versions WHERE name = ANY(%s)
UNION ALL SELECT extname, true FROM pg_extension WHERE extname = ANY(%s)
"""


def check(variables):
    """Refuse, with a sentence, a server that the portal cannot use; return what identifies this very database."""
    asked = subprocess.run(  # noqa: S603
        [PYTHON, "-m", "launcher.database"], capture_output=True, text=True, check=False, env=variables, cwd=ROOT
    )
    if asked.returncode:
        raise from_output("examen de la base de données", asked.stderr)
    facts = json.loads(asked.stdout)
    refusal = verdict(facts, given=bool(settings.given_database()))
    if refusal:
        raise LauncherError(refusal)
    return facts["identity"]


def verdict(facts, *, given=True):  # noqa: PLR0911 - one return, one reason
    """The sentence that refuses this server, or None."""
    if "unreadable" in facts:
        return (
            "DATABASE_URL ne se lit pas : sa forme est postgres://utilisateur:mot-de-passe@serveur:5432/base "
            "(voir .env.example)."
        )
    if "unreachable" in facts:
        which = "indiquée par DATABASE_URL" if given else "locale"
        return f"La base de données {which} ne répond pas : {facts['unreachable']}"
    if facts["version"] < OLDEST:
        return f"Ce serveur PostgreSQL est trop ancien ({facts['version_name']}) : il en faut un de version 15 ou plus."
    if facts["encoding"] != "UTF8":
        return (
            f"Cette base de données est en {facts['encoding']} et non en UTF-8 : créez-en une autre par "
            "CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8'."
        )
    if facts["lower"] != "é":
        return (
            "La langue de cette base de données ne connaît pas les accents (lower('É') n’y donne pas 'é') : "
            "créez-en une autre avec une locale UTF-8, comme fr_FR.UTF-8 ou C.UTF-8."
        )
    if facts["read_only"]:
        return (
            "Cette base de données est en lecture seule (peut-être une copie), et le portail doit y écrire : "
            "indiquez dans DATABASE_URL celle qui l’accepte."
        )
    missing = [name for name in EXTENSIONS if name not in facts["extensions"]]
    if missing:
        return (
            f"Il manque à ce serveur PostgreSQL : {', '.join(missing)}. Installez ces extensions sur le serveur "
            "(paquets postgresql-contrib et postgresql-…-pgvector sous Debian)."
        )
    refused = [name for name in EXTENSIONS if not facts["extensions"][name]]
    if refused:
        orders = " ".join(f"CREATE EXTENSION {name};" for name in refused)
        return f"Le compte de DATABASE_URL ne peut activer une extension : l’administrateur le fait une fois ({orders})"
    return None


def connection_parameters(url):
    """What Django gives to the driver, from the same address read by the same library."""
    import environ  # noqa: PLC0415 - exists in the virtual environment only

    config = environ.Env.db_url_config(url)
    if config.get("ENGINE") != "django.db.backends.postgresql" or not config.get("NAME"):
        raise ValueError
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    given = {name: config[key] for name, key in named.items() if config[key]}
    return {"connect_timeout": 10, **given, **config.get("OPTIONS", {})}


def examine(url):
    """The facts on which the verdict rests."""
    import psycopg2  # noqa: PLC0415 - exists in the virtual environment only

    try:
        parameters = connection_parameters(url)
    except ValueError:
        return {"unreadable": True}
    try:
        with contextlib.closing(psycopg2.connect(**parameters)) as connection, connection.cursor() as cursor:
            return _facts(cursor)
    except psycopg2.Error as error:
        return {"unreachable": " ".join(str(error).split())}


def _facts(cursor):
    cursor.execute(FACTS)
    version, version_name, encoding, identity, may_create, read_only = cursor.fetchone()
    facts = {"version": version, "version_name": version_name, "encoding": encoding, "read_only": read_only}
    if encoding == "UTF8":
        cursor.execute("SELECT lower('É')")
        facts["lower"] = cursor.fetchone()[0]
    cursor.execute(USABLE_EXTENSIONS, [list(EXTENSIONS), list(EXTENSIONS)])
    rows = cursor.fetchall()
    facts["extensions"] = {
        name: any(usable and may_create for found, usable in rows if found == name) for name, _ in rows
    }
    cursor.execute("SELECT extname FROM pg_extension")
    facts["extensions"].update({name: True for (name,) in cursor.fetchall() if name in EXTENSIONS})
    facts["identity"] = f"{identity}/{_applied_migrations(cursor)}"
    return facts


def _applied_migrations(cursor):
    """Changes when somebody migrates this database by hand, in either direction."""
    cursor.execute("SELECT to_regclass('django_migrations')")
    if cursor.fetchone()[0] is None:
        return "empty"
    cursor.execute("SELECT count(*), max(id) FROM django_migrations")
    return "{}-{}".format(*cursor.fetchone())


if __name__ == "__main__":
    json.dump(examine(os.environ["DATABASE_URL"]), sys.stdout)
