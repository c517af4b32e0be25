"""The map and its list: counts against a naive recount, what is chosen, and what each link leads to."""

import re
from collections import Counter

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from experiences import maps
from experiences.searchable import NAME
from search.models import Document
from territories.models import Collectivity
from tests.experiences.factories import index, make_experience

URL = reverse("experiences:list")


def shown(client, **asked):
    return client.get(URL, {"vue": "carte", **asked}).context


def recount(facet, *kept):
    """How many experiences have each value, read one by one from their documents."""
    found = Document.objects.filter(kind=NAME, is_listed=True, facets__contains=list(kept))
    values = [value.split(":", 1) for facets in found.values_list("facets", flat=True) for value in facets]
    return dict(Counter(value for name, value in values if name == facet))


@pytest.mark.usefixtures("content")
class TestOnTheOpeningContent:
    @pytest.mark.parametrize("kept", [{}, {"theme": "energie"}, {"region": "76"}, {"role": "acteur"}])
    def test_counts_are_those_of_a_naive_recount(self, client, kept):
        filters = [f"{name}:{value}" for name, value in kept.items()]
        context = shown(client, **kept)
        assert {area.code: area.count for area in context["map"].areas} == recount("departement", *filters)
        regions = {region.area.code: region.area.count for region in context["regions"]}
        assert regions == recount("region", *(known for known in filters if not known.startswith("region")))

    def test_each_link_leads_to_as_many_experiences(self, client):
        context = shown(client, theme="alimentation-agriculture")
        regions = [region.area for region in context["regions"]]
        assert len(context["map"].areas) > 5
        for area in [*context["map"].areas, *regions, *context["intercommunalities"]]:
            assert client.get(area.address).context["listing"].count == area.count

    def test_the_chosen_departement_leaves_the_others_and_is_removed_by_its_link(self, client):
        before = shown(client, theme="energie")["map"].areas
        context = shown(client, theme="energie", departement=before[0].code)
        assert [(area.code, area.count) for area in context["map"].areas] == [(a.code, a.count) for a in before]
        [chosen] = context["map"].chosen
        assert chosen.code == before[0].code
        assert chosen.address == f"{URL}?theme=energie&vue=carte"
        page = client.get(URL, {"vue": "carte", "departement": "46"}).content.decode()
        assert page.count('aria-current="true"') == 2  # on the map and in its list

    def test_a_chosen_departement_without_experience_is_still_there(self, client):
        [chosen] = shown(client, departement="15")["map"].chosen
        assert (chosen.code, chosen.count) == ("15", 0)

    def test_what_the_departement_has_is_named_and_leads_to_the_list(self, client):
        response = client.get(URL, {"vue": "carte", "departement": "46"})
        assertContains(response, "Une coopérative agricole devenue coopérative de territoire")
        assertContains(response, f'href="{URL}?departement=46"')

    def test_an_experience_of_two_departements_counts_in_both_and_it_is_said(self, client):
        found = shown(client)["map"]
        assert found.sum > found.located == found.total - found.unlocated
        assertContains(client.get(URL, {"vue": "carte"}), f"la somme des départements est de {found.sum}")

    def test_overseas_has_its_outlines(self, client):
        page = client.get(URL, {"vue": "carte"}).content.decode()
        assert "#d973" in page
        assert "#d974" in page

    def test_the_tabs_keep_the_filters(self, client):
        page = client.get(URL, {"vue": "carte", "theme": "energie"}).content.decode()
        [tabs] = re.findall(r'<nav class="tabs".*?</nav>', page)
        assert re.findall(r'href="([^"]+)"', tabs) == [
            f"{URL}?theme=energie",
            f"{URL}?theme=energie&amp;vue=carte",
            f"{URL}?theme=energie&amp;vue=frise",
        ]
        assert re.findall(r"<a[^>]*aria-current[^>]*>([^<]+)", tabs) == ["Carte"]


@pytest.mark.django_db
def test_an_empty_base_has_an_empty_map(client):
    assertContains(client.get(URL, {"vue": "carte"}), "Aucun département.")


def test_what_has_no_place_is_counted_apart(client, reference):
    make_experience()
    located = make_experience()
    located.locations.create(collectivity=Collectivity.objects.get(key="commune:46102"), position=1)
    index(located)
    assertContains(client.get(URL, {"vue": "carte"}), "1 expérience située, 1 sans lieu précis.")


def test_a_place_overseas_without_outline_is_in_the_list_alone(client, reference):
    experience = make_experience()
    experience.locations.create(collectivity=Collectivity.objects.get(key="outremer:987"), position=1)
    index(experience)
    response = client.get(URL, {"vue": "carte"})
    assertContains(response, "Polynésie française (987)")
    assertNotContains(response, "#d987")


def test_the_number_of_statements_does_not_grow(client, reference, django_assert_num_queries):
    commune = Collectivity.objects.get(key="commune:46102")
    for rows in (1, 12):
        for _ in range(rows):
            experience = make_experience()
            experience.locations.create(collectivity=commune, position=1)
            index(experience)
        client.get(URL, {"vue": "carte"})
        with django_assert_num_queries(2):
            client.get(URL, {"vue": "carte", "departement": "46", "page": rows})


@pytest.mark.parametrize(
    ("counts", "labels"),
    [
        ([], ["1", "2", "3 et plus"]),
        ([1, 2, 5], ["1", "2", "3 et plus"]),
        ([4, 12, 25, 31, 60, 190], ["1 à 9", "10 à 29", "30 à 59", "60 et plus"]),
        ([120] * 5, ["1 à 99", "100 et plus"]),
    ],
)
def test_shades_are_few_round_and_cover_every_count(counts, labels):
    scale = maps.shades(counts)
    assert [shade.label for shade in scale] == labels
    assert len({shade.name for shade in scale}) == len(scale)
    assert scale[0].least == 1
