"""What can be found: each app registers its kinds of content in its module searchable.py."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .words import Token


@dataclass(frozen=True)
class Item:
    """What an app gives to be found of one public object; nothing of it is private."""

    key: str
    address: str
    title: str
    extract: str
    names: str = ""
    """Other names of the object, as important as the title: its organisations."""
    near: str = ""
    """Words next in importance: themes, places with their codes, words that curators added."""
    meanings: tuple[str, ...] = ()
    """Texts besides the title and the extract that say what it is about, for the search by meaning."""
    text: str = ""
    """All the rest, in plain sentences: matching extracts are cut from it."""
    facets: tuple[str, ...] = ()
    """What it may be filtered by: « theme:energie », « departement:46 »."""
    card: dict[str, Any] = field(default_factory=dict)
    """All that a list shows of it, as JSON."""
    is_listed: bool = True
    """False for what is public and left out of lists and searches: archives."""
    prominence: int = 0
    published_on: date | None = None
    started_year: int | None = None
    checked_on: date | None = None


@dataclass(frozen=True)
class Kind:
    name: str
    label: str
    label_plural: str
    public_keys: Callable[[], Iterable[str]]
    """The keys of all the public objects."""
    items: Callable[[list[str]], Iterable[Item]]
    """The items of those objects that are public, among these keys."""


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    if kind.name in KINDS and KINDS[kind.name] != kind:
        raise ValueError(f"Two kinds are named {kind.name}.")
    KINDS[kind.name] = kind


@dataclass(frozen=True)
class Place:
    """A place named in what somebody typed."""

    kind: str
    code: str
    name: str
    start: int
    end: int
    """Where its name stands among the words typed: from this one, to before that one."""
    address: str
    facets: tuple[str, ...]
    """What the documents of this place are filtered by, then those of the wider places that hold it."""
    is_a_word: bool = False
    """Whether it may also be ordinary words: « cher », « vieux château », and the names of many small communes."""
    about: str = ""
    """What tells it from its homonyms."""
    sharing: tuple["Place", ...] = ()
    """The others that the code typed means as well: a postal code is that of several communes."""

    @property
    def here(self) -> list[str]:
        """What the documents of what was typed are filtered by."""
        return [place.facets[0] for place in (self, *self.sharing)]

    @property
    def around(self) -> list[str]:
        """The same, with those of the wider places."""
        return list(dict.fromkeys(facet for place in (self, *self.sharing) for facet in place.facets))


def no_places(words: Sequence[Token]) -> Place | None:
    return None


class Places:
    """The search knows no territory: the app that does gives the function."""

    find: Callable[[Sequence[Token]], Place | None] = staticmethod(no_places)


def register_places(function: Callable[[Sequence[Token]], Place | None]) -> None:
    """Have places understood in searches by this function, given the words typed; it may cost one statement."""
    Places.find = staticmethod(function)
