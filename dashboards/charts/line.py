"""The metric chart: what was measured, what was aimed at, and what may come.

Everything stands at the end of its period, so that a straight-line target reads true at each
value. Better never flips the axis: a falling wait falls; only ranks have 1 on top, and say so.
"""

from dataclasses import dataclass

from dashboards.charts.line_data import LineInput
from dashboards.charts.line_view import draw_view
from dashboards.charts.marks import KeyItem, NoteItem, View
from dashboards.charts.printable import Printable
from dashboards.charts.scale import Axis, rank_axis, value_axis
from dashboards.charts.spots import NARROW, WIDE


@dataclass(frozen=True, slots=True)
class LineChart(Printable):
    """The drawn chart. No ``views`` means that there is nothing to draw: say ``empty``."""

    id: str
    title: str
    summary: str
    views: tuple[View, ...]
    key: tuple[KeyItem, ...]
    notes: tuple[NoteItem, ...]
    remarks: tuple[str, ...]
    empty: str


def line_chart(given: LineInput) -> LineChart:
    """Draw the chart in its wide and its narrow view."""
    values = given.values()
    notes = sorted(given.notes, key=lambda note: note.on)
    if not values:
        return LineChart(given.id, given.title, given.summary, (), (), (), (), given.words.empty)
    axis = _axis(given, values)
    return LineChart(
        id=given.id,
        title=given.title,
        summary=given.summary,
        views=(
            draw_view(given, axis, notes, WIDE),
            draw_view(given, axis, notes, NARROW),
        ),
        key=_key(given),
        notes=tuple(NoteItem(str(n), note.text) for n, note in enumerate(notes, start=1)),
        remarks=_remarks(given, axis),
        empty="" if any(each.value is not None for each in given.actuals) else given.words.empty,
    )


def _axis(given: LineInput, values: list[float]) -> Axis:
    """The value axis of this metric."""
    if given.rank:
        return rank_axis(values)
    return value_axis(values, floor=given.floor, ceiling=given.ceiling, steps=given.steps)


def _remarks(given: LineInput, axis: Axis) -> tuple[str, ...]:
    """What a reader has to know about the axis."""
    if given.rank:
        return (given.words.rank,)
    if not axis.shows_zero:
        return (given.words.starts_at(given.format_tick(axis.low, axis.decimals)),)
    return ()


def _key(given: LineInput) -> tuple[KeyItem, ...]:
    """The marks that occur on this chart, in the order in which a reader meets them."""
    words = given.words
    measured = [each for each in given.actuals if each.value is not None]
    single = [each for each in given.targets if each.high is None]
    entries = (
        ("actual", words.actual, any(not each.provisional for each in measured)),
        ("estimate", words.estimate, any(each.provisional for each in measured)),
        ("target", words.target, any(not each.superseded for each in single)),
        (
            "course",
            words.target_course,
            any(len(each.points) > 1 and not each.superseded for each in given.courses),
        ),
        ("range", words.target_range, any(each.high is not None for each in given.targets)),
        (
            "old",
            words.target_superseded,
            any(each.superseded for each in given.targets)
            or any(each.superseded for each in given.courses),
        ),
        ("forecast", words.forecast, bool(given.forecast)),
        ("missing", words.missing, len(measured) < len(given.actuals)),
    )
    return tuple(KeyItem(f"chart-key--{css}", text) for css, text, shown in entries if shown)
