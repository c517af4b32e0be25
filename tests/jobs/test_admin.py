"""The admin shows background work in French, never the words of mails, and only lets people try again."""

import pytest
from django.urls import reverse
from django.utils import timezone

from jobs import outbox, queue
from jobs.models import MAX_ATTEMPTS, Job, Mail

pytestmark = pytest.mark.django_db

JOBS, MAILS = reverse("admin:jobs_job_changelist"), reverse("admin:jobs_mail_changelist")


@pytest.fixture
def browser(client, manager):
    client.force_login(manager)
    return client


@pytest.fixture
def dead_job():
    return Job.objects.create(task="jobs.purge", attempts=MAX_ATTEMPTS, dead_at=timezone.now(), error="OSError")


def test_jobs_are_found_by_state(browser, dead_job):
    page = browser.get(JOBS, {"etat": "abandonne"}).content.decode()
    assert str(dead_job) in page
    for state in ("a-faire", "essaye", "fait"):
        assert str(dead_job) not in browser.get(JOBS, {"etat": state}).content.decode()


def test_what_was_given_up_is_tried_again(browser, dead_job):
    browser.post(JOBS, {"action": "run_now", "_selected_action": [dead_job.pk]})
    dead_job.refresh_from_db()
    assert (dead_job.get_state(), dead_job.attempts) == ("en échec, sera réessayé", 0)
    assert queue.do_ready() == 1


def test_who_manages_nothing_changes_nothing(client, curator, dead_job):
    client.force_login(curator)
    response = client.post(JOBS, {"action": "run_now", "_selected_action": [dead_job.pk]})
    assert response.status_code == 403
    dead_job.refresh_from_db()
    assert dead_job.dead_at


def test_nobody_writes_jobs_or_mails_by_hand(browser, dead_job):
    mail = outbox.put(outbox.Message(to="elue@mairie.fr", subject="Votre code", body="Code : 123456"))
    for name, pk in (("job", dead_job.pk), ("mail", mail.pk)):
        assert browser.get(reverse(f"admin:jobs_{name}_add")).status_code == 403
        assert browser.post(reverse(f"admin:jobs_{name}_delete", args=[pk])).status_code == 403
        assert browser.post(reverse(f"admin:jobs_{name}_change", args=[pk]), {"to": "a@b.fr"}).status_code == 403
        assert browser.get(reverse(f"admin:jobs_{name}_change", args=[pk])).status_code == 200


def test_the_words_of_a_mail_are_shown_to_nobody(browser):
    mail = outbox.put(outbox.Message(to="elue@mairie.fr", subject="Votre code", body="Code : 123456"))
    for address in (MAILS, reverse("admin:jobs_mail_change", args=[mail.pk])):
        page = browser.get(address).content.decode()
        assert "Votre code" in page
        assert "123456" not in page


def test_a_refused_mail_is_sent_again(browser):
    mail = outbox.put(outbox.Message(to="elue@mairie.fr", subject="Votre code", body="Bonjour"))
    mail.mark_refused("550 Relay denied")
    assert "Votre code" in browser.get(MAILS, {"etat": "refuse"}).content.decode()
    browser.post(MAILS, {"action": "send_again", "_selected_action": [mail.pk]})
    queue.do_ready()
    assert Mail.objects.get().get_state() == "envoyé"


def test_a_mail_to_an_address_typed_once_is_not_shown(browser):
    outbox.put(outbox.Message(to="elue@mairie.fr", subject="Votre lien", body="secret", forgets_address=True))
    assert "elue@mairie.fr" not in browser.get(MAILS).content.decode()
