"""The page of components, and the bricks that pages are built with."""

import re
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template
from django.urls import reverse

SPRITE = set(re.findall(r'<symbol id="([^"]+)"', (project.BASE_DIR / "static/icons/sprite.svg").read_text()))


def test_the_page_of_components_exists_in_development_only(client, settings):
    assert client.get(reverse("design:components")).status_code == 404
    settings.DEBUG = True
    assert client.get(reverse("design:components")).status_code == 200


def test_the_page_of_components_shows_every_icon(client, settings):
    settings.DEBUG = True
    html = client.get(reverse("design:components")).content.decode()
    assert SPRITE - {name for name in SPRITE if f"#{name}" in html} == set()


def templates():
    return sorted((project.BASE_DIR / "templates").rglob("*.html"))


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(project.BASE_DIR / "templates")))
def test_icons_named_by_templates_are_in_the_sprite(path: Path):
    assert set(re.findall(r"""{% icon ["']([^"']+)["']""", path.read_text())) <= SPRITE


def test_an_icon_is_decorative():
    html = Template('{% load design %}{% icon "coche" "l" %}').render(Context())
    assert html == (
        '<svg class="icon icon--l" aria-hidden="true" focusable="false">'
        '<use href="/static/icons/sprite.svg#coche"/></svg>'
    )


def test_the_breadcrumb_links_all_steps_but_the_last():
    html = Template('{% load design %}{% breadcrumb "Liste" "/liste/" title %}').render(
        Context({"title": "L’eau & l’air"})
    )
    assert re.findall(r'<a href="([^"]+)">([^<]+)', html) == [("/", "Accueil"), ("/liste/", "Liste")]
    assert '<span aria-current="page">L’eau &amp; l’air</span>' in html


def paginated(rf, query, number):
    page = Paginator(range(120), 10).get_page(number)
    context = RequestContext(rf.get(f"/liste/{query}"), {"page": page})
    return Template("{% load design %}{% pagination page %}").render(context)


def test_pagination_keeps_the_other_parameters(rf):
    html = paginated(rf, "?theme=eau&page=1", 1)
    assert 'href="?theme=eau&amp;page=2" rel="next"' in html
    assert 'rel="prev"' not in html
    assert re.search(r'<span aria-current="page">.*1</span>', html)


def test_the_last_page_has_no_next(rf):
    html = paginated(rf, "?page=12", 12)
    assert 'href="?page=11" rel="prev"' in html
    assert 'rel="next"' not in html


def test_the_menu_says_where_the_reader_is(client, db):
    here = '<a href="/experiences/" aria-current="page">Expériences</a>'
    assert here in client.get("/experiences/").content.decode()
    assert here not in client.get("/").content.decode()


def test_messages_are_announced(rf):
    message = type("Message", (), {"level_tag": "success", "__str__": lambda _: "C’est enregistré"})()
    html = Template('{% include "_messages.html" %}').render(Context({"messages": [message]}))
    assert 'role="status"' in html
    assert "alert--ok" in html


def test_the_telephone_is_hidden_while_empty(client, db, settings):
    settings.DESK_PHONE, settings.DESK_HOURS = "", ""
    assert "tel:" not in client.get("/").content.decode()
    settings.DESK_PHONE, settings.DESK_HOURS = "01 99 00 12 34", "Du lundi au vendredi"
    html = client.get("/").content.decode()
    assert 'href="tel:0199001234"' in html
    assert "Du lundi au vendredi" in html
