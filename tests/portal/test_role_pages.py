"""The pages of roles, postures, reasons and entrepreneurship: every figure proven, nothing loaded that is not shown."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from config import page_cache
from experiences import searchable
from experiences.models import Condition, ConditionKind, Experience, RoleHeld, State
from portal import matrix, practice
from roles.models import Argument, Demand, Phase, Posture, PostureKey, Role, RoleKey
from search import indexing
from tests.experiences.factories import make_experience, make_posture, make_role, make_role_held
from typography.french import typo

ROLES = reverse("roles:list")
REASONS = reverse("roles:reasons")
ENTREPRENEURSHIP = reverse("roles:entrepreneurship")
EXPLAINED = [
    ROLES,
    *(reverse("roles:role", args=[role]) for role in RoleKey.values),
    *(reverse("roles:posture", args=[posture]) for posture in PostureKey.values),
    REASONS,
    ENTREPRENEURSHIP,
]
PAGES = [*EXPLAINED, *(reverse("roles:conditions", args=[moment]) for moment in ConditionKind.values)]
NUMBER = re.compile(r"\d+(?:\u202f\d{3})*")
COUNTED = re.compile(rf"({NUMBER.pattern})\s+(?:expérience|condition)")


class Links(HTMLParser):
    """The links of the content of a page with their texts, and the text that is in none."""

    def __init__(self, html):
        super().__init__()
        self.found, self.address, self.text, self.rest = [], None, "", ""
        self.feed(html[html.index("<main") : html.index("</main>")])

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self.address, self.text = dict(attrs)["href"], ""

    def handle_endtag(self, tag):
        if tag == "a":
            self.found.append((self.address, re.sub("[ \n]+", " ", self.text).strip()))
            self.address = None

    def handle_data(self, data):
        if self.address is None:
            self.rest += data
        else:
            self.text += data


def links(client, address):
    return Links(client.get(address).content.decode())


def whole(text):
    return int(text.replace("\u202f", ""))


def results(client, address):
    """The number of results that a page announces in its heading; none announced is none found."""
    page = client.get(address).content.decode()
    heading = re.search(rf"<h2[^>]*>\s*{COUNTED.pattern}", page)
    return whole(heading[1]) if heading else 0


@pytest.mark.usefixtures("content")
class TestOnTheOpeningContent:
    def test_every_figure_is_the_number_of_results_of_its_link(self, client):
        for address in [*EXPLAINED, f"{ROLES}?role=acteur&posture=coproduction", f"{ROLES}?phase=emergence&tri=acteur"]:
            page = links(client, address)
            figures = [(link, found[1]) for link, text in page.found if (found := COUNTED.search(text))]
            for link, figure in figures:
                assert results(client, link) == whole(figure), (address, link)
            assert figures or address == REASONS
            assert not COUNTED.search(page.rest), address  # no figure without a link that proves it

    def test_roles_and_postures_count_what_the_list_finds(self, client):
        shown = dict(links(client, ROLES).found)
        for role in RoleKey:
            held = RoleHeld.objects.shown().filter(role=role, experience__in=Experience.objects.listed())
            count = held.values("experience").distinct().count()
            assert shown[f"/experiences/?role={role}"] == f"{count} expériences\xa0: {role.label}"

    def test_each_phase_shows_what_was_done_then_and_its_proof(self, client):
        page = client.get(reverse("roles:role", args=["acteur"]))
        stages = page.context["practice"].stages
        assert [stage.what for stage in stages] == list(Phase)
        for stage in stages:
            assert 0 < len(stage.examples) <= practice.EXAMPLES
            for held in stage.examples:
                assert (held.role_id, held.phase, held.is_to_check) == ("acteur", stage.what, False)
                assertContains(page, held.source.link or typo(held.source.name))

    def test_a_role_tells_how_it_changes_and_which_roles_are_beside_it(self, client):
        page = client.get(reverse("roles:role", args=["initiateur"]))
        shifts = page.context["practice"].shifts
        assert len(shifts) == practice.EXAMPLES
        assert all(practice.is_shift(shift) for shift in shifts)
        beside = [companion.role for companion in page.context["practice"].companions if companion.example]
        assert beside == [role for role in RoleKey if role != "initiateur"]

    def test_what_a_role_asks_leads_to_the_sheet_that_says_it(self, client):
        for demand in Demand.objects.exclude(experience_slug=""):
            page = client.get(reverse("roles:role", args=[demand.role_id]))
            assertContains(page, reverse("experiences:detail", args=[demand.experience_slug]))
        Experience.objects.filter(slug="correns-village-bio").update(state=State.WRITING)
        assertNotContains(client.get(reverse("roles:role", args=["initiateur"])), "Convaincre ceux qui produisent")

    def test_each_reason_has_the_experience_of_the_founding_document(self, client):
        expected = {
            "temps-long": "groupe-archer-pole-sud-romans",
            "ancrage-mobilisation": "fermes-de-figeac",
            "modele-economique": "lons-le-saunier-restauration-municipale",
            "enjeux-politique-publique": "figeacteurs",
            "gouvernance-mise-en-relation": "grand-figeac-projet-alimentaire-territorial",
        }
        shown = client.get(REASONS).context["arguments"]
        assert {argument.key: founding.slug for argument, founding, _ in shown} == expected
        assert [argument for argument, _, _ in shown] == list(Argument.objects.all())
        assert all(len(others) == 3 for _, _, others in shown)

    def test_each_condition_leads_to_the_block_of_its_sheet(self, client):
        for address in [ENTREPRENEURSHIP, reverse("roles:conditions", args=["emergence"])]:
            proofs = [link for link, _ in links(client, address).found if link.endswith("#conditions")]
            assert len(proofs) >= 5
            for proof in proofs[:3]:
                assertContains(client.get(proof), 'id="conditions"')

    def test_the_matrix_pages_the_whole_base(self, client):
        seen = []
        for number in range(1, -(-70 // matrix.PER_PAGE) + 1):
            seen += client.get(ROLES, {"page": number}).context["matrix"].page.object_list
        assert len(seen) == len(set(seen)) == 70

    def test_the_matrix_sorts_by_role_and_by_posture(self, client):
        def rows(sort):
            pages = [client.get(ROLES, {"tri": sort, "page": page}).context["matrix"].page for page in (1, 2, 3, 4)]
            return [experience for page in pages for experience in page.object_list]

        for role in RoleKey:
            held = [role in experience.role_keys for experience in rows(role.value)]
            assert held == sorted(held, reverse=True)
            assert any(held)
        order = [*PostureKey.values, None]
        ranks = [order.index(experience.posture_id) for experience in rows("posture")]
        assert ranks == sorted(ranks)

    def test_the_matrix_filters_and_keeps_its_filters_while_sorting_and_paging(self, client):
        page = client.get(ROLES, {"role": "initiateur", "posture": "coproduction", "inconnu": "MARK"})
        assert all(
            "initiateur" in row.role_keys and row.posture_id == "coproduction"
            for row in page.context["matrix"].page.object_list
        )
        found = {link for link, _ in Links(page.content.decode()).found}
        assert "?role=initiateur&posture=coproduction&tri=acteur#matrice" in found
        assert "?role=initiateur&posture=coproduction&page=2#matrice" in found
        assertNotContains(page, "MARK")

    def test_a_filter_that_does_not_exist_is_ignored_and_said(self, client):
        for query in ({"role": "maire"}, {"tri": "'"}, {"phase": "x"}, {"posture": "DOMINANTE"}):
            page = client.get(ROLES, query)
            assertContains(page, "nous l’avons ignoré")
            assert page.context["matrix"].page.paginator.count == 70

    def test_the_home_page_and_the_menu_lead_here(self, client):
        home = client.get("/").content.decode()
        assert [home.count(f'href="{Role(key=role).get_absolute_url()}"') for role in RoleKey] == [1] * 5
        assertContains(client.get(REASONS), f'<a href="{ROLES}" aria-current="true">Rôles et postures</a>', html=True)
        assertContains(client.get(ROLES), f'<a href="{ROLES}" aria-current="page">Rôles et postures</a>', html=True)

    @pytest.mark.parametrize("model", [Role, Posture])
    def test_a_definition_is_shown_whole_with_its_examples_and_its_source(self, client, model):
        for shown in model.objects.all():
            page = client.get(shown.get_absolute_url())
            words = unescape(page.content.decode())
            told = [shown.definition, *shown.interventions, *shown.vigilance, shown.source]
            told += [example.text for example in shown.examples.all()]
            assert shown.interventions
            assert shown.vigilance
            for text in told:
                assert str(typo(text))[1:] in words, text  # the first letter may have become a capital

    def test_what_the_territory_undertakes_is_told_with_figures_and_their_source(self, client):
        page = client.get(ENTREPRENEURSHIP)
        for told in ("87\u202f%", "30\u00a0ans", "Source\u00a0: Territoires Conseils, 4 décembre 2017", "Ce que c’est"):
            assertContains(page, told)
        assert [kind for kind, _, _ in page.context["moments"]] == list(ConditionKind)
        assert [role for role, _ in page.context["roles"]] == list(Role.objects.all())

    def test_a_link_to_all_of_them_is_there_only_when_some_are_not_shown(self, client):
        page = client.get(reverse("roles:role", args=["regulateur"]))
        shown = {link for link, _ in Links(page.content.decode()).found}
        stages = page.context["practice"].stages
        assert {stage.count > len(stage.examples) for stage in stages} == {True, False}
        for stage in stages:
            assert (stage.address in shown) == (stage.count > len(stage.examples))

    def test_figures_that_do_not_add_up_say_why(self, client):
        for address in (ROLES, reverse("roles:role", args=["acteur"]), reverse("roles:posture", args=["dominante"])):
            assertContains(client.get(address), "ne s’additionnent pas")
        assertContains(client.get(ENTREPRENEURSHIP), "peut compter dans plusieurs cases")


@pytest.fixture
def definitions(db):
    for position, role in enumerate(RoleKey.values, start=1):
        make_role(role, position)
    for position, posture in enumerate(PostureKey.values, start=1):
        make_posture(posture, position)


def make_told(**fields):
    """An experience that shows something on each of these pages."""
    experience = make_experience(posture_id="coproduction", first_steps=["Commencez."], **fields)
    make_role_held(experience, "initiateur", phase="emergence", phase_basis="dit", posture_id="coproduction")
    make_role_held(experience, "acteur", phase="developpement", phase_basis="dit", posture_id="coproduction")
    for kind in ConditionKind:
        Condition.objects.create(experience=experience, kind=kind, position=1, text="un local")
    indexing.refresh(searchable.NAME, [experience.pk])
    return experience


@pytest.mark.parametrize("address", PAGES)
def test_the_number_of_queries_does_not_grow_with_the_rows(client, definitions, address, django_assert_max_num_queries):
    budget = 12
    for more in (1, 29):
        for _ in range(more):
            make_told()
        client.get(address)  # the sets of the lists are drawn again after each change
        page_cache.clear()
        with django_assert_max_num_queries(budget) as done:
            client.get(address)
        budget = len(done)


@pytest.mark.django_db
@pytest.mark.parametrize("address", [ROLES, REASONS, ENTREPRENEURSHIP, reverse("roles:conditions", args=["emergence"])])
def test_an_empty_base_still_explains(client, address):
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", PAGES)
def test_roles_without_experience_announce_no_figure(client, definitions, address):
    page = client.get(address).content.decode()
    assert not COUNTED.search(re.sub("<[^>]*>", "", page))


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/roles/maire/", "/postures/souple/", "/entrepreneuriat-de-territoire/hier/"])
def test_what_does_not_exist_is_not_found(client, address):
    assert client.get(address).status_code == 404


def test_postures_cut_short_leads_to_where_they_are_explained(client):
    assert client.get("/postures/").url == f"{ROLES}#postures"


@pytest.mark.parametrize("state", [State.WRITING, State.ARCHIVED])
def test_what_is_not_listed_is_shown_nowhere(client, definitions, state):
    make_told(title="Une fiche qui se cache", state=state)
    for address in PAGES:
        assertNotContains(client.get(address), "qui se cache")


def test_facts_to_check_and_pointless_conditions_are_not_shown(client, definitions):
    experience = make_told()
    RoleHeld.objects.update(is_to_check=True, how="fait ce que rien ne prouve")
    Condition.objects.update(text="sans objet à cette échelle")
    make_role_held(experience, "financeur")
    for address in PAGES:
        page = client.get(address)
        assertNotContains(page, "rien ne prouve")
        assertNotContains(page, "ans objet")


def test_a_shift_is_of_one_collectivity_to_a_later_phase(definitions):
    experience = make_experience()

    def held(role, phase, holder="La commune"):
        return make_role_held(experience, role, phase=phase, phase_basis="dit", holder=holder)

    first, later = held("initiateur", "emergence"), held("acteur", "developpement")
    assert practice.is_shift(practice.Shift(first, later))
    assert not practice.is_shift(practice.Shift(later, first))
    assert not practice.is_shift(practice.Shift(first, held("initiateur", "developpement")))
    assert not practice.is_shift(practice.Shift(first, held("acteur", "developpement", holder="La région")))
    assert not practice.is_shift(practice.Shift(first, make_role_held(experience, "acteur")))
