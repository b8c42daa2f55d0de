"""The history of an item for reviewers, at its public address: with the names of who wrote it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from dashboards import views
from dashboards.pages.history import build_history_page
from itaportal.review.doors import View, before_public, framed, visit_of
from priorities.permissions import Permission
from priorities.saying import one_language
from priorities.views.doors import Act, staff_page


def _with_names(kind: str) -> View:
    """The history of one kind of item, with names."""

    @staff_page(Permission.READ_INTERNAL)
    def door(request: HttpRequest, act: Act, **codes: str) -> HttpResponse:
        visit = visit_of(request, act)
        with one_language():
            page = build_history_page(visit=visit, kind=kind, codes=codes, names=True)
        return framed(request, "dashboards/history.html", page)

    return door


plan = before_public(views.plan_history, _with_names("plan"))
priority = before_public(views.priority_history, _with_names("priority"))
initiative = before_public(views.initiative_history, _with_names("initiative"))
metric = before_public(views.metric_history, _with_names("metric"))
