"""The map of départements: how many experiences each has, each a link that filters the list."""

from dataclasses import dataclass

from territories import geometry
from typography import french


@dataclass(frozen=True)
class Area:
    code: str
    name: str
    d: str
    count: int
    address: str
    is_chosen: bool

    @property
    def shade(self):
        """The class of colour: one, two, three and more."""
        return f"m{min(self.count, 3) + 1}"


@dataclass(frozen=True)
class Map:
    base: geometry.Carte
    areas: list[Area]
    blank: str  # every département without experience, in a single path: nothing to reach there


def draw_map(listing):
    """The map of what the filters keep, the département aside: choosing one leaves the others to be seen."""
    counts = listing.counts("departement")
    chosen = listing.criteria.chosen.get("departement", ())
    base = geometry.carte()
    areas = [
        Area(
            outline.code,
            outline.name,
            outline.d,
            counts[outline.code],
            listing.criteria.address(departement=(outline.code,)),
            is_chosen=outline.code in chosen,
        )
        for outline in base.departments
        if outline.code in counts
    ]
    blank = "".join(outline.d for outline in base.departments if outline.code not in counts)
    return Map(base, sorted(areas, key=lambda area: french.sort_key(area.name)), blank)
