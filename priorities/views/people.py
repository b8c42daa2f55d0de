"""People: who may do what, invitations, closing an account and opening it again."""

from __future__ import annotations

import datetime as dt
import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.models import User
from priorities import clock, labels
from priorities.actions import invitations, people
from priorities.actions.recording import WriteRefused
from priorities.enums import AccountState, Role
from priorities.forms.people import InviteForm, PersonForm, RoleForm, WhyForm
from priorities.models import RoleGrant
from priorities.notifications.invitation import send_invitation
from priorities.notifications.mail import FAILURES, open_connection
from priorities.permissions import Permission, is_system_administrator
from priorities.queries.people import matching, people_rows
from priorities.views.doors import Act, staff_page, take_kept
from priorities.views.handshake import say

#: What the filter offers beside the roles.
STATES = (AccountState.ACTIVE, AccountState.INVITED, AccountState.EXPIRED, AccountState.CLOSED)

#: Who has an account and no way in.
WAITING = (AccountState.NOT_INVITED, AccountState.EXPIRED)
#: Who can be sent a link.
INVITABLE = (AccountState.INVITED, AccountState.EXPIRED, AccountState.NOT_INVITED)


def person_of(pk: int, act: Act) -> User:
    """A person whose account this administrator may change; 404 for none.

    A system administrator's account is changed by system administrators only, and a superuser's by
    superusers, as in the admin. A closed one too: whoever opened it again under another address
    would have its rights.
    """
    person = get_object_or_404(User, pk=pk)
    if (person.is_staff or person.is_superuser) and not is_system_administrator(act.person):
        raise PermissionDenied(_("A system administrator's account is changed in the admin."))
    if person.is_superuser and not act.person.is_superuser:
        raise PermissionDenied(_("Only a superuser can change a superuser's account."))
    return person


@staff_page(Permission.MANAGE_PEOPLE)
def people_list(request: HttpRequest, act: Act) -> HttpResponseBase:
    """Everybody with an account: found by name, address, role or state."""
    text, kind = request.GET.get("q", ""), request.GET.get("show", "")
    rows = people_rows(matching(text), now=clock.real_now())
    shown = [row for row in rows if not kind or kind == row.state or kind in row.roles]
    kinds = [*labels.choices(Role), *((state.value, labels.label(state)) for state in STATES)]
    context = {"rows": shown, "total": len(rows), "q": text, "show": kind, "kinds": kinds}
    waiting = sum(row.state in WAITING for row in rows)
    return render(request, "people/list.html", context | {"waiting": waiting})


# ── Invitations ──────────────────────────────────────────────────────────────────────────────


def _link() -> dict[str, Any]:
    """A new link: its token, and the real moments between which it works."""
    sent_at = clock.real_now()
    ends_at = sent_at + dt.timedelta(days=settings.INVITATION_DAYS)
    return {"token": secrets.token_urlsafe(32), "sent_at": sent_at, "ends_at": ends_at}


def _mailed(act: Act, person: User, link: dict[str, Any], connection: Any = None) -> bool:
    """Mail the link, after everything is written; did the mail server take it?"""
    return send_invitation(
        person=person,
        token=link["token"],
        inviter=str(act.person),
        ends_on=link["ends_at"].astimezone(act.tz).date(),
        connection=connection,
    )


def _send(request: HttpRequest, act: Act, person: User, link: dict[str, Any]) -> None:
    """Mail the link and say what became of it."""
    if _mailed(act, person, link):
        words = _("The invitation is on its way to %(email)s.") % {"email": person.email}
        messages.success(request, words)
    else:
        words = _("The account is there, but the mail could not be sent. Send it again later.")
        messages.warning(request, words)


@staff_page(Permission.MANAGE_PEOPLE)
def invite(request: HttpRequest, act: Act) -> HttpResponseBase:
    """Invite somebody: an account, a role, and a mail with a link."""
    kept = take_kept(request, request.path) or {}
    typed = {name: values[-1] for name, values in kept.items()}
    form = InviteForm(request.POST or None, initial=typed)
    if form.is_valid():
        said, link = form.cleaned_data, _link()
        try:
            made = invitations.invite_person(
                email=said["email"],
                name=said["name"],
                role=Role(said["role"]),
                division=said["division"],
                on=act.today,
                **link,
                **act.who,
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            _send(request, act, made.person, link)
            return redirect("priorities:people")
    return render(request, "people/invite.html", {"form": form})


@staff_page(Permission.MANAGE_PEOPLE)
def invite_all(request: HttpRequest, act: Act) -> HttpResponseBase:
    """Invite everybody who has an account and no way in, such as those who came with an import."""
    others = User.objects.filter(is_staff=False, is_superuser=False)
    everybody = people_rows(others, now=clock.real_now())
    rows = [row for row in everybody if row.state in WAITING]
    if request.method != "POST":
        return render(request, "people/invite_all.html", {"rows": rows})
    try:
        connection = open_connection()
    except FAILURES:
        words = _("The mail server cannot be reached, so nobody was invited. Try again later.")
        messages.error(request, words)
        return redirect("priorities:people")
    try:
        became = _invite_each([row.person for row in rows], act, connection)
    finally:
        connection.close()
    _say_what_became(request, became)
    return redirect("priorities:people")


@dataclass(slots=True)
class _Became:
    """What became of several invitations. ``refused``: how many for each reason."""

    sent: int = 0
    unsent: int = 0
    refused: Counter[str] = field(default_factory=Counter)


def _invite_each(waiting: Iterable[User], act: Act, connection: Any) -> _Became:
    """Invite each of them over one connection; who cannot be invited keeps nobody else waiting."""
    became = _Became()
    for person in waiting:
        link = _link()
        try:
            invitations.invite_again(person=person, **link, **act.who)
        except ValidationError as error:
            became.refused[" ".join(error.messages)] += 1
            continue
        if _mailed(act, person, link, connection):
            became.sent += 1
        else:
            became.unsent += 1
    return became


def _say_what_became(request: HttpRequest, became: _Became) -> None:
    sent, unsent = became.sent, became.unsent
    words = ngettext(
        "%(count)s invitation is on its way.", "%(count)s invitations are on their way.", sent
    )
    tell = messages.success if sent else messages.info
    tell(request, words % {"count": sent})
    if unsent:
        words = ngettext(
            "%(count)s mail could not be sent. Try again later.",
            "%(count)s mails could not be sent. Try again later.",
            unsent,
        )
        messages.warning(request, words % {"count": unsent})
    for why, count in became.refused.items():
        words = ngettext(
            "%(count)s person was not invited: %(why)s",
            "%(count)s people were not invited: %(why)s",
            count,
        )
        messages.error(request, words % {"count": count, "why": why})


@require_POST
@staff_page(Permission.MANAGE_PEOPLE)
def invite_again(request: HttpRequest, act: Act, pk: int) -> HttpResponseBase:
    """Send a new link to somebody who has not come yet."""
    person, link = person_of(pk, act), _link()
    try:
        invitations.invite_again(person=person, **link, **act.who)
    except ValidationError as error:
        say(request, error)
    else:
        _send(request, act, person, link)
    return redirect("priorities:person", pk=pk)


# ── One person ───────────────────────────────────────────────────────────────────────────────


@staff_page(Permission.MANAGE_PEOPLE)
def person(request: HttpRequest, act: Act, pk: int) -> HttpResponseBase:
    """One person: name and address, roles, what they answer for, and the ways to change it."""
    someone = person_of(pk, act)
    form = PersonForm(request.POST or None, person=someone)
    if form.is_valid():
        try:
            people.revise_person(person=someone, changes=form.cleaned_data, **act.who)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Saved."))
            return redirect("priorities:person", pk=pk)
    return _person_page(request, act, someone, form=form)


def _person_page(
    request: HttpRequest, act: Act, someone: User, *, form: Any = None, role_form: Any = None
) -> HttpResponseBase:
    row = people_rows(User.objects.filter(pk=someone.pk), now=clock.real_now())[0]
    context = {
        "row": row,
        "state_word": labels.label(row.state),
        "form": form or PersonForm(person=someone),
        "role_form": role_form or RoleForm(prefix="new"),
        "is_self": someone.pk == act.person.pk,
        "may_invite": row.state in INVITABLE,
    }
    return render(request, "people/person.html", context)


@require_POST
@staff_page(Permission.MANAGE_PEOPLE)
def give_role(request: HttpRequest, act: Act, pk: int) -> HttpResponseBase:
    """Give a person a further role."""
    someone = person_of(pk, act)
    form = RoleForm(request.POST, prefix="new")
    if form.is_valid():
        said = form.cleaned_data
        try:
            people.grant_role(
                person=someone,
                role=Role(said["role"]),
                division=said["division"],
                on=act.today,
                **act.who,
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("The role is given."))
            return redirect("priorities:person", pk=pk)
    return _person_page(request, act, someone, role_form=form)


@require_POST
@staff_page(Permission.MANAGE_PEOPLE)
def end_role(request: HttpRequest, act: Act, pk: int, grant: int) -> HttpResponseBase:
    """Take a role away; that it was held stays on record."""
    someone = person_of(pk, act)
    row = get_object_or_404(RoleGrant, pk=grant, person=someone)
    try:
        if someone.pk == act.person.pk and row.role == Role.PLAN_ADMINISTRATOR.value:
            raise WriteRefused(
                _("You can't take this role from yourself. Ask another administrator.")
            )
        people.revoke_role(grant=row, on=act.today, **act.who)
        messages.success(request, _("The role is taken away."))
    except ValidationError as error:
        say(request, error)
    return redirect("priorities:person", pk=pk)


# ── Closing and opening ──────────────────────────────────────────────────────────────────────


@staff_page(Permission.MANAGE_PEOPLE)
def deactivate(request: HttpRequest, act: Act, pk: int) -> HttpResponseBase:
    """Close an account, after saying what that does."""
    someone = person_of(pk, act)
    if someone.pk == act.person.pk:
        raise PermissionDenied(_("You can't close your own account. Ask another administrator."))
    form = WhyForm(request.POST or None)
    if form.is_valid():
        reason, changes = form.cleaned_data["reason"], {"is_active": False}
        try:
            people.revise_person(person=someone, changes=changes, reason=reason, **act.who)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            words = _("The account is closed. What %(name)s owned has no owner now.")
            messages.success(request, words % {"name": someone})
            return redirect("priorities:person", pk=pk)
    row = people_rows(User.objects.filter(pk=someone.pk), now=clock.real_now())[0]
    return render(request, "people/deactivate.html", {"form": form, "row": row})


@require_POST
@staff_page(Permission.MANAGE_PEOPLE)
def reactivate(request: HttpRequest, act: Act, pk: int) -> HttpResponseBase:
    """Open a closed account again, with the roles and items that it had."""
    someone = person_of(pk, act)
    try:
        people.revise_person(person=someone, changes={"is_active": True}, **act.who)
        messages.success(request, _("The account is open again."))
    except ValidationError as error:
        say(request, error)
    return redirect("priorities:person", pk=pk)


@staff_page(Permission.MANAGE_PEOPLE)
def take_off_second_factor(request: HttpRequest, act: Act, pk: int) -> HttpResponseBase:
    """Help somebody who has lost app, passkey and recovery codes."""
    someone = person_of(pk, act)
    if someone.pk == act.person.pk:
        raise PermissionDenied(_("Change your own second factor on your account page."))
    form = WhyForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            invitations.take_off_second_factor(person=someone, reason=reason, **act.who)
            messages.success(request, _("The second factor is taken off."))
        except ValidationError as error:
            say(request, error)
        return redirect("priorities:person", pk=pk)
    return render(request, "people/second_factor.html", {"form": form, "person": someone})
