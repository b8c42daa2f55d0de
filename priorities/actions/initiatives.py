"""Write initiatives, their milestones and their money."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from priorities.actions.recording import Actor, WriteRefused, recording
from priorities.actions.writing import insert, refuse_if_corrected, revise
from priorities.enums import EventKind
from priorities.models import BudgetLine, Initiative, Milestone

if TYPE_CHECKING:
    from accounts.models import User


def create_initiative(
    *,
    by: Actor | User | str,
    now: dt.datetime,
    related_priorities: Iterable[models.Model] = (),
    supporting_divisions: Iterable[models.Model] = (),
    reason: str = "",
    **values: Any,
) -> Initiative:
    """Add an initiative under a priority. ``values``: fields of ``Initiative``.

    Errors: ``WriteRefused`` when the priority belongs to another plan.
    """
    row = Initiative(**values)
    if row.priority.plan_id != row.plan_id:
        raise WriteRefused(_("The strategic priority belongs to another plan."))
    links = {
        "related_priorities": related_priorities,
        "supporting_divisions": supporting_divisions,
    }
    with recording(by=by, now=now) as log:
        return insert(log, row, links=links, reason=reason)


def revise_initiative(
    *,
    initiative: Initiative,
    changes: Mapping[str, object],
    by: Actor | User | str,
    now: dt.datetime,
    reason: str = "",
) -> Initiative:
    """Change an initiative's wording, dates, division, place or visibility."""
    priority = changes.get("priority", initiative.priority)
    if priority.plan_id != initiative.plan_id:  # type: ignore[attr-defined]
        raise WriteRefused(_("The strategic priority belongs to another plan."))
    with recording(by=by, now=now) as log:
        return revise(log, initiative, changes, reason=reason)


def add_milestone(*, by: Actor | User | str, now: dt.datetime, **values: Any) -> Milestone:
    """Add a milestone; the date it is first given is kept as its original date."""
    values.setdefault("original_due_on", values["due_on"])
    with recording(by=by, now=now) as log:
        return insert(log, Milestone(**values))


def revise_milestone(
    *,
    milestone: Milestone,
    changes: Mapping[str, object],
    by: Actor | User | str,
    now: dt.datetime,
    reason: str = "",
) -> Milestone:
    """Change, re-date, tick off or drop a milestone.

    Errors: ``WriteRefused`` when the due date moves, or the milestone is dropped, without a
    reason, and when the original date would change.
    """
    if "original_due_on" in changes:
        raise WriteRefused(_("The original date of a milestone is kept for good."))
    moved = "due_on" in changes and changes["due_on"] != milestone.due_on
    if (moved or changes.get("dropped_on")) and not reason.strip():
        raise WriteRefused(_("Say why the date moves or the milestone is dropped."))
    with recording(by=by, now=now) as log:
        return revise(log, milestone, changes, reason=reason)


def add_budget_line(
    *,
    by: Actor | User | str,
    now: dt.datetime,
    supersedes: BudgetLine | None = None,
    reason: str = "",
    **values: Any,
) -> BudgetLine:
    """Record money for an initiative; with ``supersedes`` a correction, which needs a reason."""
    with recording(by=by, now=now) as log:
        if supersedes is not None:
            refuse_if_corrected(supersedes)
            if supersedes.initiative != values.setdefault("initiative", supersedes.initiative):
                raise WriteRefused(_("The corrected budget line is of another initiative."))
        row = BudgetLine(
            supersedes=supersedes,
            reason=reason,
            published_at=log.now,
            recorded_by=log.actor.name,
            **values,
        )
        kind = EventKind.CORRECTED if supersedes else EventKind.RECORDED
        return insert(log, row, kind=kind, before=supersedes, reason=reason)
