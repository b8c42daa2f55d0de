"""The figures of many metrics as known at a moment, as light as cards need them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import (
    CharField,
    Exists,
    FloatField,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast

from priorities.assessment.expectation import BaselinePoint, TargetLine
from priorities.assessment.metric_status import (
    Observed,
)
from priorities.assessment.periods import AsOf
from priorities.enums import Calendar, MissingReason, Quality
from priorities.models import Baseline, Metric, Observation, Target
from priorities.queries.prepared import JsonList, JsonRow, Statement, day_of, prepared

#: How far back a card's sparkline goes, in years: about two dozen points, whatever the calendar.
CARD_YEARS = {
    Calendar.MONTH: 2,
    Calendar.QUARTER: 6,
    Calendar.FISCAL_YEAR: 24,
    Calendar.CALENDAR_YEAR: 24,
}
OBSERVATION, OLDER, TARGET, BASELINE = "o", "p", "t", "b"


class Figure(NamedTuple):
    """One period's figure as the card needs it; ``value`` None has its ``missing`` reason."""

    start: dt.date
    end: dt.date
    value: float | None
    quality: str
    missing: str
    provenance: str

    def covers(self, on: dt.date) -> bool:
        """Does it say, on a day, that its period is reported? (``Observed.covers``)"""
        return self.start <= on and self.missing != MissingReason.WITHDRAWN

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
    """What a metric's card needs: corrections resolved, periods in order.

    ``older``: the last figures before those that a card draws. A metric is rated by them when it
    has no value since; else a silent one would seem never to have had any.
    """

    figures: list[Figure] = field(default_factory=list)
    older: list[Figure] = field(default_factory=list)
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

    ``metrics``: the calendar of each, which says how far back its card goes; of one without a value
    since then come the newest before. ``whole``: all its figures, not only as many as a card draws.

    Corrections are resolved: the newest published row of a period wins. Only totals; categories
    are read with the metric's own page. Queries: one.
    """
    if not metrics:
        return {}
    branches = [_light(kind, metrics, as_of) for kind in (TARGET, BASELINE)]
    branches += _observations(metrics, as_of, whole=whole)
    statement = " UNION ALL ".join(sql for sql, _values in branches)
    found: dict[int, CardFacts] = {}
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for _sql, values in branches for value in values])
        for pk, kind, raw in cursor:
            told = sorted(zip(*json.loads(raw), strict=True), key=NEWEST_LAST)
            _take(found.setdefault(pk, CardFacts()), kind, told)
    for facts in found.values():
        if all(figure.value is None for figure in facts.figures):
            facts.figures[:0] = facts.older
    return found


def _take(facts: CardFacts, kind: str, told: list[tuple[Any, ...]]) -> None:
    """Put the rows of one kind where they belong; of a period the one with the highest key wins.

    A correction is made after what it corrects.
    """
    if kind == BASELINE:
        on, value, _pk = told[-1]
        if (point := exact(value)) is not None:
            facts.baseline = BaselinePoint(day_of(on), point)
        return
    # By period, in the order of their ends: dates as text stand in the order of time.
    standing = sorted({(row[1], row[0] or ""): row for row in told}.items(), key=PERIOD)
    rows = [row for _period, row in standing]
    if kind in (OBSERVATION, OLDER):
        figures = [
            Figure(
                day_of(start),
                day_of(end),
                None if value is None else float(value),
                quality,
                missing,
                provenance,
            )
            for start, end, value, quality, missing, provenance, _pk in rows
        ]
        if kind == OBSERVATION:
            facts.figures = figures
        else:
            facts.older = figures
        return
    facts.targets = [
        TargetLine(
            day_of(start) if start else None, day_of(end), exact(value), exact(low), exact(high)
        )
        for start, end, value, low, high, _pk in rows
    ]


#: The last column of each row is its key.
NEWEST_LAST = itemgetter(-1)
PERIOD = itemgetter(0)


def _observations(metrics: Mapping[int, Calendar], as_of: AsOf, *, whole: bool) -> list[Statement]:
    """The branches of the figures: of each calendar those that its cards draw.

    One for each, so that each is one stretch of the index (metric, period end).
    """
    by_calendar: dict[Calendar, list[int]] = {}
    for pk, calendar in metrics.items():
        by_calendar.setdefault(Calendar(calendar), []).append(pk)
    branches = []
    for calendar, pks in by_calendar.items():
        more: Statement = (" AND categories = %s", [""])
        if not whole and calendar in CARD_YEARS:
            since = dt.date(as_of.day.year - CARD_YEARS[calendar], 1, 1)
            more = (f"{more[0]} AND period_end >= %s", [*more[1], since.isoformat()])
            branches.append(_light(OLDER, pks, as_of, _last_before(since, pks, as_of)))
        branches.append(_light(OBSERVATION, pks, as_of, more))
    return branches


def _last_before(since: dt.date, pks: list[int], as_of: AsOf) -> Statement:
    """The condition for the last figure of each metric before a day, and the last with a value."""
    places = ", ".join(["%s"] * len(pks))
    table = connection.ops.quote_name(Metric._meta.db_table)
    searches, values = [], []
    for last in (_last, _last_valued):
        sql, given = last(moment=as_of.moment, since=since)
        searches.append(f"{sql} WHERE {table}.id IN ({places})")
        values += [*given, *pks]
    return f" AND id IN ({' UNION '.join(searches)})", values


@prepared
def _last(*, moment: dt.datetime, since: dt.date) -> QuerySet[Any]:
    return _of_each_metric(_standing(moment, since))


@prepared
def _last_valued(*, moment: dt.datetime, since: dt.date) -> QuerySet[Any]:
    return _of_each_metric(_standing(moment, since).filter(value__isnull=False))


def _standing(moment: dt.datetime, since: dt.date) -> QuerySet[Observation]:
    """The figures of the metric outside, before a day, that no correction has replaced."""
    known = Observation.objects.filter(
        metric=OuterRef("pk"), categories="", published_at__lte=moment, period_end__lt=since
    )
    # As a search of its own, so that a database stops at the first figure that stands.
    replaced = Observation.objects.filter(supersedes=OuterRef("pk"), published_at__lte=moment)
    return known.filter(~Exists(replaced))


def _of_each_metric(figures: QuerySet[Observation]) -> QuerySet[Any]:
    """The key of the newest of some figures, for each metric."""
    newest = figures.order_by("-period_end", "-published_at", "-pk").values("pk")[:1]
    return Metric.objects.order_by().values_list(Subquery(newest))


def _light(kind: str, metrics: Iterable[int], as_of: AsOf, more: Statement = ("", [])) -> Statement:
    """One branch of the statement: for each metric its facts of one kind, as one JSON list."""
    pks = list(metrics)
    select, fixed = _select(kind, connection.vendor)
    places = ", ".join(["%s"] * len(pks))
    moment = connection.ops.adapt_datetimefield_value(as_of.moment)
    condition, values = more
    chosen = f"metric_id IN ({places}) AND published_at <= %s{condition}"
    return f"{select} WHERE {chosen} GROUP BY metric_id", [*fixed, *pks, moment, *values]


#: What is asked of each kind of fact, its key last. The numbers of targets and baselines come as
#: text, which keeps them exact; those of a course are drawn, not reckoned with.
FIGURE = ("period_start", "period_end", "value", "quality", "missing_reason", "provenance", "pk")
FACTS: Mapping[str, tuple[Any, tuple[Any, ...]]] = {
    OBSERVATION: (Observation, FIGURE),
    OLDER: (Observation, FIGURE),
    TARGET: (
        Target,
        (
            "period_start",
            "period_end",
            *(Cast(n, TextField()) for n in ("value", "low", "high")),
            "pk",
        ),
    ),
    BASELINE: (Baseline, ("on", Cast("value", TextField()), "pk")),
}


@cache
def _select(kind: str, vendor: str) -> Statement:
    """A statement up to its condition; made once a database."""
    model, columns = FACTS[kind]
    rows = (
        model.objects.order_by()
        .values("metric_id")
        .annotate(
            _kind=Value(kind, output_field=CharField()),
            _told=Cast(JsonRow(*map(JsonList, columns)), TextField()),
        )
    )
    sql, values = rows.query.sql_with_params()
    return sql.partition(" GROUP BY ")[0], list(values)


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
                JsonRow(
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
