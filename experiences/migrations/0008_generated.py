from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("experiences", "0007_watched"),
    ]

    operations = [
        migrations.AddField(
            model_name="experience",
            name="is_generated",
            field=models.BooleanField(
                db_default=False, default=False, editable=False, verbose_name="inventée pour essayer le portail"
            ),
        ),
    ]
