"""What is due of whom: every item of the round, and which of them are a person's.

Whether an item is reported is the rule of freshness, asked as the public pages ask it; periods and
closing days are found as they find them. What is only for staff is added here: who answers for an
item, and how far its report is on its way.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, Subquery

from accounts.models import User
from priorities.assessment.freshness import Freshness, Timetable
from priorities.assessment.periods import MONTHS_OF_CALENDAR, AsOf
from priorities.enums import (
    CLOSED_LIFECYCLES,
    AssignmentRole,
    AssignmentState,
    Calendar,
    Lifecycle,
    MissingReason,
    PlanState,
    Role,
)
from priorities.models import (
    Assignment,
    Division,
    Draft,
    Initiative,
    Metric,
    Observation,
    Organization,
    Plan,
    ReportingPeriod,
    RoleGrant,
    StatusUpdate,
)
from priorities.queries.due import ON_ITS_WAY, DueItem, Kind, State
from priorities.queries.judging import MetricJudge
from priorities.queries.publication import Document
from priorities.queries.standing import (
    closing_day,
    expected_from,
    is_closed,
    latest_update,
    timetables,
)

__all__ = [
    "REPORTING",
    "DueItem",
    "Kind",
    "Scope",
    "State",
    "due_items",
    "edited_divisions",
    "workload",
]

#: Who reports what is assigned to them; the others only read.
REPORTING = frozenset({Role.MANAGER, Role.DIVISION_EDITOR, Role.PLAN_ADMINISTRATOR})


class Rights(Protocol):
    """What must be known of a person's rights; `priorities.permissions.Rights` has it."""

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held now."""

    @property
    def divisions(self) -> frozenset[int]:
        """The divisions whose items the person edits."""

    @property
    def is_system_administrator(self) -> bool:
        """May the person do everything?"""


class _Answering(NamedTuple):
    """Who answers for an item: accepted, and still active."""

    owner: int | None
    contributors: frozenset[int]


class _Said(NamedTuple):
    """The last word on an initiative: of which period, whether it closed it, and when."""

    period_end: dt.date
    closed: bool
    on: dt.date


class Scope(NamedTuple):
    """Which initiatives and which metrics are read."""

    initiatives: Q
    metrics: Q


NOBODY = _Answering(None, frozenset())
ALL = Scope(Q(), Q())


def due_items(
    *,
    as_of: AsOf,
    plans: Collection[str] | None = None,
    person: User | None = None,
    among: Scope = ALL,
) -> tuple[DueItem, ...]:
    """Everything in the round: what is open in every active plan, and every live metric.

    What has been reported is among it, as done. An item that nothing is expected of yet, one
    closed in an earlier period, and a metric that only closed plans ask for, are not. ``plans``
    keeps the initiatives of those plans and the metrics that inform them. With a ``person`` the
    drafts that they alone see count too. ``among`` narrows what is read at all.
    Queries: nine, and one with a person.
    """
    agency = Organization.objects.order_by("pk").first() or Organization()
    tz = ZoneInfo(agency.time_zone)
    laid_out = list(Plan.objects.order_by("pk").values("pk", *Plan.LOGGED))
    running = {
        plan["pk"]: plan
        for plan in laid_out
        if plan["state"] == PlanState.ACTIVE
        and not is_closed(plan, as_of.day)
        and (plans is None or plan["code"] in plans)
    }
    answering = _answering()
    items = [*_initiatives(running, answering, as_of, tz, among.initiatives)]
    judge = MetricJudge(
        as_of=as_of,
        closings={p["code"]: closing_day(p) for p in laid_out if p["state"] != PlanState.DRAFT},
        fiscal_start_month=agency.fiscal_year_start_month,
        tz=tz,
    )
    items += _metrics(judge, plans, answering, tz, among.metrics)
    if person is not None:
        items = _with_drafts(items, person)
    return tuple(sorted(items, key=lambda item: item.urgency))


def workload(*, person: User, rights: Rights, as_of: AsOf) -> tuple[DueItem, ...]:
    """What is due of one person, most urgent first, done last.

    Their own; for a division editor, what no active person has accepted in their divisions; for a
    plan administrator, the same of divisions without an editor. Queries: at most thirteen.
    """
    if not person.is_active or not (
        rights.is_system_administrator or rights.roles.intersection(REPORTING)
    ):
        return ()
    edited = rights.divisions if Role.DIVISION_EDITOR in rights.roles else frozenset()
    administers = Role.PLAN_ADMINISTRATOR in rights.roles or _administers_too(person, rights)
    among = ALL if administers else _scope(person, edited)
    items = due_items(as_of=as_of, person=person, among=among)
    with_editor = edited_divisions() if administers else frozenset()

    def is_theirs(item: DueItem) -> bool:
        if person.pk == item.owner_pk or person.pk in item.contributor_pks:
            return True
        if item.owner_pk is not None:
            return False
        return item.division_pk in edited or (administers and item.division_pk not in with_editor)

    return tuple(item for item in items if is_theirs(item))


def _administers_too(person: User, rights: Rights) -> bool:
    """Has a system administrator, whose rights name no role, been made plan administrator too?"""
    held = RoleGrant.objects.filter(
        person=person, role=Role.PLAN_ADMINISTRATOR.value, revoked_on__isnull=True
    )
    return rights.is_system_administrator and held.exists()


def _scope(person: User, divisions: Collection[int]) -> Scope:
    """What can be a person's at all: what they accepted, and what their divisions lead."""
    accepted = Assignment.objects.filter(
        person=person, state=AssignmentState.ACCEPTED.value
    ).order_by()
    led = Q(lead_division__in=divisions)
    return Scope(
        initiatives=led
        | Q(pk__in=accepted.filter(initiative__isnull=False).values("initiative_id")),
        metrics=led | Q(pk__in=accepted.filter(metric__isnull=False).values("metric_id")),
    )


def edited_divisions() -> frozenset[int]:
    """The divisions that have an active editor, their own or one above. Queries: two."""
    roots = set(
        RoleGrant.objects.filter(
            role=Role.DIVISION_EDITOR.value, revoked_on__isnull=True, person__is_active=True
        ).values_list("division_id", flat=True)
    )
    parents = dict(Division.objects.values_list("pk", "parent_id"))

    def has_editor(pk: int | None) -> bool:
        seen: set[int] = set()
        while pk is not None and pk not in seen:
            if pk in roots:
                return True
            seen.add(pk)
            pk = parents[pk]
        return False

    return frozenset(pk for pk in parents if has_editor(pk))


def _answering() -> dict[tuple[Kind, int], _Answering]:
    """Who answers for each item. An inactive person does not. Queries: one."""
    owners: dict[tuple[Kind, int], int] = {}
    contributors: defaultdict[tuple[Kind, int], set[int]] = defaultdict(set)
    accepted = Assignment.objects.filter(
        state=AssignmentState.ACCEPTED.value, person__is_active=True
    ).order_by("pk")
    for initiative, metric, role, person in accepted.values_list(
        "initiative_id", "metric_id", "role", "person_id"
    ):
        key: tuple[Kind, int] = ("initiative", initiative) if initiative else ("metric", metric)
        if role == AssignmentRole.OWNER:
            owners[key] = person
        else:
            contributors[key].add(person)
    return {
        key: _Answering(owners.get(key), frozenset(contributors.get(key, ())))
        for key in {*owners, *contributors}
    }


def _initiatives(
    plans: Mapping[int, Document],
    answering: Mapping[tuple[Kind, int], _Answering],
    as_of: AsOf,
    tz: ZoneInfo,
    among: Q,
) -> Iterable[DueItem]:
    """The initiatives of running plans in the round. Queries: three."""
    periods: defaultdict[int, list[Document]] = defaultdict(list)
    columns = ("id", "plan_id", "calendar", "start", "end", "due_on")
    found: Iterable[Document] = ReportingPeriod.objects.filter(plan__in=plans).values(*columns)
    for period in found:
        periods[period["plan_id"]].append(period)
    tables = {pk: timetables(periods[pk], on=as_of.day) for pk in plans}
    keys = {(pk, p["calendar"], p["end"]): p["id"] for pk in plans for p in periods[pk]}
    on_their_way = _on_their_way(plans)
    silent = Timetable((), on=as_of.day)
    rows = (
        Initiative.objects.filter(among, plan__in=plans)
        .order_by()
        .annotate(said=latest_update(as_of, "period_end", "lifecycle", "published_at"))
    )
    wanted = ("pk", "code", "plan_id", "name", "lead_division_id", "start", "cadence",
              "recorded_at", "said")  # fmt: skip
    for row in rows.values(*wanted):
        last = _said(row["said"], tz)
        table = tables[row["plan_id"]].get(Calendar(row["cadence"]), silent)
        fresh = table.freshness(
            last.period_end if last else None, expected_from(row["start"], row["recorded_at"], tz)
        )
        if fresh.current is None or (last and last.closed and not fresh.covered):
            continue
        handed_in = on_their_way.get((row["pk"], fresh.current.end))
        yield replace(
            _item("initiative", row, fresh, answering, handed_in),
            plan_code=plans[row["plan_id"]]["code"],
            period_pk=keys[row["plan_id"], row["cadence"], fresh.current.end],
            last_on=last.on if last else None,
        )


def _said(raw: str | None, tz: ZoneInfo) -> _Said | None:
    """The newest update, from the statement's array; SQLite keeps UTC without saying so."""
    if raw is None:
        return None
    period_end, lifecycle, published_at = json.loads(raw)
    moment = dt.datetime.fromisoformat(published_at)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    closed = Lifecycle(lifecycle) in CLOSED_LIFECYCLES
    return _Said(dt.date.fromisoformat(period_end), closed, moment.astimezone(tz).date())


def _on_their_way(plans: Collection[int]) -> dict[tuple[int, dt.date], State]:
    """Where the newest unpublished update of an initiative and period is. Queries: one."""
    rows = StatusUpdate.objects.filter(initiative__plan__in=plans, state__in=list(ON_ITS_WAY))
    return {
        (initiative, end): ON_ITS_WAY[state]
        for initiative, end, state in rows.order_by("pk").values_list(
            "initiative_id", "period_end", "state"
        )
    }


def _metrics(
    judge: MetricJudge,
    plans: Collection[str] | None,
    answering: Mapping[tuple[Kind, int], _Answering],
    tz: ZoneInfo,
    among: Q,
) -> Iterable[DueItem]:
    """The live metrics with a regular calendar in the round. Queries: three."""
    as_of = judge.as_of
    informed = {"priorities": _informed("priorities"), "initiatives": _informed("initiatives")}
    totals = Observation.objects.filter(
        metric=OuterRef("pk"), categories="", published_at__lte=as_of.moment
    )
    # What stands and covers its period, as `Observed.covers` has it.
    replaced = Observation.objects.filter(supersedes=OuterRef("pk"), published_at__lte=as_of.moment)
    covering = totals.filter(~Exists(replaced), period_start__lte=as_of.day).exclude(
        missing_reason=MissingReason.WITHDRAWN.value
    )
    newest = covering.order_by("-period_end", "-published_at", "-pk")
    rows = (
        Metric.objects.filter(
            among, calendar__in=[calendar.value for calendar in MONTHS_OF_CALENDAR]
        )
        .filter(Q(retired_on__isnull=True) | Q(retired_on__gte=as_of.day))
        .order_by()
        .annotate(
            first=Subquery(totals.order_by("period_start").values("period_start")[:1]),
            last_end=Subquery(newest.values("period_end")[:1]),
            last_at=Subquery(newest.values("published_at")[:1]),
        )
    )
    columns = ("pk", "code", "name", "lead_division_id", "calendar", "grace_days", "started_on")
    for row in rows.values(*columns, "recorded_at", "retired_on", "first", "last_end", "last_at"):
        metric = row | {name: links.get(row["pk"], ()) for name, links in informed.items()}
        asking = {code.partition("/")[0] for name in informed for code in metric[name]}
        if plans is not None and not asking.intersection(plans):
            continue
        fresh = judge.freshness(metric, row["first"], row["last_end"])
        if fresh.current is None or judge.judged_on(metric) < as_of.day:
            continue
        last_on = row["last_at"].astimezone(tz).date() if row["last_at"] else None
        yield replace(_item("metric", row, fresh, answering, None), last_on=last_on)


def _informed(name: str) -> dict[int, list[str]]:
    """For each metric the plans whose priorities, or initiatives, it informs. Queries: one."""
    links: defaultdict[int, list[str]] = defaultdict(list)
    through: Any = getattr(Metric, name).through
    path = {"priorities": "priority__plan__code", "initiatives": "initiative__plan__code"}[name]
    for metric, plan in through.objects.order_by().values_list("metric_id", path):
        links[metric].append(plan)
    return links


def _item(
    kind: Kind,
    row: Mapping[str, Any],
    fresh: Freshness,
    answering: Mapping[tuple[Kind, int], _Answering],
    on_its_way: State | None,
) -> DueItem:
    """One item of the round, from its row and its freshness."""
    assert fresh.current is not None  # noqa: S101 - the caller leaves out what nothing is due of
    owner, contributors = answering.get((kind, row["pk"]), NOBODY)
    state: State = "overdue" if fresh.overdue else "due"
    return DueItem(
        kind=kind,
        pk=row["pk"],
        code=row["code"],
        plan_code="",
        name=row["name"],
        division_pk=row["lead_division_id"],
        period_start=fresh.current.start,
        period_end=fresh.current.end,
        due_on=fresh.current.due_on,
        period_pk=None,
        state="done" if fresh.covered else on_its_way or state,
        days_overdue=fresh.days_overdue,
        owner_pk=owner,
        contributor_pks=contributors,
        last_period_end=fresh.last_covered_end,
        last_on=None,
        never_reported=fresh.last_covered_end is None,
    )


def _with_drafts(items: Iterable[DueItem], person: User) -> list[DueItem]:
    """The same, with what the person has typed and not handed in. Queries: one."""
    typed = set(Draft.objects.filter(person=person).values_list("form", flat=True))
    return [
        replace(item, state="draft")
        if item.form in typed and item.state in ("due", "overdue")
        else item
        for item in items
    ]
