"""Public pages are kept for those who have no session, never a moment too long and never for anybody else."""

import gzip
import threading
from datetime import date

import brotli
import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import connection, transaction
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path

from config import page_cache
from config.urls import handler400, handler403, handler404, handler500  # noqa: F401
from config.urls import urlpatterns as ours
from experiences import rendering
from experiences.models import Experience, State
from tests.config.test_security import PUBLIC
from tests.experiences.factories import index, make_experience

LIST = "/experiences/"


@login_not_required
def with_token(request):
    return HttpResponse(get_token(request) + "x" * 300)


@login_not_required
def with_cookie(request):
    response = HttpResponse("x" * 300)
    response.set_cookie("gout", "vanille")
    return response


@login_not_required
def by_language(request):
    return HttpResponse("x" * 300, headers={"Vary": "Accept-Language"})


@login_not_required
def missing(request):
    return HttpResponse("x" * 300, status=404)


AWKWARD = [with_token, with_cookie, by_language, missing]
urlpatterns = [*(path(f"_{view.__name__}/", view, name=view.__name__) for view in AWKWARD), *ours]


def made(client, address, **headers):
    """How many statements the page took, and the page."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address, headers=headers)
    return len(queries), response


@pytest.fixture
def sheet(db):
    return make_experience(title="Une laiterie reprise par ses éleveurs")


def in_another_connection(work):
    """Do and commit this as another process would."""
    failures = []

    def run():
        try:
            work()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert not failures


def test_the_second_visitor_costs_one_statement(client, sheet):
    for address in (LIST, f"{LIST}?q=laiterie", sheet.get_absolute_url(), "/"):
        _, first = made(client, address)
        number, second = made(Client(), address)
        assert number == 1
        assert second.content == first.content
        assert second.headers.keys() == first.headers.keys()
        assert second["Content-Security-Policy"]
        assert second["X-Request-ID"] != first["X-Request-ID"]


@pytest.mark.django_db(transaction=True)
def test_a_publication_is_seen_by_the_next_request_and_not_before(client):
    experience = make_experience(title="Un four à pain")
    address = experience.get_absolute_url()
    for page in (LIST, address):
        assert "Un four à pain" in client.get(page).content.decode()

    def publish():
        with transaction.atomic():
            Experience.objects.filter(pk=experience.pk).update(title="Un moulin à huile")
            index(experience)
            written.set()
            assert read.wait(20)
        connection.close()
        committed.set()

    written, read, committed = threading.Event(), threading.Event(), threading.Event()
    writer = threading.Thread(target=publish)
    writer.start()
    assert written.wait(20)
    for page in (LIST, address):
        number, response = made(client, page)
        assert number == 1  # still true, for everybody
        assert "Un four à pain" in response.content.decode()
    read.set()
    assert committed.wait(20)
    writer.join()
    for page in (LIST, address):
        content = client.get(page).content.decode()
        assert "Un moulin à huile" in content
        assert "Un four à pain" not in content


@pytest.mark.django_db(transaction=True)
def test_what_is_withdrawn_is_gone_at_once(client):
    experience = make_experience()
    assert client.get(experience.get_absolute_url()).status_code == 200
    in_another_connection(lambda: Experience.objects.update(state=State.WRITING))
    assert client.get(experience.get_absolute_url()).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_page_made_during_a_publication_is_not_taken_for_the_new_one(client, monkeypatch):
    """Its content may be of before: it was read after the versions, hence it is kept under the old ones."""
    experience = make_experience(title="Un four à pain")
    lay_out = rendering.lay_out

    def lay_out_slowly(experience):
        in_another_connection(lambda: Experience.objects.update(title="Un moulin à huile"))
        return lay_out(experience)

    monkeypatch.setattr(rendering, "lay_out", lay_out_slowly)
    assert "Un four à pain" in client.get(experience.get_absolute_url()).content.decode()
    monkeypatch.setattr(rendering, "lay_out", lay_out)
    assert "Un moulin à huile" in client.get(experience.get_absolute_url()).content.decode()


def test_who_has_a_session_gets_pages_of_their_own(client, sheet, elected):
    anonymous = client.get(LIST)
    client.force_login(elected)
    for _ in range(2):
        number, own = made(client, LIST)
        assert number > 1
        assert "Mon compte" in own.content.decode()
        assert "ETag" not in own
        assert client.get(LIST, headers={"If-None-Match": anonymous["ETag"]}).status_code == 200
    assert "Mon compte" not in Client().get(LIST).content.decode()


def test_a_browser_that_has_the_page_is_not_sent_it_again(client, sheet):
    for address in (LIST, sheet.get_absolute_url()):
        first = client.get(address)
        assert first["Cache-Control"] == "private, no-cache"
        for tag in (first["ETag"], f"W/{first['ETag']}", f'"autre", {first["ETag"]}', "*"):
            for ask in (client.get, client.head):
                again = ask(address, headers={"If-None-Match": tag})
                assert (again.status_code, again.content) == (304, b"")
                assert again["ETag"] == first["ETag"]
                assert again["Vary"] == first["Vary"]
                assert again["Content-Security-Policy"]
        for tag in ('"autre"', "n’importe quoi", '"', ""):
            assert client.get(address, headers={"If-None-Match": tag}).content == first.content
        page_cache.clear()
        assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    Experience.objects.update(title="Un autre titre")
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200


READ = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("BR", "br"),
        ("", ""),
        ("identity", ""),
        ("gzip;q=0", ""),
        ("gzip;q=x, \u00ff", "gzip"),
    ],
)
def test_each_visitor_reads_the_page_in_a_form_that_it_accepts(client, sheet, accepted, encoding):
    plain = client.get(LIST).content
    for other in ("br", "gzip", "identity"):
        client.get(LIST, headers={"Accept-Encoding": other})
    for _ in range(2):
        response = client.get(LIST, headers={"Accept-Encoding": accepted})
        assert response.get("Content-Encoding", "") == encoding
        assert READ[encoding](response.content) == plain
        assert "Accept-Encoding" in response["Vary"]
        assert int(response["Content-Length"]) == len(response.content)


def test_forms_of_a_page_have_tags_of_their_own(client, sheet):
    tags = {client.get(LIST, headers={"Accept-Encoding": encoding})["ETag"] for encoding in READ}
    assert len(tags) == 3


def test_htmx_and_whole_pages_are_told_apart(client, sheet):
    whole = client.get(LIST)
    part = client.get(LIST, headers={"HX-Request": "true"})
    assert "<html" in whole.content.decode()
    assert "<html" not in part.content.decode()
    assert len(page_cache.PLAIN.pages) == 2


@pytest.mark.parametrize("name", ["HX-Request", "HX-Boosted", "HX-Target", "HX-History-Restore-Request"])
def test_headers_that_our_pages_do_not_send_make_no_entry(client, sheet, name):
    whole = client.get(LIST).content
    for number in range(3):
        assert client.get(LIST, headers={name: f"truc{number}"}).status_code == 200
    assert len(page_cache.PLAIN.pages) == 1
    # What django-htmx reads as « true » is not taken for a whole page.
    client.get(LIST, headers={"HX-Request": "%74rue", "HX-Request-URI-AutoEncoded": "true"})
    assert client.get(LIST).content == whole


def test_the_target_of_the_list_is_kept(client, sheet):
    headers = {"HX-Request": "true", "HX-Target": "liste"}
    assert 'hx-target="#liste"' in client.get(LIST).content.decode()
    client.get(LIST, headers=headers)
    assert made(client, LIST, **headers)[0] == 1


def test_ports_and_capitals_of_our_name_make_no_entry(client, sheet):
    for host in ("testserver", "testserver:8000", "testserver:65000", "TESTSERVER", "testserver."):
        assert client.get(LIST, headers={"Host": host}).status_code == 200
    assert len(page_cache.PLAIN.pages) == 1


def test_head_is_answered_from_the_page(client, sheet):
    whole = client.get(LIST)
    with CaptureQueriesContext(connection) as queries:
        response = client.head(LIST)
    assert len(queries) == 1
    assert response.content == b""
    assert response["Content-Length"] == str(len(whole.content))


@pytest.mark.parametrize("query", ["utm_source=lettre", "q=lait&inconnu=1", "q=" + "a" * 1100, "%71=lait&x"])
def test_an_address_that_says_more_than_the_page_reads_is_not_kept(client, sheet, query):
    for _ in range(2):
        assert client.get(f"{LIST}?{query}").status_code == 200
    assert not page_cache.ASKED.pages


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("view", AWKWARD)
def test_what_is_for_one_visitor_is_never_kept(client, db, monkeypatch, view):
    monkeypatch.setitem(page_cache.KEPT, view.__name__, set())
    first = client.get(f"/_{view.__name__}/")
    assert "ETag" not in first
    assert not page_cache.PLAIN.pages


def test_private_pages_leave_nothing(client, sheet):
    for address in ("/compte/", "/connexion/", "/nulle-part/", "/sante/", "/robots.txt", "/experiences/inconnue/"):
        client.get(address)
    assert not page_cache.PLAIN.pages


def test_a_host_that_is_not_ours_is_never_answered_from_the_cache(client, sheet):
    client.get(LIST)
    assert client.get(LIST, headers={"Host": "ailleurs.fr"}).status_code == 400
    assert client.get(LIST, headers={"Host": "ailleurs.fr"}).status_code == 400


def test_pages_speak_of_today(client, sheet, monkeypatch):
    client.get(LIST)
    monkeypatch.setattr(page_cache.timezone, "localdate", lambda: date(2031, 1, 1))
    number, _ = made(client, LIST)
    assert number > 1


def test_the_pages_kept_are_public_ones(db):
    assert page_cache.KEPT.keys() <= PUBLIC


def test_memory_is_bounded():
    shelf = page_cache.Shelf(100_000)
    for number in range(500):
        shelf.put((f"/{number}/",), page_cache.Page((), b"x" * 1000, {}))
        assert shelf.get(("/0/",)) or number  # the first is asked for all the time
        assert shelf.size <= 100_000
    assert shelf.get(("/0/",))
    assert not shelf.get(("/1/",))
    assert shelf.get(("/499/",))
    shelf.put(("/enorme/",), page_cache.Page((), b"x" * 20_000, {}))
    assert not shelf.get(("/enorme/",))
    shelf.put(("/499/",), page_cache.Page((), b"y" * 10, {}))
    assert shelf.size == sum(page_cache.weight(key, page) for key, page in shelf.pages.items())


def test_words_by_the_thousand_do_not_drive_the_sheets_out(client, sheet, monkeypatch):
    monkeypatch.setattr(page_cache.ASKED, "capacity", 300_000)
    client.get(sheet.get_absolute_url())
    for number in range(30):
        client.get(f"{LIST}?q=mot{number}")
    assert 0 < len(page_cache.ASKED.pages) < 30
    assert page_cache.ASKED.size <= 300_000
    assert made(client, sheet.get_absolute_url())[0] == 1


@pytest.mark.django_db(transaction=True)
def test_a_database_that_restarts_is_found_again(client):
    sheet = make_experience()
    first = client.get(sheet.get_absolute_url())
    ours = connection.connection.info.backend_pid

    def end():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [ours])

    in_another_connection(end)
    connection.health_check_done = False  # type: ignore[attr-defined]  # as at the start of each request of the real server
    assert client.get(sheet.get_absolute_url()).content == first.content
