"""The rows that the addresses of plan work name, for the doors to ask permission of."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from priorities.models import Initiative, Metric, Milestone, Plan, Priority
from priorities.permissions import Permission, can, editable_by
from priorities.views.manage.elements import Link


def the_plan(*, plan: str, **_more: Any) -> Plan:
    """A plan by its code. Errors: ``Http404``."""
    return get_object_or_404(Plan.objects.select_related("organization"), code=plan)


def the_priority(*, plan: str, priority: str, **_more: Any) -> Priority:
    """A priority by its codes."""
    found = Priority.objects.select_related("plan__organization")
    return get_object_or_404(found, plan__code=plan, code=priority)


def the_initiative(*, plan: str, initiative: str, **_more: Any) -> Initiative:
    """An initiative by its codes."""
    found = Initiative.objects.select_related("plan__organization", "priority", "lead_division")
    return get_object_or_404(found, plan__code=plan, code=initiative)


def the_milestone(*, milestone: int, **_more: Any) -> Milestone:
    """A milestone by its key."""
    found = Milestone.objects.select_related("initiative__plan", "initiative__priority")
    return get_object_or_404(found, pk=milestone)


def the_metric(*, metric: str, **_more: Any) -> Metric:
    """A metric by its code."""
    return get_object_or_404(Metric.objects.select_related("lead_division"), code=metric)


def keeps_structure(person: User) -> bool:
    """Is this person one who changes the structure of plans, not only wording?"""
    return can(person, Permission.MANAGE_PLANS)


def my_initiatives(person: User) -> QuerySet[Initiative]:
    """What this person may edit."""
    return editable_by(person)


def my_metrics(person: User) -> QuerySet[Metric]:
    """What this person may edit."""
    return editable_by(person, Metric.objects.all())


def way_to(*steps: Link) -> tuple[Link, ...]:
    """The way from the overview down to a page."""
    return (Link(_("Plan work"), reverse("priorities:manage")), *steps)


def plan_step(plan: Plan) -> Link:
    """The step of a plan on that way."""
    return Link(str(plan), reverse("priorities:manage-plan", kwargs={"plan": plan.code}))


def initiative_step(initiative: Initiative) -> Link:
    """The step of an initiative."""
    return Link(str(initiative), initiative_url(initiative))


def metric_step(metric: Metric) -> Link:
    """The step of a metric."""
    return Link(str(metric), metric_url(metric))


def plan_url(plan: Plan, name: str = "manage-plan") -> str:
    """A page of a plan."""
    return reverse(f"priorities:{name}", kwargs={"plan": plan.code})


def initiative_url(initiative: Initiative, name: str = "manage-initiative") -> str:
    """A page of an initiative."""
    codes = {"plan": initiative.plan.code, "initiative": initiative.code}
    return reverse(f"priorities:{name}", kwargs=codes)


def metric_url(metric: Metric, name: str = "manage-metric") -> str:
    """A page of a metric."""
    return reverse(f"priorities:{name}", kwargs={"metric": metric.code})
