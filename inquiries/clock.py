"""Delays in working days: neither week-ends, nor public holidays, nor the days on which the service is closed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

import holidays
from django.utils import timezone

from territories.models import Collectivity, Kind

from .models import ANSWER_DAYS, ClosingDays, Event, EventKind

ALSACE = "6AE"
HOLIDAYS_OF = {"57": "57", "67": ALSACE, "68": ALSACE} | {code: code for code in ("971", "972", "973", "974", "976")}
"""Public holidays of their own: Code du travail, art. L3134-13 (Alsace-Moselle), L3422-2 (overseas)."""

RESTARTS = {EventKind.ASKED, EventKind.REOPENED}
ENDS = {
    EventKind.ANSWERED,
    EventKind.CLOSED,
    EventKind.REFERRED,
    EventKind.REFUSED,
    EventKind.DUPLICATED,
    EventKind.WITHDRAWN,
}


@cache
def public_holidays(departement: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("FR", subdiv=HOLIDAYS_OF.get(departement), years=year))


@dataclass(frozen=True)
class WorkingDays:
    """The calendar of a département, with the closing days of the service: loaded once for a whole list."""

    departement: str = ""
    closings: tuple[tuple[date, date], ...] = field(default=())

    @classmethod
    def of(cls, collectivity: Collectivity, closings: tuple[tuple[date, date], ...] | None = None) -> "WorkingDays":
        return cls(departement_of(collectivity), closing_days() if closings is None else closings)

    def has(self, day: date) -> bool:
        is_closed = any(first <= day <= last for first, last in self.closings)
        return day.weekday() < 5 and not is_closed and day not in public_holidays(self.departement, day.year)

    def after(self, start: date, count: int, pauses: Iterable[tuple[date, date]] = ()) -> date:
        """The day that ends `count` working days begun the day after `start`; those of a pause do not count."""
        stops = list(pauses)
        day = start
        while count:
            day += timedelta(days=1)
            if self.has(day) and not any(stopped < day <= resumed for stopped, resumed in stops):
                count -= 1
        return day

    def between(self, start: date, end: date, pauses: Iterable[tuple[date, date]] = ()) -> int:
        """How many working days end after `start`, up to `end` included; negative when `end` comes first."""
        if end < start:
            return -self.between(end, start, pauses)
        stops = list(pauses)
        later = (start + timedelta(days=number) for number in range(1, (end - start).days + 1))
        return sum(self.has(day) and not any(stopped < day <= resumed for stopped, resumed in stops) for day in later)


def closing_days() -> tuple[tuple[date, date], ...]:
    return tuple(ClosingDays.objects.values_list("first", "last"))


def departement_of(collectivity: Collectivity) -> str:
    if collectivity.kind == Kind.DEPARTEMENT:
        return collectivity.code
    return collectivity.departement.code if collectivity.departement else ""


def answer_days(inquiry) -> int:
    return inquiry.theme.answer_days if inquiry.theme else ANSWER_DAYS


def due_on(events: Iterable[Event], days: WorkingDays, count: int) -> date | None:
    """The last day for answering, `count` working days after the question or its reopening; None when nobody waits.

    The day on which something is asked does not count, whatever the hour; neither do those spent waiting for a detail,
    that of the reply included.
    """
    start: date | None = None
    stopped: date | None = None
    pauses: list[tuple[date, date]] = []
    for event in events:
        day = timezone.localdate(event.at)
        if event.kind in RESTARTS:
            start, stopped, pauses = day, None, []
        elif event.kind in ENDS:
            start = None
        elif event.kind == EventKind.DETAIL_ASKED:
            stopped = stopped or day
        elif event.kind == EventKind.REPLIED and stopped:
            pauses.append((stopped, day))
            stopped = None
    if start is None or stopped:
        return None
    return days.after(start, count, pauses)


def days_taken(events: Iterable[Event], days: WorkingDays) -> int | None:
    """Working days from the question, or its last reopening, up to its answer; None while there is none.

    Those spent waiting for a detail are left out, as they are of the delay.
    """
    start: date | None = None
    stopped: date | None = None
    pauses: list[tuple[date, date]] = []
    taken: int | None = None
    for event in events:
        day = timezone.localdate(event.at)
        if event.kind in RESTARTS:
            start, stopped, pauses = day, None, []
        elif event.kind == EventKind.DETAIL_ASKED:
            stopped = stopped or day
        elif event.kind in {EventKind.REPLIED, EventKind.ANSWERED}:
            if stopped:
                pauses.append((stopped, day))
                stopped = None
            if event.kind == EventKind.ANSWERED and start:
                taken, start = days.between(start, day, pauses), None
    return taken
