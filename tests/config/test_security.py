import pytest
from django.test import Client
from django.urls import reverse

from config.middleware import allowed_methods
from tests.addresses import patterns

# What anybody may read without account. A new public page is a decision: it is written here.
PUBLIC = {
    "accounts:sign_in",
    "accounts:sign_in_code",
    "accounts:sign_in_password",
    "accounts:sign_out",
    "alive",
    "ready",
    "design:components",  # in development only
    "experiences:list",
    "experiences:like_mine",
    "experiences:detail",
    "experiences:preview",  # for whoever holds a signed link
    "inquiries:file",  # for whoever reads its thread or holds its draft
    "inquiries:ask",
    "inquiries:ask_verdict",
    "inquiries:ask_collectivity",  # this one and the next: for whoever holds the key of a draft
    "inquiries:ask_question",
    "inquiries:ask_near",
    "inquiries:ask_later",
    "inquiries:ask_send",
    "inquiries:asked",
    "inquiries:asked_again",
    "inquiries:asked_address",
    "inquiries:enough",
    "jobs:mailbox",  # in the demonstration only, as the next one
    "jobs:mail",
    "portal:home",
    "portal:accessibility",
    "portal:legal",
    "portal:privacy",
    "portal:search",
    "portal:sitemap",
    "portal:suggestions",
    "portal:favicon",
    "portal:robots",
    "portal:security",
    "positioning:start",
    "positioning:begin",
    "positioning:resume",  # this one and the next: for whoever holds the signed address of a journey
    "positioning:question",
    "positioning:answer",
    "positioning:feedback",
    "positioning:result",
    "positioning:keep",
    "positioning:shared",
    "roles:conditions",
    "roles:entrepreneurship",
    "roles:list",
    "roles:posture",
    "roles:postures",
    "roles:reasons",
    "roles:role",
    "territories:list",
    "territories:search",
    "territories:place",
    "territories:place_of_kind",
}
READERS_PAGES = ["portal:home", "portal:accessibility", "portal:legal", "portal:privacy", "portal:sitemap"]


def test_the_public_pages_are_these_and_no_other():
    public = {name for name, entry in patterns() if not getattr(entry.callback, "login_required", True)}
    assert public == PUBLIC


def test_every_view_says_which_methods_it_takes():
    assert [name for name, entry in patterns() if allowed_methods(entry.callback) is None] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", [*READERS_PAGES, "experiences:list", "positioning:start", "portal:robots", "alive", "ready"]
)
def test_a_reader_gets_no_cookie(client, name):
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert not response.cookies


@pytest.mark.django_db
def test_the_policy_is_strict_on_pages_files_and_errors(client):
    static = client.get("/static/icons/favicon.svg")
    for response in (client.get("/"), client.get("/nulle-part/"), client.post("/"), static):
        policy = dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))
        assert policy == {
            "default-src": "'self'",
            "object-src": "'none'",
            "frame-src": "'none'",
            "worker-src": "'none'",
            "base-uri": "'self'",
            "form-action": "'self'",
            "frame-ancestors": "'none'",
        }
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Referrer-Policy"] == "same-origin"
        assert response["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "geolocation=()" in response["Permissions-Policy"]
    b"".join(static)  # a file is closed once read


@pytest.mark.django_db
def test_http_leads_to_https_except_for_probes(settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_SSL_HOST = "portail.fr"
    settings.SECURE_HSTS_SECONDS = 31_536_000
    client = Client()
    response = client.get("/accessibilite/?a=b")
    assert (response.status_code, response["Location"]) == (301, "https://portail.fr/accessibilite/?a=b")
    assert client.get("/sante/").status_code == client.get("/sante/prete/").status_code == 200
    secure = client.get("/accessibilite/", secure=True)
    assert (secure.status_code, secure["Strict-Transport-Security"]) == (200, "max-age=31536000")


def test_a_proxy_that_was_not_declared_is_not_believed(settings):
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get("/accessibilite/", headers={"x-forwarded-proto": "https"}).status_code == 301
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert Client().get("/accessibilite/", headers={"x-forwarded-proto": "https"}).status_code == 200
