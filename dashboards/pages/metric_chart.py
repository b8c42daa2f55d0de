"""A metric's facts as its chart is given them: numbers, dates and words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

from dashboards import charts
from dashboards.charts import LineChart, LineInput, LineWords, Steps, line_chart
from dashboards.pages import words
from dashboards.pages.reasons import lowered
from dashboards.pages.words import Unit
from priorities.assessment.forecast import Forecast, ForecastMissing
from priorities.assessment.metric_status import MetricStanding
from priorities.enums import Calendar, MetricKind, Quality, TargetPath
from priorities.labels import label
from priorities.queries.metric_facts import FactRow, MetricFacts
from priorities.queries.publication import Document
from priorities.saying import gettext as _

#: As many remarks on single values as the chart numbers.
MOST_REMARKS = 5


def metric_chart(
    *,
    metric: Document,
    unit: Unit,
    facts: MetricFacts,
    standing: MetricStanding,
    outlook: Forecast | ForecastMissing | None,
    tz: ZoneInfo,
    fiscal_start_month: int,
) -> LineChart:
    """The drawn chart of one metric, in both views."""
    calendar = Calendar(metric["calendar"])
    baseline = facts.baseline()
    path = outlook.path if isinstance(outlook, Forecast) else ()

    def named(start: dt.date | None, end: dt.date) -> charts.Period:
        return charts.Period(
            start=start or end,
            end=end,
            label=_tick(calendar, start or end, end, fiscal_start_month),
        )

    return line_chart(
        LineInput(
            id="course",
            title=_("%(metric)s over time") % {"metric": metric["name"]},
            summary=chart_summary(metric, unit, facts, standing, fiscal_start_month),
            words=_words(),
            format_value=lambda value: words.quantity(Decimal(str(value)), unit),
            format_tick=lambda value, decimals: _tick_value(value, decimals, unit),
            actuals=tuple(
                charts.Actual(
                    period=named(row.start, row.end),
                    value=None if row.value is None else float(row.value),
                    provisional=row.quality == Quality.PROVISIONAL,
                )
                for row in facts.totals()
            ),
            targets=(
                *_period_targets(facts.targets, unit, named),
                *_dated_ranges(metric, facts.targets, unit, named),
            ),
            courses=_courses(metric, facts, unit),
            baseline=None
            if baseline is None
            else charts.Baseline(
                on=baseline.on,
                value=float(baseline.value),
                label=_("Baseline %(value)s") % {"value": words.quantity(baseline.value, unit)},
            ),
            forecast=tuple(
                charts.ForecastPoint(
                    period=named(step.period.start, step.period.end),
                    mean=float(step.mean),
                    low=float(step.low),
                    high=float(step.high),
                )
                for step in path
            ),
            forecast_label=_forecast_label(path, unit),
            notes=_notes(facts, unit),
            floor=0.0 if unit.kind in (MetricKind.PERCENT, MetricKind.COUNT) else None,
            ceiling=100.0 if unit.kind == MetricKind.PERCENT else None,
            steps=Steps.CLOCK if unit.is_clock else Steps.DECIMAL,
            rank=unit.kind == MetricKind.RANK,
            regular=calendar != Calendar.IRREGULAR,
        )
    )


def chart_summary(
    metric: Document,
    unit: Unit,
    facts: MetricFacts,
    standing: MetricStanding,
    fiscal_start_month: int,
) -> str:
    """The chart in one sentence, for those who do not see it."""
    values = [row for row in facts.totals() if row.value is not None]
    if not values:
        return _("No value has been reported yet.")
    first, last = values[0], values[-1]

    def said(row: FactRow) -> tuple[str, str]:
        period = words.period(row.start or row.end, row.end, fiscal_start_month=fiscal_start_month)
        return words.quantity(row.value or Decimal(0), unit), period

    (old, since), (new, until) = said(first), said(last)
    state = lowered(label(standing.said))
    if len(values) == 1:
        return _("One value: %(new)s in %(until)s; %(state)s.") % {
            "new": new,
            "until": until,
            "state": state,
        }
    return _(
        "From %(old)s in %(since)s to %(new)s in %(until)s, %(n)s values in all; %(state)s."
    ) % {
        "old": old,
        "since": since,
        "new": new,
        "until": until,
        "n": words.count(len(values)),
        "state": state,
    }


def _words() -> LineWords:
    return LineWords(
        actual=_("Actual"),
        estimate=_("Estimate"),
        estimate_mark=_("estimate"),
        target=_("Target of the period"),
        target_superseded=_("Earlier target"),
        target_range=_("Target range"),
        target_course=_("Way to the target"),
        forecast=_("Forecast, 80% range"),
        missing=_("No value"),
        empty=_("No value has been reported yet. The chart begins with the first two."),
        rank=_("The best rank, 1, is at the top."),
        starts_at=lambda low: _("The scale starts at %(low)s, not at zero.") % {"low": low},
    )


def _tick(calendar: Calendar, start: dt.date, end: dt.date, fiscal_start_month: int) -> str:
    """The short name of a period on the axis: "20-21", "2019", "Q2 22", "Jun 22"."""
    match calendar:
        case Calendar.FISCAL_YEAR:
            return f"{start.year % 100:02}-{end.year % 100:02}"
        case Calendar.CALENDAR_YEAR:
            return str(end.year)
        case Calendar.QUARTER:
            return _("Q%(quarter)s %(year)s") % {
                "quarter": (end.month + 2) // 3,
                "year": f"{end.year % 100:02}",
            }
    return words.month(end)


def _tick_value(value: float, decimals: int, unit: Unit) -> str:
    """A value on the axis, short enough to stand beside it."""
    if unit.is_clock:
        return words.amount(value, unit).value
    if unit.kind == MetricKind.PERCENT:
        return f"{words.number(value, decimals)}{unit.symbol or '%'}"
    symbol = (unit.symbol or "$") if unit.kind == MetricKind.CURRENCY else ""
    for size, short in ((1_000_000_000, "B"), (1_000_000, "M"), (10_000, "K")):
        if abs(value) >= size:
            scale = 1_000 if short == "K" else size
            text = words.number(Decimal(str(value)) / scale, 0, exact=True)
            return f"{symbol}{text}{short}"
    return f"{symbol}{words.number(value, decimals)}"


def _period_targets(
    rows: Sequence[FactRow], unit: Unit, named: object
) -> list[charts.PeriodTarget]:
    """Targets of periods, replaced ones first so that standing ones are drawn above."""
    found: list[charts.PeriodTarget] = []
    for row in sorted(rows, key=lambda each: (each.in_force, each.end)):
        low = row.low if row.value is None else row.value
        if row.start is None or low is None:
            continue
        value = words.quantity(low, unit)
        if row.high is not None:
            value = f"{value}–{words.quantity(row.high, unit)}"
        found.append(
            charts.PeriodTarget(
                period=named(row.start, row.end),  # type: ignore[operator]
                value=float(low),
                high=None if row.high is None else float(row.high),
                superseded=not row.in_force,
                label=_("Target %(value)s") % {"value": value},
            )
        )
    return found


def _dated_ranges(
    metric: Document, rows: Sequence[FactRow], unit: Unit, named: object
) -> list[charts.PeriodTarget]:
    """A range that holds from one date to the next; one that moves on the way has no band."""
    dated = sorted(
        (row for row in rows if row.start is None and row.high is not None and row.in_force),
        key=lambda each: each.end,
    )
    stepped = metric["path"] == TargetPath.STEP
    found: list[charts.PeriodTarget] = []
    for before, after in pairwise(dated):
        if before.low is None or before.high is None:
            continue
        if not stepped and (before.low, before.high) != (after.low, after.high):
            continue
        ends = {
            "low": words.amount(before.low, unit).value,
            "high": words.quantity(before.high, unit),
        }
        found.append(
            charts.PeriodTarget(
                period=named(before.end, after.end),  # type: ignore[operator]
                value=float(before.low),
                high=float(before.high),
                label=_("Target %(low)s–%(high)s") % ends,
            )
        )
    return found


def _courses(metric: Document, facts: MetricFacts, unit: Unit) -> tuple[charts.TargetCourse, ...]:
    """Dated targets joined from the baseline on; each replaced target keeps its own way."""
    dated = [row for row in facts.targets if row.start is None and row.value is not None]
    if not dated:
        return ()
    baseline = facts.baseline()
    begin = [] if baseline is None else [(baseline.on, float(baseline.value))]
    stepped = metric["path"] == TargetPath.STEP
    standing = [(r.end, float(r.value)) for r in dated if r.in_force and r.value is not None]
    courses = [
        charts.TargetCourse(
            points=(*begin, (row.end, float(row.value or 0))),
            stepped=stepped,
            superseded=True,
        )
        for row in dated
        if not row.in_force
    ]
    if standing:
        last = words.quantity(Decimal(str(standing[-1][1])), unit)
        courses.append(
            charts.TargetCourse(
                points=tuple(sorted({*begin, *standing})),
                stepped=stepped,
                label=_("Target %(value)s") % {"value": last},
            )
        )
    return tuple(courses)


def _forecast_label(path: Sequence[object], unit: Unit) -> tuple[str, ...]:
    if not path:
        return ()
    last = path[-1]
    low = words.amount(round(float(last.low), 6), unit)  # type: ignore[attr-defined]
    high = words.amount(round(float(last.high), 6), unit)  # type: ignore[attr-defined]
    short = high.unit if len(high.unit) <= len("min") else ""
    return (_("80% range"), f"{low.value}–{high.value}{'' if short == '%' else ' '}{short}".strip())


def _notes(facts: MetricFacts, unit: Unit) -> tuple[charts.Note, ...]:
    """What the chart numbers: changed targets, restated values, and what was noted of a value."""
    notes: list[charts.Note] = []
    remarks: list[charts.Note] = []
    by_pk = {row.pk: row for row in facts.observations}
    for row in facts.observations:
        before = by_pk.get(row.supersedes or -1)
        at = None if row.value is None else float(row.value)
        if (
            row.in_force
            and before is not None
            and before.value is not None
            and row.value is not None
        ):
            values = {
                "old": words.quantity(before.value, unit),
                "new": words.quantity(row.value, unit),
            }
            text = _("Restated from %(old)s to %(new)s") % values
            notes.append(charts.Note(on=row.end, text=_because(text, row.reason), value=at))
        elif row.in_force and row.note and not row.categories:
            remarks.append(charts.Note(on=row.end, text=row.note, value=at))
    # A remark on nearly every value hides the line: then the table alone has them.
    notes += _target_notes(facts, unit)
    return (*notes, *(remarks if len(remarks) <= MOST_REMARKS else ()))


def _target_notes(facts: MetricFacts, unit: Unit) -> list[charts.Note]:
    """Targets that were raised or lowered, and why."""
    notes: list[charts.Note] = []
    targets = {row.pk: row for row in facts.targets}
    for row in facts.targets:
        before = targets.get(row.supersedes or -1)
        if before is not None and before.value is not None and row.value is not None:
            values = {
                "old": words.quantity(before.value, unit),
                "new": words.quantity(row.value, unit),
            }
            if row.value < before.value:
                text = _("Target lowered from %(old)s to %(new)s") % values
            else:
                text = _("Target raised from %(old)s to %(new)s") % values
            notes.append(
                charts.Note(on=row.end, text=_because(text, row.reason), value=float(row.value))
            )
    return notes


def _because(text: str, reason: str) -> str:
    return f"{text}: {reason}" if reason else text
