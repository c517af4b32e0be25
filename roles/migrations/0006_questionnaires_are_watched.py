from django.db import migrations

from search.versions import Watch


class Migration(migrations.Migration):
    dependencies = [
        ("roles", "0005_questionnaires_are_kept"),
        ("search", "0001_documents"),
    ]

    operations = [Watch(["roles_option", "roles_question", "roles_questionnaire"])]
