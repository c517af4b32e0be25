"""Finding experiences: the only place that knows what the filters of an address mean.

A page that asks one thing calls `count`, `counts`, `keys` or `address`; one that asks several takes the base once,
`base = finding.current()`, and asks it: only then do they all speak of the same moment, in one statement.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from search import bitmaps, versions

from . import filters, labels
from .labels import Labels
from .searchable import NAME

Chosen = Mapping[str, Iterable[str]]
"""Values by the name of their filter: one of the values of each filter is enough, and every filter counts."""


@dataclass(frozen=True)
class Base:
    """All the listed experiences, at one moment."""

    sets: bitmaps.Bitmaps
    labels: Labels
    content: int
    """The version of the content that this is."""

    def having(self, chosen: Chosen) -> int:
        """Those that these filters keep; a role and a phase together are those of one same role held."""
        found = self.sets.all
        wanted = {name: list(values) for name, values in chosen.items() if values}
        roles, phases = wanted.pop("role", []), wanted.pop("phase", [])
        if roles and phases:
            found &= self.sets.having("tenu", [f"{role}/{phase}" for role in roles for phase in phases])
        elif roles or phases:
            found &= self.sets.having("role", roles) | self.sets.having("phase", phases)
        for name, values in wanted.items():
            found &= self.sets.having(name, values)
        return found

    def count(self, **chosen: Iterable[str]) -> int:
        return self.having(chosen).bit_count()

    def counts(self, facet: str, **chosen: Iterable[str]) -> dict[str, int]:
        """How many have each value of this facet, given the other filters; values that none has are left out."""
        others = {name: list(values) for name, values in chosen.items() if name != facet and values}
        return self.counts_among(facet, self.having(others), others)

    def counts_among(self, facet: str, among: int, others: Chosen) -> dict[str, int]:
        """The same, when those that the other filters keep are already known."""
        roles, phases = others.get("role"), others.get("phase")
        if facet == "role" and phases:
            pairs = {role: [f"{role}/{phase}" for phase in phases] for role in self.labels.by_name["role"]}
        elif facet == "phase" and roles:
            pairs = {phase: [f"{role}/{phase}" for role in roles] for phase in self.labels.by_name["phase"]}
        else:
            return self.sets.counts(facet, among)
        counted = {value: (among & self.sets.having("tenu", held)).bit_count() for value, held in pairs.items()}
        return {value: number for value, number in counted.items() if number}

    def keys(self, **chosen: Iterable[str]) -> list[int]:
        """The primary keys of these experiences, in the default order."""
        return [int(key) for key in self.sets.keys_of(self.having(chosen))]


def current(version: versions.Versions | None = None) -> Base:
    """The base as it is now, in one statement; in none for whoever has already read the versions."""
    now = version or versions.current()
    return Base(bitmaps.of(NAME, now.documents), labels.at(now.content), now.content)


def count(**chosen: Iterable[str]) -> int:
    return current().count(**chosen)


def counts(facet: str, **chosen: Iterable[str]) -> dict[str, int]:
    return current().counts(facet, **chosen)


def keys(**chosen: Iterable[str]) -> list[int]:
    return current().keys(**chosen)


def address(**chosen: str | Iterable[str]) -> str:
    """The page of these experiences: a word or several for each parameter."""
    return filters.address(chosen)
