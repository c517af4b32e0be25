import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    """Results already saved keep no hour: a default given at once would write that of the migration."""

    dependencies = [
        ("roles", "0010_saved_results_of_versions_that_stay"),
    ]

    operations = [
        migrations.AddField(
            model_name="savedresult",
            name="saved_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="enregistré à"),
        ),
        migrations.AlterField(
            model_name="savedresult",
            name="saved_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now, editable=False, null=True, verbose_name="enregistré à"
            ),
        ),
    ]
