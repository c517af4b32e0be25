"""What can be found: each app registers its kinds of content in its module searchable.py."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any


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
