"""The trade's taxonomy: which part a collectivity plays, with which posture, and why it should."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from simple_history.models import HistoricalRecords


class RoleKey(models.TextChoices):
    """The five roles of the founding document, in the order in which they are always shown."""

    FUNDER = "financeur", "Financeur"
    PARTNER = "partenaire", "Partenaire"
    INITIATOR = "initiateur", "Initiateur"
    ACTOR = "acteur", "Acteur"
    REGULATOR = "regulateur", "Régulateur"


class PostureKey(models.TextChoices):
    DOMINANT = "dominante", "Dominante"
    FACILITATING = "facilitatrice", "Facilitatrice"
    COPRODUCTION = "coproduction", "Coproduction"


class Phase(models.TextChoices):
    """Where a project stands in its life when a role is held or a condition weighs."""

    EMERGENCE = "emergence", "Émergence"
    DEVELOPMENT = "developpement", "Développement"
    SCALING = "passage-a-l-echelle", "Passage à l’échelle"


class Audience(models.TextChoices):
    """To whom in the collectivity a role asks something."""

    OFFICIALS = "elus", "Aux élues et élus"
    AGENTS = "agents", "Aux agents"


def texts(verbose_name):
    """A list of short sentences, each a paragraph or a bullet of its own."""
    return ArrayField(models.TextField(), verbose_name=verbose_name, default=list, blank=True)


class Definition(models.Model):
    """What a role and a posture have in common: a sheet that explains it."""

    position = models.PositiveSmallIntegerField("ordre")
    definition = models.TextField("définition")
    interventions = texts("façons d’intervenir")
    vigilance = texts("points de vigilance")
    agenda = models.CharField(
        "question pour un ordre du jour",
        max_length=200,
        blank=True,
        db_default="",
        help_text="À se poser en conseil quand on y ressemble, d’après les points de vigilance.",
    )
    source = models.TextField("source")

    class Meta:
        abstract = True
        ordering = ["position"]


class Role(Definition):
    key = models.CharField("clé", max_length=20, primary_key=True, choices=RoleKey.choices)
    agenda_missing = models.CharField(
        "question quand ce rôle manque",
        max_length=200,
        blank=True,
        db_default="",
        help_text="À se poser en conseil quand on ne le tient pas, d’après les façons d’intervenir.",
    )
    first_step = models.CharField(
        "une chose à faire quand ce rôle manque",
        max_length=200,
        blank=True,
        db_default="",
        help_text="Une phrase entière, qui commence par un verbe à l’infinitif\u00a0: ce qu’on peut faire dès lundi.",
    )
    first_step_basis = models.TextField(
        "façon d’intervenir qui la fonde", blank=True, db_default="", help_text="Telle qu’elle est écrite ci-dessus."
    )
    next_step = models.CharField(
        "une chose à faire autrement quand on le tient",
        max_length=200,
        blank=True,
        db_default="",
        help_text="Une phrase entière, qui commence par un verbe à l’infinitif\u00a0: ce qu’on peut faire dès lundi.",
    )
    next_step_basis = models.TextField(
        "point de vigilance qui la fonde", blank=True, db_default="", help_text="Tel qu’il est écrit ci-dessus."
    )

    history = HistoricalRecords()

    class Meta(Definition.Meta):
        verbose_name = "rôle"
        verbose_name_plural = "rôles"

    def __str__(self):
        return self.get_key_display()

    def get_absolute_url(self):
        return reverse("roles:role", args=[self.key])


class Posture(Definition):
    key = models.CharField("clé", max_length=20, primary_key=True, choices=PostureKey.choices)

    history = HistoricalRecords()

    class Meta(Definition.Meta):
        verbose_name = "posture"
        verbose_name_plural = "postures"

    def __str__(self):
        return self.get_key_display()

    def get_absolute_url(self):
        return reverse("roles:posture", args=[self.key])

    @property
    def as_adjective(self):
        """As it follows « une posture »: dominante, facilitatrice, de coproduction."""
        return "de coproduction" if self.key == PostureKey.COPRODUCTION else str(self).lower()


class Argument(models.Model):
    """One of the founding document's answers to « Pourquoi cela vous concerne »."""

    key = models.SlugField("clé", max_length=40, primary_key=True)
    position = models.PositiveSmallIntegerField("ordre")
    title = models.CharField("titre", max_length=120)
    text = models.TextField("argument")
    implications = texts("ce que cela veut dire")
    founding_example = models.TextField("exemple du document de départ", blank=True)
    founding_quote = models.TextField("citation du document de départ", blank=True)
    source = models.TextField("source")
    roles = models.ManyToManyField(Role, verbose_name="rôles concernés", related_name="arguments", blank=True)

    history = HistoricalRecords(m2m_fields=[roles])

    class Meta:
        verbose_name = "argument"
        verbose_name_plural = "arguments"
        ordering = ["position"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return f"{reverse('roles:reasons')}#{self.key}"


class FoundingExample(models.Model):
    """An example that the founding document gives of a role or of a posture.

    Its experience is known by slug alone: this app knows no content app.
    """

    role = models.ForeignKey(Role, models.CASCADE, verbose_name="rôle", null=True, blank=True, related_name="examples")
    posture = models.ForeignKey(
        Posture, models.CASCADE, verbose_name="posture", null=True, blank=True, related_name="examples"
    )
    position = models.PositiveSmallIntegerField("ordre")
    text = models.TextField("exemple")
    experience_slug = models.SlugField("expérience citée", max_length=80, blank=True)

    class Meta:
        verbose_name = "exemple du document de départ"
        verbose_name_plural = "exemples du document de départ"
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                name="founding_example_of_a_role_or_of_a_posture",
                condition=models.Q(role__isnull=False, posture__isnull=True)
                | models.Q(role__isnull=True, posture__isnull=False),
            )
        ]

    def __str__(self):
        return self.text


class Demand(models.Model):
    """What a role asks of officials or of agents: our reading, and the words on which it rests.

    These words are those of a sheet, known by its slug alone, or of the founding document when no slug is given.
    """

    role = models.ForeignKey(Role, models.CASCADE, verbose_name="rôle", related_name="demands")
    audience = models.CharField("à qui", max_length=10, choices=Audience.choices)
    position = models.PositiveSmallIntegerField("ordre")
    text = models.CharField("ce qu’il demande", max_length=200)
    basis = models.TextField("les mots qui le fondent", help_text="Tels qu’ils sont écrits, sans guillemets.")
    experience_slug = models.SlugField(
        "fiche dont viennent ces mots", max_length=80, blank=True, help_text="Vide : le document de départ."
    )

    class Meta:
        verbose_name = "demande du rôle"
        verbose_name_plural = "demandes du rôle"
        ordering = ["position"]

    def __str__(self):
        return self.text
