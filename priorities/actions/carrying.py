"""Carry a plan's structure over into the next plan: wording and links, never facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from priorities.actions.recording import Actor, Log, WriteRefused, recording
from priorities.actions.writing import insert, revise
from priorities.enums import PlanState
from priorities.models import Initiative, Metric, Plan, Priority

if TYPE_CHECKING:
    from accounts.models import User

#: What a new plan takes from the one before it, unless told otherwise.
OF_PLAN = ("organization", "requires_review", "grace_days", "priority_label", "initiative_label")
#: What goes on as it is. Facts, milestones, money and owners stay with the old plan.
OF_PRIORITY = ("code", "order", "name", "summary", "description")
OF_INITIATIVE = (
    "code",
    "order",
    "name",
    "summary",
    "description",
    "lead_division",
    "start",
    "start_precision",
    "end_precision",
    "ongoing",
    "districts",
    "citywide",
    "tags",
    "links",
    "visibility",
    "cadence",
)


def carry_over(
    *,
    plan: Plan,
    into: Plan | Mapping[str, Any],
    priorities: Iterable[Priority] = (),
    initiatives: Iterable[Initiative] = (),
    metrics: Iterable[Metric] = (),
    by: Actor | User | str,
    now: dt.datetime,
    reason: str = "",
) -> Plan:
    """Copy chosen priorities and initiatives into another plan, and let chosen metrics go on.

    ``into``: a plan that is there, or the fields of a new one, which is then a draft. The priority
    of a chosen initiative goes with it. Each copy says what it was carried over from; what was
    carried over before is left as it is. Metrics keep their code, values and targets and inform
    the copies too. An end date that lies before the new plan is not copied.

    Errors: ``WriteRefused`` for a plan that is over or that succeeds another one, and for items of
    another plan.
    """
    chosen, work = list(priorities), list(initiatives)
    if {row.plan_id for row in chosen}.union(row.plan_id for row in work) - {plan.pk}:
        raise WriteRefused(_("Choose priorities and initiatives of the plan that is carried over."))
    with recording(by=by, now=now) as log:
        new = _next_plan(log, plan, into, reason)
        needed = {row.pk: row for row in chosen} | {row.priority_id: row.priority for row in work}
        tops = _priorities(log, new, needed.values(), reason)
        copies = _initiatives(log, new, work, tops, reason)
        for metric in metrics:
            _go_on(log, new, metric, tops, copies, reason)
        return new


def _next_plan(log: Log, plan: Plan, into: Plan | Mapping[str, Any], reason: str) -> Plan:
    """The plan to carry over into, with its link back."""
    if not isinstance(into, Plan):
        taken = {name: getattr(plan, name) for name in OF_PLAN}
        values = taken | dict(into) | {"predecessor": plan, "state": PlanState.DRAFT.value}
        return insert(log, Plan(**values), reason=reason)
    if into.pk == plan.pk:
        raise WriteRefused(_("A plan cannot be carried over into itself."))
    into = Plan.objects.select_for_update().get(pk=into.pk)
    if into.state not in (PlanState.DRAFT, PlanState.ACTIVE):
        raise WriteRefused(_("That plan is over; nothing can be added to it."))
    if into.predecessor_id not in (None, plan.pk):
        raise WriteRefused(_("That plan succeeds another plan already."))
    return revise(log, into, {"predecessor": plan}, reason=reason)


def _priorities(
    log: Log, new: Plan, chosen: Iterable[Priority], reason: str
) -> dict[int, Priority]:
    """The new plan's priority for each chosen one: the one with its code, else a copy."""
    there = {row.code: row for row in Priority.objects.filter(plan=new).select_related("plan")}
    found: dict[int, Priority] = {}
    for row in sorted(chosen, key=lambda each: (each.order, each.code)):
        if row.code not in there:
            values = {name: getattr(row, name) for name in OF_PRIORITY}
            there[row.code] = insert(log, Priority(plan=new, **values), reason=reason)
        found[row.pk] = there[row.code]
    return found


def _initiatives(
    log: Log, new: Plan, chosen: Iterable[Initiative], tops: Mapping[int, Priority], reason: str
) -> dict[int, Initiative]:
    """The new plan's initiative for each chosen one: carried over before, else a copy now."""
    before = Initiative.objects.filter(plan=new, carried_from__isnull=False)
    there = {row.carried_from_id: row for row in before.select_related("plan")}
    found: dict[int, Initiative] = {}
    for row in chosen:
        if (copy := there.get(row.pk)) is None:
            values = {name: getattr(row, name) for name in OF_INITIATIVE}
            ends_later = row.end is not None and row.end >= new.period_start
            copy = Initiative(
                plan=new,
                priority=tops[row.priority_id],
                end=row.end if ends_later else None,
                carried_from=row,
                **values,
            )
            related = (tops[one.pk] for one in row.related_priorities.all() if one.pk in tops)
            links: dict[str, list[Any]] = {
                "related_priorities": list(related),
                "supporting_divisions": list(row.supporting_divisions.all()),
            }
            copy = insert(log, copy, links=links, reason=reason)
        found[row.pk] = copy
    return found


def _go_on(
    log: Log,
    new: Plan,
    metric: Metric,
    tops: Mapping[int, Priority],
    copies: Mapping[int, Initiative],
    reason: str,
) -> None:
    """Let a metric inform the copies of what it informs; its old links stay.

    Links to a plan that is not public are not told to the public.
    """
    old_tops, old_work = list(metric.priorities.all()), list(metric.initiatives.all())
    changes = {
        "priorities": _with(old_tops, [tops[one.pk] for one in old_tops if one.pk in tops]),
        "initiatives": _with(old_work, [copies[one.pk] for one in old_work if one.pk in copies]),
    }
    told = len(log.events)
    revise(log, metric, changes, reason=reason)
    if told < len(log.events) and not new.is_public:
        # A public event would name the items of a plan that nobody outside knows of yet.
        event = log.events.pop()
        event.public = False
        log.add(event)


def _with(old: list[Any], new: list[Any]) -> list[Any]:
    """Old rows and new ones, each once."""
    return list({row.pk: row for row in (*old, *new)}.values())
