"""The opening content that the tests read is what the command loads."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import transaction

from experiences.models import Experience, Theme
from search import versions
from search.models import Version


def state():
    """How many rows each table has, and the names of the versions."""
    counts = {model: model._base_manager.count() for model in apps.get_models(include_auto_created=True)}
    return counts, set(Version.objects.values_list("name", flat=True))


@pytest.mark.usefixtures("reference")
def test_the_content_put_back_is_that_of_the_command(_content_rows):
    with transaction.atomic():
        call_command("load_content")
        loaded = state()
        transaction.set_rollback(True)
    assert not Experience.objects.exists()
    _content_rows.put_back()
    assert state() == loaded


@pytest.mark.usefixtures("reference")
def test_whoever_kept_something_sees_that_all_changed(_content_rows):
    before = versions.current()
    _content_rows.put_back()
    back = versions.current()
    assert back.content > before.content
    assert back.documents > before.documents
    Theme.objects.create(key="essai", label="Essai", position=99)  # and what is written next changes it, as ever
    assert versions.current().content > back.content


@pytest.mark.usefixtures("reference")
def test_what_a_test_wrote_before_stays(_content_rows):
    Theme.objects.create(key="essai", label="Essai", position=99)
    _content_rows.put_back()
    assert Theme.objects.filter(key="essai").exists()
    assert Experience.objects.count() == 70
