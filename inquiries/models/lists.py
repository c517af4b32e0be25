"""What the managers of the desk keep: its themes with their delays, and the days on which it is closed."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

ANSWER_DAYS = 5
"""Working days up to the first answer, unless the theme says otherwise (product, « The desk »)."""


class QuestionThemeQuerySet(models.QuerySet["QuestionTheme"]):
    def offered(self):
        return self.filter(is_offered=True)


class QuestionTheme(models.Model):
    """What a question is about."""

    key = models.SlugField("clé", max_length=60, unique=True)
    label = models.CharField("libellé", max_length=100)
    position = models.PositiveSmallIntegerField("ordre")
    answer_days = models.PositiveSmallIntegerField(
        "délai de réponse",
        default=ANSWER_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text="En jours ouvrés, jusqu’à la première réponse.",
    )
    is_offered = models.BooleanField("proposé", default=True, help_text="Décoché, il reste sur les questions passées.")

    objects = QuestionThemeQuerySet.as_manager()

    class Meta:
        verbose_name = "thème de question"
        verbose_name_plural = "thèmes de question"
        ordering = ["position"]

    def __str__(self):
        return self.label


class ClosingDays(models.Model):
    """Days on which nobody answers, beside week-ends and public holidays."""

    first = models.DateField("du")
    last = models.DateField("au", help_text="Compris. Le même jour pour une seule journée.")
    reason = models.CharField("motif", max_length=100, blank=True)

    class Meta:
        verbose_name = "fermeture du service"
        verbose_name_plural = "fermetures du service"
        ordering = ["-first"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last__gte=F("first")),
                name="closing_days_in_order",
                violation_error_message="Le dernier jour précède le premier.",
            )
        ]

    def __str__(self):
        return f"{self.first:%d/%m/%Y} – {self.last:%d/%m/%Y}"
