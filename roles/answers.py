"""How many times each answer was given: counters, and nothing that would tell who gave it (docs/decisions/0011)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .models import DONT_KNOW, AnswerCount, CountedAnswer, Option, Question, Questionnaire

REMEMBERED_FOR = timedelta(days=90)
"""How long an answer counted is known to be so. A journey that began before is not counted any more."""

SHOWN_FROM = 10
"""Below that many answers, a spread could tell what somebody answered: it is not shown."""

ROUNDED_TO = 5
"""To how many hundredths the shares that visitors read are rounded."""

COUNT = """
WITH given (digest, question_id, option_id) AS (SELECT * FROM unnest(%s::varchar[], %s::bigint[], %s::bigint[])),
fresh AS (
    INSERT INTO roles_countedanswer (digest, forget_on) SELECT digest, %s FROM given ORDER BY digest
    ON CONFLICT DO NOTHING RETURNING digest
)
INSERT INTO roles_answercount (question_id, option_id, month, count)
SELECT question_id, option_id, %s, 1 FROM given JOIN fresh USING (digest) ORDER BY question_id, option_id
ON CONFLICT (question_id, option_id, month) DO UPDATE SET count = roles_answercount.count + 1
"""


def is_counted(questionnaire: Questionnaire, answers: Mapping[str, str], *, journey: str) -> bool:
    """Whether each of these answers has left its mark already."""
    marks = {_digest(journey, question) for question in questionnaire.questions.all() if question.key in answers}
    return CountedAnswer.objects.filter(digest__in=marks).count() == len(marks)


def is_countable(questionnaire: Questionnaire, began_on: date) -> bool:
    """Neither a draft, nor what was tried while the version was one, nor what could be counted twice."""
    if questionnaire.is_draft or began_on < timezone.localdate(questionnaire.published_at):
        return False
    today = timezone.localdate()
    return today - REMEMBERED_FOR < began_on <= today


def count_once(questionnaire: Questionnaire, answers: Mapping[str, str], *, journey: str, began_on: date) -> None:
    """Count the answers of a journey when its result is shown, each once whatever is shown again.

    `journey` is the random identifier of a signed state and `began_on` the day it was drawn. An answer changed after it
    was counted stays counted as it was. A draft is not counted: its result is only tried.
    """
    today = timezone.localdate()
    if not is_countable(questionnaire, began_on):
        return
    given = [question for question in questionnaire.questions.all() if question.key in answers]
    with connection.cursor() as cursor:
        cursor.execute(
            COUNT,
            [
                [_digest(journey, question) for question in given],
                [question.pk for question in given],
                [_option(question, answers[question.key]) for question in given],
                began_on + REMEMBERED_FOR,
                today.replace(day=1),
            ],
        )


def _digest(journey, question):
    """One for each question: marks of the same journey cannot be told to go together."""
    return salted_hmac("roles.counted_answer", f"{journey}|{question.pk}", algorithm="sha256").hexdigest()


def _option(question, key):
    return None if key == DONT_KNOW else next(option.pk for option in question.options.all() if option.key == key)


@dataclass(frozen=True)
class Share:
    option: Option | None
    """None for « ne sait pas »."""
    count: int
    total: int

    @property
    def percent(self) -> int:
        return round(100 * self.count / self.total)

    @property
    def about(self) -> int:
        """As visitors read it: too rough for an answer to be told from a change."""
        return ROUNDED_TO * round(100 * self.count / self.total / ROUNDED_TO)


@dataclass(frozen=True)
class Spread:
    """How all visitors answered a question, in the order of its answers; there is none below ten of them."""

    total: int
    shares: tuple[Share, ...]


def public_spread(question: Question) -> Spread | None:
    """What visitors may read of how others answered: the counts as they were last settled. One statement."""
    return _spreads([question], "settled")[question.pk]


def spreads(questions) -> dict[int, Spread | None]:
    """For curators, how each of these questions was answered until now, by its key in the database. One statement."""
    return _spreads(questions, "count")


def _spreads(questions, field):
    counts: dict[int, dict[int | None, int]] = {question.pk: {} for question in questions}
    rows = AnswerCount.objects.filter(question__in=counts).values_list("question", "option").annotate(Sum(field))
    for question, option, count in rows:
        counts[question][option] = count
    return {question.pk: _spread(question, counts[question.pk]) for question in questions}


def _spread(question, counts):
    total = sum(counts.values())
    if total < SHOWN_FROM:
        return None
    options = [*question.options.all(), None]
    return Spread(total, tuple(Share(option, counts.get(option and option.pk, 0), total) for option in options))


def forget():
    """Forget the marks that serve no more."""
    CountedAnswer.objects.filter(forget_on__lt=timezone.localdate()).delete()


def settle():
    """Show visitors the questions that enough were answered since: none of these answers is told from the others."""
    grown = (
        AnswerCount.objects.values("question")
        .annotate(more=Sum(F("count") - F("settled")))
        .filter(more__gte=SHOWN_FROM)
        .values("question")
    )
    AnswerCount.objects.filter(question__in=grown).update(settled=F("count"))
