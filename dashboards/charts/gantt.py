"""Initiatives on one time axis: their course, the end first planned, and their milestones.

Wide: names at the left, the course at the right, its milestones on a lane of their own below it.
Narrow: the name stands over its row. A bar that goes on beyond the chart ends in an arrow.
Milestones that would cover each other stand on further lanes, each at its own date.
"""

from dataclasses import dataclass
from datetime import date

from dashboards.charts.gantt_data import GanttInput, GanttRow
from dashboards.charts.marks import Circle, KeyItem, Shape, View
from dashboards.charts.place import Box, Placer, Spot, text_box
from dashboards.charts.printable import Printable
from dashboards.charts.scale import Scale, day_number, month_ticks, short
from dashboards.charts.sheet import MARK, RING, Sheet, beside
from dashboards.charts.text import text_width, wrap
from dashboards.charts.timeline_data import Milestone, MilestoneState, When

_LEADING = 1.3
#: From one lane of milestones to the next.
_LANE = 2 * MARK + 2
#: What has the cross of another state, in the key as on the chart.
_CROSS = {MilestoneState.NOT_DONE: MilestoneState.DROPPED.value}


@dataclass(frozen=True, slots=True)
class _Form:
    """The measures of one view. ``names`` is the width of their column; none: they stand above."""

    view: str
    width: float
    names: float
    text: float
    ticks: int


WIDE = _Form("wide", 960, 296, 14.5, 12)
NARROW = _Form("narrow", 344, 0, 13.5, 5)


@dataclass(frozen=True, slots=True)
class Gantt(Printable):
    """The drawn chart. No ``views`` means that there is no row: say ``empty``."""

    id: str
    title: str
    summary: str
    views: tuple[View, ...]
    key: tuple[KeyItem, ...]
    empty: str


def gantt(given: GanttInput) -> Gantt:
    """Draw the initiatives in a wide and a narrow view."""
    if not given.rows:
        return Gantt(given.id, given.title, given.summary, (), (), given.words.empty)
    views = tuple(_Chart(given, form).view() for form in (WIDE, NARROW))
    return Gantt(given.id, given.title, given.summary, views, _key(given), "")


def outside(row: GanttRow, first: date, last: date) -> int:
    """How many milestones of a row lie beyond the stretch that is drawn."""
    return sum(not first <= _day(each) <= last for each in row.milestones)


def _day(milestone: Milestone) -> date:
    """The day at which a milestone stands."""
    done = milestone.state is MilestoneState.DONE and milestone.done
    return done or milestone.due.last


def _key(given: GanttInput) -> tuple[KeyItem, ...]:
    """The marks that occur on this chart."""
    words = given.words
    shown = [
        each
        for row in given.rows
        for each in row.milestones
        if given.first <= _day(each) <= given.last
    ]
    states = {each.state for each in shown}
    moved = any(row.original_end for row in given.rows)
    entries = [
        ("course", words.course, any(row.start or row.end for row in given.rows)),
        ("unknown", words.unknown, any(row.end and not row.start for row in given.rows)),
        ("slip", words.slip, moved),
        ("original", words.original, moved or any(each.original for each in shown)),
        *(
            (_CROSS.get(state, state.value), getattr(words, state.value), state in states)
            for state in MilestoneState
        ),
        ("today", words.today, given.first <= given.today <= given.last),
    ]
    return tuple(KeyItem(f"chart-key--{css}", text) for css, text, is_shown in entries if is_shown)


class _Chart(Sheet):
    """One view of the rows."""

    def __init__(self, given: GanttInput, form: _Form) -> None:
        super().__init__(given.id)
        self.given, self.form = given, form
        left = form.names + 18 if form.names else 8.0
        first, last = day_number(given.first), day_number(given.last, end=True)
        self.x = Scale(first, last, left, form.width - 14)
        self.top = form.text * 2 + 16
        self.bottom = self.top
        self.written: list[Box] = []

    def view(self) -> View:
        """Draw the rows first, then the axis at the height that they took."""
        for row in self.given.rows:
            self._row(row)
        self._axis()
        return self.finish(self.form.view, self.form.width, self.bottom + 6)

    # ── One row ──

    def _row(self, row: GanttRow) -> None:
        """The words of an initiative, its bar, and the lane of its milestones."""
        top, size = self.bottom, self.form.text
        room = self.form.names or self.form.width - 8
        y = top + size * 1.5
        lines = [("name", line) for line in wrap(row.name, size, room, most=2, bold=True)]
        lines += [("minor", line) for line in wrap(row.detail, size, room, most=1)]
        for css, line in lines:
            self.write(css, 0, y, line)
            self.written.append(text_box([line], Spot(0, y, "start"), size, bold=css == "name"))
            y += size * _LEADING
        words_end = y - size * 0.55
        bar = top + size * 1.2 if self.form.names else words_end + size * 0.5
        self._course(row, bar)
        self.bottom = max(words_end, self._steps(row, bar) + 13)
        rule = f"M0 {short(self.bottom)}H{short(self.form.width)}"
        self.shapes.insert(0, Shape("chart-rule", rule))

    def _course(self, row: GanttRow, y: float) -> None:
        """The bar from start to end, and how far that is from the end first planned."""
        if row.start is None and row.end is None:
            self.write("minor", self.x.start, y + 4, self.given.words.no_dates)
            return
        left = self._at(row.start.first) if row.start else self.x.start
        right = self._at(row.end.last, end=True) if row.end else self.x.end
        left, right = self._held(left), self._held(right)
        planned = None
        if row.original_end is not None:
            planned = self._held(self._at(row.original_end.last, end=True))
        held = right if planned is None else min(right, planned)
        self._bar(row, left, held, y)
        if planned is not None and right > max(planned, left):
            self.shape("gantt-slip", _line(max(planned, left), right, y))
        if planned is not None:
            if planned > right:
                self.shape("gantt-given-up", _line(right, planned, y))
            self.circles.append(Circle("chart-original", short(planned), short(y), "4.5"))
        self._ends(row, y, left, right)

    def _bar(self, row: GanttRow, left: float, right: float, y: float) -> None:
        """The bar in the color of the state; lighter after today, dashed without a start."""
        css = f"gantt-bar gantt-bar--{row.tone.replace('_', '-')}"
        if row.start is None:
            css += " gantt-bar--unknown"
        today = self._held(self._at(self.given.today, end=True))
        if right > left and today > left:
            self.shape(css, _line(left, min(right, today), y))
        if right > max(left, today):
            self.shape(f"{css} gantt-bar--ahead", _line(max(left, today), right, y))

    def _ends(self, row: GanttRow, y: float, left: float, right: float) -> None:
        """A stop where it is closed; an arrow where it goes on beyond the chart."""
        if row.end is None or day_number(row.end.last, end=True) > self.x.high:
            self.shape("chart-course-open", f"M{short(self.x.end)} {short(y - 6)}l8 6-8 6")
        elif row.ends:
            self.shape("gantt-stop", f"M{short(right)} {short(y - 8)}v16")
        if row.start is not None and day_number(row.start.first) < self.x.low:
            self.shape("chart-course-open", f"M{short(left)} {short(y - 6)}l-8 6 8 6")

    def _steps(self, row: GanttRow, y: float) -> float:
        """The milestones of a row under its bar; answers where the lowest of them stands.

        Each stands on the first lane where neither it nor its way meets another.
        """
        placer = Placer(Box(0, y, self.form.width, float("inf")), gap=1)
        lowest = y
        for step in (each for each in row.milestones if self._inside(_day(each))):
            lane = y + 21
            while not placer.free(box := self._room(step, lane)):
                lane += _LANE
            placer.take(box)
            self._step(step, lane)
            lowest = max(lowest, lane)
        return lowest

    def _step(self, step: Milestone, y: float) -> None:
        """One milestone, and where it was first promised."""
        old, x = self._ends_of(step)
        if old is not None:
            self.moved(old, x, y)
        self.mark(step.state, x, y)

    def _room(self, step: Milestone, y: float) -> Box:
        """What a milestone and the way to it take of a lane."""
        old, x = self._ends_of(step)
        left, right = x - MARK, x + MARK
        if old is not None:
            left, right = min(left, old - RING), max(right, old + RING)
        return Box(max(left, 0), y - MARK, min(right, self.form.width), y + MARK)

    def _ends_of(self, step: Milestone) -> tuple[float | None, float]:
        """Where a milestone was first promised, if it moved, and where it is now."""
        at = step.done if step.state is MilestoneState.DONE and step.done else None
        x = self._held(self._at(at) if at else self._middle(step.due))
        if step.original is None:
            return None, x
        return self._held(beside(self._held(self._middle(step.original)), x)), x

    # ── The axis ──

    def _axis(self) -> None:
        """Months or years over the rows, and today as a line through them."""
        given, form = self.given, self.form
        placer = Placer(Box(form.names, 0, form.width, self.top), gap=4)
        lines: list[Shape] = []
        if self._inside(given.today):
            x = self._at(given.today)
            half = text_width(given.today_label, form.text, bold=True) / 2
            center = min(max(x, form.names + half), form.width - half)
            placer.take(Box(x - 1, form.text + 6, x + 1, self.top))
            self.write("today", center, form.text, given.today_label, "middle")
            lines.append(Shape("chart-today", self._through(x, form.text + 6)))
        y = self.top - 6
        for day, is_year in month_ticks(given.first, given.last, form.ticks):
            x = self._at(day)
            text = given.format_tick(day, is_year)
            line = f"M{short(x)} {short(self.top)}V{short(self.bottom)}"
            lines.insert(0, Shape("chart-grid", line))
            if placer.place([text], [Spot(x, y, "middle")], form.text) is not None:
                self.write("tick", x, y, text, "middle")
        self.shapes[:0] = lines

    def _through(self, x: float, top: float) -> str:
        """A line from the top to the bottom that leaves out the words it would run through."""
        parts = []
        met = (box for box in self.written if box.left - 3 <= x <= box.right + 3)
        for box in sorted(met, key=lambda each: each.top):
            if box.top > top:
                parts.append(f"M{short(x)} {short(top)}V{short(box.top)}")
            top = max(top, box.bottom)
        return "".join((*parts, f"M{short(x)} {short(top)}V{short(self.bottom)}"))

    # ── Where a day stands ──

    def _inside(self, day: date) -> bool:
        return self.given.first <= day <= self.given.last

    def _at(self, day: date, *, end: bool = False) -> float:
        return self.x(day_number(day, end=end))

    def _held(self, x: float) -> float:
        """A place on the chart: what lies beyond its edge stands at the edge."""
        return min(max(x, self.x.start), self.x.end)

    def _middle(self, when: When) -> float:
        """Where a date stands that is only known to a span."""
        return (self._at(when.first) + self._at(when.last, end=when.last > when.first)) / 2


def _line(left: float, right: float, y: float) -> str:
    return f"M{short(left)} {short(y)}H{short(right)}"
