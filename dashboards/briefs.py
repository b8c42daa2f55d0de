"""The doors to briefs on paper, and to those that were frozen as delivered."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import asdict

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from dashboards.http import Answer, answered, public_page
from dashboards.pages.brief import build_brief, chosen_sections
from dashboards.pages.frozen import build_frozen_list, build_frozen_page, find_frozen
from dashboards.pdf.paper import brief_pdf
from dashboards.pdf.setting import EVERYONES, Busy, NotSet
from dashboards.visit import Visit
from priorities.queries.briefs import paper_of
from priorities.saying import gettext as _

log = logging.getLogger(__name__)

#: Seconds after which who found the typesetter busy may come again, and who found it at a loss.
COME_AGAIN, COME_LATER = 20, 600
#: As many rows of a list as paper takes: all of a plan of a thousand initiatives.
MOST_ROWS = 1000


@public_page
def frozen_briefs(visit: Visit, plan: str) -> Answer:
    """Every brief of a plan that was frozen."""
    page = build_frozen_list(visit=visit, plan_code=plan)
    return Answer("dashboards/frozen_briefs.html", page)


@public_page
def frozen_brief(visit: Visit, plan: str, brief: str) -> Answer:
    """One of them, as it was delivered."""
    page = build_frozen_page(visit=visit, plan_code=plan, code=brief)
    return Answer("dashboards/frozen_brief.html", page, twin=page.content)


def paper(request: HttpRequest, plan: str) -> HttpResponse:
    """The brief between two dates as PDF/UA."""
    return _paper(request, lambda visit: _set(visit, plan))


def _set(visit: Visit, plan: str) -> bytes:
    sections = chosen_sections(visit)
    with EVERYONES.taken():
        brief = build_brief(visit=visit, plan_code=plan, sections=sections, most=MOST_ROWS)
        return brief_pdf(asdict(brief), origin=settings.PORTAL_URL)


def frozen_paper(request: HttpRequest, plan: str, brief: str) -> HttpResponse:
    """Its paper, as it was delivered."""
    return _paper(request, lambda visit: _frozen(visit, plan, brief))


def _frozen(visit: Visit, plan: str, brief: str) -> bytes:
    # The page of it says whether the plan, too, is public.
    build_frozen_page(visit=visit, plan_code=plan, code=brief)
    return paper_of(find_frozen(visit, plan, brief))


def _paper(request: HttpRequest, make: Callable[[Visit], bytes]) -> HttpResponse:
    """A PDF from the reader's own copy, the cache, or made; 503 when too many are asked for."""
    try:
        return answered(request, "pdf", make)
    except (Busy, NotSet) as error:
        return no_paper(error)


def no_paper(error: Busy | NotSet) -> HttpResponse:
    """Others are being served, or the brief cannot be set, which the log tells: come again."""
    if isinstance(error, Busy):
        seconds = COME_AGAIN
        text = _("Other briefs are being made just now. Please try again in half a minute.")
    else:
        log.error("A brief could not be set.", exc_info=error)
        seconds = COME_LATER
        text = _("This brief could not be set on paper. Its page has the same; please read that.")
    return HttpResponse(
        text,
        status=503,
        content_type="text/plain; charset=utf-8",
        headers={"Retry-After": str(seconds), "Cache-Control": "no-store"},
    )
