"""A page of the list: which experiences, in which order, and what each shows."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from django.db import connection
from django.template.loader import get_template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString

from roles.models import RoleKey
from search import engine, highlights
from search.engine import Found
from territories import geometry

from .filters import DATED_SORTS, Criteria
from .finding import Base
from .likeness import Group, Likeness, groups, say
from .searchable import NAME
from .templatetags.experiences import TINTS

PER_PAGE = 12
LINES = 24  # of the timeline, where an experience is a line
NAMED = 2  # issues in common: a card has no room for more
ROWS_KEPT = 3_000  # in each process: some thirty megabytes

CARDS = "SELECT id, card FROM search_document WHERE id = ANY(%s)"
CARDS_AND_TEXTS = "SELECT id, card, text FROM search_document WHERE id = ANY(%s)"


@dataclass
class Listing:
    """What the criteria keep of the base; the page asked for is brought back within those there are."""

    base: Base
    criteria: Criteria
    likeness: Likeness | None = None
    """The collectivity to resemble, when the criteria name one."""

    @cached_property
    def found(self) -> Found | None:
        """What the words find, whatever the filters."""
        return engine.find(NAME, self.criteria.q, version=self.base.content) if self.criteria.q else None

    @cached_property
    def _strict(self) -> list[int]:
        """The places of those that have all the words, best first; all filters aside."""
        return self.base.sets.places_of(self.found.strict) if self.found and not self.found.is_widened else []

    @cached_property
    def _near(self) -> list[int]:
        if not self.found:
            return []
        if self.found.is_widened:
            return self.base.sets.places_of(self.found.ranking)
        ahead = [] if self._is_led else self.found.ahead
        return self.base.sets.places_of(ahead + self.found.others)

    @cached_property
    def _is_led(self) -> bool:
        """Whether those that answer far better go before those that have all the words."""
        return bool(self.count) and not (self.groups or self.criteria.tri or self.criteria.vue)

    @cached_property
    def _universe(self) -> int:
        """What the filters choose from: everything, or what the words found; what is near when they found nothing."""
        if not self.criteria.q:
            return self.base.sets.all
        return self.base.sets.at(self._strict or self._near)

    @cached_property
    def selection(self) -> int:
        """All that the words and the filters keep, or come near."""
        return self._universe & self.base.having(self.criteria.chosen)

    @cached_property
    def is_relaxed(self) -> bool:
        """No experience has all the words: those shown are near."""
        return bool(self.criteria.q) and not self._strict

    @cached_property
    def count(self) -> int:
        """Of those that answer; none when all that is shown is only near."""
        return 0 if self.is_relaxed else self.selection.bit_count()

    @cached_property
    def near_count(self) -> int:
        return self.selection.bit_count() if self.is_relaxed else 0

    def counts(self, facet: str) -> dict[str, int]:
        """How many have each value of a facet, given the other filters."""
        if facet not in self._counted:
            self._counted[facet] = self._count(facet)
        return self._counted[facet]

    @cached_property
    def _counted(self) -> dict[str, dict[str, int]]:
        return {}

    def _count(self, facet):
        chosen = self.criteria.chosen
        if facet not in chosen:
            return self.base.counts_among(facet, self.selection, chosen)
        others = {name: values for name, values in chosen.items() if name != facet}
        return self.base.counts_among(facet, self._universe & self.base.having(others), others)

    def among(self, *aside: str) -> int:
        """What the words and the filters keep, these filters set aside."""
        others = {name: values for name, values in self.criteria.chosen.items() if name not in aside}
        return self._universe & self.base.having(others)

    def count_of(self, facet: str, value: str) -> int:
        """The same for one value, of a facet that has too many."""
        others = {name: values for name, values in self.criteria.chosen.items() if name != facet}
        return (self._universe & self.base.having({**others, facet: [value]})).bit_count()

    @property
    def per_page(self) -> int:
        return LINES if self.criteria.vue == "frise" else PER_PAGE

    @cached_property
    def pages(self) -> int:
        return max(-(-(self.count or self.near_count) // self.per_page), 1)

    @cached_property
    def groups(self) -> list[Group]:
        """Those selected by what they share with the collectivity, the most alike first; none unless asked for."""
        if self.likeness is None or self.criteria.tri != "comme":
            return []
        return groups(self.likeness.traits(self.base.sets), self.base.sets, self.selection)

    @cached_property
    def number(self) -> int:
        return min(self.criteria.page, self.pages)

    @cached_property
    def places(self) -> list[int]:
        """Those of the page, in the order asked for."""
        offset, sets = (self.number - 1) * self.per_page, self.base.sets
        if self.criteria.vue == "frise":
            return sets.places_by("anciennes", self.selection, offset, self.per_page)
        if self.groups:
            return sets.places((group.among for group in self.groups), offset, PER_PAGE)
        if self.criteria.tri in DATED_SORTS:
            return sets.places_by(self.criteria.tri, self.selection, offset, PER_PAGE)
        if self.criteria.q:
            return sets.kept(self._strict or self._near, self.selection, offset, PER_PAGE)
        return sets.places([self.selection], offset, PER_PAGE)

    def cards(self) -> list[dict[str, Any]]:
        """The cards of the page, for the views that draw something else than rows."""
        read = _read(CARDS, [self.base.sets.ids[place] for place in self.places])
        found = {identifier: json.loads(card) for identifier, card in read}
        return [found[identifier] for place in self.places if (identifier := self.base.sets.ids[place]) in found]

    @cached_property
    def ahead_places(self) -> list[int]:
        """Before the first of those that have all the words, the few that answer far better."""
        if not self.found or self.number > 1 or not self._is_led:
            return []
        return self.base.sets.kept(self.base.sets.places_of(self.found.ahead), self.base.having(self.criteria.chosen))

    @cached_property
    def near_places(self) -> list[int]:
        """After the last of those that have all the words, some that come near."""
        if self.is_relaxed or self.number < self.pages:
            return []
        return self.base.sets.kept(self._near, self.base.having(self.criteria.chosen), limit=PER_PAGE)

    @cached_property
    def _shown(self) -> dict[int, "Row"]:
        ids = [self.base.sets.ids[place] for place in self.ahead_places + self.places + self.near_places]
        version = self.base.sets.version
        shown = rows_found(ids, self.found, version) if self.found else rows(ids, version)
        for place in self.places if self.groups else ():
            identifier = self.base.sets.ids[place]
            if (row := shown.get(identifier)) and (why := say(self._shared(place), row.card)):
                shown[identifier] = replace(row, why=get_template("experiences/_why.html").render({"why": why}))
        return shown

    def _shared(self, place):
        """What an experience shares with the collectivity, the issues by their names."""
        shared = next((group.shared for group in self.groups if group.among >> place & 1), ())
        return tuple(self._named(trait, place) if trait.facet == "enjeu" else trait for trait in shared)

    def _named(self, trait, place):
        having = [value for value in trait.values if self.base.sets.having("enjeu", [value]) >> place & 1]
        names = "\u202f; ".join(self.base.labels.get("enjeu", value) for value in having[:NAMED])
        more = len(having) - NAMED
        rest = f" et {more} autre{'s' if more > 1 else ''}" if more > 0 else ""
        return replace(trait, words=f"{'enjeux communs' if len(having) > 1 else 'enjeu commun'} ({names}{rest})")

    @property
    def rows(self) -> SafeString:
        return self._html(self.places)

    @property
    def ahead_rows(self) -> SafeString:
        return self._html(self.ahead_places)

    @property
    def near_rows(self) -> SafeString:
        return self._html(self.near_places)

    def _html(self, places: Iterable[int]) -> SafeString:
        shown = (self._shown.get(self.base.sets.ids[place]) for place in places)
        # One may be gone since the page began.
        return SafeString("".join(f"<li>{row.html}</li>" for row in shown if row is not None))


@dataclass(frozen=True)
class Row:
    """A row of the list, drawn but for what depends on what was asked."""

    card: dict[str, Any]
    around: tuple[str, str, str, str]
    """What comes before the title, between it and the pitch, then before and after what is shared."""
    title: SafeString
    pitch: SafeString
    texts: tuple[highlights.Read, highlights.Read]
    """Both, to mark them."""
    why: str = ""

    @property
    def html(self) -> SafeString:
        start, middle, end, close = self.around
        return SafeString("".join([start, self.title, middle, self.pitch, end, self.why, close]))

    def marked(self, found: Found) -> "Row | None":
        """The same with the words looked for marked; None where neither the title nor the pitch has any."""
        title, pitch = (text.marked(found) for text in self.texts)
        return replace(self, title=title or self.title, pitch=pitch or self.pitch) if title or pitch else None


@lru_cache(maxsize=1)
def rows_drawn(version: int) -> dict[int, Row]:
    """The rows already drawn, at this version of the documents."""
    return {}


def rows(ids: Sequence[int], version: int) -> dict[int, Row]:
    """The rows of these documents, drawn once as long as none changes."""
    kept = rows_drawn(version)
    shown = {identifier: kept[identifier] for identifier in ids if identifier in kept}
    drawn = {
        identifier: draw(json.loads(card))
        for identifier, card in _read(CARDS, [identifier for identifier in ids if identifier not in shown])
    }
    _keep(drawn, kept)
    return shown | drawn


def rows_found(ids: Sequence[int], found: Found, version: int) -> dict[int, Row]:
    """The same with the words looked for marked; where only the text has them, a passage of it for the pitch."""
    kept = rows_drawn(version)
    known = {identifier: kept[identifier] for identifier in ids if identifier in kept}
    shown = {identifier: marked for identifier, row in known.items() if (marked := row.marked(found))}
    drawn = {}
    for identifier, card, text in _read(CARDS_AND_TEXTS, [identifier for identifier in ids if identifier not in shown]):
        row = known.get(identifier)
        if row is None:
            row = drawn[identifier] = draw(json.loads(card))
        shown[identifier] = row.marked(found) or replace(row, pitch=highlights.passage(text, found) or row.pitch)
    _keep(drawn, kept)
    return shown


def _keep(drawn: dict[int, Row], kept: dict[int, Row]) -> None:
    if len(kept) + len(drawn) > ROWS_KEPT:
        kept.clear()
    kept.update(drawn)


def _read(statement, ids):
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement, [ids])
        return cursor.fetchall()


HOLE = "\0"  # a character that the database does not hold


def draw(card: dict[str, Any]) -> Row:
    code = card["departements"][0][0] if card["departements"] else ""
    drawn = get_template("experiences/_result.html").render(
        {
            "card": card | {"title": HOLE, "pitch": HOLE},
            "why": HOLE,
            "address": reverse("experiences:detail", args=[card["slug"]]),
            "roles": SafeString("".join(_role(key) for key in card["roles"])),
            "where": ", ".join(f"{name} ({code})" for code, name in card["departements"]),
            "tint": TINTS.get(card["theme"], ""),
            "code": code,
            "outline": geometry.silhouette(code),
        }
    )
    start, middle, end, close = drawn.split(HOLE)
    title, pitch = card["title"], card["pitch"]
    texts = (highlights.Read.of(title), highlights.Read.of(pitch))
    return Row(card, (start, middle, end, close), escape(title), escape(pitch), texts)


@lru_cache
def _role(key):
    return f"<li>{get_template('_role.html').render({'key': key, 'label': RoleKey(key).label})}</li>"


def page_links(listing: Listing) -> SafeString:
    """Links to the pages: the first, the last, and those around the current one; none where all is on one."""
    if listing.pages == 1:
        return SafeString("")
    around = range(max(listing.number - 2, 1), min(listing.number + 2, listing.pages) + 1)
    links: list[str] = []
    before = 0
    for number in sorted({1, *around, listing.pages}):
        if number > before + 1:
            links.append("<span>…</span>")
        links.append(_page_link(listing, number))
        before = number
    return SafeString("\n  ".join(links))


def _page_link(listing, number):
    said = f'<span class="visually-hidden">Page </span>{number}'
    if number == listing.number:
        return f'<span aria-current="page">{said}</span>'
    return f'<a href="{escape(listing.criteria.page_address(number))}">{said}</a>'
