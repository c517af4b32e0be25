"""What somebody typed, cut into words as the index has them."""

import codecs
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

LONGEST = 200  # characters: a longer query is cut, nobody types it and it costs
MOST = 24  # words
LONGEST_EXPRESSION = 6  # words that say something

ELIDED = r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)'"
WORD = re.compile(rf"(?<![a-z0-9]){ELIDED}(?=[a-z0-9])|([a-z0-9]+(?:-[a-z0-9]+)*)")

# Words of the grammar and of questions: they say nothing of what is looked for. The dictionary of the database knows
# some of them only with their accents.
EMPTY = frozenset((Path(__file__).parent / "data" / "empty-words.txt").read_text(encoding="utf-8").split())


@dataclass(frozen=True)
class Token:
    """A word as typed, without accents, and where it stands among all the words, empty ones included."""

    word: str
    start: int
    end: int
    place: int
    is_capital: bool = False

    @property
    def is_empty(self):
        return self.word in EMPTY or all(part in EMPTY for part in self.parts)

    @property
    def parts(self):
        """« eco-construction » is also looked for as « eco » beside « construction »."""
        return self.word.split("-")


LIGATURES = {"œ": "oe", "Œ": "Oe", "æ": "ae", "Æ": "Ae"}
WITHOUT_LIGATURES = str.maketrans(LIGATURES)


def clean(text: str) -> str:
    """One line of printable characters, cut to the length that people type."""
    printable = "".join(char if char.isprintable() else " " for char in text[: LONGEST * 4])
    return " ".join(printable.translate(WITHOUT_LIGATURES).split())[:LONGEST].rstrip()


def is_too_long(text: str) -> bool:
    return len(" ".join(text.split())) > LONGEST


class _Plain(dict):
    """Each letter small and without accents, one for one but ligatures; filled as letters come."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        if letter in "’ʼ‘`´":
            bare = "'"
        elif letter in "‐‑":
            bare = "-"
        elif letter in LIGATURES:
            bare = LIGATURES[letter].lower()
        else:
            bare = unicodedata.normalize("NFKD", letter.lower())[:1]
        if len(self) < 5000:
            self[code] = bare
        return bare


PLAIN = _Plain()


def _one_plain(octet: int) -> str:
    letter = bytes([octet]).decode("cp1252", "replace")
    return letter.lower() if letter in LIGATURES else PLAIN[ord(letter)]


PLAIN_BY_OCTET = "".join(map(_one_plain, range(256)))
"""The same for the octets of cp1252, which has all the letters of French; ligatures stay, to be one letter each."""


def plain(text: str) -> str:
    """The text in small letters without accents; the letters of French several times faster than the others."""
    try:
        octets = text.encode("cp1252")
    except UnicodeEncodeError:
        return text.translate(PLAIN)
    return codecs.charmap_decode(octets, "strict", PLAIN_BY_OCTET)[0].replace("œ", "oe").replace("æ", "ae")


def cut(text: str) -> Iterator[tuple[str, int, int]]:
    """Each word, simplified, and where it stands."""
    simplified = plain(text)
    places: Sequence[int] = range(len(text))
    if len(simplified) > len(text):  # a ligature stands for two letters
        places = [place for place, letter in enumerate(text) for _ in LIGATURES.get(letter, "-")]
    for match in WORD.finditer(simplified):
        if word := match[1]:
            start, end = match.span(1)
            yield word, places[start], places[end - 1] + 1


def tokens(text: str) -> list[Token]:
    words = islice(cut(text), MOST)
    return [
        Token(word, start, end, place, is_capital=text[start].isupper())
        for place, (word, start, end) in enumerate(words)
    ]
