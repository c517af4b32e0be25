"""How long a question has waited, or took, in working days: words first, and a figure beside them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from . import clock
from .models import Event, Inquiry, State

GREEN_UP_TO = 0.59
"""Of the delay; then it is ochre, and red once it is late (`.age` of the style sheet)."""


@dataclass(frozen=True)
class Delay:
    """`used` of `given` days; without figures when the clock is stopped or the question answered."""

    text: str
    is_late: bool = False
    used: int = 0
    given: int = 0

    @property
    def used_text(self) -> str:
        return f"Délai consommé\u00a0: {in_days(self.used)} sur {self.given}"

    @property
    def value(self) -> int:
        return self.given if self.is_late else self.used

    @property
    def low(self) -> str:
        return f"{self.given * GREEN_UP_TO:.2f}"

    @property
    def high(self) -> str:
        return f"{self.given - 0.05:.2f}" if self.is_late else str(self.given)


def delay_of(inquiry: Inquiry, closings: tuple[tuple[date, date], ...], events: Iterable[Event]) -> Delay:
    """`events` of the question serve once it is answered; the closing days are loaded once for a list."""
    days = clock.WorkingDays.of(inquiry.collectivity, closings)
    if inquiry.due_on:
        return _running(inquiry.due_on, days, clock.answer_days(inquiry))
    if inquiry.state == State.TO_COMPLETE:
        return Delay("Délai suspendu")
    taken = clock.days_taken(events, days)
    if taken is None:
        return Delay("Sans réponse")
    return Delay(f"En {in_days(taken)}" if taken else "Le jour même")


def _running(due_on, days, given):
    today = timezone.localdate()
    left = days.between(today, due_on)
    used = max(given - left, 0)
    if due_on < today:
        return Delay(_late_by(-left), is_late=True, used=used, given=given)
    if due_on == today:
        return Delay("Aujourd’hui", used=used, given=given)
    return Delay(f"Reste {in_days(left)}", used=used, given=given)


def _late_by(count):
    """On the Saturday after its last day, a question is late by no working day yet."""
    if not count:
        return "En retard"
    return f"En retard de {in_days(count)}" if count > 1 else "En retard d’un jour"


def in_days(count: int) -> str:
    return f"{count} jour{'s' if count > 1 else ''}"
