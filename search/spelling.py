"""Slips of the keyboard and of the ear: which known word was meant."""

import re
from typing import NamedTuple

CHOICES = 3
FIRST_LETTER = 0.5  # seldom mistaken
# Sounds that French writes in several ways, so that « fone » is near « phone » and « dechet » near « deché ».
SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"(.)\1", r"\1"),
        (r"ph", "f"),
        (r"qu?|k|c(?=[^eiyh]|$)", "k"),
        (r"c(?=[eiy])|sc(?=[eiy])", "s"),
        (r"eau|au", "o"),
        (r"ei|ai", "e"),
        (r"h", ""),
        (r"y", "i"),
        (r"(?<=.{3})(?:es|e|s|t|x)$", ""),
    )
]


class Near(NamedTuple):
    plain: str
    shown: str
    stem: str
    documents: int


class Known(NamedTuple):
    """A word typed, its stem, how many documents have it, and the known words that look like it."""

    word: str
    stem: str
    documents: int
    alike: list
    shown: str = ""
    """With its accents, as documents mostly write it."""


def mend(known: Known) -> list[Near]:
    """The words that this unknown one may have been meant for, the likeliest first."""
    # What is short is mostly an acronym: only what is heard alike was meant.
    allowed = 0.5 if len(known.word) < 4 else 1 if len(known.word) < 6 else 2
    near = [Near(*alike) for alike in known.alike]
    by_distance = [(slips(known.word, word.plain), -word.documents, word) for word in near]
    by_distance = sorted(choice for choice in by_distance if choice[0] <= allowed)
    return [word for distance, _documents, word in by_distance[:CHOICES] if distance <= by_distance[0][0]]


def slips(typed: str, word: str) -> float:
    """Letters added, missing, changed or swapped; half of one where both are heard alike, more for the first letter."""
    if heard(typed) == heard(word):
        return 0.5
    return distance(typed, word) + (FIRST_LETTER if typed[0] != word[0] else 0)


def heard(word: str) -> str:
    for pattern, sound in SOUNDS:
        word = pattern.sub(sound, word)
    return word


def distance(one: str, other: str) -> int:
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before, last, row = row, before, [i]
        for j, wanted in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
