"""Put a job, take one, do it."""

import contextlib
import logging
import time
import traceback
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any

from django.db import transaction
from django.utils import timezone

from .models import MAX_ATTEMPTS, Job, delay
from .registry import PERIODS, TASKS, Task

log = logging.getLogger("jobs")


class TaskFailed(Exception):
    """Raised by a task that failed for a known reason; its text is kept with the job, so it names nobody."""


def put(task: str, /, *, key: str | None = None, run_at: datetime | None = None, **args: Any) -> None:
    """Have a task done once the caller's transaction is committed, never if it is rolled back.

    With a key, nothing happens when a job of this key exists, done or not.
    """
    if task not in TASKS:
        raise LookupError(f"No task is named {task}.")
    job = Job(task=task, key=key, args=args, run_at=run_at or timezone.now())
    Job.objects.bulk_create([job], ignore_conflicts=key is not None)


def put_periodic(known: dict[str, datetime]) -> None:
    """Put the jobs of the periods that began; `known` remembers them between two calls."""
    now = timezone.now()
    for period in PERIODS.values():
        due = period.latest(now)
        if known.get(period.task) != due:
            put(period.task, key=period.key(due), run_at=due)
            known[period.task] = due


def claim() -> Job | None:
    """Take the first job that is ready, away from the other workers.

    The attempt is counted and the next one planned before the work begins: a job that kills its worker comes back
    later each time, and is given up like any other.
    """
    while True:
        with transaction.atomic():
            job = Job.objects.ready().select_for_update(skip_locked=True).first()
            if job is None:
                return None
            if job.attempts < MAX_ATTEMPTS:
                job.attempts += 1
                job.run_at = timezone.now() + _respite(job)
                job.save(update_fields=["attempts", "run_at"])
                return job
            job.dead_at, job.error = timezone.now(), "Le processus est mort pendant le dernier essai."
            job.save(update_fields=["dead_at", "error"])
        _tell(job, "dead")


def _respite(job: Job) -> timedelta:
    """How long the job is left to the process that took it."""
    task = TASKS.get(job.task)
    pause = delay(job.attempts)
    return max(pause, task.lease) if task and task.lease else pause


def work(job: Job) -> None:
    """Do a job that was claimed, and write how it ended along with its effects."""
    started = time.monotonic()
    task = TASKS.get(job.task)
    is_slow = task is not None and task.lease is not None
    ours = Job.objects.pending().filter(pk=job.pk, attempts=job.attempts)
    with contextlib.nullcontext() if is_slow else transaction.atomic():
        if not is_slow and not list(ours.select_for_update(skip_locked=True)):
            return  # this process slept so long that another one took over
        error = _attempt(task, job)
        ours.update(**_outcome(job, error))
    result = "done" if error is None else "dead" if job.attempts >= MAX_ATTEMPTS else "retry"
    _tell(job, result, error, ms=round((time.monotonic() - started) * 1000, 1))


def do_next() -> bool:
    """Do one job; return False when none is ready."""
    job = claim()
    if job is None:
        return False
    work(job)
    return True


def do_ready() -> int:
    """Do jobs until none is ready, and return how many."""
    count = 0
    while do_next():
        count += 1
    return count


def _attempt(task: Task | None, job: Job) -> Exception | None:
    try:
        if task is None:
            raise TaskFailed("Aucune tâche ne porte ce nom dans la version du portail qui tourne.")
        if task.lease:
            task.run(**job.args)
        else:
            with transaction.atomic():
                task.run(**job.args)
    except Exception as error:  # noqa: BLE001, RUF100 - whatever a task raises is written down and tried again
        return error
    return None


def _outcome(job: Job, error: Exception | None) -> dict[str, Any]:
    now = timezone.now()
    if error is None:
        return {"done_at": now, "error": ""}
    if job.attempts >= MAX_ATTEMPTS:
        return {"dead_at": now, "error": describe(error)}
    return {"run_at": now + delay(job.attempts), "error": describe(error)}


def describe(error: Exception) -> str:
    """The kind and the place of an error; its text quotes what people wrote, so only ours is kept."""
    kind = type(error)
    place = traceback.extract_tb(error.__traceback__)[-1]
    told = f"{kind.__module__}.{kind.__qualname__} ({PurePath(place.filename).name}, ligne {place.lineno})"
    return (str(error) if isinstance(error, TaskFailed) else told)[:500]


def _tell(job: Job, result: str, error: Exception | None = None, **more: Any) -> None:
    fields = {"job": job.pk, "task": job.task, "attempt": job.attempts, "result": result, **more}
    if error is not None:
        fields["error"] = describe(error)
    level = {"done": logging.INFO, "retry": logging.WARNING}.get(result, logging.ERROR)
    log.log(level, "job", extra={"fields": fields}, exc_info=error)
