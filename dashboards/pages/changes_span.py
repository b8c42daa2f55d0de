"""The stretch between two dates: what the address asks for, and the plan at both ends."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from dashboards.pages.reading import Reading, read_plan
from dashboards.pages.two_dates import asked_day, earlier_end, later_end
from dashboards.visit import PageNotFound, Visit
from priorities.assessment.periods import AsOf
from priorities.queries.publication import Document, metrics_of_plan
from priorities.queries.standing import InitiativeRow

#: How far back the page looks when the plan has no reporting period that is over.
DAYS_BACK = 90


@dataclass(frozen=True, slots=True)
class Span:
    """The plan at the end of two days. ``before`` is None when it was not public yet."""

    since: AsOf
    until: AsOf
    before: Reading | None
    after: Reading


@dataclass(frozen=True, slots=True)
class Moved:
    """An initiative that shows another state; None where it was not public."""

    was: InitiativeRow | None
    now: InitiativeRow | None


def read_span(visit: Visit, plan_code: str) -> Span:
    """The plan at both dates in the address.

    Without ``to`` it is the day that the page speaks from; without ``from`` the end of the last
    reporting period before. Queries: six (three for each end, the standings when not remembered).
    Errors: ``BadQuestion`` for what is no date, lies ahead, or runs backward; ``PageNotFound``
    when the plan was not public on the later date.
    """
    until = later_end(visit)
    after = read_plan(replace(visit, as_of=until), plan_code, metrics_of_plan(plan_code, until))
    asked = asked_day(visit, "from")
    first = asked or _period_before(after, until.day)
    since = earlier_end(visit, first, until)
    try:
        before = read_plan(replace(visit, as_of=since), plan_code)
    except PageNotFound:
        before = None
    return Span(since, until, before, after)


def _period_before(plan: Reading, day: dt.date) -> dt.date:
    """The end of the newest reporting period that was over before a day."""
    periods: list[Document] = list(plan.found["reporting_period"].values())
    ends = [period["end"] for period in periods if period["end"] < day]
    return max(ends, default=day - dt.timedelta(days=DAYS_BACK))


def moved_between(span: Span) -> tuple[Moved, ...]:
    """The initiatives that show another state than before, in the plan's order."""
    then = span.before.snapshot.by_code if span.before else {}
    now = span.after.snapshot.by_code
    moved = [
        Moved(then.get(code), row)
        for code, row in now.items()
        if code not in then or then[code].state != row.state
    ]
    gone = [Moved(row, None) for code, row in then.items() if code not in now]
    return (*moved, *gone)
