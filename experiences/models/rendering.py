from django.db import models

from .sheet import Experience


class Rendering(models.Model):
    """A sheet laid out once and kept: see docs/decisions/0014-sheets-laid-out-once.md.

    The database makes a row with each experience, and raises its version with each change of what the sheet tells.
    """

    experience = models.OneToOneField(Experience, models.CASCADE, primary_key=True, related_name="rendering")
    version = models.BigIntegerField("version de la fiche", db_default=1)
    key = models.CharField("ce dont elle est faite", max_length=100, blank=True, db_default="")
    parts = models.JSONField("fiche mise en page", db_default={})
    related_key = models.CharField("ce dont les voisines sont faites", max_length=100, blank=True, db_default="")
    related = models.TextField("voisines mises en page", blank=True, db_default="")

    class Meta:
        verbose_name = "mise en page d’une fiche"
        verbose_name_plural = "mises en page des fiches"

    def __str__(self):
        return f"{self.experience_id}, version {self.version}"
