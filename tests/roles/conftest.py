import pytest

from roles import opening
from roles.models import Questionnaire


@pytest.fixture
def opened(db):
    """The questionnaire with which the portal opens."""
    opening.load()
    return Questionnaire.objects.current()
