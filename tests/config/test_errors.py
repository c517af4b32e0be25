import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import close_old_connections, connection
from django.template import TemplateDoesNotExist
from django.test import Client
from django.urls import reverse

from config import errors

pytestmark = [pytest.mark.urls("tests.config.urls")]

HEADINGS = {
    400: "Nous n’avons pas pu lire votre demande",
    403: "Cette page ne vous est pas ouverte",
    404: "Ce chemin ne mène plus nulle part",
    405: "Cette page ne reçoit rien",
    410: "Cette page a été retirée",
    413: "Votre envoi est trop lourd",
    429: "Trop de demandes en peu de temps",
    500: "Une erreur est survenue de notre côté",
    503: "Le portail est momentanément indisponible",
}


@pytest.fixture
def visitor():
    """A browser as it is: forms are checked, and errors are answered rather than raised."""
    return Client(enforce_csrf_checks=True, raise_request_exception=False)


def assert_page(response, status, heading=None):
    """The answer is our page, whole, under our policy."""
    assert response.status_code == status
    html = response.content.decode()
    assert f"<h1>{heading or HEADINGS[status]}</h1>" in html
    assert 'class="site-head"' in html and 'class="site-foot"' in html
    assert '<meta name="robots" content="noindex">' in html
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert int(response.headers.get("Content-Length", len(response.content))) == len(response.content)
    assert not response.cookies
    return html


def test_every_status_has_its_page():
    assert set(HEADINGS) == set(errors.PAGES)


@pytest.mark.parametrize("status", [400, 403, 404, 500])
def test_what_a_view_raises_becomes_our_page(visitor, status):
    html = assert_page(visitor.get(f"/leve/{status}/"), status)
    assert "Paul" not in html


@pytest.mark.parametrize("status", HEADINGS)
def test_a_bare_status_becomes_our_page_and_keeps_its_headers(visitor, status):
    response = visitor.get(f"/repond/{status}/")
    assert_page(response, status)
    assert response["Retry-After"] == "60"
    assert response.get("Allow") == ("GET" if status == 405 else None)


def test_an_answer_that_explains_itself_is_left_alone(visitor):
    assert visitor.get("/explique/").content.decode() == "Une autre raison"


def test_the_pages_need_no_database(visitor):
    """No fixture opens the database here: a query would fail the page."""
    for status in HEADINGS:
        assert_page(visitor.get(f"/repond/{status}/"), status)


@pytest.mark.parametrize("status", [400, 413, 500, 503])
def test_what_follows_a_failure_needs_nothing_of_the_request(visitor, monkeypatch, caplog, status):
    def broken():
        raise RuntimeError("the database is gone")

    monkeypatch.setattr("config.context.about_site", broken)  # that of pages, not of errors
    assert_page(visitor.get(f"/repond/{status}/"), status)
    assert "could not be shown" not in caplog.text  # it was not even tried


def test_another_page_that_fails_is_shown_without_the_request(visitor, monkeypatch, caplog):
    def broken():
        raise RuntimeError("the database is gone")

    monkeypatch.setattr("config.context.about_site", broken)  # that of pages, not of errors
    assert_page(visitor.get("/repond/410/"), 410)
    assert "could not be shown" in caplog.text


def test_text_remains_when_no_template_can_be_read(visitor, monkeypatch):
    def unreadable(*args, **kwargs):
        raise TemplateDoesNotExist("errors/500.html")

    monkeypatch.setattr("config.errors.loader.render_to_string", unreadable)
    response = visitor.get("/leve/500/")
    assert response.status_code == 500
    assert "Cette page ne s’affiche pas" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/nulle-part/", "/experiences/inconnue/", "/static/inconnu.css"])
def test_not_found_offers_a_search_and_three_ways_out(visitor, address):
    html = assert_page(visitor.get(address), 404)
    main = html[html.index("<main") : html.index("</main>")]
    assert re.search(rf'<form class="search" role="search" action="{reverse("experiences:list")}">', main)
    assert main.count("<li>") == 3


def test_a_form_without_its_token_is_explained(visitor):
    assert_page(visitor.post("/formulaire/", {"texte": "Bonjour"}), 403, "Votre formulaire n’est pas parti")


def test_a_private_page_leads_to_signing_in(visitor):
    response = visitor.get("/prive/")
    assert (response.status_code, response["Location"]) == (302, "/connexion/?next=/prive/")


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize("charset", ["klingon", "utf-7", "utf-16", "latin-1", "idna", "''", "utf-8-sig"])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"])
def test_another_charset_than_utf8_is_refused(visitor, method, charset, kind):
    """Those on which Django itself fails are in test_server.py: its test client fails as well."""
    assert_page(visitor.generic(method, "/formulaire/?q=a", b"texte=a", f"{kind}; charset={charset}"), 400)


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"'])
def test_utf8_is_read_however_it_is_written(client, charset):
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    response = client.generic("POST", "/formulaire/", b"texte=%C3%A9t%C3%A9", kind)
    assert response.content.decode() == "reçu : été"


@pytest.mark.parametrize("data", ["texte=a%00b", "te%00xte=a", "texte=a&texte=%00"])
def test_a_null_byte_in_a_form_is_refused(data):
    client = Client(raise_request_exception=False)
    assert_page(client.post("/formulaire/", data, content_type="application/x-www-form-urlencoded"), 400)
    assert_page(client.post("/formulaire/", {"texte": "a\0b"}), 400)


def test_a_body_that_is_too_large_or_not_what_it_says(settings):
    client = Client(raise_request_exception=False)
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    assert_page(client.post("/formulaire/", {"texte": "a" * 200}), 413)
    assert_page(
        client.post("/formulaire/", "texte=" + "a" * 200, content_type="application/x-www-form-urlencoded"), 413
    )
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 1
    files = {name: SimpleUploadedFile(name, b"a") for name in ("a", "b")}
    assert_page(client.post("/formulaire/", files), 413)
    assert_page(client.post("/formulaire/", "a", content_type="multipart/form-data; boundary=é"), 400)


def test_too_many_fields(settings, visitor):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 5
    assert_page(visitor.get("/formulaire/?" + "a=1&" * 6), 400)
    client = Client(raise_request_exception=False)
    assert_page(client.post("/formulaire/", {str(n): n for n in range(6)}), 400)


@pytest.mark.parametrize("host", ["ailleurs.fr", "a b", "127.0.0.1:port", "é", ""])
def test_an_unknown_host_gets_no_page_of_ours_but_the_error(visitor, host):
    assert_page(visitor.get("/formulaire/", headers={"host": host}), 400)


@pytest.mark.django_db
@pytest.mark.parametrize("value", ['"\\000bcdefghijk"', "a" * 3000, "é", "=;,", '"\\377\\376"', "x\tz"])
def test_odd_cookies_never_fail(visitor, value):
    response = visitor.get("/prive/", headers={"cookie": f"session={value}; csrf={value}"})
    assert response.status_code in {302, 400}
    if "\\000" in value:
        assert_page(response, 400)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_went_away_ends_in_our_page(visitor, monkeypatch):
    """A session cookie makes every page read the database."""
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")
    connection.close()
    response = visitor.get("/prive/", headers={"cookie": "session=abcdefghijklmnop"})
    assert_page(response, 503)
    assert response["Retry-After"] == "30"
    assert_page(visitor.get("/nulle-part/", headers={"cookie": "session=abcdefghijklmnop"}), 404)
    assert json.loads(visitor.get("/sante/prete/").content)["manque"] == ["base de données"]
    assert visitor.get("/sante/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_database_that_ends_in_the_middle_of_a_page(visitor):
    assert_page(visitor.get("/coupe/"), 503)
    close_old_connections()
    session = visitor.session
    session.save()
    visitor.cookies["session"] = session.session_key
    assert_page(visitor.get("/coupe-ensuite/"), 503)
    close_old_connections()  # as before each request, but for the test client
    assert visitor.get("/").status_code == 200
