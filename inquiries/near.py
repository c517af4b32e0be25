"""What already answers something like a question being written: each kind of content that the search knows."""

from search import engine, highlights

SHOWN = 4
READ = 12  # what is found, of which some has nothing to read in place


def around(text: str, shown: int = SHOWN) -> list[highlights.Shown]:
    """The nearest first: at most four statements."""
    found = engine.find(None, text, limit=READ)
    return [item for item in highlights.show(found.ranking[:READ], found) if item.extract][:shown]
