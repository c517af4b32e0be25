import time

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Code, Event, User
from accounts.permissions import Duty
from jobs.models import Mail
from tests.accounts.factories import last_mail, mailed_digits, make_user, sign_in

ACCOUNT = reverse("accounts:account")

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client):
    """Somebody who just signed in with a code."""
    person = make_user("elue@mairie.exemple")
    sign_in(client, person.email)
    return person


def page(client, name):
    return client.get(reverse(f"accounts:{name}"))


def test_the_name_is_changed_and_what_is_missing_is_said(client, person):
    address = reverse("accounts:profile")
    refused = client.post(address, {"first_name": "Zoé", "last_name": " "}).content.decode()
    assert "Indiquez votre nom." in refused
    assert 'value="Zoé"' in refused
    client.post(address, {"first_name": "Zoé", "last_name": "<b>Rey</b>"})
    assert "&lt;b&gt;Rey&lt;/b&gt;" in client.get(ACCOUNT).content.decode()


@pytest.mark.parametrize("name", ["change_email", "change_email_code", "set_password", "delete"])
def test_what_touches_the_account_asks_for_a_proof_when_the_last_is_old(client, person, name):
    session = client.session
    session["proved_at"] = time.time() - 901
    session.save()
    response = page(client, name)
    assert response.url.startswith(reverse("accounts:prove"))
    assert client.post(reverse(f"accounts:{name}"), {"password": "x", "email": "a@b.fr"}).status_code == 302
    assert User.objects.get().email == person.email
    prove = client.post(response.url, {"next": reverse(f"accounts:{name}")}).url
    assert last_mail().to == person.email
    right = mailed_digits()
    assert (
        "Ce code n’est pas le bon"
        in client.post(prove, {"digits": f"{(int(right[:4]) + 1) % 10**4:04}{right[4:]}"}).content.decode()
    )
    assert client.post(prove, {"digits": right}).url == reverse(f"accounts:{name}")
    assert page(client, "delete").status_code == 200


def test_a_code_to_sign_in_does_not_prove(client, person):
    """Each code opens what it was sent for."""
    session = client.session
    session["proved_at"] = 0
    session.save()
    Client().post(reverse("accounts:sign_in"), {"email": person.email})
    sign_in_digits = mailed_digits()
    client.post(reverse("accounts:prove"))
    client.post(reverse("accounts:prove_code"), {"digits": sign_in_digits})
    assert page(client, "delete").status_code == 302


def test_the_address_changes_once_the_new_one_answered(client, person):
    client.post(reverse("accounts:change_email"), {"email": "nouvelle@mairie.exemple"})
    assert last_mail().to == "nouvelle@mairie.exemple"
    assert User.objects.get().email == "elue@mairie.exemple"
    client.post(reverse("accounts:change_email_code"), {"digits": mailed_digits()})
    assert User.objects.get().email == "nouvelle@mairie.exemple"
    assert last_mail().to == "elue@mairie.exemple"
    assert "nouvelle@mairie.exemple" in last_mail().body


def test_the_address_of_somebody_else_is_not_taken_and_nothing_says_it_exists_before_the_code(client, person):
    make_user("autre@mairie.exemple")
    for email in ("Autre@mairie.exemple", "libre@mairie.exemple"):
        response = client.post(reverse("accounts:change_email"), {"email": email})
        assert response.url == reverse("accounts:change_email_code")
    client.post(reverse("accounts:change_email"), {"email": "Autre@mairie.exemple"})
    client.post(reverse("accounts:change_email_code"), {"digits": mailed_digits()})
    assert "celle d’un autre compte" in client.get(ACCOUNT).content.decode()
    person.refresh_from_db()
    assert person.email == "elue@mairie.exemple"


def test_a_password_may_be_chosen_and_puts_the_other_sessions_out(client, person):
    elsewhere = Client()
    sign_in(elsewhere, person.email)
    address = reverse("accounts:set_password")
    assert "12 caractères" in client.post(address, {"password": "court"}).content.decode().replace("\xa0", " ")
    assert "trop courant" in client.post(address, {"password": "123456789123"}).content.decode()
    client.post(address, {"password": "trois chevaux bleus"})
    assert client.get(ACCOUNT).status_code == 200
    assert elsewhere.get(ACCOUNT).status_code == 302
    assert UserSession.objects.count() == 1
    with_password = Client().post(
        reverse("accounts:sign_in_password"), {"email": person.email, "password": "trois chevaux bleus"}
    )
    assert with_password["Location"] == ACCOUNT


def test_one_sees_and_closes_the_open_sessions(client, person):
    elsewhere = Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/145.0")
    sign_in(elsewhere, person.email)
    shown = client.get(ACCOUNT).content.decode()
    assert "Firefox sur Windows" in shown
    assert "(celle-ci)" in shown
    other = UserSession.objects.get(user_agent__contains="Firefox")
    client.post(reverse("accounts:close_session", args=[other.pk]))
    assert elsewhere.get(ACCOUNT).status_code == 302
    assert client.get(ACCOUNT).status_code == 200


def test_all_the_others_are_closed_at_once(client, person):
    others = [Client(), Client()]
    for other in others:
        sign_in(other, person.email)
    client.post(reverse("accounts:close_sessions"))
    assert [other.get(ACCOUNT).status_code for other in [*others, client]] == [302, 302, 200]


def test_the_session_of_somebody_else_is_out_of_reach(client, person):
    other = Client()
    sign_in(other, make_user().email)
    theirs = UserSession.objects.exclude(user=person).get()
    assert client.post(reverse("accounts:close_session", args=[theirs.pk])).status_code == 404
    assert other.get(ACCOUNT).status_code == 200


def test_an_account_is_deleted_after_a_page_that_asks_and_names_nobody_any_more(client, elected):
    sign_in(client, elected.email)
    page(client, "delete")
    elected.refresh_from_db()
    assert elected.is_active
    client.post(reverse("accounts:delete"))
    elected.refresh_from_db()
    assert (elected.get_full_name(), elected.is_active, elected.duties) == ("", False, [])
    assert elected.email == f"compte-{elected.pk}@efface.invalid"
    assert not elected.memberships.present().exists()
    assert not UserSession.objects.exists()
    assert client.get(ACCOUNT).status_code == 302
    assert last_mail().to == "elue@mairie.exemple"
    assert Event.objects.filter(person=elected, kind="compte", state="supprimé").exists()


def test_the_address_of_a_deleted_account_may_open_a_new_one(client, person):
    client.post(reverse("accounts:delete"))
    assert sign_in(Client(), "elue@mairie.exemple").url == reverse("accounts:profile")
    assert User.objects.filter(is_active=True).get().email == "elue@mairie.exemple"


def test_a_deleted_account_leaves_its_address_in_no_code_and_no_mail_that_left(client, person):
    Mail.objects.update(sent_at=timezone.now())
    client.post(reverse("accounts:delete"))
    assert not Code.objects.exists()
    assert list(Mail.objects.filter(to=person.email).values_list("subject", flat=True)) == [last_mail().subject]


def test_the_only_manager_names_another_before_leaving(client, manager):
    sign_in(client, manager.email)
    client.post(reverse("accounts:delete"))
    manager.refresh_from_db()
    assert manager.is_active
    assert "vous êtes la seule" in client.get(ACCOUNT).content.decode()
    make_user(duties=[Duty.MANAGER])
    client.post(reverse("accounts:delete"))
    manager.refresh_from_db()
    assert not manager.is_active


def test_reading_every_page_of_the_account_changes_nothing(client, person):
    names = [
        "account",
        "profile",
        "declare_membership",
        "memberships",
        "prove",
        "change_email",
        "set_password",
        "delete",
    ]
    mails = Mail.objects.count()
    for name in names:
        assert page(client, name).status_code == 200
    person.refresh_from_db()
    assert person.is_active
    assert not person.has_usable_password()
    assert Mail.objects.count() == mails


def test_the_team_goes_to_the_administration_and_is_asked_no_collectivity(client, curator, manager, adviser, stranger):
    for who, administers, asked in [
        (curator, True, False),
        (manager, True, False),
        (adviser, False, False),
        (stranger, False, True),
    ]:
        client.force_login(who)
        text = client.get(ACCOUNT).content.decode()
        assert ('href="/admin/"' in text, "Dites-nous pour quelle commune" in text) == (administers, asked)
