"""What a result says beyond its figures, in the words of the roles and postures themselves."""

from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from roles.figures import Radar, radar
from roles.journeys import Answers
from roles.models import DONT_KNOW, Option, Posture, Question, Role
from roles.scoring import Contribution, Measure
from typography.french import in_words, of

WEIGHED_MOST = 4
AGENDA = 3


@dataclass(frozen=True)
class Given:
    """An answer, as it was asked and given; without option when it is « ne sait pas »."""

    number: int
    question: Question
    option: Option | None

    @property
    def points(self):
        """What it gave: (posture or role, points)."""
        labels = {field.name: field.verbose_name for field in Option._meta.fields}
        return [(labels[key], points) for key, points in self.option.weights.items() if points] if self.option else []


@dataclass(frozen=True)
class Weight:
    """By how much an answer raised or lowered a share."""

    given: Given
    contribution: Contribution

    @property
    def raises(self):
        return self.contribution.effect > 0

    @property
    def lowers(self):
        return self.contribution.effect < 0

    @property
    def points(self):
        return abs(self.contribution.effect_points)


@dataclass(frozen=True)
class Explained:
    """Why a posture or a role comes first: the answers that weighed most for it, then those that weighed against."""

    label: str
    measure: Measure
    weights_for: list[Weight]
    weights_against: list[Weight]

    @property
    def weights(self):
        return self.weights_for + self.weights_against

    @property
    def sides(self):
        """Those for, then those against: two lists, or one when nothing weighed against."""
        return [side for side in (self.weights_for, self.weights_against) if side]


@dataclass(frozen=True)
class Step:
    """One thing to do in a role: to begin when it is little held, differently otherwise; and what it rests on."""

    role: Role
    is_to_begin: bool
    text: str
    basis: str


class Advice:
    """The result of some answers, in words."""

    def __init__(self, answers: Answers):
        self.answers = answers
        self.score = answers.score
        self.postures = list(Posture.objects.all())
        self.roles = list(Role.objects.all())

    @cached_property
    def given(self) -> list[Given]:
        rows = []
        for number, question in enumerate(self.answers.questions, start=1):
            key = self.answers.answers.get(question.key)
            if key is not None:
                option = next((option for option in question.options.all() if option.key == key), None)
                rows.append(Given(number, question, option))
        return rows

    @property
    def unsure(self) -> list[Given]:
        return [given for given in self.given if self.answers.answers[given.question.key] == DONT_KNOW]

    @property
    def first_unsure(self) -> Given | None:
        return next(iter(self.unsure), None)

    @property
    def posture_words(self) -> str:
        """« une posture dominante », or « entre une posture dominante et une posture facilitatrice »."""
        named = [f"une posture {posture.as_adjective}" for posture in self.leading_postures]
        return f"entre {in_words(named)}" if len(named) > 1 else "".join(named)

    @property
    def role_words(self) -> str:
        """« un rôle de régulateur d’abord »; nothing when no role leads."""
        named = [of(str(role).lower()) for role in self.leading_roles]
        return f"{'des rôles' if len(named) > 1 else 'un rôle'} {in_words(named)} d’abord" if named else ""

    @property
    def leading_postures(self) -> list[Posture]:
        return [posture for posture in self.postures if posture.key in self.score.leading_postures]

    @property
    def leading_roles(self) -> list[Role]:
        return [role for role in self.roles if role.key in self.score.leading_roles]

    @property
    def blind_spots(self) -> list[Role]:
        return [role for role in self.roles if role.key in self.score.blind_spots]

    @property
    def gaps(self) -> list[Role]:
        """The roles to fill, the weakest first."""
        by_key = {role.key: role for role in self.roles}
        return [by_key[key] for key in dict.fromkeys((*self.score.blind_spots, *self.score.gaps))]

    @property
    def posture_bars(self):
        """Each posture with its measure and whether it leads."""
        return [
            (posture, self.score.measure(posture.key), posture.key in self.score.leading_postures)
            for posture in self.postures
        ]

    @property
    def role_rows(self):
        return [(role, self.score.measure(role.key)) for role in self.roles]

    @cached_property
    def radar(self) -> Radar:
        return radar(self.score.roles)

    @property
    def explained(self) -> list[Explained]:
        by_question = {given.question.key: given for given in self.given}
        leading: list[Posture | Role] = [*self.leading_postures, *self.leading_roles]
        found = []
        for definition in leading:
            measure = self.score.measure(definition.key)
            weights = [Weight(by_question[one.question], one) for one in measure.contributions]
            against = [weight for weight in weights if weight.lowers]
            # Where every answer gave all it could, none moves the share: those that gave points made it all the same.
            supports = [weight for weight in weights if not weight.lowers and weight.contribution.points]
            found.append(Explained(str(definition), measure, supports[:WEIGHED_MOST], against[:WEIGHED_MOST]))
        return found

    @property
    def agenda(self) -> list[str]:
        """Of the first role, of the weakest, of the posture; the others make up for those that are missing."""
        held = [role.agenda for role in self.leading_roles]
        missing = [role.agenda_missing for role in self.gaps]
        manners = [posture.agenda for posture in self.leading_postures]
        rest = [role.agenda for role in self.roles if role not in self.gaps]
        firsts = chain(held[:1], missing[:1], manners[:1], held[1:], missing[1:], manners[1:], rest)
        return list(dict.fromkeys(question for question in firsts if question))[:AGENDA]

    @property
    def steps(self) -> list[Step]:
        steps = []
        for role in self.roles:
            is_to_begin = role in self.gaps
            text, basis = (
                (role.first_step, role.first_step_basis) if is_to_begin else (role.next_step, role.next_step_basis)
            )
            if text:
                steps.append(Step(role, is_to_begin, text, basis))
        return steps
