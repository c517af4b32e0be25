"""The base of experiences: what was tried, who held which role, what it gave, and where each fact comes from."""

from collections import Counter, defaultdict
from datetime import date
from typing import ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Prefetch, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.formats import date_format
from simple_history.models import HistoricalRecords

from roles.models import Argument, Phase, Posture, Role, RoleKey
from territories.models import Collectivity, Kind
from typography import french

PITCH_LENGTH = 300  # product rule: a pitch is read at a glance
YEAR_RANGE = [MinValueValidator(1700), MaxValueValidator(2100)]


class State(models.TextChoices):
    """The life of a sheet, from the proposal to the archive."""

    PROPOSED = "proposee", "Proposée"
    WRITING = "en-redaction", "En rédaction"
    TO_REREAD = "a-relire", "À relire"
    TO_VALIDATE = "a-valider", "À valider"
    PUBLISHED = "publiee", "Publiée"
    TO_REVISE = "a-reviser", "À réviser"
    ARCHIVED = "archivee", "Archivée"
    REFUSED = "refusee", "Refusée"


LISTED_STATES = [State.PUBLISHED, State.TO_REVISE]
PUBLIC_STATES = [*LISTED_STATES, State.ARCHIVED]


class ProjectStatus(models.TextChoices):
    """What became of the project; empty where no source says it."""

    ONGOING = "en-cours", "En cours"
    TRANSFORMED = "transformee", "Transformée"
    ENDED = "terminee", "Terminée"


class Scale(models.TextChoices):
    """The scale at which the project acts, which is not always that of a collectivity."""

    COMMUNE = "commune", "Commune"
    NEW_COMMUNE = "commune-nouvelle", "Commune nouvelle"
    CC = "cc", "Communauté de communes"
    CA = "ca", "Communauté d’agglomération"
    GROUP_OF_CC = "groupement-de-cc", "Groupement de communautés de communes"
    LIVING_AREA = "bassin-de-vie", "Bassin de vie"
    PNR = "pnr", "Parc naturel régional"
    SYNDICATE = "syndicat", "Syndicat"
    DEPARTEMENT = "departement", "Département"


class ConditionKind(models.TextChoices):
    """When a condition weighs: in a phase of the project, or when another place takes it up."""

    EMERGENCE = Phase.EMERGENCE.value, "Pour émerger"
    DEVELOPMENT = Phase.DEVELOPMENT.value, "Pour se développer"
    SCALING = Phase.SCALING.value, "Pour changer d’échelle"
    TRANSFERABILITY = "transferabilite", "Pour être repris ailleurs"


def texts(verbose_name, **options):
    """A list of short sentences, each a bullet of its own."""
    return ArrayField(models.TextField(), verbose_name=verbose_name, default=list, blank=True, **options)


class Label(models.Model):
    """An entry of a closed list under which experiences are filed."""

    key = models.SlugField("clé", max_length=40, primary_key=True)
    label = models.CharField("libellé", max_length=120)
    position = models.PositiveSmallIntegerField("ordre")

    class Meta:
        abstract = True
        ordering = ["position"]

    def __str__(self):
        return self.label


class ThemeQuerySet(models.QuerySet["Theme"]):
    def with_listed_count(self):
        """The themes that have experiences to show, each with how many."""
        count = models.Count("experiences", filter=Q(experiences__state__in=LISTED_STATES))
        return self.annotate(listed_count=count).filter(listed_count__gt=0).order_by("-listed_count", "position")


class Theme(Label):
    objects = ThemeQuerySet.as_manager()

    class Meta(Label.Meta):
        verbose_name = "thème"
        verbose_name_plural = "thèmes"


class PolicyIssue(Label):
    rule = models.TextField("règle de classement")

    class Meta(Label.Meta):
        verbose_name = "enjeu de politique publique"
        verbose_name_plural = "enjeux de politique publique"


class LegalForm(Label):
    rule = models.TextField("règle de classement")

    class Meta(Label.Meta):
        verbose_name = "forme juridique"
        verbose_name_plural = "formes juridiques"


class ExperienceQuerySet(models.QuerySet["Experience"]):
    def public(self):
        """The one rule of what everybody may read; lists, pickers, feeds and exports all ask it."""
        return self.filter(state__in=PUBLIC_STATES)

    def listed(self):
        """What lists and searches show by default: the archives are left out."""
        return self.filter(state__in=LISTED_STATES)

    def visible_to(self, user):
        """What this person may open; reading drafts comes with the rights of curators."""
        return self.public()

    def illustrating(self, argument_key):
        """The experience that the founding document itself gives for this argument."""
        return self.filter(illustrations__argument=argument_key, illustrations__is_founding_example=True)

    def count_by_departement(self):
        """How many of these each département has, by its code; one that spans two counts in both."""
        return dict(
            Location.objects.with_departement()
            .filter(experience__in=self.order_by().values("pk"))
            .order_by()
            .values_list("departement_code")
            .annotate(models.Count("experience", distinct=True))
        )

    def for_list(self):
        """With what a card shows, in a number of queries that does not grow with the rows."""
        return self.defer("search_vector").prefetch_related(
            Prefetch("filings", FiledTheme.objects.select_related("theme")),
            Prefetch("locations", Location.objects.for_display()),
            Prefetch("roles_held", RoleHeld.objects.filter(is_to_check=False).only("experience_id", "role_id")),
        )

    def for_sheet(self):
        """With every block of the sheet; facts still to be checked are left out."""
        sheets = self.defer("search_vector").select_related("legal_form", "posture", "bearer")
        return sheets.prefetch_related(
            "policy_issues",
            "conditions",
            "sources",
            "videos",
            "images",
            Prefetch("money_lines", MoneyLine.objects.select_related("source")),
            Prefetch("filings", FiledTheme.objects.select_related("theme")),
            Prefetch("locations", Location.objects.for_display()),
            Prefetch("illustrations", Illustration.objects.select_related("argument")),
            Prefetch("roles_held", RoleHeld.objects.shown().in_canonical_order()),
            Prefetch("steps", Step.objects.shown()),
            Prefetch("results", Result.objects.shown()),
            Prefetch("difficulties", Difficulty.objects.shown()),
            Prefetch("quotes", Quote.objects.select_related("source")),
        )


class Experience(models.Model):
    """A territorial experience, as its sheet tells it."""

    slug = models.SlugField("adresse", max_length=80, unique=True)
    title = models.CharField("titre", max_length=160, help_text="Une phrase qui dit l’essentiel.")
    pitch = models.TextField("résumé", max_length=PITCH_LENGTH)
    state = models.CharField("état", max_length=20, choices=State.choices, default=State.PROPOSED)
    refusal_reason = models.TextField("motif du refus", blank=True)
    revision_reason = models.TextField("raison de la révision", blank=True)

    organisations = models.CharField("structure", max_length=200)
    legal_form = models.ForeignKey(
        LegalForm, models.PROTECT, verbose_name="forme juridique", null=True, blank=True, related_name="experiences"
    )
    legal_form_text = models.CharField("forme juridique, dans ses mots", max_length=120, blank=True)

    bearer = models.ForeignKey(
        Collectivity,
        models.PROTECT,
        verbose_name="collectivité porteuse",
        null=True,
        blank=True,
        related_name="experiences_borne",
    )
    collectivities = models.ManyToManyField(
        Collectivity, through="Location", verbose_name="territoires concernés", related_name="experiences"
    )
    scale = models.CharField("échelle d’action", max_length=20, choices=Scale.choices)
    population = models.PositiveIntegerField(
        "population", null=True, blank=True, help_text="Celle du territoire à la date du projet, figée."
    )
    population_year = models.PositiveSmallIntegerField("année de cette population", null=True, blank=True)

    need = models.TextField("besoin", blank=True)
    context = models.TextField("contexte", blank=True)
    starting_event = models.TextField("événement déclencheur", blank=True)
    resources = texts("ressources du territoire mises en valeur")

    posture = models.ForeignKey(
        Posture,
        models.PROTECT,
        verbose_name="posture d’ensemble",
        null=True,
        blank=True,
        related_name="experiences",
        help_text="Vide lorsque les sources ne permettent pas de conclure.",
    )
    posture_basis = models.TextField("ce qui fonde la posture", blank=True)
    governance = models.TextField("gouvernance", blank=True)
    economic_model = models.TextField("modèle économique", blank=True)
    lessons = texts("leçons")
    first_steps = texts("premiers pas", help_text="Notre lecture : par où commencer dans une autre collectivité.")

    themes = models.ManyToManyField(Theme, through="FiledTheme", verbose_name="thèmes", related_name="experiences")
    policy_issues = models.ManyToManyField(
        PolicyIssue, verbose_name="enjeux de politique publique", related_name="experiences", blank=True
    )
    policy_issue_texts = texts("enjeux, dans les mots de l’expérience")
    arguments = models.ManyToManyField(
        Argument, through="Illustration", verbose_name="arguments illustrés", related_name="experiences"
    )
    is_in_founding_document = models.BooleanField("citée dans le document de départ", default=False)

    started_year = models.PositiveSmallIntegerField(
        "début du projet", null=True, blank=True, validators=YEAR_RANGE, help_text="Vide : non dit."
    )
    ended_year = models.PositiveSmallIntegerField(
        "fin du projet", null=True, blank=True, validators=YEAR_RANGE, help_text="Vide : non dit."
    )
    project_status = models.CharField("situation du projet", max_length=20, choices=ProjectStatus.choices, blank=True)

    first_published_on = models.DateField("première publication", null=True, blank=True)
    last_checked_on = models.DateField("dernière relecture par une personne", null=True, blank=True)
    last_checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name="relue par",
        null=True,
        blank=True,
        related_name="+",
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name="donnée à relire par",
        null=True,
        blank=True,
        related_name="+",
        help_text="Quelqu’un d’autre valide et publie.",
    )
    next_check_on = models.DateField("prochaine relecture", null=True, blank=True)
    search_vector = SearchVectorField("mots de la recherche", null=True, editable=False)
    created_at = models.DateTimeField("créée le", auto_now_add=True)
    updated_at = models.DateTimeField("modifiée le", auto_now=True)

    objects = ExperienceQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["search_vector", "updated_at"], m2m_fields=[policy_issues])

    class Meta:
        verbose_name = "expérience"
        verbose_name_plural = "expériences"
        ordering = ["-is_in_founding_document", "-first_published_on", "slug"]
        indexes = [
            GinIndex("search_vector", name="experience_words"),
            models.Index(
                F("is_in_founding_document").desc(),
                F("first_published_on").desc(),
                "slug",
                name="experience_default_order",
                condition=Q(state__in=LISTED_STATES),
            ),
            models.Index("started_year", "slug", name="experience_by_start", condition=Q(state__in=LISTED_STATES)),
        ]
        constraints = [
            models.CheckConstraint(
                name="experience_ends_after_it_starts", condition=Q(ended_year__gte=F("started_year"))
            ),
            models.CheckConstraint(
                name="experience_refused_with_a_reason", condition=~Q(state=State.REFUSED) | ~Q(refusal_reason="")
            ),
            models.CheckConstraint(
                name="experience_public_with_a_date",
                condition=~Q(state__in=PUBLIC_STATES) | Q(first_published_on__isnull=False),
            ),
            models.CheckConstraint(
                name="experience_population_with_its_year",
                condition=Q(population__isnull=True) | Q(population_year__isnull=False),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("experiences:detail", args=[self.slug])

    @property
    def main_theme(self):
        return next((filing.theme for filing in self.filings.all()), None)

    @property
    def communes(self):
        return [place.collectivity for place in self.locations.all() if place.collectivity.kind == Kind.COMMUNE]

    @property
    def intercommunalities(self):
        return [
            place.collectivity for place in self.locations.all() if place.collectivity.kind == Kind.INTERCOMMUNALITY
        ]

    @property
    def departements(self):
        """Those of its communes or those that it covers, each once, in the order of the places."""
        places = [place.collectivity for place in self.locations.all()]
        covered = [place for place in places if place.kind == Kind.DEPARTEMENT]
        return list(dict.fromkeys([commune.departement for commune in self.communes] + covered))

    @property
    def regions(self):
        places = [place.collectivity for place in self.locations.all()]
        return list(dict.fromkeys(place.region for place in places if place.region))

    @property
    def place_name(self):
        """What the card is headed with: the commune when there is only one, else who carries the project."""
        return self.communes[0].name if len(self.communes) == 1 else self.organisations

    @property
    def period_text(self):
        """When it took place; « depuis » is said only of a project that a source says is still going on."""
        if not self.started_year:
            return "Date de début non précisée"
        if self.ended_year:
            return f"De {self.started_year} à {self.ended_year}"
        return f"{'Depuis' if self.project_status == ProjectStatus.ONGOING else 'Début en'} {self.started_year}"

    @property
    def steps_with_roles(self):
        """Each step with the roles that begin in its year, unless two steps share the year: no source says which."""
        steps = self.steps.all()
        many = {year for year, number in Counter(step.year for step in steps).items() if number > 1}
        begun: defaultdict[int | None, list[Role]] = defaultdict(list)
        for held in self.roles_held.all():
            if held.from_year not in many and held.role not in begun[held.from_year]:
                begun[held.from_year].append(held.role)
        return [(step, begun[step.year]) for step in steps]

    @property
    def conditions_by_moment(self):
        """The conditions under the name of their moment, in the order of a project's life."""
        conditions = self.conditions.all()
        moments = [(kind.label, [row for row in conditions if row.kind == kind]) for kind in ConditionKind]
        return [(label, rows) for label, rows in moments if rows]

    @property
    def role_keys(self):
        """The roles held, each once, in the canonical order."""
        held = {role.role_id for role in self.roles_held.all()}
        return [key for key in RoleKey if key in held]


class FiledTheme(models.Model):
    """An experience under a theme; the first one gives its colour to the card."""

    experience = models.ForeignKey(Experience, models.CASCADE, related_name="filings")
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

    experience = models.ForeignKey(Experience, models.CASCADE, related_name="locations")
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

    experience = models.ForeignKey(Experience, models.CASCADE, related_name="illustrations")
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


class Source(models.Model):
    """Where facts of a sheet come from; numbered on the page in the order of the list."""

    experience = models.ForeignKey(Experience, models.CASCADE, related_name="sources")
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
        """Its title, or the site that published it where only the address is known."""
        return self.title or (urlsplit(self.url).hostname or self.url).removeprefix("www.")


class FactQuerySet(models.QuerySet):
    def shown(self):
        """Facts that rest on something read; the others are kept for the curators."""
        return self.filter(is_to_check=False).select_related("source")


class Fact(models.Model):
    """A dated, counted or attributed statement, with its source."""

    experience = models.ForeignKey(Experience, models.CASCADE, related_name="%(class)ss")
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

    experience = models.ForeignKey(Experience, models.CASCADE, related_name="roles_held")
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
        return "" if self.label.startswith(self.unit) else self.unit

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

    experience = models.ForeignKey(Experience, models.CASCADE, related_name="difficulties")
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

    experience = models.ForeignKey(Experience, models.CASCADE, related_name="money_lines")
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

    experience = models.ForeignKey(Experience, models.CASCADE, related_name="conditions")
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

    experience = models.ForeignKey(Experience, models.CASCADE, related_name="quotes")
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

    experience = models.ForeignKey(Experience, models.CASCADE, related_name="videos")
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
    experience = models.ForeignKey(Experience, models.CASCADE, related_name="images")
    position = models.PositiveSmallIntegerField("ordre")
    file = models.ImageField("fichier", upload_to="experiences/", width_field="width", height_field="height")
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
