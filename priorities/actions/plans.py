"""Write the agency, its divisions, plans, priorities and reporting periods."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from priorities.actions.recording import Actor, WriteRefused, recording
from priorities.actions.writing import insert, revise
from priorities.assessment.periods import next_period, period_containing
from priorities.enums import Calendar, EventKind, PlanState
from priorities.models import Division, Meeting, Organization, Plan, Priority, ReportingPeriod

if TYPE_CHECKING:
    from accounts.models import User

#: A period opens for reports this many days before it ends.
OPENS_DAYS_BEFORE_END = 14


def create_organization(*, by: Actor | User | str, now: dt.datetime, **values: Any) -> Organization:
    """Enter the agency. ``values``: fields of ``Organization``."""
    with recording(by=by, now=now) as log:
        return insert(log, Organization(**values))


def revise_organization(
    *,
    organization: Organization,
    changes: Mapping[str, object],
    by: Actor | User | str,
    now: dt.datetime,
    reason: str = "",
) -> Organization:
    """Change the agency's own data, e.g. the name of its reviewing body."""
    with recording(by=by, now=now) as log:
        return revise(log, organization, changes, reason=reason)


def create_division(*, by: Actor | User | str, now: dt.datetime, **values: Any) -> Division:
    """Add a division. ``values``: fields of ``Division``."""
    with recording(by=by, now=now) as log:
        return insert(log, Division(**values))


def revise_division(
    *,
    division: Division,
    changes: Mapping[str, object],
    by: Actor | User | str,
    now: dt.datetime,
    reason: str = "",
) -> Division:
    """Rename, move or end a division.

    Errors: ``WriteRefused`` when it would come to be part of itself.
    """
    with recording(by=by, now=now) as log:
        above = changes.get("parent")
        while isinstance(above, Division):
            if above.pk == division.pk:
                raise WriteRefused(_("A division cannot be part of itself."))
            above = above.parent
        return revise(log, division, changes, reason=reason)


def create_plan(*, by: Actor | User | str, now: dt.datetime, **values: Any) -> Plan:
    """Add a plan; a draft unless ``state`` says otherwise."""
    with recording(by=by, now=now) as log:
        return insert(log, Plan(**values))


def revise_plan(
    *,
    plan: Plan,
    changes: Mapping[str, object],
    by: Actor | User | str,
    now: dt.datetime,
    reason: str = "",
) -> Plan:
    """Change a plan's wording, dates or settings."""
    with recording(by=by, now=now) as log:
        return revise(log, plan, changes, reason=reason)


def activate_plan(
    *, plan: Plan, by: Actor | User | str, now: dt.datetime, reason: str = ""
) -> Plan:
    """Make a draft plan public and current."""
    with recording(by=by, now=now) as log:
        changes = {"state": PlanState.ACTIVE.value, "closed_on": None}
        return revise(log, plan, changes, kind=EventKind.PUBLISHED, reason=reason)


def close_plan(
    *, plan: Plan, closed_on: dt.date, reason: str, by: Actor | User | str, now: dt.datetime
) -> Plan:
    """Close a plan: from then on it is judged as of its closing day for good."""
    with recording(by=by, now=now) as log:
        changes = {"state": PlanState.CLOSED.value, "closed_on": closed_on}
        return revise(log, plan, changes, kind=EventKind.CLOSED, reason=reason)


def create_priority(*, by: Actor | User | str, now: dt.datetime, **values: Any) -> Priority:
    """Add a strategic priority to a plan."""
    with recording(by=by, now=now) as log:
        return insert(log, Priority(**values))


def revise_priority(
    *,
    priority: Priority,
    changes: Mapping[str, object],
    by: Actor | User | str,
    now: dt.datetime,
    reason: str = "",
) -> Priority:
    """Change a priority's wording or order, or retire it with a date."""
    with recording(by=by, now=now) as log:
        return revise(log, priority, changes, reason=reason)


def open_periods(
    *,
    plan: Plan,
    calendar: Calendar = Calendar.QUARTER,
    by: Actor | User | str,
    now: dt.datetime,
    provenance: str | None = None,
) -> list[ReportingPeriod]:
    """Lay out the reporting periods of a calendar over the plan's whole period.

    Periods that exist already are left as they are. Each is due ``plan.grace_days`` after its
    end.
    """
    first_month = plan.organization.fiscal_year_start_month
    made: list[ReportingPeriod] = []
    with recording(by=by, now=now) as log:
        have = set(plan.periods.filter(calendar=calendar.value).values_list("end", flat=True))
        period = period_containing(plan.period_start, calendar, fiscal_start_month=first_month)
        while period is not None and period.start <= plan.period_end:
            if period.end not in have:
                row = ReportingPeriod(
                    plan=plan,
                    calendar=calendar.value,
                    start=period.start,
                    end=period.end,
                    opens_on=period.end - dt.timedelta(days=OPENS_DAYS_BEFORE_END),
                    due_on=period.end + dt.timedelta(days=plan.grace_days),
                )
                if provenance:
                    row.provenance = provenance
                made.append(insert(log, row))
            period = next_period(period)
    return made


def revise_period(
    *,
    period: ReportingPeriod,
    changes: Mapping[str, object],
    by: Actor | User | str,
    now: dt.datetime,
    reason: str = "",
) -> ReportingPeriod:
    """Move the opening, due or closing day of a reporting period.

    Errors: ``WriteRefused`` for its start and end: updates are told by them.
    """
    if not set(changes) <= {"opens_on", "due_on", "closes_on", "provenance"}:
        raise WriteRefused(_("The days that a period begins and ends on are permanent."))
    with recording(by=by, now=now) as log:
        return revise(log, period, changes, reason=reason)


def schedule_meeting(
    *,
    plan: Plan,
    held_on: dt.date,
    name: str,
    by: Actor | User | str,
    now: dt.datetime,
    **values: Any,
) -> Meeting:
    """Note a day on which the plan is reviewed, past or to come.

    ``values``: other fields of ``Meeting``.
    """
    with recording(by=by, now=now) as log:
        return insert(log, Meeting(plan=plan, held_on=held_on, name=name, **values))


def revise_meeting(
    *,
    meeting: Meeting,
    changes: Mapping[str, object],
    by: Actor | User | str,
    now: dt.datetime,
    reason: str = "",
) -> Meeting:
    """Move, rename or call off a meeting; it stays in the record."""
    with recording(by=by, now=now) as log:
        return revise(log, meeting, changes, reason=reason)
