"""Sample charts for the component gallery, in every state that needs a look. Made-up figures."""

from dataclasses import replace
from datetime import date

from dashboards.charts.bars import Segment, StackedBar, stacked_bar
from dashboards.charts.gantt import Gantt, gantt
from dashboards.charts.gantt_data import GanttInput, GanttRow, GanttWords
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

WORDS = LineWords(
    actual="Actual",
    estimate="Estimate",
    estimate_mark="estimate",
    target="Target of the period",
    target_superseded="Earlier target",
    target_range="Target range",
    target_course="Course to the target",
    forecast="Forecast, 80% range",
    missing="No value",
    empty="No values yet",
    rank="Rank 1 is at the top.",
    starts_at=lambda low: f"The scale starts at {low}, not at zero.",
)
TIMELINE_WORDS = TimelineWords(
    done="Done",
    late="Late",
    planned="Planned",
    dropped="Dropped",
    not_done="Not done",
    moved="Moved from the original date",
    course="From start to end",
    today="Today",
    starts="Start",
    ends="End",
    ongoing="ongoing",
    empty="No dates yet",
)
GANTT_WORDS = GanttWords(
    course="From start to end by status, lighter after today",
    unknown="Start not set",
    slip="Later than first planned",
    original="Date first promised",
    done="Done",
    late="Late",
    planned="Planned",
    dropped="Dropped",
    not_done="Not done",
    today="Today",
    empty="No initiatives.",
    no_dates="No dates have been set.",
)


def percent(value: float) -> str:
    """A share as people write it."""
    return f"{value:.10g}%"


def percent_tick(value: float, decimals: int) -> str:
    """A share beside the axis."""
    return f"{value:.{decimals}f}%"


def number(value: float) -> str:
    """A count with separators."""
    return f"{value:,.10g}"


def number_tick(value: float, decimals: int) -> str:
    """A count beside the axis."""
    return f"{value:,.{decimals}f}"


def minutes(value: float, decimals: int = 0) -> str:
    """Seconds as minutes and seconds."""
    return f"{int(value) // 60}:{int(value) % 60:02d}"


def fiscal_year(ends: int) -> Period:
    """The fiscal year that ends on 30 June of a year."""
    label = f"{(ends - 1) % 100:02d}-{ends % 100:02d}"
    return Period(start=date(ends - 1, 7, 1), end=date(ends, 6, 30), label=label)


def month(index: int) -> Period:
    """The index-th month from January 2013."""
    start = date(2013 + index // 12, index % 12 + 1, 1)
    following = date(2013 + (index + 1) // 12, (index + 1) % 12 + 1, 1)
    end = date.fromordinal(following.toordinal() - 1)
    return Period(start=start, end=end, label=f"{start:%b %Y}")


def calls_answered() -> LineChart:
    """The full chart: estimate, targets that changed, forecast, notes."""
    values = (63, 89, 90, 82, 73, 78, 89, 81, 89)
    targets = {2016: 94, 2017: 90, 2018: 90, 2019: 90, 2021: 90, 2022: 91, 2023: 91}
    return line_chart(
        LineInput(
            id="sample-calls",
            title="Share of calls answered, FY 2012-13 to FY 2022-23",
            summary="The share rose from 63% to 89%; the target for FY 2021-22 is 91%.",
            words=WORDS,
            format_value=percent,
            format_tick=percent_tick,
            actuals=tuple(
                Actual(period=fiscal_year(2013 + index), value=value, provisional=index == 8)
                for index, value in enumerate(values)
            ),
            targets=(
                *(
                    PeriodTarget(
                        period=fiscal_year(year), value=value, label=f"Target {value:.0f}%"
                    )
                    for year, value in targets.items()
                ),
                PeriodTarget(period=fiscal_year(2017), value=94, superseded=True),
            ),
            baseline=Baseline(on=date(2013, 6, 30), value=63, label="Baseline 63%"),
            forecast=(
                ForecastPoint(period=fiscal_year(2022), mean=88.7, low=81, high=95),
                ForecastPoint(period=fiscal_year(2023), mean=88.4, low=78, high=98),
            ),
            forecast_label=("80% range", "78–98%"),
            notes=(
                Note(on=date(2017, 6, 30), value=94, text="Target lowered from 94% to 90%."),
                Note(on=date(2018, 6, 30), value=78, text="Restated from 80%."),
            ),
            floor=0,
            ceiling=100,
        )
    )


def availability() -> LineChart:
    """Values near a ceiling, with a missing year and an unnamed gap."""
    values = {2014: 99.83, 2015: 99.9, 2016: None, 2017: 99.98, 2018: 99.87, 2021: 99.95}
    return line_chart(
        LineInput(
            id="sample-availability",
            title="Network availability",
            summary="Between 99.83% and 99.98%; FY 2015-16 has no value.",
            words=WORDS,
            format_value=percent,
            format_tick=percent_tick,
            actuals=tuple(
                Actual(period=fiscal_year(year), value=value) for year, value in values.items()
            ),
            targets=tuple(
                PeriodTarget(period=fiscal_year(year), value=99.9, label="Target 99.9%")
                for year in range(2014, 2023)
            ),
            ceiling=100,
        )
    )


def waiting() -> LineChart:
    """A falling duration on its way to a dated target, once lowered, by the month."""
    return line_chart(
        LineInput(
            id="sample-waiting",
            title="Average wait",
            summary="The wait fell from 5:00 to 2:10; the goal is 2:00 by the end of 2023.",
            words=WORDS,
            format_value=minutes,
            format_tick=minutes,
            actuals=tuple(
                Actual(period=month(index), value=300 - index * 1.5 + (index * 7919 % 31))
                for index in range(120)
            ),
            baseline=Baseline(on=date(2013, 1, 31), value=300, label="Baseline 5:00"),
            courses=(
                TargetCourse(
                    points=((date(2013, 1, 31), 300), (date(2023, 12, 31), 120)),
                    label="Goal 2:00",
                ),
                TargetCourse(
                    points=((date(2013, 1, 31), 300), (date(2023, 12, 31), 180)), superseded=True
                ),
            ),
            steps=Steps.CLOCK,
        )
    )


def change() -> LineChart:
    """Negative numbers, zero, and a range to stay in."""
    return line_chart(
        LineInput(
            id="sample-change",
            title="Change in staff",
            summary="Staff changed by between −40 and +25 a year; the aim is −10 to +10.",
            words=WORDS,
            format_value=lambda value: f"{value:+.0f}".replace("-", "−") if value else "0",
            format_tick=lambda value, decimals: f"{value:.{decimals}f}".replace("-", "−"),
            actuals=tuple(
                Actual(period=fiscal_year(2016 + index), value=value)
                for index, value in enumerate((-40, -12, 0, 25, 8, 0))
            ),
            targets=tuple(
                PeriodTarget(period=fiscal_year(year), value=-10, high=10, label="Aim ±10")
                for year in range(2017, 2023)
            ),
            steps=Steps.WHOLE,
        )
    )


def rank() -> LineChart:
    """A rank, with 1 on top."""
    return line_chart(
        LineInput(
            id="sample-rank",
            title="Rank among large cities",
            summary="From place 7 to place 1.",
            words=WORDS,
            format_value=number,
            format_tick=number_tick,
            actuals=tuple(
                Actual(period=fiscal_year(2017 + index), value=value)
                for index, value in enumerate((7, 4, 5, 2, 1))
            ),
            rank=True,
        )
    )


def single() -> LineChart:
    """One value."""
    return line_chart(
        LineInput(
            id="sample-single",
            title="Employees set up for remote work",
            summary="24,000 in January 2022.",
            words=WORDS,
            format_value=number,
            format_tick=number_tick,
            actuals=(Actual(period=fiscal_year(2022), value=24000),),
            steps=Steps.WHOLE,
        )
    )


def unmeasured() -> LineChart:
    """Targets, but no value yet."""
    return line_chart(
        LineInput(
            id="sample-unmeasured",
            title="Satisfaction",
            summary="No values yet; the target is 80%.",
            words=WORDS,
            format_value=percent,
            format_tick=percent_tick,
            targets=(PeriodTarget(period=fiscal_year(2023), value=80, label="Target 80%"),),
            ceiling=100,
        )
    )


def nothing() -> LineChart:
    """Nothing at all."""
    return line_chart(
        LineInput(
            id="sample-nothing",
            title="Satisfaction",
            summary="No values yet.",
            words=WORDS,
            format_value=percent,
            format_tick=percent_tick,
        )
    )


def lines() -> tuple[LineChart, ...]:
    """Every sample of the metric chart."""
    return (
        calls_answered(),
        availability(),
        waiting(),
        change(),
        rank(),
        single(),
        unmeasured(),
        nothing(),
    )


def sparks() -> tuple[Spark, ...]:
    """Rising with a target, falling, broken by a gap, level, one value, none."""
    series: tuple[tuple[str, tuple[float | None, ...], float | None], ...] = (
        ("rising", (63, 89, 90, 82, 73, 78, 89, 81, 89), 91),
        ("falling", (480, 470, 460, 445, 419), None),
        ("gap", (3, 4, None, 6, None, 5, 5.5), 5),
        ("level", (100, 100, 100), 100),
        ("single", (24000,), None),
        ("empty", (), 5),
    )
    return tuple(
        sparkline(
            id=f"sample-spark-{name}",
            title=f"Sample: {name}",
            summary=f"A {name} series of {len(values)} periods.",
            values=values,
            target=target,
        )
        for name, values, target in series
    )


def bars() -> tuple[StackedBar, ...]:
    """Every state, one tiny count among many, a single state, nothing."""
    mixes = (
        (
            "every",
            {
                "completed": 3,
                "on_track": 12,
                "at_risk": 3,
                "off_track": 2,
                "overdue": 2,
                "never_reported": 2,
                "paused": 1,
                "cancelled": 1,
            },
        ),
        ("tiny", {"on_track": 480, "at_risk": 1, "off_track": 2}),
        ("single", {"off_track": 1}),
        ("none", {"on_track": 0}),
    )
    return tuple(
        stacked_bar(
            id=f"sample-bar-{name}",
            title="Initiatives by state",
            summary=", ".join(f"{count} {key}" for key, count in counts.items()),
            segments=[Segment(key, count) for key, count in counts.items()],
        )
        for name, counts in mixes
    )


def _day(year: int, month: int, day: int) -> When:
    """An exact date."""
    on = date(year, month, day)
    return When(first=on, last=on, label=f"{day} {on:%b %Y}")


MILESTONES = (
    Milestone(
        name="Requirements agreed with 12 departments",
        state=MilestoneState.DONE,
        due=_day(2022, 6, 30),
        done=date(2022, 6, 12),
        detail="Done 12 Jun 2022, due 30 Jun 2022",
    ),
    Milestone(
        name="Contract signed",
        state=MilestoneState.DONE,
        due=_day(2023, 1, 20),
        original=_day(2022, 10, 1),
        done=date(2023, 2, 3),
        detail="Done 3 Feb 2023, due 20 Jan 2023, moved from 1 Oct 2022",
    ),
    Milestone(
        name="Multilingual request form: Spanish release",
        state=MilestoneState.LATE,
        due=_day(2023, 5, 15),
        original=_day(2023, 2, 15),
        detail="Due 15 May 2023, moved from 15 Feb 2023",
    ),
    Milestone(
        name="Telephone menu replaced",
        state=MilestoneState.DROPPED,
        due=_day(2023, 6, 1),
        detail="Dropped; was due 1 Jun 2023",
    ),
    Milestone(
        name="Citywide launch",
        state=MilestoneState.PLANNED,
        due=When(first=date(2023, 10, 1), last=date(2023, 12, 31), label="Q4 2023"),
        detail="Due Q4 2023",
    ),
)


def timelines() -> tuple[Timeline, ...]:
    """A moved, a late, a planned, a dropped and a done milestone; one with nothing dated."""
    return (
        timeline(
            TimelineInput(
                id="sample-timeline",
                title="Milestones",
                summary="2 of 5 milestones are done, 1 is late.",
                words=TIMELINE_WORDS,
                today=date(2023, 7, 7),
                today_label="Today, 7 Jul 2023",
                format_tick=lambda day, is_year: f"{day:%Y}" if is_year else f"{day:%b}",
                start=When(first=date(2022, 1, 1), last=date(2022, 3, 31), label="Q1 2022"),
                end=When(first=date(2023, 12, 1), last=date(2023, 12, 31), label="Dec 2023"),
                milestones=MILESTONES,
            )
        ),
        timeline(
            TimelineInput(
                id="sample-timeline-empty",
                title="Milestones",
                summary="No dates yet.",
                words=TIMELINE_WORDS,
                today=date(2023, 7, 7),
                today_label="Today",
                format_tick=lambda day, is_year: f"{day:%b %Y}",
            )
        ),
    )


def gantts() -> tuple[Gantt, ...]:
    """A course that slipped, one that goes on, one that ended, one without dates; no rows."""
    spring, winter = _day(2022, 2, 1), _day(2023, 12, 31)
    rows = (
        GanttRow(
            name="MyLA311 replacement",
            detail="At risk · 45%",
            tone="at_risk",
            start=spring,
            end=winter,
            original_end=_day(2023, 6, 30),
            milestones=MILESTONES,
        ),
        GanttRow(name="Digital inclusion", detail="On track", tone="on_track", start=spring),
        GanttRow(
            name="Permanent Wi-Fi hotspots",
            detail="Cancelled 22 Mar 2023",
            tone="cancelled",
            end=_day(2023, 3, 22),
            ends=True,
        ),
        GanttRow(name="Angeleno account", detail="Not reported", tone="never_reported"),
    )
    given = GanttInput(
        id="sample-gantt",
        title="Initiatives in time",
        summary="4 initiatives and their milestones (5), from 1 Jan 2022 to 31 Dec 2023.",
        words=GANTT_WORDS,
        first=date(2022, 1, 1),
        last=date(2023, 12, 31),
        today=date(2023, 7, 7),
        today_label="7 Jul 2023",
        format_tick=lambda day, is_year: f"{day:%Y}" if is_year else f"{day:%b}",
        rows=rows,
    )
    return gantt(given), gantt(replace(given, id="sample-gantt-empty", rows=()))
