"""The life of a sheet, from state to state; nothing else changes one."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from experiences import searchable
from experiences.models import Experience, State
from search import indexing

CHECKED_AGAIN_AFTER = timedelta(days=365)


@dataclass(frozen=True)
class Move:
    label: str
    sources: tuple[State, ...]
    target: State
    reason: str = ""
    """The field that keeps the reason, when one must be given."""


MOVES = {
    "write": Move("Mettre en rédaction", (State.PROPOSED, State.TO_REREAD, State.TO_VALIDATE), State.WRITING),
    "submit": Move("Donner à relire", (State.WRITING,), State.TO_REREAD),
    "reread": Move("Relue, à valider", (State.TO_REREAD,), State.TO_VALIDATE),
    "publish": Move("Valider et publier", (State.TO_VALIDATE,), State.PUBLISHED),
    "revise": Move("À réviser", (State.PUBLISHED,), State.TO_REVISE, reason="revision_reason"),
    "check": Move("Révisée\u00a0: publier de nouveau", (State.TO_REVISE,), State.PUBLISHED),
    "archive": Move("Archiver", (State.PUBLISHED, State.TO_REVISE), State.ARCHIVED),
    "refuse": Move(
        "Refuser",
        (State.PROPOSED, State.WRITING, State.TO_REREAD, State.TO_VALIDATE),
        State.REFUSED,
        reason="refusal_reason",
    ),
}


NO_REASON = "Donnez une raison\u00a0: elle est gardée avec la fiche."
SECOND_PERSON = "Une autre personne que celle qui l’a donnée à relire doit le faire."


class MoveRefused(Exception):
    """Said to the curator as it is."""


def moves_from(state):
    return {name: move for name, move in MOVES.items() if state in move.sources}


def needs_another(experience, name, by):
    """Whether this move waits for somebody else than this person."""
    return name in {"reread", "publish"} and experience.submitted_by in {None, by}


def refuse_incomplete(experience):
    """Without these a public sheet could not be found, nor believed."""
    needed = [
        ("un résumé", experience.pitch.strip()),
        ("un territoire", experience.locations.exists()),
        ("un thème", experience.filings.exists()),
        ("une source", experience.sources.exists()),
    ]
    missing = [name for name, present in needed if not present]
    if missing:
        *others, last = missing
        named = f"{', '.join(others)} et {last}" if others else last
        raise MoveRefused(f"Il manque encore à cette fiche\u00a0: {named}.")


@transaction.atomic
def move(experience, name, *, by, reason=""):
    """Lead a sheet to its next state; whoever gave it to be read again does not publish it."""
    chosen = MOVES[name]
    current = Experience.objects.select_for_update().get(pk=experience.pk)
    if current.state not in chosen.sources:
        raise MoveRefused(f"Cette fiche est déjà dans l’état «\u00a0{current.get_state_display()}\u00a0».")
    if chosen.reason and not reason.strip():
        raise MoveRefused(NO_REASON)
    if needs_another(current, name, by):
        raise MoveRefused(SECOND_PERSON)
    if name in {"submit", "publish"}:
        refuse_incomplete(current)
    if name == "submit":
        current.submitted_by = by
    current.state = chosen.target
    if chosen.reason:
        setattr(current, chosen.reason, reason.strip())
    if chosen.target == State.PUBLISHED:
        today = timezone.localdate()
        current.first_published_on = current.first_published_on or today
        current.last_checked_on, current.last_checked_by = today, by
        current.next_check_on = today + CHECKED_AGAIN_AFTER
        current.revision_reason = ""
    vars(current).update(_history_user=by, _change_reason=chosen.label)  # what simple_history reads
    current.save()
    indexing.refresh(searchable.NAME, [current.pk])
    return current
