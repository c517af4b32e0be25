"""What time does to a question: reminders, closing, erasing; whatever the number of runs and of rows."""

import threading
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions import delete_account
from inquiries import actions, tasks, waiting
from inquiries.models import Draft, Event, EventKind, Inquiry, MessageKind, Notice, NoticeKind, State
from jobs import queue
from jobs.models import FORGOTTEN, Job, Mail
from tests.accounts.factories import make_user
from tests.jobs.conftest import bring_forward

from .factories import answered, detail_asked, make_inquiry, replied

pytestmark = pytest.mark.django_db


@pytest.fixture
def later(monkeypatch):
    """Let days pass: later(days=3)."""
    real, passed = timezone.now, [timedelta()]
    # Added to a local time, days keep the hour, whatever the season.
    monkeypatch.setattr(timezone, "now", lambda: (timezone.localtime(real()) + passed[0]).astimezone(UTC))

    def pass_time(**much):
        passed[0] += timedelta(**much)

    return pass_time


def run_all():
    for task in (tasks.remind, tasks.close, tasks.erase, tasks.drop_drafts):
        task()


def do_jobs():
    while Job.objects.pending().exists():
        bring_forward()
        queue.do_ready()


def told(inquiry):
    return [notice.kind for notice in inquiry.notices.order_by("pk")]


def test_a_detail_that_does_not_come_is_asked_again_after_ten_days_and_the_question_closes_after_thirty(
    later, elected, adviser
):
    inquiry = make_inquiry(elected)
    detail_asked(inquiry, adviser)
    days = {}
    for day in range(1, 40):
        later(days=1)
        run_all()
        run_all()
        inquiry.refresh_from_db()
        days[day] = (told(inquiry).count(NoticeKind.REMINDED), inquiry.state)
    assert days[9] == (0, State.TO_COMPLETE)
    assert days[10] == days[29] == (1, State.TO_COMPLETE)
    assert days[30] == days[39] == (1, State.CLOSED)
    assert told(inquiry).count(NoticeKind.CLOSED) == 1


def test_a_reply_stops_the_waiting_and_another_detail_begins_it_again(later, elected, adviser):
    inquiry = make_inquiry(elected)
    detail_asked(inquiry, adviser)
    later(days=12)
    run_all()
    replied(inquiry, elected)
    later(days=30)
    run_all()
    inquiry.refresh_from_db()
    assert inquiry.state == State.IN_PROGRESS
    detail_asked(inquiry, adviser)
    later(days=9)
    run_all()
    assert told(inquiry).count(NoticeKind.REMINDED) == 1
    later(days=1)
    run_all()
    assert told(inquiry).count(NoticeKind.REMINDED) == 2


def test_an_answer_is_rated_some_days_after_and_closed_after_a_month_with_a_week_of_warning(later, elected, adviser):
    inquiry = make_inquiry(elected)
    answered(inquiry, adviser)
    days = {}
    for day in range(1, 40):
        later(days=1)
        run_all()
        run_all()
        inquiry.refresh_from_db()
        kinds = told(inquiry)
        days[day] = (kinds.count(NoticeKind.RATE), kinds.count(NoticeKind.REMINDED), inquiry.state)
    assert days[4] == (0, 0, State.ANSWERED)
    assert days[5] == days[22] == (1, 0, State.ANSWERED)
    assert days[23] == days[29] == (1, 1, State.ANSWERED)
    assert days[30] == days[39] == (1, 1, State.CLOSED)


def test_nobody_is_closed_without_a_week_of_warning_even_if_nothing_ran_for_months(later, elected, adviser):
    inquiry = make_inquiry(elected)
    answered(inquiry, adviser)
    later(days=100)
    run_all()
    inquiry.refresh_from_db()
    assert inquiry.state == State.ANSWERED
    assert waiting.closes_on(inquiry) == timezone.localdate() + timedelta(days=7)
    later(days=7)
    run_all()
    inquiry.refresh_from_db()
    assert inquiry.state == State.CLOSED


def test_what_is_rated_is_not_asked_about(later, elected, adviser):
    inquiry = make_inquiry(elected)
    answered(inquiry, adviser)
    actions.rate(inquiry, 5, "", by=elected)
    later(days=6)
    run_all()
    assert NoticeKind.RATE not in told(inquiry)


def test_the_page_and_the_mail_tell_the_day_of_the_closing(later, elected, adviser):
    inquiry = make_inquiry(elected)
    answered(inquiry, adviser)
    inquiry.refresh_from_db()
    assert waiting.closes_on(inquiry) == timezone.localdate() + timedelta(days=30)
    closing = waiting.closes_on(inquiry)
    later(days=23)
    run_all()
    assert waiting.closes_on(inquiry) == closing


def test_who_asked_is_forgotten_six_months_after_the_end_and_what_was_said_stays(later, elected, adviser):
    inquiry = make_inquiry(elected)
    Inquiry.objects.filter(pk=inquiry.pk).update(phone="05 65 00 00 00")
    answered(inquiry, adviser)
    actions.share(inquiry, True, by=elected)
    inquiry = actions.solve(inquiry, by=elected)
    Mail.objects.update(sent_at=timezone.now())
    erased_on = waiting.erased_on(inquiry)
    assert erased_on
    later(days=(erased_on - timezone.localdate()).days - 1)
    run_all()
    inquiry.refresh_from_db()
    assert inquiry.asker == elected
    later(days=1)
    run_all()
    run_all()
    inquiry.refresh_from_db()
    assert (inquiry.asker, inquiry.asker_name, inquiry.email, inquiry.phone) == (None, "", "", "")
    assert (inquiry.is_shared, inquiry.function, inquiry.state) == (False, "adjoint", State.CLOSED)
    assert inquiry.messages.filter(kind=MessageKind.ASKER).get().author is None
    assert inquiry.messages.filter(kind=MessageKind.ANSWER).get().author == adviser
    assert not inquiry.events.filter(by=elected).exists()
    assert inquiry.events.filter(kind=EventKind.ERASED).count() == 1
    assert not Draft.objects.filter(owner=elected).exists()
    assert set(Mail.objects.filter(thread=inquiry.thread_name).values_list("to", "body")) == {(FORGOTTEN, "")}
    client = Client()
    client.force_login(elected)
    assert client.get(inquiry.get_absolute_url()).status_code == 404


def test_a_day_announced_is_the_first_on_which_so_many_months_have_passed():
    days = [date(2023, 12, 1) + timedelta(days=number) for number in range(600)]
    for count in (1, 6, 13, 24):
        for day in days:
            last = waiting.last_day_before(day, count)
            assert waiting.months_after(last, count) <= day < waiting.months_after(last + timedelta(days=1), count)


@pytest.mark.parametrize("hour", [time(0, 30), time(15), time(23, 30)])
def test_it_is_forgotten_in_the_night_of_the_day_announced(elected, hour, monkeypatch):
    inquiry = actions.withdraw(make_inquiry(elected), by=elected)
    closed_at = timezone.make_aware(datetime.combine(date(2026, 5, 12), hour))
    Inquiry.objects.filter(pk=inquiry.pk).update(closed_at=closed_at)
    inquiry.refresh_from_db()
    announced = waiting.erased_on(inquiry)
    assert announced == date(2026, 11, 12)
    for day, is_due in ((announced - timedelta(days=1), False), (announced, True)):
        with monkeypatch.context() as patch:
            patch.setattr(timezone, "now", lambda day=day: timezone.make_aware(datetime.combine(day, time(4))))
            assert waiting.to_erase().filter(pk=inquiry.pk).exists() == is_due


def test_the_number_of_months_is_a_setting(later, elected, settings):
    settings.RETENTION_MONTHS = 1
    inquiry = actions.withdraw(make_inquiry(elected), by=elected)
    later(days=32)
    run_all()
    inquiry.refresh_from_db()
    assert inquiry.erased_at


def test_a_question_opened_again_in_time_is_kept(later, elected, adviser):
    inquiry = make_inquiry(elected)
    answered(inquiry, adviser)
    actions.solve(inquiry, by=elected)
    later(days=100)
    actions.reopen(inquiry, by=elected)
    later(days=100)
    run_all()
    inquiry.refresh_from_db()
    assert inquiry.asker == elected


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ((2026, 8, 31), 6, (2027, 2, 28)),
        ((2026, 11, 23), 6, (2027, 5, 23)),
        ((2026, 6, 30), -6, (2025, 12, 30)),
        ((2026, 12, 31), 2, (2027, 2, 28)),
    ],
)
def test_months_end_on_the_same_day_or_on_the_last_one(day, count, expected):
    assert waiting.months_after(date(*day), count) == date(*expected)


def test_many_rows_are_done_in_batches_that_follow_one_another(later, monkeypatch, elected):
    monkeypatch.setattr(tasks, "BATCH", 3)
    for _ in range(7):
        actions.withdraw(make_inquiry(elected), by=elected)
    later(days=200)
    tasks.erase()
    assert Inquiry.objects.exclude(erased_at=None).count() == 3
    assert Job.objects.filter(task="inquiries.erase").count() == 1
    tasks.erase()
    tasks.erase()
    assert Inquiry.objects.exclude(erased_at=None).count() == 7
    assert Job.objects.filter(task="inquiries.erase").count() == 2


def test_the_examples_of_generate_are_left_alone(later, elected, adviser):
    inquiry = make_inquiry(elected)
    answered(inquiry, adviser)
    Inquiry.objects.update(is_example=True)
    later(days=300)
    run_all()
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.erased_at) == (State.ANSWERED, None)


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_remind_once(elected, adviser):
    inquiry = make_inquiry(elected)
    detail_asked(inquiry, adviser)
    long_ago = timezone.now() - timedelta(days=11)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE inquiries_event DISABLE TRIGGER inquiries_event_is_kept")
        cursor.execute("UPDATE inquiries_event SET at = %s", [long_ago])
        cursor.execute("ALTER TABLE inquiries_event ENABLE TRIGGER inquiries_event_is_kept")
    barrier = threading.Barrier(3)

    def work():
        barrier.wait()
        with transaction.atomic():
            tasks.remind()
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert Event.objects.filter(kind=EventKind.REMINDED).count() == 1
    assert Notice.objects.filter(kind=NoticeKind.REMINDED).count() == 1


def test_a_draft_is_dropped_after_thirty_days(later, elected):
    Draft.objects.create(owner=elected)
    later(days=29)
    run_all()
    assert Draft.objects.exists()
    later(days=1, hours=1)
    run_all()
    assert not Draft.objects.exists()


def test_with_the_account_go_its_questions_its_drafts_and_its_name(elected, adviser):
    waiting_one, done, unproved = make_inquiry(elected), make_inquiry(elected), make_inquiry()
    answered(done, adviser)
    Inquiry.objects.filter(pk=unproved.pk).update(email=elected.email)
    Draft.objects.create(owner=elected)
    theirs = make_inquiry(make_user())
    do_jobs()
    sent = Mail.objects.count()
    delete_account(elected)
    do_jobs()
    assert Mail.objects.count() == sent + 1, "the account's, none of the questions"
    assert not Mail.objects.filter(to="elue@mairie.exemple", thread__startswith="question").exists()
    states = [State.WITHDRAWN, State.CLOSED, State.WITHDRAWN]
    for inquiry, state in zip([waiting_one, done, unproved], states, strict=True):
        inquiry.refresh_from_db()
        assert (inquiry.state, inquiry.asker, inquiry.email, inquiry.last_name) == (state, None, "", "")
        assert not inquiry.events.filter(by=elected).exists()
    assert not Draft.objects.filter(owner=elected).exists()
    theirs.refresh_from_db()
    assert theirs.asker


def test_what_an_adviser_follows_goes_back_to_the_queue_with_their_account(elected, adviser):
    inquiry = make_inquiry(elected)
    actions.claim(inquiry, by=adviser)
    delete_account(adviser)
    inquiry.refresh_from_db()
    assert (inquiry.adviser, inquiry.state) == (None, State.RECEIVED)


def test_the_page_of_personal_data_says_the_delays_of_the_code(client, settings):
    settings.RETENTION_MONTHS = 9
    page = client.get(reverse("portal:privacy")).content.decode()
    assert "9\u00a0mois" in page
    assert "30\u00a0jours" in page
    assert "au bout de 10\u00a0jours" in page
