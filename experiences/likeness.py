"""« Comme la mienne »: experiences in the order of their likeness to a collectivity, and what they share with it.

What they share are facets, hence bitmaps: no statement per experience (docs/decisions/0016-likeness.md).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from search.bitmaps import Bitmaps
from territories import codes
from territories.models import PROJECT_TERRITORIES, Collectivity, Kind
from typography import french

from . import facets
from .facets import Size


@dataclass(frozen=True)
class Trait:
    """Something that experiences may share with the collectivity: one of these values of a facet."""

    facet: str
    values: tuple[str, ...]
    weight: int
    words: str

    @property
    def is_place(self):
        return self.facet in PLACES


# From the nearest: a reason names the nearest only, for the wider ones go without saying.
PLACES = {
    "commune": (6, "même commune"),
    "intercommunalite": (5, "même intercommunalité"),
    "departement": (3, "même département"),
    "region": (1, "même région"),
}
NATURE, SAME_SIZE, NEXT_SIZE, ISSUE = 3, 4, 2, 2
SIZED = [Kind.COMMUNE, Kind.INTERCOMMUNALITY, *PROJECT_TERRITORIES]


@dataclass(frozen=True)
class Likeness:
    """A collectivity to resemble, and all that may be shared with it."""

    place: Collectivity
    address: str
    """How the place is written in an address."""
    around: facets.Surroundings

    def traits(self, bitmaps: Bitmaps) -> list[Trait]:
        found = [*self._places(), *self._size(), *self._issues(bitmaps)]
        if nature := facets.NATURES.get(Kind(self.around.kind)):
            found.append(Trait("nature", (nature.value,), NATURE, "même type de collectivité"))
        return [trait for trait in found if any(trait.values)]

    def _places(self):
        around = self.around
        values = {
            "commune": (around.commune,),
            "intercommunalite": (around.intercommunality,),
            "departement": tuple(around.departements),
            "region": around.regions,
        }
        return [Trait(facet, values[facet], weight, words) for facet, (weight, words) in PLACES.items()]

    def _size(self):
        """Its band of population, and with half the weight the two beside it.

        A part of a commune has none, and that of a département is not to be compared with a town's.
        """
        if not self.around.population or self.around.kind not in SIZED:
            return
        bands = [size.value for size in Size]
        own = bands.index(Size.of(self.around.population).value)
        beside = bands[max(own - 1, 0) : own] + bands[own + 1 : own + 2]
        yield Trait("taille", (bands[own],), SAME_SIZE, "taille voisine")
        yield Trait("taille", tuple(beside), NEXT_SIZE, "taille proche")

    def _issues(self, bitmaps):
        """The policy issues of the experiences that it already has; of a wider place, they would be nearly all."""
        here = bitmaps.having("commune", [self.around.commune])
        if self.around.kind == Kind.INTERCOMMUNALITY:
            here = bitmaps.having("intercommunalite", [self.around.intercommunality])
        issues = [issue for issue in bitmaps.values("enjeu") if bitmaps.having("enjeu", [issue]) & here]
        return [Trait("enjeu", tuple(issues), ISSUE, "enjeu commun")]


def to(text: str) -> Likeness | None:
    """The likeness to the collectivity that this code or key means; None when it means nothing."""
    place = codes.meant_by(text)
    if place is None:
        return None
    return Likeness(place, codes.shortest(place), facets.surroundings([place.pk])[place.pk])


@dataclass(frozen=True)
class Group:
    """Experiences that share the same traits with the collectivity."""

    shared: tuple[Trait, ...]
    among: int

    @property
    def score(self):
        return sum(trait.weight for trait in self.shared)


def groups(traits: list[Trait], bitmaps: Bitmaps, among: int) -> list[Group]:
    """These experiences by what they share, the most alike first."""
    found = [Group((), among)]
    for trait in traits:
        having = bitmaps.having(trait.facet, trait.values)
        found = [part for group in found for part in _split(group, trait, having)]
    return sorted(found, key=lambda group: -group.score)


def _split(group: Group, trait: Trait, having: int) -> Iterator[Group]:
    if any(shared.facet == trait.facet for shared in group.shared):
        yield group  # of the same size and of the next one: said once
        return
    if with_it := group.among & having:
        yield Group((*group.shared, trait), with_it)
    if without := group.among & ~having:
        yield Group(group.shared, without)


def reasons(shared: tuple[Trait, ...]) -> list[Trait]:
    """What to say of what is shared: of the places, the nearest alone."""
    places = sorted((trait for trait in shared if trait.is_place), key=lambda trait: -trait.weight)
    return places[:1] + [trait for trait in shared if not trait.is_place]


def say(shared: tuple[Trait, ...], card: dict[str, Any]) -> str:
    """« même département, taille voisine (1 800 habitants) »; nothing where nothing is shared."""
    population = card.get("population")
    size = f" ({french.number(population)}\u00a0habitants)" if population else ""
    return ", ".join(f"{trait.words}{size if trait.facet == 'taille' else ''}" for trait in reasons(shared))
