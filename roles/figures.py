"""The drawing of the roles: points of a radar, as the attributes of an SVG want them."""

from dataclasses import dataclass
from math import cos, pi, sin

from .models import RoleKey
from .scoring import Measure

CENTRE_X, CENTRE_Y, RADIUS = 240, 200, 122
LABELS_AT = 146
RINGS = (25, 50, 75, 100)

# Partenaire on top, then the others around; each with how its label is anchored and how far down it goes.
AXES = (
    (RoleKey.PARTNER, "middle", -8),
    (RoleKey.FUNDER, "start", 8),
    (RoleKey.REGULATOR, "start", 16),
    (RoleKey.ACTOR, "end", 16),
    (RoleKey.INITIATOR, "end", 8),
)


@dataclass(frozen=True)
class Spoke:
    role: RoleKey
    percent: int | None
    x: int
    y: int
    end_x: int
    end_y: int
    label_x: int
    label_y: int
    anchor: str


@dataclass(frozen=True)
class Radar:
    spokes: list[Spoke]
    webs: list[str]
    area: str


def radar(measures: tuple[Measure, ...]) -> Radar:
    """A role about which nothing was answered is drawn at the centre."""
    percents = {measure.key: measure.percent for measure in measures}
    spokes = []
    for place, (role, anchor, down) in enumerate(AXES):
        percent = percents[role.value]
        x, y = _point(place, RADIUS * (percent or 0) / 100)
        end_x, end_y = _point(place, RADIUS)
        label_x, label_y = _point(place, LABELS_AT)
        spokes.append(Spoke(role, percent, x, y, end_x, end_y, label_x, label_y + down, anchor))
    webs = [_polygon(_point(place, RADIUS * ring / 100) for place in range(len(AXES))) for ring in RINGS]
    return Radar(spokes, webs, _polygon((spoke.x, spoke.y) for spoke in spokes))


def _point(place, radius):
    angle = 2 * pi * place / len(AXES)
    return round(CENTRE_X + radius * sin(angle)), round(CENTRE_Y - radius * cos(angle))


def _polygon(points):
    return " ".join(f"{x},{y}" for x, y in points)
