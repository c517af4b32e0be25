"""What time does."""

from django.db import transaction
from django.utils import timezone

from jobs.models import FORGOTTEN, Mail

from .. import notices
from ..models import (
    Draft,
    EventKind,
    Inquiry,
    NoticeKind,
    Upload,
)
from .life import happen, locked


@transaction.atomic
def remind(inquiry: Inquiry, key: str, kind: NoticeKind) -> None:
    """Tell the asker that the next word is theirs; the event, with its key, keeps it from being said twice."""
    inquiry = locked(inquiry)
    happen(inquiry, EventKind.REMINDED, key=key)
    notices.note(inquiry, kind)


@transaction.atomic
def erase(inquiry: Inquiry) -> None:
    """Forget who asked, wherever it is written; what was asked and answered, and when, stays for the desk."""
    inquiry = locked(inquiry)
    if inquiry.erased_at:
        return
    asker = inquiry.asker
    inquiry.first_name = inquiry.last_name = inquiry.email = inquiry.phone = ""
    inquiry.asker, inquiry.is_shared, inquiry.erased_at = None, False, timezone.now()
    happen(inquiry, EventKind.ERASED)
    if asker:
        inquiry.messages.filter(author=asker).update(author=None)
        inquiry.events.filter(by=asker).update(by=None)
    Draft.objects.filter(inquiry=inquiry).delete()
    Upload.objects.filter(message__inquiry=inquiry).delete()
    Mail.objects.settled().filter(thread=inquiry.thread_name).update(to=FORGOTTEN, body="", refusal="")
