"""The words of the documents, as written: what a slip is mended with, and how common each word is."""

from django.db import connection, transaction
from django.db.models import QuerySet

from .models import Document, Word

# Each form counted with its accents; of those that differ by them alone, the most common is shown.
WRITE = """
INSERT INTO search_word AS known (plain, shown, stem, documents)
SELECT DISTINCT ON (plain) plain, word, coalesce((ts_lexize('french_stem', plain))[1], plain),
    (sum(documents) OVER (PARTITION BY plain))::integer
FROM (
    SELECT word, ndoc AS documents, replace(unaccent(word), '''', '') AS plain
    FROM ts_stat(format($$
        SELECT to_tsvector('simple', translate(concat_ws(' ', title, extract, near, text), '’', ''''))
        FROM search_document WHERE %%s$$, %s::text))
    WHERE word ~ '^[[:alpha:]]{2}' AND length(word) < 50
) AS form
ORDER BY plain, documents DESC, word
ON CONFLICT (plain) DO UPDATE SET documents = excluded.documents WHERE known.documents < excluded.documents
"""


def add(documents: QuerySet[Document]) -> None:
    """Make the words of these documents known; how common they are in all of them waits for the next count."""
    keys = ",".join(map(str, documents.values_list("pk", flat=True)))
    _write(f"id = ANY('{{{keys}}}')")


@transaction.atomic
def count() -> None:
    """Count all the words again, and forget those that no document has any more."""
    Word.objects.all().delete()
    _write("true")


def _write(which: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [which])
