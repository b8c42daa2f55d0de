"""A metric as a card: its newest value, what it is held against, its course, its state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards.charts.spark import Spark, sparkline
from dashboards.pages import words
from dashboards.pages.chrome import marks_url
from dashboards.pages.elements import MetricCard
from dashboards.pages.raw import picked, raw
from dashboards.pages.reading import fiscal_start_month, metric_judge
from dashboards.pages.words import Unit
from dashboards.visit import Visit
from priorities.assessment.expectation import Expected, ExpectedBasis, TargetLine
from priorities.assessment.metric_status import MetricStanding
from priorities.enums import Calendar, Direction, MetricKind, MetricState
from priorities.queries.publication import Document, Documents
from priorities.queries.series import CardFacts, Figure, card_facts
from priorities.saying import gettext as _


@dataclass(frozen=True, slots=True)
class RatedMetric:
    """A metric with its figures and what they say."""

    metric: Document
    facts: CardFacts
    standing: MetricStanding

    @property
    def newest(self) -> Figure | None:
        """The figure that is shown: the newest one with a value."""
        return next((f for f in reversed(self.facts.figures) if f.value is not None), None)


def rated_metrics(
    visit: Visit, found: Documents, metrics: Sequence[Document]
) -> tuple[RatedMetric, ...]:
    """Metrics with their card facts and standings, in the order given. Queries: one, or none."""
    if not metrics:
        return ()
    judge = metric_judge(visit, found)
    calendars = {metric["pk"]: Calendar(metric["calendar"]) for metric in metrics}
    facts = card_facts(calendars, as_of=visit.as_of)
    return tuple(
        RatedMetric(metric, own, judge.card(metric, own))
        for metric in metrics
        for own in (facts.get(metric["pk"]) or CardFacts(),)
    )


def metric_cards(
    visit: Visit, found: Documents, rated: Sequence[RatedMetric]
) -> tuple[MetricCard, ...]:
    """The cards of some metrics."""
    fiscal, url = fiscal_start_month(found), marks_url(visit)
    return tuple(_card(visit, each, fiscal, url) for each in rated)


def _card(visit: Visit, rated: RatedMetric, fiscal: int, url: str) -> MetricCard:
    metric, standing, newest = rated.metric, rated.standing, rated.newest
    unit = Unit.of(metric)
    shown = words.amount(newest.value, unit) if newest and newest.value is not None else None
    trust = newest.provenance if newest else metric["provenance"]
    return MetricCard(
        url=visit.link("metric", metric=metric["code"]),
        title=metric["name"],
        value=shown.value if shown else "",
        unit=shown.unit if shown else "",
        missing="" if shown else words.missing(_missing_reason(standing)),
        pill=words.metric_pill(standing),
        basis=basis(rated, unit, fiscal),
        spark=metric_spark(rated, unit, fiscal),
        note=_note(metric, standing),
        marks=words.marks(trust, url=url),
    )


def _missing_reason(standing: MetricStanding) -> str:
    return (standing.missing.missing_reason or "") if standing.missing else ""


def _note(metric: Document, standing: MetricStanding) -> str:
    """What stands opposite the pill: which way is better, or what was said before the silence."""
    if standing.state == MetricState.OVERDUE:
        return words.last_said(standing.last_said)
    if standing.days_overdue:
        return words.state_pill(MetricState.OVERDUE, days_overdue=standing.days_overdue).label
    return words.way(metric["direction"])


def basis(rated: RatedMetric, unit: Unit, fiscal: int) -> str:
    """The line under the value: "Target 91% by Jun 2022 · FY 2020-21, estimate"."""
    standing, newest = rated.standing, rated.newest
    target = target_words(standing.expected, rated.facts.targets, unit)
    if newest is None:
        return target
    when = period_words(newest, rated.metric, fiscal)
    if standing.is_estimate:
        when = _("%(period)s, estimate") % {"period": when}
    if standing.direction == Direction.INFORMATIONAL:
        return when
    if standing.expected is None and rated.facts.targets:
        # A target of another time beside the pill "No target" would look like a mistake.
        return _("No target for %(period)s · %(target)s") % {"period": when, "target": target}
    return f"{target} · {when}"


def period_words(figure: Any, metric: Document, fiscal: int) -> str:
    """The name of a figure's period; of an irregular metric the day, or its month."""
    return words.period(figure.start, figure.end, fiscal_start_month=fiscal)


def target_words(expected: Expected | None, targets: Sequence[TargetLine], unit: Unit) -> str:
    """What the value is held against, or will be."""
    if expected is None:
        coming = max(targets, key=lambda line: line.end, default=None)
        if coming is None:
            return _("No target set")
        return _by(coming, coming.end, unit)
    if expected.until is not None:
        promised, now = _by(expected.until, expected.until.on, unit), bounds(expected, unit)
        if now == bounds(expected.until, unit):
            return promised
        # What is promised for later does not judge the value: what follows from it for now does.
        return _("%(target)s, %(now)s by now") % {"target": promised, "now": now}
    if expected.basis == ExpectedBasis.DATED_TARGET:
        return _by(expected, expected.on, unit)
    return _("Target %(target)s") % {"target": bounds(expected, unit)}


def _by(target: Any, on: dt.date, unit: Unit) -> str:
    return _("Target %(target)s by %(day)s") % {
        "target": bounds(target, unit),
        "day": words.month(on),
    }


def bounds(target: Any, unit: Unit) -> str:
    """A value, or a range: "90%", "95% to 99%"."""
    if target.value is not None:
        return words.quantity(target.value, unit)
    low, high = target.low, target.high
    if low is None or high is None:
        one = low if high is None else high
        return "" if one is None else words.quantity(one, unit)
    return _("%(low)s to %(high)s") % {
        "low": words.quantity(low, unit),
        "high": words.quantity(high, unit),
    }


def metric_spark(rated: RatedMetric, unit: Unit, fiscal: int, *, id: str = "") -> Spark:
    """The course of the values; a period without one breaks the line."""
    metric, figures = rated.metric, rated.facts.figures
    points = list(_points(figures, regular=metric["calendar"] != Calendar.IRREGULAR))
    aim = rated.standing.expected
    end = aim.until if aim is not None and aim.until is not None else aim
    low, high = (None, None) if end is None else (end.value, None)
    if end is not None and end.value is None:
        low, high = end.low, end.high
    return sparkline(
        id=id or f"spark-{metric['code']}",
        title=metric["name"],
        summary=course_words(figures, unit, fiscal),
        values=[value for _at, value in points],
        positions=[at for at, _value in points],
        target=None if low is None else float(low),
        target_high=None if high is None else float(high),
        inverted=metric["kind"] == MetricKind.RANK,
    )


def _points(figures: Sequence[Figure], *, regular: bool) -> Iterator[tuple[float, float | None]]:
    """Places in time and values; where a period is left out, nothing stands between."""
    before: Figure | None = None
    for figure in figures:
        at = float(figure.end.toordinal())
        if regular and before is not None and (figure.start - before.end).days > 1:
            yield (before.end.toordinal() + at) / 2, None
        yield at, figure.value
        before = figure


def course_words(figures: Sequence[Figure], unit: Unit, fiscal: int) -> str:
    """The course in a sentence, for those who do not see it."""
    valued = [figure for figure in figures if figure.value is not None]
    if not valued:
        return _("No values yet.")
    first, last = valued[0], valued[-1]
    ends = {
        "first": words.quantity(first.value or 0.0, unit),
        "since": words.period(first.start, first.end, fiscal_start_month=fiscal),
        "last": words.quantity(last.value or 0.0, unit),
        "until": words.period(last.start, last.end, fiscal_start_month=fiscal),
        "n": words.count(len(valued)),
    }
    if len(valued) == 1:
        return _("One value: %(last)s in %(until)s.") % ends
    return _("From %(first)s in %(since)s to %(last)s in %(until)s; %(n)s values.") % ends


def metric_json(rated: RatedMetric) -> dict[str, Any]:
    """A metric and how it stands, in raw values."""
    metric, standing, newest = rated.metric, rated.standing, rated.newest
    expected = standing.expected
    return {
        **picked(metric, "code", "name", "unit", "kind", "direction", "headline", "provenance"),
        "value": raw(newest.value if newest else None),
        "period": _period_json(newest.start, newest.end) if newest else None,
        "quality": newest.quality if newest else None,
        "value_provenance": newest.provenance if newest else None,
        "missing": _missing_json(standing),
        "state": standing.state.value,
        "last_said": raw(standing.last_said),
        "days_overdue": standing.days_overdue,
        "expected": None
        if expected is None
        else {
            "basis": expected.basis.value,
            "on": raw(expected.on),
            "value": raw(expected.value),
            "low": raw(expected.low),
            "high": raw(expected.high),
        },
        "shortfall": raw(standing.shortfall),
        "tolerance": raw(standing.tolerance),
    }


def _missing_json(standing: MetricStanding) -> dict[str, Any] | None:
    missing = standing.missing
    if missing is None:
        return None
    return {
        "period": _period_json(missing.start, missing.end),
        "reason": raw(missing.missing_reason),
    }


def _period_json(start: dt.date, end: dt.date) -> dict[str, str]:
    return {"start": start.isoformat(), "end": end.isoformat()}
