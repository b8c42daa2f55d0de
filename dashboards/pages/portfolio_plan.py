"""Which plan the pages of review are about: the one in the address, else the one in force."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from dashboards.charts.printable import Printable
from dashboards.pages import words
from dashboards.pages.chrome import build_chrome, current_plans, public_plans
from dashboards.pages.elements import FilterField, FilterForm, Hidden, Link, Option
from dashboards.pages.layout import Chrome
from dashboards.pages.portal import read_portal
from dashboards.pages.reading import Reading, read_plan
from dashboards.visit import PageNotFound, Visit
from priorities.saying import gettext as _

#: How a code is written; anything else is asked of no database.
CODE = re.compile(r"[-a-zA-Z0-9_]{1,100}")


class NothingPublic(PageNotFound):
    """There was no public plan at that moment, whichever is asked for; the message says so."""


@dataclass(frozen=True, slots=True)
class NothingPage(Printable):
    """What stands for a page of the room while there is no plan to show."""

    chrome: Chrome
    eyebrow: str
    title: str
    lead: str
    back: Link | None


def build_nothing_page(*, visit: Visit, why: str) -> NothingPage:
    """``why`` there is nothing to review, with the way to another date. Queries: none."""
    title = _("Nothing to review yet")
    if visit.is_past:
        day = words.tight(words.day(visit.as_of.day))
        title = _("Nothing to review on %(day)s") % {"day": day}
    chrome = build_chrome(visit=visit, found={}, title=title)
    return NothingPage(
        chrome=chrome,
        eyebrow=_("Review"),
        title=title,
        lead=why,
        back=chrome.past.link if chrome.past else None,
    )


def chosen_plan(visit: Visit) -> Reading:
    """The plan in the address, else the one in force, else the newest.

    Queries: three; two more when the address names none. Errors: ``NothingPublic`` when it names
    none and there is none, ``PageNotFound`` for one that is not public.
    """
    code = visit.query.get("plan", "").strip()
    if not code:
        code = _usual_plan(visit)
    elif CODE.fullmatch(code) is None:
        raise PageNotFound(_("There is no such plan."))
    return read_plan(visit, code)


def _usual_plan(visit: Visit) -> str:
    """The code of the plan in force, else of the newest. Queries: two."""
    try:
        found = read_portal(visit)
    except PageNotFound as why:
        raise NothingPublic(str(why)) from why
    plans = [*current_plans(found, visit.as_of.day), *public_plans(found)]
    if plans:
        return str(plans[0]["code"])
    if visit.is_past:
        day = words.day(visit.as_of.day)
        raise NothingPublic(_("No plan was public on %(day)s.") % {"day": day})
    raise NothingPublic(_("No plan has been published yet."))


def plan_form(
    plan: Reading, url: str, hidden: Mapping[str, str] | None = None
) -> FilterForm | None:
    """The way to the same page of another plan; nothing where there is one plan."""
    plans = public_plans(plan.found)
    if len(plans) < 2:
        return None
    carried = dict(hidden or {})
    if plan.visit.is_past:
        carried["as_of"] = plan.visit.as_of_text
    options = tuple(
        Option(each["code"], each["title"], selected=each["code"] == plan.code) for each in plans
    )
    return FilterForm(
        action=url,
        label=_("Choose the plan"),
        submit=_("Show"),
        fields=(FilterField("plan", _("Plan"), options=options),),
        hidden=tuple(Hidden(name, value) for name, value in carried.items()),
    )
