"""How often something already published was enough."""

from django.db import connection, models
from django.utils import timezone

from search.registry import KINDS


class Sufficed(models.Model):
    """Questions that were not sent, as what was near was enough: by month and kind of content, never by whom."""

    month = models.DateField("mois")
    kind = models.CharField("genre", max_length=20, blank=True)
    times = models.PositiveIntegerField("nombre")

    class Meta:
        verbose_name = "question qui n’a pas eu à être posée"
        verbose_name_plural = "questions qui n’ont pas eu à être posées"
        constraints = [models.UniqueConstraint(fields=["month", "kind"], name="sufficed_once_a_month_and_kind")]

    def __str__(self):
        return f"{self.month:%m/%Y} : {self.times}"

    @classmethod
    def count(cls, label: str) -> None:
        """One more, for content of the kind that bears this label."""
        kind = next((kind.name for kind in KINDS.values() if kind.label == label), "")
        month = timezone.localdate().replace(day=1)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO inquiries_sufficed (month, kind, times) VALUES (%s, %s, 1)"
                " ON CONFLICT (month, kind) DO UPDATE SET times = inquiries_sufficed.times + 1",
                [month, kind],
            )
