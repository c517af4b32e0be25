"""A question put to the desk."""

from django.conf import settings
from django.db import connection, models
from django.db.models import Max, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Function, Membership
from accounts.permissions import Right, has_right
from experiences.models import Experience
from territories.models import Collectivity

from .lists import QuestionTheme

LONGEST_TEXT = 2000
"""Characters of a question: two pages, as the form says while one writes."""
LONGEST_SUBJECT = 200


class State(models.TextChoices):
    """The same words for everybody. « En retard » is not one of them: it is computed."""

    RECEIVED = "recue", "Reçue"
    IN_PROGRESS = "en-cours", "En cours"
    TO_COMPLETE = "a-completer", "À compléter"
    ANSWERED = "repondue", "Répondue"
    CLOSED = "close", "Close"
    REFERRED = "orientee", "Orientée ailleurs"
    OUT_OF_SCOPE = "hors-perimetre", "Hors périmètre"
    DUPLICATE = "doublon", "Doublon"
    WITHDRAWN = "retiree", "Retirée"


WAITING_FOR_US = [State.RECEIVED, State.IN_PROGRESS]
OPEN_STATES = [*WAITING_FOR_US, State.TO_COMPLETE]


class Channel(models.TextChoices):
    WEB = "web", "Portail"
    PHONE = "telephone", "Téléphone"
    MAIL = "courriel", "Courriel"
    MEETING = "reunion", "Réunion"


class Yearly(models.Model):
    """The last number given in a year: each question takes the next one in the transaction that stores it."""

    year = models.PositiveSmallIntegerField("année", primary_key=True)
    last = models.PositiveIntegerField("dernier numéro")

    class Meta:
        verbose_name = "numérotation"
        verbose_name_plural = "numérotations"

    def __str__(self):
        return f"{self.year} : {self.last}"

    @classmethod
    def take(cls, year):
        """Return the next number of the year; whoever asks at the same moment waits for this one to be stored."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO inquiries_yearly (year, last) VALUES (%s, 1)"
                " ON CONFLICT (year) DO UPDATE SET last = inquiries_yearly.last + 1 RETURNING last",
                [year],
            )
            return f"Q-{year}-{cursor.fetchone()[0]:04}"


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    def visible_to(self, user):
        """Advisers read every question; the others theirs, and those that colleagues of a collectivity share."""
        if has_right(user, Right.ANSWER):
            return self
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(asker=user) | self._shared_with(user))

    def shared_with(self, user):
        return self.filter(self._shared_with(user)).exclude(asker=user)

    def _shared_with(self, user):
        mine = Membership.objects.confirmed().filter(person=user).values("collectivity")
        return Q(is_shared=True, collectivity__in=mine)

    def open(self):
        return self.filter(state__in=OPEN_STATES)

    def waiting_for_us(self):
        return self.filter(state__in=WAITING_FOR_US)

    def unclaimed(self):
        return self.filter(adviser=None)

    def late(self):
        return self.filter(due_on__lt=timezone.localdate())

    def for_list(self):
        return self.select_related("collectivity__departement", "theme", "adviser")


class Inquiry(models.Model):
    """Who asks, for which collectivity, what, and where it stands. The context is its first message."""

    number = models.CharField("numéro", max_length=20, unique=True, editable=False)
    channel = models.CharField("canal", max_length=10, choices=Channel, default=Channel.WEB)

    asker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="compte",
        null=True,
        blank=True,
        related_name="inquiries",
    )
    """Empty for a caller without account, and until somebody proved that the address is theirs."""
    first_name = models.CharField("prénom", max_length=150, blank=True)
    last_name = models.CharField("nom", max_length=150, blank=True)
    function = models.CharField("fonction", max_length=30, choices=Function, blank=True)
    email = models.EmailField("adresse électronique", max_length=254, blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    confirmed_at = models.DateTimeField("adresse confirmée le", null=True, blank=True)
    erased_at = models.DateTimeField("identité effacée le", null=True, blank=True)

    collectivity = models.ForeignKey(
        Collectivity, models.PROTECT, verbose_name="collectivité", related_name="inquiries"
    )
    on_behalf_of = models.ForeignKey(
        Collectivity, models.PROTECT, verbose_name="pour la commune", null=True, blank=True, related_name="+"
    )
    """The commune of the asker, when it is not eligible and its intercommunalité asks."""
    eligibility = models.JSONField("éligibilité", default=dict)
    """The verdict when it was asked: {"eligible", "reason", "facts"}."""
    override_reason = models.CharField("raison de l’exception", max_length=300, blank=True)

    theme = models.ForeignKey(
        QuestionTheme, models.PROTECT, verbose_name="thème", null=True, blank=True, related_name="inquiries"
    )
    subject = models.CharField("question", max_length=LONGEST_SUBJECT)
    wanted_on = models.DateField("échéance de la collectivité", null=True, blank=True)
    experience = models.ForeignKey(
        Experience, models.SET_NULL, verbose_name="expérience liée", null=True, blank=True, related_name="inquiries"
    )
    origin = models.CharField("page d’origine", max_length=200, blank=True)
    has_consent = models.BooleanField("accepte une publication anonyme", default=False)
    is_shared = models.BooleanField("partagée avec la collectivité", default=False)

    state = models.CharField("état", max_length=15, choices=State, default=State.RECEIVED)
    adviser = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="suivie par",
        null=True,
        blank=True,
        related_name="inquiries_in_charge",
    )
    duplicate_of = models.ForeignKey(
        "self", models.PROTECT, verbose_name="doublon de", null=True, blank=True, related_name="duplicates"
    )
    referred_to = models.CharField("orientée vers", max_length=300, blank=True)
    asked_at = models.DateTimeField("posée le", default=timezone.now)
    due_on = models.DateField("à répondre au plus tard le", null=True, blank=True)
    """What the events give by `clock.due_on`, kept for sorting; nothing while the clock is stopped."""
    changed_at = models.DateTimeField("dernier événement", default=timezone.now)
    closed_at = models.DateTimeField("close le", null=True, blank=True)

    rating = models.PositiveSmallIntegerField("note", null=True, blank=True)
    rating_comment = models.CharField("commentaire de la note", max_length=1000, blank=True)
    is_example = models.BooleanField("produite par « generate »", default=False)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name = "question"
        verbose_name_plural = "questions"
        constraints = [
            models.CheckConstraint(condition=Q(rating=None) | Q(rating__range=(1, 5)), name="inquiry_rating_1_to_5"),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, asker=None) | Q(confirmed_at__isnull=False),
                name="inquiry_asker_confirmed",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.DUPLICATE) | Q(duplicate_of__isnull=False), name="inquiry_duplicate_of_one"
            ),
        ]
        indexes = [
            models.Index(fields=["due_on", "id"], condition=Q(state__in=OPEN_STATES), name="inquiry_open_by_due"),
            models.Index(fields=["state", "due_on", "id"], name="inquiry_by_state"),
            models.Index(fields=["adviser", "state", "due_on", "id"], name="inquiry_by_adviser"),
            models.Index(fields=["theme", "state", "due_on", "id"], name="inquiry_by_theme"),
            models.Index(fields=["asker", "-changed_at"], name="inquiry_by_asker"),
            models.Index(fields=["collectivity", "-changed_at"], condition=Q(is_shared=True), name="inquiry_shared"),
            models.Index(fields=["email"], condition=Q(asker=None) & ~Q(email=""), name="inquiry_to_adopt"),
            models.Index(
                fields=["closed_at"], condition=Q(erased_at=None, closed_at__isnull=False), name="inquiry_to_erase"
            ),
        ]

    def __str__(self):
        return f"{self.number} : {self.subject}"

    def get_absolute_url(self):
        return reverse("inquiries:thread", args=[self.number])

    @property
    def thread_name(self):
        """What keeps its mails together in mail programs."""
        return f"question-{self.number.lower()}"

    @property
    def asker_name(self):
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_open(self):
        return self.state in OPEN_STATES

    @property
    def is_late(self):
        return self.state in WAITING_FOR_US and self.due_on is not None and self.due_on < timezone.localdate()

    @property
    def is_unconfirmed(self):
        return self.channel == Channel.WEB and self.confirmed_at is None

    @property
    def is_over(self):
        return self.state not in OPEN_STATES and self.state != State.ANSWERED

    @property
    def last_message(self):
        """What a form remembers to have been read."""
        return self.messages.aggregate(last=Max("pk"))["last"]

    @property
    def last_event(self):
        return self.events.aggregate(last=Max("pk"))["last"]

    @property
    def may_be_rated(self):
        """Answered, and left so."""
        is_answered = self.state in [State.ANSWERED, State.CLOSED]
        return is_answered and self.messages.filter(kind="reponse").exists()

    def is_asked_by(self, user):
        return self.asker_id is not None and self.asker_id == user.pk
