import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from jobs import queue
from jobs.models import FIRST_DELAY, LONGEST_DELAY, MAX_ATTEMPTS, Job, delay
from tests.jobs.conftest import bring_forward


def test_a_job_is_done_once(effects):
    queue.put("sample.write", number=7)
    assert queue.do_ready() == 1
    assert queue.do_ready() == 0
    assert effects() == [7]
    assert Job.objects.get().get_state() == "fait"


def test_what_is_rolled_back_never_runs(effects):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        queue.put("sample.write", number=7)
        raise ZeroDivisionError
    assert queue.do_ready() == 0
    assert effects() == []


def test_a_job_waits_for_its_hour(effects):
    queue.put("sample.write", number=7, run_at=timezone.now() + timedelta(hours=1))
    assert queue.do_ready() == 0
    bring_forward()
    assert queue.do_ready() == 1


def test_the_oldest_goes_first(effects):
    for number, minutes in ((1, 5), (2, 10), (3, 1)):
        queue.put("sample.write", number=number, run_at=timezone.now() - timedelta(minutes=minutes))
    queue.do_next()
    assert effects() == [2]


def test_a_key_is_used_once_even_after_the_job_is_done(effects):
    for _ in range(2):
        queue.put("sample.write", key="lettre:12", number=7)
        queue.do_ready()
    assert effects() == [7]


def test_a_misspelt_task_is_refused_at_once(sample):
    with pytest.raises(LookupError, match=r"sample\.wirte"):
        queue.put("sample.wirte", number=7)


def test_a_failure_leaves_nothing_and_is_tried_again_later_each_time(effects):
    queue.put("sample.write_then_fail", number=7, person="Mme Martin")
    pauses = []
    for attempt in range(1, MAX_ATTEMPTS + 1):
        before = timezone.now()
        assert queue.do_ready() == 1
        job = Job.objects.get()
        assert job.attempts == attempt
        pauses.append(job.run_at - before)
        bring_forward()
    assert effects() == []
    assert job.get_state() == "abandonné"
    assert queue.do_ready() == 0
    assert FIRST_DELAY <= pauses[0] < pauses[1] < pauses[2] < pauses[-2]
    assert timedelta(days=1) < sum((delay(n) for n in range(1, MAX_ATTEMPTS)), timedelta()) < timedelta(days=3)
    assert delay(MAX_ATTEMPTS) == LONGEST_DELAY


def test_an_error_is_kept_by_its_kind_and_place_never_by_its_words(effects, caplog):
    queue.put("sample.write_then_fail", number=7, person="Mme Martin")
    queue.do_next()
    job = Job.objects.get()
    assert job.error.startswith("builtins.ValueError (tasks.py, ligne ")
    assert "Martin" not in job.error
    [record] = [record for record in caplog.records if record.name == "jobs"]
    assert record.fields["result"] == "retry"
    assert record.fields["task"] == "sample.write_then_fail"
    assert "Martin" not in str(record.fields)


def test_what_was_given_up_can_be_tried_again(effects):
    queue.put("sample.write", number=7)
    Job.objects.update(attempts=MAX_ATTEMPTS, dead_at=timezone.now(), error="x")
    assert queue.do_ready() == 0
    assert Job.objects.dead().run_now() == 1
    assert queue.do_ready() == 1
    assert effects() == [7]


def test_what_is_done_is_not_done_again_by_insisting(effects):
    queue.put("sample.write", number=7)
    queue.do_ready()
    assert Job.objects.run_now() == 0


def test_a_task_that_this_version_does_not_know_waits_for_one_that_does(effects):
    Job.objects.create(task="sample.of_tomorrow")
    assert queue.do_ready() == 1
    job = Job.objects.get()
    assert (job.get_state(), job.attempts) == ("en échec, sera réessayé", 1)
    assert "Aucune tâche ne porte ce nom" in job.error


def test_a_slow_call_holds_no_transaction(effects):
    queue.put("sample.over_the_network", number=7)
    queue.do_ready()
    assert Job.objects.get().get_state() == "fait"


def test_a_slow_call_is_left_alone_during_its_lease(effects):
    queue.put("sample.over_the_network", number=7)
    job = queue.claim()
    assert job is not None
    assert queue.claim() is None
    assert job.run_at - timezone.now() > timedelta(seconds=50)


def test_a_process_that_slept_too_long_does_not_do_what_another_did(effects, monkeypatch):
    monkeypatch.setattr(queue, "delay", lambda attempts: timedelta(seconds=-1))
    queue.put("sample.write", number=7)
    late = queue.claim()
    assert late is not None
    assert queue.do_next()
    queue.work(late)
    assert effects() == [7]
    assert Job.objects.get().attempts == 2


def test_a_job_being_done_is_taken_by_nobody_else(effects, monkeypatch):
    monkeypatch.setattr(queue, "delay", lambda attempts: timedelta(seconds=-1))  # its respite is over already
    begun, go_on = threading.Event(), threading.Event()

    def wait(number):
        begun.set()
        assert go_on.wait(120)
        effects_of_the_first.append(number)

    effects_of_the_first: list[int] = []
    monkeypatch.setitem(queue.TASKS, "sample.wait", queue.Task("sample.wait", wait, None))

    def first_worker():
        try:
            queue.do_next()
        finally:
            connection.close()

    queue.put("sample.wait", number=7)
    thread = threading.Thread(target=first_worker)
    thread.start()
    try:
        assert begun.wait(120)
        assert queue.do_next() is False
    finally:
        go_on.set()
        thread.join()
    assert effects_of_the_first == [7]
    assert Job.objects.get().get_state() == "fait"
