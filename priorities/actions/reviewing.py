"""Publish or return what was submitted: just what was looked at, and nothing that has changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from priorities.actions.recording import Actor, WriteRefused, recording
from priorities.actions.updates import publish_update, return_update
from priorities.models import StatusUpdate
from priorities.queries.review_queue import RELATED, Pending, with_before

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What became of one update of a batch; ``why`` says what kept it from the public."""

    update: StatusUpdate
    why: str = ""

    @property
    def is_published(self) -> bool:
        """Is it public now?"""
        return not self.why


def publish_looked_at(
    *, looked_at: Mapping[int, str], by: Actor | User | str, now: dt.datetime
) -> list[Reviewed]:
    """Publish submitted updates in one act: what of each was looked at by its fingerprint.

    One that has changed since, or that breaks a rule, stays as it is and is named; the others are
    published. Killed in the middle, none is.
    """
    with recording(by=by, now=now) as log:
        done = []
        for each in _present(looked_at):
            why = _changed(each, looked_at[each.update.pk])
            if not why:
                try:
                    publish_update(update=each.update, by=log.actor, now=log.now)
                except ValidationError as error:
                    why = " ".join(error.messages)
            done.append(Reviewed(each.update, why))
        return done


def return_looked_at(
    *,
    update: StatusUpdate,
    fingerprint: str,
    comment: str,
    by: Actor | User | str,
    now: dt.datetime,
) -> StatusUpdate:
    """Hand a submitted update back to its author, if it still says what was looked at."""
    with recording(by=by, now=now) as log:
        (each,) = _present({update.pk: fingerprint})
        if why := _changed(each, fingerprint):
            raise WriteRefused(why)
        return return_update(update=each.update, comment=comment, by=log.actor, now=log.now)


def _present(keys: Mapping[int, str]) -> tuple[Pending, ...]:
    """Updates as the database has them, once this act holds the head of the chain."""
    rows = StatusUpdate.objects.filter(pk__in=list(keys)).select_related(*RELATED).order_by("pk")
    return with_before(rows)


def _changed(each: Pending, seen: str) -> str:
    """Why an update is not what was looked at; nothing when it is."""
    if each.fingerprint == seen:
        return ""
    if each.update.published_at is not None:
        return _("It was published meanwhile.")
    return _("It has changed since you looked at it. Look at it again.")
