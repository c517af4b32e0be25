"""A link that plays a draft of the questionnaire, for whoever receives it, for seven days."""

from datetime import timedelta

from django.core import signing
from django.urls import reverse

VALID_FOR = timedelta(days=7)
SALT = "roles.preview"


def token(questionnaire):
    return signing.dumps(questionnaire.pk, salt=SALT)


def read(given):
    """Return the key of the version, or nothing when the link is old or was not ours."""
    try:
        return signing.loads(given, salt=SALT, max_age=VALID_FOR)
    except signing.BadSignature:
        return None


def address(questionnaire):
    return reverse("roles:positioning_preview", args=[token(questionnaire)])
