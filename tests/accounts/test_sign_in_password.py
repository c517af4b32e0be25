import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import Client
from django.urls import reverse

from tests.accounts.factories import make_user

PAGE = reverse("accounts:sign_in_password")
PASSWORD = "des mots pour entrer"

pytestmark = pytest.mark.django_db


def test_whoever_chose_a_password_enters_with_it(client):
    make_user("maire@exemple.fr", password=PASSWORD)
    response = client.post(PAGE, {"email": "Maire@Exemple.fr", "password": PASSWORD, "next": "/experiences/"})
    assert response.url == "/experiences/"
    assert client.get(reverse("accounts:account")).status_code == 200


def test_unknown_address_wrong_password_no_password_and_closed_account_are_told_alike(client):
    make_user("maire@exemple.fr", password=PASSWORD)
    make_user("sans@exemple.fr")
    make_user("parti@exemple.fr", password=PASSWORD, is_active=False)
    pages = set()
    for email, password in [
        ("maire@exemple.fr", "autre chose"),
        ("inconnue@exemple.fr", PASSWORD),
        ("sans@exemple.fr", PASSWORD),
        ("parti@exemple.fr", PASSWORD),
    ]:
        response = client.post(PAGE, {"email": email, "password": password})
        pages.add((response.status_code, str(response.context["form"].errors)))
    assert len(pages) == 1
    assert "ne vont pas ensemble" in pages.pop()[1]


def test_the_password_is_hashed_once_whether_or_not_the_address_exists(client, monkeypatch):
    """What takes time is the hash: as many of them, as much time."""
    make_user("maire@exemple.fr", password=PASSWORD)
    make_user("sans@exemple.fr")
    encode, calls = PBKDF2PasswordHasher.encode, []

    def counted(self, *args, **kwargs):
        calls.append(args)
        return encode(self, *args, **kwargs)

    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", counted)
    made = []
    for email in ("maire@exemple.fr", "sans@exemple.fr", "inconnue@exemple.fr"):
        client.post(PAGE, {"email": email, "password": "autre chose"})
        made.append(len(calls))
        calls.clear()
    assert made == [1, 1, 1]


def test_the_address_typed_is_kept_and_the_password_is_not(client):
    page = client.post(PAGE, {"email": "maire@exemple.fr", "password": "secret tapé"}).content.decode()
    assert 'value="maire@exemple.fr"' in page
    assert "secret tapé" not in page


def test_after_ten_tries_even_the_right_password_waits_from_anywhere(client):
    make_user("maire@exemple.fr", password=PASSWORD)
    for number in range(10):
        Client(REMOTE_ADDR=f"198.51.100.{number}").post(PAGE, {"email": "maire@exemple.fr", "password": "non"})
    response = client.post(PAGE, {"email": "MAIRE@exemple.fr", "password": PASSWORD})
    assert response.status_code == 429
    assert "Recevez un code" in response.content.decode()
