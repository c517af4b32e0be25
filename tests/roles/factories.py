"""Questionnaires made with as little as a test needs to say."""

from itertools import count
from string import ascii_lowercase

from django.utils import timezone

from roles.models import Option, Question, Questionnaire, VersionState

numbers = count(900)


def make_questionnaire(questions=None, *, short=1, state=VersionState.DRAFT, published_at=None, **fields):
    """Each question is a list of answers, each answer the points that it gives; the first `short` ones come first."""
    fields.setdefault("title", "Quelle est votre juste place ?")
    version = Questionnaire.objects.create(number=next(numbers), **fields)
    for position, answers in enumerate(questions or [], start=1):
        question = Question.objects.create(
            questionnaire=version,
            key=f"q{position}",
            position=position,
            is_short=position <= short,
            text=f"La question numéro {position} ?",
        )
        Option.objects.bulk_create(
            Option(
                question=question,
                key=ascii_lowercase[at],
                position=at,
                text=f"Réponse {at}",
                feedback="Bien.",
                **points,
            )
            for at, points in enumerate(answers)
        )
    if state != VersionState.DRAFT:
        version.state, version.published_at = state, published_at or timezone.now()
        version.save()
    return version
