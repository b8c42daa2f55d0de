"""The one way to write: a transaction that ends in the event log.

``with recording(by=…, now=…) as log:`` opens the transaction, takes the head of the chain so that
writers queue up, and on the way out appends what was noted and moves the head. If anything
inside fails, nothing is written: no row without its event, no event without its row.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from priorities.clock import SKEW, real_now
from priorities.enums import EventKind, Role
from priorities.labels import label
from priorities.models import ChainHead, ChangeEvent, Recorded, RoleGrant, logged_form
from priorities.models.base import Json
from priorities.queries.head import forget_head

if TYPE_CHECKING:
    from accounts.models import User

Changes = dict[str, list[Json]]


class WriteRefused(ValidationError):
    """The write would break the record; the message says what to do instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who writes: a name for the log, the role that the public may read, and the door."""

    name: str
    role: str = ""
    door: str = "web"


#: The door through which the current call came in; each door sets it for its own calls.
entered_by: ContextVar[str] = ContextVar("entered_by", default="code")


def as_actor(by: Actor | User | str) -> Actor:
    """An actor from what a caller has at hand: a person, a command's name, or an actor."""
    if isinstance(by, Actor):
        return by
    if isinstance(by, str):
        return Actor(name=by, door=entered_by.get())
    held = set(
        RoleGrant.objects.filter(person=by, revoked_on__isnull=True).values_list("role", flat=True)
    )
    role = next((label(role) for role in reversed(list(Role)) if role in held), "")
    return Actor(name=str(by), role=role, door=entered_by.get())


@dataclass(slots=True)
class Log:
    """The events of one act, in order. ``now`` is the moment that all its rows carry."""

    actor: Actor
    now: dt.datetime
    events: list[ChangeEvent] = field(default_factory=list)

    def note(
        self,
        kind: EventKind,
        row: Recorded,
        *,
        fields: Changes,
        reason: str = "",
        public: bool | None = None,
    ) -> None:
        """Note one change of one row. ``public`` is the row's own visibility unless given."""
        subject_type, subject_code = row.subject
        self.add(
            ChangeEvent(
                at=self.now,
                entered_by=self.actor.door,
                actor=self.actor.name,
                actor_role=self.actor.role,
                kind=kind.value,
                item_type=row.ITEM_TYPE,
                item_code=row.item_code,
                item_id=row.pk,
                plan_code=row.plan_code,
                subject_type=subject_type,
                subject_code=subject_code,
                fields=fields,
                reason=reason,
                public=row.is_public if public is None else public,
            )
        )

    def add(self, event: ChangeEvent) -> None:
        """Add an event to the act, salted: else what its digest stands for could be guessed."""
        event.salt = secrets.token_hex(16)
        self.events.append(event)

    def created(
        self,
        row: Recorded,
        *,
        kind: EventKind = EventKind.CREATED,
        before: Recorded | None = None,
        reason: str = "",
    ) -> None:
        """Note a new row; beside its values stand those of the row ``before`` it, if any.

        The values of an internal row never stand in a public event.
        """
        tells = before is not None and (before.is_public or not row.is_public)
        old = logged_form(before) if before is not None and tells else {}
        fields: Changes = {name: [old.get(name), new] for name, new in logged_form(row).items()}
        self.note(kind, row, fields=fields, reason=reason)


@contextmanager
def recording(*, by: Actor | User | str, now: dt.datetime) -> Iterator[Log]:
    """One act: a transaction whose events are appended to the chain at its end.

    Errors: ``ValueError`` for a moment without a time zone; ``WriteRefused`` when ``now`` lies
    before the newest event by more than the clocks of two hosts may differ, since that would
    rewrite what was known then. Within that skew the act takes the newest event's moment.
    Queries: one to lock the head, one to append, one to move the head.
    """
    if now.tzinfo is None:
        raise ValueError("A write needs a moment with a time zone.")
    with transaction.atomic():
        head = ChainHead.objects.select_for_update().get(id=1)
        if head.at is not None and now < head.at:
            if head.at - now > SKEW:
                raise WriteRefused(
                    _(
                        "The record already holds a change of %(newest)s, so nothing can be "
                        "entered as of %(now)s. Enter history in chronological order."
                    ),
                    params={"newest": head.at.isoformat(), "now": now.isoformat()},
                )
            now = head.at
        log = Log(actor=as_actor(by), now=now)
        yield log
        append(log.events, head)


def append(events: list[ChangeEvent], head: ChainHead) -> None:
    """Chain the events to the head, whose row the caller holds locked, and move it."""
    if not events:
        return
    entered_at = real_now()
    for event in events:
        event.sequence = head.sequence + 1
        event.entered_at = entered_at
        event.hash = event.chained_to(head.hash)
        head.sequence, head.hash, head.at = event.sequence, event.hash, event.at
        if event.public:
            head.revision = event.sequence
    ChangeEvent.objects.bulk_create(events, batch_size=500)
    head.save()
    # Pages of this worker tell of it at once; before the commit another thread may read the old.
    forget_head()
    transaction.on_commit(forget_head)
