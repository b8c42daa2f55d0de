"""The wording of every initiative as of a moment, to be searched."""

from __future__ import annotations

from typing import NamedTuple

from priorities.assessment.periods import AsOf
from priorities.enums import Visibility
from priorities.models import Initiative
from priorities.queries.publication import Undo

#: The columns whose history matters here.
COLUMNS = ("code", "plan", "name", "summary", "description", "visibility")


class InitiativeText(NamedTuple):
    """What an initiative says of itself. ``plan`` is the plan's code."""

    code: str
    plan: str
    name: str
    summary: str
    description: str


def initiative_texts(*, as_of: AsOf, undo: Undo) -> tuple[InitiativeText, ...]:
    """Every public initiative of every plan, in no order; the caller leaves out draft plans.

    ``undo``: what ``later_changes`` gave for ``Initiative``. Queries: one.
    """
    rows = (
        Initiative.objects.filter(recorded_at__lte=as_of.moment)
        .order_by()
        .values_list("pk", "code", "plan__code", "name", "summary", "description", "visibility")
    )
    found: list[InitiativeText] = []
    for pk, *values in rows.iterator(chunk_size=5000):
        changed = undo.get((Initiative.ITEM_TYPE, pk))
        if changed:
            before = dict(zip(COLUMNS, values, strict=True))
            values = [changed.get(name, value) for name, value in before.items()]
        *text, visibility = values
        if visibility == Visibility.PUBLIC:
            found.append(InitiativeText(*text))
    return tuple(found)
