"""Keeping a brief as it was delivered."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from priorities.actions.recording import Actor, recording
from priorities.actions.writing import insert
from priorities.enums import EventKind, Visibility
from priorities.models import FrozenBrief, Plan
from priorities.models.brief import CODE_DIGITS, fingerprint

if TYPE_CHECKING:
    from accounts.models import User


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
    is decided here and stays so. Errors: ``ValidationError`` when the same content is kept already.
    """
    with recording(by=by, now=now) as log:
        digest = fingerprint(content)
        row = FrozenBrief(
            plan=plan,
            code=digest[:CODE_DIGITS],
            since=since,
            until=until,
            visibility=visibility.value,
            left_out=list(left_out),
            note=note,
            content=content,
            sha256=digest,
            pdf=pdf,
            pdf_sha256=hashlib.sha256(pdf).hexdigest(),
            recorded_by=log.actor.name,
            published_at=log.now,
        )
        return insert(log, row, kind=EventKind.FROZEN)
