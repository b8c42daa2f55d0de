"""The stretch that a brief speaks of: which dates were asked for, and the plan at both ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from dashboards.pages import words
from dashboards.pages.cards import RatedMetric, rated_metrics
from dashboards.pages.elements import Link
from dashboards.pages.meetings import last_meeting, next_meeting
from dashboards.pages.questions import Asked, public_questions
from dashboards.pages.reading import Reading, fiscal_start_month, read_plan
from dashboards.pages.two_dates import asked_day, earlier_end, in_order, later_end
from dashboards.visit import PageNotFound, Visit
from priorities.assessment.periods import AsOf
from priorities.models import Answer, Category, Question
from priorities.queries.between import initiatives_that_may_differ, milestones_that_may_differ
from priorities.queries.publication import (
    Document,
    Documents,
    documents,
    later_changes,
    metrics_of_plan,
    upcoming_milestones,
)
from priorities.queries.questions import public_questions_of
from priorities.saying import gettext as _

#: How far back a brief looks when there was neither a meeting nor a reporting period before.
DAYS_BACK = 90
#: How far ahead it looks when no next meeting is known, and at most.
AHEAD, FARTHEST = dt.timedelta(days=90), dt.timedelta(days=180)


@dataclass(frozen=True, slots=True)
class End:
    """The plan at one end: its documents, the wording of initiatives that may differ, metrics."""

    plan: Reading
    worded: Mapping[str, Document]
    metrics: Mapping[str, RatedMetric]
    questions: tuple[Asked, ...]
    categories: Mapping[str, Document]

    @property
    def items(self) -> frozenset[str]:
        """The codes of its public initiatives."""
        return frozenset(self.plan.snapshot.by_code)


@dataclass(frozen=True, slots=True)
class Ends:
    """The plan at both ends; ``then`` is None where it was not public yet."""

    visit: Visit
    since: AsOf
    until: AsOf
    then: End | None
    now: End

    @property
    def is_empty(self) -> bool:
        """Are both ends the same moment?"""
        return self.since.moment >= self.until.moment

    @property
    def at_end(self) -> Visit:
        """The visit of somebody who reads the plan at the later end."""
        return self.now.plan.visit

    @property
    def meeting(self) -> Document | None:
        """The next meeting after the later end, as was known then."""
        day = self.until.day + dt.timedelta(days=1)
        return next_meeting(self.now.plan.found, self.now.plan.code, day)

    @property
    def horizon(self) -> dt.date:
        """How far ahead the brief looks: to the next meeting, when one is known."""
        ahead = self.until.day + AHEAD
        if self.meeting is not None:
            ahead = self.meeting["held_on"]
        return min(ahead, self.until.day + FARTHEST)


def read_ends(visit: Visit, plan_code: str) -> Ends:
    """The plan at both dates in the address.

    Without ``to`` it is the day that the page speaks from; without ``from`` the last meeting
    before it, else the end of the last reporting period. Queries: twelve (six for each end, the
    standings when not remembered); six more when that default lies very far back. Errors:
    ``BadQuestion`` for what is no date, lies ahead, or runs backward; ``PageNotFound`` when the
    plan was not public on the later date.
    """
    until = later_end(visit)
    asked = asked_day(visit, "from")
    # What may differ depends on the first date; without one, on the default that the later end
    # alone can tell. Its wording is then read as if all that is recent might.
    if asked is not None:
        in_order(asked, until)
    first = asked or until.day - FARTHEST
    now = _end(visit, plan_code, AsOf.end_of(first, visit.tz), until)
    first = asked or usual_start(now.plan, until.day)
    since = earlier_end(visit, first, until)
    if asked is None and since.day < until.day - FARTHEST:
        now = _end(visit, plan_code, since, until)
    try:
        then = _end(visit, plan_code, since, until, at=since)
    except PageNotFound:
        then = None
    return Ends(visit, since, until, then, now)


def _end(visit: Visit, plan_code: str, since: AsOf, until: AsOf, *, at: AsOf | None = None) -> End:
    """The plan at one end, with all rows whose wording may differ between the two."""
    moment = at or until
    plan = read_plan(
        replace(visit, as_of=moment),
        plan_code,
        metrics_of_plan(plan_code, since),
        milestones_that_may_differ(plan_code, since.moment, since.day, until.day),
        upcoming_milestones(plan_code, until, until.day + FARTHEST),
    )
    own = [each for each in plan.found["metric"].values() if _informs(plan, each)]
    rated = rated_metrics(plan.visit, plan.found, own)
    # By themselves: loaded with them, a milestone would be taken for one of theirs.
    undo = later_changes(Question, Answer, Category, as_of=moment)
    found = documents(
        initiatives_that_may_differ(plan_code, since.moment),
        *public_questions_of(plan_code),
        Category.objects.all(),
        as_of=moment,
        undo={**plan.undo, **undo},
    )
    asked = tuple(
        each for each in public_questions(plan.visit, found) if _is_of(plan, own, each.question)
    )
    metrics = {each.metric["code"]: each for each in rated}
    return End(plan, found["initiative"], metrics, asked, found["category"])


def _is_of(plan: Reading, metrics: Sequence[Document], question: Document) -> bool:
    """Is a question about an item that is public on the day?"""
    if question["metric"] is not None:
        return any(each["code"] == question["metric"] for each in metrics)
    return question["initiative"].partition("/")[2] in plan.snapshot.by_code


def _informs(plan: Reading, metric: Document) -> bool:
    """Does a metric inform the plan by anything that is public?"""
    head = f"{plan.code}/"
    if any(code.startswith(head) for code in metric["priorities"]):
        return True
    own = (code.removeprefix(head) for code in metric["initiatives"] if code.startswith(head))
    return any(code in plan.snapshot.by_code for code in own)


# ── The dates in the address ─────────────────────────────────────────────────────────────────


def usual_start(plan: Reading, day: dt.date) -> dt.date:
    """Where a brief begins unless told: the last meeting, else the last reporting period's end."""
    meeting = last_meeting(plan.found, plan.code, day)
    if meeting is not None:
        held: dt.date = meeting["held_on"]
        return held
    periods = plan.found["reporting_period"].values()
    ends = [period["end"] for period in periods if period["end"] < day]
    return max(ends, default=day - dt.timedelta(days=DAYS_BACK))


def quarter_end_before(day: dt.date, fiscal_start_month: int) -> dt.date:
    """The last day of the newest quarter that is over on a day.

    >>> quarter_end_before(dt.date(2023, 7, 7), 7), quarter_end_before(dt.date(2023, 6, 30), 7)
    (datetime.date(2023, 6, 30), datetime.date(2023, 3, 31))
    """
    first = day.replace(day=1)
    while (first.month - fiscal_start_month) % 3:
        first = (first - dt.timedelta(days=1)).replace(day=1)
    return first - dt.timedelta(days=1)


def year_end_before(day: dt.date, fiscal_start_month: int) -> dt.date:
    """The last day of the newest fiscal year that is over on a day.

    >>> year_end_before(dt.date(2023, 7, 7), 7), year_end_before(dt.date(2023, 6, 30), 7)
    (datetime.date(2023, 6, 30), datetime.date(2022, 6, 30))
    """
    year = day.year if day.month >= fiscal_start_month else day.year - 1
    return dt.date(year, fiscal_start_month, 1) - dt.timedelta(days=1)


def ways(ends: Ends, known: Documents, url: str) -> tuple[Link, ...]:
    """The dates that a reviewer often wants, as links; the one that is shown is marked.

    ``known``: with the meetings that the day of the visit knows, from which they are counted.
    """
    plan, day = ends.now.plan, ends.visit.as_of.day
    month = fiscal_start_month(plan.found)
    quarter = quarter_end_before(day, month)
    year = year_end_before(day, month)
    found: list[tuple[str, dt.date, dt.date]] = []
    meeting = last_meeting(known, plan.code, day)
    if meeting is not None:
        text = _("Since the last meeting, %(day)s") % {"day": words.day(meeting["held_on"])}
        found.append((text, meeting["held_on"], day))
    before = quarter_end_before(quarter, month)
    say = partial(words.period, fiscal_start_month=month)
    one_on = dt.timedelta(days=1)
    name = say(before + one_on, quarter)
    found.append((_("Last quarter, %(period)s") % {"period": name}, before, quarter))
    before = year_end_before(year, month)
    name = say(before + one_on, year)
    found.append((_("Last fiscal year, %(period)s") % {"period": name}, before, year))
    adopted = plan.plan["adopted_on"]
    if adopted is not None and adopted < day:
        text = _("Since adoption, %(day)s") % {"day": words.day(adopted)}
        found.append((text, adopted, day))
    shown = (ends.since.day, ends.until.day)
    recorded = plan.plan["recorded_at"].astimezone(ends.visit.tz).date()
    return tuple(
        Link(
            text,
            ends.visit.carry(url, query={"from": first.isoformat(), "to": last.isoformat()}),
            current=(first, last) == shown,
        )
        for text, first, last in found
        if last >= recorded
    )
