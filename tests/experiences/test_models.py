"""What may never be stored, and how dates and figures are told."""

from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from experiences.models import Experience, ProjectStatus, Result, RoleHeld, Source, State, Step
from tests.experiences.factories import make_experience, make_role_held, make_source, make_step


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"started_year": 2010, "ended_year": 2009},
        {"state": State.REFUSED},
        {"first_published_on": None},
        {"population": 812},
    ],
)
def test_an_experience_that_cannot_be(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_experience(**fields)


@pytest.mark.django_db
def test_facts_that_cannot_be():
    experience = make_experience()
    for make in (
        partial(make_role_held, from_year=2010, to_year=2009),
        partial(make_role_held, phase="emergence"),
        partial(make_step, year=2010, day=3),
        partial(make_source, title=""),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            make(experience)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "Date de début non précisée"),
        ({"started_year": 1992}, "Début en 1992"),
        ({"started_year": 1992, "project_status": ProjectStatus.ONGOING}, "Depuis 1992"),
        ({"started_year": 1992, "ended_year": 2001}, "De 1992 à 2001"),
    ],
)
def test_since_is_said_only_of_what_a_source_says_goes_on(fields, told):
    assert Experience(**fields).period_text == told


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        (None, None, "Date non connue"),
        (None, 2001, "Au plus tard en 2001"),
        (1992, None, "À partir de 1992, fin non dite"),
        (1992, 1992, "En 1992"),
        (1992, 2001, "De 1992 à 2001"),
    ],
)
def test_the_period_of_a_role(start, end, told):
    assert RoleHeld(from_year=start, to_year=end).period_text == told


@pytest.mark.parametrize(
    ("fields", "read", "written"),
    [
        ({"year": 2018}, "2018", "2018"),
        ({"year": 2018, "month": 3}, "mars 2018", "2018-03"),
        ({"year": 2018, "month": 3, "day": 21}, "21 mars 2018", "2018-03-21"),
        ({"year": 2018, "month": 3, "day": 1}, "1er mars 2018", "2018-03-01"),
    ],
)
def test_a_step_is_no_more_precise_than_its_source(fields, read, written):
    step = Step(**fields)
    assert (step.date_text, step.datetime) == (read, written)


def test_a_figure_is_told_as_people_write_it():
    assert Result(value=Decimal("1510000.000")).figure == "1\u202f510\u202f000"
    assert Result(value=Decimal("1.5")).figure == "1,5"
    assert Result(value_text="50 à 300").figure == "50 à 300"
    assert Result(label="agents", unit="agents").shown_unit == ""
    assert Result(label="surface protégée", unit="ha").shown_unit == "ha"
    assert Result(label="équivalents temps plein", unit="ETP").shown_unit == ""
    assert Result(label="emplois", unit="ETP").shown_unit == "ETP"


def test_a_source_without_title_is_named_by_its_site():
    assert Source(url="https://www.journal.example/un/article").name == "journal.example"
    assert Source(title="Un article", url="https://journal.example/").name == "Un article"
    assert Source(publisher="Le Journal", url="https://journal.example/").name == "Le Journal (journal.example)"
    assert Source(url="https://www.francebleu.fr/infos/x").name == "France Bleu (francebleu.fr)"


@pytest.mark.django_db
def test_the_public_rule_is_one():
    for state in State:
        make_experience(state=state, refusal_reason="Hors sujet", first_published_on=date(2026, 1, 1))
    assert set(Experience.objects.public().values_list("state", flat=True)) == {
        State.PUBLISHED,
        State.TO_REVISE,
        State.ARCHIVED,
    }
    assert set(Experience.objects.listed().values_list("state", flat=True)) == {State.PUBLISHED, State.TO_REVISE}
