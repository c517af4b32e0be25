"""What a questionnaire would answer to everybody: each way of answering it is scored, before anybody is asked.

Ways of answering that give the same points are scored together: the million ways of the opening questionnaire come down
to some forty thousand totals. When totals are too many for that, a sample of answers is drawn, the same each time.
« Ne sait pas » is left out: every question receives one of its own answers.
"""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import lcm, prod

from .models import MOST_OPTIONS, PostureKey, RoleKey
from .scoring import POSTURES, ROLES, Asked, Grid, leading

MOST_TOTALS = 60_000
SAMPLE = 20_000
SEED = 2017
WIDTH = 16
"""Bits of a packed total that the points of one dimension take."""

LABELS: dict[str, str] = {**dict(PostureKey.choices), **dict(RoleKey.choices)}

Total = tuple[int, ...]


@dataclass(frozen=True)
class Distribution:
    """How often each posture, or each role, would lead."""

    dimensions: tuple[str, ...]
    grid: Grid
    totals: Mapping[Total, int]
    """How many of the ways tried give these points, dimension by dimension."""

    @property
    def ways(self) -> int:
        """How many ways of answering there are."""
        return prod(len(question.options) for question in self.grid.questions)

    @property
    def tried(self) -> int:
        return sum(self.totals.values())

    @property
    def is_sample(self) -> bool:
        return self.tried < self.ways

    @cached_property
    def verdicts(self) -> dict[tuple[str, ...], int]:
        """What leads, and in how many of the ways tried, the most frequent first."""
        found: Counter[tuple[str, ...]] = Counter()
        for total, times in self.totals.items():
            leaders = self._leading(total)
            found[tuple(key for key in self.dimensions if key in leaders)] += times
        return dict(found.most_common())

    @property
    def rows(self) -> list[tuple[str, int, float]]:
        """For a table: what leads, in words; how many times; out of a hundred."""
        return [(told(verdict), times, 100 * times / self.tried) for verdict, times in self.verdicts.items()]

    @cached_property
    def losers(self) -> tuple[str, ...]:
        """Those that lead alone in no way of answering."""
        return tuple(
            key
            for position, key in enumerate(self.dimensions)
            if (key,) not in self.verdicts and self._leading(self._best_case(position)) != (key,)
        )

    def why_not(self, key: str) -> str:
        """What keeps a dimension from leading alone, in the case that favours it most."""
        position = self.dimensions.index(key)
        if not self._maxima[position]:
            return "aucune réponse ne lui donne de points"
        shares = dict(zip(self.dimensions, self._shares(self._best_case(position)), strict=True))
        rival = max((other for other in shares if other != key), key=lambda other: shares[other])
        mine, theirs = (round(100 * shares[one] / self._scale) for one in (key, rival))
        return f"au mieux {mine}\u202f%, quand «\u00a0{LABELS[rival].lower()}\u00a0» est à {theirs}\u202f%"

    @cached_property
    def _maxima(self) -> Total:
        return tuple(sum(question.most(key) for question in self.grid.questions) for key in self.dimensions)

    @cached_property
    def _scale(self) -> int:
        """Shares are counted in units so small that they are all whole numbers: faster than fractions, and as exact."""
        return lcm(*(most for most in self._maxima if most))

    def _shares(self, total: Total) -> list[int]:
        return [points * self._scale // most if most else 0 for points, most in zip(total, self._maxima, strict=True)]

    def _leading(self, total: Total) -> tuple[str, ...]:
        shares = dict(zip(self.dimensions, self._shares(total), strict=True))
        return leading(shares, self.grid.margin * self._scale)

    def _best_case(self, position: int) -> Total:
        """Among the totals tried, the one where this dimension is furthest ahead, or least behind."""

        def lead(total: Total) -> int:
            shares = self._shares(total)
            return shares[position] - max(share for at, share in enumerate(shares) if at != position)

        return max((*self.totals, self._greedy(position)), key=lead)

    def _greedy(self, position: int) -> Total:
        """For a sample, that may miss it: each question answered as favours this dimension most."""

        def lead(points: Total) -> int:
            shares = self._shares(points)
            return 2 * shares[position] - sum(shares)

        chosen = [max(_points(question, self.dimensions), key=lead) for question in self.grid.questions]
        return tuple(map(sum, zip(*chosen, strict=True)))


def told(verdict: tuple[str, ...]) -> str:
    *others, last = [LABELS[key].lower() for key in verdict] or ["aucune ne se détache"]
    return (f"{', '.join(others)} et {last}" if others else last).capitalize()


def distribution(grid: Grid, dimensions: tuple[str, ...]) -> Distribution:
    packed = _every_total(grid, dimensions) or _sample(grid, dimensions)
    return Distribution(dimensions, grid, {_unpack(total, dimensions): times for total, times in packed.items()})


def _points(question: Asked, dimensions: tuple[str, ...]) -> list[Total]:
    return [tuple(points.get(key, 0) for key in dimensions) for points in question.options.values()]


def _packed(grid: Grid, dimensions: tuple[str, ...]) -> list[list[int]]:
    """For each question, the points of each answer as one number: totals are then added at once."""
    return [
        [sum(given << WIDTH * at for at, given in enumerate(points)) for points in _points(question, dimensions)]
        for question in grid.questions
    ]


def _unpack(total: int, dimensions: tuple[str, ...]) -> Total:
    return tuple(total >> WIDTH * at & (1 << WIDTH) - 1 for at in range(len(dimensions)))


def _every_total(grid: Grid, dimensions: tuple[str, ...]) -> dict[int, int] | None:
    """The points that every way of answering gives; nothing when they are too many."""
    totals = {0: 1}
    for answers in _packed(grid, dimensions):
        further: Counter[int] = Counter()
        for points in answers:
            for total, times in totals.items():
                further[total + points] += times
        if len(further) > MOST_TOTALS:
            return None
        totals = further
    return totals


def _sample(grid: Grid, dimensions: tuple[str, ...]) -> dict[int, int]:
    draw = random.Random(SEED)  # noqa: S311 - the same sample each time, on purpose
    packed = _packed(grid, dimensions)
    return Counter(sum(draw.choice(answers) for answers in packed) for _ in range(SAMPLE))


@dataclass(frozen=True)
class Simulation:
    short_postures: Distribution
    postures: Distribution
    roles: Distribution


def simulate(grid: Grid) -> Simulation:
    return Simulation(
        short_postures=distribution(grid.short, POSTURES),
        postures=distribution(grid, POSTURES),
        roles=distribution(grid, ROLES),
    )


def obstacles(grid: Grid) -> list[str]:
    """Why a version cannot be published, each in one sentence; empty when it can."""
    return lacks(grid) or unfair(simulate(grid))


def lacks(grid: Grid) -> list[str]:
    """What a questionnaire is without: until it is there, it cannot be simulated."""
    flags = [question.is_short for question in grid.questions]
    thin = [question.key for question in grid.questions if len(question.options) < 2]
    thick = [question.key for question in grid.questions if len(question.options) > MOST_OPTIONS]
    told = [
        (not any(flags), "Aucune question n’est dans le questionnaire court."),
        (all(flags), "Aucune question ne suit le questionnaire court\u00a0: les rôles ne peuvent pas être distingués."),
        (flags != sorted(flags, reverse=True), "Les questions du questionnaire court viennent en premier."),
        *((True, f"La question {key} a plus de {MOST_OPTIONS} réponses.") for key in thick),
        *((True, f"La question {key} a moins de deux réponses.") for key in thin),
    ]
    return [sentence for is_so, sentence in told if is_so]


def unfair(simulation: Simulation) -> list[str]:
    """Which postures and roles can never win, and why."""
    cases = [
        (simulation.short_postures, "La posture", "au questionnaire court"),
        (simulation.postures, "La posture", "au questionnaire complet"),
        (simulation.roles, "Le rôle", "au questionnaire complet"),
    ]
    return [
        f"{what} «\u00a0{LABELS[key].lower()}\u00a0» ne peut pas l’emporter {where}\u00a0: {found.why_not(key)}."
        for found, what, where in cases
        for key in found.losers
    ]
