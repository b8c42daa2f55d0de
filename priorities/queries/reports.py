"""What was published about one initiative: its reports, its money, the reviewer's rating."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from priorities.assessment.initiative_status import Reported
from priorities.assessment.periods import AsOf
from priorities.enums import BudgetKind, Health, Lifecycle, Visibility
from priorities.models import BudgetLine, Initiative, ReviewRating, StatusUpdate
from priorities.queries.prepared import prepared
from priorities.queries.publication import Chosen, with_keys
from priorities.queries.ratings import of_reviewers


@dataclass(frozen=True, slots=True)
class Report:
    """One published update, whole. ``corrects``: it supersedes an earlier one, named by its key."""

    pk: int
    period_start: dt.date
    period_end: dt.date
    lifecycle: Lifecycle
    health: Health | None
    percent_complete: int | None
    narrative: str
    next_steps: str
    cause: str
    recovery_step: str
    recovery_on: dt.date | None
    nothing_changed: bool
    closed_on: dt.date | None
    successor: str | None
    published_at: dt.datetime
    corrects: int | None
    provenance: str

    def reported(self, tz: dt.tzinfo) -> Reported:
        """What the rule needs of it."""
        return Reported(
            lifecycle=self.lifecycle,
            health=self.health,
            percent=self.percent_complete,
            closed_on=self.closed_on,
            reason=self.narrative if self.closed_on else self.cause,
            period_end=self.period_end,
            published_on=self.published_at.astimezone(tz).date(),
        )


def continued(plan_code: str, code: str) -> Chosen:
    """An initiative, and those that it continues or that continue it."""
    return with_keys(Initiative, _continued(plan=plan_code, code=code))


@prepared
def _continued(*, plan: str, code: str) -> QuerySet[Any, Any]:
    own = Initiative.objects.filter(plan__code=plan, code=code).order_by()
    closing = StatusUpdate.objects.filter(initiative__plan__code=plan, initiative__code=code)
    carried = Initiative.objects.filter(carried_from__plan__code=plan, carried_from__code=code)
    # Searches side by side: an index serves each of them, and none serves their "or".
    return own.values("pk").union(
        closing.filter(successor__isnull=False).order_by().values("successor"),
        carried.order_by().values("pk"),
        own.filter(carried_from__isnull=False).values("carried_from"),
    )


def reports_of(initiative_pk: int, *, as_of: AsOf) -> tuple[Report, ...]:
    """All published updates of an initiative, those of the latest period first. Queries: one."""
    rows = (
        StatusUpdate.objects.filter(initiative=initiative_pk, published_at__lte=as_of.moment)
        .select_related("period", "successor__plan")
        .order_by("-period_end", "-published_at", "-id")
    )
    return tuple(
        Report(
            row.pk,
            row.period.start,
            row.period_end,
            Lifecycle(row.lifecycle),
            Health(row.health) if row.health else None,
            row.percent_complete,
            row.narrative,
            row.next_steps,
            row.cause,
            row.recovery_step,
            row.recovery_on,
            row.nothing_changed,
            row.closed_on,
            row.successor.item_code if row.successor else None,
            row.published_at,  # type: ignore[arg-type]
            row.supersedes_id,
            row.provenance,
        )
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class Money:
    """One budget line in force, or a corrected one."""

    pk: int
    fiscal_year: int
    amount: Decimal
    kind: BudgetKind
    source: str
    source_url: str
    note: str
    reason: str
    published_at: dt.datetime
    provenance: str
    in_force: bool


def budget_of(initiative_pk: int, *, as_of: AsOf) -> tuple[Money, ...]:
    """The budget lines of an initiative, newest fiscal year first. Queries: one."""
    rows = list(
        BudgetLine.objects.filter(
            initiative=initiative_pk, published_at__lte=as_of.moment
        ).order_by("-fiscal_year", "kind", "published_at", "id")
    )
    superseded = {row.supersedes_id for row in rows}
    return tuple(
        Money(
            row.pk,
            row.fiscal_year,
            row.amount,
            BudgetKind(row.kind),
            row.source,
            row.source_url,
            row.note,
            row.reason,
            row.published_at,  # type: ignore[arg-type]
            row.provenance,
            row.pk not in superseded,
        )
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class Rating:
    """The newest public rating by a reviewer."""

    rating: Health
    reason: str
    period_end: dt.date
    published_at: dt.datetime


def rating_of(initiative_pk: int, *, as_of: AsOf) -> Rating | None:
    """What a reviewer publicly says of an initiative; None when none does. Queries: one."""
    row = (
        of_reviewers(
            ReviewRating.objects.filter(
                initiative=initiative_pk,
                visibility=Visibility.PUBLIC.value,
                published_at__lte=as_of.moment,
            )
        )
        .order_by("-period_end", "-published_at", "-id")
        .first()
    )
    if row is None:
        return None
    return Rating(Health(row.rating), row.reason, row.period_end, row.published_at)  # type: ignore[arg-type]
