"""Keep a question about the portfolio under a name, share it, forget it. No event tells of it."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction

from accounts.models import User
from priorities.actions.writing import keepable
from priorities.models import SavedView


def save_view(
    *, person: User, name: str, page: str, query: str, shared: bool, now: dt.datetime
) -> SavedView:
    """Keep a view under a name that the person has not used yet; a second click is the first.

    Errors: ``ValidationError`` for a name that is empty, too long or taken, and for a question
    that is too long. Queries: three.
    """
    row = SavedView(
        person=person,
        name=" ".join(keepable(name).split()),
        page=page,
        query=keepable(query),
        shared=shared,
        saved_at=now,
    )
    if (first := _alike(row)) is not None:
        return first
    row.full_clean()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        # Another click was saved in between: the same view, or another one of that name.
        if (first := _alike(row)) is not None:
            return first
        row.full_clean()
        raise
    return row


def _alike(row: SavedView) -> SavedView | None:
    """The view that the person has kept with the same name, question and readers. Queries: one."""
    said = {name: getattr(row, name) for name in ("person", "name", "page", "query", "shared")}
    return SavedView.objects.filter(**said).first()


def share_view(*, view: SavedView, shared: bool, now: dt.datetime) -> SavedView:
    """Show a view to everyone who may review, or keep it to oneself again."""
    view.shared, view.saved_at = shared, now
    view.save(update_fields=["shared", "saved_at"])
    return view


def forget_view(*, view: SavedView) -> None:
    """Delete a view. Nothing of the record is lost with it."""
    view.delete()
