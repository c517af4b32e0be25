from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from jobs import queue
from jobs.models import MAX_ATTEMPTS, Job, Mail
from jobs.registry import EPOCH, Period, periodic, task
from jobs.tasks import purge


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-23T03:29:59+01:00", "2026-11-22T03:30:00+01:00"),
        ("2026-11-23T03:30:00+01:00", "2026-11-23T03:30:00+01:00"),
        ("2026-11-23T23:59:00+01:00", "2026-11-23T03:30:00+01:00"),
        ("2026-11-23T23:30:00+00:00", "2026-11-23T03:30:00+01:00"),  # past midnight in Paris
        ("2026-03-29T12:00:00+02:00", "2026-03-29T03:30:00+02:00"),  # the day without two o’clock
    ],
)
def test_each_day_at_an_hour_of_the_clock_on_the_wall(now, due):
    period = Period("t", None, time(3, 30))
    found = period.latest(datetime.fromisoformat(now))
    assert found == datetime.fromisoformat(due)
    assert period.key(found) == f"t:{due[:10]}"


def test_every_so_often_the_same_for_all_workers():
    period = Period("t", timedelta(minutes=15), None)
    for seconds in (0, 1, 899):
        assert period.latest(EPOCH + timedelta(hours=1, seconds=seconds)) == EPOCH + timedelta(hours=1)
    assert period.key(datetime(2026, 11, 23, 10, 15, tzinfo=UTC)) == "t:2026-11-23T10:15:00+00:00"


@pytest.mark.parametrize(
    "when",
    [{}, {"every": timedelta(hours=1), "daily_at": time(3)}, {"every": timedelta(0)}, {"every": timedelta(days=31)}],
)
def test_a_period_that_would_not_work_is_refused(when):
    with pytest.raises(ValueError, match=r"sample\.bad"):
        periodic("sample.bad", **when)


def test_two_tasks_do_not_bear_one_name():
    with pytest.raises(ValueError, match=r"jobs\.purge"):
        task("jobs.purge")(lambda: None)


@pytest.mark.django_db
def test_workers_put_a_period_once():
    for _ in range(2):  # two workers, that know nothing of each other
        queue.put_periodic({})
    assert Job.objects.filter(task="jobs.purge").count() == 1


@pytest.mark.django_db
def test_the_purge_forgets_what_is_settled_and_keeps_the_rest():
    now = timezone.now()
    long_ago, longer_ago = now - timedelta(days=31), now - timedelta(days=181)
    jobs: dict[str, dict[str, Any]] = {
        "done": {"done_at": now},
        "done long ago": {"done_at": long_ago},
        "dead": {"dead_at": long_ago, "attempts": MAX_ATTEMPTS},
        "dead long ago": {"dead_at": longer_ago},
        "waiting": {"run_at": longer_ago},
    }
    for key, fields in jobs.items():
        Job.objects.create(task="jobs.purge", key=key, **fields)
    for subject, fields in {
        "sent": {"sent_at": now, "created_at": now},
        "sent long ago": {"sent_at": long_ago, "created_at": long_ago},
        "refused long ago": {"refused_at": long_ago, "created_at": long_ago},
        "waiting": {"created_at": long_ago},
        "waiting for too long": {"created_at": longer_ago},
    }.items():
        mail = Mail.objects.create(subject=subject, to="elue@mairie.fr")
        Mail.objects.filter(pk=mail.pk).update(**fields)
    purge()
    assert set(Job.objects.values_list("key", flat=True)) == {"done", "dead", "waiting"}
    assert set(Mail.objects.values_list("subject", flat=True)) == {"sent", "waiting"}
