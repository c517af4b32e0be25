"""Show in a title and an extract the words that were looked for."""

import html
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from typography.french import typo

from .engine import Found
from .models import Document
from .registry import KINDS
from .words import EMPTY, cut, plain

LENGTH = 280  # characters of an extract cut around what was found
BEFORE = 60

Span = tuple[int, int]


class Words(NamedTuple):
    """The words of a text that say something, simplified, and where each stands."""

    plain: list[str]
    spans: list[Span]
    has_compounds: bool


class Shown(NamedTuple):
    """A document as a list of results shows it."""

    kind: str
    address: str
    title: SafeString
    extract: SafeString
    card: dict[str, Any]
    """All that its app shows of it in a list."""


def show(keys: Sequence[int], found: Found) -> list[Shown]:
    """These documents, in this order, with what was looked for marked: one statement."""
    documents = Document.objects.only("kind", "address", "title", "extract", "text", "card").in_bulk(keys)
    return [
        Shown(
            KINDS[document.kind].label,
            document.address,
            mark(document.title, found),
            extract(document.extract, document.text, found, title=document.title),
            document.card,
        )
        for document in (documents[key] for key in keys if key in documents)
    ]


def mark(text: str, found: Found) -> SafeString:
    """The text as HTML, what was looked for marked, French typography included."""
    shown = typo(text)
    return marked(shown, found) or escape(shown)


class Read(NamedTuple):
    """A text whose typography is right, cut into words once for all the searches that will mark it."""

    text: str
    words: Words

    @classmethod
    def of(cls, text: str) -> "Read":
        return cls(text, _telling(text))

    def marked(self, found: Found) -> SafeString | None:
        """As HTML, what was looked for marked; None where there is nothing to mark."""
        return _marked(self.text, _among(self.words, found))


def marked(shown: str, found: Found) -> SafeString | None:
    """A text whose typography is right, as HTML, what was looked for marked; None where there is nothing to mark."""
    return _marked(shown, _spans(shown, found))


def _marked(shown: str, spans: Iterable[Span]) -> SafeString | None:
    parts, done = [], 0
    for start, end in spans:
        parts += [html.escape(shown[done:start]), "<mark>", html.escape(shown[start:end]), "</mark>"]
        done = end
    if not parts:
        return None
    return mark_safe("".join([*parts, html.escape(shown[done:])]))  # noqa: S308 - every piece was escaped


def extract(pitch: str, text: str, found: Found, *, title: str = "") -> SafeString:
    """The pitch marked; where neither it nor the title has anything to mark, the passage of the text that has most."""
    shown = typo(pitch)
    if with_marks := marked(shown, found):
        return with_marks
    return (not any(_spans(title, found)) and passage(text, found)) or escape(shown)


def passage(text: str, found: Found) -> SafeString | None:
    """The passage of a text that has most of what was looked for, marked; None where it has nothing of it."""
    spans = list(_spans(text, found))
    if not spans:
        return None
    start, end = _passage(text, spans)
    shown = mark(text[start:end], found).replace("\n", " · ")
    # Both ends are ours, the middle was escaped.
    return mark_safe(f"{'… ' if start else ''}{shown}{' …' if end < len(text) else ''}")  # noqa: S308


def _spans(text: str, found: Found) -> Iterator[Span]:
    """Where what was looked for stands, line by line: only those that have something of it are cut into words."""
    wanted = _lines_with(found.forms, plain(text))
    offset = 0
    for number, line in enumerate(text.split("\n")):
        if number in wanted:
            for start, end in _among(_telling(line), found):
                yield offset + start, offset + end
        offset += len(line) + 1


def _lines_with(forms: Iterable[str], simplified: str) -> set[int]:
    """The numbers of the lines that have some of these words, be it within a longer one."""
    lines = set()
    for form in forms:
        place = simplified.find(form)
        while place >= 0:
            lines.add(simplified.count("\n", 0, place))
            end = simplified.find("\n", place)
            place = simplified.find(form, end) if end >= 0 else -1
    return lines


def _telling(text: str) -> Words:
    words = [word for word in cut(text) if word[0] not in EMPTY]
    simplified = [word for word, _start, _end in words]
    return Words(simplified, [(start, end) for _word, start, end in words], any("-" in word for word in simplified))


def _among(words: Words, found: Found) -> Iterator[Span]:
    """Where what was looked for stands: a word, or the words of an expression one after the other."""
    forms = found.forms
    stems: list[str | None] = list(map(forms.get, words.plain))
    if words.has_compounds:
        pairs = zip(stems, words.plain, strict=True)
        stems = [stem or ("-" in word and _of_a_part(word, forms)) or None for stem, word in pairs]
    after = 0
    for place, stem in enumerate(stems):
        if stem and place >= after and (size := _longest(stems, place, found.expressions.get(stem, ()))):
            after = place + size
            yield words.spans[place][0], words.spans[after - 1][1]


def _of_a_part(compound: str, forms: dict[str, str]) -> str:
    """The stem of the first part that was looked for."""
    return next((forms[part] for part in compound.split("-") if part in forms), "")


def _longest(stems: Sequence[str | None], place: int, expressions: Iterable[tuple[str, ...]]) -> int:
    for expression in expressions:
        if tuple(stems[place : place + len(expression)]) == expression:
            return len(expression)
    return 0


def _passage(text: str, spans: list[Span]) -> Span:
    """A passage of the wanted length that begins at a sentence or at a word, around the most of what was found."""
    first, _last = max(spans, key=lambda span: sum(span[0] <= one < span[0] + LENGTH - BEFORE for one, _end in spans))
    start = max(text.rfind(sign, max(0, first - BEFORE), first) for sign in (". ", "\n"))
    if start >= 0:
        start += 1
    else:
        start = text.rfind(" ", 0, max(first - BEFORE // 2, 0)) + 1 if first > BEFORE // 2 else 0
    while start < first and text[start].isspace():
        start += 1
    end = start + LENGTH
    if end >= len(text):
        return start, len(text.rstrip())
    full_stop = max(text.rfind(". ", first, end) + 1, text.find("\n", first, end))
    return start, full_stop if full_stop > start + LENGTH // 2 else text.rfind(" ", first, end)
