"""Places that the words of a search may name, for the search, which knows no territory."""

import re
from collections.abc import Sequence

from django.db.models import Q

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
    Kind.REGION,
    Kind.DEPARTEMENT,
    Kind.OVERSEAS,
    Kind.INTERCOMMUNALITY,
    Kind.COMMUNE,
    Kind.PARK,
    Kind.PETR,
    Kind.PAYS,
]


def find_place(typed: Sequence[Token]) -> Place | None:
    """The place named by these words, the surest and the longest name first, the widest place first: one statement."""
    spans = _spans(typed)
    codes = [name.upper() for name in spans if SHORT_CODE.fullmatch(name) or PLACE_CODE.fullmatch(name)]
    codes += [name for name in spans if SIREN.fullmatch(name)]
    five = [code for code in codes if len(code) == 5]
    named = Q(sort_name__in=[name for name in spans if not name[0].isdigit()]) | Q(code__in=codes)
    if five:
        named |= Q(postal_codes__overlap=five)
    places = Collectivity.objects.current().filter(named, kind__in=KINDS)
    found = [
        (_rank(place, start, end, is_sure), place, start, end, is_sure)
        for place in places.select_related("departement", "region", "intercommunality")
        for start, end, is_sure in _where(place, spans, typed)
    ]
    if not found:
        return None
    _best, place, start, end, is_sure = min(found, key=lambda choice: choice[0])
    return Place(
        place.kind, place.code, place.name, start, end, place.get_absolute_url(), _facets(place), is_a_word=not is_sure
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


def _facets(place):
    """What filters its documents, then those of the intercommunalité, the département and the région around."""
    around = [place]
    around += [wider for wider in (place.intercommunality, place.departement, place.region) if wider]
    return tuple(f"{wider.kind}:{wider.code}" for wider in around)


register_places(find_place)
