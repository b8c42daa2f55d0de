"""Ownership is a handshake: offer, accept or decline, hand over, end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from priorities.actions.recording import Actor, Log, WriteRefused, recording
from priorities.actions.writing import insert, revise
from priorities.enums import AssignmentRole, AssignmentState, EventKind, Provenance
from priorities.models import Assignment, Initiative, Metric
from priorities.models.assignment import AssignmentQuerySet

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
    """Ask a person to answer for an initiative or a metric.

    Errors: ``WriteRefused`` for somebody who cannot sign in any more, or who was asked before.
    """
    with recording(by=by, now=now) as log:
        return _offer(log, person, item, role, on, provenance)


def offer_ownership(
    *,
    person: User,
    items: Iterable[Initiative | Metric],
    on: dt.date,
    by: Actor | User | str,
    now: dt.datetime,
) -> list[Assignment]:
    """Ask one person to own several items, in one act: all offers, or none.

    Whoever owns one of them keeps it until the offer is accepted. Items that the person owns, or
    was asked to own, are left out.
    """
    with recording(by=by, now=now) as log:
        offers = []
        for item in items:
            owned = _of(item).filter(role=AssignmentRole.OWNER.value)
            if not _open(owned, person).exists():
                holder = owned.filter(state=AssignmentState.ACCEPTED.value).first()
                recorded = Provenance.RECORDED
                offers.append(
                    _offer(log, person, item, AssignmentRole.OWNER, on, recorded, replaces=holder)
                )
        return offers


def _of(item: Initiative | Metric) -> AssignmentQuerySet:
    """All assignments of one item."""
    if isinstance(item, Initiative):
        return Assignment.objects.filter(initiative=item)
    return Assignment.objects.filter(metric=item)


def _open(rows: AssignmentQuerySet, person: User) -> AssignmentQuerySet:
    """Those that the person was asked for or holds."""
    states = (AssignmentState.OFFERED.value, AssignmentState.ACCEPTED.value)
    return rows.filter(person=person, state__in=states)


def _offer(
    log: Log,
    person: User,
    item: Initiative | Metric,
    role: AssignmentRole,
    on: dt.date,
    provenance: Provenance,
    *,
    replaces: Assignment | None = None,
) -> Assignment:
    if not person.is_active:
        raise WriteRefused(
            _("%(person)s cannot be asked: the account is not active."),
            params={"person": str(person)},
        )
    if _open(_of(item).filter(role=role.value), person).exists():
        raise WriteRefused(
            _("%(person)s has been asked for this already."), params={"person": str(person)}
        )
    row = Assignment(
        person=person,
        initiative=item if isinstance(item, Initiative) else None,
        metric=item if isinstance(item, Metric) else None,
        role=role.value,
        offered_on=on,
        replaces=replaces,
        provenance=provenance.value,
    )
    return insert(log, row, kind=EventKind.OFFERED)


def accept_assignment(
    *, assignment: Assignment, on: dt.date, by: Actor | User | str, now: dt.datetime
) -> Assignment:
    """Accept what was offered. If it was handed over, the former assignment ends in the same act.

    Errors: ``ValidationError`` when somebody else has become the owner meanwhile.
    """
    with recording(by=by, now=now) as log:
        _refuse_unless(assignment, AssignmentState.OFFERED)
        if (former := assignment.replaces) is not None:
            former.refresh_from_db(fields=["state"])
            if former.state == AssignmentState.ACCEPTED:
                _end(log, former, on, "")
        changes = {"state": AssignmentState.ACCEPTED.value, "answered_on": on}
        return revise(log, assignment, changes, kind=EventKind.ACCEPTED)


def decline_assignment(
    *, assignment: Assignment, reason: str, on: dt.date, by: Actor | User | str, now: dt.datetime
) -> Assignment:
    """Decline what was offered, or give back what was accepted: "not mine", and why.

    What is given back was owned until then: the day of its acceptance stays, and it gets an end.
    """
    if not reason.strip():
        raise WriteRefused(_("Say why it is not yours."))
    with recording(by=by, now=now) as log:
        _refuse_unless(assignment, AssignmentState.OFFERED, AssignmentState.ACCEPTED)
        gives_back = assignment.state == AssignmentState.ACCEPTED
        changes = {
            "state": AssignmentState.DECLINED.value,
            "ended_on" if gives_back else "answered_on": on,
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
    """Offer one person's assignment to another; it ends when the other accepts, not before."""
    item = assignment.initiative or assignment.metric
    with recording(by=by, now=now) as log:
        _refuse_unless(assignment, AssignmentState.ACCEPTED)
        role = AssignmentRole(assignment.role)
        recorded = Provenance(assignment.provenance)
        return _offer(log, to, item, role, on, recorded, replaces=assignment)  # type: ignore[arg-type]


def _refuse_unless(assignment: Assignment, *states: AssignmentState) -> None:
    """Refuse an answer to what is not asked any more."""
    assignment.refresh_from_db(fields=["state"])
    if assignment.state not in states:
        raise WriteRefused(
            _("The assignment is %(state)s, so this can no longer be done."),
            params={"state": assignment.get_state_display()},
        )
