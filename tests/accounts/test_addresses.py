"""One address, one account: what looks alike is not the same, and what is the same is written in one way."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from accounts.addresses import canonical
from accounts.models import User
from jobs.models import Mail
from tests.accounts.factories import mailed_digits, make_user, sign_in

LOOK_ALIKE = [
    "direction@demonstrat\u0131on.invalid",
    "d\u0131rection@demonstration.invalid",
    "direction@demon\u017ftration.invalid",
    "direction@\uff44emonstration.invalid",
]
INSIDE = ["root@localhost", "root@[127.0.0.1]", "root@10.0.0.10", "root@serveur.internal", '"a b"@exemple.fr']


@pytest.mark.parametrize("address", LOOK_ALIKE)
@pytest.mark.django_db
def test_an_address_that_looks_like_another_opens_nothing(client, address):
    person = make_user("direction@demonstration.invalid", password="trois chevaux bleus")
    page = client.post(reverse("accounts:sign_in"), {"email": address})
    assert "sans accent ni caractère spécial" in page.content.decode()
    assert not Mail.objects.exists()
    client.post(reverse("accounts:sign_in_password"), {"email": address, "password": "trois chevaux bleus"})
    assert client.get(reverse("accounts:account")).status_code == 302
    with pytest.raises(ValidationError):
        User.objects.create_user(address)
    with pytest.raises(User.DoesNotExist):
        User.objects.get_by_natural_key(address)
    other = make_user()
    sign_in(client, other.email)
    assert client.post(reverse("accounts:change_email"), {"email": address}).status_code == 200
    assert set(User.objects.all()) == {person, other}


@pytest.mark.parametrize("address", INSIDE)
@pytest.mark.django_db
def test_nothing_is_mailed_inside(client, address):
    assert client.post(reverse("accounts:sign_in"), {"email": address}).status_code == 200
    assert not Mail.objects.exists()


def test_one_way_to_write_an_address():
    assert canonical(" Maire@Demonstration.INVALID ") == "maire@demonstration.invalid"


@pytest.mark.parametrize("address", ["Maire@exemple.fr", "ma\u0131re@exemple.fr", ""])
@pytest.mark.django_db
def test_the_database_keeps_no_other_way_to_write_it(address):
    with pytest.raises(IntegrityError):
        User.objects.create(email=address)


@pytest.mark.django_db
def test_a_change_of_address_puts_the_other_sessions_out(client):
    person = make_user()
    elsewhere = Client()
    for browser in (client, elsewhere):
        sign_in(browser, person.email)
    client.post(reverse("accounts:change_email"), {"email": "Nouvelle@mairie.exemple"})
    client.post(reverse("accounts:change_email_code"), {"digits": mailed_digits()})
    account = reverse("accounts:account")
    assert [browser.get(account).status_code for browser in (client, elsewhere)] == [200, 302]
    person.refresh_from_db()
    assert person.email == "nouvelle@mairie.exemple"
