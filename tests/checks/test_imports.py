import pytest

from checks.imports import check


def project(tree, file, text):
    package = file.partition("/")[0]
    return tree({f"{package}/__init__.py": "", file: text})


@pytest.mark.parametrize(
    ("file", "text", "problem"),
    [
        ("territories/models.py", "import accounts", "territories/models.py:1: territories may not know accounts"),
        (
            "territories/models.py",
            "from search import index",
            "territories/models.py:1: territories may not know search",
        ),
        ("accounts/views.py", "from roles.models import Role", "accounts/views.py:1: accounts may not know roles"),
        ("roles/views.py", "\nimport experiences.models", "roles/views.py:2: roles may not know experiences"),
        ("roles/models.py", "from territories import models", "roles/models.py:1: roles may not know territories"),
        ("experiences/views.py", "from portal import views", "experiences/views.py:1: experiences may not know portal"),
        (
            "experiences/feeds.py",
            "from inquiries import x",
            "experiences/feeds.py:1: experiences may not know inquiries",
        ),
        ("search/index.py", "from experiences import x", "search/index.py:1: search may not know experiences"),
        ("jobs/outbox.py", "import accounts", "jobs/outbox.py:1: jobs may not know accounts"),
        ("portal/views.py", "from config import settings", "portal/views.py:1: portal may not know config"),
        ("portal/views.py", "import tests.cast", "portal/views.py:1: portal may not know tests"),
        ("typography/french.py", "import accounts", "typography/french.py:1: typography may not know accounts"),
        ("launcher/start.py", "import typography", "launcher/start.py:1: launcher may not know typography"),
        (
            "launcher/start.py",
            "import requests",
            "launcher/start.py:1: launcher uses the standard library only, not requests",
        ),
        (
            "launcher/start.py",
            "import psycopg2",
            "launcher/start.py:1: psycopg2 is not installed yet when launcher starts",
        ),
        ("progress/bar.py", "import django", "progress/bar.py:1: progress uses the standard library only, not django"),
        ("checks/x.py", "import environ", "checks/x.py:1: checks uses the standard library only, not environ"),
    ],
)
def test_a_forbidden_arrow_is_told(tree, file, text, problem):
    assert check(project(tree, file, text)) == [problem]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("accounts/models.py", "from territories.models import Collectivity"),
        ("experiences/models.py", "from roles.models import Role\nfrom accounts import x\nimport territories"),
        ("inquiries/models.py", "import experiences, accounts, territories, roles, search, jobs"),
        ("portal/views.py", "import experiences, inquiries, roles, search, typography"),
        ("config/urls.py", "import portal, experiences, accounts"),
        ("territories/models.py", "from . import choices\nfrom django.db import models\nfrom progress import bar"),
        ("launcher/start.py", "import fcntl, subprocess\nfrom pathlib import Path"),
        ("launcher/start.py", "def examine(url):\n    import psycopg2"),
        ("roles/models.py", "'See experiences.Experience for the rest.'"),
    ],
)
def test_an_allowed_arrow_is_not_told(tree, file, text):
    assert check(project(tree, file, text)) == []


def test_an_import_hidden_in_a_function_changes_nothing_to_its_direction(tree):
    root = project(
        tree, "roles/models.py", "class Role:\n    def held(self):\n        from experiences.models import RoleHeld"
    )
    assert check(root) == ["roles/models.py:3: roles may not know experiences"]


def test_an_allowed_import_has_no_reason_to_hide(tree):
    root = project(tree, "experiences/views.py", "def view():\n    from roles.models import Role")
    assert check(root) == ["experiences/views.py:2: the import of roles hides in a function"]


def test_a_model_named_by_a_string_is_an_arrow_too(tree):
    root = project(tree, "roles/models.py", "role = ForeignKey('experiences.Experience')")
    assert check(root) == ["roles/models.py:1: roles may not know experiences"]


def test_a_package_without_a_rule_is_told(tree):
    assert check(project(tree, "utils/text.py", "")) == ["utils/: say in checks/imports.py whom it may know"]


def test_a_drawer_is_told(tree):
    assert check(project(tree, "roles/utils.py", "")) == ["roles/utils.py: a helper is named for what it does"]
