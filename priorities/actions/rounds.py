"""Measure how long a round takes, honestly: time in which nothing is done is left out."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.models import User
from priorities.models import RoundTiming

#: A longer gap between two signs of life is a pause, and not counted.
IDLE = dt.timedelta(minutes=5)


def note_activity(
    *, person: User, period_end: dt.date, saved: bool = False, now: dt.datetime
) -> RoundTiming:
    """Note that the person does something about a round: opens it, types, or saves an item.

    What is counted runs from the first opening to the last save, without gaps longer than
    ``IDLE``; looking on after the last save adds nothing. Queries: two, beside the savepoint.
    """
    with transaction.atomic():
        row, made = RoundTiming.objects.select_for_update().get_or_create(
            person=person,
            period_end=period_end,
            defaults={"opened_at": now, "active_at": now},
        )
        gap = now - row.active_at
        if dt.timedelta(0) < gap <= IDLE:
            row.active_seconds += round(gap.total_seconds())
        if not made and gap > dt.timedelta(0):
            row.active_at = now
        if saved:
            row.saved_at, row.saves = now, row.saves + 1
            row.counted_seconds = row.active_seconds
        row.save()
        return row
