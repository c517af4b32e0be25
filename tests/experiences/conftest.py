import pytest
from django.core.management import call_command


@pytest.fixture
def content(reference):
    """The opening content, on the real collectivities."""
    call_command("load_content")
