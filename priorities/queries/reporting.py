"""What a person needs before them to report initiatives: the last word, and what is on its way."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from priorities.enums import AssignmentState
from priorities.models import (
    Assignment,
    Draft,
    Initiative,
    Milestone,
    ReportingPeriod,
    StatusUpdate,
    logged_form,
)
from priorities.queries.due import ON_ITS_WAY, DueItem
from priorities.queries.latest import latest_of_each, published_updates

#: What of an update somebody else may have changed meanwhile.
COMPARED = ("lifecycle", "health", "percent_complete", "narrative", "next_steps", "cause",
            "recovery_step", "recovery_on", "closed_on", "state")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Desk:
    """One initiative in the round, with all that lies there for the person who reports it.

    ``published``: the newest published update of the latest period. ``on_its_way``: the newest
    update of this period that is not published. ``milestones``: those not dropped, by due date.
    ``assignment``: the person's own accepted one. ``draft``: what the person typed.
    """

    item: DueItem
    initiative: Initiative
    published: StatusUpdate | None
    on_its_way: StatusUpdate | None
    milestones: tuple[Milestone, ...]
    assignment: Assignment | None
    draft: Draft | None

    @property
    def period_pk(self) -> int:
        """The reporting period of the round; an initiative always has one."""
        assert self.item.period_pk is not None  # noqa: S101 - its timetable is made of them
        return self.item.period_pk

    @property
    def steps(self) -> tuple[Milestone, ...]:
        """The milestones that a report of this round may still touch: open, or done in it."""
        since = self.item.period_start
        return tuple(m for m in self.milestones if m.done_on is None or m.done_on >= since)

    @property
    def newest(self) -> StatusUpdate | None:
        """What the form is filled in from: what was handed in for this period, else the last."""
        return self.on_its_way or self.published

    @property
    def seen(self) -> str:
        """A fingerprint of the state that a form is typed over; another one is a conflict."""
        return fingerprint(self.published, self.on_its_way, self.milestones)


def fingerprint(
    published: StatusUpdate | None,
    on_its_way: StatusUpdate | None,
    milestones: Iterable[Milestone],
) -> str:
    """Tells one state of an initiative from another: its reports, a dot, its milestones."""
    reports = [
        published.pk if published else None,
        [on_its_way.pk, logged_form(on_its_way, COMPARED)] if on_its_way else None,
    ]
    steps = [[step.pk, str(step.due_on), str(step.done_on)] for step in milestones]
    return f"{_digest(reports)}.{_digest(steps)}"


def _digest(state: object) -> str:
    return hashlib.sha256(json.dumps(state).encode()).hexdigest()[:16]


def present_state(initiative: Initiative, period: ReportingPeriod) -> str:
    """The fingerprint as the database has it now. Queries: three."""
    published = published_updates(initiative).first()
    on_its_way = (
        StatusUpdate.objects.filter(
            initiative=initiative, period_end=period.end, state__in=list(ON_ITS_WAY)
        )
        .order_by("-pk")
        .first()
    )
    return fingerprint(published, on_its_way, _milestones([initiative.pk]))


def desks(items: Iterable[DueItem], *, person: User) -> tuple[Desk, ...]:
    """The initiatives among some items, in their order, each with what lies there.

    Queries: six, whatever the number.
    """
    due = {item.pk: item for item in items if item.kind == "initiative"}
    rows = Initiative.objects.filter(pk__in=due).select_related("plan", "priority").in_bulk()
    published = {row.initiative_id: row for row in latest_of_each(due)}
    waiting = {(row.initiative_id, row.period_end): row for row in _on_their_way(due)}
    steps: defaultdict[int, list[Milestone]] = defaultdict(list)
    for step in _milestones(due):
        steps[step.initiative_id].append(step)
    held = Assignment.objects.filter(
        person=person, initiative__in=due, state=AssignmentState.ACCEPTED.value
    )
    assignments = {row.initiative_id: row for row in held.order_by("-role", "-pk")}
    forms = [item.form for item in due.values()]
    drafts = {row.form: row for row in Draft.objects.filter(person=person, form__in=forms)}
    return tuple(
        Desk(
            item=item,
            initiative=rows[pk],
            published=published.get(pk),
            on_its_way=waiting.get((pk, item.period_end)),
            milestones=tuple(steps[pk]),
            assignment=assignments.get(pk),
            draft=drafts.get(item.form),
        )
        for pk, item in due.items()
    )


def _on_their_way(initiatives: Iterable[int]) -> QuerySet[Any]:
    """Updates that are not published, the newest last."""
    return StatusUpdate.objects.filter(
        initiative__in=initiatives, state__in=list(ON_ITS_WAY)
    ).order_by("pk")


def _milestones(initiatives: Iterable[int]) -> QuerySet[Milestone]:
    """Milestones that are not dropped, by due date."""
    return Milestone.objects.filter(initiative__in=initiatives, dropped_on__isnull=True).order_by(
        "due_on", "pk"
    )
