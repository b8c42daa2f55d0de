"""Old and new of each field that an event moved, in words: what a sentence has no room for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from dashboards.charts.printable import Printable
from dashboards.pages import words
from dashboards.pages.telling import Names, shortened
from dashboards.visit import Visit
from priorities.enums import EventKind
from priorities.models import RECORDED, Recorded
from priorities.queries.changes import Change
from priorities.saying import gettext as _

#: As much of an old or a new text as the page shows; the twin has all of it.
MOST_LETTERS = 160
MODELS: Mapping[str, type[Recorded]] = {model.ITEM_TYPE: model for model in RECORDED}

#: The events with which a thing begins: all of it was nothing before.
BEGINNINGS = frozenset({EventKind.CREATED, EventKind.ASKED, EventKind.FROZEN})
#: What ties rows together, of no interest to a reader.
TIES = frozenset({"published_at", "supersedes", "period", "question", "follows", "order",
                  "state_before"})  # fmt: skip
#: What the sentence of an event tells already, by the type of its item.
TOLD: Mapping[str, frozenset[str]] = {
    "status_update": frozenset(
        {"lifecycle", "health", "narrative", "nothing_changed", "period_end", "state", "reason"}
    ),
    "observation": frozenset({"value", "period_start", "period_end", "reason"}),
    "target": frozenset({"value", "period_start", "period_end", "reason"}),
    "baseline": frozenset({"value", "reason"}),
    "milestone": frozenset({"due_on", "done_on", "dropped_on"}),
}
#: Facts hold beside their values those of the fact before, which may be about another period.
FACTS = frozenset({"observation", "baseline", "budget_line", "review_rating", "answer"})
#: Of a report on a new period only this is set against the one before.
OF_THE_NEXT_REPORT = frozenset({"percent_complete"})


@dataclass(frozen=True, slots=True)
class Move(Printable):
    """One field: what it is called, what it was and what it became."""

    name: str
    old: str
    new: str


def moves(visit: Visit, names: Names, change: Change) -> tuple[Move, ...]:
    """What an event moved from what to what, in the order of the table's columns.

    Nothing for a new item: all of it was nothing before. An item that is not public is told
    without its name.
    """
    model = MODELS.get(change.item_type)
    if model is None or not _compares(change):
        return ()
    return tuple(
        Move(field_name(field), said(visit, names, field, old), said(visit, names, field, new))
        for field, old, new in _moved(model, change)
    )


def _compares(change: Change) -> bool:
    """Does an event set the same thing against itself?"""
    if change.kind in BEGINNINGS:
        return False
    return change.item_type not in FACTS or change.kind == EventKind.CORRECTED


def _moved(model: type[Recorded], change: Change) -> Iterator[tuple[Any, Any, Any]]:
    """The fields to tell of: those that moved and that the sentence has not told."""
    told = TIES | TOLD.get(change.item_type, frozenset())
    follows = change.item_type == "status_update" and not change.new("supersedes")
    if follows and change.old("lifecycle") is None:
        return
    for name in change.fields:
        if name in told or not change.moved(name) or (follows and name not in OF_THE_NEXT_REPORT):
            continue
        field: Any = model._meta.get_field(name)
        if field.is_relation and not issubclass(field.related_model, Recorded):
            continue  # an account: who of the staff it is, is not told
        yield field, change.old(name), change.new(name)


def field_name(field: Any) -> str:
    """What a field is called, at the start of a line."""
    name = str(getattr(field, "verbose_name", field.name))
    return name[:1].upper() + name[1:]


def said(visit: Visit, names: Names, field: Any, value: Any) -> str:
    """One value of the log as a reader is told it."""
    if value is None or value == "" or value == []:
        return _("nothing")
    if field.is_relation:
        codes = value if isinstance(value, list) else [value]
        item_type = field.related_model.ITEM_TYPE
        return words.joined([_item(visit, names, item_type, str(code)) for code in codes])
    if field.choices and isinstance(value, str):
        return str(dict(field.flatchoices).get(value, value))
    match field:
        case models.BooleanField():
            return _("yes") if value else _("no")
        case models.DateTimeField():
            return words.moment(dt.datetime.fromisoformat(value), visit.tz)
        case models.DateField():
            return words.day(dt.date.fromisoformat(value))
    if isinstance(value, list):
        return shortened(words.joined([_part(each) for each in value]), MOST_LETTERS)
    text = shortened(str(value), MOST_LETTERS)
    long = isinstance(field, models.CharField | models.TextField)
    return _("“%(text)s”") % {"text": text} if long else text


def _item(visit: Visit, names: Names, item_type: str, code: str) -> str:
    """An item by its name, when that is public."""
    item = names.of(visit, item_type, code)
    return item.label if item else _("an item that is not public")


def _part(value: Any) -> str:
    """One part of a list: a text, a number, a link by what it is called."""
    if isinstance(value, dict):
        return str(value.get("label") or value.get("name") or next(iter(value.values()), ""))
    return str(value)
