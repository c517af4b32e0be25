"""The questionnaires of the positioning: versions of questions, what answers weigh, how often they were given."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from .taxonomy import PostureKey, RoleKey

MOST_POINTS = 5

MOST_OPTIONS = 20
"""Of a question: a signed address has a letter for each."""

DONT_KNOW = "ne-sait-pas"
"""The answer that every question has besides its own, and that gives no points."""


class VersionState(models.TextChoices):
    DRAFT = "brouillon", "Brouillon"
    PUBLISHED = "publiee", "Publiée"
    RETIRED = "retiree", "Retirée"


class Origin(models.TextChoices):
    FOUNDING_DOCUMENT = "document-de-depart", "Document de départ"
    ADDED = "ajoutee", "Ajoutée par le portail"


class QuestionnaireQuerySet(models.QuerySet["Questionnaire"]):
    def whole(self):
        """With the questions and their answers, in three statements."""
        return self.prefetch_related("questions__options")

    def current(self):
        """The version that visitors are asked, whole; None while there is none."""
        return self.whole().filter(state=VersionState.PUBLISHED).first()

    def answerable(self):
        """Those whose results are read: the current version and those that were before it."""
        return self.exclude(state=VersionState.DRAFT)


class Questionnaire(models.Model):
    """A version of the positioning. Published once, or answered once, it is never changed: it is copied.

    The database holds it, against any writer: see the triggers of the migration `questionnaires_are_kept`.
    """

    number = models.PositiveSmallIntegerField("version", unique=True)
    state = models.CharField("état", max_length=10, choices=VersionState, default=VersionState.DRAFT)
    title = models.CharField("titre", max_length=160)
    intro = models.TextField("introduction", blank=True, help_text="Montrée avant la première question.")
    explanation = models.TextField(
        "comment le résultat est calculé",
        blank=True,
        help_text="Montré sous le résultat\u00a0: il dit l’écart ci-dessous.",
    )
    source = models.TextField("source", blank=True, help_text="D’où viennent les questions du document de départ.")
    margin = models.PositiveSmallIntegerField(
        "écart, en points",
        default=10,
        validators=[MaxValueValidator(50)],
        help_text="À moins de ce nombre de points d’écart, les deux premières postures sont affichées.",
    )
    unsure_one_in = models.PositiveSmallIntegerField(
        "part de «\u00a0ne sait pas\u00a0» admise\u00a0: une réponse sur…",
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text="Au-delà d’une réponse sur trois, par exemple, le résultat n’est pas fiable et ne conclut pas.",
    )
    created_at = models.DateTimeField("créée le", auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name="créée par",
        null=True,
        editable=False,
        related_name="+",
    )
    published_at = models.DateTimeField("publiée le", null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name="publiée par",
        null=True,
        editable=False,
        related_name="+",
    )

    history = HistoricalRecords()
    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        verbose_name = "version du questionnaire"
        verbose_name_plural = "questionnaire de positionnement"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state=VersionState.PUBLISHED),
                name="questionnaire_one_current_version",
                violation_error_message="Une autre version est publiée\u00a0: retirez-la d’abord.",
            ),
            models.CheckConstraint(
                condition=Q(state=VersionState.DRAFT, published_at=None)
                | (~Q(state=VersionState.DRAFT) & Q(published_at__isnull=False)),
                name="questionnaire_published_since_a_date",
            ),
            models.CheckConstraint(condition=Q(unsure_one_in__gte=1), name="questionnaire_unsure_one_in_some"),
        ]

    def __str__(self):
        return f"version {self.number}"

    @property
    def is_draft(self):
        return self.state == VersionState.DRAFT

    @property
    def short(self):
        """The questions that are asked first, and tell a posture by themselves."""
        return [question for question in self.questions.all() if question.is_short]


class Question(models.Model):
    """Its experience is known by slug alone: this app knows no content app."""

    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, verbose_name="version", related_name="questions")
    key = models.SlugField("clé", max_length=20, help_text="Gardée d’une version à l’autre\u00a0: q1, q2…")
    position = models.PositiveSmallIntegerField("ordre")
    is_short = models.BooleanField(
        "dans le questionnaire court", default=False, help_text="Les premières questions, qui donnent une posture."
    )
    text = models.CharField("question", max_length=250)
    context = models.TextField("contexte", blank=True, help_text="Une phrase sous la question.")
    help = models.TextField("aide", blank=True, help_text="«\u00a0Pourquoi cette question\u00a0?\u00a0»")
    origin = models.CharField("origine", max_length=20, choices=Origin, default=Origin.ADDED)
    experience_slug = models.SlugField(
        "expérience liée", max_length=80, blank=True, help_text="La fin de l’adresse de sa fiche."
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "question"
        verbose_name_plural = "questions"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["questionnaire", "key"],
                name="question_key_once_a_version",
                violation_error_message="Une autre question de cette version a cette clé.",
            )
        ]

    def __str__(self):
        return f"{self.key}. {self.text}"


def points(dimension):
    return models.PositiveSmallIntegerField(
        dimension.label, default=0, db_default=0, validators=[MaxValueValidator(MOST_POINTS)]
    )


class Option(models.Model):
    """An answer to a question, and the points it gives: one field for each posture and each role, named by its key."""

    question = models.ForeignKey(Question, models.CASCADE, verbose_name="question", related_name="options")
    key = models.SlugField("clé", max_length=20, help_text="Gardée d’une version à l’autre\u00a0: a, b, c…")
    position = models.PositiveSmallIntegerField("ordre")
    text = models.CharField("réponse", max_length=250)
    feedback = models.TextField("retour", help_text="Ce que l’on dit à qui a choisi cette réponse.")
    dominante = points(PostureKey.DOMINANT)
    facilitatrice = points(PostureKey.FACILITATING)
    coproduction = points(PostureKey.COPRODUCTION)
    financeur = points(RoleKey.FUNDER)
    partenaire = points(RoleKey.PARTNER)
    initiateur = points(RoleKey.INITIATOR)
    acteur = points(RoleKey.ACTOR)
    regulateur = points(RoleKey.REGULATOR)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "réponse proposée"
        verbose_name_plural = "réponses proposées"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "key"],
                name="option_key_once_a_question",
                violation_error_message="Une autre réponse de cette question a cette clé.",
            ),
            models.CheckConstraint(
                condition=~Q(key=DONT_KNOW),
                name="option_is_not_dont_know",
                violation_error_message="La réponse «\u00a0Je ne sais pas\u00a0» est déjà proposée partout.",
            ),
        ]

    def __str__(self):
        return f"{self.key}. {self.text}"

    @property
    def weights(self):
        return {key: getattr(self, key) for key in (*PostureKey.values, *RoleKey.values)}


class AnswerCount(models.Model):
    """How many times an answer was given in a month, all visitors together."""

    question = models.ForeignKey(Question, models.PROTECT, verbose_name="question", related_name="counts")
    option = models.ForeignKey(
        Option,
        models.PROTECT,
        verbose_name="réponse",
        null=True,
        blank=True,
        related_name="counts",
        help_text="Vide\u00a0: «\u00a0ne sait pas\u00a0».",
    )
    month = models.DateField("mois", help_text="Son premier jour.")
    count = models.PositiveIntegerField("nombre")
    settled = models.PositiveIntegerField(
        "nombre montré",
        default=0,
        db_default=0,
        help_text="Ce que les visiteurs en voient : il suit le nombre la nuit, par dix réponses au moins.",
    )

    class Meta:
        verbose_name = "compteur de réponses"
        verbose_name_plural = "compteurs de réponses"
        constraints = [
            models.UniqueConstraint(
                fields=["question", "option", "month"], nulls_distinct=False, name="answer_count_once_a_month"
            )
        ]

    def __str__(self):
        return f"{self.option_id or '?'} : {self.count}"


class CountedAnswer(models.Model):
    """A mark that says « this answer is counted already », and neither whose it is nor what it was."""

    digest = models.CharField("empreinte", max_length=64, primary_key=True)
    forget_on = models.DateField("à oublier le")

    class Meta:
        verbose_name = "réponse déjà comptée"
        verbose_name_plural = "réponses déjà comptées"
        indexes = [models.Index(fields=["forget_on"], name="counted_answer_by_end")]

    def __str__(self):
        return self.digest[:8]
