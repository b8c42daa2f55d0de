"""The list of plans: each with its period, its state and its priorities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import ngettext

from dashboards.charts.printable import Printable
from dashboards.pages import words
from dashboards.pages.chrome import build_chrome, marks_url, public_plans
from dashboards.pages.elements import EmptyState, Link, Mark, Pill
from dashboards.pages.layout import Chrome
from dashboards.pages.portal import read_portal
from dashboards.pages.raw import picked
from dashboards.visit import Visit
from priorities.enums import PlanState
from priorities.labels import label
from priorities.models import Priority
from priorities.queries.publication import Document, Documents
from priorities.queries.standing import is_closed
from priorities.saying import gettext as _


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """One plan in the list."""

    title: str
    url: str
    tagline: str
    period: str
    pill: Pill
    note: str
    priorities: tuple[Link, ...]
    priorities_label: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class PlansPage(Printable):
    """Every string of the list of plans."""

    chrome: Chrome
    title: str
    lede: str
    plans: tuple[PlanEntry, ...]
    empty: EmptyState
    data: dict[str, Any]

    def public_json(self) -> dict[str, Any]:
        """The plans in raw values."""
        return self.data


def build_plans_page(*, visit: Visit, found: Documents | None = None) -> PlansPage:
    """All public plans, newest first. Queries: two, unless the documents are at hand."""
    if found is None:
        found = read_portal(visit, Priority.objects.all())
    plans = public_plans(found)
    day = visit.as_of.day
    running = sum(not is_closed(plan, day) for plan in plans)
    return PlansPage(
        chrome=build_chrome(
            visit=visit,
            found=found,
            title=_("Strategic plans"),
            description=_(
                "The agency’s strategic plans, newest first: the periods and the priorities."
            ),
            current="plan",
        ),
        title=_("Strategic plans"),
        lede=_lede(len(plans), running),
        plans=tuple(_entry(visit, found, plan) for plan in plans),
        empty=_empty(visit),
        data={"plans": [_json(found, plan, closed=is_closed(plan, day)) for plan in plans]},
    )


def _empty(visit: Visit) -> EmptyState:
    """What is said before the first plan."""
    if visit.is_past:
        return EmptyState(
            _("On %(day)s no plan was public.") % {"day": words.day(visit.as_of.day)},
            _("The plans of today and of later dates are on the page of those dates."),
            Link(_("Back to today"), visit.path),
        )
    return EmptyState(
        _("No plan has been published yet."),
        _("When the agency publishes its strategic plan, it is shown here."),
    )


def _lede(total: int, running: int) -> str:
    """How many plans there are, and how many of them run."""
    if not total:
        return ""
    sentence = ngettext("%(n)s plan is public", "%(n)s plans are public", total)
    if not running:
        rest = ngettext("it is closed", "all are closed", total)
    else:
        rest = ngettext("%(m)s is in force", "%(m)s are in force", running) % {"m": running}
    return f"{sentence % {'n': total}}; {rest}."


def _entry(visit: Visit, found: Documents, plan: Document) -> PlanEntry:
    code = plan["code"]
    return PlanEntry(
        title=plan["title"],
        url=visit.link("plan", plan=code),
        tagline=plan["tagline"],
        period=words.span(plan["period_start"], plan["period_end"]),
        pill=_pill(plan, closed=is_closed(plan, visit.as_of.day)),
        note=plan["note"],
        priorities=tuple(
            Link(each["name"], visit.link("priority", plan=code, priority=each["code"]))
            for each in _priorities(found, code)
        ),
        priorities_label=_("Strategic priorities of %(plan)s") % {"plan": plan["title"]},
        marks=words.marks(plan["provenance"], url=marks_url(visit)),
    )


def _priorities(found: Documents, code: str) -> list[Document]:
    return [each for each in found["priority"].values() if each["plan"] == code]


def _pill(plan: Document, *, closed: bool) -> Pill:
    """In force, closed or archived."""
    if plan["state"] == PlanState.ARCHIVED:
        return Pill("neutral", label(PlanState.ARCHIVED))
    return Pill("completed", label(PlanState.CLOSED)) if closed else Pill("on_track", _("In force"))


def _json(found: Documents, plan: Document, *, closed: bool) -> dict[str, Any]:
    fields = ("code", "title", "tagline", "period_start", "period_end", "state", "closed_on")
    return {
        **picked(plan, *fields, "provenance"),
        "predecessor": before if (before := plan["predecessor"]) in found["plan"] else None,
        "closed": closed,
        "priorities": [picked(each, "code", "name") for each in _priorities(found, plan["code"])],
    }
