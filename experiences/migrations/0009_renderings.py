import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("experiences", "0008_generated"),
    ]

    operations = [
        migrations.CreateModel(
            name="Rendering",
            fields=[
                (
                    "experience",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="rendering",
                        serialize=False,
                        to="experiences.experience",
                    ),
                ),
                ("version", models.BigIntegerField(db_default=1, verbose_name="version de la fiche")),
                (
                    "key",
                    models.CharField(blank=True, db_default="", max_length=100, verbose_name="ce dont elle est faite"),
                ),
                ("parts", models.JSONField(db_default={}, verbose_name="fiche mise en page")),
                (
                    "related_key",
                    models.CharField(
                        blank=True, db_default="", max_length=100, verbose_name="ce dont les voisines sont faites"
                    ),
                ),
                (
                    "related",
                    models.TextField(blank=True, db_default="", verbose_name="voisines mises en page"),
                ),
            ],
            options={
                "verbose_name": "mise en page d’une fiche",
                "verbose_name_plural": "mises en page des fiches",
            },
        ),
    ]
