"""Insert a row and revise a row, each with its event. Every action is made of these two."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from priorities.actions.recording import Changes, Log, WriteRefused
from priorities.enums import EventKind
from priorities.models import Fact, Recorded, logged_form

Row = TypeVar("Row", bound=Recorded)
Links = Mapping[str, Iterable[models.Model]]

#: What PostgreSQL refuses within a text, and what no encoding has.
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")

#: The years of which the portal tells.
YEARS = range(1900, 2200)

#: How many digits of a decimal number SQLite keeps without rounding.
EXACT_DIGITS = 15

#: The fields that decide who sees a row.
GATES = frozenset({"visibility", "state"})

#: What a row may hang on, and whose gates are the row's too.
PARENTS = ("plan", "initiative", "metric", "question")


def insert(
    log: Log,
    row: Row,
    *,
    links: Links | None = None,
    kind: EventKind = EventKind.CREATED,
    before: Recorded | None = None,
    reason: str = "",
) -> Row:
    """Save a new row and its links, and note it.

    Errors: ``ValidationError`` with the message of the field or constraint that it breaks.
    """
    row.recorded_at = log.now
    _refresh_gates(row)
    _check(row)
    row.save(force_insert=True)
    for name, items in (links or {}).items():
        getattr(row, name).set(items)
    log.created(row, kind=kind, before=before, reason=reason)
    return row


def revise(
    log: Log,
    row: Row,
    changes: Mapping[str, object],
    *,
    kind: EventKind = EventKind.REVISED,
    reason: str = "",
) -> Row:
    """Change some fields of a row, and note old and new of those that differ.

    Returns the row as it now stands in the database. A call that changes nothing writes nothing.
    Errors: ``ValidationError`` as in ``insert``; ``WriteRefused`` for what is part of the row's
    code, which links and the log refer to; ``ValueError`` for a field that the log does not keep.
    """
    if unknown := set(changes).difference(row.LOGGED):
        raise ValueError(f"The event log keeps no {', '.join(sorted(unknown))} of {row.ITEM_TYPE}.")
    row = type(row)._default_manager.select_for_update().get(pk=row.pk)
    names = tuple(changes)
    before = logged_form(row, names)
    was_public = row.is_public
    many = {f.name for f in row._meta.many_to_many}
    for name in names:
        if name not in many:
            setattr(row, name, changes[name])
    _check(row)
    plain = logged_form(row, tuple(name for name in names if name not in many))
    if differing := [name for name, value in plain.items() if value != before[name]]:
        row.save(update_fields=differing)
    for name in many.intersection(names):
        getattr(row, name).set(changes[name])
        row._prefetched_objects_cache = {}  # type: ignore[attr-defined]
    after = logged_form(row, names)
    fields: Changes = {n: [before[n], after[n]] for n in names if before[n] != after[n]}
    if broken := {path.partition("__")[0] for path in row.CODE}.intersection(fields):
        raise WriteRefused(
            _("%(field)s is permanent: links and the record refer to it."),
            params={"field": ", ".join(sorted(broken))},
        )
    if fields:
        _note(log, kind, row, fields, reason, was_public)
    return row


def _refresh_gates(row: Recorded) -> None:
    """Read again who may see what the row hangs on.

    The caller may have loaded it before this act had the head of the chain; meanwhile it may have
    been hidden or shown, and the event would be told to the wrong readers.
    """
    for name in PARENTS:
        parent = getattr(row, name, None)
        if not isinstance(parent, Recorded):
            continue
        if gates := GATES.intersection(parent.LOGGED):
            parent.refresh_from_db(fields=gates)
        _refresh_gates(parent)


def _check(row: Recorded) -> None:
    """Refuse what breaks a rule, or would not be kept as it is."""
    refuse_unkeepable(row)
    row.full_clean()
    refuse_inexact(row)


def keepable(text: str) -> str:
    r"""A text without what no database keeps: the character zero, and halves of characters.

    >>> keepable("a\x00b \ud800c é")
    'ab c é'
    """
    return _UNKEEPABLE.sub("", text)


def unkeepable(text: str) -> str:
    """What is wrong with a text that one database keeps and another does not; else nothing."""
    found = _UNKEEPABLE.search(text)
    return (
        _("There is a character in it that cannot be kept. Please type it again.") if found else ""
    )


def refuse_unkeepable(row: Recorded) -> None:
    """Refuse texts that one database keeps and another does not, and days of no calendar.

    A year far off is a slip, and a period that begins before the first year cannot be told.
    """
    wrong: dict[str, str] = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if isinstance(value, str) and (said := unkeepable(value)):
            wrong[field.name] = said
        elif isinstance(value, dt.date) and value.year not in YEARS:
            wrong[field.name] = _("Write a day from the year 1900 to 2199.")
    if wrong:
        raise ValidationError(wrong)


def refuse_inexact(row: Recorded) -> None:
    """Refuse a number that not every database keeps to its last digit."""
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if isinstance(value, Decimal) and len(value.normalize().as_tuple().digits) > EXACT_DIGITS:
            message = _("Numbers are kept to %(digits)s digits.") % {"digits": EXACT_DIGITS}
            raise ValidationError({field.name: message})


def _note(
    log: Log, kind: EventKind, row: Recorded, fields: Changes, reason: str, was_public: bool
) -> None:
    """Note a revision. That an item is hidden or shown is told; what else changed with it is not.

    Else the event would tell the public a value that the item only had while it was hidden.
    """
    if was_public == row.is_public:
        log.note(kind, row, fields=fields, reason=reason)
        return
    told = {name: change for name, change in fields.items() if name in GATES}
    if kept := {name: change for name, change in fields.items() if name not in GATES}:
        log.note(EventKind.REVISED, row, fields=kept, reason=reason, public=False)
    log.note(kind, row, fields=told, reason=reason, public=True)


def refuse_if_corrected(row: Fact) -> None:
    """Refuse a second correction of the same row: the newest one is corrected."""
    if type(row).objects.filter(Q(supersedes=row.pk)).exists():
        raise WriteRefused(_("This has been corrected before; correct the newest one."))
