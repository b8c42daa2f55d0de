"""How a staff page is entered: who comes, by what right, at what moment; and nothing typed is lost.

A form that is sent after the session has ended is kept in the new, anonymous session until its
author has signed in again; the page then finds it with ``take_kept``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from allauth.core import ratelimit
from django.contrib.auth.views import redirect_to_login
from django.db import OperationalError
from django.db.models import Model
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from accounts.models import User
from priorities import clock
from priorities.actions.recording import Actor, as_actor, entered_by
from priorities.assessment.periods import AsOf
from priorities.permissions import Permission, demand
from priorities.queries.head import head

#: Where a form waits in the session of somebody whose own session has ended.
KEPT = "kept_form"
#: What PostgreSQL calls a lock that was not to be had in time, and two that waited for each other.
WAITED_TOO_LONG = frozenset({"55P03", "40P01"})
#: Fields and characters of such a form, names included: enough for ours, too few to fill a table.
MOST_FIELDS, MOST_CHARACTERS = 400, 200_000
#: The hidden field that says whose form it is, so that nobody else is shown it.
AUTHOR = "form_of"

Door = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Act:
    """One request of a person: who asks, when, and what day it is at the agency."""

    person: User
    by: Actor
    now: dt.datetime
    tz: ZoneInfo

    @property
    def today(self) -> dt.date:
        """The day at the agency."""
        return self.now.astimezone(self.tz).date()

    @property
    def as_of(self) -> AsOf:
        """The present, as queries take it."""
        return AsOf.now(self.now, self.tz)

    @property
    def who(self) -> dict[str, Any]:
        """The arguments that every action takes: ``**act.who``."""
        return {"by": self.by, "now": self.now}


def act_of(request: HttpRequest) -> Act:
    """The act of this request: one moment for all that it reads and writes. Queries: two."""
    person = request.user
    assert isinstance(person, User)  # noqa: S101 - `staff_page` lets nobody else through
    newest = head()
    return Act(person, as_actor(person), clock.now(newest.at), newest.zone)


def staff_page(
    permission: Permission | None = None, *, item: Callable[..., Model | None] | None = None
) -> Callable[[Door], Door]:
    """Make a door of a view ``view(request, act, **kwargs)``.

    A stranger is asked to sign in, whether or not there is such an item, and what they sent is
    kept. A known person without the right gets 403. ``permission`` None asks only for a sign-in.
    ``item`` finds the row that the view is about from the address; it raises ``Http404`` for none.
    """

    def make(view: Door) -> Door:
        @wraps(view)
        def door(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                _keep(request)
                return redirect_to_login(_return_path(request))
            if permission is not None:
                demand(request.user, permission, item(**kwargs) if item else None)
            token = entered_by.set("web")
            try:
                response = view(request, act_of(request), **kwargs)
            except OperationalError as error:
                if request.method != "POST" or not is_busy(error):
                    raise
                response = _say_busy(request)
            finally:
                entered_by.reset(token)
            add_never_cache_headers(response)
            return response

        return door

    return make


def is_busy(error: OperationalError) -> bool:
    """Is it that somebody else has been writing for longer than anybody should wait?"""
    code = getattr(error.__cause__, "pgcode", "")
    return code in WAITED_TOO_LONG or "database is locked" in str(error)


def _say_busy(request: HttpRequest) -> HttpResponseBase:
    """Nothing was saved; all that was sent stands in a form that sends it again. Files do not."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
    context = {"fields": fields, "files": bool(request.FILES), "path": request.get_full_path()}
    response = render(request, "busy.html", context, status=HTTPStatus.SERVICE_UNAVAILABLE)
    response["Retry-After"] = "5"
    return response


def _return_path(request: HttpRequest) -> str:
    """Where to go after the sign-in: the page itself, or the page that a form was sent from."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    return request.POST.get("return_to") or request.path


def _keep(request: HttpRequest) -> None:
    """Put a form aside whose author's session has ended."""
    if request.method != "POST":
        return
    fields = {
        name: [str(value) for value in values]
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
    }
    size = sum(len(name) + sum(map(len, values)) for name, values in fields.items())
    if len(fields) > MOST_FIELDS or size > MOST_CHARACTERS:
        return
    # Limited in the settings: no stranger may fill the table of sessions.
    if ratelimit.consume(request, action="keep_form"):
        request.session[KEPT] = {"path": request.path, "fields": fields}


def take_kept(request: HttpRequest, path: str) -> dict[str, list[str]] | None:
    """The form that this person sent to ``path`` after their session had ended, once."""
    kept = request.session.get(KEPT)
    if not kept or kept["path"] != path:
        return None
    fields: dict[str, list[str]] = request.session.pop(KEPT)["fields"]
    return fields if fields.get(AUTHOR) == [str(request.user.pk)] else None


def kept_form(request: HttpRequest) -> QueryDict | None:
    """A form that this person sent to this page after their session had ended."""
    kept = take_kept(request, request.path) if request.method == "GET" else None
    if kept is None:
        return None
    fields = QueryDict(mutable=True)
    for name, values in kept.items():
        fields.setlist(name, values)
    return fields
