"""Charts drawn on the server: numbers and dates in, placed strings out.

Nothing here knows Django, words or colors. The caller passes formatted words and formatters;
the templates in ``templates/components/charts/`` place the strings; ``_charts.scss`` colors them.
Each chart carries a title and a summary of one sentence; its numbers stand in a table beside it.
"""

from dashboards.charts.bars import Segment, StackedBar, stacked_bar
from dashboards.charts.line import LineChart, line_chart
from dashboards.charts.line_data import (
    Actual,
    Baseline,
    ForecastPoint,
    LineInput,
    LineWords,
    Note,
    Period,
    PeriodTarget,
    TargetCourse,
)
from dashboards.charts.scale import Steps
from dashboards.charts.spark import Spark, sparkline
from dashboards.charts.timeline import Timeline, timeline
from dashboards.charts.timeline_data import (
    Milestone,
    MilestoneState,
    TimelineInput,
    TimelineWords,
    When,
)

__all__ = [
    "Actual",
    "Baseline",
    "ForecastPoint",
    "LineChart",
    "LineInput",
    "LineWords",
    "Milestone",
    "MilestoneState",
    "Note",
    "Period",
    "PeriodTarget",
    "Segment",
    "Spark",
    "StackedBar",
    "Steps",
    "TargetCourse",
    "Timeline",
    "TimelineInput",
    "TimelineWords",
    "When",
    "line_chart",
    "sparkline",
    "stacked_bar",
    "timeline",
]
