"""Make and revoke the tokens with which machines send values."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from priorities.actions.recording import Actor, WriteRefused, recording
from priorities.actions.writing import insert, revise
from priorities.enums import EventKind
from priorities.models import IntakeToken, Metric

if TYPE_CHECKING:
    from accounts.models import User

#: So a token that leaks is recognized for what it is, in a log or a repository.
PREFIX = "itap_"
#: How exact the last use is kept: a write for each request would cost more than it tells.
USE_KEPT_EVERY = dt.timedelta(minutes=1)


def hash_of(secret: str) -> str:
    """What is kept of a token: it is random and long, so a plain hash cannot be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def make_token(
    *,
    name: str,
    metrics: Iterable[Metric],
    expires_on: dt.date,
    by: Actor | User | str,
    now: dt.datetime,
) -> tuple[IntakeToken, str]:
    """A new token for some metrics, and the secret itself, which is told this once.

    Errors: ``ValidationError`` without a metric, and for a name that a working token has.
    """
    chosen = list(metrics)
    if not chosen:
        raise ValidationError({"metrics": _("Choose at least one metric.")})
    secret = PREFIX + secrets.token_urlsafe(32)
    with recording(by=by, now=now) as log:
        row = IntakeToken(
            name=name,
            expires_on=expires_on,
            hint=secret[: len(PREFIX) + 4],
            secret_hash=hash_of(secret),
            made_by=log.actor.name,
        )
        insert(log, row, links={"metrics": chosen}, kind=EventKind.GRANTED)
    return row, secret


def revoke_token(
    *, token: IntakeToken, by: Actor | User | str, now: dt.datetime, reason: str = ""
) -> IntakeToken:
    """Take a token's power away at once; that there was one stays on record."""
    with recording(by=by, now=now) as log:
        token.refresh_from_db(fields=["revoked_at"])
        if token.revoked_at is not None:
            raise WriteRefused(_("The token has been revoked before."))
        changes = {"revoked_at": log.now}
        return revise(log, token, changes, kind=EventKind.REVOKED, reason=reason)


def note_use(*, token: IntakeToken, at: dt.datetime) -> None:
    """Keep when a token was last used, to the minute. No event: it says nothing of the plan."""
    if token.last_used_at is None or at - token.last_used_at >= USE_KEPT_EVERY:
        IntakeToken.objects.filter(pk=token.pk).update(last_used_at=at)
