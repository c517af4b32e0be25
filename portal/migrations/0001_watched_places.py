from django.db import migrations

from search.versions import Watch

SHOWN = [
    "territories_collectivity",
    "territories_eligibilityrule",
    "territories_eligibilityruleset",
]


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0001_documents"),
        ("territories", "0005_plainer_sentences"),
    ]

    operations = [Watch(SHOWN)]
