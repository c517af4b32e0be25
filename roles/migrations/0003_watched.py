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
        ("roles", "0003_demands"),
        ("search", "0001_documents"),
    ]

    operations = [Watch(SHOWN)]
