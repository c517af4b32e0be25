"""Which servers are refused, on real databases wherever a real one can be made."""

import shutil
import subprocess
from urllib.parse import quote

import pytest
from django.db import connection

from launcher import database
from launcher.database import examine, verdict
from tests.launcher.conftest import free_port

GOOD = {
    "version": 150000,
    "version_name": "15.0",
    "encoding": "UTF8",
    "lower": "é",
    "read_only": False,
    "extensions": {"unaccent": True, "pg_trgm": True, "vector": True},
}


def address(name, user=None):
    """The address of another database of the server of the tests."""
    settings = connection.settings_dict
    host = quote(settings.get("OPTIONS", {}).get("host", settings["HOST"]), safe="/")
    user = user or settings["USER"]
    port = f"&port={settings['PORT']}" if settings["PORT"] else ""
    return f"postgres://{user}:{quote(settings['PASSWORD'])}@/{name}?host={host}{port}"


@pytest.fixture
def make_database(transactional_db):
    made: list[str] = []

    def make(options):
        name = f"launcher_{len(made)}"
        order(f"DROP DATABASE IF EXISTS {name}")
        order(f"CREATE DATABASE {name} TEMPLATE template0 {options}")
        made.append(name)
        return name

    yield make
    for name in made:
        order(f"DROP DATABASE {name} WITH (FORCE)")


def order(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_server_of_the_tests_is_accepted(db):
    assert verdict(examine(address(connection.settings_dict["NAME"]))) is None


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ("ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C'", "Cette base de données est en LATIN1 et non en UTF-8"),
        ("ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C'", "Cette base de données est en SQL_ASCII"),
        ("ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C'", "La langue de cette base de données ne connaît pas"),
    ],
)
def test_a_wrong_encoding_or_locale_is_refused(make_database, options, sentence):
    assert verdict(examine(address(make_database(options)))).startswith(sentence)


def test_an_account_that_cannot_add_an_extension_is_told_what_to_ask(make_database):
    name = make_database("ENCODING 'UTF8'")
    order("DROP ROLE IF EXISTS launcher_plain")
    order("CREATE ROLE launcher_plain LOGIN PASSWORD 'plain'")
    try:
        order(f"GRANT CREATE ON DATABASE {name} TO launcher_plain")
        sentence = verdict(examine(address(name, "launcher_plain")))
        assert "CREATE EXTENSION vector;" in sentence
        assert "unaccent" not in sentence
    finally:
        order(f"REVOKE ALL ON DATABASE {name} FROM launcher_plain")
        order("DROP ROLE launcher_plain")


def test_what_a_good_server_is():
    assert verdict(GOOD) is None


@pytest.mark.parametrize(
    ("fact", "sentence"),
    [
        ({"version": 140012, "version_name": "14.12"}, "Ce serveur PostgreSQL est trop ancien (14.12)"),
        ({"extensions": {"unaccent": True, "pg_trgm": True}}, "Il manque à ce serveur PostgreSQL : vector."),
        ({"extensions": {}}, "Il manque à ce serveur PostgreSQL : unaccent, pg_trgm, vector."),
    ],
)
def test_what_cannot_be_made_here_is_refused_too(fact, sentence):
    assert verdict({**GOOD, **fact}).startswith(sentence)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("postgres://nobody@127.0.0.1:9/nothing", "La base de données indiquée par DATABASE_URL ne répond pas : "),
        ("mysql://somebody@127.0.0.1/portal", "DATABASE_URL ne se lit pas : "),
        ("foo", "DATABASE_URL ne se lit pas : "),
        ("postgres://somebody@127.0.0.1/", "DATABASE_URL ne se lit pas : "),
        ("postgres://somebody@127.0.0.1:port/portal", "DATABASE_URL ne se lit pas : "),
    ],
)
def test_a_wrong_address_is_one_sentence(quiet_clone, url, sentence):
    answer = quiet_clone.call("run", DATABASE_URL=url, PORT=str(free_port()))
    assert answer.returncode == 1
    assert answer.stderr.startswith(sentence)
    assert answer.stderr.count("DATABASE_URL") == answer.stderr.count("\n") == 1


def test_a_database_that_cannot_be_written_to_is_refused(make_database):
    name = make_database("ENCODING 'UTF8'")
    order(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    assert verdict(examine(address(name))).startswith("Cette base de données est en lecture seule")


def test_the_local_database_is_not_called_by_a_name_that_nobody_gave():
    assert "DATABASE_URL" not in verdict({"unreachable": "too many connections"}, given=False)


DAMAGES = {
    "version-empty": lambda data: (data / "PG_VERSION").write_text(""),
    "version-missing": lambda data: (data / "PG_VERSION").unlink(),
    "version-other": lambda data: (data / "PG_VERSION").write_text("17\n"),
    "control-missing": lambda data: (data / "global" / "pg_control").unlink(),
    "base-missing": lambda data: shutil.rmtree(data / "base"),
    "wal-missing": lambda data: shutil.rmtree(data / "pg_wal"),
    "settings-missing": lambda data: (data / "postgresql.conf").unlink(),
    "mark-missing": lambda data: (data / "initialised").unlink(),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_local_database_is_told_and_never_deleted(quiet_clone, damage):
    folder = quiet_clone.folder / "var" / "pg"
    kept = folder.with_name("pg-kept")
    subprocess.run(["cp", "-a", folder, kept], check=True)
    try:
        damage(folder / "data")
        left = sorted(path.name for path in (folder / "data").iterdir())
        answer = quiet_clone.call("run", PORT=str(free_port()))
        assert answer.returncode == 1
        assert answer.stderr.startswith("La base de données locale ne peut plus être lue")
        assert "make clean" in answer.stderr
        assert "DATABASE_URL" not in answer.stderr
        assert answer.stderr.count("\n") == 1
        assert sorted(path.name for path in (folder / "data").iterdir()) == left
    finally:
        shutil.rmtree(folder)
        kept.rename(folder)


def test_a_given_server_is_used_and_filled_anew(quiet_clone, make_database):
    """The stamps of one database say nothing of another."""
    name = make_database("ENCODING 'UTF8'")
    run = quiet_clone.start(DATABASE_URL=address(name)).wait_ready()
    assert run.page("/experiences/") == 200
    assert not any(words[0].endswith("/postgres") for words in quiet_clone.processes().values())
    run.stop()
    assert "Mise à jour de la base" in run.said()
    again = quiet_clone.start(DATABASE_URL=address(name)).wait_ready()
    again.stop()
    assert "Mise à jour de la base" not in again.said()


def test_the_identity_follows_the_database(make_database):
    one, two = (examine(address(make_database("ENCODING 'UTF8'"))) for _ in range(2))
    assert one["identity"] != two["identity"]
    assert set(database.EXTENSIONS) == set(one["extensions"])
