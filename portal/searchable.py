"""Places that the words of a search may name, for the search, which knows no territory."""

import re
from collections.abc import Sequence
from dataclasses import replace
from operator import itemgetter
from typing import NamedTuple

from django.db import connection

from search.registry import Place, register_places
from search.words import Token
from territories.models import Collectivity, Kind
from territories.templatetags.territories import described

LONGEST = 6  # words in a name
SHORT_CODE = re.compile(r"\d\d|2[ab]|9[78]\d")
PLACE_CODE = re.compile(r"\d[\dab]\d{3}")
SIREN = re.compile(r"\d{9}")
# Words after which a name is a place: « dans le Lot ».
BEFORE = {"a", "dans", "en", "departement", "region", "commune", "pres", "autour", "vers"}
ARTICLES = {"le", "la", "les", "l", "de", "du", "des", "d", "au", "aux"}
SAINTS = ("saint ", "sainte ")
WIDE = (Kind.REGION, Kind.DEPARTEMENT, Kind.OVERSEAS)  # nobody says « loire atlantique » of something else
KINDS = [
    Kind.REGION.value,
    Kind.DEPARTEMENT.value,
    Kind.OVERSEAS.value,
    Kind.INTERCOMMUNALITY.value,
    Kind.COMMUNE.value,
    Kind.PARK.value,
    Kind.PETR.value,
    Kind.PAYS.value,
]


# Every search asks for it: as a queryset, writing the statement took longer than what it says.
NAMED = """
SELECT place.kind, place.code, place.name, place.sort_name, place.postal_codes, place.population, array_remove(ARRAY[
    place.key, (SELECT key FROM territories_collectivity WHERE id = place.intercommunality_id), departement.key,
    (SELECT key FROM territories_collectivity WHERE id = place.region_id)], NULL),
    place.nature, departement.code, departement.name, departement.sort_name
FROM territories_collectivity AS place
LEFT JOIN territories_collectivity AS departement ON departement.id = place.departement_id
WHERE place.ended_in IS NULL AND place.kind = ANY(%s)
    AND (place.sort_name = ANY(%s) OR place.code = ANY(%s) OR place.postal_codes && %s::varchar[])
"""


class Named(NamedTuple):
    """A collectivity that some of the words name."""

    kind: str
    code: str
    name: str
    sort_name: str
    postal_codes: list[str]
    population: int | None
    keys: list[str]
    """Its own, then those of the intercommunalité, the département and the région around."""
    nature: str
    departement: str | None
    departement_name: str | None
    departement_sort_name: str | None

    @property
    def collectivity(self):
        """As far as its address and its description need."""
        around = Collectivity(code=self.departement, name=self.departement_name or "") if self.departement else None
        return Collectivity(
            kind=self.kind,
            code=self.code,
            name=self.name,
            nature=self.nature,
            population=self.population,
            departement=around,
        )


def find_place(typed: Sequence[Token]) -> Place | None:
    """The place named by these words, the surest and the longest name first, the widest place first: one statement."""
    spans = _spans(typed)
    codes = [name.upper() for name in spans if SHORT_CODE.fullmatch(name) or PLACE_CODE.fullmatch(name)]
    codes += [name for name in spans if SIREN.fullmatch(name)]
    names = [name for name in spans if not name[0].isdigit()]
    with connection.cursor() as cursor:
        cursor.execute(NAMED, [KINDS, names, codes, [code for code in codes if len(code) == 5]])
        places = [Named(*row) for row in cursor.fetchall()]
    found = [
        (_rank(place, start, end, is_sure), place, start, end, is_sure)
        for place in places
        for start, end, is_sure in _where(place, spans, typed)
    ]
    if not found:
        return None
    _best, place, start, end, is_sure = min(found, key=lambda choice: choice[0])
    chosen = _place(place, start, end, is_a_word=not is_sure)
    if not PLACE_CODE.fullmatch(typed[start].word):
        return chosen
    sharing = [
        _place(other, start, end)
        for _rank, other, *where, _sure in sorted(found, key=itemgetter(0))
        if where == [start, end] and other != place and other.kind == place.kind
    ]
    return replace(chosen, sharing=tuple(sharing))


def _place(named, start, end, *, is_a_word=False):
    place = named.collectivity
    return Place(
        named.kind,
        named.code,
        named.name,
        start,
        end,
        place.get_absolute_url(),
        tuple(named.keys),
        is_a_word=is_a_word,
        about=described(place),
    )


def _spans(typed):
    """Every run of words that may be a name, as territories sort it, and where it stands."""
    spans: dict[str, tuple[int, int]] = {}
    for start in range(len(typed)):
        if typed[start].is_empty:
            continue  # the article is not part of the name
        for end in range(start + 1, min(start + LONGEST, len(typed)) + 1):
            if not typed[end - 1].is_empty:
                name = " ".join(token.word.replace("-", " ") for token in typed[start:end])
                spans[re.sub(r"\bst\b", "saint", re.sub(r"\bste\b", "sainte", name))] = (start, end)
    return spans


def _where(place, spans, typed):
    names = {place.sort_name, place.code.lower(), *place.postal_codes}
    for name in names & spans.keys():
        start, end = spans[name]
        yield start, end, _is_sure(place, name, typed[start:end], typed) or _is_located(place, name, spans)


def _is_sure(place, name, span, typed):
    """Whether these words are a name rather than ordinary ones: a code, or written or said as a place."""
    if PLACE_CODE.fullmatch(name) or SIREN.fullmatch(name):
        return True
    if " " in name and (
        place.kind in WIDE or name.startswith(SAINTS) or len(span) == 1 or _is_all(span, typed) or _has_capitals(span)
    ):
        return True
    start = typed.index(span[0])
    before = [token.word for token in typed[:start]]
    while before and before[-1] in ARTICLES:
        before.pop()
    # « à la crèche » is not at La Crèche.
    is_said = bool(before) and before[-1] in BEFORE
    return is_said and (place.kind != Kind.COMMUNE or typed[start].is_capital)


def _is_all(span, typed):
    """« vieux chateau » alone is Vieux-Château; « vieux chateau a restaurer » is an old castle."""
    return [token for token in span if not token.is_empty] == [token for token in typed if not token.is_empty]


def _has_capitals(span):
    return all(token.is_capital for token in span if not token.is_empty)


def _is_located(place, name, spans):
    """Whether the text also gives its département or its postal code."""
    told = {*place.postal_codes, (place.departement or "").lower(), place.departement_sort_name}
    return bool((told - {name}) & spans.keys())


def _rank(place, start, end, is_sure):
    return (not is_sure, start - end, KINDS.index(place.kind), -(place.population or 0), place.code)


register_places(find_place)
