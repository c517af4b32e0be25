"""The *frise*: who held which role, and when, as figures for a drawing.

Only dated facts are drawn. An end that no source gives is shown as such: a role begun in 2018 is a point followed by
a short dotted line, never a bar that runs to today.
"""

from dataclasses import dataclass

from roles.models import RoleKey

LEFT, RIGHT = 150, 740  # the axis, in the units of the drawing
TOP, LANE, BAR = 28, 42, 24
POINT = 12  # the least width of a bar: an act dated by its year alone
STUB = 44  # the dotted line of an end that is not said


@dataclass(frozen=True)
class Bar:
    x: int
    width: int
    is_open: bool

    @property
    def end(self):
        return self.x + self.width

    @property
    def stub_end(self):
        return self.end + STUB


@dataclass(frozen=True)
class Lane:
    key: str
    label: str
    bars: list[Bar]
    note: str
    y: int

    @property
    def middle(self):
        return self.y + BAR // 2

    @property
    def baseline(self):
        return self.middle + 5

    @property
    def icon_y(self):
        return self.middle - 11


@dataclass(frozen=True)
class Frise:
    lanes: list[Lane]
    ticks: list[tuple[int, int]]
    title: str

    @property
    def bottom(self):
        return TOP + LANE * len(self.lanes) + 8

    @property
    def height(self):
        return self.bottom + 10


def draw(roles_held, steps):
    """The frise of these roles over the years of the project's steps, or nothing where no role is dated."""
    dated = [held for held in roles_held if held.from_year]
    if not dated:
        return None
    years = [held.from_year for held in dated] + [held.to_year or 0 for held in dated] + [step.year for step in steps]
    first = min(filter(None, years)) // 5 * 5
    last = -(-(max(years) + 1) // 5) * 5
    step = next(step for step in (1, 2, 5, 10, 20, 50) if (last - first) / step <= 8)

    def x(year):
        return LEFT + round((year - first) * (RIGHT - LEFT - STUB) / (last - first))

    lanes = [
        Lane(
            key.value,
            key.label,
            [_bar(held, x) for held in dated if held.role_id == key],
            _note([held for held in roles_held if held.role_id == key]),
            TOP + LANE * number + (LANE - BAR) // 2,
        )
        for number, key in enumerate(RoleKey)
    ]
    return Frise(lanes, [(year, x(year)) for year in range(first, last + 1, step)], _title(dated))


def _bar(held, x):
    start = x(held.from_year)
    end = x(held.to_year + 1) if held.to_year and held.to_year > held.from_year else start
    return Bar(start, max(end - start, POINT), is_open=held.to_year is None)


def _note(roles_held):
    """What to write in the lane of a role that was held and that no source dates."""
    if not roles_held or any(held.from_year for held in roles_held):
        return ""
    phases = dict.fromkeys(held.get_phase_display() for held in roles_held if held.phase)
    return f"{', '.join(phases)}, non daté" if phases else "Tenu, non daté"


def _title(dated):
    """The finding in words: each role with the first year in which it is dated."""
    firsts: dict[str, int] = {}
    for held in dated:
        firsts[held.role_id] = min(held.from_year, firsts.get(held.role_id, held.from_year))
    told = " ; ".join(f"{RoleKey(key).label} dès {year}" for key, year in sorted(firsts.items(), key=lambda i: i[1]))
    return f"Rôles dans le temps : {told} ; détail dans le tableau"
