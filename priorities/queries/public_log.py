"""The event log as the public may have it: every link of the chain, what is told and no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import F

from priorities.assessment.periods import AsOf
from priorities.enums import PlanState, Visibility
from priorities.models import (
    GENESIS,
    RECORDED,
    ChainHead,
    ChangeEvent,
    Initiative,
    Metric,
    Plan,
    Priority,
)
from priorities.models.base import Json

#: How many events are held at a time.
BATCH = 1000
#: What may be hidden, and what an event may link to.
HIDEABLE = (Plan, Priority, Initiative, Metric)

#: (item type, code) of what the public does not see today; a plan hides all that is in it.
Hidden = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Extent:
    """How far a copy of the log reaches and what it leaves untold: all that its lines depend on.

    ``newest`` and ``hash`` are those of its last event; 0 and the beginning of the chain for none.
    """

    newest: int
    hash: str
    hidden: Hidden


def extent_of(as_of: AsOf) -> Extent:
    """What a copy as of a date is made of.

    What is hidden is read last: then it is hidden in a copy that already tells of the hiding.
    Queries: four; no event is read.
    """
    newest, newest_hash = _newest(as_of)
    return Extent(newest, newest_hash, hidden_items())


def public_log(extent: Extent) -> Iterator[dict[str, Any]]:
    """Each event of the chain in its order, and at last the head that they lead to.

    A public event stands with its record and its hash; any other with its number and its digest
    alone, as does one about an item, or with a link to one, that is not public today. Memory
    does not grow with the log. Queries: one for every ``BATCH`` events; none holds a transaction
    open while a slow reader is served.
    """
    sequence, newest = 0, extent.newest
    head = {"sequence": 0, "hash": GENESIS}
    while sequence < newest:
        found = ChangeEvent.objects.filter(sequence__gt=sequence, sequence__lte=newest)
        events = list(found.order_by("sequence")[:BATCH])
        if not events:  # a gap at the end: the head says how far the chain should reach
            head = {"sequence": newest, "hash": ""}
            break
        for event in events:
            yield public_line(event, extent.hidden)
        sequence = events[-1].sequence
        head = {"sequence": sequence, "hash": events[-1].hash}
    yield {"head": head}


def public_line(event: ChangeEvent, hidden: Hidden) -> dict[str, Any]:
    """One event as it stands in the public copy."""
    if event.is_sealed and not _is_hidden(event, hidden):
        return {"sequence": event.sequence, "event": event.told_record(), "hash": event.hash}
    return {"sequence": event.sequence, "digest": event.digest}


def hidden_items() -> Hidden:
    """What is not public today. Queries: three."""
    plans = Plan.objects.filter(state=PlanState.DRAFT.value).values_list("code", flat=True)
    inner = Visibility.INTERNAL.value
    works = Initiative.objects.filter(visibility=inner).values_list("plan__code", "code")
    metrics = Metric.objects.filter(visibility=inner).values_list("code", flat=True)
    return frozenset(
        {(Plan.ITEM_TYPE, code) for code in plans}
        | {(Initiative.ITEM_TYPE, f"{plan}/{code}") for plan, code in works}
        | {(Metric.ITEM_TYPE, code) for code in metrics}
    )


def _newest(as_of: AsOf) -> tuple[int, str]:
    """The number and the hash of the last event to show."""
    if as_of.is_now:
        return ChainHead.objects.values_list("sequence", "hash").get(id=1)
    found = ChangeEvent.objects.filter(at__lte=as_of.moment).order_by(F("at").desc(), "-sequence")
    return found.values_list("sequence", "hash").first() or (0, GENESIS)


def _is_hidden(event: ChangeEvent, hidden: Hidden) -> bool:
    """Is the event about something that is not public today, or does it name such a thing?"""
    if _hides(hidden, Plan.ITEM_TYPE, event.plan_code):
        return True
    if _hides(hidden, event.subject_type, event.subject_code):
        return True
    links = _links().get(event.item_type, {})
    return any(
        _hides(hidden, links[name], str(code))
        for name, values in event.fields.items()
        if name in links
        for code in _codes(values)
    )


def _hides(hidden: Hidden, item_type: str, code: str) -> bool:
    """Is an item hidden, or the plan that it is in?"""
    if (item_type, code) in hidden:
        return True
    return item_type != Metric.ITEM_TYPE and (Plan.ITEM_TYPE, code.partition("/")[0]) in hidden


def _codes(values: list[Json]) -> Iterator[Json]:
    """The codes in an old and a new value."""
    for value in values:
        if isinstance(value, list):
            yield from value
        elif value is not None:
            yield value


@cache
def _links() -> Mapping[str, Mapping[str, str]]:
    """For each item type the fields that link to what may be hidden, and of what type it is."""
    return {
        model.ITEM_TYPE: {
            name: related.ITEM_TYPE
            for name in model.LOGGED
            if (related := model._meta.get_field(name).related_model) in HIDEABLE
        }
        for model in RECORDED
    }
