"""The filters beside the list, each value with its count.

A page offers some two hundred values: each is written here, as a template would take longer than all the rest.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape  # many times faster than Django’s
from typing import NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString

from design.templatetags.design import icon
from roles.models import RoleKey
from typography.french import number

from .filters import FACETS, SORTS, address
from .finding import Base
from .listing import Listing

OPEN = {"theme", "role", "posture"}
FOLDED = {"theme": "thèmes", "enjeu": "enjeux", "forme": "formes juridiques"}
"""Those that show their most usual values first, and the others on request."""
FIRST = 7
CHOSEN_IN_A_LIST = ("region", "departement", "intercommunalite")
NONE_CHOSEN = {
    "region": "Toutes",
    "departement": "Toute la France",
    "intercommunalite": "Toutes",
}
WITHOUT = "posture"
"""Each experience has at most one, and some have none yet."""
LONGEST_LIST = 150  # beyond, nobody finds their own: a wider place is chosen first


@dataclass(frozen=True)
class Facet:
    name: str
    label: str
    is_open: bool = False
    first: str = ""
    """The values, or the first ones."""
    rest: str = ""
    rest_label: str = ""
    is_rest_open: bool = False
    options: str = ""
    """The values as those of a list to choose one from."""
    too_many: int = 0
    """How many, when they are too many for a list."""
    without: int = 0
    """How many have no value, where each should have one: the counts do not add up to all."""

    @property
    def is_empty(self) -> bool:
        return not (self.first or self.options or self.too_many)

    @property
    def html(self) -> str:
        return self._field() if self.options or self.too_many else self._boxes()

    def _field(self) -> str:
        name = self.name
        if self.options:
            field = f'<label class="label" for="{name}">{self.label}</label>'
            field += f'<select class="select" id="{name}" name="{name}">{self.options}</select>'
        else:
            field = f'<p class="label">{self.label}</p><p class="hint">{number(self.too_many)} possibles\u00a0: '
            field += "choisissez d’abord une région ou un département.</p>"
        return f'<div class="facet facet--field">{field}{self.first}</div>\n'

    def _boxes(self) -> str:
        rest = ""
        if self.rest:
            rest = f'<details class="facet-more" id="filtre-{self.name}-suite"{_open(self.is_rest_open)}>'
            rest += f"<summary>{self.rest_label}</summary>{self.rest}</details>"
        if self.without and self.first:
            rest += f'<p class="hint">{number(self.without)} sans posture établie</p>'
        return (
            f'<details class="facet" id="filtre-{self.name}"{_open(self.is_open)}><summary>{self.label}</summary>'
            f'<fieldset class="facet__body"><legend class="visually-hidden">{self.label}</legend>'
            f"{self.first}{rest}</fieldset></details>\n"
        )


def _open(is_open: bool) -> str:
    return " open" if is_open else ""


class Box(NamedTuple):
    """A value to check, written up to its count; between both is the place that says whether it is checked."""

    start: str
    end: str

    def html(self, count: int, *, is_chosen: bool) -> str:
        return f"{self.start}{' checked' if is_chosen else ''}{self.end}{_told(count)}"


@dataclass
class Kept:
    """What is written once for all the pages of a same base."""

    whole: SafeString | None = None
    """The filters of the page that asks for nothing."""
    boxes: dict[str, dict[str, Box]] = field(default_factory=dict)
    """Those that each filter may offer, by value, in their order."""


@lru_cache(maxsize=1)
def _kept(content: int, documents: int) -> Kept:
    return Kept()


def html(listing: Listing) -> SafeString:
    """The filters that have values, in the order of the page; those of the whole base are drawn once for all."""
    if not listing.criteria.is_plain:
        return _html(listing)
    kept = _kept(listing.base.content, listing.base.sets.version)
    if kept.whole is None:
        kept.whole = _html(listing)
    return kept.whole


def _html(listing):
    return _join(facet.html for facet in draw(listing))


def draw(listing: Listing) -> list[Facet]:
    facets = (_list(listing, name) if name in CHOSEN_IN_A_LIST else _boxes(listing, name) for name in FACETS)
    return [facet for facet in facets if not facet.is_empty]


@dataclass(frozen=True)
class ThemeLink:
    label: str
    address: str
    count: int


def themes(base: Base) -> list[ThemeLink]:
    """The themes that have experiences: a way out of a search without result."""
    counts, labels = base.counts("theme"), base.labels.by_name.get("theme", {})
    return [ThemeLink(labels[key], address({"theme": key}), counts[key]) for key in labels if key in counts]


def _boxes(listing, name):
    chosen = listing.criteria.chosen.get(name, ())
    if name == "commune":  # too many to be offered: they are reached from their page, or by their name in the words
        counts = {code: listing.count_of(name, code) for code in chosen}
        known = {code: _box(name, code, listing.criteria.communes[code]) for code in chosen}
    else:
        counts, known = listing.counts(name), _offered(listing.base, name)
    offered = [value for value in known if value in counts or value in chosen]
    boxes = [known[value].html(counts.get(value, 0), is_chosen=value in chosen) for value in offered]
    if name not in FOLDED or len(offered) <= FIRST + 1:
        without = listing.among(name).bit_count() - sum(counts.values()) if name == WITHOUT else 0
        return Facet(name, FACETS[name], name in OPEN or bool(chosen), _join(boxes), without=without)
    return Facet(
        name,
        FACETS[name],
        name in OPEN or bool(chosen),
        _join(boxes[:FIRST]),
        _join(boxes[FIRST:]),
        f"Les {len(offered)} {FOLDED[name]}",
        any(value in chosen for value in offered[FIRST:]),
    )


def _offered(base, name):
    boxes = _kept(base.content, base.sets.version).boxes
    if name not in boxes:
        boxes[name] = {value: _box(name, value, base.labels.get(name, value)) for value in _order(base, name)}
    return boxes[name]


def _order(base, name):
    """Always the same whatever the filters, so that nothing moves under the hand: the most usual of all first."""
    labels = base.labels.by_name.get(name, {})
    if name in FOLDED:
        usual = base.sets.counts(name, base.sets.all)
        return sorted(labels, key=lambda value: -usual.get(value, 0))
    return reversed(labels) if name == "decennie" else labels


def _list(listing, name):
    """One value at a time; when the address has several, the others are boxes that can be emptied."""
    first, *others = listing.criteria.chosen.get(name, ("",))
    counts, labels = listing.counts(name), listing.base.labels.by_name.get(name, {})
    is_too_long = len(counts) > LONGEST_LIST
    checked = [first, *others] if first and is_too_long else others
    boxes = _join(_box(name, value, labels[value]).html(counts.get(value, 0), is_chosen=True) for value in checked)
    if is_too_long:
        return Facet(name, FACETS[name], first=boxes, too_many=len(counts))
    offered = [value for value in labels if (value in counts or value == first) and value not in others]
    options = [_option(value, labels[value], counts.get(value, 0), value == first) for value in offered]
    if not options:
        return Facet(name, FACETS[name], first=boxes)
    return Facet(name, FACETS[name], first=boxes, options=_join([f'<option value="">{NONE_CHOSEN[name]}', *options]))


def _option(value, label, count, is_chosen):
    start, end = _around_option(value, label)
    return f"{start}{' selected' if is_chosen else ''}{end}{_shown(count)}"


@lru_cache(maxsize=4096)
def _around_option(value: str, label: str) -> tuple[str, str]:
    return f'<option value="{escape(value)}"', f">{escape(label)}\u00a0: "


def _box(name, value, label):
    shown, value = _role(value) if name == "role" else escape(label), escape(value)
    return Box(
        f'<label class="choice choice--s"><input type="checkbox" name="{name}" value="{value}" id="{name}-{value}"',
        f'><span class="choice__row"><span>{shown}</span><span class="count">',
    )


@lru_cache(maxsize=4096)
def _told(count: int) -> str:
    plural = "s" if count > 1 else ""
    return f'{_shown(count)}<span class="visually-hidden"> résultat{plural}</span></span></span></label>'


def _shown(count: int) -> str:
    return number(count) if count >= 1000 else str(count)


@lru_cache
def _role(value):
    return format_html('<span class="facet-role r-{}">{}{}</span>', value, icon(f"role-{value}"), RoleKey(value).label)


@lru_cache
def sorts(chosen: str) -> SafeString:
    """The orders to choose from, beside the usual one."""
    return _join(
        f'<option value="{value}"{" selected" if value == chosen else ""}>{label}' for value, label in SORTS.items()
    )


def _join(written: Iterable[str]) -> SafeString:
    return SafeString("".join(written))
