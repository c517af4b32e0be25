"""The drawing says what the sources say: no more, no less."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from experiences import frise
from roles.models import RoleKey
from tests.experiences.factories import make_experience, make_role_held, make_step

pytestmark = pytest.mark.django_db


def draw(experience):
    """The wide drawing; the narrow one says the same in less room."""
    wide, _narrow = draw_both(experience)
    return wide


def draw_both(experience):
    return frise.draw(experience.roles_held.all(), experience.steps.all())


def lane(drawing, key):
    return next(lane for lane in drawing.lanes if lane.key == key)


def test_nothing_dated_nothing_drawn(client):
    experience = make_experience()
    make_role_held(experience)
    assert draw_both(experience) == []
    page = client.get(reverse("experiences:detail", args=[experience.slug]))
    assertNotContains(page, "Rôles dans le temps")
    assertContains(page, "achète la récolte")


def test_phases_without_any_date_are_drawn_as_phases_in_outline(client):
    experience = make_experience()
    make_role_held(experience, "initiateur", phase="emergence", phase_basis="L’article le dit.")
    make_role_held(experience, "acteur", phase="developpement", phase_basis="L’article le dit.")
    make_role_held(experience, "acteur", phase="passage-a-l-echelle", phase_basis="L’article le dit.")
    make_role_held(experience, "financeur")
    for drawing in draw_both(experience):
        assert not drawing.is_dated
        assert [tick.text for tick in drawing.ticks] == ["Émergence", "Développement", "Passage à l’échelle"]
        (first,), (second, third) = lane(drawing, "initiateur").bars, lane(drawing, "acteur").bars
        assert drawing.layout.left < first.x < first.end < second.x < second.end < third.x < drawing.layout.right
        assert lane(drawing, "financeur").note == "Date non connue"
        assert "Initiateur (émergence) ; Acteur (développement, passage à l’échelle)" in drawing.title
    page = client.get(reverse("experiences:detail", args=[experience.slug]))
    assertContains(page, "phase par phase</h2>")
    assertContains(page, 'class="fill-soft"')
    assertNotContains(page, 'class="fill"')


def test_one_date_is_enough_for_years():
    experience = make_experience()
    make_role_held(experience, "initiateur", phase="emergence", phase_basis="L’article le dit.")
    make_role_held(experience, "acteur", from_year=2001)
    assert draw(experience).is_dated


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
    assert bar.stub_end < frise.WIDE.right


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
    years = [int(tick.text) for tick in draw(experience).ticks]
    assert years[0] <= 1987
    assert years[-1] >= 2010
    assert len(years) <= 9


def test_a_lane_where_nothing_can_be_drawn_says_what_the_table_says(client):
    experience = make_experience()
    make_role_held(experience, from_year=2001)
    make_role_held(experience, "partenaire", phase="developpement", phase_basis="Un article le dit.", to_year=2016)
    make_role_held(experience, "initiateur", to_year=2016)
    make_role_held(experience, "financeur")
    make_role_held(experience, "financeur")
    drawing = draw(experience)
    assert lane(drawing, "partenaire").note == "Développement, au plus tard en 2016"
    assert lane(drawing, "initiateur").note == "Au plus tard en 2016"
    assert lane(drawing, "financeur").note == "Date non connue"
    assert lane(drawing, "acteur").note == ""
    table = client.get(reverse("experiences:detail", args=[experience.slug])).content.decode().partition("<table")[2]
    assert table.count("Au plus tard en 2016") == table.count("Date non connue") == 2


def test_holders_who_differ_are_left_to_the_table():
    experience = make_experience()
    make_role_held(experience, from_year=2001)
    make_role_held(experience, "financeur", to_year=2016)
    make_role_held(experience, "financeur")
    assert lane(draw(experience), "financeur").note == "Plusieurs périodes, voir le tableau"


def test_dated_and_undated_holders_of_a_role_share_its_bars():
    experience = make_experience()
    make_role_held(experience, from_year=2001)
    make_role_held(experience, to_year=2016)
    acteur = lane(draw(experience), "acteur")
    assert len(acteur.bars) == 1
    assert acteur.note == ""


def test_the_narrow_drawing_says_the_same_within_its_own_room():
    experience = make_experience()
    make_role_held(experience, from_year=1969)
    make_role_held(experience, "financeur", from_year=1975, to_year=2024)
    make_role_held(experience, "regulateur", from_year=2025)
    make_role_held(experience, "partenaire")
    wide, narrow = draw_both(experience)
    assert [(lane.key, lane.note, len(lane.bars)) for lane in narrow.lanes] == [
        (lane.key, lane.note, len(lane.bars)) for lane in wide.lanes
    ]
    assert narrow.title == wide.title
    assert len(narrow.ticks) < len(wide.ticks)
    for drawing in (wide, narrow):
        ends = [bar.stub_end if bar.is_open else bar.end for lane in drawing.lanes for bar in lane.bars]
        assert max(ends) <= drawing.layout.right < drawing.layout.width
        assert all(lane.y + drawing.layout.bar < drawing.bottom for lane in drawing.lanes)


def test_the_title_tells_the_finding():
    experience = make_experience()
    make_role_held(experience, from_year=2010)
    make_role_held(experience, from_year=1999)
    make_role_held(experience, "initiateur", from_year=1992)
    assert "Initiateur dès 1992 ; Acteur dès 1999" in draw(experience).title
