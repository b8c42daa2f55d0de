"""People as a plan administrator sees them: what they may do, and whether they can come in."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet

from accounts.models import Invitation, User
from priorities.enums import AccountState, AssignmentRole, AssignmentState, Role
from priorities.models import Assignment, RoleGrant


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person of the list."""

    person: User
    state: AccountState
    until: dt.datetime | None
    grants: tuple[RoleGrant, ...]
    has_second_factor: bool
    owned: int

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held now."""
        return frozenset(Role(grant.role) for grant in self.grants)


def state_of(person: User, invitation: Invitation | None, now: dt.datetime) -> AccountState:
    """Where a person stands at a real moment. Who never signed in and has no password is invited.

    Who comes by the identity provider has no password, but has been here.
    """
    if not person.is_active:
        return AccountState.CLOSED
    if person.has_usable_password() or person.last_login:
        return AccountState.ACTIVE
    if invitation is None:
        return AccountState.NOT_INVITED
    return AccountState.INVITED if invitation.is_open(now) else AccountState.EXPIRED


def people_rows(people: QuerySet[User], *, now: dt.datetime) -> tuple[PersonRow, ...]:
    """People with all that the list says of them, by name. Queries: five."""
    rows = list(people.order_by("name", "email"))
    pks = [row.pk for row in rows]
    grants = defaultdict(list)
    held = RoleGrant.objects.filter(person__in=pks, revoked_on__isnull=True)
    for grant in held.select_related("division").order_by("granted_on", "pk"):
        grants[grant.person_id].append(grant)
    invitations = {row.person_id: row for row in Invitation.objects.filter(person__in=pks)}
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    factors = set(
        Authenticator.objects.filter(user__in=pks, type__in=kinds).values_list("user_id", flat=True)
    )
    owned = _owned(pks)
    return tuple(
        PersonRow(
            person=row,
            state=state_of(row, invitations.get(row.pk), now),
            until=invitations[row.pk].ends_at if row.pk in invitations else None,
            grants=tuple(grants[row.pk]),
            has_second_factor=row.pk in factors,
            owned=owned[row.pk],
        )
        for row in rows
    )


def _owned(pks: Iterable[int]) -> Counter[int]:
    """How many items each has accepted to answer for."""
    accepted = Assignment.objects.filter(
        person__in=list(pks),
        role=AssignmentRole.OWNER.value,
        state=AssignmentState.ACCEPTED.value,
    )
    return Counter(accepted.order_by().values_list("person_id", flat=True))


def matching(text: str) -> QuerySet[User]:
    """People whose name or address holds this text."""
    people = User.objects.all()
    for word in text.replace("\0", " ").split():
        people = people.filter(Q(name__icontains=word) | Q(email__icontains=word))
    return people
