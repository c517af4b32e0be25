"""What the answers to a questionnaire say of a posture and of roles: plain arithmetic, that reads and writes nothing.

Each answer gives points to postures and to roles. The share of a posture or of a role is its points divided by the most
that the questions answered could have given it; « ne sait pas » gives nothing and leaves that maximum. Shares are exact
fractions, so that no rounding decides between two of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from .models import DONT_KNOW, PostureKey, RoleKey

POSTURES: tuple[str, ...] = tuple(PostureKey.values)
ROLES: tuple[str, ...] = tuple(RoleKey.values)


class UnknownAnswer(ValueError):
    """A question or an answer that this version of the questionnaire does not have."""


@dataclass(frozen=True)
class Asked:
    """A question, as far as points go: what each of its answers gives, by posture and by role."""

    key: str
    is_short: bool
    options: Mapping[str, Mapping[str, int]]

    def most(self, dimension: str) -> int:
        return max((points.get(dimension, 0) for points in self.options.values()), default=0)


@dataclass(frozen=True)
class Grid:
    """A questionnaire, as far as points go."""

    questions: tuple[Asked, ...]
    margin: int
    unsure_one_in: int

    @property
    def short(self) -> "Grid":
        return Grid(tuple(asked for asked in self.questions if asked.is_short), self.margin, self.unsure_one_in)


def grid(questionnaire) -> Grid:
    """The grid of a version whose questions and answers are loaded: `Questionnaire.objects.whole()`."""
    return Grid(
        tuple(
            Asked(question.key, question.is_short, {option.key: option.weights for option in question.options.all()})
            for question in questionnaire.questions.all()
        ),
        questionnaire.margin,
        questionnaire.unsure_one_in,
    )


@dataclass(frozen=True)
class Contribution:
    """What one answer did to the share of a posture or of a role."""

    question: str
    option: str
    points: int
    maximum: int
    share: Fraction
    share_without: Fraction | None
    """The share that the other answers give by themselves; None when no other question speaks of this dimension."""

    @property
    def effect(self) -> Fraction:
        """By how much the answer raised the share (above zero) or lowered it (below)."""
        return self.share - (self.share_without or 0)

    @property
    def effect_points(self) -> int:
        return round(100 * self.effect)


@dataclass(frozen=True)
class Measure:
    """How far the answers go towards a posture or a role."""

    key: str
    answers: tuple[tuple[str, str, int, int], ...]
    """For each question answered that could give points: question, answer, points given, most that it could give."""

    @cached_property
    def points(self) -> int:
        return sum(points for _, _, points, _ in self.answers)

    @cached_property
    def maximum(self) -> int:
        return sum(most for _, _, _, most in self.answers)

    @property
    def share(self) -> Fraction | None:
        """None when no question answered speaks of it."""
        return share(self.points, self.maximum)

    @property
    def percent(self) -> int | None:
        return None if self.share is None else round(100 * self.share)

    @cached_property
    def contributions(self) -> tuple[Contribution, ...]:
        """The answers that could weigh, those that weighed most first."""
        found = [
            Contribution(
                question,
                option,
                points,
                most,
                share=Fraction(self.points, self.maximum),
                share_without=share(self.points - points, self.maximum - most),
            )
            for question, option, points, most in self.answers
        ]
        return tuple(sorted(found, key=lambda one: -abs(one.effect)))


@dataclass(frozen=True)
class Score:
    """What a set of answers says. Without verdict, the shares are there and nothing leads."""

    postures: tuple[Measure, ...]
    roles: tuple[Measure, ...]
    """Empty until every question has its answer: a few questions cannot tell roles apart."""
    answered: int
    unsure: int
    is_reliable: bool
    leading_postures: tuple[str, ...]
    leading_roles: tuple[str, ...]
    blind_spots: tuple[str, ...]
    """The weakest role, or those equally weak; none when the weakest is among those that lead."""
    gaps: tuple[str, ...]
    """The roles that do not reach half of the strongest, the weakest first."""

    @property
    def has_roles(self) -> bool:
        return bool(self.roles)

    @property
    def has_verdict(self) -> bool:
        return bool(self.leading_postures)

    def measure(self, key: str) -> Measure:
        return next(measure for measure in (*self.postures, *self.roles) if measure.key == key)


def score(grid: Grid, answers: Mapping[str, str]) -> Score:
    """Tell postures from the questions that have an answer, and roles once they all have one."""
    asked = {question.key: question for question in grid.questions}
    for key, option in answers.items():
        if key not in asked or (option != DONT_KNOW and option not in asked[key].options):
            raise UnknownAnswer(key, option)
    unsure = sum(option == DONT_KNOW for option in answers.values())
    is_reliable = bool(answers) and unsure * grid.unsure_one_in <= len(answers)
    is_whole = len(answers) == len(asked) and any(not question.is_short for question in grid.questions)
    postures = _measures(POSTURES, grid, answers)
    roles = _measures(ROLES, grid, answers) if is_whole else ()
    leading_roles = _leading(roles, grid) if is_reliable else ()
    return Score(
        postures=postures,
        roles=roles,
        answered=len(answers) - unsure,
        unsure=unsure,
        is_reliable=is_reliable,
        leading_postures=_leading(postures, grid) if is_reliable else (),
        leading_roles=leading_roles,
        blind_spots=_blind_spots(roles, leading_roles),
        gaps=_gaps(roles, leading_roles),
    )


def share(points: int, maximum: int) -> Fraction | None:
    return Fraction(points, maximum) if maximum else None


def leading(shares: Mapping[str, Fraction | None] | Mapping[str, int], margin: int) -> tuple[str, ...]:
    """The greatest share; the two greatest when less than `margin` hundredths part them. Nothing leads with nothing.

    Equals stay together: when several are second, all of them are named rather than the first of the list.
    """
    told = sorted(((value, key) for key, value in shares.items() if value), key=lambda pair: -pair[0])
    if not told:
        return ()
    best, second = told[0][0], told[min(1, len(told) - 1)][0]
    least = second if 100 * (best - second) < margin else best
    return tuple(key for value, key in told if value >= least)


def _measures(dimensions: Iterable[str], grid: Grid, answers: Mapping[str, str]) -> tuple[Measure, ...]:
    return tuple(
        Measure(
            dimension,
            tuple(
                (question.key, option, question.options[option].get(dimension, 0), question.most(dimension))
                for question in grid.questions
                if (option := answers.get(question.key, DONT_KNOW)) != DONT_KNOW and question.most(dimension)
            ),
        )
        for dimension in dimensions
    )


def _leading(measures: Iterable[Measure], grid: Grid) -> tuple[str, ...]:
    return leading({measure.key: measure.share for measure in measures}, grid.margin)


def _blind_spots(roles: Iterable[Measure], leading_roles: tuple[str, ...]) -> tuple[str, ...]:
    told = [role for role in roles if role.share is not None]
    if not leading_roles:
        return ()
    least = min(role.share or 0 for role in told)
    weakest = tuple(role.key for role in told if role.share == least)
    return () if set(weakest) & set(leading_roles) else weakest


def _gaps(roles: Iterable[Measure], leading_roles: tuple[str, ...]) -> tuple[str, ...]:
    if not leading_roles:
        return ()
    told = sorted(((role.share, role.key) for role in roles if role.share is not None), key=lambda pair: pair[0])
    best = told[-1][0]
    return tuple(key for value, key in told if 2 * value < best)
