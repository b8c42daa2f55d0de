"""What a Gantt chart is given: initiatives with their dates, and words already prepared."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from dashboards.charts.timeline_data import Milestone, When


@dataclass(frozen=True, slots=True, kw_only=True)
class GanttRow:
    """One initiative. ``original_end`` is given when its end was moved; ``tone`` is its state.

    ``detail`` is the line under the name: "On track · 68%". ``ends`` says that ``end`` is final: it
    is closed. Without ``end`` it goes on beyond the chart.
    """

    name: str
    detail: str
    tone: str
    start: When | None = None
    end: When | None = None
    original_end: When | None = None
    ends: bool = False
    milestones: tuple[Milestone, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GanttWords:
    """The words under the chart, already translated."""

    course: str
    unknown: str
    slip: str
    original: str
    done: str
    late: str
    planned: str
    dropped: str
    not_done: str
    today: str
    empty: str
    no_dates: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GanttInput:
    """Some initiatives on one stretch of time, ``first`` to ``last``; what lies outside is cut.

    ``format_tick`` gets a first of a month and "is it January".
    """

    id: str
    title: str
    summary: str
    words: GanttWords
    first: date
    last: date
    today: date
    today_label: str
    format_tick: Callable[[date, bool], str]
    rows: tuple[GanttRow, ...] = ()
