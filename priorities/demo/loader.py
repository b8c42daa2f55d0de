"""Builds the demonstration through the actions, in the order in which the public learned of it.

Deterministic: the same data and the same last day give the same rows and the same public events.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db import transaction

from priorities.actions.recording import Actor, entered_by
from priorities.demo.checks import problems
from priorities.demo.dataset import read_dataset
from priorities.demo.facts import add_metrics
from priorities.demo.meetings import add_meetings
from priorities.demo.operation import add_operation
from priorities.demo.records import Records
from priorities.demo.rows import Dataset
from priorities.demo.saved_views import add_saved_views
from priorities.demo.structure import add_structure
from priorities.demo.timeline import Timeline
from priorities.models import Plan

#: Where the demonstration stands: a quarter has just ended and its reports are due.
STANDS_AT = dt.date(2023, 7, 7)
#: Printed by the command; an account of the demonstration guards nothing.
PASSWORD = "Angeles-2023-demo"  # noqa: S105
DOOR = "load_demo"


class NotEmpty(Exception):
    """The database holds plans already; the demonstration would mix with them."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was built: the accounts as (address, role), how many plans, and up to which day."""

    accounts: tuple[tuple[str, str], ...]
    plans: int
    until: dt.date


def load(until: dt.date = STANDS_AT, data: Dataset | None = None) -> Loaded:
    """Build the demonstration as it was known at the end of a day; all of it or nothing.

    Errors: ``NotEmpty`` when there are plans; ``ValueError`` when the data is not sound.
    """
    data = data or read_dataset()
    if faults := list(problems(data)):
        raise ValueError("\n".join(faults))
    timeline = Timeline(ZoneInfo(data.organization["time_zone"]))
    records = Records(data=data, by=Actor(name="Demonstration data", door=DOOR), password=PASSWORD)
    add_structure(timeline, records)
    add_metrics(timeline, records)
    add_operation(timeline, records)
    add_meetings(timeline, records)
    add_saved_views(timeline, records)
    with transaction.atomic():
        if Plan.objects.exists():
            raise NotEmpty
        token = entered_by.set(DOOR)
        try:
            for moment, step in timeline.until(until):
                step.write(moment)
        finally:
            entered_by.reset(token)
        return Loaded(
            accounts=tuple(
                (p.email, p.role) for p in data.people if p.signs_in and p.email in records.people
            ),
            plans=Plan.objects.count(),
            until=until,
        )
