"""Let people in: invite, invite again, accept, and help who has lost their second factor."""

from __future__ import annotations

import datetime as dt
import hashlib

from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from accounts.models import Invitation, User
from priorities.actions.people import add_person, note_person
from priorities.actions.recording import Actor, Changes, WriteRefused, recording
from priorities.actions.writing import insert
from priorities.enums import EventKind, Role
from priorities.models import Division, RoleGrant


def digest_of(token: str) -> str:
    """What is kept of the token in a link."""
    return hashlib.sha256(token.encode()).hexdigest()


def invite_person(
    *,
    email: str,
    name: str,
    role: Role,
    division: Division | None = None,
    token: str,
    sent_at: dt.datetime,
    ends_at: dt.datetime,
    on: dt.date,
    by: Actor | User | str,
    now: dt.datetime,
) -> Invitation:
    """Add an account with a role, and an invitation that sets its password.

    ``sent_at`` and ``ends_at`` are real moments, ``on`` and ``now`` the portal's.
    """
    with recording(by=by, now=now) as log:
        person = get_user_model()(email=User.objects.normalize_email(email), name=name)
        add_person(log, person, None)
        grant = RoleGrant(person=person, role=role.value, division=division, granted_on=on)
        insert(log, grant, kind=EventKind.GRANTED)
        fields = {"digest": digest_of(token), "sent_at": sent_at, "ends_at": ends_at}
        return Invitation.objects.create(person=person, **fields)


def invite_again(
    *,
    person: User,
    token: str,
    sent_at: dt.datetime,
    ends_at: dt.datetime,
    by: Actor | User | str,
    now: dt.datetime,
) -> Invitation:
    """Make a new link for who has not come yet; the former one stops working."""
    with recording(by=by, now=now) as log:
        person = User.objects.select_for_update().get(pk=person.pk)
        if not person.is_active:
            raise WriteRefused(_("The account is closed. Open it again before you invite."))
        if person.has_usable_password():
            raise WriteRefused(_("This person has a password already. They can choose a new one."))
        row, _created = Invitation.objects.update_or_create(
            person=person,
            defaults={
                "digest": digest_of(token),
                "sent_at": sent_at,
                "ends_at": ends_at,
                "used_at": None,
            },
        )
        note_person(log, EventKind.REVISED, person, {"invitation": [None, "sent"]})
        return row


def accept_invitation(
    *,
    token: str,
    name: str,
    password: str,
    at: dt.datetime,
    by: Actor | User | str,
    now: dt.datetime,
) -> User:
    """Set name and password by the link of an invitation; it works once. ``at`` is the real time.

    Errors: ``WriteRefused`` for a link that is unknown, used, too old, or of a closed account; the
    answer is the same for all.
    """
    with recording(by=by, now=now) as log:
        rows = Invitation.objects.select_for_update().filter(digest=digest_of(token))
        row = rows.select_related("person").first()
        if row is None or not row.is_open(at) or not row.person.is_active:
            raise WriteRefused(_("This link no longer works."))
        person, before = row.person, row.person.name
        person.name = name
        person.set_password(password)
        person.full_clean()
        person.save(update_fields=["name", "password"])
        row.used_at = at
        row.save(update_fields=["used_at"])
        told: Changes = {"password": [None, "set"], "invitation": ["sent", "accepted"]}
        if before != name:
            told["name"] = [before, name]
        note_person(log, EventKind.REVISED, person, told)
        return person


def take_off_second_factor(
    *, person: User, reason: str, by: Actor | User | str, now: dt.datetime
) -> User:
    """Delete a person's second factors, who has lost them; if one is required they set up anew."""
    with recording(by=by, now=now) as log:
        person = User.objects.select_for_update().get(pk=person.pk)
        taken, _each = Authenticator.objects.filter(user=person).delete()
        if not taken:
            raise WriteRefused(_("This person has no second factor."))
        note_person(log, EventKind.REVISED, person, {"second_factor": ["set", "taken"]}, reason)
        return person
