"""The départements drawn: what the map holds, and the silhouettes of vignettes (origin: shapes/LICENCES.md)."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SHAPES = Path(__file__).parent / "shapes"


@dataclass(frozen=True)
class Inset:
    """A framed part drawn at a scale of its own: the inner suburbs of Paris, and overseas."""

    label: str
    x: float
    y: float
    width: float
    height: float
    label_x: float
    label_y: float


@dataclass(frozen=True)
class Carte:
    view_box: str
    insets: tuple[Inset, ...]
    departments: frozenset[str]
    """The codes of those that static/icons/sprite.svg draws, each under the identifier d46."""


@cache
def carte() -> Carte:
    """The map of the 101 départements, all in the coordinates of one drawing."""
    data = json.loads((SHAPES / "carte.json").read_text(encoding="utf-8"))
    return Carte(
        view_box=data["viewBox"],
        insets=tuple(Inset(inset["libelle"], *inset["rect"], *inset["texte"]) for inset in data["medaillons"]),
        departments=frozenset(data["departements"]),
    )


@cache
def _silhouettes() -> dict[str, str]:
    data = json.loads((SHAPES / "departements.json").read_text(encoding="utf-8"))
    return {code: shape["d"] for code, shape in data.items()}


def silhouette(department_code: str) -> str | None:
    """The outline of one département alone, in a square of 200; None for a code without outline (COM, TAAF…)."""
    return _silhouettes().get(department_code)
