"""Everything published about one metric as known at a moment, superseded rows included."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from priorities.assessment.expectation import BaselinePoint, TargetLine
from priorities.assessment.forecast import Forecast, ForecastMissing, Goal, forecast
from priorities.assessment.metric_status import (
    MetricStanding,
    Observed,
    newest_observed,
)
from priorities.assessment.periods import AsOf, next_period
from priorities.enums import Direction, MetricKind, MissingReason, Quality
from priorities.models import Baseline, Observation, Target
from priorities.queries.judging import MetricJudge
from priorities.queries.publication import Document
from priorities.queries.series import plain


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
        return forecast(observed, until=until, goal=goal, bounds=_possible(metric, observed))


def _possible(metric: Document, observed: Sequence[Observed]) -> tuple[Decimal, Decimal] | None:
    """Between what a value can lie; a count that has been negative may be so again."""
    endless = Decimal("Infinity")
    match metric["kind"]:
        case MetricKind.PERCENT:
            return Decimal(0), Decimal(100)
        case MetricKind.RANK:
            return Decimal(1), endless
        case MetricKind.COUNT | MetricKind.DURATION:
            values = [each.value for each in observed if each.value is not None]
            return (Decimal(0), endless) if min(values, default=Decimal(0)) >= 0 else None
    return None


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
