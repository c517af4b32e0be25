"""Two results side by side: what moved, and which answers differ."""

from dataclasses import dataclass
from functools import cached_property

from roles.journeys import Answers
from roles.models import DONT_KNOW, PostureKey, RoleKey, SavedResult
from typography.french import in_words


@dataclass(frozen=True)
class Row:
    key: str
    label: str
    before: int | None
    after: int | None

    @property
    def change(self):
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def signed(self):
        """As a table writes it: a real minus, and a sign for what rose."""
        return "–" if self.change is None else f"{self.change:+d}".replace("-", "−") if self.change else "0"


@dataclass(frozen=True)
class Difference:
    question: str
    before: str
    after: str


@dataclass(frozen=True)
class Comparison:
    before_name: str
    before: Answers
    after_name: str
    after: Answers

    @property
    def postures(self):
        return [self._row(posture) for posture in PostureKey]

    @property
    def roles(self):
        """Only when both results tell roles."""
        return (
            [self._row(role) for role in RoleKey] if self.before.score.has_roles and self.after.score.has_roles else []
        )

    @property
    def is_reliable(self):
        return self.before.score.has_verdict and self.after.score.has_verdict

    @property
    def sentence(self):
        """What changed, in one sentence; nothing when one of them says nothing."""
        if not self.is_reliable:
            return ""
        before, after = (in_words(answers.verdict).lower() for answers in (self.before, self.after))
        return f"Toujours {after}." if before == after else f"De {before} à {after}."

    @property
    def same_version(self):
        return self.before.questionnaire == self.after.questionnaire

    @cached_property
    def differences(self):
        """The questions that both asked, by their key, and that were not answered alike."""
        before, after = texts(self.before), texts(self.after)
        return [
            Difference(question, before[key][1], answer)
            for key, (question, answer) in after.items()
            if key in before and before[key][1] != answer
        ]

    def _row(self, choice):
        percents = [answers.score.measure(choice.value).percent for answers in (self.before, self.after)]
        return Row(choice.value, choice.label, *percents)


def texts(answers):
    """The text of each question answered and of its answer, by the key of the question."""
    found = {}
    for question in answers.questions:
        key = answers.answers.get(question.key)
        if key == DONT_KNOW:
            found[question.key] = (question.text, "Je ne sais pas")
        elif key is not None:
            found[question.key] = (question.text, next(row.text for row in question.options.all() if row.key == key))
    return found


def answers_of(saved: SavedResult) -> Answers:
    return Answers(saved.questionnaire, saved.answers)


def name_of(saved: SavedResult) -> str:
    """The name that its owner gave, or else what it says; and when it was saved."""
    answers = answers_of(saved)
    said = ", ".join(answers.verdict if answers.is_readable else []).capitalize() or "Sans verdict"
    return f"{saved.name or said} – {saved.moment}"
