from datetime import timedelta

import pytest
from django.utils import timezone

from experiences.models import State
from experiences.tasks import OVERDUE, mark_overdue
from jobs.registry import PERIODS
from tests.experiences.factories import make_experience

pytestmark = pytest.mark.django_db


def state_after(**fields):
    experience = make_experience(**fields)
    mark_overdue()
    experience.refresh_from_db(fields=["state", "revision_reason"])
    return experience.state, experience.revision_reason


def test_a_sheet_whose_check_is_past_says_so():
    yesterday = timezone.localdate() - timedelta(days=1)
    assert state_after(next_check_on=yesterday) == (State.TO_REVISE, OVERDUE)


def test_the_day_itself_is_not_late_and_no_date_is_never_late():
    assert state_after(next_check_on=timezone.localdate()) == (State.PUBLISHED, "")
    assert state_after(next_check_on=None) == (State.PUBLISHED, "")


def test_only_published_sheets_are_concerned():
    long_ago = timezone.localdate() - timedelta(days=400)
    for state in (State.ARCHIVED, State.WRITING):
        assert state_after(state=state, next_check_on=long_ago)[0] == state


def test_the_history_keeps_why():
    experience = make_experience(next_check_on=timezone.localdate() - timedelta(days=1))
    mark_overdue()
    assert experience.history.first().history_change_reason == "À réviser"


def test_the_worker_knows_when():
    assert PERIODS["experiences.mark_overdue"].daily_at is not None
