"""Who had accepted what on a day, by name: for staff alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from accounts.models import User
from priorities.enums import AssignmentRole
from priorities.models import Assignment
from priorities.queries.ownership import Key


@dataclass(frozen=True, slots=True)
class Accepted:
    """One item that somebody accepted, from which day on and until when."""

    name: str
    is_owner: bool
    is_active: bool
    since: dt.date
    until: dt.date | None

    def on(self, day: dt.date) -> bool:
        """Was it accepted on a day? One that ends on a day is nobody's on it."""
        return self.since <= day and (self.until is None or self.until > day)


@dataclass(frozen=True, slots=True)
class Answerable:
    """Who answered for the items of a plan, by item."""

    rows: Mapping[Key, Sequence[Accepted]]

    def owner(self, key: Key, day: dt.date, *, today: bool) -> str:
        """Who owned an item on a day, by name; empty for nobody.

        ``today``: only active people own anything; of a past day it is not known who was active.
        """
        found = [row for row in self._on(key, day) if row.is_owner and (row.is_active or not today)]
        return found[-1].name if found else ""

    def contributors(self, key: Key, day: dt.date) -> tuple[str, ...]:
        """Who had accepted to contribute to an item on a day, by name."""
        return tuple(sorted(row.name for row in self._on(key, day) if not row.is_owner))

    def _on(self, key: Key, day: dt.date) -> Sequence[Accepted]:
        return [row for row in self.rows.get(key, ()) if row.on(day)]


def answerable(plan_code: str, metrics: Collection[int]) -> Answerable:
    """Who answered for the initiatives of a plan and for some metrics. Queries: one."""
    found = (
        Assignment.objects.ever_accepted()
        .filter(Q(initiative__plan__code=plan_code) | Q(metric__in=list(metrics)))
        .order_by("answered_on", "pk")
    )
    rows: dict[Key, list[Accepted]] = {}
    for initiative, metric, name, email, role, active, since, until in found.values_list(
        "initiative_id",
        "metric_id",
        "person__name",
        "person__email",
        "role",
        "person__is_active",
        "answered_on",
        "ended_on",
    ):
        key: Key = ("initiative", initiative) if initiative else ("metric", metric)
        owns = role == AssignmentRole.OWNER
        assert since is not None  # noqa: S101 - asked for above
        rows.setdefault(key, []).append(Accepted(name or email, owns, active, since, until))
    return Answerable(rows)


def names_of(addresses: Collection[str]) -> dict[str, str]:
    """What the people of some mail addresses are called. Queries: one."""
    found = User.objects.filter(email__in=set(addresses))
    return {email: name or email for email, name in found.values_list("email", "name")}
