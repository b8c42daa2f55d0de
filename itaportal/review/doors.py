"""How a reviewers' page is read and shown: the question of a public page, in the frame of staff."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection
from typing import Any, Protocol

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from dashboards.http import looked_at, parse
from dashboards.pages.layout import Chrome
from dashboards.pages.portfolio_plan import NothingPublic, build_nothing_page
from dashboards.pages.portfolio_ways import Ways
from dashboards.visit import Visit
from itaportal.frame import build_staff_chrome
from priorities.models import Initiative, Metric
from priorities.permissions import Permission, allowed, rights_of
from priorities.queries.head import head
from priorities.views.doors import Act

View = Callable[..., HttpResponseBase]
#: What stands for a page while no plan is public.
NOTHING = "review/parts/nothing.html"


class ReviewPage(Protocol):
    """What a builder of these pages returns."""

    @property
    def chrome(self) -> Chrome:
        """Its title, its breadcrumb and its date."""
        ...


def before_public(public: View, own: View) -> View:
    """A door at the address of a public page: reviewers get their own page, all others that one.

    Who carries no session gets the public page, cached as ever; so does who may not read what is
    internal. The public door itself knows no session. Neither page is written to.
    """

    def door(request: HttpRequest, **codes: str) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return public(request, **codes)
        if not rights_of(request.user).holds(Permission.READ_INTERNAL):
            return public(request, **codes)
        response = own(request, **codes)
        patch_vary_headers(response, ("Cookie",))
        return response

    return looked_at(door)


def visit_of(request: HttpRequest, act: Act) -> Visit:
    """The question in the address, at the moment of the act. Queries: one.

    Errors: ``BadQuestion`` for an ``as_of`` that is no date, or lies ahead.
    """
    return parse(request, act.tz, newest=head().revision, moment=act.now)


def ways(act: Act) -> Ways:
    """The addresses of the room, which its builders lead to, and what the person may rate."""
    return Ways(
        overview=reverse("review:overview"),
        table=reverse("review:table"),
        metrics=reverse("review:metrics"),
        timeline=reverse("review:timeline"),
        disagreements=reverse("review:disagreements"),
        questions=reverse("priorities:questions"),
        ask=lambda kind, **codes: reverse(f"priorities:ask-{kind}", kwargs=codes),
        rate=lambda kind, **codes: reverse(f"priorities:rate-{kind}", kwargs=codes),
        may_rate=lambda kind, keys: _others(act, kind, keys),
    )


def _others(act: Act, kind: str, keys: Collection[int]) -> frozenset[int]:
    """Of some items those that a person may rate: not their own work. Queries: one."""
    model = {"initiative": Initiative, "metric": Metric}[kind]
    items = model._default_manager.filter(pk__in=keys)
    return frozenset(allowed(act.person, Permission.RATE, items).values_list("pk", flat=True))


def of_a_plan(
    request: HttpRequest, act: Act, template: str, build: Callable[..., ReviewPage]
) -> HttpResponse:
    """A page of the room about the plan in the address; says so where there is no plan yet."""
    visit = visit_of(request, act)
    try:
        page = build(visit=visit, ways=ways(act))
    except NothingPublic as why:
        template, page = NOTHING, build_nothing_page(visit=visit, why=str(why))
    return framed(request, template, page)


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
