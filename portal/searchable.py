"""Places that the words of a search may name, for the search, which knows no territory."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection

from search.registry import Place, register_places
from search.words import Token
from territories.models import Collectivity, Kind

LONGEST = 6  # words in a name
SHORT_CODE = re.compile(r"\d\d|2[ab]|9[78]\d")
PLACE_CODE = re.compile(r"\d[\dab]\d{3}")
SIREN = re.compile(r"\d{9}")
# Words after which a name is a place: « dans le Lot ».
BEFORE = {"a", "dans", "en", "departement", "region", "commune", "pres", "autour", "vers"}
ARTICLES = {"le", "la", "les", "l", "de", "du", "des", "d", "au", "aux"}
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
SELECT kind, code, name, sort_name, postal_codes, population, array_remove(ARRAY[key,
    (SELECT key FROM territories_collectivity WHERE id = place.intercommunality_id),
    (SELECT key FROM territories_collectivity WHERE id = place.departement_id),
    (SELECT key FROM territories_collectivity WHERE id = place.region_id)], NULL)
FROM territories_collectivity AS place
WHERE ended_in IS NULL AND kind = ANY(%s)
    AND (sort_name = ANY(%s) OR code = ANY(%s) OR postal_codes && %s::varchar[])
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
    address = Collectivity(kind=place.kind, code=place.code).get_absolute_url()
    return Place(place.kind, place.code, place.name, start, end, address, tuple(place.keys), is_a_word=not is_sure)


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
        yield start, end, _is_sure(place, name, start, typed)


def _is_sure(place, name, start, typed):
    """Whether these words are a name rather than ordinary ones: a code, several words, or said as a place."""
    if " " in name or PLACE_CODE.fullmatch(name) or SIREN.fullmatch(name):
        return True
    before = [token.word for token in typed[:start]]
    while before and before[-1] in ARTICLES:
        before.pop()
    # « à la crèche » is not at La Crèche.
    return bool(before) and before[-1] in BEFORE and (place.kind != Kind.COMMUNE or typed[start].is_capital)


def _rank(place, start, end, is_sure):
    return (not is_sure, start - end, KINDS.index(place.kind), -(place.population or 0), place.code)


register_places(find_place)
