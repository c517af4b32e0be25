from django.db import migrations

BEFORE = """
CREATE OR REPLACE FUNCTION inquiries_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The examples of « generate » alone may be removed, never changed.
    IF TG_OP = 'DELETE' AND (SELECT is_example FROM inquiries_inquiry WHERE id = OLD.inquiry_id) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'What was said and what happened is never changed nor removed.';
END $$;
"""
AFTER = """
CREATE OR REPLACE FUNCTION inquiries_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The examples of « generate » alone may be removed, never changed.
    IF TG_OP = 'DELETE' AND (SELECT is_example FROM inquiries_inquiry WHERE id = OLD.inquiry_id) THEN
        RETURN OLD;
    END IF;
    -- Once the identity of the asker is erased, nothing leads from what they wrote and did to their account.
    IF TG_OP = 'UPDATE'
        AND to_jsonb(NEW) - '{author_id,by_id}'::text[] = to_jsonb(OLD) - '{author_id,by_id}'::text[]
        AND to_jsonb(NEW) ->> 'author_id' IS NULL AND to_jsonb(NEW) ->> 'by_id' IS NULL
        AND (SELECT erased_at IS NOT NULL FROM inquiries_inquiry WHERE id = OLD.inquiry_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'What was said and what happened is never changed nor removed.';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("inquiries", "0002_sufficed")]

    operations = [migrations.RunSQL(AFTER, BEFORE)]
