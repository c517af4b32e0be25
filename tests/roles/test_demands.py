"""What each role asks rests on words that the sheets really hold."""

from collections import defaultdict

import pytest
from django.core.management import call_command

from experiences.models import Experience, RoleHeld
from roles.models import Audience, Demand, RoleKey

pytestmark = pytest.mark.usefixtures("content")


def words_of(experience):
    """All that the sheet shows of what was done, learnt and advised."""
    held = RoleHeld.objects.shown().filter(experience=experience).values_list("how", flat=True)
    return [*held, *experience.lessons, *experience.first_steps]


def test_each_role_asks_something_of_officials_and_of_agents():
    asked = defaultdict(set)
    for demand in Demand.objects.all():
        asked[demand.role_id].add(demand.audience)
    assert asked == {role.value: set(Audience.values) for role in RoleKey}


def test_the_words_are_those_of_the_sheet_in_which_a_collectivity_held_this_role():
    resting = Demand.objects.exclude(experience_slug="")
    assert resting.count() > 20
    for demand in resting:
        experience = Experience.objects.public().get(slug=demand.experience_slug)
        assert demand.basis in words_of(experience), demand
        assert RoleHeld.objects.shown().filter(experience=experience, role=demand.role_id).exists(), demand


def test_they_are_loaded_once_and_what_curators_made_of_them_stays():
    Demand.objects.exclude(role="acteur").delete()
    Demand.objects.update(text="Ce que l’équipe a réécrit.")
    call_command("load_content")
    assert set(Demand.objects.values_list("role", "text")) == {("acteur", "Ce que l’équipe a réécrit.")}
