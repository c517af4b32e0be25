"""« Comme la mienne »: choosing the collectivity, and the list in the order of its likeness."""

import re

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.models import Membership, MembershipState
from experiences import finding, likeness
from territories.models import Collectivity
from tests.accounts.factories import make_membership

LIST = reverse("experiences:list")
URL = reverse("experiences:like_mine")


def whys(response):
    return re.findall(r"Ressemblance\u00a0: </span>([^<]+)", response.content.decode())


@pytest.mark.usefixtures("content")
class TestTheList:
    def test_the_most_alike_come_first_each_with_its_reason(self, client):
        response = client.get(LIST, {"comme": "46102", "tri": "comme"})
        assert response.context["listing"].count == 70
        assert whys(response)[0].startswith("même commune")
        assert any(re.search(r"taille voisine \([\d\u202f]+\u00a0habitants\)", why) for why in whys(response))
        assertContains(response, "Comme Figeac (46)")

    def test_the_issues_in_common_are_named(self, client):
        shared = [why for why in whys(client.get(LIST, {"comme": "46102"})) if "enjeu" in why]
        assert shared
        for why in shared:
            assert re.search(r"enjeux? communs? \([^)]{5,}\)", why), why

    def test_pages_follow_one_another_without_repeating(self, client):
        base = finding.current()
        figeac = likeness.to("46102")
        assert figeac
        groups = likeness.groups(figeac.traits(base.sets), base.sets, base.sets.all)
        expected = [place for group in groups for place in base.sets.places([group.among], 0, 70)]
        pages = [
            place
            for number in range(1, 7)
            for place in client.get(LIST, {"comme": "46102", "page": number}).context["listing"].places
        ]
        assert pages == expected

    def test_filters_add_up_and_everything_stays_in_the_address(self, client):
        response = client.get(LIST, {"comme": "46102", "theme": "energie"})
        assert response.context["listing"].count == finding.count(theme=["energie"])
        addresses = {chip.label: chip.address for chip in response.context["chips"]}
        assert addresses["Thème\u00a0: Énergie"] == f"{LIST}?comme=46102&tri=comme"
        assert addresses["Comme Figeac (46)"] == f"{LIST}?theme=energie"

    def test_another_order_may_be_asked_for_beside_it(self, client):
        for order in ("recentes", "usuel"):
            response = client.get(LIST, {"comme": "46102", "tri": order})
            assert whys(response) == []
            assertContains(response, "Comme Figeac (46)")

    @pytest.mark.parametrize("code", ["deleguee:74282", "97411", "69123", "departement:974", "region:11"])
    def test_any_collectivity_will_do(self, client, code):
        response = client.get(LIST, {"comme": code})
        assertContains(response, "Comme ")
        assert whys(response)

    def test_an_old_code_is_that_of_today(self, client):
        commune = Collectivity.objects.current().exclude(former_codes=[]).filter(parts=None).first()
        response = client.get(LIST, {"comme": commune.former_codes[0]})
        assert response.context["criteria"].comme == commune.code

    @pytest.mark.parametrize("code", ["00000", "Figeac", "x" * 500, "<script>"])
    def test_a_code_that_means_nothing_is_ignored_and_said(self, client, code):
        response = client.get(LIST, {"comme": code, "tri": "comme"})
        assertContains(response, "Filtre inconnu ignoré")
        assert response.context["listing"].count == 70
        assert whys(response) == []

    def test_asking_for_the_order_without_a_collectivity_leads_to_the_choice(self, client):
        assertContains(client.get(LIST, {"tri": "comme", "theme": "energie"}), f'href="{URL}?theme=energie"')

    def test_statements(self, client, django_assert_max_num_queries):
        client.get(LIST, {"comme": "46102"})
        with django_assert_max_num_queries(5):
            client.get(LIST, {"comme": "46102", "page": "2"})


@pytest.mark.usefixtures("content")
class TestTheChoice:
    def test_a_code_or_a_whole_label_leads_to_the_list_with_its_filters(self, client):
        for text in ("46102", "Figeac (46)", "Figeac 46100"):
            response = client.get(URL, {"collectivite": text, "theme": "energie"})
            assertRedirects(response, f"{LIST}?theme=energie&comme=46102&tri=comme")

    def test_what_the_script_chose_is_believed(self, client):
        chosen = {"collectivite": "Saint-Denis (93)", "collectivite_propose": "Saint-Denis (93)"}
        response = client.get(URL, {**chosen, "collectivite_cle": "commune:93066"})
        assertRedirects(response, f"{LIST}?comme=93066&tri=comme")

    def test_without_a_script_an_ambiguous_name_comes_back_with_places_to_choose(self, client):
        response = client.get(URL, {"collectivite": "saint-denis", "theme": "energie"})
        assertContains(response, 'type="radio" name="collectivite_cle" value="commune:93066"')
        assertContains(response, 'name="theme" value="energie"')
        assertContains(response, "choisissez la bonne ci-dessous", count=1)
        assertNotContains(response, "Service ouvert")

    @pytest.mark.parametrize("text", ["", "zzzzzzzz"])
    def test_what_names_nothing_is_said_and_kept(self, client, text):
        response = client.get(URL, {"collectivite": text})
        assert response.status_code == 200
        assertContains(response, "Erreur")

    def test_a_confirmed_collectivity_is_offered_and_never_forced(self, client, elected, stranger):
        make_membership(stranger, state=MembershipState.DECLARED)
        place = Membership.objects.get(person=elected).collectivity
        client.force_login(elected)
        assertContains(client.get(URL), f"Comme {place.label}")
        response = client.get(LIST, {"theme": "energie"})
        assert response.context["criteria"].comme == ""
        assertContains(response, f'href="{LIST}?theme=energie&amp;comme={place.code}&amp;tri=comme"')
        client.force_login(stranger)
        assertNotContains(client.get(URL), place.label)
