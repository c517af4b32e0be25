from django.db import migrations

# The planner does not know that reading the words of a row costs far more than reading the row: it would go through
# the whole table where an index answers.
HAVING = """
CREATE FUNCTION search_having(
    of_kind text, place text, asked tsquery, named tsquery, here text[], most integer
) RETURNS SETOF bigint LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
DECLARE
    conditions text := 'is_listed';
BEGIN
    IF numnode(asked) = 0 AND cardinality(here) = 0 OR most = 0 THEN
        RETURN;
    END IF;
    IF of_kind IS NOT NULL THEN
        conditions := conditions || ' AND kind = $1';
    END IF;
    IF numnode(asked) > 0 THEN
        conditions := conditions || format(' AND %I @@ $2', place);
    END IF;
    IF cardinality(here) > 0 AND numnode(named) > 0 THEN
        conditions := conditions || ' AND (facets && $4 OR words @@ $3)';
    ELSIF cardinality(here) > 0 THEN
        conditions := conditions || ' AND facets && $4';
    END IF;
    RETURN QUERY EXECUTE 'SELECT id FROM search_document WHERE ' || conditions || ' LIMIT $5'
        USING of_kind, asked, named, here, most;
END $$;
"""
NARROW = "ALTER TABLE search_document SET (toast_tuple_target = 256)"


class Migration(migrations.Migration):
    """What a search reads stays small, however many documents match."""

    dependencies = [
        ("search", "0002_words_and_meaning"),
    ]

    operations = [
        migrations.RunSQL(HAVING, "DROP FUNCTION search_having"),
        # Rows of which lists and searches read little: their long columns aside, many on a page.
        migrations.RunSQL(NARROW, "ALTER TABLE search_document RESET (toast_tuple_target)"),
    ]
