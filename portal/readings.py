"""What to read after a positioning, and why: experiences that resemble the answers, or fill their gap."""

from collections.abc import Iterator
from dataclasses import dataclass

from experiences import finding
from experiences.models import Experience
from roles.models import Posture, Role
from typography.french import of

from .advice import Advice

MOST = 3


@dataclass(frozen=True)
class Words:
    """How a result speaks of the collectivity: to the reader, or of another."""

    alike: str
    completing: str
    blind_spot: str
    posture: str
    answers: str


MINE = Words("Vous ressemble", "Vous complète", "votre angle mort", "votre posture", "vos réponses")
THEIRS = Words("Lui ressemble", "La complète", "son angle mort", "sa posture", "ses réponses")


@dataclass(frozen=True)
class Wish:
    criteria: dict[str, list[str]]
    reason: str


@dataclass(frozen=True)
class Reading:
    experience: Experience
    reason: str


@dataclass(frozen=True)
class Page:
    """A role or a posture to read, and the experiences that show it."""

    subject: Role | Posture
    reason: str
    count: int
    address: str


class Readings:
    def __init__(self, advice: Advice, *, is_mine: bool = True):
        self.advice = advice
        self.words = MINE if is_mine else THEIRS
        self.base = finding.current()

    def experiences(self) -> list[Reading]:
        """One for each wish, the first that none took before; those of the open questions when nothing is sure."""
        if not self.advice.score.has_verdict:
            return self._of_open_questions()
        reasons: dict[int, str] = {}
        for wish in self._wishes():
            free = (key for key in self.base.keys(**wish.criteria) if key not in reasons)
            if len(reasons) < MOST and (key := next(free, None)):
                reasons[key] = wish.reason
        sheets = Experience.objects.listed().for_list().in_bulk(reasons)
        return [Reading(sheets[key], reason) for key, reason in reasons.items() if key in sheets]

    def _wishes(self) -> Iterator[Wish]:
        advice, words = self.advice, self.words
        postures, roles, gaps = advice.leading_postures, advice.leading_roles, advice.gaps
        for role in roles[:1]:
            for posture in postures[:1]:
                yield Wish(
                    {"role": [role.key], "posture": [posture.key]},
                    f"{words.alike}\u00a0: le rôle {of(str(role).lower())} y est tenu, "
                    f"avec une posture {posture.as_adjective}.",
                )
        for role in gaps[:2]:
            yield Wish(
                {"role": [role.key]},
                f"{words.completing}\u00a0: le rôle {of(str(role).lower())} y est tenu, "
                f"il est en retrait dans {words.answers}.",
            )
        for posture in postures:
            yield Wish({"posture": [posture.key]}, f"{words.alike}\u00a0: la posture y est {posture.as_adjective}.")
        for posture in (other for other in advice.postures if other not in postures):
            yield Wish(
                {"posture": [posture.key]}, f"{words.completing}\u00a0: la posture y est {posture.as_adjective}."
            )

    def _of_open_questions(self):
        asked = {given.question.experience_slug: given.question for given in reversed(self.advice.unsure)}
        sheets = Experience.objects.listed().for_list().filter(slug__in=[slug for slug in asked if slug])[:MOST]
        return [Reading(sheet, f"Pour la question «\u00a0{asked[sheet.slug].text}\u00a0»") for sheet in sheets]

    def pages(self) -> list[Page]:
        """The roles and postures to read, those that fill a gap first; each figure is that of the list it leads to."""
        advice = self.advice
        named: list[tuple[Role | Posture, str, str]] = []
        named += [(role, "role", self.words.blind_spot) for role in advice.blind_spots]
        named += [(role, "role", "peu présent") for role in advice.gaps if role not in advice.blind_spots]
        named += [(role, "role", f"le plus présent dans {self.words.answers}") for role in advice.leading_roles]
        named += [(posture, "posture", self.words.posture) for posture in advice.leading_postures]
        return [
            Page(row, reason, self.base.count(**{facet: [row.key]}), finding.address(**{facet: [row.key]}))
            for row, facet, reason in named
        ]
