import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

HOME = reverse("portal:home")


@pytest.mark.django_db
def test_an_empty_portal_still_welcomes(client):
    response = client.get(HOME)
    assertContains(response, "Un territoire apprend d’un autre.")
    assertNotContains(response, "Expériences à découvrir")


def test_figures_are_those_of_the_lists_they_lead_to(client, content):
    response = client.get(HOME)
    everything = client.get(reverse("experiences:list")).context
    assert response.context["count"] == everything["listing"].count
    assert response.context["departement_count"] == len(everything["map"].areas)
    for theme in response.context["themes"]:
        found = client.get(reverse("experiences:list"), {"theme": theme.key}).context["listing"].count
        assert found == theme.listed_count
    assertContains(response, reverse("experiences:detail", args=["groupe-archer-pole-sud-romans"]))


def test_queries(client, content, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        client.get(HOME)
