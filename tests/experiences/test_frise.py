"""The drawing says what the sources say: no more, no less."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from experiences import frise
from roles.models import RoleKey
from tests.experiences.factories import make_experience, make_role_held, make_step

pytestmark = pytest.mark.django_db


def draw(experience):
    return frise.draw(experience.roles_held.all(), experience.steps.all())


def lane(drawing, key):
    return next(lane for lane in drawing.lanes if lane.key == key)


def test_nothing_dated_nothing_drawn(client):
    experience = make_experience()
    make_role_held(experience)
    assert draw(experience) is None
    page = client.get(reverse("experiences:detail", args=[experience.slug]))
    assertNotContains(page, "Frise des rôles")
    assertContains(page, "achète la récolte")


def test_the_five_roles_keep_their_order_and_the_empty_ones_their_lane():
    experience = make_experience()
    make_role_held(experience, "regulateur", from_year=2001)
    assert [lane.key for lane in draw(experience).lanes] == [key.value for key in RoleKey]


def test_an_end_that_is_not_said_is_left_open_and_never_runs_to_today():
    experience = make_experience()
    make_role_held(experience, from_year=2000)
    make_step(experience, year=2020)
    (bar,) = lane(draw(experience), "acteur").bars
    assert bar.is_open
    assert bar.width == frise.POINT
    assert bar.stub_end < frise.RIGHT


def test_a_period_is_a_bar_of_its_length_and_an_act_a_point():
    experience = make_experience()
    make_role_held(experience, from_year=2000, to_year=2009)
    make_role_held(experience, "financeur", from_year=2005, to_year=2005)
    drawing = draw(experience)
    (period,) = lane(drawing, "acteur").bars
    (act,) = lane(drawing, "financeur").bars
    assert not period.is_open
    assert not act.is_open
    assert act.width == frise.POINT < period.width
    assert period.x < act.x < period.end


def test_the_axis_covers_the_steps_of_the_project():
    experience = make_experience()
    make_role_held(experience, from_year=2012)
    make_step(experience, year=1987)
    years = [year for year, _x in draw(experience).ticks]
    assert years[0] <= 1987
    assert years[-1] >= 2010
    assert len(years) <= 9


def test_a_role_that_no_source_dates_is_written_in_its_lane():
    experience = make_experience()
    make_role_held(experience, from_year=2001)
    make_role_held(experience, "partenaire", phase="emergence", phase_basis="Un article le dit.")
    make_role_held(experience, "financeur")
    drawing = draw(experience)
    assert lane(drawing, "partenaire").note == "Émergence, non daté"
    assert lane(drawing, "financeur").note == "Tenu, non daté"
    assert lane(drawing, "acteur").note == ""


def test_the_title_tells_the_finding():
    experience = make_experience()
    make_role_held(experience, from_year=2010)
    make_role_held(experience, from_year=1999)
    make_role_held(experience, "initiateur", from_year=1992)
    assert "Initiateur dès 1992 ; Acteur dès 1999" in draw(experience).title
