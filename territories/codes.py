"""Which collectivity a code means: addresses hold codes of today, codes of yesterday, and keys."""

import re

from .models import Collectivity, Kind

# Where a code is shared, what it is taken for; a key (« region:11 ») leaves nothing to guess.
PRECEDENCE = [
    Kind.COMMUNE,
    Kind.INTERCOMMUNALITY,
    Kind.DELEGATED,
    Kind.ASSOCIATED,
    Kind.MUNICIPAL_DISTRICT,
    Kind.PETR,
    Kind.PAYS,
    Kind.PARK,
    Kind.DEPARTEMENT,
    Kind.OVERSEAS,
    Kind.REGION,
]
WRITTEN = re.compile(r"(?:([a-z]+):)?([0-9A-Z]{2,9})")


def meant_by(text):
    """The collectivity of today that a code or a key means, whatever became of the one it was given to; else None."""
    written = WRITTEN.fullmatch(text)
    if not written:
        return None
    kind, code = written.groups()
    places = Collectivity.objects.select_related("departement", "successor__departement")
    coded = sorted(
        (place for place in places.filter(code=code) if kind in (None, place.kind)),
        key=lambda place: (not place.is_current, PRECEDENCE.index(Kind(place.kind))),
    )
    if coded:
        return coded[0] if coded[0].is_current else coded[0].successor
    if kind in (None, Kind.COMMUNE):
        return places.current().once_coded(code).order_by("code").first()
    return None


def shortest(place):
    """What to write in an address so that `meant_by` understands this place: its code where nothing goes before it."""
    return place.code if place.kind in (Kind.COMMUNE, Kind.INTERCOMMUNALITY) else place.key
