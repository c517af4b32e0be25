"""What collectivities did in a role or with a posture, as the sheets tell it: how many, which, and on which proof."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from experiences import finding
from experiences.models import Experience, RoleHeld
from roles.models import Phase, PostureKey, RoleKey

EXAMPLES = 3
READ = 60  # sheets among which stories are looked for: never the whole base

PHASES = list(Phase.values)


@dataclass(frozen=True)
class Found:
    """The experiences that some criteria find: how many, their list, the first of them, and roles held in these."""

    what: Any
    count: int
    address: str
    firsts: list[int]
    examples: list[RoleHeld] = field(default_factory=list)


@dataclass(frozen=True)
class Part:
    """A value of a filter: how many experiences have it among those that the other filters keep, and their list."""

    value: Any
    count: int
    address: str


@dataclass(frozen=True)
class Shift:
    """In one experience, the same collectivity in two roles, one after the other."""

    first: RoleHeld
    then: RoleHeld


@dataclass(frozen=True)
class Companion:
    """Another role, and an experience in which both were held."""

    role: RoleKey
    example: RoleHeld | None


class RoleInPractice:
    """What the sheets tell of a role."""

    def __init__(self, role):
        self.role = role
        base = finding.current()
        self.found = find(base, role, READ, role=[role.key])
        self.stages = [find(base, phase, EXAMPLES, role=[role.key], phase=[phase.value]) for phase in Phase]
        self.manners = [find(base, manner, EXAMPLES, role=[role.key], posture=[manner.value]) for manner in PostureKey]
        self._held = roles_held(key for found in (self.found, *self.stages, *self.manners) for key in found.firsts)
        for stage in self.stages:
            stage.examples.extend(self._examples(stage.firsts, phase=stage.what))
        for manner in self.manners:
            manner.examples.extend(self._examples(manner.firsts, posture_id=manner.what)[:1])

    def _examples(self, keys, **wanted):
        """What was done in this role, an example from each of the first experiences."""
        examples = []
        for key in keys:
            mine = (held for held in self._held[key] if held.role_id == self.role.key)
            examples += [held for held in mine if all(getattr(held, k) == v for k, v in wanted.items())][:1]
        return examples

    @property
    def shifts(self):
        """A few experiences in which a collectivity came to this role or left it for another."""
        found = []
        for key in self.found.firsts:
            pairs = (Shift(first, then) for first in self._held[key] for then in self._held[key])
            mine = (pair for pair in pairs if self.role.key in (pair.first.role_id, pair.then.role_id))
            found += [pair for pair in mine if is_shift(pair)][:1]
        return found[:EXAMPLES]

    @property
    def companions(self):
        """The other roles, each with an experience in which it was held beside this one."""
        return [Companion(other, self._beside(other)) for other in RoleKey if other != self.role.key]

    def _beside(self, other):
        beside = (held for key in self.found.firsts for held in self._held[key] if held.role_id == other)
        return next(beside, None)


def find(base, what, limit, **criteria):
    """What the criteria find in the base, to show a role, a posture or a phase: a row, or a choice."""
    found = base.having(criteria)
    firsts = [int(key) for key in base.sets.page(found, 0, limit)]
    return Found(what, found.bit_count(), finding.address(**criteria), firsts)


def split(base, values, facet, **criteria):
    """How the experiences that some criteria find are spread over the values of a filter: choices, or rows."""
    counts = base.counts(facet, **criteria)
    keys = [(value, str(getattr(value, "pk", value))) for value in values]
    return [Part(value, counts.get(key, 0), finding.address(**criteria, **{facet: [key]})) for value, key in keys]


def roles_held(experience_keys: Iterable[int]) -> dict[int, list[RoleHeld]]:
    """The roles that these experiences show, each with its proof, by experience.

    The index that found them may be a moment late: what is listed no more is asked of the base again.
    """
    listed = Experience.objects.listed().filter(pk__in=set(experience_keys))
    rows = (
        RoleHeld.objects.filter(experience__in=listed, is_to_check=False)
        .in_canonical_order()
        .select_related("experience")
        .prefetch_related("collectivities")
    )
    by_experience = defaultdict(list)
    for held in rows:
        by_experience[held.experience_id].append(held)
    return by_experience


def is_shift(pair):
    """Whether the same collectivity held two roles, the second in a later phase of the project."""
    first, then = pair.first, pair.then
    if first.role_id == then.role_id or not (first.phase and then.phase):
        return False
    is_later = PHASES.index(first.phase) < PHASES.index(then.phase)
    return is_later and (first.holder == then.holder or bool(_places(first) & _places(then)))


def _places(held):
    return {place.pk for place in held.collectivities.all()}
