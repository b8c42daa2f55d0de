"""Who answers for what, who was asked, and what has no owner: for staff alone.

The owner of an item is the active person who has accepted it. Nobody else is: not who was only
asked, and not who has left (``Assignment.objects.owning``).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from priorities import spelling
from priorities.enums import (
    CLOSED_LIFECYCLES,
    AssignmentRole,
    AssignmentState,
    PlanState,
    Role,
)
from priorities.labels import label
from priorities.models import Assignment, Initiative, Metric
from priorities.queries.latest import published_updates

Kind = Literal["initiative", "metric"]
Key = tuple[Kind, int]

#: Who can accept what is offered.
ANSWERING = (Role.MANAGER.value, Role.DIVISION_EDITOR.value, Role.PLAN_ADMINISTRATOR.value)
#: Plans whose items may be given owners.
OPEN_PLANS = (PlanState.DRAFT.value, PlanState.ACTIVE.value)


def people_who_can_answer() -> QuerySet[User]:
    """Active people whose role lets them accept an item, by name."""
    return (
        User.objects.filter(
            is_active=True, role_grants__role__in=ANSWERING, role_grants__revoked_on__isnull=True
        )
        .distinct()
        .order_by("name", "email")
    )


def key_of(assignment: Assignment) -> Key:
    """The item of an assignment."""
    if assignment.initiative_id is not None:
        return "initiative", assignment.initiative_id
    assert assignment.metric_id is not None  # noqa: S101 - a constraint says so
    return "metric", assignment.metric_id


# ── What is offered to a person ──────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Offer:
    """An item that somebody was asked to answer for."""

    pk: int
    kind: Kind
    kind_label: str
    name: str
    asked_as: str
    division: str
    offered_on: dt.date
    offered: str
    takes_over_from: str


def offers_to(person: User) -> tuple[Offer, ...]:
    """What a person was asked and has not answered, oldest first. Queries: one."""
    rows = (
        Assignment.objects.waiting()
        .filter(person=person)
        .select_related("initiative__lead_division", "metric__lead_division", "replaces__person")
        .order_by("offered_on", "pk")
    )
    return tuple(_offer(row) for row in rows)


def _offer(row: Assignment) -> Offer:
    item: Any = row.initiative or row.metric
    return Offer(
        pk=row.pk,
        kind=key_of(row)[0],
        kind_label=_("Initiative") if row.initiative_id else _("Metric"),
        name=item.name,
        asked_as=label(AssignmentRole(row.role)).lower(),
        division=item.lead_division.name if item.lead_division else "",
        offered_on=row.offered_on,
        offered=spelling.day(row.offered_on),
        takes_over_from=str(row.replaces.person) if row.replaces else "",
    )


# ── Who answers for some items ───────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers for one item, by name.

    ``left``: a former owner whose account is not active. ``declined``: who gave it back or declined
    it last, since anybody owned it, and why.
    """

    owner: str = ""
    owner_pk: int | None = None
    contributors: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    left: str = ""
    declined: str = ""
    reason: str = ""

    @property
    def has_owner(self) -> bool:
        """Has an active person accepted it?"""
        return self.owner_pk is not None

    @property
    def notice(self) -> str:
        """What staff must know of an item without an owner; empty when there is one."""
        if self.has_owner:
            return ""
        parts = [_("Nobody owns this.")]
        if self.left:
            parts.append(_("%(person)s's account is not active.") % {"person": self.left})
        if self.declined:
            told = {"person": self.declined, "reason": self.reason}
            parts.append(_("%(person)s declined: “%(reason)s”") % told)
        if self.asked:
            asked = spelling.joined(self.asked)
            parts.append(_("%(people)s was asked and has not answered.") % {"people": asked})
        return " ".join(parts)


NOBODY = Answering()


def answering_for(items: Iterable[Initiative | Metric]) -> dict[Key, Answering]:
    """Who answers for each of some items. Queries: one, whatever their number."""
    keys: list[Key] = [
        ("initiative" if isinstance(item, Initiative) else "metric", item.pk) for item in items
    ]
    rows = (
        Assignment.objects.filter(
            Q(initiative__in=[pk for kind, pk in keys if kind == "initiative"])
            | Q(metric__in=[pk for kind, pk in keys if kind == "metric"]),
            state__in=(
                AssignmentState.OFFERED.value,
                AssignmentState.ACCEPTED.value,
                AssignmentState.DECLINED.value,
            ),
        )
        .select_related("person")
        .order_by("person__name", "pk")
    )
    found: defaultdict[Key, list[Assignment]] = defaultdict(list)
    for row in rows:
        found[key_of(row)].append(row)
    return {key: _answering(found.get(key, [])) for key in keys}


def _answering(rows: list[Assignment]) -> Answering:
    """What the assignments of one item say."""
    owning = [row for row in rows if row.role == AssignmentRole.OWNER]
    accepted = [row for row in owning if row.state == AssignmentState.ACCEPTED]
    owner = next((row for row in accepted if row.person.is_active), None)
    left = next((row for row in accepted if not row.person.is_active), None)
    said_no = [row for row in owning if row.state == AssignmentState.DECLINED]
    last_no = max(said_no, key=lambda row: (_said_no_on(row), row.pk), default=None)
    declined = last_no if last_no and not accepted else None
    active = [row for row in rows if row.person.is_active]
    return Answering(
        owner=str(owner.person) if owner else "",
        owner_pk=owner.person_id if owner else None,
        contributors=tuple(
            str(row.person)
            for row in active
            if row.state == AssignmentState.ACCEPTED and row.role != AssignmentRole.OWNER
        ),
        asked=tuple(
            str(row.person)
            for row in active
            if row.state == AssignmentState.OFFERED and row.role == AssignmentRole.OWNER
        ),
        left=str(left.person) if left else "",
        declined=str(declined.person) if declined else "",
        reason=declined.reason if declined else "",
    )


def _said_no_on(row: Assignment) -> dt.date:
    """The day on which it was declined, or given back."""
    return row.ended_on or row.answered_on or row.offered_on


def ownership_notice(item: Initiative | Metric) -> str:
    """What staff must know of an item without an owner; empty when it has one. Queries: one."""
    [answering] = answering_for([item]).values()
    return answering.notice


# ── Everything that can have an owner ────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class OwnedItem:
    """One line of the table of owners."""

    kind: Kind
    pk: int
    name: str
    kind_label: str
    plan: str
    division: str
    division_pk: int | None
    url: str
    answering: Answering

    @property
    def value(self) -> str:
        """What the form sends for it."""
        return f"{self.kind}:{self.pk}"


def live_initiatives() -> QuerySet[Initiative]:
    """Initiatives of plans that run or are prepared, without those that are over."""
    newest = published_updates(OuterRef("pk"))
    over = [lifecycle.value for lifecycle in CLOSED_LIFECYCLES]
    return (
        Initiative.objects.filter(plan__state__in=OPEN_PLANS)
        .annotate(newest_lifecycle=Subquery(newest.values("lifecycle")[:1]))
        .filter(Q(newest_lifecycle__isnull=True) | ~Q(newest_lifecycle__in=over))
    )


def live_metrics() -> QuerySet[Metric]:
    """Metrics that are still reported."""
    return Metric.objects.filter(retired_on__isnull=True)


def owned_items(
    initiatives: QuerySet[Initiative], metrics: QuerySet[Metric]
) -> tuple[OwnedItem, ...]:
    """The table of owners: those without one first, then by name. Queries: three."""
    related = ("lead_division",)
    found: list[Initiative | Metric] = [
        *initiatives.select_related("plan", *related),
        *metrics.select_related(*related),
    ]
    answering = answering_for(found)
    rows = [_owned(item, answering) for item in found]
    return tuple(sorted(rows, key=lambda row: (row.answering.has_owner, row.name, row.value)))


def owners_url(item: Initiative | Metric) -> str:
    """The page on which staff see who answers for an item, and who did."""
    if isinstance(item, Initiative):
        return reverse("priorities:manage-owners-initiative", args=[item.plan.code, item.code])
    return reverse("priorities:manage-owners-metric", args=[item.code])


def _owned(item: Initiative | Metric, answering: dict[Key, Answering]) -> OwnedItem:
    kind: Kind = "initiative" if isinstance(item, Initiative) else "metric"
    division = item.lead_division
    return OwnedItem(
        kind=kind,
        pk=item.pk,
        name=item.name,
        kind_label=_("Initiative") if kind == "initiative" else _("Metric"),
        plan=item.plan.title if isinstance(item, Initiative) else "",
        division=division.name if division else "",
        division_pk=item.lead_division_id,
        url=owners_url(item),
        answering=answering.get((kind, item.pk), NOBODY),
    )
