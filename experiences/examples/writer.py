"""New texts out of old ones: read one of them and, at a word that many share, go on with another."""

import random
from collections import defaultdict
from collections.abc import Iterable

JOINTS = frozenset(
    """
    à afin au aux avec ce ces cette chez comme dans de depuis des dont du elle en entre est et la le les leur leurs mais
    ou où par pas pendant plus pour puis que qui sa sans se ses son sont sur un une vers
    """.split()  # noqa: SIM905 - fifty strings between quotes would not be read
)
"""After one of these, the words that follow in another text fit as well."""

CHANCE = 0.45  # of leaving the text at a joint
TRIES = 12


class Writer:
    """Writes texts as long as the shortest and the longest of those that it has read."""

    def __init__(self, texts: Iterable[str]):
        self.texts = [text.split() for text in texts]
        lengths = [sum(map(len, words)) + len(words) - 1 for words in self.texts]
        self.shortest, self.longest = min(lengths), max(lengths)
        self.joints: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, words in enumerate(self.texts):
            for place, word in enumerate(words):
                if word in JOINTS:
                    self.joints[word].append((number, place))

    def write(self, draw: random.Random) -> str:
        for _ in range(TRIES):
            words = self._walk(draw)
            text = " ".join(words)
            if self.shortest <= len(text) <= self.longest:
                return text
        return " ".join(draw.choice(self.texts))

    def _walk(self, draw: random.Random) -> list[str]:
        chance, joints, longest = draw.random, self.joints, self.longest
        texts = self.texts
        text = texts[int(chance() * len(texts))]
        place = length = 0
        words = []
        while place < len(text) and length <= longest:
            word = text[place]
            words.append(word)
            length += len(word) + 1
            if word in joints and chance() < CHANCE:
                others = joints[word]
                number, place = others[int(chance() * len(others))]
                text = texts[number]
            place += 1
        return words
