"""A plan as those see it who keep it: every item, public or not, with who answers for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from priorities.assessment.initiative_status import InitiativeStanding
from priorities.assessment.periods import AsOf
from priorities.enums import CLOSED_LIFECYCLES, AssignmentRole, AssignmentState
from priorities.models import Assignment, Initiative, Metric, Plan, Priority
from priorities.queries.latest import published_updates
from priorities.queries.standing import standings

CLOSED = frozenset(code.value for code in CLOSED_LIFECYCLES)


@dataclass(frozen=True, slots=True)
class Work:
    """One initiative of a plan. ``standing`` is None for one that the public does not see.

    ``owner`` has accepted and is active; ``asked`` was offered it and has not answered.
    """

    row: Initiative
    standing: InitiativeStanding | None
    is_closed: bool
    owner: str
    asked: str
    steps: int


@dataclass(frozen=True, slots=True)
class Top:
    """One priority and the initiatives under it, in their order."""

    row: Priority
    work: tuple[Work, ...]


@dataclass(frozen=True, slots=True)
class Structure:
    """A plan's priorities, and how many live items the plan has."""

    tops: tuple[Top, ...]
    live: int


def structure(*, plan: Plan, items: QuerySet[Any], as_of: AsOf, tz: dt.tzinfo) -> Structure:
    """The plan's priorities with those initiatives that are in ``items``.

    Queries: seven, whatever the size.
    """
    standing = {row.pk: row.standing for row in _standings(plan, as_of, tz)}
    owners, asked = people_of("initiative", Q(initiative__plan=plan))
    found: dict[int, list[Work]] = {}
    for row in with_lifecycle(items.filter(plan=plan)):
        work = Work(
            row,
            standing.get(row.pk),
            row.last_lifecycle in CLOSED,
            owners.get(row.pk, ""),
            asked.get(row.pk, ""),
            row.steps,
        )
        found.setdefault(row.priority_id, []).append(work)
    tops = plan.priorities.order_by("order", "code")
    return Structure(
        tuple(Top(top, tuple(found.get(top.pk, ()))) for top in tops), live_items(plan)
    )


def _standings(plan: Plan, as_of: AsOf, tz: dt.tzinfo) -> Iterable[Any]:
    """What the public sees of each. Queries: two."""
    document = {
        "code": plan.code,
        "state": plan.state,
        "period_end": plan.period_end,
        "closed_on": plan.closed_on,
        "grace_days": plan.grace_days,
    }
    periods: list[Any] = list(plan.periods.values("calendar", "start", "end", "due_on"))
    return standings(plan=document, priorities={}, periods=periods, as_of=as_of, undo={}, tz=tz)


def with_lifecycle(items: QuerySet[Any]) -> QuerySet[Any]:
    """Initiatives with what their newest published update says, and how many steps are open."""
    newest = published_updates(OuterRef("pk"))
    is_open = Q(milestones__done_on__isnull=True, milestones__dropped_on__isnull=True)
    rows: QuerySet[Any] = (
        items.annotate(
            last_lifecycle=Subquery(newest.values("lifecycle")[:1]),
            steps=Count("milestones", filter=is_open & Q(milestones__isnull=False)),
        )
        .select_related("plan", "lead_division", "priority")
        .order_by("priority__order", "priority__code", "order", "code")
    )
    return rows


def people_of(kind: str, condition: Q) -> tuple[Mapping[int, str], Mapping[int, str]]:
    """Who owns each item, and who was asked to. An inactive person owns nothing. Queries: one."""
    states = (AssignmentState.ACCEPTED.value, AssignmentState.OFFERED.value)
    rows = (
        Assignment.objects.filter(
            condition, role=AssignmentRole.OWNER.value, state__in=states, person__is_active=True
        )
        .select_related("person")
        .order_by("offered_on", "pk")
    )
    owners: dict[int, str] = {}
    asked: dict[int, str] = {}
    for row in rows:
        place = owners if row.state == AssignmentState.ACCEPTED else asked
        place[getattr(row, f"{kind}_id")] = str(row.person)
    return owners, asked


def live_items(plan: Plan) -> int:
    """How many initiatives and metrics of a plan ask for reports. Queries: two."""
    newest = published_updates(OuterRef("pk"))
    work = (
        Initiative.objects.filter(plan=plan)
        .annotate(last=Subquery(newest.values("lifecycle")[:1]))
        .filter(Q(last__isnull=True) | ~Q(last__in=CLOSED))
    )
    return work.count() + metrics_of(plan).filter(retired_on__isnull=True).count()


def metrics_of(plan: Plan) -> QuerySet[Metric]:
    """The metrics that inform a plan's priorities or initiatives."""
    return Metric.objects.filter(
        Q(pk__in=Metric.objects.filter(priorities__plan=plan).values("pk"))
        | Q(pk__in=Metric.objects.filter(initiatives__plan=plan).values("pk"))
    )
