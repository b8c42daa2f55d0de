"""The figures of many metrics as known at a moment, as light as cards need them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import (
    CharField,
    F,
    FloatField,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast, JSONArray

from priorities.assessment.expectation import BaselinePoint, TargetLine
from priorities.assessment.metric_status import (
    Observed,
)
from priorities.assessment.periods import AsOf
from priorities.enums import Calendar, MissingReason, Quality
from priorities.models import Baseline, Metric, Observation, Target

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
    metrics: Mapping[int, Calendar], *, as_of: AsOf, whole: bool = False
) -> dict[int, CardFacts]:
    """For each metric, by primary key: its recent figures, standing targets and baseline.

    ``metrics``: the calendar of each, which says how far back its card goes. ``whole``: all its
    figures, not only as many as a card draws.

    Corrections are resolved: the newest published row of a period wins. Only totals; categories
    are read with the metric's own page. Queries: one.
    """
    if not metrics:
        return {}
    branches = [_light(kind, metrics, as_of) for kind in (TARGET, BASELINE)]
    branches += _observations(metrics, as_of, whole=whole)
    statement = " UNION ALL ".join(sql for sql, _values in branches)
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for _sql, values in branches for value in values])
        rows = cursor.fetchall()
    # A correction is made after what it corrects, so the highest key of a period wins.
    newest: dict[tuple[Any, ...], Any] = {}
    for row in rows:
        key = row[:4]
        known = newest.get(key)
        if known is None or known[-1] < row[-1]:
            newest[key] = row
    found: dict[int, CardFacts] = {}
    for row in newest.values():
        facts = found.get(row[0])
        if facts is None:
            facts = found[row[0]] = CardFacts()
        _take(facts, row)
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
        facts.baseline = BaselinePoint(_day(low), point)


@lru_cache(maxsize=16_384)
def _day(text: str) -> dt.date:
    """A date from the database's text: a few hundred of them stand in many thousand rows."""
    return dt.date.fromisoformat(text)


Branch = tuple[str, list[Any]]


def _observations(metrics: Mapping[int, Calendar], as_of: AsOf, *, whole: bool) -> list[Branch]:
    """The branches of the figures: of each calendar those that its cards draw.

    One for each, so that each is one stretch of the index (metric, period end).
    """
    by_calendar: dict[Calendar, list[int]] = {}
    for pk, calendar in metrics.items():
        by_calendar.setdefault(Calendar(calendar), []).append(pk)
    branches = []
    for calendar, pks in by_calendar.items():
        sql, values = _light(OBSERVATION, pks, as_of)
        sql, values = f"{sql} AND categories = %s", [*values, ""]
        if not whole and calendar in CARD_YEARS:
            since = dt.date(as_of.day.year - CARD_YEARS[calendar], 1, 1)
            sql, values = f"{sql} AND period_end >= %s", [*values, since.isoformat()]
        branches.append((sql, values))
    return branches


def _light(kind: str, metrics: Iterable[int], as_of: AsOf) -> Branch:
    """One branch of the statement: the facts of one kind about some metrics, as text."""
    pks = list(metrics)
    select, values = _select(kind, connection.vendor)
    places = ", ".join(["%s"] * len(pks))
    moment = connection.ops.adapt_datetimefield_value(as_of.moment)
    sql = f"{select} WHERE metric_id IN ({places}) AND published_at <= %s"
    return sql, [*values, *pks, moment]


@cache
def _select(kind: str, vendor: str) -> tuple[str, tuple[Any, ...]]:
    """The same columns for observations, targets and baselines; made once a database.

    Dates and numbers come as text: a conversion in each of thousands of rows costs more than
    the query. A baseline's day stands where a target has its lowest: the newest baseline is in
    force whatever its day, so the day is no part of what tells rows apart.
    """
    nothing = Cast(Value(None), TextField())
    blank = Value("", output_field=CharField())
    own_low: dict[str, Any] = {TARGET: "low", BASELINE: "on"}
    columns: dict[str, Any] = {
        "_kind": Value(kind, output_field=CharField()),
        "_start": Cast("period_start" if kind != BASELINE else Value(None), CharField()),
        "_end": Cast("period_end" if kind != BASELINE else Value(None), CharField()),
        "_value": Cast("value", TextField()),
        "_low": Cast(own_low.get(kind, Value(None)), TextField()),
        "_high": Cast("high", TextField()) if kind == TARGET else nothing,
        "_quality": F("quality") if kind == OBSERVATION else blank,
        "_missing": F("missing_reason") if kind == OBSERVATION else blank,
    }
    model = {OBSERVATION: Observation, TARGET: Target, BASELINE: Baseline}[kind]
    rows = model.objects.order_by().annotate(**columns)
    return rows.values_list("metric_id", *columns, "provenance", "pk").query.sql_with_params()


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
