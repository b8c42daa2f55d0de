"""The brief of a plan for reviewers, at the address of the public one."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from dashboards import views
from dashboards.pages.brief import build_review_page
from dashboards.pages.elements import Link
from itaportal.review.doors import before_public, framed, visit_of
from priorities.permissions import Permission
from priorities.saying import one_language
from priorities.views.doors import Act, staff_page


@staff_page(Permission.READ_INTERNAL)
def _for_reviewers(request: HttpRequest, act: Act, plan: str) -> HttpResponse:
    visit = visit_of(request, act)
    with one_language():
        page = build_review_page(
            visit=visit, plan_code=plan, links=lambda asked: _links(plan, asked)
        )
    return framed(request, "dashboards/brief.html", page)


#: What is different in a plan between two dates; for reviewers with what is internal.
brief = before_public(views.brief, _for_reviewers)


def _links(plan: str, asked: Mapping[str, str]) -> tuple[Link, ...]:
    """Paper, raw values, freezing and what was frozen, with what is internal."""

    def to(name: str, query: bool = True) -> str:
        url = reverse(f"review:{name}", kwargs={"plan": plan})
        return f"{url}?{urlencode(asked)}" if query else url

    return (
        Link(_("As PDF, for reviewers"), to("brief-pdf")),
        Link(_("As JSON, for reviewers"), to("brief-json")),
        Link(_("Freeze this brief"), to("freeze-brief")),
        Link(_("Briefs that were frozen"), to("frozen-briefs", query=False)),
    )
