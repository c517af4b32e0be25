"""Find the documents that answer what somebody typed: by its words, by their slips and synonyms, by its meaning."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import filterfalse
from typing import NamedTuple

from django.db import connection

from . import versions
from .meaning import encoder
from .registry import Place, Places
from .spelling import Known, mend
from .synonyms import Expression, synonyms
from .words import Token, clean, is_too_long, tokens

OTHERS = 60  # what is near: beyond, nobody looks
RANKED = 500  # documents compared, of each way of finding them
UNKNOWN = 3  # words told to be in no document
MOST_TOLD_OF = 8  # words: a longer text is a question, whose words are not picked at
READ = 200  # documents whose whole text is read to put them in order
ENOUGH = 200  # documents that have all the words: then nothing else is looked for
DRIVEN = 1500  # documents that words may bring together when not all of them are asked

# Tuned on the part « reglage » of tests/search/queries.json, see docs/decisions/0010.
FLATNESS = 10.0  # of the fusion: the higher, the less the first ranks count
BY_WORDS, BY_MEANING, BY_PLACE, BY_SURROUNDINGS = 1.0, 0.7, 0.05, 0.01
LEAST_LIKENESS = 0.13  # what has nothing to do with anything stays below
LEAST_LIKENESS_ALONE = 0.2  # where no word is known to any document
MENDED = 8  # words: a text with more slips is not French
LEAST_TYPED = 2  # letters, before anything is suggested
SHARE, SHARE_OF_LIKENESS = 0.2, 0.5  # of the best: what is below is not near
LESS_SURE = 0.7  # a synonym or a mended word, beside the word itself
BY_SCORE = 0.06  # of the best by words, besides its rank: far ahead is not just ahead
FAR_AHEAD = 1.15  # times the best that has all the words
MOST_AHEAD = 3


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
    alike: list[str] = field(default_factory=list)
    synonyms: list[str] = field(default_factory=list)

    @property
    def has_many_words(self) -> bool:
        return "&" in self.exact

    @property
    def weight(self) -> float:
        """The rarer, the more telling."""
        return 1 / (1 + max(self.documents, 1).bit_length())


@dataclass
class Found:
    """What a text finds. All is empty for an empty text."""

    text: str
    ahead: list[int] = field(default_factory=list)
    """The few that lack a word and answer far better than any that has them all, by their title and meaning."""
    strict: list[int] = field(default_factory=list)
    """Every Document that has all the words, the best first."""
    others: list[int] = field(default_factory=list)
    """The rest of those near by some of the words or by meaning, the best first."""
    place: Place | None = None
    namesake: Place | None = None
    """A place that has the very name of some words, which were taken for words."""
    corrections: list[Correction] = field(default_factory=list)
    spelled: list[tuple[int, int, str]] = field(default_factory=list)
    """Where a word is written otherwise in the text with its slips mended, and how."""
    synonyms: list[str] = field(default_factory=list)
    """What was searched as well; strict holds what they found when the words themselves found nothing."""
    unknown: list[str] = field(default_factory=list)
    """Words that no document has, nor anything that they may have been a slip for."""
    alike: list[str] = field(default_factory=list)
    """Words of the base that look a little like these."""
    is_cut: bool = False
    is_widened: bool = False
    """No document had all the words as typed: those of strict have synonyms or mended words instead."""
    terms: list[Term] = field(default_factory=list)
    expressions: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    """To highlight: the stems of what was looked for, by the first of them, the longest first."""
    forms: dict[str, str] = field(default_factory=dict)
    """The stem of each word of the base that is one of these."""

    @property
    def is_empty(self) -> bool:
        return not self.strict and not self.others

    @property
    def is_place_alone(self) -> bool:
        """Whether nothing was typed but the name or the code of the place."""
        return self.place is not None and all(term.is_place for term in self.terms)

    @property
    def ranking(self) -> list[int]:
        return self.ahead + self.strict + self.others

    @property
    def mended(self) -> str:
        """The text with its slips mended, and its accents: « Vouliez-vous dire… »."""
        text, done = "", 0
        for start, end, meant in self.spelled:
            text += self.text[done:start] + meant
            done = end
        return text + self.text[done:]


ASKED = """
SELECT asked.word, coalesce(stem.stem, asked.word), coalesce(known.documents, 0), alike.words,
    coalesce((SELECT shown FROM search_word WHERE plain = asked.word), ''),
    coalesce((SELECT number FROM search_version WHERE name = %s), 0)
FROM unnest(%s::text[]) AS asked (word)
CROSS JOIN LATERAL (SELECT (ts_lexize('french_stem', asked.word))[1]) AS stem (stem)
LEFT JOIN LATERAL (
    SELECT max(word.documents) AS documents FROM search_word AS word WHERE word.stem = stem.stem
) AS known ON true
LEFT JOIN LATERAL (
    SELECT json_agg(json_build_array(near.plain, near.shown, near.stem, near.documents)) AS words
    FROM (
        SELECT plain, shown, word.stem, word.documents FROM search_word AS word
        WHERE known.documents IS NULL AND length(asked.word) > 2 AND asked.word ~ '^[a-z-]+$'
            AND plain %% asked.word
        ORDER BY similarity(plain, asked.word) DESC, word.documents DESC LIMIT 20
    ) AS near
) AS alike ON true
"""

# What has all the words, of which the first only are put in order, those that have them in their title or extract
# before; then what has some of the words, is near by meaning, or lies in the place, unless enough has them all.
FIND = """
WITH exact AS MATERIALIZED (
    SELECT search_having(%(kind)s, 'words', %(exact)s::tsquery, %(name)s::tsquery, %(here)s::text[], NULL) AS id
),
counted AS MATERIALIZED (SELECT count(*) AS all_of_it FROM exact),
wide AS MATERIALIZED (
    SELECT search_having(%(kind)s, 'words', %(wide)s::tsquery, %(name)s::tsquery, %(here)s::text[],
        CASE WHEN all_of_it > 0 THEN 0 END) AS id
    FROM counted
),
meant AS MATERIALIZED (SELECT id, likeness FROM search_nearest(%(kind)s, %(vector)s::vector, %(nearest)s)),
candidate AS (
    SELECT search_having(%(kind)s, 'heading', %(exact)s::tsquery, %(name)s::tsquery, %(here)s::text[], %(ranked)s) AS id
    UNION (SELECT id FROM exact LIMIT %(ranked)s)
    UNION (SELECT id FROM wide LIMIT %(ranked)s)
    UNION SELECT id FROM meant
    UNION SELECT search_having(%(kind)s, 'words', %(some)s::tsquery, '', '{{}}',
        CASE WHEN all_of_it > %(enough)s THEN 0 ELSE %(ranked)s END) FROM counted
    UNION SELECT search_having(%(kind)s, 'words', '', '', %(around)s::text[],
        CASE WHEN all_of_it > %(enough)s THEN 0 ELSE %(ranked)s END) FROM counted
),
term AS (
    SELECT * FROM unnest(%(exacts)s::tsquery[], %(wides)s::tsquery[], %(weights)s::real[]) AS t (exact, wide, weight)
),
-- Row by row, for the planner would rather read the whole table. The words of a document are long: only those of the
-- most promising are read, and once, as what is computed is in memory.
promising AS (
    SELECT id, {score} AS score
    FROM candidate CROSS JOIN LATERAL (
        SELECT heading || '' AS words FROM search_document AS document WHERE document.id = candidate.id OFFSET 0
    ) AS headed
    ORDER BY score DESC, id LIMIT %(read)s
),
ranked AS (
    SELECT id, here, around, {score} AS score
    FROM (SELECT id FROM promising UNION SELECT id FROM meant) AS kept CROSS JOIN LATERAL (
        SELECT facets && %(here)s::text[] AS here, facets && %(around)s::text[] AS around, words || '' AS words
        FROM search_document AS document WHERE document.id = kept.id OFFSET 0
    ) AS read
)
SELECT
    (SELECT array_agg(id) FROM exact), (SELECT array_agg(id) FROM wide),
    (SELECT array_agg(id ORDER BY score DESC, id) FROM ranked WHERE score > 0),
    (SELECT array_agg(score ORDER BY score DESC, id) FROM ranked WHERE score > 0),
    (SELECT array_agg(id ORDER BY likeness DESC) FROM meant WHERE likeness > %(least)s),
    (SELECT array_agg(id) FROM ranked WHERE here), (SELECT array_agg(id) FROM ranked WHERE around),
    (SELECT array_agg(id) FROM ranked WHERE score > %(share)s * (SELECT max(score) FROM ranked)),
    (SELECT array_agg(id) FROM meant
        WHERE likeness > greatest(%(least)s, %(share_of_likeness)s * (SELECT max(likeness) FROM meant))),
    (SELECT array_agg(ARRAY[plain, stem]) FROM search_word WHERE stem = ANY(%(stems)s))
"""
SCORE = """(
    SELECT coalesce(sum(weight * greatest(
        ts_rank('{{0, 0.1, 0.4, 1}}', words, exact), %(less)s * ts_rank('{{0, 0.1, 0.4, 1}}', words, wide))), 0)
    FROM term
)"""
FIND = FIND.format(score=SCORE.format())


def find(kind: str | None, text: str, *, limit: int = OTHERS, version: int | None = None) -> Found:
    """Look for a text among the documents of a kind, or of all: three statements, one more after synonyms changed.

    Who read the version of the content before may give it.
    """
    found = Found(clean(text), is_cut=is_too_long(text))
    words = tokens(found.text)
    vector = encoder.query(found.text) if words else None
    place = found.place = Places.find(words) if words else None
    asked = list({token.word: token for token in reversed(words) if not token.is_empty}.values())[::-1]
    if asked:
        known, current = _known(asked)
        found.terms = _terms(found.text, asked, place, known, synonyms.at(current if version is None else version))
        found.spelled = _spelled(found, words, known)
    if not any(term.is_place for term in found.terms):
        found.place = None  # its name is part of a known expression: « chaufferie bois » is not in Bois
    if found.is_place_alone and any(map(str.isdigit, found.text)):
        vector = None  # a code means nothing but its place
    if not found.terms and vector is None:
        return found
    found.expressions = _expressions(found.terms)
    *rows, forms = _run(kind, found, vector)
    found.forms = dict(forms or [])
    _order(found, rows, limit=limit)
    _tell(found)
    return found


def _terms(text: str, asked: Sequence[Token], place: Place | None, known, others) -> list[Term]:
    """The words that say something, those of a known expression together, and those of the place."""
    terms = []
    left = list(asked)
    while left:
        if place and left[0].place == place.start:
            span = [token for token in left if token.place < place.end]
            left = left[len(span) :]
            terms.append(replace(_term(text, span, known, {}), is_place=True, correction=None, others=()))
            continue
        span = next(
            (left[:size] for size in range(min(len(left), 6), 1, -1) if _stems(left[:size], known) in others), left[:1]
        )
        left = left[len(span) :]
        terms.append(_term(text, span, known, others))
    return terms


def _known(asked: Sequence[Token]) -> tuple[dict[str, Known], int]:
    """What the base knows of these words, and the version of what it tells, read before the synonyms are."""
    wanted = {part for token in asked for part in {token.word, token.word.replace("-", ""), *token.parts}}
    with connection.cursor() as cursor:
        cursor.execute(ASKED, [versions.CONTENT, sorted(wanted)])
        rows = cursor.fetchall()
    known = {word: Known(word, stem, count, alike or [], shown) for word, stem, count, alike, shown, _version in rows}
    unknown = [token.word for token in asked if not known[token.word].documents]
    known |= {word: known[word]._replace(alike=[]) for word in unknown[MENDED:]}
    return known, rows[0][-1]


def _spelled(found: Found, words: Sequence[Token], known: dict[str, Known]) -> list[tuple[int, int, str]]:
    """How the words are written where they were mended, or lacked an accent."""
    meant = {term.typed: term.correction.meant for term in found.terms if term.correction}
    spelled = []
    for token in words:
        typed = found.text[token.start : token.end]
        shown = known[token.word].shown if token.word == typed and token.word in known else ""
        if written := meant.get(typed, shown):
            spelled.append((token.start, token.end, written))
    return spelled


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
    elif len(span) == 1 and not documents:
        term.alike = [shown for _plain, shown, _stem, _documents in known[span[0].word].alike[:3]]
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
    plain = [term for term in found.terms if not term.is_place]
    found.corrections = [term.correction for term in plain if term.correction]
    found.synonyms = [expression for term in plain for expression in term.synonyms]
    unknown = [term.typed for term in plain if not term.documents and not term.others]
    if len(found.terms) <= MOST_TOLD_OF:
        found.unknown = [typed for typed in unknown if not any(map(str.isdigit, typed))][:UNKNOWN]
    found.alike = [word for term in plain for word in term.alike]


def _is_a_word(place: Place | None) -> bool:
    return place is not None and place.is_a_word


def _expressions(terms: Sequence[Term]) -> dict[str, list[tuple[str, ...]]]:
    # Each word of what was typed is marked wherever it stands, a synonym as a whole.
    looked_for = {(stem,) for term in terms for stem in term.stems} | {stems for term in terms for stems in term.others}
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for stems in sorted(looked_for, key=len, reverse=True):
        by_first.setdefault(stems[0], []).append(stems)
    return by_first


def _run(kind: str | None, found: Found, vector: str | None) -> Sequence[list | None]:
    plain = [term for term in found.terms if not term.is_place]
    # The Lot is not a lotissement: one word that is surely a place is where documents are, and no word of them.
    name = [term for term in found.terms if term.is_place and (term.has_many_words or _is_a_word(found.place))]
    terms = plain + name
    parameters = {
        "kind": kind,
        "exact": " & ".join(f"({term.exact})" for term in plain),
        "wide": " & ".join(f"({term.wide})" for term in plain),
        "name": " & ".join(f"({term.exact})" for term in name),
        "some": " | ".join(f"({term.wide})" for term in _drivers(terms)),
        "exacts": [term.exact for term in terms],
        "wides": [term.wide if term.others else None for term in terms],
        "weights": [term.weight for term in terms],
        "here": found.place.here if found.place else [],
        "around": found.place.around if found.place else [],
        "stems": sorted({stem for known in found.expressions.values() for stems in known for stem in stems}),
        "vector": vector,
        "nearest": OTHERS if vector else 0,
        "share": SHARE,
        "share_of_likeness": SHARE_OF_LIKENESS,
        "least": LEAST_LIKENESS if any(term.documents for term in found.terms) else LEAST_LIKENESS_ALONE,
        "less": LESS_SURE,
        "ranked": RANKED,
        "enough": ENOUGH,
        "read": READ,
    }
    with connection.cursor() as cursor:
        cursor.execute(FIND, parameters)
        return cursor.fetchone()


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
    """Merge both rankings, by the reciprocal of the ranks; what has all the words goes first, or nearly."""
    exact, wide, by_words, word_scores, by_meaning, here, around, near_by_words, near_by_meaning = (
        row or [] for row in rows
    )
    scores = {
        key: BY_SCORE * score / word_scores[0] + BY_WORDS / (FLATNESS + rank)
        for rank, (key, score) in enumerate(zip(by_words, word_scores, strict=True))
    }
    for rank, key in enumerate(by_meaning):
        scores[key] = scores.get(key, 0) + BY_MEANING / (FLATNESS + rank)
    for share, keys in ((BY_PLACE, here), (BY_SURROUNDINGS, around)):
        for key in keys:
            scores[key] = scores.get(key, 0) + share
    named = [term for term in found.terms if term.is_place and term.documents]
    if named and not here and _is_a_word(found.place):
        found.namesake = found.place if named[0].has_many_words else None
        found.place = None
    strict = exact or wide
    found.is_widened = not exact and bool(wide)
    chosen = set(strict)
    # By score, then by key: the order of equals stays.
    best = sorted(sorted(scores), key=scores.__getitem__, reverse=True)
    found.strict = [*filter(chosen.__contains__, best), *filterfalse(scores.__contains__, strict)]
    near = {*near_by_words, *near_by_meaning, *here}
    if found.is_place_alone:
        near.update(around)
    others = [key for key in best if key in near and key not in chosen][:limit]
    enough = FAR_AHEAD * next((scores[key] for key in best if key in chosen), 0)
    found.ahead = [key for key in others[:MOST_AHEAD] if strict and scores[key] > enough]
    found.others = others[len(found.ahead) :]


SUGGEST = """
SELECT kind, title, address FROM (
    SELECT kind, title, address, score, row_number() OVER (PARTITION BY kind ORDER BY score DESC, address) AS place
    FROM (
        SELECT kind, title, address, ts_rank(heading, asked) AS score
        FROM to_tsquery('search_french', %s) AS asked, search_document
        WHERE is_listed AND heading @@ asked LIMIT 300
    ) AS matching
) AS ranked
WHERE place <= %s ORDER BY max(score) OVER (PARTITION BY kind) DESC, kind, place
"""


class Suggestion(NamedTuple):
    kind: str
    title: str
    address: str


def suggest(text: str, *, each: int) -> list[Suggestion]:
    """What somebody may be typing the beginning of, so many of each kind: one statement."""
    words = tokens(clean(text))
    asked = [part for token in words if not token.is_empty or token is words[-1] for part in token.parts]
    if not asked or len(asked[-1]) < LEAST_TYPED:
        return []
    with connection.cursor() as cursor:
        cursor.execute(SUGGEST, [" & ".join([*asked[:-1], f"{asked[-1]}:*"]), each])
        return [Suggestion(*row) for row in cursor.fetchall()]
