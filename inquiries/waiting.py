"""What time does to a question: reminders, closing, erasing; the only place where these delays are written.

The page of a question, its mails and « Données personnelles » read them from here.
"""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from .models import Event, EventKind, Inquiry, State

RESPITE = timedelta(days=7)
"""Between the mail that announces a closing and the closing: a town hall open two mornings a week reads it once."""
RATED_AFTER = timedelta(days=5)
"""An answer is judged once it was used: not the evening it was read."""
RATED_BEFORE = timedelta(days=20)
"""Later, and to a question that its asker closed themselves, the request would only disturb."""
RATING = "noter"


@dataclass(frozen=True, kw_only=True)
class Wait:
    """A state in which the next word is the asker's, since an event; without it, a reminder, then the closing."""

    state: State
    begins: EventKind
    reminded: timedelta
    closed: timedelta

    def begun(self):
        lived = Inquiry.objects.filter(state=self.state, is_example=False)
        return lived.annotate(since=last(self.begins), told=last(EventKind.REMINDED, key=self.state))

    def to_remind(self):
        is_untold = Q(told=None) | Q(told__lt=F("since"))
        return self.begun().filter(is_untold, since__lte=timezone.now() - self.reminded)

    def to_close(self):
        """Whoever was not told in time, because nothing ran for a while, gets the whole respite."""
        now = timezone.now()
        return self.begun().filter(
            since__lte=now - self.closed,
            told__gte=F("since"),
            told__lte=now - min(RESPITE, self.closed - self.reminded),
        )


WAITS = [
    # A detail takes a fortnight of municipal life at most: a council, a holiday. After a month, nobody looks for it.
    Wait(
        state=State.TO_COMPLETE,
        begins=EventKind.DETAIL_ASKED,
        reminded=timedelta(days=10),
        closed=timedelta(days=30),
    ),
    # An answer is read, tried, discussed in council: a month; told a week before.
    Wait(
        state=State.ANSWERED,
        begins=EventKind.ANSWERED,
        reminded=timedelta(days=30) - RESPITE,
        closed=timedelta(days=30),
    ),
]


def last(kind: EventKind, **more):
    """When something last happened to each question of a QuerySet."""
    return Subquery(
        Event.objects.filter(inquiry=OuterRef("pk"), kind=kind, **more).order_by("-at", "-pk").values("at")[:1]
    )


def to_rate():
    """Answered some days ago, and neither rated nor asked to be; those that their askers closed, too."""
    now = timezone.now()
    is_settled = Q(state=State.ANSWERED) | Q(
        state=State.CLOSED, erased_at=None, closed_at__isnull=False, closed_at__gte=now - RATED_BEFORE
    )
    return (
        Inquiry.objects.filter(is_settled, rating=None, is_example=False)
        .annotate(since=last(EventKind.ANSWERED), told=last(EventKind.REMINDED, key=RATING))
        .filter(Q(told=None) | Q(told__lt=F("since")), since__lte=now - RATED_AFTER, since__gte=now - RATED_BEFORE)
    )


def to_erase():
    """Over for so long that who asked serves nobody any more."""
    return Inquiry.objects.filter(
        erased_at=None,
        closed_at__isnull=False,
        closed_at__lt=_end_of(last_day_before(timezone.localdate(), settings.RETENTION_MONTHS)),
        is_example=False,
    )


def closes_on(inquiry: Inquiry) -> date | None:
    """The day on which the question closes by itself if its asker says nothing."""
    for wait in WAITS:
        if inquiry.state == wait.state:
            begun = wait.begun().filter(pk=inquiry.pk).values_list("since", "told").first()
            return _closing_day(wait, *begun) if begun and begun[0] else None
    return None


def _closing_day(wait, since, told):
    due = since + wait.closed
    if told and told >= since:
        due = max(due, told + RESPITE)
    return timezone.localdate(max(due, timezone.now()))


def erased_on(inquiry: Inquiry) -> date | None:
    """The day on which who asked is forgotten."""
    if inquiry.closed_at is None or inquiry.erased_at:
        return None
    return months_after(timezone.localdate(inquiry.closed_at), settings.RETENTION_MONTHS)


def months_after(day: date, count: int) -> date:
    """The same day of another month, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def last_day_before(day: date, count: int) -> date:
    """The last day since which so many months have passed on this one, as `months_after` counts them.

    On 28 February, six months have passed since 31 August, and on 30 August since 28 February.
    """
    same = months_after(day, -count)
    return max(same, months_after(day + timedelta(days=1), -count) - timedelta(days=1))


def _end_of(day):
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
