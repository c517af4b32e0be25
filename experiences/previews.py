"""A link that shows a sheet before it is public, to whoever receives it, for seven days."""

from datetime import timedelta

from django.core import signing
from django.urls import reverse

VALID_FOR = timedelta(days=7)
SALT = "experiences.preview"


def address(experience):
    return reverse("experiences:preview", args=[signing.dumps(experience.pk, salt=SALT)])


def read(token):
    """Return the key of the sheet, or nothing when the link is old or was not ours."""
    try:
        return signing.loads(token, salt=SALT, max_age=VALID_FOR)
    except signing.BadSignature:
        return None
