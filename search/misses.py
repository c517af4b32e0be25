"""Searches that found nothing with all the words: what curators may want to write about. See docs/decisions/0018."""

import unicodedata
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac

from limits.models import window

from .engine import Found
from .models import HeldWord, MissedSearch
from .words import EMPTY, tokens

DAYS = 3  # on which a search must be typed before it is written down, when no document has one of its words
MOST_WORDS = 6  # longer, it tells a story that is nobody's business
MOST_A_DAY = 2000  # rows: nobody fills the table by typing anything
MOST_FOR_ONE = 20  # different searches a day of one address, which may be that of a whole town hall
KEPT_WORDS = timedelta(days=90)
KEPT_SEARCHES = timedelta(days=400)

# One statement, counters of limits/ included: a page of results has few left.
NOTE = """
WITH same AS (
    INSERT INTO limits_counter (key, count, ends_at) VALUES (%(same)s, 1, %(ends_at)s)
    ON CONFLICT (key) DO UPDATE SET count = limits_counter.count + 1 RETURNING count
),
others AS (
    INSERT INTO limits_counter (key, count, ends_at) SELECT %(others)s, 1, %(ends_at)s FROM same WHERE count = 1
    ON CONFLICT (key) DO UPDATE SET count = limits_counter.count + 1 RETURNING count
),
typed AS (
    SELECT NOT EXISTS (
        SELECT FROM unnest(%(parts)s::text[]) AS part
        WHERE NOT EXISTS (
            SELECT FROM search_word WHERE stem = coalesce((ts_lexize('french_stem', part))[1], part))
    ) AS is_known
    FROM others WHERE count <= %(most_for_one)s
),
held AS (
    INSERT INTO search_heldword (digest, day)
    SELECT %(digest)s, %(today)s FROM typed
    WHERE NOT is_known AND (SELECT count(*) FROM search_heldword WHERE day = %(today)s) < %(most)s
    ON CONFLICT DO NOTHING
)
INSERT INTO search_missedsearch AS missed (words, day, count)
SELECT %(words)s, %(today)s, 1 FROM typed
WHERE (
    is_known
    OR (SELECT count(*) FROM search_heldword WHERE digest = %(digest)s AND day < %(today)s) >= %(days)s
) AND (
    (SELECT count(*) FROM search_missedsearch WHERE day = %(today)s) < %(most)s
    OR EXISTS (SELECT FROM search_missedsearch WHERE words = %(words)s AND day = %(today)s)
)
ON CONFLICT (words, day) DO UPDATE SET count = missed.count + 1
"""


def note(found: Found, address: str) -> None:
    """Count a search that no document answers with all its words, once a day for a network address, and so many."""
    words = [token.word for token in tokens(found.text) if not token.is_empty]
    if found.strict or found.is_cut or not 0 < len(words) <= MOST_WORDS or _is_personal(found.text):
        return
    typed, today = " ".join(words), timezone.localdate()
    same, ends_at = window("search.missed", f"{address} {today} {typed}", per=timedelta(days=1))
    others, _ends_at = window("search.missed", f"{address} {today}", per=timedelta(days=1))
    parameters: dict[str, Any] = {
        "same": same,
        "others": others,
        "ends_at": ends_at,
        "most_for_one": MOST_FOR_ONE,
        "words": typed,
        "parts": [part for word in words for part in word.split("-") if part not in EMPTY],
        "digest": salted_hmac("search.held", typed, algorithm="sha256").hexdigest(),
        "today": today,
        "days": DAYS - 1,
        "most": MOST_A_DAY,
    }
    with connection.cursor() as cursor:
        cursor.execute(NOTE, parameters)


def purge() -> None:
    today = timezone.localdate()
    HeldWord.objects.filter(day__lt=today - KEPT_WORDS).delete()
    MissedSearch.objects.filter(day__lt=today - KEPT_SEARCHES).delete()


def _is_personal(text: str) -> bool:
    """Whether it may hold a number or an address, however its figures and signs are drawn."""
    return any(char == "@" or char.isnumeric() for char in unicodedata.normalize("NFKC", text))
