"""The *frise*: who held which role, and when, as figures for a drawing.

Only dated facts are drawn over years. An end that no source gives is shown as such: a role begun in 2018 is a point
followed by a short dotted line, never a bar that runs to today. Where no role is dated and phases are known, the frise
is that of the phases, in outline: their order is known, not their years. The same facts are drawn twice, for a wide
place and for a narrow one; the page shows the one that fits.
"""

from dataclasses import dataclass

from roles.models import Phase, RoleKey

POINT = 12  # the least width of a bar: an act dated by its year alone


@dataclass(frozen=True)
class Layout:
    """Where things go in a drawing, in its own units."""

    name: str
    width: int
    left: int  # the axis
    right: int
    top: int
    lane: int
    bar: int
    bar_y: int  # within its lane
    label_y: int  # the middle of the icon and of the label, within their lane
    stub: int  # the dotted line of an end that is not said
    most_ticks: int


WIDE = Layout("large", 760, 150, 740, top=28, lane=42, bar=24, bar_y=9, label_y=21, stub=44, most_ticks=8)
NARROW = Layout("etroite", 320, 28, 304, top=30, lane=60, bar=20, bar_y=34, label_y=18, stub=30, most_ticks=4)


@dataclass(frozen=True)
class Bar:
    x: int
    width: int
    is_open: bool
    stub: int

    @property
    def end(self):
        return self.x + self.width

    @property
    def stub_end(self):
        return self.end + self.stub


@dataclass(frozen=True)
class Lane:
    key: str
    label: str
    bars: list[Bar]
    note: str
    top: int
    layout: Layout

    @property
    def y(self):
        return self.top + self.layout.bar_y

    @property
    def middle(self):
        return self.y + self.layout.bar // 2

    @property
    def baseline(self):
        return self.middle + 5

    @property
    def icon_y(self):
        return self.top + self.layout.label_y - 11

    @property
    def label_baseline(self):
        return self.top + self.layout.label_y + 5


@dataclass(frozen=True)
class Tick:
    text: str
    x: int
    line: int
    anchor: str = "middle"
    y: int = 20


@dataclass(frozen=True)
class Frise:
    layout: Layout
    lanes: list[Lane]
    ticks: list[Tick]
    title: str
    is_dated: bool = True

    @property
    def bottom(self):
        return self.layout.top + self.layout.lane * len(self.lanes) + 8

    @property
    def height(self):
        return self.bottom + 10


def draw(roles_held, steps):
    """The frise of these roles in each layout: over years, else over phases, and none where neither is known."""
    if any(held.from_year for held in roles_held):
        return [_draw(roles_held, steps, layout) for layout in (WIDE, NARROW)]
    if any(held.phase for held in roles_held):
        return [_draw_phases(roles_held, layout) for layout in (WIDE, NARROW)]
    return []


def _draw_phases(roles_held, layout):
    width = (layout.right - layout.left) // len(Phase)
    starts = {phase: layout.left + width * number for number, phase in enumerate(Phase)}
    held_in: dict[str, list[str]] = {key: [] for key in RoleKey}
    for held in roles_held:
        if held.phase and held.phase not in held_in[held.role_id]:
            held_in[held.role_id].append(held.phase)
    lanes = [
        Lane(
            key.value,
            key.label,
            [Bar(start + 4, width - 8, False, 0) for phase, start in starts.items() if phase in held_in[key]],
            "" if held_in[key] else _note([held for held in roles_held if held.role_id == key]),
            layout.top + layout.lane * number,
            layout,
        )
        for number, key in enumerate(RoleKey)
    ]
    told = " ; ".join(
        f"{key.label} ({', '.join(phase.label.lower() for phase in Phase if phase in phases)})"
        for key, phases in ((key, held_in[key]) for key in RoleKey)
        if phases
    )
    # Long names in a narrow place: the first begins at the left, the last ends at the right, the other is above them.
    places = [(0, "start", 20), (width // 2, "middle", 1), (width, "end", 20)]
    if layout is WIDE:
        places = [(width // 2, "middle", 20)] * len(Phase)
    ticks = [
        Tick(phase.label, start + offset, start, anchor, y)
        for (phase, start), (offset, anchor, y) in zip(starts.items(), places, strict=True)
    ]
    return Frise(layout, lanes, ticks, f"Rôles selon les phases\u00a0: {told} ; détail dans le tableau", is_dated=False)


def _draw(roles_held, steps, layout):
    dated = [held for held in roles_held if held.from_year]
    years = [held.from_year for held in dated] + [held.to_year or 0 for held in dated] + [step.year for step in steps]
    first = min(filter(None, years)) // 5 * 5
    last = -(-(max(years) + 1) // 5) * 5
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100) if (last - first) / step <= layout.most_ticks)

    def x(year):
        return layout.left + round((year - first) * (layout.right - layout.left - layout.stub) / (last - first))

    lanes = [
        Lane(
            key.value,
            key.label,
            [_bar(held, x, layout) for held in dated if held.role_id == key],
            _note([held for held in roles_held if held.role_id == key]),
            layout.top + layout.lane * number,
            layout,
        )
        for number, key in enumerate(RoleKey)
    ]
    ticks = [Tick(str(year), x(year), x(year)) for year in range(first, last + 1, step)]
    return Frise(layout, lanes, ticks, _title(dated))


def _bar(held, x, layout):
    start = x(held.from_year)
    end = x(held.to_year + 1) if held.to_year and held.to_year > held.from_year else start
    return Bar(start, max(end - start, POINT), is_open=held.to_year is None, stub=layout.stub)


def _note(roles_held):
    """What to write in a lane where nothing can be drawn: the words of the table, when all its holders share them."""
    if any(held.from_year for held in roles_held):
        return ""
    told = {(held.get_phase_display(), held.period_text) for held in roles_held}
    if len(told) > 1:
        return "Plusieurs périodes, voir le tableau"
    return "".join(f"{phase}, {period[0].lower()}{period[1:]}" if phase else period for phase, period in told)


def _title(dated):
    """The finding in words: each role with the first year in which it is dated."""
    firsts: dict[str, int] = {}
    for held in dated:
        firsts[held.role_id] = min(held.from_year, firsts.get(held.role_id, held.from_year))
    told = " ; ".join(f"{RoleKey(key).label} dès {year}" for key, year in sorted(firsts.items(), key=lambda i: i[1]))
    return f"Rôles dans le temps : {told} ; détail dans le tableau"
