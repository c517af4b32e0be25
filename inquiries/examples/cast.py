"""Who asks and who answers in the made-up questions: real collectivities, invented people."""

import random
from typing import Any

from accounts.models import User
from accounts.permissions import Duty
from territories.eligibility import verdict
from territories.models import Collectivity, EligibilityRuleSet, Kind

FIRST_NAMES = [
    "Camille", "Hélène", "Marcel", "Nadia", "Yves", "Solène", "Aïcha", "Bernard", "Chantal", "Denis", "Élodie",
    "Fatima", "Gérard", "Inès", "Jean-Luc", "Karine", "Léon", "Maud", "Noël", "Odile", "Patrick", "Rémi", "Sylvie",
    "Thierry",
]  # fmt: skip
LAST_NAMES = [
    "Rouvière", "Le Goff", "Martinez", "Fabre", "Bonnet", "Schmitt", "Diallo", "Perrin", "Arnaud", "Etcheverry",
    "Dubreuil", "Lacombe", "Moreau", "Nguyen", "Payet", "Quéré", "Ravel", "Sabatier", "Teixeira", "Vasseur", "Weber",
    "Blanchet",
]  # fmt: skip
ADVISERS = 8
ASKERS = 1_500
COMMUNES, INTERCOMMUNALITIES = 4_000, 400
"""Those that know the desk, and come back."""
DOMAIN = "questions.exemple.invalid"  # nothing is ever delivered to it, so nobody signs in by it either
UNUSABLE = "!"


class Cast:
    """Loaded once; `seed` gives the askers, the advisers are the same for all."""

    def __init__(self, seed: int):
        self.advisers = _people("conseil", ADVISERS, duties=[Duty.ADVISER])
        self.askers = _people(f"elus-{seed}", ASKERS)
        self.rules = EligibilityRuleSet.objects.active()
        draw = random.Random(seed)  # noqa: S311
        self.communes = _places(Kind.COMMUNE, COMMUNES, draw)
        self.intercommunalities = _places(Kind.INTERCOMMUNALITY, INTERCOMMUNALITIES, draw)
        self._verdicts: dict[int, dict[str, Any]] = {}

    def place(self, draw: random.Random) -> Collectivity:
        """Mostly communes that may ask: nine out of ten of those that may not are told so, and stop there."""
        for _ in range(10):
            place = draw.choice(self.communes if draw.random() < 0.86 else self.intercommunalities)
            if self.eligibility(place)["eligible"] or draw.random() < 0.1:
                break
        return place

    def eligibility(self, place: Collectivity) -> dict[str, Any]:
        if place.pk not in self._verdicts:
            judged = verdict(place, self.rules)
            self._verdicts[place.pk] = {"eligible": judged.eligible, "reason": judged.reason, "facts": judged.facts}
        return self._verdicts[place.pk]


def people():
    return User.objects.filter(email__endswith=f"@{DOMAIN}")


def _places(kind, count, draw):
    places = Collectivity.objects.current().filter(kind=kind)
    keys = list(places.order_by("code").values_list("pk", flat=True))
    chosen = draw.sample(keys, min(count, len(keys)))
    return list(places.filter(pk__in=chosen).select_related("departement", "parent").order_by("code"))


def _people(word, count, **fields):
    emails = [f"{word}-{number}@{DOMAIN}" for number in range(1, count + 1)]
    User.objects.bulk_create(
        [User(email=email, password=UNUSABLE, **_name(email), **fields) for email in emails], ignore_conflicts=True
    )
    found = User.objects.filter(email__in=emails)
    found.update(is_active=True)
    return list(found.order_by("pk"))


def _name(email):
    draw = random.Random(email)  # noqa: S311 - makes up, hides nothing
    return {"first_name": draw.choice(FIRST_NAMES), "last_name": draw.choice(LAST_NAMES)}
