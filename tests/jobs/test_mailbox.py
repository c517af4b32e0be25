import pytest
from django.urls import reverse

from jobs import outbox, queue
from jobs.models import Mail

pytestmark = pytest.mark.django_db

MAILBOX = reverse("jobs:mailbox")


@pytest.fixture
def make_mail():
    def make(subject="Votre code", body="Bonjour,\n\nhttps://portail.fr/a?b=1&c=2 <script>"):
        return outbox.put(outbox.Message(to="elue@mairie.fr", subject=subject, body=body))

    return make


def test_the_mails_of_the_demonstration_are_read_newest_first(client, make_mail):
    for subject in ("Le premier", "Le second"):
        make_mail(subject)
    page = client.get(MAILBOX).content.decode()
    assert page.index("Le second") < page.index("Le premier")
    assert page.count("Pas encore envoyé") == 2
    queue.do_ready()
    assert "Pas encore envoyé" not in client.get(MAILBOX).content.decode()


def test_a_mail_is_plain_text_whose_links_can_be_followed(client, make_mail):
    page = client.get(reverse("jobs:mail", args=[make_mail().pk])).content.decode()
    assert '<a href="https://portail.fr/a?b=1&amp;c=2"' in page
    assert "&lt;script&gt;" in page
    assert "<script>" not in page
    assert "elue@mairie.fr" in page


def test_before_the_first_mail_the_page_says_what_to_do(client):
    assert "Aucun courriel pour le moment" in client.get(MAILBOX).content.decode()


def test_nobody_keeps_a_copy(client, make_mail):
    for address in (MAILBOX, reverse("jobs:mail", args=[make_mail().pk])):
        assert "no-store" in client.get(address)["Cache-Control"]


def test_anywhere_else_these_pages_do_not_exist(client, make_mail, settings):
    mail = make_mail()
    settings.IS_DEMONSTRATION = False
    for address in (MAILBOX, reverse("jobs:mail", args=[mail.pk])):
        response = client.get(address)
        assert response.status_code == 404
        assert "Votre code" not in response.content.decode()


def test_an_unknown_mail_is_not_found(client):
    assert client.get(reverse("jobs:mail", args=[10**30])).status_code == 404


def test_the_list_asks_as_much_for_five_as_for_one(client, make_mail, django_assert_num_queries):
    first, *_ = [make_mail() for _ in range(5)]
    with django_assert_num_queries(2):
        client.get(MAILBOX)
    Mail.objects.exclude(pk=first.pk).delete()
    with django_assert_num_queries(2):
        client.get(MAILBOX)


def test_who_waits_for_a_code_is_told_where_to_read_it_in_the_demonstration_only(client, settings):
    for is_demonstration in (True, False):
        settings.IS_DEMONSTRATION = is_demonstration
        page = client.post(reverse("accounts:sign_in"), {"email": "elue@mairie.fr"}, follow=True).content.decode()
        assert "elue@mairie.fr" in page
        assert (MAILBOX in page) is is_demonstration
