"""Each tool is seen to refuse: a tool that is called wrongly often says that all is well."""

import pytest
from django.conf import settings

from checks import NotApplicable, tools

SETTINGS = """
import environ

SECRET_KEY = "x" * 50
INSTALLED_APPS = ["territories"]
DATABASES = {"default": environ.Env().db("DATABASE_URL")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
"""
MODELS = """
from django.db import models


class Place(models.Model):
    name = models.TextField()
"""
CREATED = """
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Place", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
"""
ADDED = """
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("territories", "0001_place")]
    operations = [migrations.AddField("Place", "name", models.TextField(NULL))]
"""


@pytest.fixture
def project(tree, monkeypatch):
    """A project of one app, whose second migration is still to be written."""
    monkeypatch.setenv("PYTHONPATH", str(settings.BASE_DIR))
    return tree(
        {
            "manage.py": (settings.BASE_DIR / "manage.py").read_text(encoding="utf-8"),
            "config/__init__.py": "",
            "config/settings.py": SETTINGS,
            "territories/__init__.py": "",
            "territories/models.py": MODELS,
            "territories/migrations/__init__.py": "",
            "territories/migrations/0001_place.py": CREATED,
        }
    )


def test_a_change_of_a_model_without_its_migration_is_told(project):
    [said] = tools.migrations_complete(project)
    assert "Add field name to place" in said


def test_a_migration_that_would_stop_the_running_site_is_told(project, tree):
    assert tools.migrations_safe(project) == []
    tree({"territories/migrations/0002_name.py": ADDED.replace("NULL", "default=''")})
    [said] = tools.migrations_safe(project)
    assert "0002_name" in said
    assert "NOT NULL" in said


def test_ruff_refuses_an_unused_import_and_a_loose_layout(tree):
    root = tree({"x.py": "import os\nx = ( 1)\n"})
    assert "F401" in tools.ruff(root)[0]
    assert "x.py" in tools.format(root)[0]


def test_djade_refuses_a_loose_template(tree):
    root = tree({"templates/x.html": "{{x}}\n", "static/y.html": "{{y}}\n"})
    [said] = tools.djade(root)
    assert "templates/x.html" in said
    assert "y.html" not in said


def test_mypy_refuses_a_wrong_type(tree):
    root = tree({"x.py": 'x: int = "un"\n'})
    assert "x.py:1: error" in tools.mypy(root)[0]


def test_hadolint_refuses_a_tag_that_moves_and_waits_for_a_dockerfile(tree):
    with pytest.raises(NotApplicable):
        tools.hadolint(tree({}))
    assert "DL3007" in tools.hadolint(tree({"Dockerfile": "FROM debian:latest\n"}))[0]
