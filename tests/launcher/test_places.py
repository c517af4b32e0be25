"""Folders and accounts in which the launcher works."""

import pytest

from tests.launcher.conftest import IS_ROOT, free_port

NAMELESS = 54321
ODD = "dossier à espaces, + # % & 'é' \"ü\" $HOME"
LONG = "/".join(["un-nom-de-dossier-vraiment-très-long"] * 4)
VERY_LONG = "/".join(["un-nom-de-dossier-vraiment-très-long"] * 28)
NAMES = pytest.mark.parametrize("name", [ODD, LONG, VERY_LONG], ids=["odd", "long", "very-long"])
ASK = """
import django
from django.db import connection
django.setup()
with connection.cursor() as cursor:
    cursor.execute("SHOW server_version_num")
    print(int(cursor.fetchone()[0]) // 10000)
"""


def has_its_database(clone):
    """The embedded server of this clone answers to Django itself, and leaves with the command."""
    answer = clone.call("exec", "--", "python", "-c", ASK)
    assert (answer.stdout, answer.stderr, answer.returncode) == ("18\n", "", 0)
    assert clone.wait_until_empty() == {}


@NAMES
def test_an_ordinary_account(make_clone, open_folder, ordinary_account, name):
    folder = open_folder / "home"
    folder.mkdir(exist_ok=True)
    has_its_database(make_clone(folder / name, **ordinary_account))


@pytest.fixture
def closed_home(open_folder):
    if not IS_ROOT:
        pytest.skip("needs to be root")
    home = open_folder / "root"
    home.mkdir(mode=0o700, exist_ok=True)
    yield home
    assert home.stat().st_mode & 0o777 == 0o700


@NAMES
def test_root_in_a_home_closed_to_others(make_clone, closed_home, name):
    has_its_database(make_clone(closed_home / name))


def test_the_portal_itself_in_an_odd_place(make_clone, open_folder, ordinary_account):
    clone = make_clone(open_folder / ODD, **ordinary_account)
    run = clone.start().wait_ready()
    assert run.page("/experiences/") == 200
    run.stop()
    assert clone.wait_until_empty() == {}


def test_an_account_without_a_name(make_clone, open_folder, ordinary_account):
    if not IS_ROOT:
        pytest.skip("needs to be root")
    clone = make_clone(open_folder / "nameless", **{**ordinary_account, "user": NAMELESS})
    answer = clone.call("run", PORT=str(free_port()))
    assert answer.returncode == 1
    assert answer.stderr.startswith("PostgreSQL ne se lance que depuis un compte qui a un nom")
    assert "DATABASE_URL" in answer.stderr
    assert answer.stderr.count("\n") == 1
