"""How an invited person comes in: the link of the mail, then a name and a password."""

from __future__ import annotations

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.models import Invitation
from priorities import clock
from priorities.actions.invitations import accept_invitation, digest_of
from priorities.actions.recording import Actor
from priorities.forms.people import AcceptForm

#: Where the token waits in the session, out of the address.
TOKEN = "invitation_token"  # noqa: S105 - the name of a place
GONE = 410


@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """Take the token out of the address, where history and logs would keep it.

    Opening the link uses nothing up: mail scanners open links too. A session begins only for one
    that works, or any stranger could fill the table of sessions.
    """
    if _open_invitation(token) is None:
        return _no_longer(request)
    request.session[TOKEN] = token
    return redirect("priorities:invitation-accept")


@never_cache
@sensitive_post_parameters("password1", "password2")
def accept(request: HttpRequest) -> HttpResponseBase:
    """Ask for name and password, and sign in; a link that is used or too old says so."""
    token = str(request.session.get(TOKEN, ""))
    found = _open_invitation(token)
    if found is None:
        return _no_longer(request)
    person = found.person
    form = AcceptForm(request.POST if request.method == "POST" else None, person=person)
    if not form.is_valid():
        return render(request, "people/accept.html", {"form": form, "person": person})
    said = form.cleaned_data
    try:
        person = accept_invitation(
            token=token,
            name=said["name"],
            password=said["password1"],
            at=clock.real_now(),
            by=Actor(name=said["name"], door="web"),
            now=clock.now(),
        )
    except ValidationError:
        return _no_longer(request)
    request.session.pop(TOKEN, None)
    record_authentication(request, person, method="password", email=person.email)
    response: HttpResponseBase = perform_login(request, Login(user=person, email=person.email))
    return response


def _open_invitation(token: str) -> Invitation | None:
    """The invitation that a token still opens."""
    row = Invitation.objects.select_related("person").filter(digest=digest_of(token)).first()
    usable = row is not None and row.is_open(clock.real_now()) and row.person.is_active
    return row if usable else None


def _no_longer(request: HttpRequest) -> HttpResponse:
    """One answer for a link that is used, too old, replaced or made up."""
    return render(request, "people/link_gone.html", status=GONE)
