"""Ownership is a handshake: offer, accept or decline, hand over, end."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from priorities.actions.recording import Actor, Log, WriteRefused, recording
from priorities.actions.writing import insert, revise
from priorities.enums import AssignmentRole, AssignmentState, EventKind, Provenance
from priorities.models import Assignment, Initiative, Metric

if TYPE_CHECKING:
    from accounts.models import User


def offer_assignment(
    *,
    person: User,
    item: Initiative | Metric,
    role: AssignmentRole = AssignmentRole.OWNER,
    on: dt.date,
    by: Actor | User | str,
    now: dt.datetime,
    provenance: Provenance = Provenance.RECORDED,
) -> Assignment:
    """Ask a person to answer for an initiative or a metric."""
    with recording(by=by, now=now) as log:
        return _offer(log, person, item, role, on, provenance)


def _offer(
    log: Log,
    person: User,
    item: Initiative | Metric,
    role: AssignmentRole,
    on: dt.date,
    provenance: Provenance,
) -> Assignment:
    row = Assignment(
        person=person,
        initiative=item if isinstance(item, Initiative) else None,
        metric=item if isinstance(item, Metric) else None,
        role=role.value,
        offered_on=on,
        provenance=provenance.value,
    )
    return insert(log, row, kind=EventKind.OFFERED)


def accept_assignment(
    *, assignment: Assignment, on: dt.date, by: Actor | User | str, now: dt.datetime
) -> Assignment:
    """Accept what was offered.

    Errors: ``ValidationError`` when the item has an owner already.
    """
    with recording(by=by, now=now) as log:
        _refuse_unless(assignment, AssignmentState.OFFERED)
        changes = {"state": AssignmentState.ACCEPTED.value, "answered_on": on}
        return revise(log, assignment, changes, kind=EventKind.ACCEPTED)


def decline_assignment(
    *, assignment: Assignment, reason: str, on: dt.date, by: Actor | User | str, now: dt.datetime
) -> Assignment:
    """Decline what was offered, or give back what was accepted: "not mine", and why."""
    if not reason.strip():
        raise WriteRefused(_("Say why it is not yours."))
    with recording(by=by, now=now) as log:
        _refuse_unless(assignment, AssignmentState.OFFERED, AssignmentState.ACCEPTED)
        changes = {
            "state": AssignmentState.DECLINED.value,
            "answered_on": on,
            "reason": reason,
        }
        return revise(log, assignment, changes, kind=EventKind.DECLINED, reason=reason)


def end_assignment(
    *,
    assignment: Assignment,
    on: dt.date,
    by: Actor | User | str,
    now: dt.datetime,
    reason: str = "",
) -> Assignment:
    """End an assignment; it stays on record."""
    with recording(by=by, now=now) as log:
        return _end(log, assignment, on, reason)


def _end(log: Log, assignment: Assignment, on: dt.date, reason: str) -> Assignment:
    _refuse_unless(assignment, AssignmentState.OFFERED, AssignmentState.ACCEPTED)
    changes = {"state": AssignmentState.ENDED.value, "ended_on": on, "reason": reason}
    return revise(log, assignment, changes, kind=EventKind.ENDED, reason=reason)


def hand_over(
    *, assignment: Assignment, to: User, on: dt.date, by: Actor | User | str, now: dt.datetime
) -> Assignment:
    """End one person's assignment and offer it to another, in one act."""
    item = assignment.initiative or assignment.metric
    with recording(by=by, now=now) as log:
        _end(log, assignment, on, "")
        role = AssignmentRole(assignment.role)
        return _offer(log, to, item, role, on, Provenance(assignment.provenance))  # type: ignore[arg-type]


def _refuse_unless(assignment: Assignment, *states: AssignmentState) -> None:
    """Refuse an answer to what is not asked any more."""
    assignment.refresh_from_db(fields=["state"])
    if assignment.state not in states:
        raise WriteRefused(
            _("The assignment is %(state)s; this cannot be done to it any more."),
            params={"state": assignment.get_state_display()},
        )
