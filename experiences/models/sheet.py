"""The sheet of an experience: what identifies it, what it tells, and who may read it."""

from collections import Counter, defaultdict

from django.conf import settings
from django.db import models
from django.db.models import F, Prefetch, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from roles.models import Argument, Posture, Role, RoleKey
from territories.models import Collectivity, Kind

from .facts import (
    Difficulty,
    FiledTheme,
    Illustration,
    Location,
    MoneyLine,
    Quote,
    Result,
    RoleHeld,
    Step,
)
from .lists import (
    LISTED_STATES,
    PUBLIC_STATES,
    YEAR_RANGE,
    ConditionKind,
    LegalForm,
    PolicyIssue,
    ProjectStatus,
    Scale,
    State,
    Theme,
    texts,
)

PITCH_LENGTH = 300  # product rule: a pitch is read at a glance


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

    def for_list(self):
        """With what a card shows, in a number of queries that does not grow with the rows."""
        return self.prefetch_related(
            Prefetch("filings", FiledTheme.objects.select_related("theme")),
            Prefetch("locations", Location.objects.for_display()),
            Prefetch("roles_held", RoleHeld.objects.filter(is_to_check=False).only("experience_id", "role_id")),
        )

    def for_sheet(self):
        """With every block of the sheet; facts still to be checked are left out."""
        sheets = self.select_related("legal_form", "posture", "bearer")
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
    keywords = texts(
        "autres mots pour la trouver",
        db_default=[],
        help_text="Les mots de tous les jours, un par ligne\u00a0: montrés nulle part, ils servent à la recherche.",
    )
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
    facts_text = models.TextField(
        "faits de la fiche",
        blank=True,
        db_default="",
        help_text="Un fait par ligne, tenu par l’application pour comparer les versions.",
    )
    is_generated = models.BooleanField(
        "inventée pour essayer le portail", default=False, db_default=False, editable=False
    )
    created_at = models.DateTimeField("créée le", auto_now_add=True)
    updated_at = models.DateTimeField("modifiée le", auto_now=True)

    objects = ExperienceQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["is_generated", "updated_at"], m2m_fields=[policy_issues])

    class Meta:
        verbose_name = "expérience"
        verbose_name_plural = "expériences"
        ordering = ["-is_in_founding_document", "-first_published_on", "slug"]
        indexes = [
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
        theirs = [commune.departement for commune in self.communes if commune.departement]
        return list(dict.fromkeys(theirs + covered))

    @property
    def regions(self):
        places = [place.collectivity for place in self.locations.all()]
        return list(dict.fromkeys(place.region for place in places if place.region))

    @property
    def main_place(self):
        """The collectivity that the sheet is about: who carries the project, else where it takes place first."""
        return self.bearer or next((place.collectivity for place in self.locations.all()), None)

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
