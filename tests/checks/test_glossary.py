"""The glossary and the code say the same words."""

import re
from itertools import chain

import pytest
from django.apps import apps
from django.conf import settings

from checks.imports import PACKAGES

GLOSSARY = (settings.BASE_DIR / "docs" / "glossary.md").read_text(encoding="utf-8")
ROWS = [row.split("|") for row in GLOSSARY.splitlines() if row.startswith("| ")]
NAMES = list(dict.fromkeys(chain.from_iterable(re.findall("`([^`]+)`", row[2]) for row in ROWS)))


@pytest.fixture(scope="module")
def words():
    """Every name that the apps use."""
    folders = [settings.BASE_DIR / config.name for config in apps.get_app_configs() if config.name in PACKAGES]
    sources = chain.from_iterable(folder.rglob("*.py") for folder in folders)
    return set(re.findall(r"\w+", " ".join(source.read_text(encoding="utf-8") for source in sources)))


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_the_glossary_is_in_the_code(name, words):
    assert set(name.split(".")) <= words


def test_every_model_is_in_the_glossary():
    models = {model.__name__ for model in apps.get_models() if model._meta.app_config.name in PACKAGES}
    models = {name for name in models if not name.startswith("Historical")}  # past versions of a model that is there
    assert models <= set(NAMES), f"docs/glossary.md: {', '.join(sorted(models - set(NAMES)))}"
