"""The plan at a glance, for who oversees it."""

from __future__ import annotations

from dataclasses import dataclass

from dashboards.charts.printable import Printable
from dashboards.pages.chrome import build_chrome, menu_plan
from dashboards.pages.headline import Headline, headline
from dashboards.pages.layout import Chrome
from dashboards.pages.portal import read_portal
from dashboards.pages.reading import read_plan
from dashboards.visit import PageNotFound, Visit
from priorities.saying import gettext as _


@dataclass(frozen=True, slots=True)
class PortfolioPage(Printable):
    """Every string of the overview."""

    chrome: Chrome
    title: str
    headline: Headline


def build_portfolio_page(*, visit: Visit) -> PortfolioPage:
    """The plan that the address asks for, or the one in force, as of the visit's moment.

    Errors: ``PageNotFound`` when no plan was public then.
    """
    code = visit.query.get("plan", "").strip()
    if not code:
        plan = menu_plan(read_portal(visit), visit.as_of.day)
        if plan is None:
            raise PageNotFound(_("No plan has been published yet."))
        code = plan["code"]
    found = read_plan(visit, code)
    return PortfolioPage(
        chrome=build_chrome(visit=visit, found=found.found, title=_("Review")),
        title=found.plan["title"],
        headline=headline(found.snapshot.counts(), closed=found.is_closed),
    )
