"""A journey through a questionnaire: all that is known of it is in a signed address, and nothing of it is kept.

    1.b3Gk0pQzW1s.739943.cd_a.signature

The version (for a draft, with a digest of what it holds), a random key, the day it began, and a letter for each answer:
its place among those of the question, `_` for « ne sait pas », `-` for a question that has no answer yet. The address
is the private link that resumes the journey elsewhere. A shared result is another address: without the key, it can
neither be resumed nor counted, and it expires.
"""

import hashlib
import secrets
import string
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from django.core import signing
from django.urls import reverse
from django.utils import timezone

from . import scoring
from .models import DONT_KNOW, PostureKey, Question, Questionnaire, RoleKey

UNSURE, UNANSWERED = "_", "-"
LETTERS = string.ascii_letters
SHARED_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Answers:
    """The answers to a version, whole, of the questionnaire: those of a journey, of a shared or of a saved result."""

    questionnaire: Questionnaire
    answers: Mapping[str, str]

    @cached_property
    def questions(self) -> list[Question]:
        """In the order in which they are asked: the short questionnaire first."""
        return sorted(self.questionnaire.questions.all(), key=lambda question: not question.is_short)

    @cached_property
    def short_count(self) -> int:
        return len(self.questionnaire.short)

    @cached_property
    def score(self) -> scoring.Score:
        return scoring.score(scoring.grid(self.questionnaire), self.answers)

    @property
    def is_readable(self) -> bool:
        """Whether the version still has the answers given: a draft may have lost them."""
        try:
            return bool(self.score)
        except scoring.UnknownAnswer:
            return False

    @property
    def verdict(self) -> list[str]:
        """The postures, then the roles, that come first; nothing when nothing does."""
        postures = [PostureKey(key).label for key in self.score.leading_postures]
        return postures + [RoleKey(key).label for key in self.score.leading_roles]

    @property
    def is_short_done(self) -> bool:
        return all(question.key in self.answers for question in self.questions[: self.short_count])

    @property
    def has_result(self) -> bool:
        """Whether there is anything to share, to print or to save."""
        return self.is_short_done and self.score.has_verdict

    @property
    def is_done(self) -> bool:
        return len(self.answers) == len(self.questions)

    @property
    def left_count(self) -> int:
        return len(self.questions) - len(self.answers)

    @cached_property
    def version(self) -> str:
        """The number of a version that stays; with what a draft holds, which may change or be published."""
        number = str(self.questionnaire.number)
        return f"{number}-{_content(self)}" if self.questionnaire.is_draft else number

    @property
    def letters(self) -> str:
        return "".join(self._letter(question) for question in self.questions).rstrip(UNANSWERED) or UNANSWERED

    def _letter(self, question):
        option = self.answers.get(question.key)
        if option is None:
            return UNANSWERED
        return UNSURE if option == DONT_KNOW else LETTERS[keys(question).index(option)]


@dataclass(frozen=True)
class Journey(Answers):
    key: str
    began_on: date

    @property
    def state(self) -> str:
        return _signer("journey").sign(f"{self.version}.{self.key}.{self.began_on.toordinal()}.{self.letters}")

    def get_absolute_url(self):
        """The private link."""
        return reverse("positioning:resume", args=[self.state])

    @property
    def start_url(self) -> str:
        """The presentation, that keeps the answers in its address and offers to take them up again."""
        return reverse("positioning:start", query={"reprise": self.state})

    def question(self, number: int) -> Question | None:
        return self.questions[number - 1] if 1 <= number <= len(self.questions) else None

    def answer(self, question: Question, option: str) -> "Journey":
        return replace(self, answers={**self.answers, question.key: option})

    def asked_with(self, number: int) -> int:
        """How many questions are announced at this one: the short questionnaire, then all of them."""
        return self.short_count if number <= self.short_count else len(self.questions)

    def step_after(self, number: int) -> int | None:
        """The next question without answer among those announced; None when their result can be shown."""
        left = [at for at in range(1, self.asked_with(number) + 1) if self.questions[at - 1].key not in self.answers]
        return next((at for at in left if at > number), left[0] if left else None)

    @property
    def step_to_go_on(self) -> int | None:
        """The first question without answer, of all of them."""
        return self.step_after(len(self.questions))

    @property
    def present_step(self) -> int | None:
        """Where to resume: the question that waits, or None for the result."""
        has_gone_on = len(self.answers) > self.short_count
        return self.step_to_go_on if has_gone_on else self.step_after(1)


def begin(questionnaire: Questionnaire) -> Journey:
    return Journey(questionnaire, {}, key=secrets.token_urlsafe(8), began_on=timezone.localdate())


def take_up(answers: Answers) -> Journey:
    """A journey from answers kept elsewhere. It begins too long ago to be counted: those answers already were."""
    return Journey(answers.questionnaire, answers.answers, key=secrets.token_urlsafe(8), began_on=date.min)


def read(state: str) -> Journey | None:
    """The journey of an address; None when the address was cut, changed, or is not ours."""
    try:
        number, key, began_on, letters = _signer("journey").unsign(state).split(".")
        questionnaire = _questionnaire(number)
        return Journey(
            questionnaire,
            _answers(questionnaire, letters),
            key=key,
            began_on=date.fromordinal(int(began_on)),
        )
    except _UNREADABLE:
        return None


@dataclass(frozen=True)
class Shared(Answers):
    """A result that somebody shared: to read, until a day."""

    until: date

    @property
    def shared_on(self) -> date:
        return self.until - SHARED_FOR

    @property
    def link(self) -> str:
        return _signer("shared").sign(f"{self.version}.{self.until.toordinal()}.{self.letters}")

    def get_absolute_url(self):
        return reverse("positioning:shared", args=[self.link])

    @property
    def has_expired(self) -> bool:
        return self.until < timezone.localdate()


def share(answers: Answers) -> Shared:
    return Shared(answers.questionnaire, answers.answers, until=timezone.localdate() + SHARED_FOR)


def read_shared(given: str) -> Shared | None:
    try:
        number, until, letters = _signer("shared").unsign(given).split(".")
        questionnaire = _questionnaire(number)
        return Shared(questionnaire, _answers(questionnaire, letters), until=date.fromordinal(int(until)))
    except _UNREADABLE:
        return None


# What is signed is ours; it does not fit any more when a draft was changed, or when the base was made again.
_UNREADABLE = (signing.BadSignature, Questionnaire.DoesNotExist, ValueError, IndexError)


def _signer(what):
    return signing.Signer(salt=f"roles.journeys.{what}", sep=".")


def _questionnaire(version):
    """The version of an address; that of a draft fits only the draft as it was."""
    questionnaire = Questionnaire.objects.whole().get(number=version.partition("-")[0])
    if Answers(questionnaire, {}).version != version:
        raise ValueError(version)
    return questionnaire


def _content(answers):
    rows = [
        (question.pk, question.is_short, question.text, [(option.pk, option.text) for option in question.options.all()])
        for question in answers.questions
    ]
    return hashlib.blake2b(repr((answers.questionnaire.pk, rows)).encode(), digest_size=8).hexdigest()


def _answers(questionnaire, letters):
    asked = Answers(questionnaire, {}).questions
    if len(letters) > len(asked):
        raise ValueError(letters)
    return {
        question.key: DONT_KNOW if letter == UNSURE else keys(question)[LETTERS.index(letter)]
        for question, letter in zip(asked, letters, strict=False)
        if letter != UNANSWERED
    }


def keys(question: Question) -> list[str]:
    return [option.key for option in question.options.all()]
