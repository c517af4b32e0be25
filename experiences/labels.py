"""The names of what experiences are filtered by."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection

from roles.models import Phase, PostureKey, RoleKey
from territories.models import Collectivity, Kind
from typography import french

from .facets import Nature, Size

READ = """
SELECT 'theme', key, label, position FROM experiences_theme
UNION ALL SELECT 'enjeu', key, label, position FROM experiences_policyissue
UNION ALL SELECT 'forme', key, label, position FROM experiences_legalform
UNION ALL SELECT CASE kind WHEN %(overseas)s THEN 'departement' ELSE kind END, code, name,
    rank() OVER (ORDER BY sort_name, code)
FROM territories_collectivity
WHERE kind = ANY(%(kinds)s) AND (ended_in IS NULL OR EXISTS (
    SELECT FROM experiences_location WHERE collectivity_id = territories_collectivity.id))
ORDER BY 1, 4, 2
"""
PLACES = [Kind.REGION.value, Kind.DEPARTEMENT.value, Kind.OVERSEAS.value, Kind.INTERCOMMUNALITY.value]
CHOICES = {"role": RoleKey, "posture": PostureKey, "phase": Phase, "nature": Nature, "taille": Size}


@dataclass(frozen=True)
class Labels:
    """For each filter, the labels by value, in the order in which they are offered."""

    by_name: dict[str, dict[str, str]]

    def get(self, name: str, value: str) -> str:
        """What a value is called; empty when there is no such value."""
        return self.by_name.get(name, {}).get(value, "")


def communes(codes: Iterable[str]) -> dict[str, str]:
    """The names of these communes, which are too many to be kept."""
    named = Collectivity.objects.communes().filter(code__in=codes).values_list("code", "name")
    return {code: french.typo(name) for code, name in named}


@lru_cache(maxsize=1)
def at(version: int) -> Labels:
    """Those of this version of the content, kept until the next."""
    by_name = {name: {str(key): str(label) for key, label in choices.choices} for name, choices in CHOICES.items()}
    with connection.cursor() as cursor:
        cursor.execute(READ, {"overseas": Kind.OVERSEAS.value, "kinds": PLACES})
        for name, value, label, _position in cursor:
            number = f" ({value})" if name == "departement" else ""
            by_name.setdefault(name, {})[value] = f"{french.typo(label)}{number}"
    by_name["decennie"] = {str(year): f"Années {year}" for year in range(1700, 2101, 10)}
    by_name["difficultes"] = {"oui": "A connu des difficultés"}
    return Labels(by_name)
