"""What a draft keeps of the forms, and what it says once it is read again."""

import unicodedata
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from territories.eligibility import Verdict, verdict
from territories.models import Collectivity, EligibilityRuleSet

from .models import Draft

LONGEST_KEPT = 20_000
"""Characters of a field, right or wrong: ten times what a question may have."""

NAMES = {
    "place": ("collectivity", "collectivity_cle", "collectivity_propose", "who", "by_above", "experience", "origin"),
    "question": ("subject", "text", "theme", "wanted_on", "has_consent"),
    "identity": ("first_name", "last_name", "function", "email", "phone"),
}
"""The fields of each step, as their forms post them."""


def keep(draft: Draft, step: str, data) -> None:
    """Store what was typed at a step, before anything is checked; nothing once the question is sent."""
    with transaction.atomic():
        held = Draft.objects.select_for_update().get(pk=draft.pk)
        if held.inquiry_id is None:
            kept = {name: value for name, value in held.typed.items() if name not in NAMES[step]}
            kept |= {name: data[name][:LONGEST_KEPT] for name in NAMES[step] if data.get(name)}
            held.typed, held.changed_at = kept, timezone.now()
            held.save(update_fields=["typed", "changed_at"])
        draft.typed, draft.inquiry_id = held.typed, held.inquiry_id


def is_cut(step: str, data) -> bool:
    return any(len(data.get(name, "")) > LONGEST_KEPT for name in NAMES[step])


def note(draft: Draft, **known) -> None:
    """Remember something else about a draft, sent or not."""
    with transaction.atomic():
        held = Draft.objects.select_for_update().get(pk=draft.pk)
        held.typed |= known
        held.save(update_fields=["typed"])
        draft.typed = held.typed


@dataclass(frozen=True)
class Asking:
    """The collectivity in whose name something is asked, and whether it may."""

    place: Collectivity
    verdict: Verdict
    above: Collectivity | None = None
    """The intercommunalité of a commune that may not ask, when that one may."""
    above_verdict: Verdict | None = None
    on_behalf_of: Collectivity | None = None

    @property
    def is_open(self) -> bool:
        return self.verdict.eligible

    def by_above(self) -> "Asking":
        """The same commune, through its intercommunalité."""
        if self.above is None or self.above_verdict is None:
            return self
        return Asking(self.above, self.above_verdict, on_behalf_of=self.place)


def judge(place: Collectivity) -> Asking:
    rules = EligibilityRuleSet.objects.active()
    given = verdict(place, rules)
    above = place.intercommunality or (place.parent.intercommunality if place.parent else None)
    if given.eligible or above is None or not (above_verdict := verdict(above, rules)).eligible:
        return Asking(place, given)
    return Asking(place, given, above, above_verdict)


def asking(key: str, *, by_above: bool = False) -> Asking | None:
    """By the key of a place that exists today."""
    places = Collectivity.objects.current().select_related(
        "departement", "intercommunality__departement", "parent__departement", "parent__intercommunality__departement"
    )
    place = places.filter(key=key[:30]).first()
    if place is None:
        return None
    judged = judge(place)
    return judged.by_above() if by_above else judged


def asking_of(draft: Draft) -> Asking | None:
    return asking(draft.typed.get("collectivity_cle", ""), by_above=bool(draft.typed.get("by_above")))


def has_unseen(text: str) -> bool:
    """Whether it holds signs that no keyboard types and that nobody sees: they would turn the text around them."""
    return any(
        unicodedata.category(sign) in {"Cc", "Cs", "Co", "Cn"} or sign in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"
        for sign in text
        if sign not in "\n\t"
    )
