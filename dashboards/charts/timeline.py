"""The milestone timeline of an initiative: what was planned, what moved, what is done.

Wide: a row per milestone, its words at the left and its marks on a common time axis, so that
no label can meet another. Narrow: a list along a line from top to bottom, in order, not to scale.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from dashboards.charts.marks import KeyItem, Shape, View
from dashboards.charts.place import Box, Placer, Spot
from dashboards.charts.printable import Printable
from dashboards.charts.scale import Scale, day_number, month_ticks, short
from dashboards.charts.sheet import Sheet, beside
from dashboards.charts.text import text_width, wrap
from dashboards.charts.timeline_data import Milestone, MilestoneState, TimelineInput, When

_WIDTH = 720.0
_NAMES = 292.0  # the column of names in the wide view
_NARROW_WIDTH = 320.0
_TEXT = 14.5
_NARROW_TEXT = 13.5
_LEADING = 1.35


@dataclass(frozen=True, slots=True)
class Timeline(Printable):
    """The drawn timeline. No ``views`` means that nothing is dated: say ``empty``."""

    id: str
    title: str
    summary: str
    views: tuple[View, ...]
    key: tuple[KeyItem, ...]
    empty: str


def timeline(given: TimelineInput) -> Timeline:
    """Draw the timeline in its wide and its narrow view."""
    if not given.days():
        return Timeline(given.id, given.title, given.summary, (), (), given.words.empty)
    return Timeline(
        id=given.id,
        title=given.title,
        summary=given.summary,
        views=(_Wide(given).view(), _Narrow(given).view()),
        key=_key(given),
        empty="",
    )


def _key(given: TimelineInput) -> tuple[KeyItem, ...]:
    """The marks that occur on this timeline."""
    words = given.words
    states = {each.state for each in given.milestones}
    entries = [
        ("done", words.done, MilestoneState.DONE in states),
        ("late", words.late, MilestoneState.LATE in states),
        ("planned", words.planned, MilestoneState.PLANNED in states),
        ("dropped", words.dropped, MilestoneState.DROPPED in states),
        ("dropped", words.not_done, MilestoneState.NOT_DONE in states),
        ("moved", words.moved, any(each.original for each in given.milestones)),
        ("course", words.course, given.start is not None),
    ]
    return tuple(KeyItem(f"chart-key--{css}", text) for css, text, shown in entries if shown)


class _Wide(Sheet):
    """Rows on a common time axis."""

    def __init__(self, given: TimelineInput) -> None:
        super().__init__(given.id)
        self.given = given
        days = given.days()
        first, last = min(days), max(days)
        # Today is on the axis only where it belongs to the story (a year around it).
        self.today = first - timedelta(days=366) <= given.today <= last + timedelta(days=366)
        if self.today:
            first, last = min(first, given.today), max(last, given.today)
        self.first, self.last = first, last
        self.x = Scale(day_number(first), day_number(last, end=True), _NAMES + 20, _WIDTH - 20)
        self.top = _TEXT * 2 + 18
        self.bottom = self.top

    def view(self) -> View:
        """Draw the rows first, then the axis at the height that they took."""
        if self.given.start is not None:
            self._course(self.given.start)
        for milestone in self.given.milestones:
            self._row(milestone)
        self._axis()
        return self.finish("wide", _WIDTH, self.bottom + 6)

    def _course(self, start: When) -> None:
        """The bar from start to end; its uncertain ends are lighter, an open end is an arrow."""
        given, y = self.given, self.bottom + _TEXT * 1.3
        end = given.end
        x1, x2 = self._at(start.first), self._at(start.last, end=True)
        x4 = self._at(end.last, end=True) if end else self.x.end
        x3 = self._at(end.first) if end else x4
        x2, x3 = (x2, x3) if x2 <= x3 else ((x2 + x3) / 2, (x2 + x3) / 2)
        self.shape(
            "chart-course-bar chart-course-bar--vague", f"M{short(x1)} {short(y)}H{short(x4)}"
        )
        if x3 > x2:
            self.shape("chart-course-bar", f"M{short(x2)} {short(y)}H{short(x3)}")
        if given.ongoing or end is None:
            self.shape("chart-course-open", f"M{short(x4)} {short(y - 7)}l9 7-9 7")
        closing = given.words.ongoing if given.ongoing or end is None else end.label
        text = f"{start.label} – {closing}"
        self._text(wrap(text, _TEXT, _NAMES, most=2, bold=True), ())

    def _row(self, milestone: Milestone) -> None:
        """One milestone: its name and detail, the way it moved, its mark."""
        y = self.bottom + _TEXT * 1.3
        due, original = milestone.due, milestone.original
        x = self._middle(due)
        if milestone.state is MilestoneState.DONE and milestone.done is not None:
            x = self._at(milestone.done)
        elif due.last > due.first:
            span = f"M{short(self._at(due.first))} {short(y)}H{short(self._at(due.last, end=True))}"
            self.shape("chart-vague", span)
        if original is not None:
            self.moved(beside(self._middle(original), x), x, y)
        self.mark(milestone.state, x, y)
        self._text(
            wrap(milestone.name, _TEXT, _NAMES, most=2, bold=True),
            wrap(milestone.detail, _TEXT, _NAMES, most=2),
        )

    def _text(self, names: tuple[str, ...], details: tuple[str, ...]) -> None:
        """The words of a row; the row ends below them."""
        y = self.bottom + _TEXT * 1.65
        for css, lines in (("name", names), ("minor", details)):
            for line in lines:
                self.write(css, 0, y, line)
                y += _TEXT * _LEADING
        self.bottom = y - _TEXT * 0.25
        self.shapes.insert(0, Shape("chart-rule", f"M0 {short(self.bottom)}H{short(_WIDTH)}"))

    def _axis(self) -> None:
        """Months or years over the rows, and today as a line through them."""
        placer = Placer(Box(_NAMES - 10, 0, _WIDTH, self.top), gap=4)
        lines: list[Shape] = []
        if self.today:
            x = self._at(self.given.today)
            half = text_width(self.given.today_label, _TEXT, bold=True) / 2
            center = min(max(x, _NAMES + half), _WIDTH - half)
            spot = Spot(center, _TEXT, "middle")
            placer.place([self.given.today_label], [spot], _TEXT, bold=True)
            placer.take(Box(x - 1, _TEXT + 6, x + 1, self.top))
            self.write("today", center, _TEXT, self.given.today_label, "middle")
            lines.append(
                Shape("chart-today", f"M{short(x)} {short(_TEXT + 6)}V{short(self.bottom)}")
            )
        y = self.top - 6
        for day, is_year in month_ticks(self.first, self.last, 6):
            x = self._at(day)
            text = self.given.format_tick(day, is_year)
            lines.insert(
                0, Shape("chart-grid", f"M{short(x)} {short(self.top)}V{short(self.bottom)}")
            )
            if placer.place([text], [Spot(x, y, "middle")], _TEXT) is not None:
                self.write("tick", x, y, text, "middle")
        self.shapes[:0] = lines

    def _at(self, day: date, *, end: bool = False) -> float:
        return self.x(day_number(day, end=end))

    def _middle(self, when: When) -> float:
        """Where a date stands that is only known to a span."""
        return (self._at(when.first) + self._at(when.last, end=when.last > when.first)) / 2


class _Narrow(Sheet):
    """A list along a line from top to bottom."""

    def __init__(self, given: TimelineInput) -> None:
        super().__init__(given.id)
        self.given = given
        self.y = 4.0

    def view(self) -> View:
        """Start, milestones and today in the order of their dates, and the end."""
        given, words = self.given, self.given.words
        entries: list[tuple[date, int, Milestone | None]] = [
            (each.done or each.due.last, 1, each) for each in given.milestones
        ]
        entries.append((given.today, 0, None))
        if given.start is not None:
            self._entry(words.starts, given.start.label, "end")
        closing = given.words.ongoing if given.ongoing else given.end.label if given.end else ""
        ended = given.end is not None and not given.ongoing and given.end.last < given.today
        for day, _, milestone in sorted(entries, key=lambda entry: entry[:2]):
            if milestone is not None:
                self._entry(milestone.name, milestone.detail, milestone.state)
            elif not ended or day != given.today:
                self._entry(given.today_label, "", "today")
        if closing:
            self._entry(words.ends, closing, "end")
        spine = Shape("chart-spine", f"M14 14V{short(max(self.y - 20, 14))}")
        self.shapes.insert(0, spine)
        return self.finish("narrow", _NARROW_WIDTH, self.y)

    def _entry(self, name: str, detail: str, kind: MilestoneState | str) -> None:
        """One entry: its mark on the line, its words at the right."""
        size, width = _NARROW_TEXT, _NARROW_WIDTH - 38
        y = self.y + size
        middle = y - size * 0.35
        if isinstance(kind, MilestoneState):
            self.shape("chart-halo", f"M14 {short(middle)}h0")
            self.mark(kind, 14, middle)
        elif kind == "today":
            self.shape("chart-today", f"M4 {short(middle)}H24")
        else:
            self.shape("chart-stop", f"M14 {short(middle)}h0")
        css = "today" if kind == "today" else "name"
        for line in wrap(name, size, width, most=3, bold=True):
            self.write(css, 34, y, line)
            y += size * _LEADING
        for line in wrap(detail, size, width, most=3):
            self.write("minor", 34, y, line)
            y += size * _LEADING
        self.y = y + size * 0.4 - size + 8
