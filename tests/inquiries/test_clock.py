"""Delays in working days, on dates that anybody can check in a calendar."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inquiries.clock import WorkingDays, due_on
from inquiries.models import Event, EventKind

from .factories import at

LOZERE = WorkingDays("48")
MOSELLE = WorkingDays("57")


def happened(*steps):
    return [Event(kind=kind, at=at(day)) for kind, day in steps]


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (date(2026, 11, 23), date(2026, 11, 30)),  # a Monday: five days, the week-end not counted
        (date(2026, 11, 21), date(2026, 11, 27)),  # a Saturday: counted from the Monday
        (date(2026, 12, 31), date(2027, 1, 8)),  # the first of January is a Friday
        (date(2026, 4, 3), date(2026, 4, 13)),  # the Friday before Easter Monday
        (date(2026, 5, 13), date(2026, 5, 21)),  # the eve of Ascension
        (date(2026, 7, 13), date(2026, 7, 21)),  # the eve of the fourteenth of July
    ],
)
def test_a_question_is_due_five_working_days_later(asked, due):
    assert due_on(happened((EventKind.ASKED, asked)), LOZERE, 5) == due


def test_in_moselle_good_friday_and_saint_stephen_are_holidays():
    assert due_on(happened((EventKind.ASKED, date(2026, 4, 1))), LOZERE, 2) == date(2026, 4, 3)
    assert due_on(happened((EventKind.ASKED, date(2026, 4, 1))), MOSELLE, 2) == date(2026, 4, 7)
    assert not MOSELLE.has(date(2025, 12, 26))
    assert LOZERE.has(date(2025, 12, 26))
    assert not WorkingDays("67").has(date(2025, 12, 26))


def test_overseas_the_abolition_of_slavery_is_a_holiday():
    assert not WorkingDays("972").has(date(2026, 5, 22))
    assert LOZERE.has(date(2026, 5, 22))


def test_the_service_may_be_closed():
    closed = WorkingDays("48", ((date(2026, 12, 24), date(2026, 12, 31)),))
    assert due_on(happened((EventKind.ASKED, date(2026, 12, 22))), closed, 2) == date(2027, 1, 4)


def test_the_clock_stops_while_a_detail_is_awaited():
    asked = [(EventKind.ASKED, date(2026, 11, 2)), (EventKind.DETAIL_ASKED, date(2026, 11, 4))]
    assert due_on(happened(*asked), LOZERE, 5) is None
    replied = [*asked, (EventKind.REPLIED, date(2026, 11, 16))]
    # The 3rd and 4th counted, then the 17th, 18th and 19th.
    assert due_on(happened(*replied), LOZERE, 5) == date(2026, 11, 19)


def test_a_reopened_question_has_a_delay_of_its_own():
    steps = [(EventKind.ASKED, date(2026, 11, 2)), (EventKind.ANSWERED, date(2026, 11, 4))]
    assert due_on(happened(*steps), LOZERE, 5) is None
    assert due_on(happened(*steps, (EventKind.REOPENED, date(2026, 11, 20))), LOZERE, 5) == date(2026, 11, 27)


@given(st.dates(date(2024, 1, 1), date(2032, 1, 1)), st.integers(1, 40), st.sampled_from(["48", "57", "974"]))
def test_as_many_days_are_left_as_were_given(start, count, departement):
    days = WorkingDays(departement)
    due = days.after(start, count)
    assert days.has(due)
    assert days.between(start, due) == count
    assert days.between(due, start) == -count
