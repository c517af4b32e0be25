from django.db import migrations


class Migration(migrations.Migration):
    """Two migrations written side by side meet here."""

    dependencies = [
        ("experiences", "0007_keywords"),
        ("experiences", "0007_watched"),
    ]

    operations = []
