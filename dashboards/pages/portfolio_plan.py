"""Which plan the pages of review are about: the one in the address, else the one in force."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dashboards.pages.chrome import current_plans, public_plans
from dashboards.pages.elements import FilterField, FilterForm, Hidden, Option
from dashboards.pages.portal import read_portal
from dashboards.pages.reading import Reading, read_plan
from dashboards.visit import PageNotFound, Visit
from priorities.saying import gettext as _

#: How a code is written; anything else is asked of no database.
CODE = re.compile(r"[-a-zA-Z0-9_]{1,100}")


def chosen_plan(visit: Visit) -> Reading:
    """The plan in the address, else the one in force, else the newest.

    Queries: three; two more when the address names none. Errors: ``PageNotFound``.
    """
    code = visit.query.get("plan", "").strip()
    if not code:
        found = read_portal(visit)
        plans = [*current_plans(found, visit.as_of.day), *public_plans(found)]
        if not plans:
            raise PageNotFound(_("No plan has been published yet."))
        code = plans[0]["code"]
    elif CODE.fullmatch(code) is None:
        raise PageNotFound(_("There is no such plan."))
    return read_plan(visit, code)


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
