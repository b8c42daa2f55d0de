"""Keeping a brief as it was delivered."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from priorities.actions.recording import Actor, WriteRefused, recording
from priorities.actions.second_click import just_recorded
from priorities.actions.writing import insert
from priorities.enums import EventKind, Visibility
from priorities.models import FrozenBrief, Plan
from priorities.models.brief import CODE_DIGITS, fingerprint

if TYPE_CHECKING:
    from accounts.models import User

#: A cover note is a page, not a book.
MOST_LETTERS = 4000


def freeze_brief(
    *,
    plan: Plan,
    since: dt.date,
    until: dt.date,
    content: str,
    pdf: bytes,
    visibility: Visibility = Visibility.INTERNAL,
    left_out: Sequence[str] = (),
    note: str = "",
    by: Actor | User | str,
    now: dt.datetime,
) -> FrozenBrief:
    """Keep a brief under its hash, in words and on paper; nobody changes it any more.

    ``content`` is the JSON to keep, ``pdf`` the paper set from it. Whether the public may read it
    is decided here and stays so. The same brief by a second click is the first.
    Errors: ``ValidationError`` when the same content is kept already, for a day and itself, and for
    a note that is too long.
    """
    if since >= until:
        raise WriteRefused(
            _("Between these two dates nothing can differ: choose an earlier first.")
        )
    if len(note) > MOST_LETTERS:
        raise WriteRefused(
            _("The cover note has %(n)s characters; it may have %(most)s.")
            % {"n": len(note), "most": MOST_LETTERS}
        )
    with recording(by=by, now=now) as log:
        same = {
            "plan": plan,
            "since": since,
            "until": until,
            "visibility": visibility.value,
            "left_out": list(left_out),
            "note": note,
            "recorded_by": log.actor.name,
        }
        if (first := just_frozen(log.now, **same)) is not None:
            return first
        digest = fingerprint(content)
        row = FrozenBrief(
            **same,
            code=digest[:CODE_DIGITS],
            content=content,
            sha256=digest,
            pdf=pdf,
            pdf_sha256=hashlib.sha256(pdf).hexdigest(),
            published_at=log.now,
        )
        return insert(log, row, kind=EventKind.FROZEN)


def just_frozen(now: dt.datetime, **same: Any) -> FrozenBrief | None:
    """The brief of these values that a first click has just frozen. Queries: one."""
    return just_recorded(FrozenBrief.objects.filter(**same), now)
