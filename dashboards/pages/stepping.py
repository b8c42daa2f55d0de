"""The plan at other dates: from one reporting period to the next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from dashboards.charts.printable import Printable
from dashboards.pages import words
from dashboards.pages.elements import Link
from dashboards.pages.offers import known_since
from dashboards.pages.reading import Reading, fiscal_start_month
from dashboards.visit import Visit
from priorities.queries.publication import Document
from priorities.saying import gettext as _

#: More marks than this are thinned out, to the ends of quarters and then of years.
MOST_MARKS = 16


@dataclass(frozen=True, slots=True)
class Steps(Printable):
    """The way through a plan's time: one step back and one on, and every period as a mark.

    ``marks`` run from the first period to today, each with its day as ``note``; the one that is
    shown is the current one.
    """

    ways: tuple[Link, ...] = ()
    marks: tuple[Link, ...] = ()


def steps(visit: Visit, plan: Reading) -> Steps:
    """The steps of a plan; nothing before its first period is over.

    From the last ended period on, the step after is today.
    """
    ends = _ends(visit, plan)
    ways = _ways(visit, plan, ends)
    return Steps(ways, _marks(visit, plan, ends)) if ends else Steps(ways)


def _ways(visit: Visit, plan: Reading, ends: Mapping[dt.date, Document]) -> tuple[Link, ...]:
    """To the end of the reporting period before, and of the one after."""
    here = visit.as_of.day
    found: list[Link] = []
    if before := [end for end in ends if end < here]:
        said = _("Before: end of %(period)s")
        found.append(_at(visit, plan, max(before), said % _period(plan, ends[max(before)])))
    if after := [end for end in ends if end > here]:
        said = _("After: end of %(period)s")
        found.append(_at(visit, plan, min(after), said % _period(plan, ends[min(after)])))
    elif visit.is_past:
        found.append(Link(_("After: today"), _path(visit, plan)))
    return tuple(found)


def _marks(visit: Visit, plan: Reading, ends: Mapping[dt.date, Document]) -> tuple[Link, ...]:
    """Every period that is over, and today."""
    kept = thinned(sorted(ends), fiscal_start_month=fiscal_start_month(plan.found))
    shown = visit.as_of.day if visit.is_past else None
    marks = [
        _at(visit, plan, end, _period(plan, ends[end])["period"], current=end == shown)
        for end in kept
    ]
    today = Link(_("Today"), _path(visit, plan), not visit.is_past, words.day(visit.today))
    return (*marks, today)


def thinned(ends: list[dt.date], *, fiscal_start_month: int) -> list[dt.date]:
    """As many ends of periods as a reader can tell apart.

    >>> months = [dt.date(2020 + n // 12, n % 12 + 1, 28) for n in range(24)]
    >>> len(thinned(months, fiscal_start_month=7))
    8
    >>> len(thinned(months[:16], fiscal_start_month=7))
    16
    """
    last_month = (fiscal_start_month - 2) % 12 + 1
    for every in (1, 3, 12):
        found = [end for end in ends if (end.month - last_month) % every == 0]
        if len(found) <= MOST_MARKS:
            return found
    return found[-MOST_MARKS:]


def _ends(visit: Visit, plan: Reading) -> dict[dt.date, Document]:
    """The reporting periods of the plan that are over and that the record reaches, by their end."""
    first = known_since(visit, plan.plan)
    return {
        period["end"]: period
        for period in plan.found["reporting_period"].values()
        if period["plan"] == plan.code and first <= period["end"] < visit.today
    }


def _period(plan: Reading, period: Document) -> dict[str, str]:
    """What a period is called, as a phrase takes it."""
    fiscal = fiscal_start_month(plan.found)
    said = words.period(period["start"], period["end"], fiscal_start_month=fiscal)
    return {"period": said}


def _path(visit: Visit, plan: Reading) -> str:
    """The page of the plan, without a date."""
    return visit.link("plan", plan=plan.code).partition("?")[0]


def _at(visit: Visit, plan: Reading, day: dt.date, text: str, *, current: bool = False) -> Link:
    """A link to the plan as known at the end of a day."""
    return Link(text, f"{_path(visit, plan)}?as_of={day.isoformat()}", current, words.day(day))
