import pytest
from django.core.management import call_command

from territories.models import ReferenceLoad


@pytest.fixture(scope="session")
def _reference_loaded(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        call_command("load_territories")


@pytest.fixture
def reference(_reference_loaded, db):
    """The real collectivities of 2026, loaded once a session and again after a test that emptied the tables."""
    if not ReferenceLoad.objects.exists():
        call_command("load_territories")
