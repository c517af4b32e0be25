"""The pages of places, on the real reference."""

import re

import pytest
from django.urls import reverse

from config import page_cache
from territories.models import Collectivity
from tests.experiences.factories import make_experience, make_role_held

pytestmark = pytest.mark.usefixtures("reference")


def get(key):
    return Collectivity.objects.get(key=key)


def read(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status, (address, response.get("Location"))
    return response.content.decode()


@pytest.mark.parametrize(
    ("key", "address", "words"),
    [
        (
            "commune:46102",
            "/territoires/46102/",
            [
                "Figeac",
                "Lot (46)",
                "9\u202f793",
                "CC Grand-Figeac",
                "Occitanie",
                "46100",
                "millésime 2026",
                "est ouvert",
            ],
        ),
        (
            "commune:39300",
            "/territoires/39300/",
            ["n’est pas ouvert", "Passer par l’intercommunalité", "Lire les expériences"],
        ),
        ("commune:74282", "/territoires/74282/", ["Fillière", "commune nouvelle", "Thorens-Glières"]),
        (
            "intercommunalite:200067361",
            "/territoires/200067361/",
            ["Lot (46)", "Aveyron (12)", "Figeac", "Capdenac-Gare", "est ouvert"],
        ),
        (
            "deleguee:74282",
            "/territoires/deleguee/74282/",
            ["Thorens-Glières", "commune nouvelle", "Fillière", "est ouvert"],
        ),
        ("arrondissement:75115", "/territoires/arrondissement/75115/", ["Paris 15e", "n’est pas ouvert"]),
        ("departement:46", "/territoires/departement/46/", ["Cahors", "CC Grand-Figeac", "Albas", "n’est pas ouvert"]),
        ("region:76", "/territoires/region/76/", ["Occitanie", "Lot", "Aveyron", "Toulouse"]),
        ("outremer:987", "/territoires/departement/987/", ["Polynésie française", "Papeete"]),
        ("departement:974", "/territoires/departement/974/", ["La Réunion"]),
    ],
)
def test_each_kind_has_its_page(client, key, address, words):
    assert get(key).get_absolute_url() == address
    html = read(client, address)
    for word in words:
        assert word in html


def test_a_territory_of_project_has_its_page(client):
    petr = Collectivity.objects.create(
        kind="petr", code="200000001", name="PETR du Quercy", departement=get("departement:46")
    )
    html = read(client, "/territoires/projet/200000001/")
    assert petr.get_absolute_url() == "/territoires/projet/200000001/"
    assert "PETR du Quercy" in html
    assert "est ouvert" in html


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/territoires/2a004/", "/territoires/2A004/"),
        ("/territoires/74204/", "/territoires/deleguee/74204/"),  # les Ollières, in Fillière since 2017
    ],
)
def test_an_address_that_is_not_the_right_one_leads_to_it(client, old, new):
    response = client.get(old)
    assert (response.status_code, response.get("Location")) == (301, new)
    read(client, new)


def test_an_old_code_leads_to_the_commune_of_today(client):
    """Unless its place lives on as a déléguée, whose page names the new commune."""
    kept = set(Collectivity.objects.filter(parent__isnull=False).values_list("code", flat=True))
    current = set(Collectivity.objects.communes().values_list("code", flat=True))
    communes = Collectivity.objects.communes().exclude(former_codes=[])
    tried = 0
    for commune in communes:
        for code in set(commune.former_codes) - kept - current:
            response = client.get(f"/territoires/{code}/")
            assert (response.status_code, response["Location"]) == (301, commune.get_absolute_url())
            tried += 1
        if tried > 50:
            break
    assert tried > 50


def test_a_commune_that_ended_leads_to_its_successor(client):
    Collectivity.objects.filter(key="commune:46102").update(ended_in=2027, successor=get("commune:46042"))
    assert client.get("/territoires/46102/")["Location"] == "/territoires/46042/"


def test_a_place_that_vanished_keeps_a_page_that_says_so(client):
    Collectivity.objects.filter(key="intercommunalite:200067361").update(ended_in=2027)
    html = read(client, "/territoires/200067361/")
    assert "ne la connaît plus depuis 2027" in html
    assert "service de réponse" not in html.split("<main", 1)[1].split("</main>")[0]


@pytest.mark.parametrize(
    "address", ["/territoires/99999/", "/territoires/00/", "/territoires/deleguee/46102/", "/territoires/projet/XX/"]
)
def test_an_unknown_code_offers_to_search(client, address):
    html = read(client, address, 404)
    assert 'action="/territoires/"' in html
    assert "Aucun lieu n’a ce code" in html


@pytest.mark.parametrize("address", ["/territoires/x/", "/territoires/commune/46102/", "/territoires/deleguee/"])
def test_what_is_no_code_is_not_a_page(client, address):
    assert client.get(address).status_code == 404


def test_the_search_works_without_script(client):
    html = read(client, "/territoires/?q=st+julien+43")
    assert 'value="st julien 43"' in html
    assert '<a href="/territoires/43200/">Saint-Julien-Chapteuil</a>' in html
    assert "Aucun lieu ne s’appelle" in read(client, "/territoires/?q=zzzzzz")
    assert "lieux pour" not in read(client, "/territoires/")


@pytest.mark.parametrize(
    ("query", "facts"),
    [
        ("occitanie", "Région · "),
        ("lot", "Département (46)"),
        ("figeac", "Lot (46) · 9\u202f793\u00a0habitants"),
        ("polynesie", "Collectivité d’outre-mer (987)"),
    ],
)
def test_a_result_joins_only_what_is_known(client, query, facts):
    html = read(client, f"/territoires/?q={query}")
    shown = re.findall('<span class="combo__meta">(.*?)</span>', html)
    assert any(line.startswith(facts) for line in shown)
    assert not [line for line in shown if "· ·" in line or line != line.strip(" ·")]


def test_a_place_of_which_little_is_known_has_no_separator(client):
    Collectivity.objects.create(kind="pnr", code="QUERCY", name="Causses du Quercy")
    assert '<span class="combo__meta">Parc naturel régional</span>' in read(client, "/territoires/?q=causses+du+quercy")


@pytest.mark.parametrize(
    ("query", "title"),
    [("saint-denis", "Les 20 premiers lieux pour"), ("46102", "1 lieu pour"), ("25000", "1 lieu pour")],
)
def test_the_number_of_results_is_not_the_limit_of_the_list(client, query, title):
    assert f"{title} «\u00a0{query}\u00a0»" in read(client, f"/territoires/?q={query}")


def test_a_blank_text_is_no_search(client):
    html = read(client, "/territoires/?q=%20")
    assert re.search(r"<title>\s*Communes et territoires", html)
    assert "Aucun lieu" not in html


@pytest.mark.parametrize("query", ["zzzzzz", "petr quercy", "pays de figeac"])
def test_pays_and_petr_are_said_to_be_added_on_request(client, query):
    assert "(PETR) sont ajoutés à la demande" in read(client, f"/territoires/?q={query}")


@pytest.mark.parametrize("query", ["figeac", "46100", "cc grand figeac", "gourdon 46"])
def test_who_finds_a_place_reads_nothing_of_petr(client, query):
    assert "sont ajoutés à la demande" not in read(client, f"/territoires/?q={query}")


@pytest.mark.parametrize(
    ("address", "wider"),
    [
        ("/territoires/46/", "/territoires/departement/46/"),
        ("/territoires/2a/", "/territoires/departement/2A/"),
        ("/territoires/76/", "/territoires/departement/76/"),
        ("/territoires/987/", "/territoires/departement/987/"),
    ],
)
def test_the_number_of_a_departement_leads_to_it(client, address, wider):
    response = client.get(address)
    assert (response.status_code, response.get("Location")) == (302, wider)


def test_a_number_that_only_a_region_has_leads_to_it(client):
    Collectivity.objects.filter(key="departement:76").update(ended_in=2027)
    assert client.get("/territoires/76/").get("Location") == "/territoires/region/76/"


def test_an_overseas_collectivity_is_not_called_a_departement(client):
    html = read(client, "/territoires/97502/")
    assert "<dt>Collectivité d’outre-mer</dt>" in html
    assert "<dt>Département" not in html
    assert "Les expériences de la collectivité d’outre-mer" in html


def test_arrondissements_are_masculine_and_in_the_order_of_their_numbers(client):
    assert "Il fait partie de la commune" in read(client, "/territoires/arrondissement/75101/")
    assert "Elle fait partie de la commune" in read(client, "/territoires/deleguee/74282/")
    shown = re.findall(r'href="/territoires/arrondissement/(\d+)/"', read(client, "/territoires/75056/"))
    assert shown == [str(code) for code in range(75101, 75121)]


def test_an_intercommunalite_shows_each_of_its_departements_the_main_one_first(client):
    html = read(client, "/territoires/200067361/")
    assert re.search(r"<title>\s*CC Grand-Figeac \(46, 12\)", html)
    assert "<span>Lot (46)</span><span>Aveyron (12)</span>" in html
    assert re.findall(r'href="/experiences/\?departement=(\d+)"', html) == ["46", "12"]


def test_the_box_of_the_desk_gives_its_number_and_leads_to_it(client, settings):
    settings.DESK_PHONE, settings.DESK_HOURS = "01 23 45 67 89", "du lundi au vendredi"
    box = desk_box(client)
    assert "Le service de réponse à vos questions</h2>" in box
    assert '<a href="tel:0123456789">01 23 45 67 89</a>, du lundi au vendredi' in box
    settings.DESK_PHONE = ""
    assert re.findall('<a[^>]* href="(.*?)"', desk_box(client)) == ["/questions/poser/?collectivite=commune:46102"]


def desk_box(client):
    return read(client, "/territoires/46102/").split('aria-labelledby="service"')[1].split("</section>")[0]


def located(experience, *keys):
    for position, key in enumerate(keys):
        experience.locations.create(collectivity=get(key), position=position)
    return experience


def titles(client, key):
    return [experience.title for experience in client.get(get(key).get_absolute_url()).context["experiences"]]


def test_the_experiences_of_a_place_are_those_located_there_or_where_it_held_a_role(client):
    here = located(make_experience(slug="ici", title="Ici"), "commune:46102")
    elsewhere = located(make_experience(slug="ailleurs", title="Ailleurs"), "commune:12176")
    held = make_role_held(elsewhere)
    held.collectivities.add(get("intercommunalite:200067361"))
    located(make_experience(slug="brouillon", title="Brouillon", state="en-redaction"), "commune:46102")
    assert titles(client, "commune:46102") == [here.title]
    assert sorted(titles(client, "intercommunalite:200067361")) == ["Ailleurs", "Ici"]
    assert titles(client, "departement:46") == ["Ici"]
    assert sorted(titles(client, "region:76")) == ["Ailleurs", "Ici"]
    assert "/experiences/?departement=46" in read(client, "/territoires/departement/46/")


@pytest.mark.parametrize(
    ("key", "queries"),
    [("commune:46102", 10), ("intercommunalite:200067361", 10), ("departement:46", 12), ("region:76", 10)],
)  # one of them reads the versions that kept pages count for
def test_the_number_of_queries_does_not_depend_on_the_experiences(client, django_assert_num_queries, key, queries):
    address = get(key).get_absolute_url()
    for more in (1, 4):
        for _ in range(more):
            located(make_experience(), "commune:46102", "commune:46042")
        page_cache.clear()
        with django_assert_num_queries(queries):
            client.get(address)


def test_the_communes_of_a_departement_come_by_pages(client):
    first, second = (read(client, f"/territoires/departement/46/?page={page}") for page in (1, 2))
    assert "Albas" in first
    assert "Albas" not in second
    assert "Page 2" in first.replace("</span>", "").replace('<span class="visually-hidden">', "")


def test_the_sheet_of_an_experience_leads_to_its_places(client):
    experience = located(make_experience(), "commune:46102", "intercommunalite:200067361")
    html = read(client, experience.get_absolute_url())
    for key in ("commune:46102", "departement:46", "region:76", "intercommunalite:200067361"):
        assert f'<a href="{get(key).get_absolute_url()}">' in html


def test_it_is_in_the_sitemap_and_at_the_foot_of_every_page(client):
    html = read(client, reverse("portal:sitemap"))
    assert html.count('href="/territoires/"') == 3


def test_the_navigation_leads_to_places_and_says_when_the_reader_is_there(client):
    link = '<a href="/territoires/"{}>Communes et territoires</a>'
    assert link.format(' aria-current="page"') in read(client, "/territoires/")
    assert link.format(' aria-current="true"') in read(client, "/territoires/46102/")
    assert link.format(' aria-current="true"') not in read(client, "/experiences/")
