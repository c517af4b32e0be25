"""French typography of texts written with an ordinary keyboard: the rules, and a check that they were followed.

Text written by a program or kept in the database goes through `typo` when it is shown; templates are typed correctly
and only checked. What visitors typed, addresses and codes are never touched.
"""

import re
import unicodedata
from decimal import Decimal

NBSP = "\u00a0"
THIN = "\u202f"  # the narrow no-break space

_SPACE = f"[ {NBSP}{THIN}]"

# What is set aside before any rule: addresses, code between backticks, and the mark that stands for them meanwhile.
_MARK = "\ue000"
_ADDRESSES = (
    rf"""https?://[^\s"«»<>]+|www\.[^\s"«»<>]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|[\w-]+(?:\.[\w-]+)+/[^\s"«»<>]*"""
    rf"|`[^`\n]*`|{_MARK}"
)
_KEPT = re.compile(_ADDRESSES)
_TAGS = re.compile(r"<(code|pre|kbd|script|style)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.DOTALL | re.IGNORECASE)
_ENTITIES = re.compile(r"&(?:#\d+|#x[0-9a-f]+|\w+);", re.IGNORECASE)

_UNITS = (
    r"mm|cm|m|km|m²|m2|km²|km2|m³|m3|ha|g|kg|t|l|L|h|min|s|W|kW|MW|GW|kWh|MWh|GWh|TWh|kWc|MWc|°C"
    r"|k€|K€|M€|Md€|hab\.|habitants?|habitantes|euros?|millions?|milliards?|ans?"
)
_GROUPS = re.compile(rf"(?<![\d,.])\d{{1,3}}(?:{_SPACE}\d{{3}})+(?!\d)")

_DIGITS = frozenset("0123456789")

_RULES = [
    (frozenset(signs), re.compile(pattern), replacement)
    for signs, pattern, replacement in [
        ("'", r"(?<!\w)'([^'\n]+)'(?!\w)", r"‘\1’"),
        ("'", "'", "’"),
        ('"', rf'"{_SPACE}*([^"«»\s][^"«»\n]*?){_SPACE}*"', r"«\1»"),
        ('"«', rf"«{_SPACE}*(?=\S)", f"«{NBSP}"),
        ('"»', rf"(?<=\S){_SPACE}*»", f"{NBSP}»"),
        (";!?%€", rf"(?<=\S){_SPACE}+([;!?%€])", rf"{THIN}\1"),
        (";!?", r"(?<=[\w»)\]’])([;!?])(?=[\s)\]»!?]|$)", rf"{THIN}\1"),
        ("%€", r"(?<=\d)([%€])", rf"{THIN}\1"),
        (":", rf"(?<=\S){_SPACE}+:", f"{NBSP}:"),
        (":", r"(?<=[\w»)\]’]):(?=\s|$)", f"{NBSP}:"),
        ("°", rf"\b([Nn]°){_SPACE}*(?=\w)", rf"\1{NBSP}"),
        (".", rf"\b([Aa]rt\.){_SPACE}*(?=[\dLRD])", rf"\1{NBSP}"),
        (".", rf"\b([LRD]\.){_SPACE}*(?=\d)", rf"\1{NBSP}"),
        (_DIGITS, rf"(?<=\d){_SPACE}(?=(?:{_UNITS})(?![\w’]))", NBSP),
        (_DIGITS, rf"(?<=\d{NBSP}h){_SPACE}(?=\d\d\b)", NBSP),
    ]
]
"""The signs without any of which a rule finds nothing, what it looks for, and what it writes."""


def typo(text: str) -> str:
    """Right apostrophes, quotation marks and no-break spaces; what is already right is returned as it is."""
    if "www." not in text and not any(sign in text for sign in f"@/`{_MARK}"):
        return _apply_rules(text)  # nothing to set aside: looking for it takes longer than all the rules
    kept: list[str] = []
    return _restore(_apply_rules(_set_aside(_KEPT, text, kept)), kept)


def typo_html(html: str) -> str:
    """The same for the text of an HTML fragment: tags, code and character references are left alone."""
    kept: list[str] = []
    text = _set_aside(_TAGS, html.replace(_MARK, ""), kept)
    text = text.replace("&#x27;", "'").replace("&#39;", "'").replace("&quot;", '"')
    inner: list[str] = []
    text = _apply_rules(_set_aside(re.compile(f"{_ENTITIES.pattern}|{_ADDRESSES}", re.IGNORECASE), text, inner))
    return _restore(_restore(text, inner), kept)


def number(value: int | float | Decimal | str, digits: int | None = None) -> str:
    """12000 → « 12 000 », 1.51 → « 1,51 »; without `digits`, the decimals that say nothing are dropped."""
    amount = Decimal(str(value))
    written = f"{amount:,f}" if digits is None else f"{amount:,.{digits}f}"
    if digits is None and "." in written:
        written = written.rstrip("0").rstrip(".")
    return written.replace(",", THIN).replace(".", ",").replace("-", "−")


def sentence(text: str) -> str:
    """The text closed by a full stop, unless it already ends as a sentence does."""
    text = text.rstrip()
    return text if not text or text[-1] in ".!?…" else f"{text}."


def of(word: str) -> str:
    """« de régulateur », « d’initiateur »."""
    return f"d’{word}" if sort_key(word)[0] in "aeiou" else f"de {word}"


def in_words(named: list[str]) -> str:
    """« un, deux et trois »."""
    return " et ".join(part for part in (", ".join(named[:-1]), *named[-1:]) if part)


def sort_key(name: str) -> str:
    """What a name is sorted by in a French list: « Écully » comes between « eau » and « Eure »."""
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()


def faults(text: str) -> list[str]:
    """What breaks the rules in a text that people read, each with some of its surroundings; empty when all is well."""
    bare = _KEPT.sub(_MARK, text)
    found = [
        *re.finditer(r"['\"]", bare),
        *re.finditer(r"(?<=\S) +[;!?:»%€]", bare),
        *re.finditer(r"« +(?=\S)", bare),
        *(group for group in _GROUPS.finditer(bare) if " " in group[0]),
    ]
    found.sort(key=lambda match: match.start())
    return [bare[max(0, match.start() - 30) : match.end() + 15] for match in found]


def _set_aside(pattern: re.Pattern[str], text: str, kept: list[str]) -> str:
    def keep(match: re.Match[str]) -> str:
        kept.append(match[0])
        return _MARK

    return pattern.sub(keep, text)


def _restore(text: str, kept: list[str]) -> str:
    pieces = iter(kept)
    return re.sub(_MARK, lambda _: next(pieces), text)


def _apply_rules(text: str) -> str:
    present = frozenset(text)
    if not _DIGITS.isdisjoint(present):
        text = _GROUPS.sub(lambda match: re.sub(_SPACE, THIN, match[0]), text)
    for signs, pattern, replacement in _RULES:
        if not signs.isdisjoint(present):
            text = pattern.sub(replacement, text)
    return text
