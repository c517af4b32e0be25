"""The life of a version of the questionnaire: copied, published, retired; nothing else changes its state."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from . import scoring, simulation
from .models import Option, Question, Questionnaire, VersionState

COPIED = ["title", "intro", "explanation", "source", "margin", "unsure_one_in"]
COPIED_QUESTION = ["key", "position", "is_short", "text", "context", "help", "origin", "experience_slug"]
COPIED_OPTION = ["key", "position", "text", "feedback", *scoring.POSTURES, *scoring.ROLES]


CHANGED = "Cette version a changé depuis que vous l’avez lue\u00a0: rien n’est publié. Relisez-la, puis publiez."


class Refused(Exception):
    """Said to the curator as it is: one sentence or several."""

    def __init__(self, *sentences):
        super().__init__(" ".join(sentences))
        self.sentences = sentences


def hold():
    """Hold every version until the end of the transaction: what leads one of them comes after what led another."""
    return {version.pk: version for version in Questionnaire.objects.select_for_update().order_by("pk")}


def next_number():
    """Never that of a draft since deleted: its links would lead to another questionnaire."""
    hold()
    kept = (rows.aggregate(last=Max("number"))["last"] or 0 for rows in (Questionnaire.objects, Questionnaire.history))
    return max(kept) + 1


@transaction.atomic
def copy(version, *, by):
    """A new draft like this version, with the same keys: what is answered to both can be compared."""
    draft = Questionnaire(number=next_number(), created_by=by, **_fields(version, COPIED))
    _save(draft, by, f"Copie de la version {version.number}")
    questions = {
        question: Question(questionnaire=draft, **_fields(question, COPIED_QUESTION))
        for question in version.questions.prefetch_related("options")
    }
    bulk_create_with_history(list(questions.values()), Question, default_user=by)
    options = [
        Option(question=new, **_fields(option, COPIED_OPTION))
        for question, new in questions.items()
        for option in question.options.all()
    ]
    bulk_create_with_history(options, Option, default_user=by)
    return draft


@transaction.atomic
def publish(version, *, by, seen):
    """Make a version the current one, in place of the one that was, as it was when `seen` was its last change."""
    versions = hold()
    version = versions[version.pk]
    if version.state == VersionState.PUBLISHED:
        raise Refused("Cette version est déjà publiée.")
    if seen != last_change(version):
        raise Refused(CHANGED)
    problems = simulation.obstacles(scoring.grid(Questionnaire.objects.whole().get(pk=version.pk)))
    if problems:
        raise Refused(*problems)
    for current in versions.values():
        if current.state == VersionState.PUBLISHED:
            current.state = VersionState.RETIRED
            _save(current, by, f"Remplacée par la version {version.number}")
    if version.is_draft:
        version.published_at, version.published_by = timezone.now(), by
    version.state = VersionState.PUBLISHED
    _save(version, by, "Publiée")
    return version


@transaction.atomic
def retire(version, *, by):
    """Stop asking a version; until another is published, there is no positioning."""
    version = Questionnaire.objects.select_for_update().get(pk=version.pk)
    if version.state != VersionState.PUBLISHED:
        raise Refused("Cette version n’est pas publiée.")
    version.state = VersionState.RETIRED
    _save(version, by, "Retirée")
    return version


def last_change(version):
    """The numbers of the last entries in the histories of a version, of its questions and of its answers."""
    records = [
        Questionnaire.history.filter(id=version.pk),
        Question.history.filter(questionnaire=version.pk),
        Option.history.filter(question__questionnaire=version.pk),
    ]
    return "-".join(str(record.aggregate(last=Max("history_id"))["last"] or 0) for record in records)


def _fields(row, names):
    return {name: getattr(row, name) for name in names}


def _save(version, by, reason):
    vars(version).update(_history_user=by, _change_reason=reason)  # what simple_history reads
    version.save()
