"""The header and the footer are laid out once for each view, and still say where the reader is, and as whom."""

import re

import pytest
from django.urls import reverse

from design.templatetags.design import kept_parts
from tests.experiences.factories import make_experience

pytestmark = pytest.mark.django_db
CURRENT = re.compile(r'<a [^>]*href="([^"]+)"[^>]* aria-current="(\w+)"[^>]*>')


def header(client, address):
    page = client.get(address).content.decode()
    return page[page.index("<header") : page.index("</header>")]


def test_each_page_says_where_it_is_however_often_it_is_asked_for(client, elected):
    sheet = make_experience().get_absolute_url()
    expected = {
        reverse("portal:home"): [("/", "page")],
        reverse("experiences:list"): [("/experiences/", "page")],
        sheet: [("/experiences/", "true")],
        reverse("portal:legal"): [],
        "/experiences/nulle-part/": [("/experiences/", "true")],
        "/nulle-part/": [],
    }
    for _ in range(2):
        for address, current in expected.items():
            assert CURRENT.findall(header(client, address)) == current
            assert "Se connecter" in header(client, address)
    client.force_login(elected)
    for _ in range(2):
        for address, current in expected.items():
            assert CURRENT.findall(header(client, address)) == current
            assert "Mon compte" in header(client, address)
        assert CURRENT.findall(header(client, reverse("accounts:account"))) == [("/compte/", "page")]


def test_kept_once_for_each_view(client):
    kept_parts.clear()
    for number in range(3):
        client.get(make_experience(slug=f"une-{number}").get_absolute_url())
    assert sorted(name for name, *_view in kept_parts) == ["_assets.html", "_footer.html", "_header.html"]


def test_nothing_is_kept_while_templates_are_worked_on(client, settings):
    settings.DEBUG = True
    client.get("/accessibilite/")
    assert not kept_parts
