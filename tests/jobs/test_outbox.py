from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from jobs import outbox, queue, tasks
from jobs.models import FORGOTTEN, Job, Mail
from tests.jobs.conftest import bring_forward

pytestmark = pytest.mark.django_db


def message(**fields):
    return outbox.Message(
        **{"to": "elue@mairie.fr", "subject": "Une réponse vous attend", "body": "Bonjour,", **fields}
    )


@pytest.fixture
def templates(settings):
    folder = settings.BASE_DIR / "tests" / "jobs" / "templates"
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [folder]}]


def test_a_mail_is_plain_text_signed_with_the_name_of_the_site(mail_server, templates, settings):
    settings.SITE_URL = "https://portail.fr"
    settings.DEFAULT_FROM_EMAIL = "Territoires Conseils <ne-pas-repondre@portail.fr>"
    outbox.put(
        outbox.compose("sample/welcome", {"place": "L’Isle-d’Abeau", "name": '<Zoé> & "co"'}, to="elue@mairie.fr")
    )
    queue.do_ready()
    [received] = mail_server.received
    assert received["Subject"] == "Bienvenue à L’Isle-d’Abeau"
    assert received["From"] == "Territoires Conseils <ne-pas-repondre@portail.fr>"
    assert received["To"] == "elue@mairie.fr"
    assert received["Auto-Submitted"] == "auto-generated"
    assert received.get_content_type() == "text/plain"
    assert received.get_content().replace("\r\n", "\n") == (
        'Bonjour <Zoé> & "co",\n\n'
        "Territoires Conseils & vous : L’Isle-d’Abeau (« à dix minutes »).\n\n"
        "-- \nTerritoires Conseils\nhttps://portail.fr\n"
    )


def test_a_subject_cannot_add_headers(mail_server):
    outbox.put(message(subject="Votre « question »\u202f!\nBcc: tous@mairie.fr\r\n\u2028Fin"))
    queue.do_ready()
    [received] = mail_server.received
    assert received["Bcc"] is None
    assert received["Subject"].strip() == "Votre « question »\u202f! Bcc: tous@mairie.fr Fin"


def test_mails_of_a_thread_refer_to_the_same_message(mail_server, settings):
    settings.HOST = "portail.fr"
    for _ in range(2):
        outbox.put(message(thread="question-42", reply_to="bureau@portail.fr"))
    queue.do_ready()
    first, second = mail_server.received
    assert first["References"] == second["References"] == first["In-Reply-To"] == "<question-42@portail.fr>"
    assert first["Reply-To"] == "bureau@portail.fr"
    assert first["Message-ID"] != second["Message-ID"]


@pytest.mark.parametrize("wrong", [{"to": "elue"}, {"to": "a@b.fr\nBcc: c@d.fr"}, {"thread": "question 42>"}])
def test_what_would_spoil_the_headers_is_refused(wrong):
    with pytest.raises(ValidationError):
        outbox.put(message(**wrong))
    assert not Mail.objects.exists()


def test_a_mail_of_a_library_leaves_the_same_way(mail_server):
    outbox.put_email(EmailMessage("Votre code", "Code : 123456", to=["a@mairie.fr", "b@mairie.fr"]))
    queue.do_ready()
    assert {str(received["To"]) for received in mail_server.received} == {"a@mairie.fr", "b@mairie.fr"}
    with pytest.raises(ValueError, match="no copies"):
        outbox.put_email(EmailMessage("Votre code", "Code", to=["a@mairie.fr"], bcc=["b@mairie.fr"]))


def test_nothing_leaves_of_what_is_rolled_back(mail_server):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.put(message())
        raise ZeroDivisionError
    queue.do_ready()
    assert mail_server.received == []


def test_a_server_that_is_down_loses_nothing(mail_server):
    outbox.put(message())
    mail_server.stop()
    pauses = []
    for _ in range(3):
        before = timezone.now()
        assert queue.do_ready() == 1
        job = Job.objects.get()
        assert job.error == "Le serveur de courriels ne répond pas (ConnectionRefusedError)."
        pauses.append(job.run_at - before)
        bring_forward()
    assert timedelta() < pauses[0] < pauses[1] < pauses[2]
    mail_server.start()
    queue.do_ready()
    [received] = mail_server.received
    mail = Mail.objects.get()
    assert received["Message-ID"] == mail.message_id
    assert mail.get_state() == "envoyé"


@pytest.mark.parametrize(
    ("moment", "code"),
    [("answer_to_recipient", 451), ("answer", 451), ("answer", 554)],
    ids=["the recipient, for now", "the words, for now", "the words, maybe by our fault"],
)
def test_what_may_pass_later_is_tried_again_with_the_same_identifier(mail_server, moment, code):
    setattr(mail_server, moment, f"{code} No")
    outbox.put(message())
    queue.do_ready()
    assert Job.objects.get().error == f"Le serveur de courriels a répondu {code}."
    assert Mail.objects.get().get_state() == "en attente"
    setattr(mail_server, moment, "250 OK")
    bring_forward()
    queue.do_ready()
    assert [str(received["Message-ID"]) for received in mail_server.received] == [Mail.objects.get().message_id]


def test_an_address_refused_for_good_is_written_down_and_tried_again_only_if_asked(mail_server):
    mail_server.answer_to_recipient = "550 5.1.1 No such user"
    outbox.put(message())
    queue.do_ready()
    mail = Mail.objects.get()
    assert (mail.get_state(), mail.refusal) == ("refusé", "550 5.1.1 No such user")
    assert Job.objects.get().get_state() == "fait"
    assert queue.do_ready() == 0

    mail_server.answer_to_recipient = "250 OK"
    assert outbox.send_again(Mail.objects.all()) == 1
    assert outbox.send_again(Mail.objects.all()) == 0
    queue.do_ready()
    mail.refresh_from_db()
    assert (mail.get_state(), mail.refusal) == ("envoyé", "")
    assert [str(received["Message-ID"]) for received in mail_server.received] == [mail.message_id]


def test_a_mail_that_left_is_not_sent_again(mail_server):
    mail = outbox.put(message())
    queue.do_ready()
    Job.objects.update(done_at=None)
    bring_forward()
    queue.do_ready()
    assert len(mail_server.received) == 1
    mail.refresh_from_db()
    assert mail.get_state() == "envoyé"


def test_its_words_are_kept_after_it_left_in_the_demonstration_only(mail_server, settings):
    outbox.put(message(body="Code : 123456"))
    queue.do_ready()
    assert "123456" in Mail.objects.get().body
    Mail.objects.all().delete()
    settings.IS_DEMONSTRATION = False
    outbox.put(message(body="Code : 123456"))
    queue.do_ready()
    assert Mail.objects.get().body == ""
    assert len(mail_server.received) == 2


@pytest.fixture
def typed_once(settings):
    """A mail whose address was typed for it alone."""
    settings.IS_DEMONSTRATION = False
    return outbox.put(message(forgets_address=True))


def test_an_address_typed_once_is_forgotten_when_it_is_refused(typed_once):
    typed_once.mark_refused("550 5.1.1 <elue@mairie.fr>: no such user")
    kept = Mail.objects.get()
    assert (kept.to, kept.body) == (FORGOTTEN, "")
    assert "elue" not in kept.refusal
    assert outbox.send_again(Mail.objects.all()) == 0


def test_an_address_typed_once_is_not_kept_longer_than_its_mail_is_tried(typed_once):
    other = outbox.put(message())
    tasks.purge()
    assert Mail.objects.count() == 2
    Mail.objects.update(created_at=timezone.now() - timedelta(days=2, minutes=1))
    tasks.purge()
    assert Mail.objects.get() == other
