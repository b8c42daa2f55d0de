"""One's own account: password, second factor, passkeys, sessions, in one page."""

from __future__ import annotations

import logging
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.providers.openid_connect import views as city
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from requests import RequestException

from accounts.models import User

log = logging.getLogger(__name__)


@never_cache
@login_required
def account_home(request: HttpRequest) -> HttpResponse:
    """What a person has to sign in with, and the ways to change it. Queries: one."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - the decorator lets nobody else through
    return render(request, "account/home.html", {"person": user, **factors_of(user)})


def factors_of(user: User) -> dict[str, Any]:
    """The second factors of a person, as the page shows them. Queries: one."""
    rows = list(Authenticator.objects.filter(user=user).order_by("created_at"))
    of_type = {
        kind: [row.wrap() for row in rows if row.type == kind] for kind in Authenticator.Type
    }
    codes = of_type[Authenticator.Type.RECOVERY_CODES]
    return {
        "app": next(iter(of_type[Authenticator.Type.TOTP]), None),
        "passkeys": of_type[Authenticator.Type.WEBAUTHN],
        "codes_left": len(codes[0].get_unused_codes()) if codes else None,
    }


def city_sign_in(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Lead to the City's identity provider, which is asked first where its sign-in is.

    If it does not answer, the page says so; the log tells why.
    """
    try:
        response: HttpResponse = city.login(request, provider_id)
    except RequestException:
        log.exception("The identity provider does not answer")
        return render(request, "socialaccount/authentication_error.html", status=502)
    return response
