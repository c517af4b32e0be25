"""What is said about a question and what happens to it: neither is ever edited."""

import uuid
from math import ceil

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from typography.french import number

from .draft import Draft
from .inquiry import Inquiry, State

LONGEST_NAME = 120


class MessageKind(models.TextChoices):
    ASKER = "demande", "Message de la collectivité"
    ANSWER = "reponse", "Réponse"
    DETAIL = "precision", "Demande de précision"
    NOTE = "note", "Note interne"


ASKER_READS = [MessageKind.ASKER, MessageKind.ANSWER, MessageKind.DETAIL]
"""What the asker reads too; a note is for advisers alone."""


class MessageQuerySet(models.QuerySet["Message"]):
    def for_asker(self):
        return self.filter(kind__in=ASKER_READS)

    def for_thread(self):
        return self.select_related("author").prefetch_related("uploads")


class Message(models.Model):
    """Said by the asker or by the desk; the first is the context of the question. The database keeps each as it is."""

    inquiry = models.ForeignKey(Inquiry, models.CASCADE, verbose_name="question", related_name="messages")
    kind = models.CharField("nature", max_length=10, choices=MessageKind)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="auteur", null=True, blank=True, related_name="+"
    )
    text = models.TextField("texte", blank=True)
    html = models.TextField("mis en forme", blank=True)
    """What the desk wrote in Markdown, as pages show it; empty for the asker, whose text is shown as typed."""
    sent_at = models.DateTimeField("envoyé le", default=timezone.now)
    sent_key = models.CharField("clé d’envoi", max_length=64, null=True, blank=True, unique=True)
    """That of the form that sent it: however often a form arrives, it is one message."""

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "message"
        verbose_name_plural = "messages"
        ordering = ["sent_at", "pk"]
        indexes = [models.Index(fields=["inquiry", "sent_at", "id"], name="message_of_inquiry")]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.sent_at:%d/%m/%Y %H:%M}"


class EventKind(models.TextChoices):
    """What happened. Delays are computed from these rows, and from nothing else."""

    ASKED = "posee", "Question posée"
    CONFIRMED = "confirmee", "Adresse confirmée"
    CLAIMED = "prise", "Prise en charge"
    RELEASED = "rendue", "Remise dans la file"
    DETAIL_ASKED = "precision", "Précision demandée"
    REPLIED = "message", "Message de la collectivité"
    ANSWERED = "reponse", "Réponse envoyée"
    NOTED = "note", "Note interne"
    REOPENED = "rouverte", "Rouverte"
    CLOSED = "close", "Close"
    REFERRED = "orientee", "Orientée ailleurs"
    REFUSED = "hors-perimetre", "Hors périmètre"
    DUPLICATED = "doublon", "Classée comme doublon"
    WITHDRAWN = "retiree", "Retirée"
    RATED = "notee", "Notée"
    CONSENT = "accord", "Accord de publication"
    SHARED = "partage", "Partage avec la collectivité"
    THEME = "theme", "Thème changé"
    ELIGIBILITY = "eligibilite", "Exception à l’éligibilité"
    REMINDED = "rappel", "Rappel envoyé"
    ERASED = "effacee", "Identité effacée"


class Event(models.Model):
    """Append-only history in keys and states, never a text; the database refuses to change or remove a row."""

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, verbose_name="question", related_name="events")
    kind = models.CharField("événement", max_length=15, choices=EventKind)
    state = models.CharField("état ensuite", max_length=15, choices=State)
    key = models.CharField("clé", max_length=60, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="par", null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "événement"
        verbose_name_plural = "historique des questions"
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["inquiry", "at", "id"], name="event_of_inquiry")]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.at:%d/%m/%Y %H:%M}"


class NoticeKind(models.TextChoices):
    """What a mail tells the asker; it never carries the words of the exchange."""

    CLAIMED = "prise", "Une personne s’occupe de votre question"
    ANSWERED = "reponse", "Une réponse vous attend"
    DETAIL_ASKED = "precision", "On vous demande une précision"
    REMINDED = "rappel", "Votre question va être close"
    CLOSED = "close", "Votre question est close"
    RATE = "noter", "Dites-nous si la réponse vous a servi"


class Notice(models.Model):
    """Something to tell the asker: several within minutes leave in one mail."""

    inquiry = models.ForeignKey(Inquiry, models.CASCADE, verbose_name="question", related_name="notices")
    kind = models.CharField("objet", max_length=10, choices=NoticeKind)
    at = models.DateTimeField("le", default=timezone.now)
    told_at = models.DateTimeField("annoncé le", null=True, blank=True)

    class Meta:
        verbose_name = "avis"
        verbose_name_plural = "avis"
        indexes = [models.Index(fields=["inquiry"], condition=Q(told_at=None), name="notice_to_tell")]

    def __str__(self):
        return f"{self.get_kind_display()} ({self.at:%d/%m/%Y %H:%M})"


class UploadQuerySet(models.QuerySet["Upload"]):
    def abandoned(self, before):
        """Accepted with a form that was never sent."""
        return self.filter(message=None, draft=None, received_at__lt=before)


class Upload(models.Model):
    """A file that somebody sent: verified, named at random on the disk, given to the readers of the thread alone."""

    key = models.UUIDField("clé", default=uuid.uuid4, unique=True, editable=False)
    draft = models.ForeignKey(
        Draft, models.CASCADE, verbose_name="brouillon", null=True, blank=True, related_name="uploads"
    )
    message = models.ForeignKey(
        Message, models.CASCADE, verbose_name="message", null=True, blank=True, related_name="uploads"
    )
    name = models.CharField("nom", max_length=LONGEST_NAME)
    kind = models.CharField("format", max_length=5)
    """Its extension, found in its content: pdf, odt, ods, docx, xlsx, jpg, png."""
    size = models.PositiveIntegerField("taille, en octets")
    received_at = models.DateTimeField("reçu le", default=timezone.now)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = "pièce jointe"
        verbose_name_plural = "pièces jointes"
        ordering = ["pk"]
        indexes = [models.Index(fields=["received_at"], condition=Q(message=None), name="upload_unsent")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("inquiries:file", args=[self.key])

    @property
    def described(self):
        """« PDF, 412 Ko »"""
        size = self.size / 1024
        shown = f"{number(size / 1024, 1)}\u00a0Mo" if size >= 1000 else f"{number(ceil(size))}\u00a0Ko"
        return f"{self.kind.upper()}, {shown}"
