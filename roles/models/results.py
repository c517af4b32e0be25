"""A result that somebody asked to keep in their account."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format

from .questionnaires import Questionnaire


class SavedResultQuerySet(models.QuerySet["SavedResult"]):
    def visible_to(self, user):
        """A result is read by its owner alone, whatever rights others have."""
        return self.filter(owner=user)

    def whole(self):
        """With the questions and answers of their versions, in statements that do not grow with the results."""
        return self.select_related("questionnaire").prefetch_related("questionnaire__questions__options")


class SavedResult(models.Model):
    """Answers, and the version they answer: what they say is computed again each time, by the same rule."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="personne", related_name="saved_results"
    )
    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, verbose_name="version", related_name="+")
    answers = models.JSONField("réponses")
    name = models.CharField("nom", max_length=80, blank=True)
    saved_on = models.DateField("enregistré le", default=timezone.localdate)
    saved_at = models.DateTimeField("enregistré à", null=True, default=timezone.now, editable=False)
    """None for those saved before the hour was kept."""

    objects = SavedResultQuerySet.as_manager()

    class Meta:
        verbose_name = "résultat enregistré"
        verbose_name_plural = "résultats enregistrés"
        ordering = ["-saved_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "questionnaire", "answers", "saved_on"], name="saved_result_once_a_day"
            )
        ]

    def __str__(self):
        """What anybody may read, such as whoever would delete the version: nothing that the owner wrote."""
        return f"résultat enregistré le {date_format(self.saved_on, 'j F Y')}"

    @property
    def moment(self):
        """« 23 novembre 2026 à 17 h 05 »; the day alone when the hour was not kept."""
        if self.saved_at is None:
            return date_format(self.saved_on, "j F Y")
        return date_format(timezone.localtime(self.saved_at), "j F Y à G\u00a0\\h\u00a0i")
