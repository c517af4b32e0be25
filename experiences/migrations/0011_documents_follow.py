"""A sheet withdrawn or deleted leaves lists and searches at once, whatever wrote to the database."""

from django.db import migrations

FOLLOW = """
CREATE FUNCTION experiences_document_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.state IN ('publiee', 'a-reviser', 'archivee') THEN
        UPDATE search_document SET is_listed = NEW.state IN ('publiee', 'a-reviser')
        WHERE kind = 'experience' AND key = OLD.id::text;
    ELSE
        DELETE FROM search_document WHERE kind = 'experience' AND key = OLD.id::text;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER document_follows_state AFTER UPDATE OF state ON experiences_experience
FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION experiences_document_follows();
CREATE TRIGGER document_follows_delete AFTER DELETE ON experiences_experience
FOR EACH ROW EXECUTE FUNCTION experiences_document_follows();
"""
NO_FOLLOW = """
DROP TRIGGER document_follows_state ON experiences_experience;
DROP TRIGGER document_follows_delete ON experiences_experience;
DROP FUNCTION experiences_document_follows();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("experiences", "0010_renderings_follow"),
        ("search", "0001_documents"),
    ]

    operations = [migrations.RunSQL(FOLLOW, NO_FOLLOW)]
