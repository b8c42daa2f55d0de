"""Who rates metrics: the rules, on the day on which each is to be judged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from priorities.assessment.expectation import BaselinePoint, TargetLine
from priorities.assessment.freshness import Freshness, Timetable, windows_for
from priorities.assessment.metric_status import (
    MetricStanding,
    Observed,
    rate_metric,
)
from priorities.assessment.periods import AsOf
from priorities.enums import Calendar, Direction, PlanState, TargetPath
from priorities.models import Metric, Organization, Plan
from priorities.queries.publication import Document, documents
from priorities.queries.series import CardFacts, Figure, card_facts
from priorities.queries.standing import closing_day


def judged(
    metrics: QuerySet[Metric], *, as_of: AsOf
) -> tuple[tuple[Document, MetricStanding], ...]:
    """Some metrics with what the numbers say of each now, by code; internal ones too.

    Queries: two, and one for none.
    """
    found = documents(metrics, Plan.objects.all(), Organization.objects.all(), as_of=as_of, undo={})
    plans = found["plan"].values()
    agencies = found["organization"].values()
    fiscal = [each["fiscal_year_start_month"] for each in agencies]
    zones = [ZoneInfo(each["time_zone"]) for each in agencies]
    judge = MetricJudge(
        as_of=as_of,
        closings={p["code"]: closing_day(p) for p in plans if p["state"] != PlanState.DRAFT},
        fiscal_start_month=(*fiscal, 7)[0],
        tz=(*zones, dt.UTC)[0],
    )
    rows = found["metric"].values()
    facts = card_facts({row["pk"]: Calendar(row["calendar"]) for row in rows}, as_of=as_of)
    return tuple((row, judge.card(row, facts.get(row["pk"]) or CardFacts())) for row in rows)


class MetricJudge:
    """Rates metrics on one day; timetables are made once for each calendar and grace.

    ``closings`` maps a plan's code to its closing day, or None while it runs: a metric that only
    closed plans ask for is judged as of the last of their closing days. ``tz``: the agency's.
    """

    def __init__(
        self,
        *,
        as_of: AsOf,
        closings: Mapping[str, dt.date | None],
        fiscal_start_month: int,
        tz: dt.tzinfo,
    ) -> None:
        self.as_of = as_of
        self.closings = closings
        self.fiscal_start_month = fiscal_start_month
        self.tz = tz
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
        expected_from = (
            metric["started_on"] or first or metric["recorded_at"].astimezone(self.tz).date()
        )
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
        on = self.judged_on(metric)
        last = max((figure.end for figure in figures if figure.covers(on)), default=None)
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
