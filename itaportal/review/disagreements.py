"""`/review/disagreements/`: where the owner, the numbers and a reviewer differ."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase

from dashboards.pages.disagreements import DisagreementsPage, build_disagreements_page
from dashboards.pages.portfolio_ways import Ways
from dashboards.visit import Visit
from itaportal.review.doors import of_a_plan
from priorities.permissions import Permission
from priorities.views.doors import Act, staff_page


@staff_page(Permission.READ_INTERNAL)
def disagreements(request: HttpRequest, act: Act) -> HttpResponseBase:
    """Items of which the voices differ, the biggest gap first; who asks or rates comes back."""
    build = partial(_build, request.get_full_path())
    return of_a_plan(request, act, "questions/disagreements.html", build)


def _build(here: str, *, visit: Visit, ways: Ways) -> DisagreementsPage:
    def returning(way: Callable[..., str]) -> Callable[..., str]:
        query = urlencode({"return_to": here})
        return lambda kind, **codes: f"{way(kind, **codes)}?{query}"

    own = dataclasses.replace(ways, ask=returning(ways.ask), rate=returning(ways.rate))
    return build_disagreements_page(visit=visit, ways=own)
