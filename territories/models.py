import re

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse


class Kind(models.TextChoices):
    """What a collectivity is; the value is the word of its key and, for the kinds that have one, of its address."""

    COMMUNE = "commune", "commune"
    DELEGATED = "deleguee", "commune déléguée"
    ASSOCIATED = "associee", "commune associée"
    MUNICIPAL_DISTRICT = "arrondissement", "arrondissement municipal"
    INTERCOMMUNALITY = "intercommunalite", "intercommunalité"
    PETR = "petr", "pôle d’équilibre territorial et rural"
    PAYS = "pays", "pays"
    PARK = "pnr", "parc naturel régional"
    DEPARTEMENT = "departement", "département"
    REGION = "region", "région"
    OVERSEAS = "outremer", "collectivité d’outre-mer"


# A place inside a commune, which keeps a name and a code of its own.
PARTS_OF_A_COMMUNE = [Kind.DELEGATED, Kind.ASSOCIATED, Kind.MUNICIPAL_DISTRICT]
PROJECT_TERRITORIES = [Kind.PETR, Kind.PAYS, Kind.PARK]


# The word of the address; communes and intercommunalités have none.
ADDRESSES = {
    **{kind: kind.value for kind in (*PARTS_OF_A_COMMUNE, Kind.DEPARTEMENT, Kind.REGION)},
    Kind.OVERSEAS: Kind.DEPARTEMENT.value,
    **dict.fromkeys(PROJECT_TERRITORIES, "projet"),
}


class Nature(models.TextChoices):
    """The legal form of an intercommunalité."""

    CC = "CC", "communauté de communes"
    CA = "CA", "communauté d’agglomération"
    CU = "CU", "communauté urbaine"
    METROPOLE = "METRO", "métropole"
    LYON = "MET69", "métropole de Lyon"


class CollectivityQuerySet(models.QuerySet):
    def communes(self):
        return self.filter(kind=Kind.COMMUNE)

    def intercommunalities(self):
        return self.filter(kind=Kind.INTERCOMMUNALITY)

    def departements(self):
        """Départements, and the overseas collectivities that stand for one."""
        return self.filter(kind__in=[Kind.DEPARTEMENT, Kind.OVERSEAS])

    def regions(self):
        return self.filter(kind=Kind.REGION)

    def project_territories(self):
        return self.filter(kind__in=PROJECT_TERRITORIES)

    def current(self):
        """Those that still exist in the newest reference loaded."""
        return self.filter(ended_in=None)

    def in_departement(self, departement):
        """What lies in a département, wholly or, for an intercommunalité, by one member at least."""
        members = Collectivity.objects.filter(intercommunality=OuterRef("pk"), departement=departement)
        return self.filter(Q(departement=departement) | Q(kind=Kind.INTERCOMMUNALITY) & Exists(members))

    def in_intercommunality(self, intercommunality):
        """Its member communes and what lies inside them, in whichever département."""
        return self.filter(Q(intercommunality=intercommunality) | Q(parent__intercommunality=intercommunality))

    def once_coded(self, code):
        """The communes of today that took in the place that had this code."""
        return self.filter(former_codes__contains=[code])

    def for_list(self):
        return self.select_related("departement", "parent")

    def in_order(self):
        """As a French directory does: accents, capitals and a leading article do not count."""
        return self.order_by("sort_name", "departement__code", "code", "kind")


class Collectivity(models.Model):
    """A public body that can ask, carry or support. Rows of the reference come from `load_territories`."""

    kind = models.CharField("type", max_length=16, choices=Kind)
    code = models.CharField("code", max_length=9, help_text="Code de l’Insee, ou numéro Siren d’un groupement.")
    key = models.GeneratedField(
        expression=Concat(F("kind"), Value(":"), F("code")),
        output_field=models.CharField(max_length=26),
        db_persist=True,
        unique=True,
        verbose_name="clé",
    )
    name = models.CharField("nom", max_length=200)
    sort_name = models.GeneratedField(
        expression=Func(F("name"), function="territories_sort_name"),
        output_field=models.CharField(max_length=250, db_collation="C"),
        db_persist=True,
        verbose_name="nom pour le classement",
    )
    search_name = models.GeneratedField(
        expression=Func(F("name"), function="territories_search_name"),
        output_field=models.CharField(max_length=250, db_collation="C"),
        db_persist=True,
        verbose_name="nom pour la recherche",
    )
    nature = models.CharField("forme juridique", max_length=5, choices=Nature, blank=True)
    siren = models.CharField("numéro Siren", max_length=9, blank=True)
    population = models.PositiveIntegerField("population municipale", null=True, blank=True)
    postal_codes = ArrayField(models.CharField(max_length=5), verbose_name="codes postaux", default=list, blank=True)
    is_new_commune = models.BooleanField("commune nouvelle", default=False)

    departement = models.ForeignKey(
        "self",
        verbose_name="département",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Pour une intercommunalité, celui où vivent le plus de ses habitants.",
    )
    region = models.ForeignKey(
        "self", verbose_name="région", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    intercommunality = models.ForeignKey(
        "self",
        verbose_name="intercommunalité",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
    )
    parent = models.ForeignKey(
        "self",
        verbose_name="commune de rattachement",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
    )
    seat = models.ForeignKey(
        "self", verbose_name="chef-lieu", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    vintage = models.PositiveSmallIntegerField(
        "millésime",
        null=True,
        blank=True,
        help_text="Dernier millésime de la référence où elle figure ; vide si elle a été saisie à la main.",
    )
    ended_in = models.PositiveSmallIntegerField(
        "absente depuis", null=True, blank=True, help_text="Premier millésime où elle ne figure plus."
    )
    successor = models.ForeignKey(
        "self",
        verbose_name="successeur",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
    )
    former_codes = ArrayField(
        models.CharField(max_length=5),
        verbose_name="anciens codes",
        default=list,
        blank=True,
        help_text="Codes de l’Insee des communes qu’elle a réunies.",
    )

    objects = CollectivityQuerySet.as_manager()

    class Meta:
        verbose_name = "collectivité"
        verbose_name_plural = "collectivités"
        indexes = [
            models.Index(fields=["sort_name"], name="collectivity_sort_name"),
            GinIndex(fields=["postal_codes"], name="collectivity_postal_codes"),
            GinIndex(fields=["former_codes"], name="collectivity_former_codes"),
            GinIndex(fields=["search_name"], name="collectivity_search_name", opclasses=["gin_trgm_ops"]),
            GinIndex(
                Func(Cast("search_name", models.TextField()), function="territories_near"),
                name="collectivity_near_names",
            ),
            models.Index(fields=["siren"], name="collectivity_siren"),
        ]
        constraints = [
            # The code first, so that its index also serves a search by code alone.
            models.UniqueConstraint(fields=["code", "kind"], name="collectivity_code_unique_in_kind"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=["commune", "deleguee", "associee", "arrondissement"], code__regex=r"^\d[\dAB]\d{3}$"
                )
                | Q(kind__in=["intercommunalite", "petr", "pays"], code__regex=r"^\d{9}$")
                | Q(kind="departement", code__regex=r"^(\d\d|2[AB]|97\d)$")
                | Q(kind="region", code__regex=r"^\d\d$")
                | Q(kind="outremer", code__regex=r"^9[78]\d$")
                | Q(kind="pnr", code__regex=r"^[A-Z0-9]{2,9}$"),
                name="collectivity_code_fits_kind",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="collectivity_has_a_name"),
            models.CheckConstraint(
                condition=Q(siren="") | Q(siren__regex=r"^\d{9}$"), name="collectivity_siren_digits"
            ),
            models.CheckConstraint(
                condition=Q(kind="intercommunalite", nature__in=["CC", "CA", "CU", "METRO", "MET69"])
                | ~Q(kind="intercommunalite") & Q(nature=""),
                name="collectivity_nature_of_intercommunalities",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["deleguee", "associee", "arrondissement"], parent__isnull=False)
                | ~Q(kind__in=["deleguee", "associee", "arrondissement"]) & Q(parent=None),
                name="collectivity_parent_of_parts",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["deleguee", "associee"]) | Q(population=None),
                name="collectivity_parts_have_no_population",
            ),
            models.CheckConstraint(
                condition=Q(kind="commune") | Q(intercommunality=None, is_new_commune=False, former_codes=[]),
                name="collectivity_facts_of_communes",
            ),
            models.CheckConstraint(
                condition=Q(successor=None) | Q(ended_in__isnull=False) & ~Q(successor=F("pk")),
                name="collectivity_successor_of_ended",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """The pages are those of portal/, which gather what every app knows of a place."""
        if word := ADDRESSES.get(Kind(self.kind)):
            return reverse("territories:place_of_kind", args=[word, self.code])
        return reverse("territories:place", args=[self.code])

    @property
    def is_current(self):
        return self.ended_in is None

    @property
    def is_grouping(self):
        """Known by its SIREN, having no INSEE code."""
        return self.kind in (Kind.INTERCOMMUNALITY, Kind.PETR, Kind.PAYS)

    @property
    def is_overseas(self):
        """Outside Europe: its code, or that of its département, begins with 97 or 98."""
        departement = self.departement.code if self.departement else self.code
        return self.kind == Kind.OVERSEAS or departement.startswith(("97", "98"))

    @property
    def place_text(self):
        """What tells homonyms apart: « Haute-Loire (43) »."""
        return f"{self.departement.name} ({self.departement.code})" if self.departement else ""

    @property
    def kind_text(self):
        return self.get_nature_display() if self.nature else self.get_kind_display()

    @property
    def label(self):
        """The name as a field shows it once chosen, and as a search understands it: « Figeac (46) »."""
        number = self.departement.code if self.departement else self.code
        return f"{self.name} ({number})"


class ReferenceLoad(models.Model):
    """The reference as it was last loaded for a millésime: what the next load compares itself with."""

    vintage = models.PositiveSmallIntegerField("millésime", unique=True)
    checksum = models.CharField("empreinte des fichiers", max_length=64)
    loaded_at = models.DateTimeField("chargée le", auto_now=True)

    class Meta:
        verbose_name = "chargement de la référence"
        verbose_name_plural = "chargements de la référence"

    def __str__(self):
        return f"millésime {self.vintage}"


class Requirement(models.TextChoices):
    """What a rule asks of a collectivity of its kinds."""

    NONE = "aucune", "sans condition"
    POPULATION_UNDER = "moins-de", "moins de tant d’habitants"
    NEW_COMMUNE = "commune-nouvelle", "commune nouvelle"
    OVERSEAS = "outre-mer", "en outre-mer"
    AS_ITS_COMMUNE = "comme-sa-commune", "comme la commune dont elle fait partie"


# What a sentence may quote, between braces.
QUOTABLE = ("nom", "habitants", "seuil", "commune")


def check_quotes(sentence):
    unknown = sorted(set(re.findall(r"\{(.*?)\}", sentence)) - set(QUOTABLE))
    if unknown:
        known = ", ".join(f"{{{word}}}" for word in QUOTABLE)
        raise ValidationError(f"La phrase ne peut citer que {known} : {', '.join(unknown)} n’existe pas.")


class EligibilityRuleSetQuerySet(models.QuerySet):
    def active(self):
        """The rules in force, with their rows; None when a manager has put none in force."""
        return self.filter(is_active=True).prefetch_related("rules").first()


class EligibilityRuleSet(models.Model):
    """A version of who may ask the desk. A verdict names its version: write a new one rather than change an old one."""

    version = models.PositiveSmallIntegerField("version", unique=True)
    label = models.CharField("libellé", max_length=120)
    source = models.CharField("source", max_length=250)
    valid_from = models.DateField("applicable depuis", null=True, blank=True)
    is_active = models.BooleanField("en vigueur", default=False)
    refusal = models.CharField(
        "phrase de refus",
        max_length=250,
        validators=[check_quotes],
        help_text="Quand aucune règle ne parle de ce type de collectivité.",
    )

    objects = EligibilityRuleSetQuerySet.as_manager()

    class Meta:
        verbose_name = "version des règles d’accès"
        verbose_name_plural = "versions des règles d’accès"
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_active"],
                condition=Q(is_active=True),
                name="eligibility_one_active_version",
                violation_error_message="Une autre version est en vigueur : retirez-la d’abord.",
            ),
            models.CheckConstraint(
                condition=Q(is_active=False) | Q(valid_from__isnull=False),
                name="eligibility_active_since_a_date",
                violation_error_message="Une version en vigueur l’est depuis une date.",
            ),
        ]

    def __str__(self):
        return f"version {self.version}, {self.label}"


class EligibilityRule(models.Model):
    """Collectivities of some kinds are admitted, on a condition."""

    ruleset = models.ForeignKey(EligibilityRuleSet, models.CASCADE, verbose_name="version", related_name="rules")
    position = models.PositiveSmallIntegerField("ordre")
    kinds = ArrayField(models.CharField(max_length=16, choices=Kind), verbose_name="types de collectivité")
    condition = models.CharField("condition", max_length=16, choices=Requirement, default=Requirement.NONE)
    threshold = models.PositiveIntegerField("seuil", null=True, blank=True, help_text="Nombre d’habitants.")
    sentence = models.CharField(
        "phrase",
        max_length=250,
        validators=[check_quotes],
        help_text="Elle peut citer {nom}, {habitants}, {seuil} et {commune}.",
    )
    refusal = models.CharField(
        "phrase de refus",
        max_length=250,
        blank=True,
        validators=[check_quotes],
        help_text="Quand la condition n’est pas remplie, et qu’aucune autre règle ne s’applique.",
    )

    class Meta:
        verbose_name = "règle d’accès"
        verbose_name_plural = "règles d’accès"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["ruleset", "position"], name="eligibility_rule_position_once"),
            models.CheckConstraint(
                condition=Q(condition="moins-de", threshold__isnull=False)
                | ~Q(condition="moins-de") & Q(threshold=None),
                name="eligibility_threshold_with_its_condition",
                violation_error_message="Le seuil va avec la condition « moins de tant d’habitants », et elle seule.",
            ),
            models.CheckConstraint(condition=Q(kinds__len__gt=0), name="eligibility_rule_of_some_kind"),
        ]

    def __str__(self):
        return self.sentence
