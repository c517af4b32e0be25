"""What every act on a question has in common: taking it, looking whether it may be done, writing what happens."""

import hashlib

from django.db import transaction
from django.utils import timezone

from .. import clock, writing
from ..models import (
    Event,
    EventKind,
    Inquiry,
    Message,
    MessageKind,
    State,
)
from ..models.inquiry import OPEN_STATES

REOPENABLE = [State.ANSWERED, State.CLOSED]
ANSWERABLE = [*OPEN_STATES, State.ANSWERED]
ENDINGS = {
    EventKind.CLOSED: State.CLOSED,
    EventKind.REFERRED: State.REFERRED,
    EventKind.REFUSED: State.OUT_OF_SCOPE,
    EventKind.DUPLICATED: State.DUPLICATE,
    EventKind.WITHDRAWN: State.WITHDRAWN,
}


class Refused(Exception):
    """Said to the person as it is."""


CHANGED = "Il s’est passé quelque chose depuis que vous avez ouvert cette page\u00a0: relisez le fil, puis recommencez."
NEWER = (
    "Un message est arrivé pendant que vous écriviez. Votre texte est là, rien n’est envoyé\u00a0:"
    " lisez le nouveau message, puis envoyez le vôtre s’il convient encore."
)


def set_due(inquiry: Inquiry, closings=None) -> None:
    """Compute the last day for answering from the events."""
    days = clock.WorkingDays.of(inquiry.collectivity, closings)
    inquiry.due_on = clock.due_on(inquiry.events.all(), days, clock.answer_days(inquiry))


@transaction.atomic
def due_again(*, after: int, most: int) -> int | None:
    """Compute again the last days of open questions, past a first one; return the last done while others remain."""
    closings = clock.closing_days()
    waiting = Inquiry.objects.open().filter(pk__gt=after).select_related("collectivity__departement", "theme")
    batch = list(waiting.select_for_update(of=["self"]).order_by("pk")[:most])
    for inquiry in batch:
        set_due(inquiry, closings)
    Inquiry.objects.bulk_update(batch, ["due_on"])
    return batch[-1].pk if len(batch) == most else None


def locked(inquiry):
    return (
        Inquiry.objects.select_related("collectivity__departement", "theme")
        .select_for_update(of=["self"])
        .get(pk=inquiry.pk)
    )


def happen(inquiry, kind, *, by=None, state=None, key=""):
    """Write the event, and what follows from it."""
    inquiry.state = state or inquiry.state
    inquiry.changed_at = timezone.now()
    inquiry.closed_at = (inquiry.closed_at or inquiry.changed_at) if inquiry.is_over else None
    Event.objects.create(inquiry=inquiry, kind=kind, state=inquiry.state, key=key, by=by, at=inquiry.changed_at)
    set_due(inquiry)
    inquiry.save()


def say(inquiry, kind, text, *, by, key=None):
    html = "" if kind == MessageKind.ASKER else writing.to_html(text)
    return Message.objects.create(inquiry=inquiry, kind=kind, text=text, html=html, author=by, sent_key=key)


def key_of(inquiry, kind, text, key):
    """Of one form, for one act and one text: sent again they are one message, changed in between they are another."""
    return hashlib.sha256("\0".join((str(inquiry.pk), kind, key, text)).encode()).hexdigest()


def is_sent(key):
    return Message.objects.filter(sent_key=key).exists()


def refuse_unread(inquiry, seen):
    """Nobody answers over a message that they have not read."""
    if inquiry.last_message != seen:
        raise Refused(NEWER)


def at_work(inquiry):
    return State.IN_PROGRESS if inquiry.adviser_id else State.RECEIVED


def refuse_unless(allowed):
    if not allowed:
        raise Refused(CHANGED)
