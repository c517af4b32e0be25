"""Made-up questions: ten years of a desk that keeps its rules, taken away without trace."""

from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import InternalError, connection, transaction
from django.utils import timezone

from accounts.models import User
from inquiries import actions, clock, files, opening
from inquiries.examples import store
from inquiries.examples.cast import people
from inquiries.models import (
    OPEN_STATES,
    Channel,
    Event,
    EventKind,
    Inquiry,
    Message,
    MessageKind,
    State,
    Upload,
    Yearly,
)
from jobs.models import Mail

from . import samples
from .factories import make_inquiry

NUMBER = 400
TODAY = datetime(2026, 11, 23, 18, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.fixture
def themes(reference):
    opening.load()


@pytest.fixture
def generated(themes):
    assert sum(store.add(3, list(range(1, NUMBER + 1)), TODAY)) == NUMBER
    return Inquiry.objects.filter(is_example=True).select_related("collectivity__departement", "theme")


def lived(inquiry):
    return list(inquiry.events.order_by("at", "pk"))


def test_what_is_kept_of_the_events_is_what_they_give(generated):
    closings = clock.closing_days()
    for inquiry in generated:
        events = lived(inquiry)
        days = clock.WorkingDays.of(inquiry.collectivity, closings)
        assert inquiry.due_on == clock.due_on(events, days, clock.answer_days(inquiry))
        assert inquiry.state == events[-1].state
        assert inquiry.changed_at == events[-1].at <= TODAY + timedelta(days=1)
        assert [event.at for event in events] == sorted(event.at for event in events)
        assert events[0].kind == EventKind.ASKED
        assert events[0].at == inquiry.asked_at
        assert (inquiry.closed_at is not None) == inquiry.is_over


def test_the_same_seed_gives_the_same_questions(themes):
    def told(seed):
        with transaction.atomic():
            list(store.add(seed, [5, 9], TODAY))
            rows = list(Inquiry.objects.order_by("pk").values_list("number", "subject", "collectivity", "state"))
            texts = list(Message.objects.order_by("pk").values_list("text", "sent_at"))
            transaction.set_rollback(True)
        return rows, texts

    assert told(3) == told(3)
    assert told(3)[1] != told(4)[1]


def test_a_desk_is_recognised(generated):
    """Most by phone, quiet summers, few late, some open, the last ones not answered yet."""
    channels = Counter(generated.values_list("channel", flat=True))
    assert channels[Channel.PHONE] > NUMBER / 2
    assert set(channels) == set(Channel)
    months = Counter(timezone.localdate(at).month for at in generated.values_list("asked_at", flat=True))
    assert months[8] < months[9]
    years = {timezone.localdate(at).year for at in generated.values_list("asked_at", flat=True)}
    assert len(years) >= 10
    taken = [
        days
        for inquiry in generated
        if (days := clock.days_taken(lived(inquiry), clock.WorkingDays.of(inquiry.collectivity, ()))) is not None
    ]
    late = sum(days > clock.ANSWER_DAYS for days in taken) / len(taken)
    assert 0.01 < late < 0.2
    assert sum(inquiry.eligibility["eligible"] for inquiry in generated) > 0.9 * NUMBER
    assert {*generated.values_list("rating", flat=True)} >= {None, 4, 5}
    assert generated.filter(state=State.CLOSED).count() > NUMBER * 0.8
    assert not generated.filter(state__in=OPEN_STATES, asked_at__lt=TODAY - timedelta(days=60)).exists()
    assert len(set(generated.values_list("subject", flat=True))) > NUMBER / 3
    kinds = set(Message.objects.filter(inquiry__in=generated).values_list("kind", flat=True))
    assert kinds == set(MessageKind)


def test_today_leaves_questions_to_answer(themes):
    list(store.add(3, list(range(1, 3000)), TODAY))
    waiting = Inquiry.objects.filter(is_example=True, state__in=OPEN_STATES)
    assert 0 < waiting.count() < 100
    assert waiting.filter(due_on__gte=TODAY.date()).exists()


def test_who_asked_long_ago_is_forgotten(generated):
    old = generated.filter(closed_at__lt=TODAY - timedelta(days=190))
    assert old.exists()
    for inquiry in old:
        assert (inquiry.first_name, inquiry.last_name, inquiry.email, inquiry.phone) == ("", "", "", "")
        assert inquiry.asker is None
    askers = people().filter(duties=[])
    assert not Message.objects.filter(inquiry__in=old, author__in=askers).exists()
    assert not Event.objects.filter(inquiry__in=old, by__in=askers).exists()


def test_nobody_is_told_and_no_number_is_taken(generated):
    assert not Mail.objects.exists()
    assert not Yearly.objects.exists()
    number = make_inquiry().number
    assert not generated.filter(number=number).exists()


def test_they_are_taken_away_with_what_was_said_since(generated, elected, adviser, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    kept = make_inquiry(elected)
    touched = generated.filter(state=State.CLOSED).first()
    upload = files.accept(samples.sent(samples.PDF))
    actions.reply(touched, "Encore une chose.", by=elected, key="cle", uploads=[upload])
    repeated = generated.exclude(state=State.DUPLICATE).last()
    actions.end(kept, EventKind.DUPLICATED, by=adviser, duplicate_of=repeated)
    call_command("generate", remove=True)
    assert set(Inquiry.objects.all()) == {kept, repeated}
    assert set(Event.objects.values_list("inquiry", flat=True)) == {kept.pk, repeated.pk}
    assert not Upload.objects.exists()
    assert set(User.objects.filter(is_active=True)) & set(people()) == set()


def test_removed_they_leave_no_account(generated):
    call_command("generate", remove=True)
    assert not people().exists()
    assert not Message.objects.exists()


def test_nothing_else_may_be_removed(generated):
    kept = make_inquiry()
    with connection.cursor() as cursor, pytest.raises(InternalError), transaction.atomic():
        cursor.execute("DELETE FROM inquiries_event WHERE inquiry_id = %s", [kept.pk])


def test_the_command_adds_up_to_what_is_asked(themes, capsys):
    call_command("generate", questions=20, seed=2)
    call_command("generate", questions=30, seed=2)
    assert Inquiry.objects.filter(is_example=True).count() == 30
    assert "Questions inventées\u00a0: 10." in capsys.readouterr().out


def test_a_public_portal_is_spared(themes, settings):
    settings.IS_DEMONSTRATION = False
    with pytest.raises(CommandError, match="Ce portail est public"):
        call_command("generate", questions=10)


@pytest.mark.parametrize("asked", [{"questions": -1}, {}, {"questions": 10**7}, {"questions": 1, "seed": 10**6}])
def test_what_makes_no_sense_is_refused(asked, db):
    with pytest.raises(CommandError):
        call_command("generate", **asked)
