"""Searches that found nothing with all the words: what curators may want to write about. See docs/decisions/0018."""

import re
from datetime import timedelta

from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .engine import Found
from .models import HeldWord, MissedSearch
from .words import tokens

DAYS = 3  # on which a word that no document has must be typed before it is written down
MOST_WORDS = 6  # longer, it tells a story that is nobody's business
MOST_A_DAY = 2000  # rows: nobody fills the table by typing anything
KEPT_WORDS = timedelta(days=90)
KEPT_SEARCHES = timedelta(days=400)

NOTE = """
WITH typed AS (
    SELECT * FROM unnest(%(words)s::text[], %(digests)s::text[]) WITH ORDINALITY AS t (word, digest, place)
),
held AS (
    INSERT INTO search_heldword (digest, day)
    SELECT digest, %(today)s FROM typed
    WHERE digest IS NOT NULL AND (SELECT count(*) FROM search_heldword WHERE day = %(today)s) < %(most)s
    ON CONFLICT DO NOTHING
),
kept AS (
    SELECT string_agg(word, ' ' ORDER BY place) AS words FROM typed
    WHERE digest IS NULL
        OR (SELECT count(*) FROM search_heldword AS other WHERE other.digest = typed.digest AND day < %(today)s)
            >= %(days)s
)
INSERT INTO search_missedsearch AS missed (words, day, count)
SELECT words, %(today)s, 1 FROM kept
WHERE words IS NOT NULL AND (SELECT count(*) FROM search_missedsearch WHERE day = %(today)s) < %(most)s
ON CONFLICT (words, day) DO UPDATE SET count = missed.count + 1
"""


def note(found: Found) -> None:
    """Count a search that no document answers with all its words; one statement, none when there is nothing to note."""
    words = _words(found)
    if found.strict or not 0 < len(words) <= MOST_WORDS or "@" in found.text:
        return
    unknown = {word for term in found.terms if not term.documents for word in _letters(term.typed)}
    with connection.cursor() as cursor:
        cursor.execute(
            NOTE,
            {
                "words": words,
                "digests": [_digest(word) if word in unknown else None for word in words],
                "today": timezone.localdate(),
                "days": DAYS - 1,
                "most": MOST_A_DAY,
            },
        )


def purge() -> None:
    today = timezone.localdate()
    HeldWord.objects.filter(day__lt=today - KEPT_WORDS).delete()
    MissedSearch.objects.filter(day__lt=today - KEPT_SEARCHES).delete()


def _words(found: Found) -> list[str]:
    meant = [term.correction.meant if term.correction else term.typed for term in found.terms]
    return [word for text in meant for word in _letters(text)]


def _letters(typed: str) -> list[str]:
    """The words that say something, without any that has a digit."""
    return [token.word for token in tokens(typed) if not token.is_empty and not re.search(r"\d", token.word)]


def _digest(word: str) -> str:
    return salted_hmac("search.held", word, algorithm="sha256").hexdigest()
