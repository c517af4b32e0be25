"""People who sign in, the codes mailed to them, their collectivity and their rights."""

from datetime import timedelta

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.addresses import canonical
from accounts.names import validate_name
from accounts.permissions import Duty, Right, has_right
from jobs.models import Mail
from territories.models import Collectivity

CODE_DIGITS = 8
CODE_ATTEMPTS = 10
CODE_LIFE = timedelta(minutes=15)
MAIL_PATIENCE = timedelta(seconds=10)


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username):
        """An address is the same person however it is capitalised."""
        try:
            return self.get(email=canonical(username))
        except ValidationError as error:
            raise self.model.DoesNotExist from error

    def create_user(self, email, password=None, **fields):
        """Store a person; without password, they sign in by a mailed code only."""
        if not email:
            raise ValueError("An account has an e-mail address.")
        user = self.model(email=canonical(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in; the e-mail address is who they are."""

    email = models.EmailField("adresse électronique", max_length=254, unique=True)
    first_name = models.CharField("prénom", max_length=150, blank=True, validators=[validate_name])
    last_name = models.CharField("nom", max_length=150, blank=True, validators=[validate_name])
    is_staff = models.BooleanField(
        "accès à l’administration", default=False, help_text="Ouvre l’administration, sans donner aucun autre droit."
    )
    is_active = models.BooleanField("actif", default=True)
    date_joined = models.DateTimeField("inscrit le", default=timezone.now)
    duties = ArrayField(
        models.CharField(max_length=20, choices=Duty),
        verbose_name="missions",
        default=list,
        blank=True,
        help_text="Ce que la personne fait dans l’équipe, d’où viennent ses droits. Vide pour une élue ou un agent.",
    )

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = "personne"
        verbose_name_plural = "personnes"
        constraints = [
            # Printable ASCII without capitals: see accounts.addresses.
            models.CheckConstraint(condition=Q(email__regex=r"^[!-@\[-~]+$"), name="user_email_canonical")
        ]

    def __str__(self):
        return self.get_full_name() or self.email

    def get_full_name(self):
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self):
        return self.first_name or self.email

    @property
    def duty_labels(self):
        return [Duty(duty).label for duty in self.duties]

    @property
    def is_introduced(self):
        """Whether the person told their name, which is asked once, at the first sign-in."""
        return bool(self.first_name and self.last_name)


class Purpose(models.TextChoices):
    """What a mailed code opens; a code serves no other purpose."""

    SIGN_IN = "connexion", "se connecter"
    CHANGE_EMAIL = "adresse", "changer d’adresse"
    PROVE = "verification", "confirmer son identité"


class CodeQuerySet(models.QuerySet["Code"]):
    def expired(self):
        return self.filter(expires_at__lt=timezone.now())

    def open(self):
        return self.filter(used_at=None, expires_at__gt=timezone.now())


class Code(models.Model):
    """A code mailed to an address, known or not; its digits are not kept."""

    purpose = models.CharField("usage", max_length=20, choices=Purpose)
    email = models.EmailField("adresse électronique", max_length=254)
    digest = models.CharField("empreinte", max_length=64)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    sent_at = models.DateTimeField("envoyé le", default=timezone.now)
    expires_at = models.DateTimeField("valable jusqu’à")
    used_at = models.DateTimeField("utilisé le", null=True, blank=True)
    mail = models.ForeignKey(Mail, models.SET_NULL, verbose_name="courriel", null=True, blank=True, related_name="+")

    objects = CodeQuerySet.as_manager()

    class Meta:
        verbose_name = "code envoyé"
        verbose_name_plural = "codes envoyés"
        indexes = [models.Index(fields=["expires_at"], name="code_by_expiry")]

    def __str__(self):
        return f"{self.get_purpose_display()}, {self.sent_at:%d/%m/%Y %H:%M}"

    @property
    def is_open(self):
        return not self.used_at and self.expires_at > timezone.now() and self.attempts < CODE_ATTEMPTS

    @property
    def is_late(self):
        """The mail should have left by now: the server of mails does not answer."""
        waiting = self.mail and not self.mail.sent_at and not self.mail.refused_at
        return bool(waiting and timezone.now() - self.sent_at > MAIL_PATIENCE)

    @property
    def is_refused(self):
        """The server of mails says that nobody can be reached at this address."""
        return bool(self.mail and self.mail.refused_at)

    def digest_of(self, digits):
        return salted_hmac("accounts.code", f"{self.purpose}|{self.email}|{digits}", algorithm="sha256").hexdigest()

    def matches(self, digits):
        return constant_time_compare(self.digest, self.digest_of(digits))


class Function(models.TextChoices):
    """What a person is in their collectivity."""

    MAYOR = "maire", "Maire"
    DEPUTY_MAYOR = "adjoint", "Adjointe ou adjoint au maire"
    DELEGATED_MAYOR = "maire-delegue", "Maire déléguée ou délégué"
    COUNCILLOR = "conseiller-municipal", "Conseillère ou conseiller municipal"
    PRESIDENT = "president", "Présidente ou président"
    VICE_PRESIDENT = "vice-president", "Vice-présidente ou vice-président"
    COMMUNITY_COUNCILLOR = "conseiller-communautaire", "Conseillère ou conseiller communautaire"
    TOWN_SECRETARY = "secretaire-de-mairie", "Secrétaire de mairie"
    DGS = "dgs", "Directrice générale ou directeur général des services"
    PROJECT_OFFICER = "charge-de-mission", "Chargée ou chargé de mission"
    AGENT = "agent", "Agente ou agent"
    OTHER = "autre", "Autre fonction"


class MembershipState(models.TextChoices):
    """From what a person says of themselves to what somebody who knows vouches for."""

    DECLARED = "declare", "À confirmer"
    CONFIRMED = "confirme", "Confirmé"
    REFUSED = "refuse", "Refusé"
    ENDED = "termine", "Terminé"


PRESENT_STATES = [MembershipState.DECLARED, MembershipState.CONFIRMED]


class MembershipQuerySet(models.QuerySet["Membership"]):
    def present(self):
        return self.filter(state__in=PRESENT_STATES)

    def declared(self):
        return self.filter(state=MembershipState.DECLARED)

    def confirmed(self):
        """The only ones that open what a collectivity shares."""
        return self.filter(state=MembershipState.CONFIRMED)

    def decidable_by(self, user):
        """All for advisers; those of the same collectivity for somebody confirmed; never one’s own."""
        others = self.declared().exclude(person=user)
        if has_right(user, Right.CONFIRM):
            return others
        return others.filter(collectivity__in=Membership.objects.confirmed().filter(person=user).values("collectivity"))

    def for_list(self):
        return self.select_related("person", "collectivity__departement").order_by("declared_at", "pk")


class Membership(models.Model):
    """A person in a collectivity: declared by the person, then confirmed by somebody else."""

    person = models.ForeignKey(User, models.PROTECT, verbose_name="personne", related_name="memberships")
    collectivity = models.ForeignKey(
        Collectivity, models.PROTECT, verbose_name="collectivité", related_name="memberships"
    )
    function = models.CharField("fonction", max_length=30, choices=Function)
    state = models.CharField("état", max_length=10, choices=MembershipState, default=MembershipState.DECLARED)
    declared_at = models.DateTimeField("déclaré le", default=timezone.now)
    confirmed_at = models.DateTimeField("confirmé le", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="confirmé par", null=True, blank=True, related_name="+"
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "rattachement"
        verbose_name_plural = "rattachements"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "collectivity"],
                condition=Q(state__in=PRESENT_STATES),
                name="membership_once_in_a_collectivity",
            ),
            models.CheckConstraint(
                condition=~Q(state=MembershipState.CONFIRMED)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="membership_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=models.F("person")),
                name="membership_not_confirmed_by_oneself",
            ),
        ]
        indexes = [
            models.Index(
                fields=["declared_at"], condition=Q(state=MembershipState.DECLARED), name="membership_to_decide"
            )
        ]

    def __str__(self):
        return f"{self.get_function_display()}, {self.collectivity.name}"

    @property
    def is_confirmed(self):
        return self.state == MembershipState.CONFIRMED


class EventKind(models.TextChoices):
    DUTY = "mission", "Mission"
    MEMBERSHIP = "rattachement", "Rattachement"
    EMAIL = "adresse", "Adresse"
    ACCOUNT = "compte", "Compte"


class Event(models.Model):
    """Who gave what to whom, in keys and states; the database refuses to change or remove a row."""

    person = models.ForeignKey(User, models.PROTECT, verbose_name="personne", related_name="events")
    kind = models.CharField("objet", max_length=20, choices=EventKind)
    key = models.CharField("clé", max_length=60, blank=True)
    state = models.CharField("état", max_length=20)
    by = models.ForeignKey(User, models.PROTECT, verbose_name="par", related_name="+")
    at = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "événement"
        verbose_name_plural = "historique des droits"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["person", "-at"], name="event_of_person")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.label} : {self.state_label}"

    @property
    def label(self):
        """The key in words: the duty, or the function and the collectivity of the membership."""
        if self.kind == EventKind.DUTY:
            return dict(Duty.choices).get(self.key, self.key)
        place, _, function = self.key.partition("/")
        if not function:
            return self.key
        named = Collectivity.objects.filter(key=place).values_list("name", flat=True).first()
        return f"{dict(Function.choices).get(function, function)}, {named or place}"

    @property
    def state_label(self):
        return dict(MembershipState.choices).get(self.state, self.state.capitalize())
