"""Invite people, change and deactivate them, grant and revoke roles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Invitation, User
from priorities.actions.following import stop_following
from priorities.actions.recording import Actor, Changes, Log, WriteRefused, recording
from priorities.actions.writing import insert, revise
from priorities.enums import EventKind, Role
from priorities.models import ChangeEvent, Division, RoleGrant, encode
from priorities.models.base import LOGGED_OF_PERSON


def note_person(log: Log, kind: EventKind, person: User, fields: Changes, reason: str = "") -> None:
    """Note a change of a person: always internal, and about nobody's public page."""
    event = ChangeEvent(
        at=log.now,
        entered_by=log.actor.door,
        actor=log.actor.name,
        actor_role=log.actor.role,
        kind=kind.value,
        item_type="person",
        item_code=person.email,
        item_id=person.pk,
        subject_type="person",
        subject_code=person.email,
        fields=fields,
        reason=reason,
        public=False,
    )
    log.add(event)


def create_person(
    *,
    email: str,
    name: str,
    password: str | None = None,
    is_staff: bool = False,
    is_superuser: bool = False,
    by: Actor | User | str,
    now: dt.datetime,
) -> User:
    """Add an account; without a password it cannot sign in until one is set."""
    with recording(by=by, now=now) as log:
        person = get_user_model()(
            email=User.objects.normalize_email(email),
            name=name,
            is_staff=is_staff,
            is_superuser=is_superuser,
        )
        return add_person(log, person, password)


def add_person(log: Log, person: User, password: str | None) -> User:
    """Save a new account within an act, and note it."""
    person.set_password(password)
    person.full_clean()
    person.save(force_insert=True)
    fields: Changes = {n: [None, encode(getattr(person, n))] for n in LOGGED_OF_PERSON}
    note_person(log, EventKind.CREATED, person, fields)
    return person


def revise_person(
    *,
    person: User,
    changes: Mapping[str, Any],
    by: Actor | User | str,
    now: dt.datetime,
    reason: str = "",
) -> User:
    """Change a name, an address or whether the account is active; deactivated, not deleted.

    With a new address an invitation that is still open ends: its link went to the old one. And
    mail about what they follow has to be confirmed again: they said so from the old one.
    """
    if not set(changes) <= set(LOGGED_OF_PERSON):
        raise WriteRefused(_("Only name, address and rights of a person are changed here."))
    with recording(by=by, now=now) as log, somebody_still_manages():
        person = User.objects.select_for_update().get(pk=person.pk)
        fields: Changes = {}
        for name, value in changes.items():
            if name == "email":
                value = User.objects.normalize_email(value)
            if (old := getattr(person, name)) != value:
                fields[name] = [encode(old), encode(value)]
                setattr(person, name, value)
        person.full_clean()
        if fields:
            person.save(update_fields=list(fields))
            if "email" in fields:
                Invitation.objects.filter(person=person, used_at__isnull=True).delete()
                stop_following(person=person)
            note_person(log, EventKind.REVISED, person, fields, reason)
        return person


def set_password(
    *, person: User, password: str | None, by: Actor | User | str, now: dt.datetime
) -> User:
    """Set a person's password, or take it away with ``None``; the log tells that, never what."""
    with recording(by=by, now=now) as log:
        person = User.objects.select_for_update().get(pk=person.pk)
        person.set_password(password)
        person.save(update_fields=["password"])
        note_person(
            log,
            EventKind.REVISED,
            person,
            {"password": [None, "taken" if password is None else "set"]},
        )
        return person


def grant_role(
    *,
    person: User,
    role: Role,
    division: Division | None = None,
    on: dt.date,
    by: Actor | User | str,
    now: dt.datetime,
    **values: Any,
) -> RoleGrant:
    """Give a person a role; a division editor needs the division."""
    with recording(by=by, now=now) as log:
        row = RoleGrant(person=person, role=role.value, division=division, granted_on=on, **values)
        return insert(log, row, kind=EventKind.GRANTED)


def revoke_role(
    *,
    grant: RoleGrant,
    on: dt.date,
    by: Actor | User | str,
    now: dt.datetime,
    reason: str = "",
) -> RoleGrant:
    """Take a role away; that it was held stays on record."""
    with recording(by=by, now=now) as log:
        grant.refresh_from_db(fields=["revoked_on"])
        if grant.revoked_on is not None:
            raise WriteRefused(_("The role has been taken away before."))
        with somebody_still_manages():
            return revise(log, grant, {"revoked_on": on}, kind=EventKind.REVOKED, reason=reason)


@contextmanager
def somebody_still_manages() -> Iterator[None]:
    """Refuse an act that would leave nobody who could let people in.

    Within ``recording``: two administrators who remove each other at the same moment wait for each
    other there, and the second is refused. Queries: two.
    """
    before = _somebody_manages()
    yield
    if before and not _somebody_manages():
        raise WriteRefused(
            _("Nobody would be left who manages people. Give another person that role first.")
        )


def _somebody_manages() -> bool:
    granted = Q(
        role_grants__role=Role.PLAN_ADMINISTRATOR.value, role_grants__revoked_on__isnull=True
    )
    managing = Q(is_superuser=True) | Q(is_staff=True) | granted
    return User.objects.filter(managing, is_active=True).exists()
