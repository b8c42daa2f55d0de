"""How a reviewers' page is read and shown: the question of a public page, in the frame of staff."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, Protocol

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from dashboards.http import parse
from dashboards.pages.layout import Chrome
from dashboards.pages.portfolio_ways import Ways
from dashboards.visit import Visit
from itaportal.frame import build_staff_chrome
from priorities.permissions import Permission, rights_of
from priorities.queries.head import head
from priorities.views.doors import Act

View = Callable[..., HttpResponseBase]


class ReviewPage(Protocol):
    """What a builder of these pages returns."""

    @property
    def chrome(self) -> Chrome:
        """Its title, its breadcrumb and its date."""
        ...


def before_public(public: View, own: View) -> View:
    """A door at the address of a public page: reviewers get their own page, all others that one.

    Who carries no session gets the public page, cached as ever; so does who may not read what is
    internal. The public door itself knows no session.
    """

    def door(request: HttpRequest, **codes: str) -> HttpResponseBase:
        asks = request.method in ("GET", "HEAD")
        if not asks or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return public(request, **codes)
        if not rights_of(request.user).holds(Permission.READ_INTERNAL):
            return public(request, **codes)
        response = own(request, **codes)
        patch_vary_headers(response, ("Cookie",))
        return response

    return door


def visit_of(request: HttpRequest, act: Act) -> Visit:
    """The question in the address, at the moment of the act. Queries: one.

    Errors: ``BadQuestion`` for an ``as_of`` that is no date, or lies ahead.
    """
    return parse(request, act.tz, newest=head().revision, moment=act.now)


def ways() -> Ways:
    """The addresses of the room, which its builders lead to."""
    return Ways(
        overview=reverse("review:overview"),
        table=reverse("review:table"),
        metrics=reverse("review:metrics"),
        timeline=reverse("review:timeline"),
        disagreements=reverse("review:disagreements"),
        questions=reverse("priorities:questions"),
        ask=reverse("priorities:ask"),
    )


def framed(
    request: HttpRequest, template: str, page: ReviewPage, *, status: int = 200, **extra: Any
) -> HttpResponse:
    """A page in the frame of staff, with its own title, way down and control of the date."""
    own = page.chrome
    chrome = dataclasses.replace(
        build_staff_chrome(request),
        title=own.title,
        past=own.past,
        breadcrumb=own.breadcrumb,
        as_of=own.as_of,
    )
    return render(request, template, {"page": page, "chrome": chrome, **extra}, status=status)
