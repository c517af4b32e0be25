"""Real workers, ended in the ways in which processes end."""

import json
import signal
from collections import Counter

from django.core.management import call_command
from django.db import connection, transaction

from jobs import outbox, queue
from jobs.models import MAX_ATTEMPTS, Job, Mail
from tests.jobs.conftest import bring_forward, wait_until

WRITES, MAILS = 650, 350  # a thousand jobs in all
ROUNDS = 5


def test_once_does_one_and_until_idle_the_rest(effects):
    for number in range(4):
        queue.put("sample.write", number=number)
    call_command("worker", "--once")
    assert effects() == [0]
    call_command("worker", "--until-idle")
    assert effects()[-4:] == [0, 1, 2, 3]


def test_asked_to_stop_it_finishes_the_current_job_and_begins_no_other(effects, start_worker, tmp_path):
    for number in (1, 2):
        queue.put("sample.tell_and_write", number=number, file=str(tmp_path / f"begun-{number}"))
    worker = start_worker()
    wait_until((tmp_path / "begun-1").exists)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(120) == 0
    assert [number for number in effects() if number] == [1]
    assert not (tmp_path / "begun-2").exists()
    assert Job.objects.get(args__number=2).attempts == 0


def test_at_rest_it_stops_at_once(start_worker):
    worker = start_worker()
    wait_until(lambda: "sample.tick" in worker.log.read_text())
    worker.send_signal(signal.SIGINT)
    assert worker.wait(20) == 0


def test_each_job_has_its_line_in_the_journal(effects, start_worker):
    queue.put("sample.write", number=7)
    queue.put("sample.write_then_fail", number=8, person="Mme Martin")
    worker = start_worker("--until-idle")
    assert worker.wait(120) == 0
    lines = [json.loads(line) for line in worker.log.read_text().splitlines()]
    by_task = {line["task"]: line for line in lines}
    assert (by_task["sample.write"]["result"], by_task["sample.write"]["attempt"]) == ("done", 1)
    assert by_task["sample.write"]["ms"] > 0
    failed = by_task["sample.write_then_fail"]
    assert (failed["result"], failed["level"]) == ("retry", "warning")
    assert "write_then_fail" in failed["traceback"]
    assert "Martin" not in json.dumps(failed)


def test_two_workers_do_a_periodic_task_once_a_period(effects, start_worker):
    workers = [start_worker(), start_worker()]
    wait_until(lambda: Job.objects.filter(task="sample.tick").done().count() >= 4)
    for worker in workers:
        worker.send_signal(signal.SIGTERM)
    assert [worker.wait(120) for worker in workers] == [0, 0]
    assert len(effects()) == Job.objects.filter(task="sample.tick").done().count()


def test_a_job_that_kills_its_worker_does_not_hold_the_others_up_and_is_given_up(effects, start_worker):
    queue.put("sample.die")
    queue.put("sample.write", number=7)
    assert start_worker("--until-idle").wait(120) == -signal.SIGKILL
    assert 7 not in effects()
    assert start_worker("--until-idle").wait(120) == 0
    assert 7 in effects()
    fatal = Job.objects.filter(task="sample.die")
    assert fatal.get().attempts == 1
    fatal.update(attempts=MAX_ATTEMPTS)
    bring_forward()
    assert start_worker("--until-idle").wait(120) == 0
    assert fatal.get().get_state() == "abandonné"


def test_a_lost_connection_is_found_again(effects, start_worker):
    worker = start_worker()
    wait_until(lambda: 0 in effects())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    queue.put("sample.write", number=7)
    wait_until(lambda: 7 in effects())
    assert worker.poll() is None


def test_nothing_is_lost_nor_done_twice_when_workers_are_killed(effects, start_worker, mail_server):
    """Two workers killed together, again and again, in the middle of their work."""
    with transaction.atomic():
        for number in range(1, WRITES + 1):
            queue.put("sample.write_and_linger", number=number)
            if number <= MAILS:
                outbox.put(outbox.Message(to=f"elue-{number}@mairie.fr", subject="Bonjour", body="Bonjour"))
    mail_server.slowness = 0.005  # most kills fall before or after the moment when the server takes the mail
    kills = 0
    for _ in range(ROUNDS):
        before, sent = len(effects()), len(mail_server.received)
        workers = [start_worker(EMAIL_URL=mail_server.url) for _ in range(2)]
        wait_until(lambda: len(effects()) - before > 40 and len(mail_server.received) - sent > 30)  # noqa: B023
        for worker in workers:
            assert worker.poll() is None
            worker.kill()
            kills += 1
        for worker in workers:
            worker.wait()
    assert Job.objects.pending().count() > 100, "The killing came too late to prove anything."

    while bring_forward():
        workers = [start_worker("--until-idle", EMAIL_URL=mail_server.url) for _ in range(2)]
        assert [worker.wait(120) for worker in workers] == [0, 0]

    assert [number for number in effects() if number] == list(range(1, WRITES + 1))
    received = Counter(str(message["Message-ID"]) for message in mail_server.received)
    assert set(received) == {mail.message_id for mail in Mail.objects.all()}
    assert len(received) == MAILS
    assert received.total() - MAILS <= kills
    assert not Mail.objects.waiting().exists()
    assert not Job.objects.dead().exists()
