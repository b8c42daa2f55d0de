"""The figures of many metrics as known at a moment, as light as cards need them."""

from __future__ import annotations

import datetime as dt
import json
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
