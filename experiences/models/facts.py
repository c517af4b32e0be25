"""What a sheet is made of: its places, its sources, and the facts that rest on them."""

from datetime import date
from typing import ClassVar
from urllib.parse import urlsplit

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.formats import date_format

from experiences.images import validate_image
from experiences.publishers import PUBLISHERS
from roles.models import Argument, Phase, Posture, Role
from territories.models import Collectivity, Kind
from typography import french

from .lists import YEAR_RANGE, ConditionKind, Theme


class FiledTheme(models.Model):
    """An experience under a theme; the first one gives its colour to the card."""

    experience = models.ForeignKey("experiences.Experience", models.CASCADE, related_name="filings")
    theme = models.ForeignKey(Theme, models.PROTECT, verbose_name="thème")
    position = models.PositiveSmallIntegerField("ordre")

    class Meta:
        verbose_name = "thème de l’expérience"
        verbose_name_plural = "thèmes de l’expérience"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["experience", "theme"], name="filed_once_under_a_theme")]

    def __str__(self):
        return f"{self.theme_id}"


class LocationQuerySet(models.QuerySet["Location"]):
    def with_departement(self):
        """Those that lie in a single département, with its code: communes, and départements themselves."""
        return self.filter(collectivity__kind__in=[Kind.COMMUNE, Kind.DEPARTEMENT]).annotate(
            departement_code=Coalesce("collectivity__departement__code", "collectivity__code")
        )

    def for_display(self):
        return self.select_related("collectivity__departement", "collectivity__region")


class Location(models.Model):
    """A collectivity on whose territory the experience takes place; the first one names the place."""

    experience = models.ForeignKey("experiences.Experience", models.CASCADE, related_name="locations")
    collectivity = models.ForeignKey(
        Collectivity, models.PROTECT, verbose_name="collectivité", related_name="locations"
    )
    position = models.PositiveSmallIntegerField("ordre")

    objects = LocationQuerySet.as_manager()

    class Meta:
        verbose_name = "territoire de l’expérience"
        verbose_name_plural = "territoires de l’expérience"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["experience", "collectivity"], name="located_once_in_a_place")]

    def __str__(self):
        return f"{self.collectivity}"


class Illustration(models.Model):
    """An experience that shows an argument of the founding document at work."""

    experience = models.ForeignKey("experiences.Experience", models.CASCADE, related_name="illustrations")
    argument = models.ForeignKey(Argument, models.CASCADE, verbose_name="argument", related_name="illustrations")
    is_founding_example = models.BooleanField("exemple du document de départ", default=False)
    position = models.PositiveSmallIntegerField("ordre")

    class Meta:
        verbose_name = "argument illustré"
        verbose_name_plural = "arguments illustrés"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["experience", "argument"], name="illustrates_an_argument_once")]

    def __str__(self):
        return f"{self.argument_id}"


SPELLED_OUT = {"ETP": "équivalents temps plein"}
"""Units that a label may say in full."""


class Source(models.Model):
    """Where facts of a sheet come from; numbered on the page in the order of the list."""

    experience = models.ForeignKey("experiences.Experience", models.CASCADE, related_name="sources")
    position = models.PositiveSmallIntegerField("ordre")
    title = models.CharField("titre", max_length=250, blank=True)
    publisher = models.CharField("éditeur", max_length=120, blank=True)
    year = models.PositiveSmallIntegerField("année", null=True, blank=True, validators=YEAR_RANGE)
    url = models.URLField("adresse", max_length=500, blank=True)
    is_link = models.BooleanField(
        "à afficher comme lien", default=True, help_text="Faux pour un miroir, une copie ou une adresse technique."
    )
    was_consulted = models.BooleanField("consultée", default=False)
    consulted_on = models.DateField("consultée le", null=True, blank=True)
    extent = models.CharField("ce qui en a été lu", max_length=60, blank=True)

    is_first_citation = False  # on a sheet, the reference to which the list of sources leads back

    class Meta:
        verbose_name = "source"
        verbose_name_plural = "sources"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["experience", "position"], name="source_number_once"),
            models.CheckConstraint(name="source_named", condition=~Q(title="") | ~Q(url="")),
        ]

    def __str__(self):
        return self.title or self.url

    @property
    def link(self):
        """The address when it may be followed, else nothing."""
        return self.url if self.is_link else ""

    @property
    def name(self):
        """Its title; where only the address is known, who published it, or at least the site."""
        if self.title:
            return self.title
        site = (urlsplit(self.url).hostname or self.url).removeprefix("www.")
        publisher = self.publisher or PUBLISHERS.get(site)
        return f"{publisher} ({site})" if publisher else site


class FactQuerySet(models.QuerySet):
    def shown(self):
        """Facts that rest on something read; the others are kept for the curators."""
        return self.filter(is_to_check=False).select_related("source")


class Fact(models.Model):
    """A dated, counted or attributed statement, with its source."""

    experience = models.ForeignKey("experiences.Experience", models.CASCADE, related_name="%(class)ss")
    position = models.PositiveSmallIntegerField("ordre")
    source = models.ForeignKey(Source, models.PROTECT, verbose_name="source", related_name="+")
    is_to_check = models.BooleanField(
        "à vérifier", default=False, help_text="Un fait à vérifier est conservé et n’est pas montré."
    )

    objects = FactQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["position"]


class Step(Fact):
    """A dated step of the project; the month and the day only where a source gives them."""

    year = models.PositiveSmallIntegerField("année", validators=YEAR_RANGE)
    month = models.PositiveSmallIntegerField(
        "mois", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    day = models.PositiveSmallIntegerField(
        "jour", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    label = models.CharField("étape", max_length=250)
    detail = models.TextField("précision", blank=True)
    is_turning_point = models.BooleanField("tournant", default=False)
    is_stall = models.BooleanField("temps d’arrêt", default=False)

    class Meta(Fact.Meta):
        verbose_name = "étape"
        verbose_name_plural = "étapes"
        ordering = ["year", F("month").asc(nulls_first=True), F("day").asc(nulls_first=True), "position"]
        constraints = [
            models.CheckConstraint(
                name="step_day_within_a_month", condition=Q(day__isnull=True) | Q(month__isnull=False)
            )
        ]

    def __str__(self):
        return f"{self.year} : {self.label}"

    @property
    def datetime(self):
        """The date for a machine, no more precise than the source: 2018, 2018-03 or 2018-03-21."""
        parts = [f"{self.year:04}", *(f"{part:02}" for part in (self.month, self.day) if part)]
        return "-".join(parts)

    @property
    def date_text(self):
        """The date for a reader: « 2018 », « mars 2018 » or « 21 mars 2018 »."""
        if not self.month:
            return str(self.year)
        written = date_format(date(self.year, self.month, self.day or 1), "j F Y" if self.day else "F Y")
        return written.replace("1 ", "1er ", 1) if self.day == 1 else written


class RoleHeldQuerySet(FactQuerySet):
    def in_canonical_order(self):
        """By the order of the five roles, then by time."""
        return self.select_related("role", "posture", "source", "phase_source").order_by(
            "role__position", F("from_year").asc(nulls_last=True), "position"
        )


class RoleHeld(Fact):
    """A role that a collectivity held in the project, when, how, and on which ground we say so."""

    experience = models.ForeignKey("experiences.Experience", models.CASCADE, related_name="roles_held")
    role = models.ForeignKey(Role, models.PROTECT, verbose_name="rôle", related_name="roles_held")
    holder = models.CharField("collectivité, dans les mots de la source", max_length=150)
    collectivities = models.ManyToManyField(
        Collectivity,
        verbose_name="collectivités",
        related_name="roles_held",
        blank=True,
        help_text="Vide lorsque la collectivité n’est connue que par son nom.",
    )
    how = models.TextField("ce qu’elle a fait")
    phase = models.CharField("phase", max_length=20, choices=Phase.choices, blank=True)
    from_year = models.PositiveSmallIntegerField("à partir de", null=True, blank=True, validators=YEAR_RANGE)
    to_year = models.PositiveSmallIntegerField(
        "jusqu’en",
        null=True,
        blank=True,
        validators=YEAR_RANGE,
        help_text="Vide : non dit, jamais « toujours en cours ».",
    )
    phase_basis = models.TextField("ce qui fonde la phase et les dates", blank=True)
    phase_source = models.ForeignKey(
        Source, models.PROTECT, verbose_name="source de la phase", null=True, blank=True, related_name="+"
    )
    posture = models.ForeignKey(
        Posture, models.PROTECT, verbose_name="posture", null=True, blank=True, related_name="roles_held"
    )

    objects: ClassVar = RoleHeldQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = "rôle tenu"
        verbose_name_plural = "rôles tenus"
        constraints = [
            models.CheckConstraint(name="role_ends_after_it_starts", condition=Q(to_year__gte=F("from_year"))),
            models.CheckConstraint(name="role_phase_on_some_ground", condition=Q(phase="") | ~Q(phase_basis="")),
        ]
        indexes = [models.Index("role", "posture", "phase", "experience", name="role_held_by_role")]

    def __str__(self):
        return f"{self.role_id} : {self.holder}"

    @property
    def period_text(self):
        if self.from_year is None:
            return "Date non connue" if self.to_year is None else f"Au plus tard en {self.to_year}"
        if self.to_year is None:
            return f"À partir de {self.from_year}, fin non dite"
        return f"En {self.from_year}" if self.from_year == self.to_year else f"De {self.from_year} à {self.to_year}"


class Result(Fact):
    """A figure that the project reached, with its unit, its year where known, and its source."""

    label = models.CharField("libellé", max_length=150)
    value = models.DecimalField("valeur", max_digits=16, decimal_places=3, null=True, blank=True)
    value_text = models.CharField(
        "valeur en toutes lettres",
        max_length=40,
        blank=True,
        help_text="Pour ce qui n’est pas un nombre : « 50 à 300 ».",
    )
    qualifier = models.CharField(
        "précision",
        max_length=20,
        blank=True,
        db_default="",
        help_text="Ce qui se dit avant le nombre : « environ », « plus de ».",
    )
    unit = models.CharField("unité", max_length=60, blank=True)
    year = models.PositiveSmallIntegerField(
        "année", null=True, blank=True, validators=YEAR_RANGE, help_text="Vide : date non précisée."
    )

    class Meta(Fact.Meta):
        verbose_name = "résultat"
        verbose_name_plural = "résultats"
        constraints = [
            models.CheckConstraint(
                name="result_is_a_number_or_words",
                condition=Q(value__isnull=False, value_text="") | (Q(value__isnull=True) & ~Q(value_text="")),
            )
        ]

    def __str__(self):
        return self.label

    @property
    def figure(self):
        """The value as people read it: « 12 000 », « 1,5 » or the words that stand for a number."""
        return self.value_text if self.value is None else french.number(self.value)

    @property
    def shown_unit(self):
        """The unit, unless the label already begins with it: « 70 agents », not « 70 agents, agents »."""
        said = self.label.lower()
        is_said = said.startswith((self.unit.lower(), SPELLED_OUT.get(self.unit, self.unit).lower()))
        return "" if is_said else self.unit

    @property
    def has_sign(self):
        """Whether the unit is a sign, which never leaves its number."""
        return self.unit.startswith(("%", "€"))

    @property
    def year_text(self):
        """« en 2018 », unless the label already says the year."""
        if self.year is None:
            return "date non précisée"
        return "" if str(self.year) in self.label else f"en {self.year}"


class Difficulty(Fact):
    """What failed, what was given up, what it cost."""

    experience = models.ForeignKey("experiences.Experience", models.CASCADE, related_name="difficulties")
    text = models.TextField("difficulté")

    class Meta(Fact.Meta):
        verbose_name = "difficulté"
        verbose_name_plural = "difficultés"

    def __str__(self):
        return self.text


class MoneyLine(models.Model):
    """A line of the economic model: what came in or was spent, from whom, when."""

    class Kind(models.TextChoices):
        INVESTMENT = "investissement", "Investissement"
        INCOME = "recette", "Recette"
        EXPENSE = "depense", "Dépense"
        PUBLIC_AID = "aide-publique", "Aide publique"
        CAPITAL = "capital", "Capital"

    experience = models.ForeignKey("experiences.Experience", models.CASCADE, related_name="money_lines")
    position = models.PositiveSmallIntegerField("ordre")
    kind = models.CharField("nature", max_length=20, choices=Kind.choices)
    label = models.CharField("libellé", max_length=150)
    amount = models.DecimalField("montant en euros", max_digits=14, decimal_places=2)
    year = models.PositiveSmallIntegerField("année", null=True, blank=True, validators=YEAR_RANGE)
    source = models.ForeignKey(Source, models.PROTECT, verbose_name="source", related_name="+")

    class Meta:
        verbose_name = "ligne financière"
        verbose_name_plural = "lignes financières"
        ordering = ["position"]

    def __str__(self):
        return self.label


class Condition(models.Model):
    """What had to be there for the project to emerge, grow, scale, or be taken up elsewhere: our reading."""

    experience = models.ForeignKey("experiences.Experience", models.CASCADE, related_name="conditions")
    kind = models.CharField("moment", max_length=20, choices=ConditionKind.choices)
    position = models.PositiveSmallIntegerField("ordre")
    text = models.TextField("condition")

    class Meta:
        verbose_name = "condition"
        verbose_name_plural = "conditions"
        ordering = ["position"]
        indexes = [models.Index("kind", "experience", name="condition_by_kind")]

    def __str__(self):
        return self.text


class Quote(models.Model):
    """Words of somebody of the project, quoted as the source gives them."""

    experience = models.ForeignKey("experiences.Experience", models.CASCADE, related_name="quotes")
    position = models.PositiveSmallIntegerField("ordre")
    text = models.TextField("citation")
    speaker = models.CharField("auteur de la parole", max_length=150, blank=True)
    source = models.ForeignKey(Source, models.PROTECT, verbose_name="source", related_name="+")

    class Meta:
        verbose_name = "témoignage"
        verbose_name_plural = "témoignages"
        ordering = ["position"]

    def __str__(self):
        return self.text


class Video(models.Model):
    """A film about the project, hosted elsewhere and never embedded: no third party is called from our pages."""

    experience = models.ForeignKey("experiences.Experience", models.CASCADE, related_name="videos")
    position = models.PositiveSmallIntegerField("ordre")
    title = models.CharField("titre", max_length=150)
    url = models.URLField("adresse", max_length=500)
    transcript = models.TextField("transcription", blank=True)

    class Meta:
        verbose_name = "vidéo"
        verbose_name_plural = "vidéos"
        ordering = ["position"]

    def __str__(self):
        return self.title


class Image(models.Model):
    experience = models.ForeignKey("experiences.Experience", models.CASCADE, related_name="images")
    position = models.PositiveSmallIntegerField("ordre")
    file = models.ImageField(
        "fichier",
        upload_to="experiences/",
        width_field="width",
        height_field="height",
        validators=[validate_image],
        help_text="JPEG, PNG ou WebP, dix mégaoctets au plus.",
    )
    width = models.PositiveIntegerField("largeur", editable=False)
    height = models.PositiveIntegerField("hauteur", editable=False)
    alternative_text = models.CharField("texte de remplacement", max_length=250)
    credit = models.CharField("crédit", max_length=150)
    licence = models.CharField("licence", max_length=80)

    class Meta:
        verbose_name = "image"
        verbose_name_plural = "images"
        ordering = ["position"]

    def __str__(self):
        return self.alternative_text
