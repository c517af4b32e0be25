from django.db import migrations

from search.versions import Watch

SHOWN = [
    "roles_argument",
    "roles_argument_roles",
    "roles_foundingexample",
    "roles_posture",
    "roles_role",
]


class Migration(migrations.Migration):
    dependencies = [
        ("roles", "0002_history"),
        ("search", "0001_documents"),
    ]

    operations = [Watch(SHOWN)]
