"""`/review/disagreements/`: where the owner, the numbers and a reviewer differ."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from dashboards.pages.disagreements import DisagreementWays, build_disagreements_page
from itaportal.review.doors import framed, visit_of
from priorities.permissions import Permission
from priorities.views.doors import Act, staff_page


@staff_page(Permission.READ_INTERNAL)
def disagreements(request: HttpRequest, act: Act) -> HttpResponseBase:
    """Items of which the voices differ, the biggest gap first."""
    ways = DisagreementWays(
        here=reverse("review:disagreements"),
        ask=lambda kind, **codes: reverse(f"priorities:ask-{kind}", kwargs=codes),
        rate=lambda kind, **codes: reverse(f"priorities:rate-{kind}", kwargs=codes),
    )
    page = build_disagreements_page(visit=visit_of(request, act), ways=ways)
    return framed(request, "questions/disagreements.html", page)
