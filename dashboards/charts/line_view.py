"""One drawing of a metric chart at one size: geometry in, strings out."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from statistics import median

from dashboards.charts.line_data import Actual, Baseline, LineInput, Note, Period, PeriodTarget
from dashboards.charts.marks import Badge, Circle, Label, Shape, View
from dashboards.charts.place import (
    LEADING,
    Box,
    Placer,
    Spot,
    spread,
)
from dashboards.charts.scale import Axis, Scale, day_number, short
from dashboards.charts.spots import BADGE, WIDE, Size, around, badge, beside, group_names, thinned
from dashboards.charts.text import text_width, wrap

_DOT = 5.0


def draw_view(given: LineInput, axis: Axis, notes: Sequence[Note], size: Size) -> View:
    """Draw everything; labels that find no free place stay away (the table has their numbers)."""
    drawing = _Drawing(given, axis, size, bool(notes))
    drawing.draw_grid()
    drawing.draw_periods()
    drawing.draw_forecast()
    drawing.draw_targets()
    drawing.draw_actuals()
    drawing.draw_notes(notes)
    drawing.write_labels()
    prefix = f"{given.id}-{size.name}"
    return View(
        css=f"chart-view chart-view--{size.name}",
        title_id=f"{prefix}-title",
        desc_id=f"{prefix}-desc",
        view_box=f"0 0 {short(size.width)} {short(size.height)}",
        width=short(size.width),
        height=short(size.height),
        shapes=tuple(drawing.shapes),
        circles=tuple(drawing.circles),
        badges=tuple(drawing.badges),
        labels=tuple(drawing.labels),
    )


class _Drawing:
    """The state of a view while it is drawn: scales, what is painted, what is occupied."""

    def __init__(self, given: LineInput, axis: Axis, size: Size, noted: bool) -> None:
        self.given = given
        self.size = size
        self.axis = axis
        self.shapes: list[Shape] = []
        self.circles: list[Circle] = []
        self.badges: list[Badge] = []
        self.labels: list[Label] = []
        self.placer = Placer(Box(0, 0, size.width, size.height))
        self.tick_texts = [given.format_tick(tick, axis.decimals) for tick in axis.ticks]
        left = max(text_width(text, size.text) for text in self.tick_texts) + 10
        right = self._margin_right()
        top = size.text + 12 + (BADGE if noted else 0)
        self.plot = Box(left, top, size.width - right, size.height - size.text * 2 - 4)
        self.periods = _periods(given)
        lengths = [_length(each.period) for each in given.actuals]
        self.usual = median(lengths) if lengths else 0.0
        days = self._days()
        self.x = Scale(min(days), max(days), self.plot.left + 10, self.plot.right - 4)
        top_value, low_value = (axis.low, axis.high) if given.rank else (axis.high, axis.low)
        self.y = Scale(low_value, top_value, self.plot.bottom, self.plot.top)

    def _margin_right(self) -> float:
        """Room for the words at the ends of the target and the forecast, in the wide view."""
        if self.size is not WIDE:
            return 6.0
        texts = [*self.given.forecast_label, *(each.label for each in self._ends())]
        texts += [each.label for each in self.given.courses if not each.superseded]
        widest = max((text_width(text, self.size.text) for text in texts), default=0.0)
        return min(max(widest + 14, 12.0), self.size.width / 4)

    def _ends(self) -> list[PeriodTarget]:
        """The newest standing target, the one that is written out."""
        standing = [each for each in self.given.targets if not each.superseded]
        return sorted(standing, key=lambda each: each.period.end)[-1:]

    def _days(self) -> list[float]:
        """Every day number that has to be on the time axis."""
        days = [day_number(period.end) for period in self.periods]
        for target in self.given.targets:
            days += self._span(target.period)
        days += [day_number(on) for course in self.given.courses for on, _ in course.points]
        if self.given.baseline is not None:
            days.append(day_number(self.given.baseline.on))
        return days

    def _span(self, period: Period) -> tuple[float, float]:
        """From when to when a target of the period is drawn.

        A target of the same calendar as the values lies around its value, which stands at the
        period's end; a longer one (a year over months) lies over its own days.
        """
        end, length = day_number(period.end), _length(period)
        if self.usual and length > 1.5 * self.usual:
            return end - length, end
        return end - length / 2, end + length / 2

    def draw_grid(self) -> None:
        """The horizontal lines and the numbers beside them."""
        size = self.size
        for tick, text in zip(self.axis.ticks, self.tick_texts, strict=True):
            y = self.y(tick)
            css = "chart-grid chart-grid--zero" if tick == 0 else "chart-grid"
            self._shape(css, f"M{short(self.plot.left)} {short(y)}H{short(self.plot.right)}")
            self._write((text,), Spot(self.plot.left - 8, y + size.text * 0.35, "end"), "tick")

    def draw_periods(self) -> None:
        """The names of the periods, thinned until they stand apart; every period has a tick."""
        size, bottom = self.size, self.plot.bottom
        spots = [
            (period.label, Spot(self.x(day_number(period.end)), bottom + size.text + 9, "middle"))
            for period in self.periods
        ]
        named = thinned(spots, size)
        # Where names are far between, ticks at every period would only be noise.
        ticked = spots if len(spots) <= 6 * len(named) and len(spots) <= 48 else named
        if ticked:
            marks = "".join(f"M{short(spot.x)} {short(bottom)}v4" for _, spot in ticked)
            self._shape("chart-tick", marks)
        for text, spot in named:
            self._write((text,), spot, "tick")

    def draw_forecast(self) -> None:
        """The 80 % range as a fan from the last value, and its middle as a dotted line."""
        ahead = sorted(self.given.forecast, key=lambda each: each.period.end)
        if not ahead:
            return
        start = [
            (self.x(day_number(each.period.end)), self.y(each.value))
            for each in self._measured()[-1:]
            if each.value is not None
        ]
        xs = [self.x(day_number(each.period.end)) for each in ahead]
        lows = start + [(x, self.y(each.low)) for x, each in zip(xs, ahead, strict=True)]
        highs = start + [(x, self.y(each.high)) for x, each in zip(xs, ahead, strict=True)]
        means = start + [(x, self.y(each.mean)) for x, each in zip(xs, ahead, strict=True)]
        self._ground("chart-band", _path(highs + lows[::-1]) + "Z")
        self._shape("chart-mean", _path(means))
        self._avoid(means)

    def draw_targets(self) -> None:
        """Ranges as bands, targets as short lines; superseded ones are dashed and lighter."""
        for target, x1, x2 in self._target_strokes():
            old = " chart-target--old" if target.superseded else ""
            y = self.y(target.value)
            if target.high is not None:
                high = self.y(target.high)
                edge = f"V{short(high)}H{short(x1)}Z"
                self._ground(f"chart-range{old}", f"M{short(x1)} {short(y)}H{short(x2)}{edge}")
                self._shape(f"chart-target{old}", f"M{short(x1)} {short(high)}H{short(x2)}")
                self._avoid([(x1, high), (x2, high)])
            self._shape(f"chart-target{old}", f"M{short(x1)} {short(y)}H{short(x2)}")
            self._avoid([(x1, y), (x2, y)])
        self._draw_courses()

    def _target_strokes(self) -> list[tuple[PeriodTarget, float, float]]:
        """From where to where each target is drawn, old ones first; equal neighbors as one."""
        found: list[tuple[PeriodTarget, float, float]] = []
        for target in sorted(
            self.given.targets, key=lambda each: (not each.superseded, each.period.end)
        ):
            x1, x2 = (self.x(day) for day in self._span(target.period))
            if found:
                before, start, end = found[-1]
                kind = (target.value, target.high, target.superseded)
                if kind == (before.value, before.high, before.superseded) and abs(x1 - end) < 1.5:
                    found[-1] = (target, start, x2)
                    continue
            found.append((target, x1, x2))
        return found

    def _draw_courses(self) -> None:
        """Dated targets, joined; a diamond at each but the baseline, which is where it began."""
        for course in sorted(self.given.courses, key=lambda each: not each.superseded):
            corners: list[tuple[float, float]] = []
            for on, value in course.points:
                x = self.x(day_number(on))
                if course.stepped and corners:
                    corners.append((x, corners[-1][1]))
                corners.append((x, self.y(value)))
            old = " chart-course--old" if course.superseded else ""
            self._shape(f"chart-course{old}", _path(corners))
            self._avoid(corners)
            for on, value in course.points:
                if self.given.baseline is not None and on == self.given.baseline.on:
                    continue
                x, y = self.x(day_number(on)), self.y(value)
                diamond = f"M{short(x)} {short(y - 6)}l6 6l-6 6l-6-6Z"
                self._shape(f"chart-goal{old.replace('course', 'goal')}", diamond)
                self.placer.take(Box(x - 6, y - 6, x + 6, y + 6))

    def draw_actuals(self) -> None:
        """The line with its points; no line across a gap; estimates open; missing crossed."""
        measured: list[list[Actual]] = []
        before: Actual | None = None
        for actual in sorted(self.given.actuals, key=lambda each: each.period.end):
            if actual.value is None:
                x, y = self.x(day_number(actual.period.end)), self.plot.bottom - 9
                self._shape("chart-missing", f"M{short(x - 4)} {short(y - 4)}l8 8m0-8l-8 8")
                self.placer.take(Box(x - 5, y - 5, x + 5, y + 5))
            elif before is None or before.value is None or self._gap(before, actual):
                measured.append([actual])
            else:
                measured[-1].append(actual)
            before = actual
        runs = [[(each, *self._point(each)) for each in run] for run in measured]
        lines = "".join(_path([(x, y) for _, x, y in run]) for run in runs if len(run) > 1)
        if lines:
            self._shape("chart-actual", lines)
        for run in runs:
            self._avoid([(x, y) for _, x, y in run])
        alone = {run[0][0] for run in runs if len(run) == 1}
        self._draw_dots([point for run in runs for point in run], alone)

    def _draw_dots(self, points: list[tuple[Actual, float, float]], alone: set[Actual]) -> None:
        """A dot per value while there is room; else only where a dot says something."""
        room = (self.plot.right - self.plot.left) / max(len(points), 1)
        dots = ""
        for index, (actual, x, y) in enumerate(points):
            last = index == len(points) - 1
            if actual.provisional and (room >= 9 or last or actual in alone):
                self.circles.append(Circle("chart-estimate", short(x), short(y), short(_DOT)))
            elif room >= 9 or last or actual in alone:
                dots += f"M{short(x)} {short(y)}h0"
            else:
                continue
            self.placer.take(Box(x - _DOT, y - _DOT, x + _DOT, y + _DOT))
        if dots:
            self._shape("chart-dots", dots)

    def draw_notes(self, notes: Sequence[Note]) -> None:
        """Numbered marks above the plot, each with a fine line to what it speaks of."""
        groups = [[number] for number in range(1, len(notes) + 1)]
        texts, width = group_names(groups, self.size.text)
        while len(groups) * (width + 2) > self.size.width:
            # Too many to stand side by side: the nearest two in time share a mark.
            nearest = min(
                range(len(groups) - 1),
                key=lambda i: (notes[groups[i + 1][0] - 1].on - notes[groups[i][-1] - 1].on).days,
            )
            groups[nearest] += groups.pop(nearest + 1)
            texts, width = group_names(groups, self.size.text)
        xs = [self.x(self._clamped(notes[group[0] - 1].on)) for group in groups]
        y = BADGE / 2 + 1
        for group, text, x, at in zip(
            groups, texts, xs, spread(xs, width + 2, 0, self.size.width), strict=True
        ):
            values = [notes[n - 1].value for n in group]
            tops = (max(self.y(v), self.plot.top) for v in values if v is not None)
            reach = min(min(tops, default=self.plot.top), self.plot.bottom) - 8
            if reach > y + BADGE / 2:
                stroke = (at, y + BADGE / 2, x, reach)
                self._shape("chart-leader", _path([stroke[:2], stroke[2:]]))
                self.placer.strokes.append(stroke)
            box = Box(at - width / 2, y - BADGE / 2, at + width / 2, y + BADGE / 2)
            self.placer.take(box)
            self.badges.append(badge(box, text, self.size.text))

    def write_labels(self) -> None:
        """The words on the chart, the most needed first."""
        given, size = self.given, self.size
        # From here on the column of the value axis is not to be written over.
        self.placer.frame = Box(self.plot.left, 0, size.width, size.height)
        measured = self._measured()
        if measured:
            last = measured[-1]
            x, y = self._point(last)
            self._write((given.format_value(last.value or 0.0),), None, "value", around(x, y, size))
            if last.provisional:
                self._write(
                    (given.words.estimate_mark,), None, "minor", around(x, y, size, below=True)
                )
        elif given.words.empty:
            middle = (self.plot.left + self.plot.right) / 2
            lines = wrap(given.words.empty, size.text, self.plot.right - self.plot.left - 8)
            spots = [Spot(middle, self.plot.bottom - up, "middle") for up in range(60, 200, 20)]
            self._write(lines, None, "minor", spots)
        for target in self._ends():
            x1, x2 = (self.x(day) for day in self._span(target.period))
            y = self.y(target.value if target.high is None else target.high)
            self._write((target.label,), None, "target", beside(x1, x2, y, self.plot, size))
        for course in given.courses:
            if not course.superseded and course.points:
                x, y = self.x(day_number(course.points[-1][0])), self.y(course.points[-1][1])
                spots = beside(x - 10, x + 6, y, self.plot, size)
                self._write((course.label,), None, "target", spots)
        if given.forecast:
            end = max(given.forecast, key=lambda each: each.period.end)
            x, middle = self.x(day_number(end.period.end)), self.y((end.low + end.mean) / 2)
            self._write(
                given.forecast_label, None, "forecast", beside(x - 4, x, middle, self.plot, size)
            )
        if given.baseline is not None:
            self._write_baseline(given.baseline)

    def _write_baseline(self, baseline: Baseline) -> None:
        """The baseline's ring (unless a value stands there already) and its label."""
        x, y = self.x(day_number(baseline.on)), self.y(baseline.value)
        if not any(
            each.period.end == baseline.on and each.value == baseline.value
            for each in self.given.actuals
        ):
            self._shape("chart-baseline", f"M{short(x - 4)} {short(y - 4)}h8v8h-8Z")
        self._write((baseline.label,), None, "minor", around(x, y, self.size, beside_first=True))

    def _write(
        self, lines: Sequence[str], spot: Spot | None, css: str, spots: Sequence[Spot] = ()
    ) -> None:
        """Write at the spot, if it is free, or at the first free one of several."""
        lines = [line for line in lines if line]
        if not lines:
            return
        bold = css == "value"
        found = self.placer.place(
            lines, spots or ([spot] if spot else ()), self.size.text, bold=bold
        )
        if found is None:
            return
        for index, line in enumerate(lines):
            y = found.y + index * LEADING * self.size.text
            self.labels.append(
                Label(
                    f"chart-label chart-label--{css}", short(found.x), short(y), found.anchor, line
                )
            )

    def _measured(self) -> list[Actual]:
        """The periods that have a value, in order."""
        return sorted(
            (each for each in self.given.actuals if each.value is not None),
            key=lambda each: each.period.end,
        )

    def _gap(self, before: Actual, after: Actual) -> bool:
        """Whether a period is left out between two neighbors of a regular calendar."""
        if not self.given.regular:
            return False
        idle = (after.period.start - before.period.end).days - 1
        return idle > max(self.usual / 2, 1)

    def _point(self, actual: Actual) -> tuple[float, float]:
        """Where a value stands."""
        return self.x(day_number(actual.period.end)), self.y(actual.value or 0.0)

    def _clamped(self, on: date) -> float:
        """A date as a day number, kept within the time axis."""
        return min(max(day_number(on), self.x.low), self.x.high)

    def _shape(self, css: str, d: str) -> None:
        self.shapes.append(Shape(css, d))

    def _ground(self, css: str, d: str) -> None:
        """Paint an area under everything else, so that it hides no line."""
        self.shapes.insert(0, Shape(css, d))

    def _avoid(self, points: Sequence[tuple[float, float]]) -> None:
        """Remember a line as something that labels had better not cross."""
        self.placer.strokes += [(*one, *two) for one, two in pairwise(points)]


def _length(period: Period) -> float:
    """The days of a period."""
    return float((period.end - period.start).days + 1)


def _periods(given: LineInput) -> list[Period]:
    """Every period that the time axis names, in order, one per end date."""
    found: dict[date, Period] = {each.period.end: each.period for each in given.actuals}
    longest = max((_length(period) for period in found.values()), default=0.0)
    ahead = [each.period for each in given.forecast] + [each.period for each in given.targets]
    for period in ahead:
        if not longest or _length(period) <= 1.5 * longest:
            found.setdefault(period.end, period)
    return [found[end] for end in sorted(found)]


def _path(points: Sequence[tuple[float, ...]]) -> str:
    """Path data through these points."""
    return "M" + "L".join(f"{short(x)} {short(y)}" for x, y in points) if points else ""
