"""What lists count by: for each value that documents may be filtered by, the set of those that have it, as a bitmap.

A big integer holds one bit for each document of a list, in its default order: filtering is « & », counting is
`bit_count()`, and no statement runs. Each process keeps the bitmaps of a kind until the documents change.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import compress, islice
from threading import Lock
from typing import NamedTuple

from django.db import connection

from . import versions

READ = """
SELECT id, key, array_to_string(facets, E'\\n'), coalesce(started_year, 0), coalesce(checked_on - DATE '1970-01-01', 0)
FROM search_document WHERE kind = %s AND is_listed
ORDER BY prominence DESC, published_on DESC NULLS LAST, address
"""

RARE = 256
"""A value that fewer than one document in this many have is kept as places, which take less room than a bitmap."""


MANY = 200
"""A facet with more values than this is counted by a walk through the documents."""
FEW = 16
"""One document in this many is few: then only those are walked through."""
_ONE = ord("1")
_AS_NUMBERS = bytes.maketrans(b"01", b"\x00\x01")


class _Roll(NamedTuple):
    """The documents in their order, each with its value."""

    first: list[str]
    others: dict[int, list[str]]
    """The values beyond the first, by place."""


class Bitmaps:
    """The listed documents of a kind, at one version of the documents."""

    def __init__(self, version: int, rows: Iterable[tuple[int, str, str, int, int]]):
        self.version = version
        self.ids, self.keys = array("q"), list[str]()
        self._years, self._days = array("i"), array("i")
        places: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        for place, (identifier, key, facets, year, day) in enumerate(rows):
            self.ids.append(identifier)
            self.keys.append(key)
            self._years.append(year)
            self._days.append(day)
            for facet in facets.split("\n"):
                places[facet].append(place)
        places.pop("", None)
        self._rolls: dict[str, _Roll] = {}
        self._any: dict[str, int] = {}
        self._counted: dict[str, dict[str, int]] = {}
        self.all = (1 << len(self.keys)) - 1
        self._sets: defaultdict[str, dict[str, int | array[int]]] = defaultdict(dict)
        for facet, found in places.items():
            name, _, value = facet.partition(":")
            self._sets[name][value] = found if len(found) * RARE < len(self.keys) else self._bitmap(found)

    def values(self, name: str) -> Iterable[str]:
        """The values of this facet that some listed document has."""
        return self._sets[name].keys() if name in self._sets else ()

    def having(self, name: str, values: Iterable[str]) -> int:
        """The documents that have one of these values."""
        found, sets = 0, self._sets.get(name, {})
        for value in values:
            kept = sets.get(value, 0)
            found |= kept if isinstance(kept, int) else self._bitmap(kept)
        return found

    def any(self, name: str) -> int:
        """The documents that have some value of this facet."""
        if name not in self._any:
            self._any[name] = self.having(name, self.values(name))
        return self._any[name]

    def counts(self, name: str, among: int) -> dict[str, int]:
        """How many of these documents have each value of this facet; none is left out."""
        if not among or name not in self._sets:
            return {}
        sets = self._sets[name]
        if among == self.all:
            return self._totals(name)
        if len(sets) > MANY:
            return self._counts_of_many(name, among)
        octets = among.to_bytes(len(self.keys) // 8 + 1, "little")
        counted = {
            value: (kept & among).bit_count()
            if isinstance(kept, int)
            else sum(octets[place >> 3] >> (place & 7) & 1 for place in kept)
            for value, kept in sets.items()
        }
        return {value: number for value, number in counted.items() if number}

    def _totals(self, name: str) -> dict[str, int]:
        if name not in self._counted:
            sets = self._sets[name].items()
            self._counted[name] = {
                value: kept.bit_count() if isinstance(kept, int) else len(kept) for value, kept in sets
            }
        return dict(self._counted[name])

    def _counts_of_many(self, name: str, among: int) -> dict[str, int]:
        """The same, in the time of a walk through the documents, however many the values."""
        if name not in self._rolls:
            self._rolls[name] = self._roll(name)
        first, others = self._rolls[name]
        if among.bit_count() * FEW < len(first):
            places = list(_places(among))
            counted = Counter(first[place] for place in places)
            counted.update(value for place in places if place in others for value in others[place])
        else:
            # A bit beyond the last document, so that each has its digit.
            is_among = bin(among | 1 << len(first))[:2:-1].encode().translate(_AS_NUMBERS)
            counted = Counter(compress(first, is_among))
            within = compress(others.values(), map(is_among.__getitem__, others))
            counted.update(value for values in within for value in values)
        counted.pop("", None)
        return counted

    def _roll(self, name: str) -> "_Roll":
        first, others = [""] * len(self.keys), defaultdict[int, list[str]](list)
        for value, kept in self._sets[name].items():
            for place in _places(kept) if isinstance(kept, int) else kept:
                if first[place]:
                    others[place].append(value)
                else:
                    first[place] = value
        return _Roll(first, others)

    def places_of(self, ids: Sequence[int]) -> list[int]:
        """The places of these documents, in the order in which they come; those that are not listed are left out."""
        try:
            return list(map(self._places.__getitem__, ids))
        except KeyError:
            return [self._places[identifier] for identifier in ids if identifier in self._places]

    def kept(self, places: Iterable[int], among: int, offset: int = 0, limit: int | None = None) -> list[int]:
        """Some of these places, in the order in which they come: of those that are among these documents."""
        octets = among.to_bytes(len(self.keys) // 8 + 1, "little")
        kept = (place for place in places if octets[place >> 3] >> (place & 7) & 1)
        return list(islice(kept, offset, limit and offset + limit))

    def at(self, places: Iterable[int]) -> int:
        """The documents in these places."""
        return self._bitmap(places)

    def keys_of(self, among: int) -> Iterator[str]:
        """The keys of these documents, in the default order."""
        return (self.keys[place] for place in _places(among))

    def page(self, among: int, offset: int, limit: int) -> list[str]:
        """The keys of some of these documents, in the default order."""
        return [self.keys[place] for place in self.places([among], offset, limit)]

    def places(self, tiers: Iterable[int], offset: int, limit: int) -> list[int]:
        """Some places of these documents: a tier before the next, each in the default order."""
        chosen: list[int] = []
        for tier in tiers:
            size = tier.bit_count()
            if offset >= size:
                offset -= size
                continue
            start = _nth(tier, offset) if offset else 0
            chosen += (start + place for place in _places(tier >> start, limit - len(chosen)))
            offset = 0
            if len(chosen) == limit:
                break
        return chosen

    def places_by(self, order: str, among: int, offset: int, limit: int) -> list[int]:
        """The same by date: « recentes » and « anciennes » by their start, « relues » by their last check."""
        octets = among.to_bytes(len(self.keys) // 8 + 1, "little")
        places = (place for place in self._orders[order] if octets[place >> 3] >> (place & 7) & 1)
        return list(islice(places, offset, offset + limit))

    @cached_property
    def _orders(self) -> Mapping[str, "array[int]"]:
        places = range(len(self.keys))
        years, days = self._years, self._days
        never = max(years, default=0) + 1
        return {
            "recentes": array("I", sorted(places, key=lambda place: -years[place])),
            "anciennes": array("I", sorted(places, key=lambda place: years[place] or never)),
            "relues": array("I", sorted(places, key=lambda place: -days[place])),
        }

    @cached_property
    def _places(self) -> dict[int, int]:
        return {identifier: place for place, identifier in enumerate(self.ids)}

    def _bitmap(self, places: Iterable[int]) -> int:
        digits = bytearray(b"0") * (len(self.keys) + 1)
        for place in places:
            digits[place] = _ONE
        digits.reverse()
        return int(digits, 2)


def _places(among: int, limit: int | None = None) -> Iterator[int]:
    """The places of the bits that are set, lowest first."""
    octets = among.to_bytes((among.bit_length() + 7) // 8, "little")
    given = 0
    for index, octet in enumerate(octets):
        if octet:
            for bit in range(8):
                if octet >> bit & 1:
                    if given == limit:
                        return
                    given += 1
                    yield index * 8 + bit


def _nth(among: int, number: int) -> int:
    """The place from which on this many bits have been passed."""
    low, high = 0, among.bit_length()
    while low < high:
        middle = (low + high) // 2
        if (among & ((1 << (middle + 1)) - 1)).bit_count() > number:
            high = middle
        else:
            low = middle + 1
    return low


_kept: dict[str, Bitmaps] = {}
_building = Lock()


def of(kind: str, version: int) -> Bitmaps:
    """The bitmaps of a kind at this version of the documents, or at a later one if they changed meanwhile."""
    kept = _kept.get(kind)
    return kept if kept is not None and kept.version == version else _build(kind)


def _build(kind: str) -> Bitmaps:
    """One thread builds and the others wait; the version is read again, for another may have built it meanwhile."""
    with _building:
        version = versions.current().documents
        kept = _kept.get(kind)
        if kept is None or kept.version != version:
            with connection.cursor() as cursor:
                cursor.execute(READ, [kind])
                kept = _kept[kind] = Bitmaps(version, cursor)
        return kept
