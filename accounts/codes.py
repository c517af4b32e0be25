"""Codes of eight digits, mailed to an address to make sure that it is somebody's own."""

import secrets
from enum import Enum, auto

from django.db.models import F
from django.utils import timezone

from accounts.models import CODE_ATTEMPTS, CODE_DIGITS, CODE_LIFE, Code


class Outcome(Enum):
    RIGHT = auto()
    WRONG = auto()
    EXPIRED = auto()
    USED = auto()
    EXHAUSTED = auto()


def create(purpose, email):
    """Return the row that remembers a new code, and its digits, which nothing keeps."""
    digits = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
    code = Code(purpose=purpose, email=email, expires_at=timezone.now() + CODE_LIFE)
    code.digest = code.digest_of(digits)
    code.save()
    return code, digits


def redeem(code, digits):
    """Use the code if these are its digits. Each try is counted first, so that tries made at once all count."""
    counted = Code.objects.open().filter(pk=code.pk, attempts__lt=CODE_ATTEMPTS).update(attempts=F("attempts") + 1)
    if not counted:
        return _refusal(code)
    if not code.matches(digits):
        return Outcome.WRONG
    claimed = Code.objects.open().filter(pk=code.pk).update(used_at=timezone.now())
    return Outcome.RIGHT if claimed else _refusal(code)


def _refusal(code):
    code.refresh_from_db()
    if code.used_at:
        return Outcome.USED
    return Outcome.EXPIRED if code.expires_at <= timezone.now() else Outcome.EXHAUSTED
