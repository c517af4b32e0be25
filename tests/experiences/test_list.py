import re
from html import unescape
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.db.models import Min
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from config import page_cache
from experiences import opening
from experiences.filters import FACETS, VALUES
from experiences.listing import PER_PAGE, rows_drawn
from experiences.models import Experience, State
from search import indexing
from search.models import Document, MissedSearch
from territories.models import Collectivity
from tests.experiences.factories import index, make_experience, make_role_held

URL = reverse("experiences:list")
HTMX = {"HX-Request": "true"}
TITLES = re.compile(r'<h3><a href="/experiences/([^/]+)/">')
BOX = re.compile(r'name="(\w+)" value="([^"]+)" id="[^"]+"( checked)?>.*?<span class="count">([^<]+)<', re.DOTALL)


def count(response):
    """The number that the page is headed with."""
    [said] = re.findall(r'id="nombre"[^>]*>([\d\u202f]+|Aucune)', response.content.decode())
    return 0 if said == "Aucune" else int(said.replace("\u202f", ""))


def listing(response):
    return response.context["listing"]


def slugs(response):
    return TITLES.findall(response.content.decode())


def boxes(response):
    """The boxes of the filters: the count of each, by its name and value."""
    found = BOX.findall(response.content.decode())
    return {(name, value): int(shown.replace("\u202f", "")) for name, value, _checked, shown in found}


@pytest.mark.django_db
def test_only_what_is_published_is_listed(client):
    shown = {State.PUBLISHED, State.TO_REVISE}
    for state in State:
        make_experience(state=state, title=f"Fiche {state.value}", refusal_reason="Hors sujet")
    page = client.get(URL).content.decode()
    assert {state for state in State if f"Fiche {state.value}" in page} == shown


@pytest.mark.django_db
def test_what_is_published_is_seen_at_once_and_what_is_withdrawn_no_longer(client):
    assertContains(client.get(URL), "La base est vide pour le moment")
    experience = make_experience()
    assertContains(client.get(URL), experience.title)
    experience.title = "Un autre titre"
    experience.save()
    index(experience)
    assertContains(client.get(URL), "Un autre titre")
    experience.state = State.ARCHIVED
    experience.save()
    index(experience)
    assertNotContains(client.get(URL), "Un autre titre")


def copy_document(number):
    """As many listed documents as said, like the first one."""
    first = Document.objects.get()
    copies = []
    for key in range(1, number):
        fields = {field.attname: getattr(first, field.attname) for field in Document._meta.concrete_fields}
        copies.append(Document(**fields | {"id": None, "key": f"copy-{key}"}))
    Document.objects.bulk_create(copies)


@pytest.mark.django_db
def test_the_number_of_statements_does_not_grow_with_the_rows(client, reference):
    index(make_role_held(make_experience()).experience)
    for query in ("", "?role=acteur&tri=relues", "?q=expérience", "?q=expérience+zzzzz", "?departement=46&q=zzzzz"):
        statements = []
        for number in (12, 300):
            Document.objects.exclude(key__regex=r"^\d+$").delete()
            copy_document(number)
            client.get(URL, {"q": "mot"})  # the first search after a change reads the facets and the synonyms again
            rows_drawn.cache_clear()
            page_cache.clear()
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"{URL}{query}").status_code == 200
            statements.append(len(queries))
        assert statements[0] == statements[1] <= 6, query


@pytest.mark.django_db
def test_even_the_first_page_after_a_change_is_cheap(client, reference):
    make_role_held(make_experience())
    with CaptureQueriesContext(connection) as queries:
        client.get(URL)
    assert len(queries) <= 6


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "given"),
    [("abc", 1), ("-3", 1), ("0", 1), ("", 1), ("1.5", 1), ("99999999999999999999", 2), ("9" * 5000, 2), ("2", 2)],
)
def test_an_absurd_page_is_the_first_and_one_beyond_the_end_the_last(client, asked, given):
    for _ in range(PER_PAGE + 1):
        make_experience()
    assert listing(client.get(URL, {"page": asked})).number == given


@pytest.mark.django_db
def test_the_pages_are_reached_one_by_one_and_show_everything_once(client):
    made = {make_experience().slug for _ in range(2 * PER_PAGE + 3)}
    shown: list[str] = []
    address: str | None = URL
    while address:
        response = client.get(address)
        shown += slugs(response)
        following = re.search(r'<a href="([^"]+)" rel="next">', response.content.decode())
        address = unescape(following[1]) if following else None
    assert len(shown) == len(made)
    assert set(shown) == made


@pytest.mark.django_db
def test_a_long_search_is_cut_and_said_and_nothing_unknown_is_repeated(client):
    for _ in range(PER_PAGE + 1):
        make_experience()
    page = client.get(URL, {"unknown": "MARK"}).content.decode()
    assert "MARK" not in page
    assert "Filtre inconnu ignoré" in page
    assert f'href="{URL}?page=2"' in page
    cut = client.get(URL, {"q": "laine " * 1000}).content.decode()
    assert "200 premiers caractères" in cut
    assert cut.count("laine") < 500  # each link of the page repeats the search, cut as it is


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    [
        "departement=%F0%9F%92%A9",
        "q=' OR 1=1 --",
        "theme=" + "a" * 900,
        "&".join("theme=x" for _ in range(900)),
        "theme[]=energie",
        "tri=prix&tri=relues",
        "decennie=20010",
        "taille=-1",
        "q=%22%22%22&q=(((",
        "q=&theme=&departement=&tri=&page=",
    ],
)
def test_hostile_values_break_nothing(client, reference, query):
    make_experience()
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 200
    if "q=" not in query:
        assert count(response) == 1


@pytest.mark.django_db
def test_ten_thousand_parameters_are_refused_kindly_or_ignored(client):
    response = client.get(f"{URL}?{'&'.join(f'p{number}=1' for number in range(10_000))}")
    assert response.status_code in {200, 400}
    assertContains(response, "Territoires", status_code=response.status_code)


@pytest.mark.django_db
def test_an_address_full_of_true_values_makes_a_page_of_ordinary_weight(client, reference):
    make_experience()
    codes = Collectivity.objects.filter(kind="commune").order_by("pk").values_list("code", flat=True)[:200]
    regions = Collectivity.objects.filter(kind="region").values_list("code", flat=True)
    query = [("q", "é" * 60)] + [("region", code) for code in regions] + [("commune", code) for code in codes]
    page = client.get(f"{URL}?{urlencode(query)}").content
    assert len(page) < 300_000
    assert page.decode().count('class="chip"') == VALUES
    assert "Filtre ignoré" in page.decode()


@pytest.mark.django_db
def test_an_address_with_nothing_in_it_is_the_plain_one(client):
    make_experience()
    response = client.get(f"{URL}?q=&theme=&departement=&tri=&page=1&utm_source=lettre")
    assertNotContains(response, "ignoré")
    assertContains(response, f'<link rel="canonical" href="http://127.0.0.1:8000{URL}">')


@pytest.mark.django_db
def test_a_very_long_name_and_markup_are_shown_as_they_are_written(client):
    make_experience(title="<b>Titre</b> " + "x" * 140, organisations="Communauté " * 18)
    assertContains(client.get(URL), "&lt;b&gt;Titre&lt;/b&gt;")
    assertContains(client.get(URL, {"q": "titre"}), "&lt;b&gt;<mark>Titre</mark>&lt;/b&gt;")


@pytest.mark.usefixtures("content")
class TestOnTheOpeningContent:
    def test_it_counts_and_pages_the_whole_base(self, client):
        response = client.get(URL)
        assertContains(response, "70 expériences")
        assert listing(response).pages == -(-70 // PER_PAGE)

    def test_words_are_found_whatever_accents_and_capitals(self, client):
        for words, slug in {
            "LAINE": "ardelaine-filiere-laine",
            "intercommunalite ferme audruicq": "ecopole-alimentaire-audruicq",
            "Lot (46)": "fermes-de-figeac",
            "occitanie": "figeacteurs",
            "Creuse": "quincaillerie-gueret",
            "26281": "groupe-archer-pole-sud-romans",
            "cantines": "lons-le-saunier-restauration-municipale",
            "cité de la chaussure": "groupe-archer-pole-sud-romans",
            "lons le saunier": "lons-le-saunier-restauration-municipale",
        }.items():
            assert slug in slugs(client.get(URL, {"q": words}))

    def test_what_is_kept_to_be_checked_is_not_found_either(self, client):
        for record in opening.records():
            for fact in record["difficulties"]:
                if fact.get("a-verifier"):
                    response = client.get(URL, {"q": fact["text"]})
                    assert count(response) == 0

    def test_words_found_are_marked_in_titles(self, client):
        assert "<mark>" in client.get(URL, {"q": "laine"}).content.decode()

    def test_what_has_all_the_words_is_counted_and_what_is_near_comes_after_and_is_said(self, client):
        response = client.get(URL, {"q": "ferme énergie"})
        strict = listing(response)
        assertContains(response, f'tabindex="-1">{strict.count} expérience')
        assertContains(response, "Autres expériences proches de votre recherche")
        assert len(slugs(response)) == strict.count + len(strict.near_places)

    def test_a_slip_is_mended_and_said(self, client):
        response = client.get(URL, {"q": "cantinne bio"})
        assertContains(response, "Aucune expérience n’a tous ces mots")
        assertContains(response, "Vouliez-vous dire")
        assertContains(response, f"{URL}?q=cantine")
        assertContains(response, "Nous avons élargi la recherche")
        assert len(slugs(response)) > 3

    def test_the_title_of_the_page_tells_what_was_asked(self, client):
        assertContains(client.get(URL, {"q": "laine"}), "<title>«\xa0laine\xa0» – Expériences territoriales")
        assertContains(client.get(URL, {"theme": "energie"}), "<title>Thème\xa0: Énergie – Expériences territoriales")
        assertContains(client.get(URL, {"q": "a" * 61}), f"<title>«\xa0{'a' * 59}…\xa0» – Expériences territoriales")

    def test_a_departement_without_experience_says_so_and_stays_chosen(self, client):
        response = client.get(URL, {"departement": "15"})
        assertContains(response, "Cantal (15)\xa0: aucune expérience publiée")
        assertContains(response, '<option value="15" selected>')

    def test_a_search_without_result_keeps_the_words_and_offers_ways_out(self, client):
        response = client.get(URL, {"q": "zzz <script>", "departement": "15"})
        assertContains(response, "Aucune expérience trouvée")
        assertContains(response, "zzz &lt;script&gt;")
        assertContains(response, "Voir toutes les expériences")
        assertContains(response, f'href="{URL}?theme=energie"')

    def test_filters_add_up_and_each_can_be_removed(self, client):
        response = client.get(URL, {"theme": ["energie", "mobilite"], "role": "acteur"})
        expected = Experience.objects.listed().filter(
            themes__in=["energie", "mobilite"], roles_held__role="acteur", roles_held__is_to_check=False
        )
        assert count(response) == expected.distinct().count()
        assert {chip.address for chip in response.context["chips"]} == {
            f"{URL}?theme=mobilite&role=acteur",
            f"{URL}?theme=energie&role=acteur",
            f"{URL}?theme=energie&theme=mobilite",
        }

    def test_each_box_tells_how_many_choosing_it_would_show(self, client):
        chosen = {"theme": ["energie"], "phase": ["emergence"]}
        for (name, value), told in boxes(client.get(URL, chosen)).items():
            assert count(client.get(URL, {**chosen, name: [value]})) == told > 0

    def test_each_choice_of_a_list_tells_how_many_it_would_show(self, client):
        page = client.get(URL, {"role": "regulateur"}).content.decode()
        for name in ("region", "departement", "intercommunalite"):
            select = re.search(rf'<select class="select" id="{name}".*?</select>', page, re.DOTALL)
            assert select
            options = re.findall(r'<option value="(\w+)">[^<]*: (\d+)', select[0])
            assert options
            for value, told in options:
                assert count(client.get(URL, {"role": "regulateur", name: value})) == int(told)

    def test_words_and_filters_count_together(self, client):
        response = client.get(URL, {"q": "ferme"})
        for (name, value), told in boxes(response).items():
            assert count(client.get(URL, {"q": "ferme", name: value})) == told

    def test_the_order_of_the_filters_never_changes(self, client):
        everything = list(boxes(client.get(URL)))
        some = list(boxes(client.get(URL, {"theme": "mobilite", "role": "financeur"})))
        assert some == [box for box in everything if box in some]

    def test_a_chosen_value_without_result_is_still_there_to_be_removed(self, client):
        shown = boxes(client.get(URL, {"theme": "mobilite", "decennie": "1920"}))
        assert shown["theme", "mobilite"] == shown["decennie", "1920"] == 0

    def test_the_pages_with_and_without_htmx_tell_the_same(self, client):
        for query in ("", "?theme=energie", "?q=laine&departement=07", "?q=zzzz", "?page=3"):
            whole = client.get(f"{URL}{query}")
            part = client.get(f"{URL}{query}", headers=HTMX)
            assert "HX-Request" in whole["Vary"]
            assert "HX-Request" in part["Vary"]
            start = '<div class="cols cols--list">'
            body = part.content.decode().partition(start)[2].rstrip()
            assert len(body) > 1000
            assert body in whole.content.decode()
            assert "<html" not in part.content.decode()
            title, *_of_the_map = re.findall("<title>.*?</title>", part.content.decode(), re.DOTALL)
            assert title in whole.content.decode()

    def test_going_back_asks_for_a_whole_page(self, client):
        response = client.get(URL, headers={**HTMX, "HX-History-Restore-Request": "true"})
        assertContains(response, "<html")

    def test_each_area_of_the_map_leads_to_as_many_experiences(self, client):
        areas = client.get(URL).context["map"].areas
        assert len(areas) > 40
        for area in areas:
            assert count(client.get(area.address)) == area.count

    def test_the_map_follows_the_other_filters_and_not_its_own(self, client):
        everything = client.get(URL, {"theme": "energie"}).context["map"].areas
        chosen = client.get(URL, {"theme": "energie", "departement": everything[0].code}).context["map"].areas
        assert [area.code for area in chosen] == [area.code for area in everything]
        assert [area.is_chosen for area in chosen].count(True) == 1

    def test_a_value_that_does_not_exist_is_ignored_and_said(self, client):
        for name in (*FACETS, "tri", "vue"):
            response = client.get(URL, {name: "n’importe quoi"})
            assertContains(response, "Filtre inconnu ignoré")
            assertNotContains(response, "importe quoi")
            assert count(response) == 70
        assertNotContains(client.get(URL), "ignoré")

    @pytest.mark.parametrize("page", ["abc", "-1", "0", "1.5", "²"])
    def test_a_page_that_is_no_number_is_ignored_and_said(self, client, page):
        response = client.get(URL, {"page": page})
        assertContains(response, "Filtre inconnu ignoré\u00a0: une valeur de «\u00a0Page\u00a0» n’existe pas.")
        assert listing(response).number == 1

    def test_several_unknown_values_make_one_sentence(self, client):
        response = client.get(URL, {"theme": "magie", "role": "roi", "page": "x", "autre": "1"})
        said = (
            "Filtres inconnus ignorés\u00a0: des valeurs de «\u00a0Thème\u00a0», «\u00a0Rôle de la collectivité\u00a0» "
            "et «\u00a0Page\u00a0» n’existent pas, et cette adresse porte un filtre que nous ne connaissons pas."
        )
        assertContains(response, said, count=1)

    def test_a_card_tells_all_its_themes_even_under_one_of_them(self, client):
        response = client.get(URL, {"theme": "habitat-foncier", "q": "cantines bio"})
        assertContains(response, "Alimentation et agriculture · Habitat et foncier · Depuis 1999")

    def test_a_far_better_answer_goes_before_and_is_set_apart(self, client):
        indexing.encode()
        address = {"q": "comment garder notre café ouvert\u202f?"}
        response = client.get(URL, address)
        assert slugs(response)[0] == "cottance-cafe-multiservice"
        assertContains(response, "Au plus près de votre question")
        assertContains(response, "Avec tous vos mots")
        assert count(response) == 1
        assert len(slugs(response)) == len(set(slugs(response)))
        by_date = client.get(URL, {**address, "tri": "anciennes"})
        assertNotContains(by_date, "Au plus près de votre question")
        assert "cottance-cafe-multiservice" in slugs(by_date)[1:]

    def test_the_place_understood_is_told(self, client):
        assertContains(client.get(URL, {"q": "cantine à Figeac"}), "Lieu compris")
        several = client.get(URL, {"q": "cantine 46100"})
        assertContains(several, "qui ont le même code postal")
        assertContains(several, "Faycelles")

    def test_common_words_are_no_place(self, client):
        response = client.get(URL, {"q": "vieux chateau a restaurer"})
        assertNotContains(response, "Lieu compris")
        assertContains(response, "C’est aussi le nom d’un lieu")

    def test_an_empty_result_offers_neither_order_nor_views(self, client):
        empty = client.get(URL, {"q": "zzzzqqq"}).content.decode()
        assert 'id="trier" hidden' in empty
        assert 'class="tabs"' not in empty
        full = client.get(URL).content.decode()
        assert 'id="trier" hidden' not in full
        assert 'class="tabs"' in full

    def test_the_postures_add_up_with_those_that_have_none(self, client):
        response = client.get(URL)
        told = re.search(r"(\d+) sans posture établie", response.content.decode())
        postures = sum(number for (name, _value), number in boxes(response).items() if name == "posture")
        assert told
        assert int(told[1]) + postures == count(response) == 70

    def test_a_search_in_vain_is_counted_when_it_is_whole(self, client):
        given = {"q": "vigne crèche chaufferie"}
        client.get(URL, given, headers={**HTMX, "X-Typing": "true"})
        client.head(URL, given)
        assert not MissedSearch.objects.exists()
        client.get(URL, given)
        client.get(URL, given, headers=HTMX)
        assert MissedSearch.objects.get().count == 1

    def test_what_is_right_beside_a_wrong_value_is_kept(self, client):
        both = client.get(URL, {"theme": ["energie", "magie"]})
        assert count(both) == count(client.get(URL, {"theme": "energie"}))
        assertContains(both, "Filtre inconnu ignoré")

    def test_an_intercommunality_is_its_communes_in_every_departement(self, client):
        """Grand-Figeac, in the Lot and in the Aveyron."""
        asprieres = make_experience(title="Une halle à Asprières")
        asprieres.locations.create(collectivity=opening.Collectivity.objects.get(key="commune:12012"), position=1)
        index(asprieres)
        response = client.get(URL, {"intercommunalite": "200067361"})
        assert {"figeacteurs", "fermes-de-figeac", asprieres.slug} <= set(slugs(response))
        assert asprieres.slug in slugs(client.get(URL, {"departement": "12"}))
        assert "figeacteurs" not in slugs(client.get(URL, {"departement": "12"}))

    def test_sorts(self, client):
        def years(key):
            shown = slugs(client.get(URL, {"tri": key}))
            years_by_slug = dict(Experience.objects.values_list("slug", "started_year"))
            return [years_by_slug[slug] for slug in shown]

        assert years("recentes") == sorted(years("recentes"), reverse=True)
        assert years("anciennes") == sorted(years("anciennes"))
        assert years("anciennes")[0] == Experience.objects.aggregate(Min("started_year"))["started_year__min"]

    def test_the_last_checked_come_first_when_asked(self, client):
        checked = Experience.objects.listed().order_by("slug")[40]
        checked.last_checked_on = "2026-11-20"
        checked.save()
        index(checked)
        assert slugs(client.get(URL, {"tri": "relues"}))[0] == checked.slug
