"""Whatever is typed in an address, whatever method is used: an answer below 500, with our page when it is an error."""

import pytest
from django.test import Client

from config.middleware import allowed_methods
from jobs.models import Mail
from roles import opening as taxonomy
from tests.addresses import SAMPLES, addresses, patterns

MACHINES = {"alive", "ready"}
FORMLESS_METHODS = ["PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "CONNECT", "BREW"]
UNREADABLE = [
    "?q=%00", "?%00=a", "?page=1%00", "?q=%FF", "?q=%C3", "?q=%ED%A0%80", "?q=%C0%80", "?%E9=a",
    "?page=%F8%A1%A1%A1%A1",
]  # fmt: skip
ABSURD = [
    "?page=abc", "?page=", "?page=0", "?page=-1", "?page=1.5", "?page=1e9", "?page=٣", "?page=99999999999999999999",
    "?page=1&page=2", "?page[]=1", "?q=", "?q=%25", "?q=%5C", "?q=%27%20OR%201=1--", "?q=%3Cscript%3E", "?q=%E2%80%AE",
    "?q=" + "a" * 3000, "?q=" + "%26%7C%21%28" * 200, "?theme=inconnu&role=inconnu&posture=&phase=%20",
    "?=&&&==", "?;", "??",
    "?departement=999&region=-1&epci=abc", "?tri=hasard", "?vue=hologramme", "?format=exe", "?next=//ailleurs.fr",
]  # fmt: skip

# Without an account and without having asked anything.
LEADING_ELSEWHERE = {
    "accounts:sign_in_code",
    "accounts:sign_out",
    "portal:favicon",
    "positioning:begin",
    "roles:postures",
}
POSTED_TO = {name for name, entry in patterns() if allowed_methods(entry.callback) == ["POST"]}


def closed_to_visitors():
    return {name for name, entry in patterns() if getattr(entry.callback, "login_required", True)}


@pytest.fixture
def browser():
    return Client(enforce_csrf_checks=True, raise_request_exception=False)


@pytest.fixture
def every_page(reference, make_experience):
    """Every address, each argument being one that exists."""
    make_experience(slug=SAMPLES["slug"])
    taxonomy.load()
    Mail.objects.create(pk=SAMPLES["number"], to="elue@mairie.fr", subject="Bonjour", body="Bonjour")
    found = addresses()
    assert len(found) > 8
    return found


def assert_ours(response, what, statuses):
    assert response.status_code in statuses, what
    if response.status_code >= 400:
        assert 'class="site-foot"' in response.content.decode(), what
        assert "default-src 'self'" in response["Content-Security-Policy"], what


def test_every_page_answers(browser, every_page):
    # In development, with a contact, with a signed link, for whoever reads the thread.
    closed = {"design:components", "portal:security", "experiences:preview", "inquiries:file"}
    theirs = [SAMPLES[argument] for argument in ("state", "link", "draft_key")]
    unsigned = {name for name, address in every_page.items() if any(sample in address for sample in theirs)}
    closed |= unsigned - closed_to_visitors()
    for name, address in every_page.items():
        expected = 404 if name in closed else 302 if name in LEADING_ELSEWHERE | closed_to_visitors() else 200
        expected = 405 if name in POSTED_TO else expected
        assert browser.get(address).status_code == expected, name
        assert browser.head(address).content == b"", name


@pytest.mark.parametrize("query", UNREADABLE)
def test_unreadable_queries_are_refused_everywhere(browser, every_page, query):
    for address in [*every_page.values(), "/nulle-part/", "/static/css/base.css"]:
        assert_ours(browser.get(address + query), address + query, {400})


@pytest.mark.parametrize("query", ABSURD)
def test_absurd_queries_never_fail(browser, every_page, query):
    for address in [*every_page.values(), "/nulle-part/"]:
        assert_ours(browser.get(address + query), address + query, {200, 302, 400, 404, 405})


@pytest.mark.parametrize("odd", ["%00", "%FF", "%C3", "%C0%AF", "%ED%A0%80"])
def test_unreadable_paths_are_refused_everywhere(browser, every_page, odd):
    for address in [*every_page.values(), "/nulle-part/", "/static/css/base.css"]:
        for path in (address + odd, address + odd + "/", address[:-1] + odd + "/", "/" + odd + address):
            assert_ours(browser.get(path), path, {400})


@pytest.mark.parametrize(
    "path",
    [
        "/./",
        "/../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/static/../manage.py",
        "/static/%2e%2e/manage.py",
        "/static/",
        "/%25",
        "/%0A",
        "/%0D%0ASet-Cookie:a=b",
        "/%E2%80%AE/",
        "/🌳/",
        "/.env",
        f"/{'a' * 3000}/",
        "/experiences//",
        f"/experiences/{'a' * 300}/",
        "/experiences/%C3%A9t%C3%A9/",
        "/experiences/une experience/",
    ],
)
def test_unknown_paths_are_not_found(browser, db, path):
    response = browser.get(path)
    if response.status_code == 301:  # a final slash was missing
        response = browser.get(response["Location"])
    assert_ours(response, path, {404})


@pytest.mark.parametrize("method", FORMLESS_METHODS)
def test_other_methods_are_refused_everywhere(browser, every_page, method):
    for name, address in every_page.items():
        response = browser.generic(method, address)
        assert_ours(response, name, {405})
        assert ("POST" if name in POSTED_TO else "GET") in response["Allow"], name


def test_a_page_without_form_takes_no_form(browser, every_page):
    takes_forms = {name for name, entry in patterns() if "POST" in allowed_methods(entry.callback)}
    for name, address in every_page.items():
        if name not in takes_forms:
            response = browser.post(address, {"q": "a\0"})
            assert_ours(response, name, {405})
            assert response["Allow"] == "GET, HEAD", name


@pytest.mark.parametrize(
    "headers",
    [{"accept-language": "\0"}, {"referer": "https://a.fr/\0"}, {"cookie": "a=\0"}, {"x-anything": "\0"}],
)
def test_null_bytes_in_headers_are_refused_everywhere(browser, every_page, headers):
    for address in every_page.values():
        assert_ours(browser.get(address, headers=headers), address, {400})


@pytest.mark.parametrize(
    "headers",
    [
        {"accept": "é/;q=a"},
        {"accept-encoding": "gzip;q=x, \u00ff"},
        {"accept-language": "xx-" + "y" * 500},
        {"if-modified-since": "hier"},
        {"if-none-match": "W/"},
        {"range": "bytes=9-1"},
        {"x-forwarded-for": "a, b", "x-forwarded-proto": "gopher", "x-forwarded-host": "ailleurs.fr"},
        {"hx-request": "peut-être"},
        {"cookie": "session=" + "é" * 50},
        {"content-length": "-1"},
    ],
)
def test_odd_headers_never_fail(browser, every_page, headers):
    for address in [*every_page.values(), "/static/css/base.css"]:
        response = browser.get(address, headers=headers)
        b"".join(response)  # a file is closed once read
        assert response.status_code < 500, address
