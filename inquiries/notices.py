"""What the asker is told by mail: that something happened, never what was said; several within minutes in one mail."""

from datetime import timedelta

from django.utils import timezone

from jobs import queue

from .models import Inquiry, Notice, NoticeKind

GATHERED = timedelta(minutes=3)
"""How long a first notice waits for others."""


def note(inquiry: Inquiry, kind: NoticeKind) -> None:
    """Have the asker told; a caller who left no address is not."""
    if not inquiry.email:
        return
    Notice.objects.create(inquiry=inquiry, kind=kind)
    queue.put("inquiries.tell", run_at=timezone.now() + GATHERED, inquiry=inquiry.pk)
