"""What the pages of a plan read: its frame, its wording, and how every initiative stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from dashboards.memory import MEMORY, Snapshot, key_of
from dashboards.pages import words
from dashboards.remembered import Remembered
from dashboards.visit import PageNotFound, Visit
from priorities.assessment.periods import AsOf
from priorities.models import (
    ChangeEvent,
    Division,
    Initiative,
    Meeting,
    Metric,
    Milestone,
    Organization,
    Plan,
    Priority,
    Recorded,
    ReportingPeriod,
)
from priorities.queries.judging import MetricJudge
from priorities.queries.publication import (
    Chosen,
    Document,
    Documents,
    Undo,
    documents,
    frame,
    is_public_plan,
    later_changes,
    of_plan,
    public_items,
)
from priorities.queries.standing import closing_day, is_closed, standings
from priorities.saying import gettext as _

#: The tables whose rows any page of a plan may show.
TABLES: tuple[type[Recorded], ...] = (
    Organization,
    Plan,
    Meeting,
    Division,
    Priority,
    ReportingPeriod,
    Initiative,
    Metric,
    Milestone,
)


#: The wording of the plans that were asked for last, without their initiatives: what every list
#: of a plan begins with.
READ: Remembered[tuple[Documents, Undo, Document]] = Remembered(16)


@dataclass(frozen=True, slots=True)
class Reading:
    """A plan as of a moment: its public documents and how its initiatives stood.

    ``priorities`` is by code within the plan, in the plan's order.
    """

    visit: Visit
    found: Documents
    undo: Undo
    plan: Document
    priorities: Mapping[str, Document]
    snapshot: Snapshot

    @property
    def code(self) -> str:
        """The code of the plan."""
        return str(self.plan["code"])

    @property
    def is_closed(self) -> bool:
        """Is the plan over on the day?"""
        return is_closed(self.plan, self.visit.as_of.day)

    @property
    def judged_on(self) -> dt.date:
        """The day on which its items are judged."""
        return self.visit.as_of.judged_on(closing_day(self.plan))

    def division(self, code: str | None) -> Document | None:
        """A division by its code."""
        return self.found["division"].get(code) if code else None


def read_plan(visit: Visit, code: str, *querysets: QuerySet[Any] | Chosen) -> Reading:
    """A plan as of the visit's moment, with further tables when asked.

    Queries: three (changes to undo, documents, standings); without further tables none when this
    worker has read the plan since the newest event, with them no standings then.
    Errors: ``PageNotFound`` for a plan that is not public at that moment.
    """
    if querysets:
        return reading(visit, *_read(visit, code, querysets))
    key = key_of(visit.revision, code, visit.as_of)
    return reading(visit, *READ.recall(key, lambda: _read(visit, code, ())))


def _read(
    visit: Visit, code: str, querysets: tuple[QuerySet[Any] | Chosen, ...]
) -> tuple[Documents, Undo, Document]:
    """The documents of a plan, what was undone in them, and its own. Queries: two."""
    undo = later_changes(*TABLES, as_of=visit.as_of, plan_code=code)
    own = of_plan(Priority, code), of_plan(ReportingPeriod, code)
    found = documents(*frame(), *own, *querysets, as_of=visit.as_of, undo=undo)
    plan = found["plan"].get(code)
    if plan is None or not is_public_plan(plan):
        raise missing(visit, Plan, code)
    return public_items(found), undo, plan


def with_meetings_of(visit: Visit, plan_code: str, found: Documents, at: AsOf) -> Documents:
    """Documents of an earlier moment, with the meetings that the day of the visit knows.

    What a page of two dates offers to go on to is counted from the day that it speaks from.
    Queries: none when the moment is the visit's own, or this worker has read the plan.
    """
    if at.is_now or at.moment == visit.as_of.moment:
        return found
    return {**found, "meeting": read_plan(visit, plan_code).found["meeting"]}


def reading(visit: Visit, found: Documents, undo: Undo, plan: Document) -> Reading:
    """A plan among documents that are loaded already. Queries: at most one."""
    code = plan["code"]
    priorities = {
        priority["code"]: priority
        for priority in found["priority"].values()
        if priority["plan"] == code
    }
    snapshot = MEMORY.recall(
        key_of(visit.revision, code, visit.as_of),
        lambda: standings(
            plan=plan,
            priorities=found["priority"],
            periods=[p for p in found["reporting_period"].values() if p["plan"] == code],
            as_of=visit.as_of,
            undo=undo,
            tz=visit.tz,
        ),
    )
    return Reading(visit, found, undo, plan, priorities, snapshot)


def missing(visit: Visit, model: type[Recorded], code: str) -> PageNotFound:
    """Why there is no such page: unknown, or not known yet on that date. Queries: one."""
    named = {"code": code.rpartition("/")[2], "day": words.day(visit.as_of.day)}
    since = (
        ChangeEvent.objects.told()
        .filter(item_type=model.ITEM_TYPE, item_code=code, at__gt=visit.as_of.moment)
        .order_by("sequence")
        .values_list("at", flat=True)
        .first()
    )
    if since is None:
        return PageNotFound(
            _("There is no %(kind)s “%(code)s”.") % {**named, "kind": kind_of(model)}
        )
    first = since.astimezone(visit.tz).date()
    return PageNotFound(
        _("On %(day)s there was no public %(kind)s “%(code)s”. It is known from %(first)s on.")
        % {**named, "kind": kind_of(model), "first": words.day(first)}
    )


def kind_of(model: type[Model]) -> str:
    """What a thing of a table is called, in a sentence."""
    return str(model._meta.verbose_name)


def fiscal_start_month(found: Documents) -> int:
    """The month in which the agency's fiscal year starts."""
    agency = next(iter(found["organization"].values()), None)
    return int(agency["fiscal_year_start_month"]) if agency else 7


def metric_judge(visit: Visit, found: Documents) -> MetricJudge:
    """Who rates the metrics of a page: on its day, or on the closing day of their plans."""
    day = visit.as_of.day
    closings = {
        code: closing_day(plan) if is_closed(plan, day) else None
        for code, plan in found["plan"].items()
    }
    return MetricJudge(
        as_of=visit.as_of,
        closings=closings,
        fiscal_start_month=fiscal_start_month(found),
        tz=visit.tz,
    )
