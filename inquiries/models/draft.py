"""A question being written, on the server, by somebody who may have no account."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

DRAFT_LIFE = timedelta(days=30)
KEY_BYTES = 24


def new_key():
    return secrets.token_urlsafe(KEY_BYTES)


class DraftQuerySet(models.QuerySet["Draft"]):
    def open(self):
        return self.filter(inquiry=None, changed_at__gt=timezone.now() - DRAFT_LIFE)

    def expired(self):
        return self.filter(changed_at__lte=timezone.now() - DRAFT_LIFE)

    def belonging_to(self, person):
        return self.open().filter(owner=person).order_by("-changed_at")


class Draft(models.Model):
    """Whoever holds its key may read and send it: the key is long and never logged. Sent, it leads to its question."""

    key = models.CharField("clé", max_length=40, unique=True, default=new_key, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="personne", null=True, blank=True, related_name="drafts"
    )
    typed = models.JSONField("saisie", default=dict, blank=True)
    """What was typed, field by field, right or wrong: it is checked when it is sent."""
    begun_at = models.DateTimeField("commencé le", default=timezone.now)
    changed_at = models.DateTimeField("modifié le", default=timezone.now)
    inquiry = models.OneToOneField(
        "inquiries.Inquiry", models.CASCADE, verbose_name="question", null=True, blank=True, related_name="draft"
    )

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = "brouillon"
        verbose_name_plural = "brouillons"
        indexes = [models.Index(fields=["changed_at"], name="draft_by_change")]

    def __str__(self):
        return f"Brouillon du {self.begun_at:%d/%m/%Y}"

    def get_absolute_url(self):
        return reverse("inquiries:ask_question", args=[self.key])

    @property
    def is_open(self):
        return self.inquiry_id is None and self.changed_at > timezone.now() - DRAFT_LIFE

    @property
    def expires_at(self):
        return self.changed_at + DRAFT_LIFE
