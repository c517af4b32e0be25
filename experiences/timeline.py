"""The experiences over the years: how many began in each decade, and a line for each from its start to its end.

A line says what is known: it stops where a source gives an end, runs to this year where a source says that the
project goes on, and is a point followed by dots where nobody says.
"""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils import timezone

from .listing import Listing

MOST_DECADES = 9  # what a small screen shows; the earlier ones are one bar
STUB = 5  # percents: the dots of an end that nobody says
MOST_TICKS = 7


@dataclass(frozen=True)
class Decade:
    """A bar: the experiences that began in these years, and the address that keeps them alone."""

    label: str
    count: int
    percent: int
    address: str
    is_chosen: bool

    @property
    def top(self):
        return 100 - self.percent


@dataclass(frozen=True)
class Line:
    """An experience, and where its line goes, in percents of the width."""

    card: dict[str, Any]
    start: str
    end: str
    is_ended: bool
    is_ongoing: bool

    @property
    def stub_end(self):
        return _percent(float(self.end) + STUB)


@dataclass(frozen=True)
class Axis:
    first: int
    last: int

    def at(self, year: int) -> str:
        """Room is kept on the right for the dots."""
        return _percent((year - self.first) * (100 - 2 * STUB) / (self.last - self.first) + 1)

    @property
    def ticks(self) -> list[tuple[int, str]]:
        step = next(step for step in (1, 2, 5, 10, 20, 50, 100) if (self.last - self.first) / step <= MOST_TICKS)
        first = -(-self.first // step) * step
        return [(year, self.at(year)) for year in range(first, self.last + 1, step)]


@dataclass(frozen=True)
class Group:
    label: str
    lines: list[Line]


def page(listing: Listing) -> dict[str, Any]:
    """The timeline as a view of its own."""
    cards, this_year = listing.cards(), timezone.localdate().year
    scale = axis(cards, this_year)
    return {
        "decades": decades(listing),
        "undated": undated(listing),
        "axis": scale,
        "groups": groups(cards, scale, this_year),
    }


def decades(listing: Listing) -> list[Decade]:
    """How many began in each decade, of what the other filters keep; empty decades between two others have a bar."""
    counts = {int(decade): number for decade, number in listing.counts("decennie").items()}
    if not counts:
        return []
    last = max(counts)
    since = max(min(counts), last - 10 * (MOST_DECADES - 1))
    early = sorted(decade for decade in counts if decade < since)
    spans = [(f"Années {year}", [year]) for year in range(since, last + 1, 10)]
    if early:
        spans.insert(0, (f"Avant {since}", early))
    sums = [(label, years, sum(counts.get(year, 0) for year in years)) for label, years in spans]
    highest = max(count for _, _, count in sums)
    return [_decade(listing.criteria, label, years, count * 100 / highest, count) for label, years, count in sums]


def _decade(criteria, label, years, percent, count):
    values = tuple(str(year) for year in years)
    is_chosen = set(criteria.chosen.get("decennie", ())) == set(values)
    address = criteria.address(decennie="" if is_chosen else values)
    return Decade(label, count, max(round(percent), 2 if count else 0), address, is_chosen)


def undated(listing: Listing) -> int:
    """How many of those selected have no date of start."""
    sets = listing.base.sets
    return (listing.selection & ~sets.having("decennie", sets.values("decennie"))).bit_count()


def axis(cards: list[dict[str, Any]], this_year: int) -> Axis | None:
    """The years that these cards span, up to now; none where no start is known."""
    years = [year for card in cards for year in (card["start"], card["end"]) if card["start"] and year]
    if not years:
        return None
    return Axis(min(years) // 5 * 5, -(-(max(*years, this_year) + 1) // 5) * 5)


def groups(cards: list[dict[str, Any]], scale: Axis | None, this_year: int) -> list[Group]:
    """The cards, already in the order of their starts, by decade; those without a date come last, without a line."""
    return [
        Group(label, [_line(card, scale, this_year) for card in members])
        for label, members in groupby(cards, key=_decade_label)
    ]


def _decade_label(card):
    return f"Années {card['start'] // 10 * 10}" if card["start"] else "Date de début non précisée"


def _line(card, scale, this_year):
    start, end = card["start"], card["end"]
    if not (scale and start):
        return Line(card, "", "", is_ended=False, is_ongoing=False)
    is_ongoing = card.get("is_ongoing") and not end
    until = end + 1 if end else this_year + 1 if is_ongoing else start
    return Line(card, scale.at(start), scale.at(until), is_ended=bool(end), is_ongoing=is_ongoing)


def _percent(value: float) -> str:
    return f"{value:.2f}"
