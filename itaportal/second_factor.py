"""Who must have a second factor, and that they can do nothing else before they have one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.sessions import is_for_all
from priorities.enums import Role
from priorities.permissions import rights_of

#: Those who can change what others answer for; system administrators besides.
ROLES = frozenset({Role.DIVISION_EDITOR, Role.PLAN_ADMINISTRATOR})
#: What counts; recovery codes alone do not, they are for the day it is lost.
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
#: Pages that stay open meanwhile: one's own account, and the ways out.
OPEN = ("account_", "mfa_", "usersessions_", "socialaccount_", "openid_connect_", "admin:logout")


def must_have_one(user: User) -> bool:
    """Is a second factor required of this person? Queries: at most two."""
    rights = rights_of(user)
    return rights.is_system_administrator or bool(ROLES & rights.roles)


def lacks_one(user: User) -> bool:
    """Is one required of this person that is not there? Queries: at most three."""
    if not settings.REQUIRE_SECOND_FACTOR:
        return False
    return must_have_one(user) and not is_mfa_enabled(user, FACTORS)


class SecondFactorFirst:
    """Leads a person without the required second factor to the page where it is set up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on; what is done is done once its page is known."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponseBase | None:
        """Redirect, or let pass."""
        if not settings.REQUIRE_SECOND_FACTOR or is_for_all(request):
            return None
        match = request.resolver_match
        if match is not None and match.view_name.startswith(OPEN):
            return None
        user = request.user
        if not isinstance(user, User) or not lacks_one(user):
            return None
        _say_once(request, _("Set up a second factor first. Your role requires one."))
        return HttpResponseRedirect(reverse("account_home"))


def _say_once(request: HttpRequest, words: str) -> None:
    """Leave a message for the next page, unless it waits there already."""
    waiting = messages.get_messages(request)
    if words not in {str(message) for message in waiting}:
        messages.warning(request, words)
    waiting.used = False  # type: ignore[union-attr]
