"""What can be done in the background: each app registers its tasks in its module tasks.py."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from django.utils import timezone

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
LONGEST_PERIOD = timedelta(days=7)  # well below the time for which the rows of past runs, hence their keys, are kept


@dataclass(frozen=True)
class Task:
    """A stable word, stored in the rows, and what it does.

    Without lease, the function runs in the transaction that marks the job as done: its effects in the database
    happen once, or not at all. With a lease, it runs outside of any transaction, for slow calls over the network: no
    other worker takes the job before the lease ends, and a worker that dies in between has it done once more.
    """

    name: str
    run: Callable[..., None]
    lease: timedelta | None


@dataclass(frozen=True)
class Period:
    """When a periodic task is due: at each multiple of a duration, or each day at an hour of the local clock."""

    task: str
    every: timedelta | None
    daily_at: time | None

    def latest(self, now: datetime) -> datetime:
        if self.every:
            return EPOCH + (now - EPOCH) // self.every * self.every
        local = timezone.localtime(now)
        due = datetime.combine(local.date(), self.daily_at or time(), tzinfo=local.tzinfo)
        return due if due <= local else datetime.combine(local.date() - timedelta(days=1), due.timetz())

    def key(self, due: datetime) -> str:
        """The same for every worker, so that one row at most exists for a period."""
        return f"{self.task}:{due.date() if self.daily_at else due.isoformat(timespec='seconds')}"


TASKS: dict[str, Task] = {}
PERIODS: dict[str, Period] = {}


def task(name: str, *, lease: timedelta | None = None):
    """Register a function as the task of this name."""

    def register(function):
        if name in TASKS and TASKS[name].run is not function:
            raise ValueError(f"Two tasks are named {name}.")
        TASKS[name] = Task(name, function, lease)
        return function

    return register


def periodic(
    name: str, *, every: timedelta | None = None, daily_at: time | None = None, lease: timedelta | None = None
):
    """Register a function without argument as a task that the workers put by themselves, once a period."""
    if (every is None) == (daily_at is None):
        raise ValueError(f"{name} is done every so often, or daily at some time: say one of both.")
    if every is not None and not timedelta(seconds=1) <= every <= LONGEST_PERIOD:
        raise ValueError(f"The period of {name} is not between a second and {LONGEST_PERIOD.days} days.")

    def register(function):
        PERIODS[name] = Period(name, every, daily_at)
        return task(name, lease=lease)(function)

    return register
