"""How the share on track or complete has gone, from one reporting period to the next."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from dashboards.pages import words
from dashboards.pages.elements import Cell
from dashboards.pages.portfolio_counts import (
    CountRow,
    CountTable,
    cells_of,
    heads,
    share_words,
)
from dashboards.pages.reading import Reading, fiscal_start_month, read_plan
from dashboards.pages.states import state_bar
from dashboards.remembered import Remembered
from dashboards.visit import PageNotFound
from priorities.assessment.periods import AsOf
from priorities.enums import InitiativeState
from priorities.queries.portfolio import newest_events
from priorities.queries.publication import Document
from priorities.saying import gettext as _

#: As many periods as the page looks back: two years of quarters.
MOST_PERIODS = 8
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Point:
    """One period, and how the plan stood on the day after its reports were due."""

    period: Document
    day: dt.date
    counts: Mapping[InitiativeState, int]


#: How a plan stood on a past day, by the newest event that it knew: it stays so for good.
_COUNTS: Remembered[Counter[InitiativeState]] = Remembered(512)


def trend_table(plan: Reading, url: str) -> CountTable | None:
    """The plan as known on the day after each period's reports were due, oldest first, and now.

    Queries: one, and three for each of at most eight periods that are not remembered.
    """
    as_of, points = plan.visit.as_of, _points(plan)
    if not points:
        return None
    rows = [_row(plan, point, url) for point in points]
    counts = plan.snapshot.counts()
    day = words.day(as_of.day)
    rows.append(
        CountRow(
            name=Cell(_("As of %(day)s") % {"day": day}, head=True),
            bar=state_bar("trend-now", day, counts),
            share=share_words(counts),
            cells=cells_of(counts),
        )
    )
    return CountTable(
        id="trend",
        title=_("From period to period"),
        head=_("Reports for"),
        share_head=_("On track or complete"),
        heads=heads(),
        rows=tuple(rows),
        note=_(
            "Each line is what was known on the day after that period's reports were due, when "
            "silence shows. The whole is what was in the plan then, without what had been set "
            "aside, so it can differ from line to line."
        ),
    )


def _points(plan: Reading) -> tuple[Point, ...]:
    """The periods on whose day the plan had any initiative."""
    periods = due_periods(plan)[-MOST_PERIODS:]
    days = [AsOf.end_of(period["due_on"] + DAY, plan.visit.tz) for period in periods]
    newest = newest_events([day.moment for day in days])
    points = []
    for period, then, sequence in zip(periods, days, newest, strict=True):
        key = (plan.code, then.moment, sequence)
        counts = _COUNTS.recall(key, partial(_counts, plan, then))
        if sum(counts.values()):
            points.append(Point(period, then.day, counts))
    return tuple(points)


def _counts(plan: Reading, then: AsOf) -> Counter[InitiativeState]:
    """How the plan's initiatives stood; nothing when it was not public yet."""
    try:
        return Counter(read_plan(replace(plan.visit, as_of=then), plan.code).snapshot.counts())
    except PageNotFound:
        return Counter()


def due_periods(plan: Reading) -> list[Document]:
    """The periods of the plan's commonest cadence whose reports were due, by their ends."""
    cadences = Counter(row.cadence.value for row in plan.snapshot.rows)
    common = cadences.most_common(1)[0][0] if cadences else ""
    periods = [
        period
        for period in plan.found["reporting_period"].values()
        if period["calendar"] == common and period["due_on"] + DAY < plan.judged_on
    ]
    return sorted(periods, key=lambda period: period["end"])


def _row(plan: Reading, point: Point, url: str) -> CountRow:
    start, end, day = point.period["start"], point.period["end"], point.day
    name = words.period(start, end, fiscal_start_month=fiscal_start_month(plan.found))
    return CountRow(
        name=Cell(
            name,
            f"{url}?plan={plan.code}&as_of={day.isoformat()}",
            head=True,
            detail=_("as known on %(day)s") % {"day": words.day(day)},
        ),
        bar=state_bar(f"trend-{day.isoformat()}", name, point.counts),
        share=share_words(point.counts),
        cells=cells_of(point.counts),
    )
