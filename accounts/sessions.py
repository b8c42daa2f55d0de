"""Sessions end: after a while without a request, and some hours after the sign-in in any case."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

#: In the session: when the sign-in was, and when its person was last here, in seconds.
BEGAN, SEEN = "began", "seen"
#: How often the latter is written, in seconds: a row less for each request of a busy person.
EVERY = 60


def begin(*, request: HttpRequest, **_rest: Any) -> None:
    """Note in a new session when it began; called by the framework at each sign-in."""
    request.session[BEGAN] = request.session[SEEN] = time.time()


def is_for_all(request: HttpRequest) -> bool:
    """Is this page the same for everyone, so that nobody may ask for a session?"""
    match = request.resolver_match
    public = match is not None and bool(set(match.namespaces).intersection(_public()))
    return public or settings.SESSION_COOKIE_NAME not in request.COOKIES


def _public() -> set[str]:
    return set(settings.PUBLIC_NAMESPACES)


def has_ended(session: SessionBase, now: float) -> bool:
    """Is it too long since its person was here, or since they signed in?"""
    idle, whole = settings.SESSION_IDLE_MINUTES * 60, settings.SESSION_HOURS * 3600
    return now - session.get(SEEN, now) > idle or now - session.get(BEGAN, now) > whole


class SessionsEnd:
    """Signs out who has been away too long, before the page they ask for sees them.

    The real time counts, also where the portal's clock has been moved.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on; what is done is done once its page is known."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """End the session, or note that its person is here."""
        if is_for_all(request) or not request.user.is_authenticated:
            return
        now, session = time.time(), request.session
        if has_ended(session, now):
            logout(request)
            messages.info(request, _("You were away for a while, so you have been signed out."))
        elif now - session.get(SEEN, 0) >= EVERY:
            session.setdefault(BEGAN, now)
            session[SEEN] = now
