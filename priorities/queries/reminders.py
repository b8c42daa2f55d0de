"""What must be known to remind people: who can report, who looks after what, what was sent."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Q

from accounts.models import User
from priorities.enums import AssignmentRole, MailKind, MailStep, Role
from priorities.labels import label
from priorities.models import Assignment, Division, Mailing, MailPreference, RoleGrant
from priorities.queries.workload import REPORTING


@dataclass(frozen=True, slots=True)
class Correspondent:
    """A person who can report, and what they want to be told.

    ``divisions``: those they edit, without the ones below.
    """

    pk: int
    name: str
    email: str
    roles: frozenset[Role] = frozenset()
    divisions: frozenset[int] = frozenset()
    wants_early: bool = True
    wants_summary: bool = True


@dataclass(frozen=True, slots=True)
class WaitingOffer:
    """An item that somebody was asked to answer for and has not."""

    pk: int
    kind: str
    name: str
    asked_as: str
    offered_on: dt.date
    division_pk: int | None = None


@dataclass(frozen=True, slots=True)
class Reminding:
    """Who may be written to, and what was.

    ``people``: active people who can report, by id. ``editors``: of each division, its own.
    ``last_sent``: the newest day of which a person has a reminder. ``summarized``: who has had
    the summary of this week. ``busy``: who has a reminder of the day, or is being sent one.
    """

    people: Mapping[int, Correspondent]
    editors: Mapping[int, frozenset[int]]
    administrators: frozenset[int]
    parents: Mapping[int, int | None]
    offers: Mapping[int, tuple[WaitingOffer, ...]]
    last_sent: Mapping[int, dt.date]
    summarized: frozenset[int]
    busy: frozenset[int]


def reminding(day: dt.date) -> Reminding:
    """What must be known to remind people on a day. Queries: seven."""
    people = _people()
    editors: defaultdict[int, set[int]] = defaultdict(set)
    for person in people.values():
        for division in person.divisions:
            editors[division].add(person.pk)
    digests = Mailing.objects.filter(kind=MailKind.DIGEST.value)
    kept = Q(sent_at__isnull=False)
    sent = list(
        digests.order_by()
        .values("person_id")
        .annotate(
            last=Max("day", filter=kept), held=Max("day", filter=kept | Q(claimed_at__isnull=False))
        )
        .values_list("person_id", "last", "held")
    )
    monday = day - dt.timedelta(days=day.weekday())
    of_week = digests.filter(kept, day__gte=monday).values_list("person_id", "steps")
    return Reminding(
        people=people,
        editors={division: frozenset(pks) for division, pks in editors.items()},
        administrators=frozenset(
            person.pk for person in people.values() if Role.PLAN_ADMINISTRATOR in person.roles
        ),
        parents=dict(Division.objects.values_list("pk", "parent_id")),
        offers=_offers(),
        last_sent={pk: last for pk, last, _held in sent if last},
        summarized=frozenset(pk for pk, steps in of_week if MailStep.SUMMARY in steps),
        busy=frozenset(pk for pk, _last, held in sent if held and held >= day),
    )


def _people() -> dict[int, Correspondent]:
    """Active people whose roles let them report. Queries: three."""
    roles: defaultdict[int, set[Role]] = defaultdict(set)
    divisions: defaultdict[int, set[int]] = defaultdict(set)
    grants = RoleGrant.objects.filter(revoked_on__isnull=True, person__is_active=True).order_by()
    for person, role, division in grants.values_list("person_id", "role", "division_id"):
        roles[person].add(Role(role))
        if division is not None:
            divisions[person].add(division)
    wants = {
        person: (early, summary)
        for person, early, summary in MailPreference.objects.values_list(
            "person_id", "early", "summary"
        )
    }
    active = User.objects.filter(is_active=True).order_by("name", "email")
    found = {}
    for pk, name, email, staff, root in active.values_list(
        "pk", "name", "email", "is_staff", "is_superuser"
    ):
        if staff or root or roles[pk].intersection(REPORTING):
            early, summary = wants.get(pk, (True, True))
            held, edits = frozenset(roles[pk]), frozenset(divisions[pk])
            found[pk] = Correspondent(pk, name or email, email, held, edits, early, summary)
    return found


def _offers() -> dict[int, tuple[WaitingOffer, ...]]:
    """What each active person was asked and has not answered. Queries: one."""
    found: defaultdict[int, list[WaitingOffer]] = defaultdict(list)
    rows = Assignment.objects.waiting().select_related("initiative", "metric")
    for row in rows.order_by("offered_on", "pk"):
        kind = "initiative" if row.initiative_id else "metric"
        item: Any = row.initiative or row.metric
        asked_as = label(AssignmentRole(row.role))
        offer = WaitingOffer(
            row.pk, kind, item.name, asked_as, row.offered_on, item.lead_division_id
        )
        found[row.person_id].append(offer)
    return {person: tuple(offers) for person, offers in found.items()}
