"""What the desk does by itself: mails, and what time does to questions (`waiting`).

A task takes some rows that nobody else holds and puts itself again if there may be more: run twice, at once or one
after the other, it finds nothing left to do.
"""

from collections.abc import Callable
from datetime import time
from functools import partial

from jobs import queue
from jobs.registry import periodic, task

from . import actions, files, notices, waiting
from .models import Draft, EventKind, Inquiry, NoticeKind
from .models.inquiry import InquiryQuerySet

BATCH = 200


@task("inquiries.tell")
def tell(inquiry):
    notices.tell(inquiry)


@periodic("inquiries.sweep_files", daily_at=time(3, 50))
def sweep_files():
    files.sweep()


@periodic("inquiries.remind", daily_at=time(8, 0))
def remind():
    for wait in waiting.WAITS:
        reminded = partial(actions.remind, key=wait.state, kind=NoticeKind.REMINDED)
        _each(wait.to_remind(), reminded, again="inquiries.remind")
    asked = partial(actions.remind, key=waiting.RATING, kind=NoticeKind.RATE)
    _each(waiting.to_rate(), asked, again="inquiries.remind")


@periodic("inquiries.close", daily_at=time(8, 30))
def close():
    for wait in waiting.WAITS:
        _each(wait.to_close(), partial(actions.end, kind=EventKind.CLOSED, by=None), again="inquiries.close")


@periodic("inquiries.erase", daily_at=time(4, 0))
def erase():
    _each(waiting.to_erase(), actions.erase, again="inquiries.erase")


@periodic("inquiries.drop_drafts", daily_at=time(4, 30))
def drop_drafts():
    """A draft that nobody touched for thirty days, sent or not, with the files that only it had."""
    Draft.objects.expired().delete()


def _each(due: InquiryQuerySet, act: Callable[[Inquiry], object], *, again: str) -> None:
    # What another process holds is changing: it will be looked at tomorrow.
    taken = list(due.order_by("pk").select_for_update(of=["self"], skip_locked=True)[:BATCH])
    for inquiry in taken:
        act(inquiry)
    if len(taken) == BATCH:
        queue.put(again)


@task("inquiries.due_again")
def due_again(after=0):
    """Themes or closing days changed: the open questions, some at a time, each batch in a job of its own."""
    if last := actions.due_again(after=after, most=BATCH):
        queue.put("inquiries.due_again", after=last)
