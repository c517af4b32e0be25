import django.contrib.postgres.indexes
from django.db import migrations, models
from django.db.models.functions import Cast

# What is compared with the words somebody types: as the name for the order, with « St » and « Ste » in full.
SEARCH_NAME = r"""
CREATE FUNCTION territories_search_name(name text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(regexp_replace(regexp_replace(
    btrim(regexp_replace(lower(unaccent('unaccent'::regdictionary, name)), '[^a-z0-9]+', ' ', 'g')),
    '^((cc|ca|cu|metropole) (de la |de l |du |des |de |d )?)?((le|la|les|l|las|los|aux) (?=.))?', ''
), '\mst\M', 'saint', 'g'), '\mste\M', 'sainte', 'g')
"""

# The name and what is left of it without one of its letters: two words that share one differ by a letter too many,
# missing, changed, or two swapped. Trigrams see that by themselves in longer names.
NEAR = """
CREATE FUNCTION territories_near(name text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN length(name) BETWEEN 3 AND 11 THEN
    name || ARRAY(SELECT DISTINCT overlay(name PLACING '' FROM i FOR 1) FROM generate_series(1, length(name)) i)
ELSE ARRAY[]::text[] END
"""


class Migration(migrations.Migration):
    dependencies = [("territories", "0001_collectivity")]

    operations = [
        migrations.RunSQL(SEARCH_NAME, "DROP FUNCTION territories_search_name(text)"),
        migrations.RunSQL(NEAR, "DROP FUNCTION territories_near(text)"),
        migrations.AddField(
            "collectivity",
            "search_name",
            models.GeneratedField(
                db_persist=True,
                expression=models.Func(models.F("name"), function="territories_search_name"),
                output_field=models.CharField(db_collation="C", max_length=250),
                verbose_name="nom pour la recherche",
            ),
        ),
        migrations.AddIndex(
            "collectivity",
            django.contrib.postgres.indexes.GinIndex(
                fields=["search_name"], name="collectivity_search_name", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddIndex(
            "collectivity",
            django.contrib.postgres.indexes.GinIndex(
                models.Func(Cast("search_name", models.TextField()), function="territories_near"),
                name="collectivity_near_names",
            ),
        ),
        migrations.AddIndex("collectivity", models.Index(fields=["siren"], name="collectivity_siren")),
    ]
