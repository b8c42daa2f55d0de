"""Steps that enter the made-up meetings: each year's calendar, and what became of two of them."""

from __future__ import annotations

import datetime as dt
from functools import partial

from priorities.actions import plans
from priorities.demo.records import Records
from priorities.demo.rows import Row
from priorities.demo.timeline import Rank, Timeline
from priorities.enums import Provenance


def add_meetings(timeline: Timeline, records: Records) -> None:
    """Note every meeting on the day its calendar was set, and every change of one."""
    for calendar in records.data.meetings["calendar"]:
        for day in calendar["days"]:
            step = partial(_schedule, records, day, calendar["name"])
            timeline.add(calendar["set_on"], Rank.REVIEW, step)
    for change in records.data.meetings["change"]:
        timeline.add(change["on"], Rank.REVIEW, partial(_change, records, change))


def _schedule(records: Records, held_on: dt.date, name: str, now: dt.datetime) -> None:
    records.meetings[held_on] = plans.schedule_meeting(
        plan=records.plans[records.data.meetings["plan"]],
        held_on=held_on,
        name=name,
        provenance=Provenance.ILLUSTRATIVE.value,
        by=records.owner(records.data.meetings["person"]),
        now=now,
    )


def _change(records: Records, row: Row, now: dt.datetime) -> None:
    changes: dict[str, object] = (
        {"held_on": row["moved_to"]} if "moved_to" in row else {"called_off": row["called_off"]}
    )
    plans.revise_meeting(
        meeting=records.meetings[row["day"]],
        changes=changes,
        reason=row["reason"],
        by=records.owner(records.data.meetings["person"]),
        now=now,
    )
