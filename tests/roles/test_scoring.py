"""What answers say, checked against a second computation that shares nothing with the first."""

import json
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roles import opening, scoring
from roles.models import DONT_KNOW, PostureKey, RoleKey
from roles.scoring import Asked, Grid, score

CONTENT = json.loads((opening.DATA / "quiz.json").read_text())
DIMENSIONS = [*PostureKey.values, *RoleKey.values]


def grid_of(content):
    """The grid of the content, read without the database."""
    return Grid(
        tuple(
            Asked(
                question["id"],
                question["id"] in content["short_version"],
                {
                    option["id"]: option["weights"]["postures"] | option["weights"]["roles"]
                    for option in question["options"]
                },
            )
            for question in content["questions"]
        ),
        content["scoring"]["tie_margin_percent"],
        3,
    )


OPENING = grid_of(CONTENT)

patient = settings(deadline=None)  # a busy machine is slow, not wrong


@st.composite
def grids(draw):
    points = st.dictionaries(st.sampled_from(DIMENSIONS), st.integers(0, 5))
    questions = draw(st.lists(st.lists(points, min_size=1, max_size=5), min_size=1, max_size=8))
    short = draw(st.integers(0, len(questions)))
    return Grid(
        tuple(
            Asked(f"q{number}", number < short, {"abcde"[at]: given for at, given in enumerate(options)})
            for number, options in enumerate(questions)
        ),
        margin=draw(st.integers(0, 50)),
        unsure_one_in=draw(st.integers(1, 5)),
    )


@st.composite
def answered(draw, *, whole=False):
    grid = draw(grids())
    answers = {}
    for question in grid.questions:
        if whole or draw(st.booleans()):
            answers[question.key] = draw(st.sampled_from([*question.options, DONT_KNOW]))
    return grid, answers


def naive(grid, answers):
    """Points and maxima by dimension, the plainest way: one table of all weights, summed."""
    table = {
        (question.key, option, dimension): points.get(dimension, 0)
        for question in grid.questions
        for option, points in question.options.items()
        for dimension in DIMENSIONS
    }
    totals = {}
    for dimension in DIMENSIONS:
        got = most = 0
        for key, option in answers.items():
            if option == DONT_KNOW:
                continue
            got += table[key, option, dimension]
            most += max(value for (q, _, d), value in table.items() if (q, d) == (key, dimension))
        totals[dimension] = (got, most)
    return totals


def naive_leading(totals, margin):
    """Whoever nobody beats, and with them whoever only they beat when they are near; never somebody who has nothing."""
    told = {key: Fraction(got, most) for key, (got, most) in totals.items() if got}
    firsts = {key for key in told if all(told[key] >= other for other in told.values())}
    others = {key for key in told if key not in firsts}
    seconds = {key for key in others if all(told[key] >= told[other] for other in others)}
    if len(firsts) > 1:
        return firsts
    return firsts | {key for key in seconds for first in firsts if (told[first] - told[key]) * 100 < margin}


@patient
@given(answered())
def test_shares_are_those_of_a_second_computation(case):
    grid, answers = case
    found = score(grid, answers)
    totals = naive(grid, answers)
    for measure in (*found.postures, *found.roles):
        got, most = totals[measure.key]
        assert (measure.points, measure.maximum) == (got, most)
        assert measure.share == (Fraction(got, most) if most else None)
        assert measure.percent is None or 0 <= measure.percent <= 100


@patient
@given(answered())
def test_the_verdict_is_that_of_a_second_computation(case):
    grid, answers = case
    found = score(grid, answers)
    totals = naive(grid, answers)
    unsure = sum(option == DONT_KNOW for option in answers.values())
    if not answers or Fraction(unsure, len(answers)) > Fraction(1, grid.unsure_one_in):
        assert not found.is_reliable
        assert not found.has_verdict
        assert not found.leading_roles
    else:
        postures = {key: totals[key] for key in PostureKey.values}
        assert set(found.leading_postures) == naive_leading(postures, grid.margin)
        roles = {key: totals[key] for key in RoleKey.values} if found.has_roles else {}
        assert set(found.leading_roles) == naive_leading(roles, grid.margin)


@patient
@given(answered())
def test_roles_wait_for_every_question(case):
    grid, answers = case
    asks_more = any(not question.is_short for question in grid.questions)
    assert score(grid, answers).has_roles == (asks_more and len(answers) == len(grid.questions))


@patient
@given(answered(whole=True))
def test_the_explanation_accounts_for_the_whole_share(case):
    grid, answers = case
    for measure in (*score(grid, answers).postures, *score(grid, answers).roles):
        assert sum(one.points for one in measure.contributions) == measure.points
        effects = [abs(one.effect) for one in measure.contributions]
        assert effects == sorted(effects, reverse=True)
        for one in measure.contributions:
            got, most = naive(grid, {key: option for key, option in answers.items() if key != one.question})[
                measure.key
            ]
            assert one.share_without == (Fraction(got, most) if most else None)


@patient
@given(answered(whole=True), st.data())
def test_changing_one_answer_changes_its_explanation_and_no_other_points(case, data):
    grid, answers = case
    changed = data.draw(st.sampled_from(grid.questions))
    other = data.draw(st.sampled_from(list(changed.options)))
    before, after = score(grid, answers), score(grid, answers | {changed.key: other})
    for old, new in zip(before.postures, after.postures, strict=True):
        weighed_before = {one.question: (one.option, one.points) for one in old.contributions}
        weighed_after = {one.question: (one.option, one.points) for one in new.contributions}
        expected = {key: value for key, value in weighed_before.items() if key != changed.key}
        if changed.most(old.key):
            expected[changed.key] = (other, changed.options[other].get(old.key, 0))
        assert weighed_after == expected


@patient
@given(grids())
def test_only_dont_know_gives_no_verdict(grid):
    found = score(grid, {question.key: DONT_KNOW for question in grid.questions})
    assert found.answered == 0
    assert not found.leading_postures + found.leading_roles + found.blind_spots + found.gaps
    assert all(measure.share is None for measure in (*found.postures, *found.roles))


@patient
@given(answered(whole=True))
def test_a_blind_spot_is_weakest_and_a_gap_below_half_of_the_strongest(case):
    grid, answers = case
    found = score(grid, answers)
    shares = {role.key: role.share for role in found.roles if role.share is not None}
    for key in found.blind_spots:
        assert shares[key] == min(shares.values())
        assert key not in found.leading_roles
    assert set(found.gaps) == {key for key in shares if found.leading_roles and 2 * shares[key] < max(shares.values())}


def test_half_of_the_strongest_is_no_gap():
    options = {"a": {"acteur": 2, "financeur": 1}, "b": {"financeur": 2, "partenaire": 1}}
    found = score(Grid((Asked("q1", False, options),), margin=10, unsure_one_in=3), {"q1": "a"})
    assert (found.leading_roles, found.gaps, found.blind_spots) == (("acteur",), ("partenaire",), ("partenaire",))


def test_the_maxima_are_those_that_the_content_announces():
    announced = CONTENT["scoring"]["max_full"]
    found = score(OPENING, {question.key: "a" for question in OPENING.questions})
    assert {measure.key: measure.maximum for measure in found.postures} == announced["postures"]
    assert {measure.key: measure.maximum for measure in found.roles} == announced["roles"]


def test_three_questions_tell_a_posture_and_no_role():
    found = score(OPENING, {"q1": "d", "q2": "c", "q3": "a"})
    assert found.leading_postures == ("facilitatrice",)
    assert found.measure("facilitatrice").percent == 100
    assert not found.has_roles


def test_dont_know_leaves_the_maximum_and_a_third_of_them_is_the_most():
    found = score(OPENING, {"q1": "a", "q2": "a", "q3": DONT_KNOW})
    assert found.is_reliable
    assert (found.measure("dominante").points, found.measure("dominante").maximum) == (4, 4)
    assert not score(OPENING, {"q1": "a", "q2": DONT_KNOW, "q3": DONT_KNOW}).is_reliable
    ten = {question.key: "a" for question in OPENING.questions}
    assert score(OPENING, ten | dict.fromkeys(["q1", "q2", "q3"], DONT_KNOW)).is_reliable
    assert not score(OPENING, ten | dict.fromkeys(["q1", "q2", "q3", "q4"], DONT_KNOW)).is_reliable


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ((70, 60, 10), {"dominante"}),  # ten points apart: the first alone
        ((70, 61, 10), {"dominante", "facilitatrice"}),
        ((70, 65, 61), {"dominante", "facilitatrice"}),
        ((70, 65, 65), {"dominante", "facilitatrice", "coproduction"}),  # nothing tells the two second ones apart
        ((70, 70, 65), {"dominante", "facilitatrice"}),
        ((0, 0, 0), set()),
    ],
)
def test_the_two_first_are_named_within_the_margin(shares, expected):
    told = {key: Fraction(value, 100) for key, value in zip(PostureKey.values, shares, strict=True)}
    assert set(scoring.leading(told, 10)) == expected


def test_an_answer_that_does_not_exist_is_refused():
    for answers in ({"q11": "a"}, {"q1": "e"}, {"q1": ""}):
        with pytest.raises(scoring.UnknownAnswer):
            score(OPENING, answers)


def test_the_database_gives_the_grid_of_the_content(opened, django_assert_num_queries):
    with django_assert_num_queries(0):
        grid = scoring.grid(opened)
    assert [question.key for question in grid.questions] == CONTENT["full_version"]
    assert [question.key for question in grid.short.questions] == CONTENT["short_version"]
    for read, expected in zip(grid.questions, OPENING.questions, strict=True):
        assert {key: {d: n for d, n in points.items() if n} for key, points in read.options.items()} == expected.options
