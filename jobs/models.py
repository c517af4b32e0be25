import uuid
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.validators import validate_slug
from django.db import models
from django.db.models import Q
from django.utils import timezone

FORGOTTEN = "oublie@efface.invalid"
MAX_ATTEMPTS = 16  # about two days, with the delays below
FIRST_DELAY, LONGEST_DELAY = timedelta(seconds=5), timedelta(hours=6)


def delay(attempts: int) -> timedelta:
    """How long to wait after that many attempts: 5 s, 15 s, 45 s… up to 6 hours."""
    return min(FIRST_DELAY * 3 ** min(attempts - 1, 10), LONGEST_DELAY)


class JobQuerySet(models.QuerySet["Job"]):
    def pending(self):
        return self.filter(done_at=None, dead_at=None)

    def ready(self):
        return self.pending().filter(run_at__lte=timezone.now()).order_by("run_at", "pk")

    def failing(self):
        """Failed at least once, to be tried again."""
        return self.pending().exclude(error="")

    def done(self):
        return self.filter(done_at__isnull=False)

    def dead(self):
        return self.filter(dead_at__isnull=False)

    def run_now(self):
        """Have what waits, or was given up, tried at once, as if for the first time; return how many."""
        return self.filter(done_at=None).update(dead_at=None, attempts=0, run_at=timezone.now())


class Job(models.Model):
    """Something to do once the transaction that wrote this row is committed."""

    task = models.CharField("tâche", max_length=100)
    args = models.JSONField("paramètres", default=dict, blank=True)
    key = models.CharField("clé", max_length=200, unique=True, null=True, blank=True)
    created_at = models.DateTimeField("inscrit le", auto_now_add=True)
    run_at = models.DateTimeField("à faire à partir du", default=timezone.now)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    done_at = models.DateTimeField("fait le", null=True, blank=True)
    dead_at = models.DateTimeField("abandonné le", null=True, blank=True)
    error = models.CharField("dernière erreur", max_length=500, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "travail"
        verbose_name_plural = "travaux"
        indexes = [
            models.Index(fields=["run_at", "id"], condition=Q(done_at=None, dead_at=None), name="job_pending"),
            models.Index(fields=["done_at"], condition=Q(done_at__isnull=False), name="job_done"),
            models.Index(fields=["dead_at"], condition=Q(dead_at__isnull=False), name="job_dead"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(done_at=None) | Q(dead_at=None), name="job_done_or_dead_not_both")
        ]

    def __str__(self):
        return f"{self.task} n°\u00a0{self.pk}"

    def get_state(self):
        if self.done_at:
            return "fait"
        if self.dead_at:
            return "abandonné"
        return "en échec, sera réessayé" if self.error else "à faire"


class MailQuerySet(models.QuerySet["Mail"]):
    def waiting(self):
        return self.filter(sent_at=None, refused_at=None)

    def sent(self):
        return self.filter(sent_at__isnull=False)

    def refused(self):
        return self.filter(refused_at__isnull=False)

    def forgetting(self):
        """To an address typed for one mail alone: nobody reads it, nor sends it again."""
        return self.filter(forgets_address=True)

    def settled(self):
        """Sent or refused: nothing more will happen to them."""
        return self.sent() | self.refused()


class Mail(models.Model):
    """A mail to one person, kept until the server of mails took it."""

    key = models.UUIDField("clé", default=uuid.uuid4, unique=True, editable=False)
    to = models.EmailField("destinataire", max_length=254)
    subject = models.CharField("objet", max_length=250)
    body = models.TextField("texte", blank=True)
    reply_to = models.EmailField("répondre à", max_length=254, blank=True)
    thread = models.CharField("fil", max_length=100, blank=True, validators=[validate_slug])
    created_at = models.DateTimeField("écrit le", auto_now_add=True)
    sent_at = models.DateTimeField("envoyé le", null=True, blank=True)
    refused_at = models.DateTimeField("refusé le", null=True, blank=True)
    refusal = models.CharField("motif du refus", max_length=300, blank=True)
    forgets_address = models.BooleanField("oublie le destinataire une fois parti", default=False, db_default=False)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = "courriel"
        verbose_name_plural = "courriels"
        indexes = [
            models.Index(fields=["created_at"], name="mail_created"),
            models.Index(fields=["thread"], condition=~Q(thread=""), name="mail_of_thread"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(sent_at=None) | Q(refused_at=None), name="mail_sent_or_refused_not_both")
        ]

    def __str__(self):
        return self.subject

    def get_state(self):
        if self.sent_at:
            return "envoyé"
        return "refusé" if self.refused_at else "en attente"

    @property
    def message_id(self):
        """Made from the row: a mail sent twice by accident is recognised as the same."""
        return _identifier(self.key.hex)

    def as_email(self) -> EmailMessage:
        headers = {"Message-ID": self.message_id, "Auto-Submitted": "auto-generated"}
        if self.thread:
            # Mail programs gather what refers to the same message, even to one that never existed.
            headers |= {"In-Reply-To": _identifier(self.thread), "References": _identifier(self.thread)}
        reply_to = [self.reply_to] if self.reply_to else None
        return EmailMessage(self.subject, self.body, to=[self.to], reply_to=reply_to, headers=headers)

    def mark_sent(self):
        """Keep the trace; the words, that may hold a code to sign in, only where people read them here."""
        self.sent_at = timezone.now()
        if not settings.IS_DEMONSTRATION:
            self.body = ""
            if self.forgets_address:
                self.to = FORGOTTEN
        self.save(update_fields=["sent_at", "body", "to"])

    def mark_refused(self, reason: str):
        """The words stay: the fault may be ours (a relay closed to us), and the mail worth sending again.

        Not those of a mail that forgets its address: the server quotes it, too, in its reason.
        """
        self.refused_at, self.refusal = timezone.now(), reason[:300]
        if self.forgets_address and not settings.IS_DEMONSTRATION:
            self.to, self.body, self.refusal = FORGOTTEN, "", "L’adresse a été refusée, et oubliée."
        self.save(update_fields=["refused_at", "refusal", "to", "body"])


def _identifier(name: str) -> str:
    return f"<{name}@{settings.HOST}>"
