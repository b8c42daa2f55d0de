"""Insert a row and revise a row, each with its event. Every action is made of these two."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from django.db import models
from django.utils.translation import gettext as _

from priorities.actions.recording import Changes, Log, WriteRefused
from priorities.enums import EventKind
from priorities.models import Recorded, logged_form

Row = TypeVar("Row", bound=Recorded)
Links = Mapping[str, Iterable[models.Model]]

#: Codes are permanent: other systems, links and the log refer to them.
PERMANENT = frozenset({"code", "plan", "dimension"})


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
    row.full_clean()
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
    The event is public when the row was public before or is after: hiding an item is told too.
    Errors: ``ValidationError`` as in ``insert``; ``WriteRefused`` for a permanent field.
    """
    row = type(row)._default_manager.select_for_update().get(pk=row.pk)
    names = tuple(changes)
    before = logged_form(row, names)
    was_public = row.is_public
    many = {f.name for f in row._meta.many_to_many}
    for name in names:
        if name not in many:
            setattr(row, name, changes[name])
    row.full_clean()
    if plain := [name for name in names if name not in many]:
        row.save(update_fields=plain)
    for name in many.intersection(names):
        getattr(row, name).set(changes[name])
        row._prefetched_objects_cache = {}  # type: ignore[attr-defined]
    after = logged_form(row, names)
    fields: Changes = {n: [before[n], after[n]] for n in names if before[n] != after[n]}
    if broken := PERMANENT.intersection(fields):
        raise WriteRefused(
            _("%(field)s is permanent: links and the record refer to it."),
            params={"field": ", ".join(sorted(broken))},
        )
    if fields:
        log.note(kind, row, fields=fields, reason=reason, public=was_public or row.is_public)
    return row
