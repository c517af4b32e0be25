"""What an address asks of the list of experiences, read with kindness: what means nothing is left out, and said."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache
from typing import Any
from urllib.parse import quote_plus, urlencode

import django_filters
from django.core.exceptions import ValidationError
from django.urls import reverse

from territories.models import Collectivity

from . import labels
from .labels import Labels

QUERY_LENGTH = 200  # a longer query is cut: nobody types it, and it costs
VALUES = 30  # of all the filters: each link of the page repeats them

DATED_SORTS = {
    "recentes": "Début du projet, le plus récent",
    "anciennes": "Début du projet, le plus ancien",
    "relues": "Dernière relecture",
}
SORTS = {**DATED_SORTS, "comme": "Ressemblance avec ma collectivité"}
USUAL_SORT = "usuel"
"""What the usual order is called beside a collectivity to resemble, which otherwise gives the order."""
VIEWS = {"": "Liste", "carte": "Carte", "frise": "Frise"}


class FacetFilter(django_filters.CharFilter):
    """A filter whose values are those of a facet of the documents."""

    def __init__(self, label):
        super().__init__(label=label, max_length=40)


class ExperienceFilter(django_filters.FilterSet):
    """The parameters of the list, in the order of its addresses, and the look of their values."""

    q = django_filters.CharFilter(label="Mots-clés")
    theme = FacetFilter("Thème")
    role = FacetFilter("Rôle de la collectivité")
    posture = FacetFilter("Posture")
    phase = FacetFilter("Phase")
    nature = FacetFilter("Type de collectivité")
    taille = FacetFilter("Population")
    region = FacetFilter("Région")
    departement = FacetFilter("Département")
    intercommunalite = FacetFilter("Intercommunalité")
    commune = FacetFilter("Commune")
    enjeu = FacetFilter("Enjeu de politique publique")
    forme = FacetFilter("Forme juridique")
    decennie = FacetFilter("Début du projet")
    difficultes = FacetFilter("Difficultés")
    comme = FacetFilter("Comme la mienne")
    tri = django_filters.ChoiceFilter(label="Trier par", choices=[*SORTS.items(), (USUAL_SORT, "")])
    vue = django_filters.ChoiceFilter(label="Vue", choices=[*VIEWS.items(), ("liste", "")])


PARAMETERS = {name: str(known.label) for name, known in ExperienceFilter.base_filters.items()}
SINGLE = ("q", "comme", "tri", "vue")
FACETS = {name: label for name, label in PARAMETERS.items() if name not in SINGLE}


@dataclass(frozen=True)
class Chip:
    """A filter in force, and the address without it."""

    label: str
    address: str


@dataclass(frozen=True)
class Criteria:
    """What an address asks, all of it known."""

    q: str = ""
    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Values by the name of their filter."""
    comme: str = ""
    tri: str = ""
    vue: str = ""
    page: int = 1
    communes: dict[str, str] = field(default_factory=dict)
    """The names of those chosen."""
    ignored: tuple[str, ...] = ()
    """The labels of the filters of which something was left out; an empty one for a parameter nobody knows."""
    is_cut: bool = False
    is_crowded: bool = False
    """It had more values than are read."""

    @property
    def told_ignored(self) -> str:
        """What was left out, in one sentence; empty when nothing was."""
        labels = [f"«\u00a0{label}\u00a0»" for label in self.ignored if label]
        *others, last = labels or [""]
        unknown = "cette adresse porte un filtre que nous ne connaissons pas"
        if not self.ignored:
            return ""
        if not labels:
            return f"Filtre inconnu ignoré\u00a0: {unknown}."
        ours = f"une valeur de {last} n’existe pas"
        if others:
            ours = f"des valeurs de {', '.join(others)} et {last} n’existent pas"
        also = f", et {unknown}" if "" in self.ignored else ""
        return (
            f"{'Filtres inconnus ignorés' if len(self.ignored) > 1 else 'Filtre inconnu ignoré'}\u00a0: {ours}{also}."
        )

    @property
    def is_plain(self) -> bool:
        """Whether it asks for everything, in the default order."""
        return not (self.q or self.chosen or self.comme or self.tri)

    def address(self, **changes: Any) -> str:
        """The address that asks this, or this with a few changes, on its first page."""
        given = {"q": self.q, **self.chosen, "comme": self.comme, "tri": self.tri, "vue": self.vue, **changes}
        return address(given)

    def page_address(self, number: int) -> str:
        """The address of a page of what is asked."""
        if number == 1:
            return self._first
        return f"{self._first}{'&' if '?' in self._first else '?'}page={number}"

    @cached_property
    def _first(self) -> str:
        return self.address()

    def unlike(self, **changes: Any) -> str:
        """The address without the collectivity to resemble, nor the order that goes with it."""
        return self.address(comme="", tri=self.tri if self.tri in DATED_SORTS else "", **changes)

    def without(self, name: str, value: str) -> str:
        return self.address(**{name: tuple(other for other in self.chosen[name] if other != value)})

    def label(self, known: Labels, name: str, value: str) -> str:
        return self.communes[value] if name == "commune" else known.get(name, value)

    def fields(self) -> list[tuple[str, str]]:
        """The filters and the words, as the fields of another form that keeps them."""
        given = {"q": [self.q] if self.q else [], **self.chosen, "vue": [self.vue] if self.vue else []}
        return [(name, value) for name, values in given.items() for value in values]

    @property
    def like_mine_address(self) -> str:
        """Where a collectivity to resemble is chosen, these filters kept."""
        query = urlencode(self.fields())
        return f"{_path('like_mine')}{'?' if query else ''}{query}"

    def chips(self, known: Labels, alike: Collectivity | None = None) -> list[Chip]:
        """What is in force, one chip for each value; words and sort have their own fields."""
        first = [Chip(f"Comme {alike.label}", self.unlike())] if alike else []
        return first + [
            Chip(self._chip(known, name, value), self.without(name, value))
            for name in FACETS
            for value in self.chosen.get(name, ())
        ]

    def _chip(self, known, name, value):
        label = self.label(known, name, value)
        return label if name == "difficultes" else f"{FACETS[name]}\u00a0: {label}"


def address(given: dict[str, str | Iterable[str]]) -> str:
    """The page of the experiences asked for, its parameters always in the same order."""
    named = [(name, given[name]) for name in (*PARAMETERS, "page") if given.get(name)]
    pairs = [(name, value) for name, values in named for value in ([values] if isinstance(values, str) else values)]
    query = "&".join(f"{name}={_quoted(value)}" for name, value in pairs)
    return f"{_path('list')}{'?' if query else ''}{query}"


@lru_cache(maxsize=2000)
def _quoted(value: str) -> str:
    """A page repeats the same words in each of its links."""
    return quote_plus(value)


@cache
def _path(name: str) -> str:
    """A page has some thirty addresses of the list."""
    return reverse(f"experiences:{name}")


def parse(parameters: Any, known: Labels) -> Criteria:
    """Read the parameters of an address; one more statement when communes are among them."""
    if not parameters:
        return Criteria()
    values, ignored = {}, []
    room, is_crowded = VALUES, False
    for name, label in PARAMETERS.items():
        if name in parameters:
            given = [value for value in parameters.getlist(name) if value]
            most = VALUES if name in SINGLE else room
            is_crowded = is_crowded or len(given) > most
            values[name], is_whole = _clean(name, given[:most])
            if name not in SINGLE:
                room -= len(values[name])
            if not is_whole:
                ignored.append(label)
    communes = labels.communes(values["commune"]) if values.get("commune") else {}
    chosen = {}
    for name in FACETS:
        if wanted := values.get(name):
            chosen[name] = tuple(value for value in wanted if value in communes or known.get(name, value))
            if len(chosen[name]) < len(wanted) and PARAMETERS[name] not in ignored:
                ignored.append(PARAMETERS[name])
    page = parameters.get("page", "")
    if page and not (page.isdecimal() and int(page[:9])):
        ignored.append("Page")
    if any(name not in PARAMETERS and name != "page" and not name.startswith("utm_") for name in parameters):
        ignored.append("")
    single = {name: values[name][-1] for name in SINGLE if values.get(name)}
    query = single.pop("q", "")
    if single.get("vue") == "liste":
        del single["vue"]
    return Criteria(
        q=query[:QUERY_LENGTH].strip(),
        chosen={name: kept for name, kept in chosen.items() if kept},
        page=_page(page),
        communes=communes,
        ignored=tuple(ignored),
        is_cut=len(query) > QUERY_LENGTH,
        is_crowded=is_crowded,
        **single,
    )


def _clean(name, given):
    """The values of a filter that look right, each once, and whether all of them do; an empty field asks nothing."""
    kept: dict[str, None] = {}
    is_whole = True
    for value in given:
        try:
            if cleaned := ExperienceFilter.base_filters[name].field.clean(value):
                kept[cleaned] = None
        except ValidationError:
            is_whole = False
    return tuple(kept), is_whole


def _page(text):
    """The first for what is no number; a huge one is beyond the end, hence the last."""
    return max(int(text[:9]), 1) if text.isdecimal() else 1


def settle(criteria: Criteria, comme: str) -> Criteria:
    """The same, with the collectivity to resemble as addresses write it, once known; empty when there is none.

    Naming one is asking for its order, unless another is asked for.
    """
    if comme:
        return replace(criteria, comme=comme, tri=criteria.tri or "comme")
    tri = "" if criteria.tri == USUAL_SORT else criteria.tri
    ignored = (*criteria.ignored, PARAMETERS["comme"]) if criteria.comme else criteria.ignored
    return replace(criteria, comme="", tri=tri, ignored=ignored)
