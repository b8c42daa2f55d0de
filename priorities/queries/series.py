"""The figures of metrics as known at a moment: light ones for cards, whole ones for one metric."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import (
    CharField,
    F,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast, JSONArray

from priorities.assessment.expectation import BaselinePoint, TargetLine
from priorities.assessment.forecast import Forecast, ForecastMissing, Goal, forecast
from priorities.assessment.freshness import Freshness, Timetable, windows_for
from priorities.assessment.metric_status import (
    MetricStanding,
    Observed,
    newest_observed,
    rate_metric,
)
from priorities.assessment.periods import AsOf, next_period
from priorities.enums import Calendar, Direction, MetricKind, MissingReason, Quality, TargetPath
from priorities.models import Baseline, Metric, Observation, Target
from priorities.queries.publication import Document

#: How far back a card's sparkline goes, in years: about two dozen points, whatever the calendar.
CARD_YEARS = {
    Calendar.MONTH: 2,
    Calendar.QUARTER: 6,
    Calendar.FISCAL_YEAR: 24,
    Calendar.CALENDAR_YEAR: 24,
}
OBSERVATION, TARGET, BASELINE = "o", "t", "b"


class Figure(NamedTuple):
    """One period's figure as the card needs it; ``value`` None has its ``missing`` reason."""

    start: dt.date
    end: dt.date
    value: float | None
    quality: str
    missing: str
    provenance: str

    def observed(self) -> Observed:
        """The figure as the rules take it; six decimals survive the way through a float."""
        return Observed(
            self.start,
            self.end,
            None if self.value is None else exact(repr(self.value)),
            Quality(self.quality),
            MissingReason(self.missing) if self.missing else None,
        )


@dataclass(slots=True)
class CardFacts:
    """What a metric's card needs: corrections resolved, periods in order."""

    figures: list[Figure] = field(default_factory=list)
    targets: list[TargetLine] = field(default_factory=list)
    baseline: BaselinePoint | None = None

    def newest(self) -> tuple[Observed | None, Observed | None]:
        """The newest figure with a value, and a newer one without."""
        rated = next((f for f in reversed(self.figures) if f.value is not None), None)
        last = self.figures[-1] if self.figures else None
        missing = last if last is not None and last.value is None else None
        return (
            rated.observed() if rated is not None else None,
            missing.observed() if missing is not None else None,
        )


def exact(text: str | None) -> Decimal | None:
    """A number of the database's text as the decimal it was stored from."""
    return None if text is None else plain(Decimal(text))


def plain(value: Decimal | None) -> Decimal | None:
    """A decimal without the zeros that its column pads it with: 90 for 90.000000."""
    return None if value is None else value.normalize() + 0


def card_facts(
    metrics: QuerySet[Metric], *, as_of: AsOf, whole: bool = False
) -> dict[int, CardFacts]:
    """For each metric, by primary key: its recent figures, standing targets and baseline.

    ``whole``: all its figures, not only as many as a card draws.

    Corrections are resolved: the newest published row of a period wins. Only totals; categories
    are read with the metric's own page. Queries: one.
    """
    ids = metrics.order_by().values("pk")
    rows = _light(Observation, ids, as_of, OBSERVATION, recent=not whole).union(
        _light(Target, ids, as_of, TARGET), _light(Baseline, ids, as_of, BASELINE), all=True
    )
    # A correction is made after what it corrects, so the highest key of a period wins.
    newest: dict[tuple[int, str, str | None, str | None], Any] = {}
    for row in rows:
        key = row[:4] if row[1] != BASELINE else (row[0], BASELINE, None, None)
        if key not in newest or newest[key][-1] < row[-1]:
            newest[key] = row
    found: dict[int, CardFacts] = {}
    for row in newest.values():
        _take(found.setdefault(row[0], CardFacts()), row)
    for facts in found.values():
        facts.figures.sort(key=lambda figure: (figure.end, figure.start))
        facts.targets.sort(key=lambda line: (line.end, line.start or line.end))
    return found


def _take(facts: CardFacts, row: Any) -> None:
    """Put one row of the statement where it belongs."""
    _metric, kind, start, end, value, low, high, quality, missing, provenance, _pk = row
    if kind == OBSERVATION:
        number = None if value is None else float(value)
        facts.figures.append(Figure(_day(start), _day(end), number, quality, missing, provenance))
    elif kind == TARGET:
        since = _day(start) if start else None
        facts.targets.append(TargetLine(since, _day(end), exact(value), exact(low), exact(high)))
    elif (point := exact(value)) is not None:
        facts.baseline = BaselinePoint(_day(end), point)


@lru_cache(maxsize=16_384)
def _day(text: str) -> dt.date:
    """A date from the database's text: a few hundred of them stand in many thousand rows."""
    return dt.date.fromisoformat(text)


def _light(
    model: Any, ids: QuerySet[Any], as_of: AsOf, kind: str, *, recent: bool = False
) -> QuerySet[Any]:
    """One branch of the statement: the same columns for observations, targets and baselines.

    Dates and numbers come as text: a conversion by the ORM in each of thousands of rows costs
    more than the query.
    """
    facts = model.objects.filter(metric__in=ids, published_at__lte=as_of.moment)
    nothing = Cast(Value(None), TextField())
    blank = Value("", output_field=CharField())
    columns: dict[str, Any] = {
        "_kind": Value(kind, output_field=CharField()),
        "_start": Cast("period_start" if kind != BASELINE else Value(None), CharField()),
        "_end": Cast("period_end" if kind != BASELINE else "on", CharField()),
        "_value": Cast("value", TextField()),
        "_low": Cast("low", TextField()) if kind == TARGET else nothing,
        "_high": Cast("high", TextField()) if kind == TARGET else nothing,
        "_quality": F("quality") if kind == OBSERVATION else blank,
        "_missing": F("missing_reason") if kind == OBSERVATION else blank,
    }
    if kind == OBSERVATION:
        facts = facts.filter(categories="")
    if recent:
        cut = Q(metric__calendar=Calendar.IRREGULAR.value)
        for calendar, years in CARD_YEARS.items():
            since = dt.date(as_of.day.year - years, 1, 1)
            cut |= Q(metric__calendar=calendar.value, period_end__gte=since)
        facts = facts.filter(cut)
    rows: QuerySet[Any] = (
        facts.order_by().annotate(**columns).values_list("metric_id", *columns, "provenance", "pk")
    )
    return rows


def latest_figures(metrics: QuerySet[Metric], *, as_of: AsOf) -> dict[int, Figure]:
    """The newest figure with a value of each metric, by primary key. Queries: one."""
    newest = (
        Observation.objects.filter(
            metric=OuterRef("pk"),
            categories="",
            value__isnull=False,
            published_at__lte=as_of.moment,
        )
        .order_by("-period_end", "-published_at", "-id")
        .values(
            said=Cast(
                JSONArray(
                    "period_start",
                    "period_end",
                    Cast("value", FloatField()),
                    "quality",
                    "missing_reason",
                    "provenance",
                ),
                TextField(),
            )
        )
    )
    rows = metrics.order_by().annotate(said=Subquery(newest[:1], output_field=TextField()))
    return {pk: _figure(said) for pk, said in rows.values_list("pk", "said") if said is not None}


def _figure(said: str) -> Figure:
    start, end, value, quality, missing, provenance = json.loads(said)
    day = dt.date.fromisoformat
    return Figure(day(start), day(end), float(value), quality, missing, provenance)


class MetricJudge:
    """Rates metrics on one day; timetables are made once for each calendar and grace.

    ``closings`` maps a plan's code to its closing day, or None while it runs: a metric that only
    closed plans ask for is judged as of the last of their closing days.
    """

    def __init__(
        self,
        *,
        as_of: AsOf,
        closings: Mapping[str, dt.date | None],
        fiscal_start_month: int,
    ) -> None:
        self.as_of = as_of
        self.closings = closings
        self.fiscal_start_month = fiscal_start_month
        self._tables: dict[tuple[Calendar, int, dt.date, int], Timetable] = {}

    def judged_on(self, metric: Document) -> dt.date:
        """The day on which a metric is judged: today, its retirement, or its plans' closing."""
        days = [self.as_of.day]
        if metric["retired_on"]:
            days.append(metric["retired_on"])
        plans = {code.partition("/")[0] for code in (*metric["priorities"], *metric["initiatives"])}
        closings = [self.closings[code] for code in plans if code in self.closings]
        if closings and all(day is not None for day in closings):
            days.append(max(day for day in closings if day is not None))
        return min(days)

    def freshness(
        self, metric: Document, first: dt.date | None, last_end: dt.date | None
    ) -> Freshness:
        """Is the metric reported? Its figures begin on ``first`` and go to ``last_end``."""
        expected_from = metric["started_on"] or first or metric["recorded_at"].date()
        calendar, on = Calendar(metric["calendar"]), self.judged_on(metric)
        key = (calendar, metric["grace_days"], on, expected_from.year)
        table = self._tables.get(key)
        if table is None:
            windows = windows_for(
                calendar,
                first=dt.date(expected_from.year, 1, 1),
                on=on,
                grace_days=metric["grace_days"],
                fiscal_start_month=self.fiscal_start_month,
            )
            table = self._tables[key] = Timetable(windows, on=on)
        return table.freshness(last_end, expected_from)

    def standing(
        self,
        metric: Document,
        *,
        figures: Sequence[Figure] | Sequence[Observed],
        rated: Observed | None,
        missing: Observed | None,
        targets: Iterable[TargetLine],
        baseline: BaselinePoint | None,
    ) -> MetricStanding:
        """What the numbers say about a metric on the day, with the reasons."""
        first = figures[0].start if figures else None
        last = max((f.end for f in figures), default=None)
        return rate_metric(
            direction=Direction(metric["direction"]),
            observation=rated,
            missing=missing,
            targets=targets,
            baseline=baseline,
            freshness=self.freshness(metric, first, last),
            path=TargetPath(metric["path"]),
            tolerance=metric["tolerance"],
        )

    def card(self, metric: Document, facts: CardFacts) -> MetricStanding:
        """The standing of a metric from its card facts."""
        rated, missing = facts.newest()
        return self.standing(
            metric,
            figures=facts.figures,
            rated=rated,
            missing=missing,
            targets=facts.targets,
            baseline=facts.baseline,
        )


@dataclass(frozen=True, slots=True)
class FactRow:
    """One published row about a metric, whole. ``in_force``: nothing published supersedes it."""

    pk: int
    start: dt.date | None
    end: dt.date
    value: Decimal | None
    published_at: dt.datetime
    recorded_by: str
    provenance: str
    supersedes: int | None
    reason: str
    note: str
    in_force: bool
    source: str = ""
    source_url: str = ""
    quality: str = ""
    missing: str = ""
    categories: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    adopted_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class MetricFacts:
    """Everything published about one metric by a moment, oldest period first."""

    observations: tuple[FactRow, ...]
    targets: tuple[FactRow, ...]
    baselines: tuple[FactRow, ...]

    def totals(self) -> tuple[FactRow, ...]:
        """The observations in force, without those of single categories, by period."""
        return tuple(row for row in self.observations if row.in_force and not row.categories)

    def observed(self) -> tuple[Observed, ...]:
        """The totals as the rules take them."""
        return tuple(
            Observed(
                row.start or row.end,
                row.end,
                row.value,
                Quality(row.quality),
                MissingReason(row.missing) if row.missing else None,
            )
            for row in self.totals()
        )

    def target_lines(self) -> tuple[TargetLine, ...]:
        """The targets in force."""
        return tuple(
            TargetLine(row.start, row.end, row.value, row.low, row.high)
            for row in self.targets
            if row.in_force
        )

    def baseline(self) -> BaselinePoint | None:
        """The baseline in force."""
        rows = [row for row in self.baselines if row.in_force and row.value is not None]
        return (
            BaselinePoint(rows[-1].end, rows[-1].value)
            if rows and rows[-1].value is not None
            else None
        )

    def standing(self, metric: Document, judge: MetricJudge) -> MetricStanding:
        """What the numbers say, with the reasons."""
        observed = self.observed()
        rated, missing = newest_observed(observed)
        return judge.standing(
            metric,
            figures=observed,
            rated=rated,
            missing=missing,
            targets=self.target_lines(),
            baseline=self.baseline(),
        )

    def outlook(self, metric: Document) -> Forecast | ForecastMissing:
        """Where the metric is heading: to its next target, or two periods on without one."""
        observed = self.observed()
        newest = max((figure.end for figure in observed if figure.value is not None), default=None)
        ahead = [line for line in self.target_lines() if newest is None or line.end > newest]
        goal_line = min(ahead, key=lambda line: line.end, default=None)
        until = goal_line.end if goal_line else _two_on(observed)
        goal = None
        if goal_line is not None and metric["direction"] != Direction.INFORMATIONAL:
            direction = Direction(metric["direction"])
            goal = Goal(direction, goal_line.value, goal_line.low, goal_line.high)
        percent = metric["kind"] == MetricKind.PERCENT
        bounds = (Decimal(0), Decimal(100)) if percent else None
        return forecast(observed, until=until, goal=goal, bounds=bounds)


def _two_on(observed: Sequence[Observed]) -> dt.date:
    """The end of the second period after the newest value."""
    valued = [figure for figure in observed if figure.value is not None]
    if not valued:
        return dt.date.min
    return next_period(next_period(valued[-1].period)).end


def metric_facts(metric_pk: int, *, as_of: AsOf) -> MetricFacts:
    """All published facts of one metric, superseded ones included. Queries: three."""
    return MetricFacts(
        observations=_whole(Observation, metric_pk, as_of),
        targets=_whole(Target, metric_pk, as_of),
        baselines=_whole(Baseline, metric_pk, as_of),
    )


def _whole(model: Any, metric_pk: int, as_of: AsOf) -> tuple[FactRow, ...]:
    """The rows of one table, oldest period first, then in the order they became known."""
    end = "on" if model is Baseline else "period_end"
    rows = list(
        model.objects.filter(metric=metric_pk, published_at__lte=as_of.moment).order_by(
            end, "published_at", "pk"
        )
    )
    superseded = {row.supersedes_id for row in rows}
    return tuple(
        FactRow(
            pk=row.pk,
            start=getattr(row, "period_start", None),
            end=getattr(row, end),
            value=plain(row.value),
            published_at=row.published_at,
            recorded_by=row.recorded_by,
            provenance=row.provenance,
            supersedes=row.supersedes_id,
            reason=row.reason,
            note=row.note,
            in_force=row.pk not in superseded,
            source=getattr(row, "source", "") or getattr(row, "authority", ""),
            source_url=getattr(row, "source_url", "") or getattr(row, "authority_url", ""),
            quality=getattr(row, "quality", ""),
            missing=getattr(row, "missing_reason", ""),
            categories=getattr(row, "categories", ""),
            low=plain(getattr(row, "low", None)),
            high=plain(getattr(row, "high", None)),
            adopted_on=getattr(row, "adopted_on", None),
        )
        for row in rows
    )
