"""Put what has an order into another one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from priorities.actions.recording import Actor, WriteRefused, recording
from priorities.actions.writing import revise
from priorities.models import Category, Initiative, Metric, Priority, Recorded

if TYPE_CHECKING:
    from accounts.models import User

Orderable = Priority | Initiative | Metric | Category

#: Within what the rows of a kind have an order; metrics have one among them all.
WITHIN: Mapping[type[Recorded], str] = {
    Priority: "plan",
    Initiative: "priority",
    Category: "dimension",
    Metric: "",
}


def reorder(
    *,
    rows: Sequence[Orderable],
    by: Actor | User | str,
    now: dt.datetime,
    reason: str = "",
) -> int:
    """Put rows that stand beside each other in the order given; says how many of them moved.

    Errors: ``WriteRefused`` unless these are all of them, each once: an order typed over a list
    that has changed meanwhile would put the new row anywhere.
    """
    if not rows:
        return 0
    kind = type(rows[0])
    with recording(by=by, now=now) as log:
        given = [row.pk for row in rows]
        if sorted(given) != sorted(_siblings(rows[0])) or {type(row) for row in rows} != {kind}:
            raise WriteRefused(
                _(
                    "Something was added or moved meanwhile. Look at the new list and order it "
                    "again."
                )
            )
        places = dict(kind._default_manager.filter(pk__in=given).values_list("pk", "order"))
        moved = [(at, row) for at, row in enumerate(rows, 1) if places[row.pk] != at]
        for at, row in moved:
            revise(log, row, {"order": at}, reason=reason)
        return len(moved)


def _siblings(row: Orderable) -> list[int]:
    """The keys of a row and of those beside it, as the database has them now."""
    kind = type(row)
    beside = kind._default_manager.all()
    if within := WITHIN[kind]:
        place = kind._default_manager.values_list(f"{within}_id", flat=True).get(pk=row.pk)
        beside = beside.filter(**{f"{within}_id": place})
    return list(beside.order_by().values_list("pk", flat=True))
