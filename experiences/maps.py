"""The map of départements: how many experiences each has, each a link that filters.

An experience counts in each département where it lies. The outlines are in static/icons/sprite.svg, with the icons,
that browsers keep: the page only says which to show, in which shade and with which link.
"""

from bisect import bisect
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from html import escape  # many times faster than Django’s
from itertools import pairwise
from typing import Any

from django.templatetags.static import static
from django.utils.safestring import SafeString

from territories import geometry
from territories.models import Collectivity
from typography import french

from .listing import Listing

FEW = 10  # up to this many in a département, the shades are 1, 2, 3 and more
MOST_INTERCOMMUNALITIES = 40  # what can be read; beyond, a département is asked for first


@dataclass(slots=True)
class Area:
    """A place with how many experiences it has, and where its link leads."""

    code: str
    name: str
    count: int
    address: str
    is_chosen: bool = False


@dataclass(frozen=True)
class Shade:
    name: str
    least: int
    label: str


@dataclass(frozen=True)
class Region:
    area: Area | None
    """None for what lies in no région: some places overseas."""
    departements: list[Area]


@dataclass(frozen=True)
class Map:
    areas: list[Area]
    shades: list[Shade]
    total: int
    located: int

    @property
    def svg(self) -> SafeString:
        return draw(self.areas, self.shades)

    @property
    def legend(self) -> SafeString:
        return SafeString("".join(f'<li><i class="{shade.name}"></i>{shade.label}</li>' for shade in self.shades))

    @property
    def chosen(self) -> list[Area]:
        return [area for area in self.areas if area.is_chosen]

    @property
    def unlocated(self):
        return self.total - self.located

    @property
    def sum(self):
        return sum(area.count for area in self.areas)


def beside(listing: Listing) -> dict[str, Any]:
    """What the list shows beside it."""
    return {"map": draw_map(listing), "map_address": listing.criteria.address(vue="carte")}


def page(listing: Listing) -> dict[str, Any]:
    """The map as a view of its own, with all that it shows in words."""
    found = draw_map(listing)
    return {
        "map": found,
        "regions": regions(listing, found),
        "intercommunalities": intercommunalities(listing),
        "cards": listing.cards() if found.chosen else [],
        "list_address": listing.criteria.address(vue=""),
    }


def draw_map(listing: Listing) -> Map:
    """The map of what the other filters keep: choosing one département leaves the others to be seen."""
    base, criteria = listing.base, listing.criteria
    among, counts = listing.among("departement"), listing.counts("departement")
    chosen = criteria.chosen.get("departement", ())
    link = _address_for("departement", criteria.address)
    removed = {code: criteria.without("departement", code) for code in chosen}
    areas = [
        Area(code, name, counts.get(code, 0), removed.get(code) or link(code), code in removed)
        for code, name in base.labels.by_name.get("departement", {}).items()
        if code in counts or code in removed
    ]
    located = among & base.sets.any("departement")
    return Map(areas, shades(counts.values()), among.bit_count(), located.bit_count())


def regions(listing: Listing, found: Map) -> list[Region]:
    """The départements of the map under their régions, those where there are none beside a chosen one included."""
    base, criteria = listing.base, listing.criteria
    counts = base.sets.counts("region", listing.among("region", "departement"))
    chosen = criteria.chosen.get("region", ())
    link = _address_for("region", partial(criteria.address, departement=""))
    inside: defaultdict[str, list[Area]] = defaultdict(list)
    region_of = regions_of_departements(base.content)
    for area in found.areas:
        inside[region_of.get(area.code, "")].append(area)
    named = [
        Region(Area(code, name, counts[code], link(code), code in chosen), inside[code])
        for code, name in base.labels.by_name.get("region", {}).items()
        if code in counts
    ]
    return named + ([Region(None, inside[""])] if inside[""] else [])


def intercommunalities(listing: Listing) -> list[Area]:
    """Those that have experiences, when they are few enough to be read."""
    counts, criteria = listing.counts("intercommunalite"), listing.criteria
    if len(counts) > MOST_INTERCOMMUNALITIES:
        return []
    chosen = criteria.chosen.get("intercommunalite", ())
    link = _address_for("intercommunalite", criteria.address)
    names = listing.base.labels.by_name.get("intercommunalite", {})
    return [Area(code, names[code], counts[code], link(code), code in chosen) for code in names if code in counts]


@lru_cache(maxsize=1)
def regions_of_departements(content_version: int) -> dict[str, str]:
    """The région of each département, kept until the content changes."""
    rows = Collectivity.objects.departements().current().values_list("code", "region__code")
    return {code: region or "" for code, region in rows}


def _address_for(name: str, address: Callable[..., str]) -> Callable[[str], str]:
    """The address of each value, from a single one built."""
    before, after = address(**{name: "00"}).split(f"{name}=00")
    return lambda value: f"{before}{name}={value}{after}"


def shades(counts: Iterable[int]) -> list[Shade]:
    """From the lightest: 1, 2, 3 and more where they are few; else quarters of the départements, in round numbers."""
    ordered = sorted(counts)
    if not ordered or ordered[-1] < FEW:
        least, names = [1, 2, 3], ["m2", "m3", "m4"]
    else:
        least = sorted({1, *(_rounded(ordered[len(ordered) * part // 4]) for part in (1, 2, 3))})
        names = ["m1", "m2", "m3", "m4"][-len(least) :]
    labels = [*(_between(low, high) for low, high in pairwise(least)), f"{french.number(least[-1])} et plus"]
    return [Shade(*shade) for shade in zip(names, least, labels, strict=True)]


def _rounded(number: int) -> int:
    unit = 10 ** max(len(str(number)) - 1, 0)
    return number // unit * unit


def _between(low: int, high: int) -> str:
    return french.number(low) if high == low + 1 else f"{french.number(low)} à {french.number(high - 1)}"


def draw(areas: list[Area], scale: list[Shade]) -> SafeString:
    """The drawing: written here rather than in a template, for every page of the list has it."""
    outlines = static("icons/sprite.svg")
    drawn, least, names = geometry.carte().departments, [shade.least for shade in scale], [s.name for s in scale]
    links = [
        _link(area, names[at] if (at := bisect(least, area.count) - 1) >= 0 else "m0", outlines)
        for area in areas
        if area.code in drawn
    ]
    return SafeString(f'{_frames()}<use class="m0" href="{outlines}#france"/>{"".join(links)}')


def _link(area: Area, shade: str, outlines: str) -> str:
    label = _named(area.name) + _said(area.count)
    chosen = f'{label}, choisi\u00a0: retirer ce filtre" aria-current="true' if area.is_chosen else label
    return (
        f'<a href="{area.address.replace("&", "&amp;")}" aria-label="{chosen}"><title>{label}</title>'
        f'<use class="{shade}" href="{outlines}#d{area.code}"/></a>'
    )


@lru_cache
def _named(name: str) -> str:
    return f"{escape(name)}\u00a0: "


@lru_cache(maxsize=1000)
def _said(count: int) -> str:
    return f"{french.number(count)} expérience{'s' if count > 1 else ''}"


@cache
def _frames() -> str:
    return "".join(
        f'<g><rect class="inset" x="{inset.x:g}" y="{inset.y:g}" width="{inset.width:g}" height="{inset.height:g}"'
        f' rx="6"/><text x="{inset.label_x:g}" y="{inset.label_y:g}" text-anchor="middle">'
        f"{escape(inset.label)}</text></g>"
        for inset in geometry.carte().insets
    )
