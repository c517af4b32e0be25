"""What the asker is told by mail: that something happened, never what was said; several within minutes in one mail."""

from datetime import timedelta

from django.utils import timezone

from jobs import outbox, queue
from jobs.models import Mail

from . import emails
from .models import Inquiry, Notice, NoticeKind, State

GATHERED = timedelta(minutes=3)
"""How long a first notice waits for others."""

WEIGHTS = [
    NoticeKind.CLOSED,
    NoticeKind.ANSWERED,
    NoticeKind.DETAIL_ASKED,
    NoticeKind.REMINDED,
    NoticeKind.RATE,
    NoticeKind.CLAIMED,
]
"""The weightiest first: it gives its subject to the mail."""


def note(inquiry: Inquiry, kind: NoticeKind) -> None:
    """Have the asker told; a caller who left no address is not."""
    if not inquiry.email:
        return
    Notice.objects.create(inquiry=inquiry, kind=kind)
    queue.put("inquiries.tell", run_at=timezone.now() + GATHERED, inquiry=inquiry.pk)


def tell(number: int) -> None:
    """Send in one mail what the asker was not told yet; whoever comes at the same moment finds nothing left to tell.

    In a transaction: the mail and the marks are kept together.
    """
    inquiry = Inquiry.objects.select_related("asker").select_for_update(of=["self"]).filter(pk=number).first()
    if inquiry is None:
        return
    waiting = list(inquiry.notices.filter(told_at=None))
    kinds = {notice.kind for notice in waiting}
    inquiry.notices.filter(pk__in=[notice.pk for notice in waiting]).update(told_at=timezone.now())
    news = [kind for kind in WEIGHTS if kind in kinds and is_still_true(kind, inquiry)]
    if len(news) > 1 and NoticeKind.CLAIMED in news:
        news.remove(NoticeKind.CLAIMED)
    if news and inquiry.email:
        outbox.put(emails.news(inquiry, news))


def is_still_true(kind: NoticeKind, inquiry: Inquiry) -> bool:
    """The asker may have acted before the mail left: nobody is asked for what they just gave."""
    match kind:
        case NoticeKind.DETAIL_ASKED:
            return inquiry.state == State.TO_COMPLETE
        case NoticeKind.REMINDED:
            return inquiry.state in (State.TO_COMPLETE, State.ANSWERED)
        case NoticeKind.RATE:
            return inquiry.rating is None and inquiry.state in (State.ANSWERED, State.CLOSED)
        case NoticeKind.CLOSED:
            return inquiry.is_over
        case NoticeKind.CLAIMED:
            return inquiry.is_open
        case _:
            return True


def undelivered(inquiry: Inquiry) -> list[Mail]:
    """The mails of this question that the server of its asker refused, the last first."""
    return list(Mail.objects.refused().filter(thread=inquiry.thread_name).order_by("-refused_at"))
