from django.db import migrations

from search.versions import Watch


class Migration(migrations.Migration):
    dependencies = [
        ("roles", "0007_agenda"),
        ("search", "0001_documents"),
    ]

    operations = [Watch(["roles_demand"])]
