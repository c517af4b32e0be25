"""The closed lists under which experiences are filed, and the states of their life."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from roles.models import Phase

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
