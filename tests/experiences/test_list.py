import pytest
from django.db.models import Min
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from experiences import opening
from experiences.models import Experience, State
from experiences.views import PER_PAGE
from tests.experiences.factories import make_experience, make_role_held

URL = reverse("experiences:list")


@pytest.mark.django_db
def test_only_what_is_published_is_listed(client):
    shown = {State.PUBLISHED, State.TO_REVISE}
    for state in State:
        make_experience(state=state, title=f"Fiche {state.value}", refusal_reason="Hors sujet")
    page = client.get(URL).content.decode()
    assert {state for state in State if f"Fiche {state.value}" in page} == shown


@pytest.mark.django_db
def test_an_empty_base_says_so(client):
    assertContains(client.get(URL), "La base est vide pour le moment")


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow_with_the_rows(client, django_assert_num_queries, reference):
    make_role_held(make_experience())
    with django_assert_num_queries(8):
        client.get(URL)
    for _ in range(PER_PAGE - 1):
        make_role_held(make_experience())
    with django_assert_num_queries(8):
        client.get(URL)


@pytest.mark.django_db
@pytest.mark.parametrize(("asked", "given"), [("abc", 1), ("-3", 2), ("0", 2), ("99999999999999999999", 2), ("2", 2)])
def test_an_absurd_page_is_the_first_or_the_last(client, asked, given):
    for _ in range(PER_PAGE + 1):
        make_experience()
    assert client.get(URL, {"page": asked}).context["page"].number == given


@pytest.mark.django_db
def test_a_long_search_is_cut_and_said_and_nothing_unknown_is_repeated(client):
    for _ in range(PER_PAGE + 1):
        make_experience()
    page = client.get(URL, {"unknown": "MARK"}).content.decode()
    assert "MARK" not in page
    assert 'href="?page=2"' in page
    cut = client.get(URL, {"q": "laine " * 1000}).content.decode()
    assert "200 premiers caractères" in cut
    assert cut.count("laine") < 200


@pytest.mark.usefixtures("content")
class TestOnTheOpeningContent:
    def test_it_counts_and_pages_the_whole_base(self, client):
        response = client.get(URL)
        assertContains(response, "70 expériences")
        assert response.context["page"].paginator.num_pages == -(-70 // PER_PAGE)

    @pytest.mark.parametrize(
        ("words", "slug"),
        [
            ("LAINE", "ardelaine-filiere-laine"),
            ("intercommunalite ferme audruicq", "ecopole-alimentaire-audruicq"),
            ("Lot (46)", "fermes-de-figeac"),
            ("occitanie", "figeacteurs"),
            ("Creuse", "quincaillerie-gueret"),
            ("26281", "groupe-archer-pole-sud-romans"),
            ("cantines", "lons-le-saunier-restauration-municipale"),
            ("cité de la chaussure", "groupe-archer-pole-sud-romans"),
            ("lons le saunier", "lons-le-saunier-restauration-municipale"),
        ],
    )
    def test_words_are_found_whatever_accents_and_capitals(self, client, words, slug):
        found = client.get(URL, {"q": words}).context["page"].object_list
        assert slug in {experience.slug for experience in found}

    def test_a_word_is_not_found_inside_another(self, client):
        found = client.get(URL, {"q": "Lot"}).context["page"].object_list
        assert all("Lot" in place.name for experience in found for place in experience.departements[:1])

    def test_the_title_of_a_place_comes_before_a_passing_word(self, client):
        found = client.get(URL, {"q": "figeac"}).context["page"].object_list
        assert all("igeac" in f"{experience.title} {experience.organisations}" for experience in found[:2])

    def test_what_is_kept_to_be_checked_is_not_found_either(self, client):
        for record in opening.records():
            for fact in record["difficulties"]:
                if fact.get("a-verifier"):
                    found = client.get(URL, {"q": fact["text"]}).context["page"].object_list
                    assert record["slug"] not in {experience.slug for experience in found}

    def test_the_title_of_the_page_tells_what_was_asked(self, client):
        assertContains(client.get(URL, {"q": "laine"}), "<title>«\xa0laine\xa0» – Expériences territoriales")
        assertContains(client.get(URL, {"theme": "energie"}), "<title>Thème\xa0: Énergie – Expériences territoriales")

    def test_a_departement_without_experience_says_so(self, client):
        response = client.get(URL, {"departement": "15"})
        assertContains(response, "Cantal\xa0: aucune expérience publiée")

    def test_a_search_without_result_keeps_the_words_and_offers_a_way_out(self, client):
        response = client.get(URL, {"q": "zzz <script>"})
        assertContains(response, "Aucune expérience trouvée")
        assertContains(response, "zzz &lt;script&gt;")
        assertContains(response, "Voir toutes les expériences")

    def test_filters_add_up_and_each_can_be_removed(self, client):
        response = client.get(URL, {"theme": ["energie", "mobilite"], "role": "acteur"})
        for experience in response.context["page"].object_list:
            assert {"energie", "mobilite"} & {filing.theme_id for filing in experience.filings.all()}
            assert "acteur" in experience.role_keys
        assert response.context["page"].paginator.count == (
            Experience.objects.filter(
                themes__in=["energie", "mobilite"], roles_held__role="acteur", roles_held__is_to_check=False
            )
            .distinct()
            .count()
        )
        assert {chip.address for chip in response.context["chips"]} == {
            "?theme=mobilite&role=acteur",
            "?theme=energie&role=acteur",
            "?theme=energie&theme=mobilite",
        }

    def test_each_area_of_the_map_leads_to_as_many_experiences(self, client):
        areas = client.get(URL).context["map"].areas
        assert len(areas) > 40
        for area in areas:
            found = client.get(URL + area.address).context["page"].paginator.count
            assert found == area.count

    def test_the_map_follows_the_other_filters_and_not_its_own(self, client):
        everything = client.get(URL, {"theme": "energie"}).context["map"].areas
        chosen = client.get(URL, {"theme": "energie", "departement": everything[0].code}).context["map"].areas
        assert [area.code for area in chosen] == [area.code for area in everything]
        assert [area.is_chosen for area in chosen].count(True) == 1

    @pytest.mark.parametrize("name", ["theme", "role", "posture", "departement", "tri"])
    def test_a_filter_that_does_not_exist_is_ignored_and_said(self, client, name):
        response = client.get(URL, {name: "n’importe quoi"})
        assertContains(response, "nous l’avons ignoré")
        assert response.context["page"].paginator.count == 70
        assertNotContains(client.get(URL), "nous l’avons ignoré")

    def test_sorts(self, client):
        def years(key):
            return [row.started_year for row in client.get(URL, {"tri": key}).context["page"].object_list]

        assert years("recentes") == sorted(years("recentes"), reverse=True)
        assert years("anciennes") == sorted(years("anciennes"))
        assert years("anciennes")[0] == Experience.objects.aggregate(Min("started_year"))["started_year__min"]
