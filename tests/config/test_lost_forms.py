"""A form refused for want of a session or of its token gives back what was typed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.accounts.factories import make_user
from tests.config.test_errors import assert_page

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.config.urls")]

NOT_SENT = "Votre formulaire n’est pas parti"
ENDED = "Votre session a pris fin"
FORM = "application/x-www-form-urlencoded"
CASES = [("/formulaire/?a=1&b=2", True, NOT_SENT), ("/prive/?a=1&b=2", False, ENDED)]
both = pytest.mark.parametrize(("address", "checks", "heading"), CASES, ids=["token", "session"])


def lose(address, checks, heading, data):
    """Send a form without its token, or without a session; return the page that answers."""
    browser = Client(enforce_csrf_checks=checks, raise_request_exception=False)
    return assert_page(browser.post(address, data), 403, heading)


@both
def test_what_was_typed_is_given_back_as_it_was(address, checks, heading):
    text = "\n  Deux lignes,\net </textarea><script>alert(1)</script> & « reste »"
    html = lose(address, checks, heading, {"texte": text, "vide": "  ", "choix": ["un", "deux"]})
    sent = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert f"readonly>\n{sent}</textarea>" in html
    assert "readonly>\nun</textarea>" in html and "readonly>\ndeux</textarea>" in html
    assert html.count("<textarea") == 3
    assert html.count('<label class="label" for="texte-') == 3


@both
def test_secrets_files_and_what_nobody_typed_are_not(address, checks, heading):
    hidden = [
        "password", "new_Password", "mot_de_passe", "csrfmiddlewaretoken", "digits", "code", "jeton", "next",
        "place_cle", "place_propose", "steps-TOTAL_FORMS", "_save", "decision",
    ]  # fmt: skip
    data: dict[str, object] = dict.fromkeys(hidden, "ne doit pas se voir")
    data["piece"] = SimpleUploadedFile("secret.txt", b"ne doit pas se voir")
    html = lose(address, checks, heading, {**data, "email": "elue@mairie.exemple"})
    assert "ne doit pas se voir" not in html and "secret.txt" not in html
    assert html.count("<textarea") == 1 and "elue@mairie.exemple</textarea>" in html


@both
def test_of_many_fields_the_longest_are_kept_in_their_order(address, checks, heading):
    html = lose(address, checks, heading, {f"champ{n}": f"valeur {n:03} {'x' * (n % 2)}" for n in range(60)})
    kept = [f"valeur {n:03} x" for n in range(1, 41, 2)]
    assert html.count("<textarea") == 20
    assert [html.index(text) for text in kept] == sorted(html.index(text) for text in kept)


@both
def test_without_text_the_page_only_says_so(address, checks, heading):
    assert "Ce que vous aviez tapé" not in lose(address, checks, heading, {})


def test_the_way_back_is_a_link_and_nothing_can_be_sent_from_there():
    html = lose(*CASES[0], {"texte": "Bonjour"})
    main = html[html.index("<main") : html.index("</main>")]
    assert 'href="/formulaire/?a=1&amp;b=2"' in main
    assert "<form" not in main and "<button" not in main and "<input" not in main


def test_a_page_that_only_receives_is_no_way_back():
    address = reverse("accounts:close_sessions")
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make_user())
    refused = browser.post(address).content.decode()
    assert NOT_SENT in refused and "Rouvrir le formulaire" not in refused and f'href="{address}"' not in refused
    html = lose(address, False, ENDED, {})
    assert f'href="{reverse("accounts:sign_in")}"' in html and "next=" not in html


def test_signing_in_again_leads_back_to_the_form():
    html = lose(*CASES[1], {"texte": "Bonjour"})
    assert 'href="/connexion/?next=%2Fprive%2F%3Fa%3D1%26b%3D2"' in html


def test_reading_still_leads_straight_to_signing_in():
    assert Client().get("/prive/")["Location"] == "/connexion/?next=/prive/"


def test_a_session_closed_elsewhere_gives_the_text_back_too(client):
    person = make_user()
    client.force_login(person)
    client.session.flush()
    response = client.post(reverse("accounts:profile"), {"first_name": "Élise", "last_name": "Élue"})
    html = response.content.decode()
    assert response.status_code == 403 and ENDED in html
    assert "Élise</textarea>" in html and "Élue</textarea>" in html
    person.refresh_from_db()
    assert person.first_name != "Élise"


@both
@pytest.mark.parametrize("kind", [FORM, "multipart/form-data; boundary=x"])
def test_a_body_that_cannot_be_read_is_refused_without_failing(address, checks, heading, kind):
    browser = Client(enforce_csrf_checks=checks, raise_request_exception=False)
    assert browser.generic("POST", address, b"--x\r\n\xff" * 3, kind).status_code in {400, 403}
    too_many = "&".join(f"a{n}=1" for n in range(1100))
    assert browser.generic("POST", address, too_many.encode(), FORM).status_code == 400
