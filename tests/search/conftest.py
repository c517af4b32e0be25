import pytest

from search import indexing
from search.registry import KINDS, Item, Kind


class Shelf:
    """A kind of content of the tests alone: items are put on it, and found again."""

    def __init__(self):
        self.items = {}

    def put(self, title, extract="", **fields):
        key = str(len(self.items) + 1)
        self.items[key] = Item(key=key, address=f"/notes/{key}/", title=title, extract=extract, **fields)
        indexing.refresh("note", [key])
        return key

    def kind(self):
        return Kind("note", "Note", "Notes", self.items.keys, self.among)

    def among(self, keys):
        return [self.items[key] for key in keys if key in self.items]


@pytest.fixture
def shelf(db, monkeypatch):
    shelf = Shelf()
    monkeypatch.setitem(KINDS, "note", shelf.kind())
    return shelf
