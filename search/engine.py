"""Find the documents that answer what somebody typed: by its words, by their slips and synonyms, by its meaning."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.db import connection

from . import versions
from .meaning import encoder
from .registry import Place, Places
from .spelling import Known, mend
from .synonyms import Expression, synonyms
from .words import Token, clean, tokens

OTHERS = 60  # what is near: beyond, nobody looks
RANKED = 600  # of those that have all the words, how many are put in order
DRIVEN = 1500  # documents that words may bring together when not all of them are asked

# Tuned on the part « reglage » of tests/search/queries.json, see docs/decisions/0010.
FLATNESS = 10.0  # of the fusion: the higher, the less the first ranks count
BY_WORDS, BY_MEANING, BY_PLACE, BY_SURROUNDINGS = 1.0, 0.7, 0.05, 0.01
LEAST_LIKENESS = 0.13  # what has nothing to do with anything stays below
LESS_SURE = 0.7  # a synonym or a mended word, beside the word itself


@dataclass(frozen=True)
class Correction:
    typed: str
    meant: str


@dataclass
class Term:
    """Something to look for: a word, or several that go together."""

    start: int
    end: int
    typed: str
    exact: str
    """As a tsquery."""
    wide: str
    """With its synonyms and what it may have been a slip for."""
    stems: tuple[str, ...]
    documents: int
    others: tuple[tuple[str, ...], ...] = ()
    """The stems of what is looked for as well."""
    is_place: bool = False
    correction: Correction | None = None
    synonyms: list[str] = field(default_factory=list)

    @property
    def weight(self) -> float:
        """The rarer, the more telling."""
        return 1 / (1 + max(self.documents, 1).bit_length()) ** 0.5


@dataclass
class Found:
    """What a text finds. All is empty for an empty text."""

    text: str
    strict: list[int] = field(default_factory=list)
    """Every Document that has all the words, the best first."""
    others: list[int] = field(default_factory=list)
    """Those near by some of the words or by meaning, the best first."""
    place: Place | None = None
    corrections: list[Correction] = field(default_factory=list)
    synonyms: list[str] = field(default_factory=list)
    """What was searched as well; strict holds what they found when the words themselves found nothing."""
    unknown: list[str] = field(default_factory=list)
    """Words that no document has, nor any that look like them."""
    is_widened: bool = False
    """No document had all the words as typed: those of strict have synonyms or mended words instead."""
    terms: list[Term] = field(default_factory=list)
    expressions: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    """To highlight: the stems of what was looked for, by the first of them, the longest first."""
    forms: dict[str, str] = field(default_factory=dict)
    """The stem of each word of the base that is one of these."""

    @property
    def ranking(self) -> list[int]:
        return self.strict + self.others

    @property
    def mended(self) -> str:
        """The text with its slips mended: « Vouliez-vous dire… »."""
        text = self.text
        for correction in self.corrections:
            text = text.replace(correction.typed, correction.meant)
        return text


ASKED = """
SELECT asked.word, coalesce(stem.stem, asked.word), coalesce(known.documents, 0), alike.words
FROM unnest(%s::text[]) AS asked (word)
CROSS JOIN LATERAL (SELECT (ts_lexize('french_stem', asked.word))[1]) AS stem (stem)
LEFT JOIN LATERAL (
    SELECT max(word.documents) AS documents FROM search_word AS word WHERE word.stem = stem.stem
) AS known ON true
LEFT JOIN LATERAL (
    SELECT json_agg(json_build_array(near.plain, near.shown, near.stem, near.documents)) AS words
    FROM (
        SELECT plain, shown, word.stem, word.documents FROM search_word AS word
        WHERE known.documents IS NULL AND length(asked.word) > 3 AND asked.word ~ '^[a-z-]+$'
            AND plain %% asked.word
        ORDER BY similarity(plain, asked.word) DESC, word.documents DESC LIMIT 20
    ) AS near
) AS alike ON true
"""

FIND = """
WITH exact AS MATERIALIZED (SELECT id FROM search_document WHERE {of_kind} AND {exact}),
wide AS MATERIALIZED (SELECT id FROM search_document WHERE {of_kind} AND {wide}),
meant AS MATERIALIZED (SELECT id, likeness FROM search_nearest(%(kind)s, %(vector)s::vector, %(nearest)s)),
candidate AS (
    (SELECT id FROM exact LIMIT %(ranked)s) UNION (SELECT id FROM wide LIMIT %(ranked)s) UNION SELECT id FROM meant
    UNION (SELECT id FROM search_document WHERE {of_kind} AND words @@ %(some)s::tsquery LIMIT %(driven)s)
    UNION (SELECT id FROM search_document WHERE {of_kind} AND facets && %(around)s::text[] LIMIT %(ranked)s)
),
term AS (
    SELECT * FROM unnest(%(exacts)s::tsquery[], %(wides)s::tsquery[], %(weights)s::real[]) AS t (exact, wide, weight)
),
ranked AS (
    SELECT id, facets && %(here)s::text[] AS here, facets && %(around)s::text[] AS around, (
        SELECT coalesce(sum(weight * greatest(
            ts_rank('{{0, 0.1, 0.4, 1}}', words, exact), %(less)s * ts_rank('{{0, 0.1, 0.4, 1}}', words, wide))), 0)
        FROM term) AS score
    FROM candidate JOIN search_document USING (id)
)
SELECT
    (SELECT array_agg(id) FROM exact), (SELECT array_agg(id) FROM wide),
    (SELECT array_agg(id ORDER BY score DESC, id) FROM ranked WHERE score > 0),
    (SELECT array_agg(id ORDER BY likeness DESC) FROM meant WHERE likeness > %(least)s),
    (SELECT array_agg(id) FROM ranked WHERE here), (SELECT array_agg(id) FROM ranked WHERE around),
    (SELECT array_agg(ARRAY[plain, stem]) FROM search_word WHERE stem = ANY(%(stems)s))
"""


def find(kind: str | None, text: str, *, limit: int = OTHERS, version: int | None = None) -> Found:
    """Look for a text among the documents of a kind, or of all: three statements, one more to know the version."""
    found = Found(clean(text))
    words = tokens(found.text)
    if version is None:
        version = versions.current().content
    vector = encoder.query(found.text) if words else None
    place = found.place = Places.find(words) if words else None
    asked = [token for token in words if not token.is_empty]
    found.terms = _terms(found.text, asked, synonyms.at(version), place) if asked else []
    if not found.terms and vector is None:
        return found
    found.expressions = _expressions(found.terms)
    *rows, forms = _run(kind, found, vector)
    found.forms = dict(forms or [])
    _order(found, rows, limit=limit)
    _tell(found)
    return found


def _terms(
    text: str, asked: Sequence[Token], others: dict[tuple[str, ...], list[Expression]], place: Place | None
) -> list[Term]:
    """The words that say something, those of a known expression together, and those of the place."""
    known = _known(asked)
    terms = []
    left = list(asked)
    while left:
        if place and left[0].place == place.start:
            span = [token for token in left if token.place < place.end]
            left = left[len(span) :]
            terms.append(replace(_term(text, span, known, {}), is_place=True, correction=None))
            continue
        span = next(
            (left[:size] for size in range(min(len(left), 6), 1, -1) if _stems(left[:size], known) in others), left[:1]
        )
        left = left[len(span) :]
        terms.append(_term(text, span, known, others))
    return terms


def _known(asked: Sequence[Token]) -> dict[str, Known]:
    wanted = {part for token in asked for part in {token.word, token.word.replace("-", ""), *token.parts}}
    with connection.cursor() as cursor:
        cursor.execute(ASKED, [sorted(wanted)])
        return {word: Known(word, stem, documents, alike or []) for word, stem, documents, alike in cursor.fetchall()}


def _stems(span: Sequence[Token], known: dict[str, Known]) -> tuple[str, ...]:
    return tuple(known[token.word].stem for token in span)


def _term(text, span, known, others) -> Term:
    typed = text[span[0].start : span[-1].end]
    stems = _stems(span, known)
    exact = " & ".join(_of_word(token, known) for token in span)
    expressions = others.get(stems, [])
    if len(span) > 1:
        documents = min(known[token.word].documents for token in span)
    else:
        documents = max(known[part].documents for part in {span[0].word, *span[0].parts})
    term = Term(span[0].start, span[-1].end, typed, exact, exact, stems, documents)
    mended: list[str] = []
    if len(span) == 1 and not documents and (near := mend(known[span[0].word])):
        term.correction = Correction(typed, near[0].shown)
        term.documents = near[0].documents
        mended = [word.stem for word in near]
        expressions = others.get((near[0].stem,), [])
    term.synonyms = [expression.text for expression in expressions]
    term.others = (*((stem,) for stem in mended), *(expression.stems for expression in expressions))
    term.wide = " | ".join([f"({exact})", *map(quoted, mended), *map(_of_expression, expressions)])
    return term


def _of_word(token: Token, known: dict[str, Known]) -> str:
    """A compound is found whole, in one word, or by its parts."""
    if len(token.parts) == 1:
        return quoted(known[token.word].stem)
    parts = " & ".join(quoted(known[part].stem) for part in token.parts if not Token(part, 0, 0, 0).is_empty)
    joined = quoted(known[token.word.replace("-", "")].stem)
    return f"(({parts}) | {joined})" if parts else joined


def _of_expression(expression: Expression) -> str:
    first, *rest = expression.stems
    asked = quoted(first)
    for step, stem in zip(expression.steps, rest, strict=True):
        asked += f" <{step}> {quoted(stem)}"
    return f"({asked})"


def quoted(stem: str) -> str:
    escaped = stem.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _tell(found: Found) -> None:
    """What was done with the words, for a sentence."""
    found.corrections = [term.correction for term in found.terms if term.correction]
    found.synonyms = [expression for term in found.terms for expression in term.synonyms]
    found.unknown = [
        term.typed for term in found.terms if not term.documents and term.exact == term.wide and not term.is_place
    ]


def _expressions(terms: Sequence[Term]) -> dict[str, list[tuple[str, ...]]]:
    # Each word of what was typed is marked wherever it stands, a synonym as a whole.
    looked_for = {(stem,) for term in terms for stem in term.stems} | {stems for term in terms for stems in term.others}
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for stems in sorted(looked_for, key=len, reverse=True):
        by_first.setdefault(stems[0], []).append(stems)
    return by_first


def _run(kind: str | None, found: Found, vector: str | None) -> Sequence[list | None]:
    terms = found.terms
    plain = [term for term in terms if not term.is_place]
    facets = list(found.place.facets) if found.place else []
    parameters = {
        "kind": kind,
        "exact": " & ".join(f"({term.exact})" for term in plain),
        "wide": " & ".join(f"({term.wide})" for term in plain),
        "name": " & ".join(f"({term.exact})" for term in terms if term.is_place),
        "some": " | ".join(f"({term.wide})" for term in _drivers(terms)),
        "exacts": [term.exact for term in terms],
        "wides": [term.wide for term in terms],
        "weights": [term.weight for term in terms],
        "here": facets[:1],
        "around": facets,
        "stems": sorted({stem for known in found.expressions.values() for stems in known for stem in stems}),
        "vector": vector,
        "nearest": OTHERS if vector else 0,
        "least": LEAST_LIKENESS,
        "less": LESS_SURE,
        "ranked": RANKED,
        "driven": DRIVEN,
    }
    of_kind = "is_listed AND kind = %(kind)s" if kind else "is_listed"
    with connection.cursor() as cursor:
        cursor.execute(FIND.format(of_kind=of_kind, exact=_all("exact", found), wide=_all("wide", found)), parameters)
        return cursor.fetchone()


def _all(which: str, found: Found) -> str:
    """The condition of a document that has it all: a place counts by where the document is, or by its name."""
    plain = [term for term in found.terms if not term.is_place]
    conditions = [f"words @@ %({which})s::tsquery"] if plain else []
    if found.place:
        by_name = " OR words @@ %(name)s::tsquery" if found.place.is_a_word else ""
        conditions.append(f"(facets && %(here)s::text[]{by_name})")
    return " AND ".join(conditions) or "false"


def _drivers(terms: Sequence[Term]) -> list[Term]:
    """The rarest words, as long as they do not bring half of the base together."""
    chosen: list[Term] = []
    total = 0
    for term in sorted(terms, key=lambda term: term.documents):
        total += term.documents
        if chosen and total > DRIVEN:
            break
        chosen.append(term)
    return chosen


def _order(found: Found, rows: Sequence[list[int] | None], *, limit: int) -> None:
    """Merge both rankings, by the reciprocal of the ranks; what has all the words goes first."""
    exact, wide, by_words, by_meaning, here, around = (row or [] for row in rows)
    scores: dict[int, float] = {}
    for share, ranking in ((BY_WORDS, by_words), (BY_MEANING, by_meaning)):
        for rank, key in enumerate(ranking):
            scores[key] = scores.get(key, 0) + share / (FLATNESS + rank)
    for share, keys in ((BY_PLACE, here), (BY_SURROUNDINGS, around)):
        for key in keys:
            scores[key] = scores.get(key, 0) + share
    if found.place and found.place.is_a_word and not here:
        found.place = None
    chosen = set(exact or wide)
    found.is_widened = not exact and bool(wide)
    found.strict = sorted(chosen, key=lambda key: (-scores.get(key, 0), key))
    others = sorted(scores.keys() - chosen, key=lambda key: (-scores[key], key))
    found.others = others[:limit]
