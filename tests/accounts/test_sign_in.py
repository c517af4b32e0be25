import re
from datetime import timedelta
from functools import partial

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.forms import CodeForm
from accounts.models import CODE_ATTEMPTS, Code, User
from accounts.tasks import forget
from jobs import queue
from jobs.models import Job, Mail
from limits.models import Counter
from tests.accounts.factories import last_mail, mailed_digits, make_user, sign_in

ASK = reverse("accounts:sign_in")
COPY = reverse("accounts:sign_in_code")

pytestmark = pytest.mark.django_db


def signed_in(client):
    return client.get(reverse("accounts:account")).status_code == 200


def wrong(digits):
    return f"{(int(digits.replace(' ', '')) + 1) % 10**8:08}"


def test_a_known_person_signs_in_with_the_mailed_code(client):
    make_user("maire@exemple.fr")
    response = sign_in(client, "Maire@exemple.fr")
    assert response.url == reverse("accounts:account")
    assert signed_in(client)
    assert User.objects.count() == 1
    assert last_mail().to == "maire@exemple.fr"


def test_a_newcomer_gets_an_account_once_the_code_is_copied_and_is_asked_a_name(client):
    client.post(ASK, {"email": "nouveau@exemple.fr"})
    assert not User.objects.exists()
    response = client.post(COPY, {"digits": mailed_digits()})
    assert response.url == reverse("accounts:profile")
    client.post(response.url, {"first_name": "Lou", "last_name": "Roux"})
    person = User.objects.get()
    assert (person.email, person.get_full_name()) == ("nouveau@exemple.fr", "Lou Roux")
    assert not person.has_usable_password()


def test_the_page_wanted_first_is_where_one_arrives(client):
    make_user("maire@exemple.fr")
    wanted = client.get(reverse("accounts:account")).url
    assert wanted == f"{ASK}?next=/compte/"
    assert sign_in(client, "maire@exemple.fr", next="/experiences/?q=laine").url == "/experiences/?q=laine"


def test_a_newcomer_arrives_there_too_after_giving_a_name(client):
    response = sign_in(client, "nouveau@exemple.fr", next="/experiences/")
    assert response.url == "/compte/profil/?next=%2Fexperiences%2F"
    page = client.get(response.url)
    assert 'name="next" value="/experiences/"' in page.content.decode()
    end = client.post(response.url, {"first_name": "Lou", "last_name": "Roux", "next": "/experiences/"})
    assert end.url == "/experiences/"


def test_the_page_wanted_is_in_the_address_and_not_in_the_session(client):
    make_user("maire@exemple.fr")
    secret = "/positionnement/1.lien-prive/"
    copying = client.post(ASK, {"email": "maire@exemple.fr", "next": secret}).url
    assert secret not in client.session.values()
    assert "next=%2Fpositionnement%2F1.lien-prive%2F" in client.get(copying).content.decode()
    assert client.post(copying, {"digits": mailed_digits()}).url == secret
    assert secret not in client.session.values()


@pytest.mark.parametrize("address", ["https://ailleurs.exemple/", "//ailleurs.exemple", "javascript:alert(1)"])
def test_nobody_is_sent_to_another_site(client, address):
    make_user("maire@exemple.fr")
    assert sign_in(client, "maire@exemple.fr", next=address).url == reverse("accounts:account")


def test_known_or_not_an_address_gets_the_same_page_the_same_mail_and_as_many_queries():
    make_user("connue@exemple.fr")
    answers = []
    for email in ("connue@exemple.fr", "inconnu@exemple.fr"):
        visitor = Client()
        with CaptureQueriesContext(connection) as queries:
            first = visitor.post(ASK, {"email": email})
        page = visitor.get(first["Location"])
        text = re.sub(r'value="\w{64}"', "", page.content.decode()).replace(email, "")
        mailed = re.sub(r"\d{4} \d{4}", "", last_mail().body)
        answers.append(
            (
                first.status_code,
                first["Location"],
                page.status_code,
                text,
                last_mail().subject,
                mailed,
                len(queries),
            )
        )
    assert answers[0] == answers[1]


def test_a_wrong_code_is_refused_beside_the_field_with_what_was_typed(client):
    client.post(ASK, {"email": "maire@exemple.fr"})
    typed = wrong(mailed_digits())
    page = client.post(COPY, {"digits": typed}).content.decode()
    assert "Ce code n’est pas le bon" in page
    assert f'value="{typed}"' in page
    assert "<title>Erreur" in page
    assert not User.objects.exists()


@pytest.mark.parametrize("typed", ["", "123", "abcd efgh", "123456789", "é" * 40, "12345678" * 10])
def test_what_cannot_be_the_code_is_said_without_using_up_a_try(client, typed):
    client.post(ASK, {"email": "maire@exemple.fr"})
    assert client.post(COPY, {"digits": typed}).status_code == 200
    assert Code.objects.get().attempts == 0


def test_the_code_is_read_with_any_space_and_any_digits(client):
    client.post(ASK, {"email": "maire@exemple.fr"})
    arabic = mailed_digits().translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert client.post(COPY, {"digits": f" {arabic.replace(' ', chr(0x202F))}-"}).status_code == 302


def test_after_ten_wrong_codes_the_right_one_is_refused_too(client):
    client.post(ASK, {"email": "maire@exemple.fr"})
    right = mailed_digits()
    for _ in range(CODE_ATTEMPTS):
        assert "Ce code n’est pas le bon" in client.post(COPY, {"digits": wrong(right)}).content.decode()
    assert "Dix codes faux" in client.post(COPY, {"digits": right}).content.decode()
    assert not signed_in(client)


def test_the_tries_are_those_of_the_code_not_of_the_session(client):
    """Ten browsers with the same cookie, each with a stale session, would not get a hundred tries."""
    client.post(ASK, {"email": "maire@exemple.fr"})
    twin = Client()
    twin.cookies = client.cookies
    digits = wrong(mailed_digits())
    for browser in [client, twin] * 3:
        browser.post(COPY, {"digits": digits})
    assert Code.objects.get().attempts == 6


def test_an_old_code_is_refused(client):
    client.post(ASK, {"email": "maire@exemple.fr"})
    Code.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "plus de quinze minutes" in client.post(COPY, {"digits": mailed_digits()}).content.decode()


def test_a_code_lasts_fifteen_minutes(client):
    client.post(ASK, {"email": "maire@exemple.fr"})
    code = Code.objects.get()
    assert code.expires_at - code.sent_at == pytest.approx(timedelta(minutes=15), abs=timedelta(seconds=1))


def test_a_code_serves_once(client):
    client.post(ASK, {"email": "maire@exemple.fr"})
    twin = Client()
    twin.cookies[client.cookies["session"].key] = client.cookies["session"].value
    assert client.post(COPY, {"digits": mailed_digits()}).status_code == 302
    # The other window has lost the session that asked, and starts again.
    assert twin.post(COPY, {"digits": mailed_digits()})["Location"] == ASK
    again = CodeForm({"digits": mailed_digits()}, code=Code.objects.get())
    assert "a déjà servi" in again.errors["digits"][0]


def test_only_the_last_code_of_a_browser_is_the_right_one(client):
    client.post(ASK, {"email": "maire@exemple.fr"})
    client.post(ASK, {"email": "maire@exemple.fr"})
    first, last = map(mailed_digits, Mail.objects.order_by("pk"))
    assert "seul le dernier vaut" in client.post(COPY, {"digits": first}).content.decode()
    assert client.post(COPY, {"digits": last}).status_code == 302


def test_the_code_of_somebody_else_opens_nothing_here(client):
    other = Client()
    other.post(ASK, {"email": "autre@exemple.fr"})
    theirs = mailed_digits()
    client.post(ASK, {"email": "maire@exemple.fr"})
    assert "Ce code n’est pas le bon" in client.post(COPY, {"digits": theirs}).content.decode()


def test_a_code_without_having_asked_leads_to_the_first_step(client):
    assert client.get(COPY).url == ASK
    assert client.post(COPY, {"digits": "12345678"}).url == ASK


def test_reading_the_pages_changes_nothing(client):
    """Mail scanners open every link: a GET, however often, neither uses a code nor sends one."""
    client.post(ASK, {"email": "maire@exemple.fr"})
    for _ in range(20):
        client.get(COPY)
        client.get(COPY, {"digits": mailed_digits()})
        client.get(ASK, {"email": "maire@exemple.fr"})
    assert Code.objects.get().attempts == 0
    assert Mail.objects.count() == 1
    assert client.post(COPY, {"digits": mailed_digits()}).status_code == 302


def test_reading_the_page_of_the_way_out_keeps_one_in(client):
    client.force_login(make_user())
    assert client.get(reverse("accounts:sign_out")).status_code == 200
    assert signed_in(client)
    assert client.post(reverse("accounts:sign_out")).url == reverse("portal:home")
    assert not signed_in(client)


def test_a_stranger_who_asks_for_the_codes_of_somebody_does_not_keep_them_out(client):
    stranger = partial(Client, REMOTE_ADDR="198.51.100.1")
    for _ in range(6):
        assert stranger().post(ASK, {"email": "maire@exemple.fr"}).status_code == 302
    response = stranger().post(ASK, {"email": "MAIRE@exemple.fr"})
    assert response.status_code == 429
    assert "Attendez une heure" in response.content.decode()
    assert 'value="MAIRE@exemple.fr"' in response.content.decode()
    assert Mail.objects.count() == 6
    assert stranger().post(ASK, {"email": "autre@exemple.fr"}).status_code == 302
    assert sign_in(client, "maire@exemple.fr").status_code == 302
    assert User.objects.get().email == "maire@exemple.fr"


def test_past_twenty_codes_from_anywhere_the_last_one_of_a_browser_still_serves(client):
    client.post(ASK, {"email": "maire@exemple.fr"})
    mine = mailed_digits()
    for number in range(19):
        assert Client(REMOTE_ADDR=f"198.51.100.{number}").post(ASK, {"email": "maire@exemple.fr"}).status_code == 302
    assert Client(REMOTE_ADDR="198.51.100.99").post(ASK, {"email": "maire@exemple.fr"}).status_code == 429
    assert "vaut encore" in client.post(ASK, {"email": "maire@exemple.fr"}, follow=True).content.decode()
    assert client.post(ASK, {"email": "maire@exemple.fr"}).url == COPY
    assert Mail.objects.count() == 20
    client.post(COPY, {"digits": mine})
    assert signed_in(client)


def test_one_network_address_may_not_write_to_the_whole_world(client):
    for number in range(100):
        assert client.post(ASK, {"email": f"personne{number}@exemple.fr"}).status_code == 302
    assert client.post(ASK, {"email": "une-de-plus@exemple.fr"}).status_code == 429


@pytest.mark.parametrize(
    "typed", ["", "maire", "maire@", "maire@exemple.fr\nBcc: tous@exemple.fr", "a" * 300 + "@x.fr"]
)
def test_an_address_that_is_none_is_kept_with_a_sentence(client, typed):
    page = client.post(ASK, {"email": typed})
    assert page.status_code == 200
    assert "email" in page.context["form"].errors
    assert not Mail.objects.exists()


def test_when_the_mail_server_is_down_the_person_is_told_and_the_mail_leaves_later(client, settings):
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens
    client.post(ASK, {"email": "maire@exemple.fr"})
    queue.do_ready()
    assert "ne répond pas" not in client.get(COPY).content.decode()  # it may only be on its way
    Code.objects.update(sent_at=timezone.now() - timedelta(seconds=11))
    assert "Notre messagerie ne répond pas" in client.get(COPY).content.decode()
    settings.EMAIL_BACKEND = backend
    Job.objects.run_now()
    queue.do_ready()
    assert "ne répond pas" not in client.get(COPY).content.decode()
    assert [message.to for message in mail.outbox] == [["maire@exemple.fr"]]
    digits = re.search(r"\d{4} \d{4}", str(mail.outbox[0].body))
    assert digits
    assert client.post(COPY, {"digits": digits[0]}).status_code == 302


def test_an_address_that_refuses_mails_is_told(client):
    client.post(ASK, {"email": "maire@exemple.fr"})
    last_mail().mark_refused("550 inconnue")
    assert "Cette adresse refuse nos courriels" in client.get(COPY).content.decode()


def test_what_serves_no_more_is_forgotten(client):
    client.post(ASK, {"email": "maire@exemple.fr"})
    forget()
    assert Code.objects.exists()
    Code.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    Counter.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    forget()
    assert not Code.objects.exists()
    assert not Counter.objects.exists()
    assert not Session.objects.exists()


def test_a_closed_account_stays_closed(client):
    make_user("parti@exemple.fr", is_active=False)
    response = sign_in(client, "parti@exemple.fr")
    assert response.url == ASK
    assert "Ce compte est fermé" in client.get(response.url).content.decode()
    assert not signed_in(client)


def test_whoever_is_in_is_not_asked_again(client):
    client.force_login(make_user())
    for name in ("sign_in", "sign_in_code", "sign_in_password"):
        assert client.get(reverse(f"accounts:{name}")).url == reverse("accounts:account")


def test_signing_in_changes_the_session_so_that_a_planted_one_is_worth_nothing(client):
    client.post(ASK, {"email": "maire@exemple.fr"})
    before = client.cookies["session"].value
    client.post(COPY, {"digits": mailed_digits()})
    assert client.cookies["session"].value != before


def test_the_mail_is_in_french_signed_and_without_a_link_to_follow(client):
    client.post(ASK, {"email": "maire@exemple.fr"})
    message = last_mail()
    assert message.subject == "Votre code de connexion"
    assert message.body.startswith("Bonjour,")
    assert message.body.rstrip().endswith("-- \nTerritoires Conseils\nhttp://127.0.0.1:8000")
    assert re.findall(r"https?://\S+", message.body) == ["http://127.0.0.1:8000"]


def test_the_digits_are_kept_in_the_mail_alone(client):
    client.post(ASK, {"email": "maire@exemple.fr"})
    digits = mailed_digits().replace(" ", "")
    assert digits not in str(Code.objects.values())
    assert all(digits not in str(session.get_decoded()) for session in Session.objects.all())
