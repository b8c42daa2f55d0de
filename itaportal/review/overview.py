"""`/review/`: the plan at a glance, for who oversees it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase

from dashboards.pages.portfolio import build_portfolio_page
from itaportal.review.doors import of_a_plan
from priorities.permissions import Permission
from priorities.views.doors import Act, staff_page


@staff_page(Permission.READ_INTERNAL)
def overview(request: HttpRequest, act: Act) -> HttpResponseBase:
    """How the plan stands: counts, coverage, what is late, what moved."""
    return of_a_plan(request, act, "review/overview.html", build_portfolio_page)
