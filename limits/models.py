"""Counters without memory: who did what cannot be read from them, only that it was done so many times."""

import math
from datetime import UTC, datetime

from django.db import connection, models
from django.utils import timezone
from django.utils.crypto import salted_hmac


class CounterQuerySet(models.QuerySet["Counter"]):
    def expired(self):
        return self.filter(ends_at__lt=timezone.now())


class Counter(models.Model):
    """How many times one thing was done by one person or address within one window of time."""

    key = models.CharField("empreinte", max_length=64, primary_key=True)
    count = models.PositiveIntegerField("nombre")
    ends_at = models.DateTimeField("fin de la période")

    objects = CounterQuerySet.as_manager()

    class Meta:
        verbose_name = "compteur"
        verbose_name_plural = "compteurs"
        indexes = [models.Index(fields=["ends_at"], name="counter_by_end")]

    def __str__(self):
        return f"{self.key[:8]} : {self.count}"


def within(what, who, *, most, per):
    """Count one more `what` by `who`; say whether there were at most `most` in the present window of length `per`.

    Called outside any transaction that might be rolled back: a refused attempt counts too. The key is a keyed digest
    that changes with the window: neither an address nor the habits of somebody can be read from the table.
    """
    key, ends_at = window(what, who, per=per)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO limits_counter (key, count, ends_at) VALUES (%s, 1, %s)"
            " ON CONFLICT (key) DO UPDATE SET count = limits_counter.count + 1 RETURNING count",
            [key, ends_at],
        )
        return cursor.fetchone()[0] <= most


def window(what, who, *, per):
    """The key of the counter of `what` by `who` in the present window, and when this window ends."""
    seconds = per.total_seconds()
    number = math.floor(timezone.now().timestamp() / seconds)
    key = salted_hmac("limits.counter", f"{what}|{number}|{who}", algorithm="sha256").hexdigest()
    return key, datetime.fromtimestamp((number + 1) * seconds, UTC)
