from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("inquiries", "0003_authors_may_be_forgotten"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="message",
            options={"ordering": ["sent_at", "pk"], "verbose_name": "message", "verbose_name_plural": "messages"},
        ),
        migrations.AlterModelOptions(
            name="upload",
            options={"ordering": ["pk"], "verbose_name": "pièce jointe", "verbose_name_plural": "pièces jointes"},
        ),
    ]
