"""`/review/timeline/`: initiatives and milestones on one time axis."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase

from dashboards.pages.portfolio_timeline import build_portfolio_timeline
from itaportal.review.doors import of_a_plan
from priorities.permissions import Permission
from priorities.views.doors import Act, staff_page


@staff_page(Permission.READ_INTERNAL)
def timeline(request: HttpRequest, act: Act) -> HttpResponseBase:
    """Initiatives and milestones with today, the dates first promised and those of now."""
    return of_a_plan(request, act, "review/timeline.html", build_portfolio_timeline)
