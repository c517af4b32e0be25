from django.db import migrations

CONFIGURATION = """
CREATE TEXT SEARCH CONFIGURATION french_unaccent (COPY = french);
ALTER TEXT SEARCH CONFIGURATION french_unaccent ALTER MAPPING FOR hword, hword_part, word WITH unaccent, french_stem;
"""


class Migration(migrations.Migration):
    """What is found of a sheet is a document of the search, with a configuration of its own.

    The column stays for the processes of the former delivery, which still name it; the next one drops it.
    """

    dependencies = [
        ("experiences", "0011_documents_follow"),
    ]

    operations = [
        migrations.RemoveIndex("experience", name="experience_words"),
        migrations.RunSQL("DROP TEXT SEARCH CONFIGURATION french_unaccent", CONFIGURATION),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("experience", "search_vector")]),
    ]
