"""The plan at other dates: from one reporting period to the next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from dashboards.pages import words
from dashboards.pages.elements import Link
from dashboards.pages.offers import known_since
from dashboards.pages.reading import Reading, fiscal_start_month
from dashboards.visit import Visit
from priorities.queries.publication import Document
from priorities.saying import gettext as _


def steps(visit: Visit, plan: Reading) -> tuple[Link, ...]:
    """The way to the end of the reporting period before, and of the one after.

    From the last ended period on, the step after is today.
    """
    here = visit.as_of.day
    ends = _ends(visit, plan)
    found: list[Link] = []
    if before := [end for end in ends if end < here]:
        found.append(_at(visit, plan, max(before), _("Before: end of %(period)s"), ends))
    if after := [end for end in ends if end > here]:
        found.append(_at(visit, plan, min(after), _("After: end of %(period)s"), ends))
    elif visit.is_past:
        found.append(Link(_("After: today"), _path(visit, plan)))
    return tuple(found)


def _ends(visit: Visit, plan: Reading) -> dict[dt.date, Document]:
    """The reporting periods of the plan that are over and that the record reaches, by their end."""
    first = known_since(visit, plan.plan)
    return {
        period["end"]: period
        for period in plan.found["reporting_period"].values()
        if period["plan"] == plan.code and first <= period["end"] < visit.today
    }


def _path(visit: Visit, plan: Reading) -> str:
    """The page of the plan, without a date."""
    return visit.link("plan", plan=plan.code).partition("?")[0]


def _at(
    visit: Visit,
    plan: Reading,
    day: dt.date,
    text: str,
    periods: Mapping[dt.date, Document] | None = None,
) -> Link:
    """A link to the plan as known at the end of a day; ``text`` names the day or its period."""
    said = {"day": words.day(day)}
    if periods:
        start, fiscal = periods[day]["start"], fiscal_start_month(plan.found)
        said["period"] = words.period(start, day, fiscal_start_month=fiscal)
    return Link(text % said, f"{_path(visit, plan)}?as_of={day.isoformat()}")
