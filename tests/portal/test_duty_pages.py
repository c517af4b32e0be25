import re
from datetime import datetime, timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.errors import page
from roles import answers, journeys
from typography.french import faults

PAGES = ["accessibility", "legal", "privacy", "sitemap"]


def read(html):
    """The words of a page, without its tags."""
    return unescape(re.sub(r"<[^>]*>", "\n", html))


def text_of(response):
    assert response.status_code == 200
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture
def published(settings):
    """A portal that somebody answers for."""
    settings.SITE_URL = "https://portail.fr"
    settings.PUBLISHER_NAME = "Syndicat des Trois Rivières"
    settings.PUBLISHER_ADDRESS = "1 place de la Mairie, 48000 Exemple"
    settings.PUBLICATION_DIRECTOR = "Camille Martin"
    settings.HOST_PROVIDER = "Hébergeur Coopératif, Lyon"
    settings.CONTACT_EMAIL = "bonjour@portail.fr"
    settings.DESK_PHONE = "01 99 00 12 34"
    settings.DESK_HOURS = "du lundi au vendredi"


@pytest.mark.parametrize("name", PAGES)
def test_the_pages_are_in_the_footer_of_every_page(client, name):
    for other in PAGES:
        assert f'href="{reverse(f"portal:{name}")}"' in client.get(reverse(f"portal:{other}")).content.decode()


def test_accessibility_says_not_compliant_and_where_to_turn(client):
    text = text_of(client.get("/accessibilite/"))
    for expected in ("Accessibilité : non conforme", "RGAA", "Défenseur des droits", "axe-core", "lecteur d’écran"):
        assert expected in text
    assert "mailto:" not in text


def test_accessibility_gives_the_means_of_contact(client, published):
    text = text_of(client.get("/accessibilite/"))
    assert "Syndicat des Trois Rivières s’engage" in text
    assert 'href="mailto:bonjour@portail.fr"' in text
    assert "01 99 00 12 34" in text
    assert "https://portail.fr" in text


def test_legal_notice_without_publisher_says_demonstration(client):
    text = text_of(client.get("/mentions-legales/"))
    assert "à titre de démonstration" in text
    for label in ("Éditeur :", "Direction de la publication", "Hébergement", "Contact :"):
        assert label not in text


def test_legal_notice_names_who_answers_for_the_portal(client, published):
    text = text_of(client.get("/mentions-legales/"))
    assert "démonstration" not in text
    for expected in (
        "Éditeur : Syndicat des Trois Rivières, 1 place de la Mairie, 48000 Exemple",
        "Direction de la publication : Camille Martin",
        "Hébergement : Hébergeur Coopératif, Lyon",
        "bonjour@portail.fr",
    ):
        assert expected in text


def test_legal_notice_names_every_licence(client):
    text = text_of(client.get("/mentions-legales/"))
    for expected in (
        "Insee, DGCL et La Poste, millésime 2026",
        "Licence Ouverte 2.0",
        "CC BY 4.0",
        "Natural Earth",
        "SIL Open Font License 1.1",
        "(EUPL) 1.2",
    ):
        assert expected in text


def test_privacy_tells_where_to_write(client, published, settings):
    assert "mailto:bonjour@portail.fr" in text_of(client.get("/donnees-personnelles/"))
    settings.DATA_PROTECTION_EMAIL = "dpd@portail.fr"
    assert "mailto:dpd@portail.fr" in text_of(client.get("/donnees-personnelles/"))


def test_sitemap_lists_what_exists(client):
    html = client.get("/plan-du-site/").content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    for name in ("portal:home", "experiences:list", "portal:accessibility", "portal:legal", "portal:privacy"):
        assert f'href="{reverse(name)}"' in main
    assert 'href=""' not in main


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("answered", [False, True])
def test_typography_is_right(client, request, name, answered):
    if answered:
        request.getfixturevalue("published")
    assert faults(read(client.get(reverse(f"portal:{name}")).content.decode())) == []


@pytest.mark.parametrize("status", ["400", "403", "404", "405", "410", "413", "429", "500", "503", "csrf"])
def test_typography_of_errors_is_right(status, rf, published):
    assert faults(read(page(rf.get("/"), 404, f"errors/{status}.html").content.decode())) == []


def test_robots_may_read_everything_but_the_probes_and_the_accounts(client):
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode() == "User-agent: *\nDisallow: /sante/\nDisallow: /connexion/\nDisallow: /compte/\n"


def test_security_txt_needs_a_contact(client, settings):
    address = "/.well-known/security.txt"
    assert client.get(address).status_code == 404
    settings.SECURITY_CONTACT = "mailto:securite@portail.fr"
    settings.SITE_URL = "https://portail.fr"
    lines = dict(line.split(": ", 1) for line in client.get(address).content.decode().splitlines())
    assert lines["Contact"] == "mailto:securite@portail.fr"
    assert lines["Canonical"] == f"https://portail.fr{address}"
    expires = datetime.fromisoformat(lines["Expires"])
    assert timedelta(days=30) < expires - timezone.now() < timedelta(days=365)


def test_a_secured_site_is_reached_by_its_own_address(settings):
    settings.SITE_URL = "https://portail.fr"
    settings.ALLOWED_HOSTS = ["sonde"]
    html = Client().get("/mentions-legales/", headers={"host": "sonde"}).content.decode()
    assert '<link rel="canonical" href="https://portail.fr/mentions-legales/">' in html


@pytest.mark.parametrize(
    ("told", "done"),
    [
        ("Le lien de partage se lit trente jours", timedelta(days=30) == journeys.SHARED_FOR),
        ("oubliée au bout de trois mois", timedelta(days=90) == answers.REMEMBERED_FOR),
        ("À partir de dix réponses à une question", answers.SHOWN_FROM == 10),
        ("arrondie à 5 % près", answers.ROUNDED_TO == 5),
    ],
)
def test_what_is_told_of_the_positioning_is_what_is_done(client, told, done):
    assert told in text_of(client.get("/donnees-personnelles/"))
    assert done
