"""The briefs of a plan that were frozen as delivered."""

from __future__ import annotations

from django.db.models import QuerySet

from priorities.assessment.periods import AsOf
from priorities.enums import Visibility
from priorities.models import FrozenBrief

#: What makes a row heavy, and no list needs.
HEAVY = ("content", "pdf")


def frozen_briefs(plan_code: str, as_of: AsOf, *, internal: bool = False) -> QuerySet[FrozenBrief]:
    """Those known at a moment, the newest first, without their content.

    ``internal``: also those for reviewers only. Whether the plan was public then, the caller asks.
    """
    found = _known(plan_code, as_of, internal).defer(*HEAVY).select_related("plan")
    return found.order_by("-published_at", "-pk")


def frozen_brief(
    plan_code: str, code: str, as_of: AsOf, *, internal: bool = False
) -> FrozenBrief | None:
    """One of them with its content, without its paper; None when there is none. Queries: one."""
    return _known(plan_code, as_of, internal).filter(code=code).defer("pdf").first()


def paper_of(brief: FrozenBrief) -> bytes:
    """The paper of a frozen brief. Queries: one."""
    return bytes(FrozenBrief.objects.values_list("pdf", flat=True).get(pk=brief.pk))


def _known(plan_code: str, as_of: AsOf, internal: bool) -> QuerySet[FrozenBrief]:
    found: QuerySet[FrozenBrief] = FrozenBrief.objects.filter(
        plan__code=plan_code, published_at__lte=as_of.moment
    )
    return found if internal else found.filter(visibility=Visibility.PUBLIC.value)
