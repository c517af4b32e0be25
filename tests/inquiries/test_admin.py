"""Themes and closing days in the hands of managers: the open questions follow."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from inquiries import actions, tasks
from inquiries.models import ClosingDays, Inquiry, QuestionTheme
from jobs import queue
from tests.accounts.factories import make_user

from .factories import answered, make_inquiry

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client, manager):
    client.force_login(manager)
    return client


def due(inquiry):
    return Inquiry.objects.get(pk=inquiry.pk).due_on


def save(client, path, **data):
    response = client.post(path, data)
    assert response.status_code == 302, response.context["errors"]
    queue.do_ready()


def test_a_closed_day_moves_the_due_dates_and_its_removal_moves_them_back(office, monkeypatch):
    monkeypatch.setattr(tasks, "BATCH", 2)
    waiting, over = [make_inquiry() for _ in range(5)], answered(make_inquiry(), make_user())
    before = due(waiting[0])
    day = before - timedelta(days=1 if before.weekday() else 3)
    save(office, reverse("admin:inquiries_closingdays_add"), first=day, last=day, reason="Inventaire")
    assert {due(inquiry) > before for inquiry in waiting} == {True}
    assert due(over) is None
    closed = ClosingDays.objects.get()
    save(office, reverse("admin:inquiries_closingdays_delete", args=[closed.pk]), post="yes")
    assert {due(inquiry) for inquiry in waiting} == {before}


def test_a_theme_with_another_delay_moves_its_questions_alone(office):
    theme = QuestionTheme.objects.create(key="regies", label="Régies", position=1)
    concerned, other = make_inquiry(more={"theme": theme}), make_inquiry()
    before = due(concerned)
    path = reverse("admin:inquiries_questiontheme_change", args=[theme.pk])
    save(office, path, label="Régies", answer_days=20, is_offered="on", position=1)
    assert due(concerned) > before
    assert due(other) == before


def test_the_last_day_does_not_precede_the_first(office):
    today = timezone.localdate()
    path = reverse("admin:inquiries_closingdays_add")
    page = office.post(path, {"first": today, "last": today - timedelta(days=1)}).content.decode()
    assert "Le dernier jour précède le premier." in page
    assert not ClosingDays.objects.exists()


def test_counted_again_without_waiting_for_who_answers(adviser):
    inquiry = make_inquiry()
    actions.claim(inquiry, by=adviser)
    ClosingDays.objects.create(first=timezone.localdate(), last=timezone.localdate() + timedelta(days=30))
    assert actions.due_again(after=0, most=10) is None
    assert due(inquiry) > timezone.localdate() + timedelta(days=30)
    assert inquiry.events.count() == 2
