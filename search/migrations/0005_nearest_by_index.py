from django.db import migrations

# The planner believes that comparing two vectors costs no more than comparing two numbers: it would compare all those
# of the base, which lie aside from their rows, and sort them. And compiling costs more than what it would spare here.
COSTLY = "ALTER FUNCTION search_nearest SET cpu_operator_cost = 0.25 SET jit = off"
CHEAP = "ALTER FUNCTION search_nearest RESET cpu_operator_cost RESET jit"
INTERPRETED = "ALTER FUNCTION search_having SET jit = off"
COMPILED = "ALTER FUNCTION search_having RESET jit"


class Migration(migrations.Migration):
    """What is near by meaning is found by the index of the vectors, whatever the size of the base."""

    dependencies = [
        ("search", "0004_missed_searches"),
    ]

    operations = [
        migrations.RunSQL(COSTLY, CHEAP),
        migrations.RunSQL(INTERPRETED, COMPILED),
    ]
