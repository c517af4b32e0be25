"""What the asker is told: one mail for what happens within minutes, in the thread of the question, never its words."""

import threading
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from inquiries import actions, notices
from inquiries.models import EventKind, Inquiry, NoticeKind
from jobs import queue
from jobs.models import Job, Mail
from tests.accounts.factories import make_user
from tests.jobs.conftest import bring_forward, mail_server  # noqa: F401 - a fixture

from .factories import answered, detail_asked, make_identity, make_inquiry, make_question, replied

pytestmark = pytest.mark.django_db

WORDS = ["salle des fêtes", "Pour un salon", "par convention", "une association", "Rouvière", "Aline"]


@pytest.fixture
def inquiry(elected):
    return make_inquiry(elected)


def sent():
    """Do what waits, as if the minutes had passed, and return the mails in their order."""
    while Job.objects.pending().exists():
        bring_forward()
        queue.do_ready()
    return list(Mail.objects.order_by("pk"))


def test_the_receipt_has_the_number_the_delay_and_the_way(inquiry):
    [mail] = sent()
    assert mail.subject == f"Votre question {inquiry.number} est bien arrivée"
    assert inquiry.number in mail.body
    assert "au plus tard le" in mail.body
    assert inquiry.get_absolute_url() in mail.body


@pytest.mark.parametrize(
    ("happen", "subject"),
    [
        (lambda inquiry, adviser: actions.claim(inquiry, by=adviser), "Une personne s’occupe de votre question"),
        (answered, "Une réponse vous attend"),
        (detail_asked, "On vous demande une précision"),
        (lambda inquiry, adviser: actions.end(inquiry, EventKind.REFERRED, by=adviser), "est close"),
        (lambda inquiry, adviser: actions.end(inquiry, EventKind.CLOSED, by=adviser), "est close"),
    ],
)
def test_what_happens_is_told_without_a_word_of_it(inquiry, adviser, happen, subject):
    happen(inquiry, adviser)
    _, mail = sent()
    assert subject in mail.subject
    assert inquiry.number in mail.subject
    assert inquiry.get_absolute_url() in mail.body
    assert not [word for word in WORDS if word in mail.subject + mail.body]
    assert mail.thread == inquiry.thread_name


def test_what_happens_within_minutes_is_one_mail(inquiry, adviser):
    actions.claim(inquiry, by=adviser)
    detail_asked(inquiry, adviser)
    answered(inquiry, adviser)
    _, mail = sent()
    assert mail.subject == f"Une réponse vous attend – question {inquiry.number}"
    assert "précision" not in mail.body
    assert "s’occupe" not in mail.body
    assert not inquiry.notices.filter(told_at=None).exists()


def test_nobody_is_asked_for_what_they_just_gave(inquiry, elected, adviser):
    detail_asked(inquiry, adviser)
    replied(inquiry, elected)
    assert len(sent()) == 1


def test_the_first_notice_waits_for_the_others(inquiry, adviser):
    answered(inquiry, adviser)
    job = Job.objects.get(task="inquiries.tell")
    assert timedelta(minutes=2) < job.run_at - timezone.now() <= notices.GATHERED


def test_the_mails_follow_the_account_that_changes_its_address(inquiry, elected, adviser):
    sent()
    elected.email = "nouvelle@mairie.exemple"
    elected.save()
    answered(inquiry, adviser)
    assert sent()[-1].to == "nouvelle@mairie.exemple"


def test_a_question_asked_by_phone_is_acknowledged_once(adviser):
    identity = make_identity(email="appel@mairie.exemple")
    inquiry, _ = actions.log_call(
        make_question(), identity, channel="telephone", answer="Oui.", by=adviser, key="appel"
    )
    actions.adopt(make_user("appel@mairie.exemple"))
    [mail] = sent()
    assert inquiry.number in mail.subject
    assert "est notée sur sa page" in mail.body


def test_the_request_to_rate_has_five_links_that_lead_to_the_marks(inquiry, elected, adviser):
    answered(inquiry, adviser)
    actions.remind(inquiry, "noter", NoticeKind.RATE)
    mail = sent()[-1]
    links = [line.strip() for line in mail.body.splitlines() if "?note=" in line]
    assert [link[-1] for link in links] == ["1", "2", "3", "4", "5"]
    client = Client()
    client.force_login(elected)
    for link in links:
        split = urlsplit(link)
        assert client.get(f"{split.path}?{split.query}").status_code == 200
    inquiry.refresh_from_db()
    assert inquiry.rating is None


def test_a_real_server_receives_one_thread_of_plain_text(mail_server, settings, inquiry, adviser):  # noqa: F811
    settings.HOST = "portail.fr"
    settings.IS_DEMONSTRATION = False
    answered(inquiry, adviser)
    sent()
    receipt, news = mail_server.received
    name = f"<{inquiry.thread_name}@portail.fr>"
    assert receipt["References"] == news["References"] == name
    assert receipt["Message-ID"] != news["Message-ID"]
    assert news.get_content_type() == "text/plain"
    assert "Une réponse" in news["Subject"]
    assert not [word for word in WORDS if word in news.as_string() + news.get_content()]


def test_an_address_that_the_server_refuses_is_told_on_the_page(mail_server, inquiry, elected):  # noqa: F811
    mail_server.answer_to_recipient = "550 5.1.1 No such user"
    sent()
    [mail] = notices.undelivered(inquiry)
    assert mail.refusal.startswith("550")
    client = Client()
    client.force_login(elected)
    assert "n’a pas pu vous être remis" in client.get(inquiry.get_absolute_url()).content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_mail(elected, adviser):
    inquiry = make_inquiry(elected)
    answered(inquiry, adviser)
    barrier, errors = threading.Barrier(4), []

    def work():
        try:
            barrier.wait()
            with transaction.atomic():
                notices.tell(inquiry.pk)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not errors
    assert Mail.objects.filter(subject__startswith="Une réponse").count() == 1


def test_a_question_that_is_gone_tells_nothing():
    notices.tell(0)
    assert not Inquiry.objects.exists()
    assert not Mail.objects.exists()
