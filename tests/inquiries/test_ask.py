"""Asking a question: collectivity, question, identity, number, code; with an account and without."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Code, User
from inquiries.models import DRAFT_LIFE, Draft, Inquiry, Message, Sufficed, Upload
from inquiries.tasks import forget_drafts
from inquiries.views import asking
from jobs import queue
from jobs.models import Mail
from tests.accounts.factories import make_membership, make_place, make_user
from tests.experiences.factories import make_experience

from .samples import pdf

pytestmark = pytest.mark.django_db

ASK = "/questions/poser/"
QUESTION = {"subject": "Peut-on prêter la salle des fêtes à une entreprise\u202f?", "text": "Pour un salon."}
PERSON = {"first_name": "Hélène", "last_name": "Rouvière", "function": "maire", "email": "mairie@exemple.fr"}


@pytest.fixture
def place(db):
    return make_place("Chapteuil", code="99201", population=2019)


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch):
    monkeypatch.setattr(asking, "LEAST_TIME", timedelta(0))


def begin(client, place, **more):
    return client.post(ASK, {**named(place), "who": "elu", **more})


def named(place):
    return {"collectivity": place.label, "collectivity_cle": place.key, "collectivity_propose": place.label}


def draft_of(client, place, question=QUESTION):
    response = begin(client, place)
    client.post(response["Location"], question)
    return Draft.objects.get(key=response["Location"].split("/")[3])


def at(name, draft):
    return reverse(f"inquiries:{name}", args=[draft.key])


def send(client, draft, **person):
    return client.post(at("ask_send", draft), {**PERSON, **person})


def digits_of(mailoutbox):
    queue.do_ready()
    [digits] = re.findall(r"\d{4} \d{4}", mailoutbox[-1].body)
    return digits


def test_three_steps_a_number_and_a_code(client, place, mailoutbox):
    response = begin(client, place)
    draft = Draft.objects.get()
    assert response["Location"] == draft.get_absolute_url()
    assert "Le service" not in client.get(ASK).content.decode()
    response = client.post(at("ask_question", draft), QUESTION)
    assert response["Location"] == at("ask_send", draft)
    page = client.get(at("ask_send", draft)).content.decode()
    assert QUESTION["subject"] in page
    assert "Pour un salon." in page
    response = send(client, draft)
    assert response["Location"] == at("asked", draft)
    inquiry = Inquiry.objects.get()
    assert inquiry.is_unconfirmed
    assert (inquiry.collectivity, inquiry.subject, inquiry.function) == (place, QUESTION["subject"], "maire")
    assert inquiry.eligibility["eligible"] is True
    digits = digits_of(mailoutbox)
    assert [mail.to for mail in mailoutbox] == [[PERSON["email"]]]
    assert inquiry.number in mailoutbox[0].body
    assert "salle des fêtes" not in mailoutbox[0].body + mailoutbox[0].subject
    page = client.post(at("asked", draft), {"digits": digits}, follow=True)
    assert page.redirect_chain[-1][0] == at("asked", draft)
    inquiry.refresh_from_db()
    assert inquiry.asker == User.objects.get(email=PERSON["email"])
    assert "Votre question est bien arrivée" in page.content.decode()
    assert inquiry.number in page.content.decode()
    queue.do_ready()
    assert len(mailoutbox) == 2
