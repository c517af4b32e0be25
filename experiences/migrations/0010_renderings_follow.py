"""The database itself raises the version of a sheet: no way of writing to it can forget to."""

from django.db import migrations

from search.versions import Watch

TOLD_BY = [
    "condition",
    "difficulty",
    "experience_policy_issues",
    "filedtheme",
    "illustration",
    "image",
    "location",
    "moneyline",
    "quote",
    "result",
    "roleheld",
    "source",
    "step",
    "video",
]
NAMED_BY = [
    "experiences_legalform",
    "experiences_policyissue",
    "experiences_theme",
    "roles_argument",
    "roles_posture",
    "roles_role",
    "territories_collectivity",
]

ROWS = {
    "insert": "REFERENCING NEW TABLE AS changed",
    "update": "REFERENCING OLD TABLE AS former NEW TABLE AS changed",
    "delete": "REFERENCING OLD TABLE AS changed",
}

FUNCTIONS = """
CREATE FUNCTION experiences_sheet_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO experiences_rendering (experience_id) SELECT id FROM changed;
    RETURN NULL;
END $$;

CREATE FUNCTION experiences_sheet_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE experiences_rendering SET version = version + 1 WHERE experience_id IN (SELECT id FROM changed);
    RETURN NULL;
END $$;

CREATE FUNCTION experiences_fact_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE experiences_rendering SET version = version + 1
    WHERE experience_id IN (SELECT experience_id FROM changed);
    IF TG_OP = 'UPDATE' THEN  -- moved from one sheet to another
        UPDATE experiences_rendering SET version = version + 1
        WHERE experience_id IN (SELECT experience_id FROM former EXCEPT SELECT experience_id FROM changed);
    END IF;
    RETURN NULL;
END $$;

INSERT INTO experiences_rendering (experience_id) SELECT id FROM experiences_experience;
"""
NO_FUNCTIONS = """
DROP FUNCTION experiences_fact_changed();
DROP FUNCTION experiences_sheet_changed();
DROP FUNCTION experiences_sheet_made();
"""


def follow(table, event, function):
    name = f"sheet_follows_{event}"
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} AFTER {event} ON {table} {ROWS[event]} FOR EACH STATEMENT EXECUTE FUNCTION {function}()",
        f"DROP TRIGGER {name} ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("experiences", "0009_renderings"),
        ("roles", "0002_history"),
        ("search", "0001_documents"),
        ("territories", "0005_plainer_sentences"),
    ]

    operations = [
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        follow("experiences_experience", "insert", "experiences_sheet_made"),
        follow("experiences_experience", "update", "experiences_sheet_changed"),
        *(follow(f"experiences_{table}", event, "experiences_fact_changed") for table in TOLD_BY for event in ROWS),
        Watch(NAMED_BY, "libelles"),
    ]
