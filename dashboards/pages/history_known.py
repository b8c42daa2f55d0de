"""What the history of an item is made from: its events, and the names that they need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from dashboards.pages.chrome import menu_plan, plan_crumb
from dashboards.pages.elements import Link
from dashboards.pages.reading import TABLES, kind_of, missing
from dashboards.pages.telling import Names
from dashboards.pages.telling_json import LINKS
from dashboards.visit import Visit
from priorities.models import Category, Initiative, Metric, Milestone, Plan, Priority, Recorded
from priorities.queries.changes import Change, Span, changes, history_span
from priorities.queries.publication import (
    Document,
    Documents,
    documents,
    frame,
    later_changes,
    public_items,
)
from priorities.saying import gettext as _

MODELS: Mapping[str, type[Recorded]] = {
    model.ITEM_TYPE: model for model in (Plan, Priority, Initiative, Metric)
}
#: The marked entry of the menu.
MENU = {"plan": "plan", "priority": "plan", "initiative": "initiatives", "metric": "metrics"}


@dataclass(frozen=True, slots=True)
class Known:
    """An item as known at the visit's moment, and a page of its events, newest first."""

    found: Documents
    subject: tuple[str, str]
    kind: str
    item: Link
    way: tuple[Link, ...]
    plan: Document | None
    span: Span
    told: tuple[Change, ...]

    @property
    def menu(self) -> str:
        """The marked entry of the menu."""
        return MENU[self.subject[0]]

    @property
    def names(self) -> Names:
        """How the items that the events name are called."""
        return Names(self.found)


def read_history(
    visit: Visit, kind: str, codes: Mapping[str, str], *, offset: int, limit: int
) -> Known:
    """An item and some of its events as of the visit's moment.

    Queries: four. Errors: ``PageNotFound`` when the item was not public then.
    """
    model, code = MODELS[kind], "/".join(codes.values())
    subject, until = (kind, code), visit.as_of.moment
    span = history_span(subject, until)
    told = changes(until=until, subject=subject, offset=offset, limit=limit)
    undo = later_changes(*TABLES, Category, as_of=visit.as_of)
    found = documents(*frame(), *_named(subject, codes, told), as_of=visit.as_of, undo=undo)
    found = public_items(found)
    item = Names(found).of(visit, kind, code)
    plan = found["plan"].get(codes["plan"]) if "plan" in codes else None
    if item is None or ("plan" in codes and plan is None):
        raise missing(visit, model, code)
    name = kind_of(model)
    return Known(
        found=found,
        subject=subject,
        kind=name[:1].upper() + name[1:],
        item=item,
        way=_way(visit, kind, item, plan),
        plan=plan or _plan_of(visit, found, code),
        span=span,
        told=told,
    )


def _named(
    subject: tuple[str, str], codes: Mapping[str, str], told: Sequence[Change]
) -> tuple[QuerySet[Any], ...]:
    """The tables that the item and its events are named from."""
    kind, code = subject
    own = codes["initiative"] if kind == "initiative" else ""
    linked = {own, *_linked(told)}
    return (
        Priority.objects.all(),
        Initiative.objects.filter(code__in=linked),
        Metric.objects.filter(code=code if kind == "metric" else ""),
        Milestone.objects.filter(
            initiative__plan__code=codes.get("plan", ""), initiative__code=own
        ),
        Category.objects.all(),
    )


def _linked(told: Sequence[Change]) -> set[str]:
    """The codes, within their plans, of the initiatives that events link to."""
    found: set[str] = set()
    for change in told:
        for name, values in change.fields.items():
            if LINKS.get(name) == "initiative":
                for value in values:
                    found.update(value if isinstance(value, list) else [value or ""])
    return {code.rpartition("/")[2] for code in found}


def _way(visit: Visit, kind: str, item: Link, plan: Document | None) -> tuple[Link, ...]:
    """The way down to the item."""
    if kind == "metric" or plan is None:
        return (Link(_("Metrics"), visit.link("metrics")), item)
    return (item,) if kind == "plan" else (plan_crumb(visit, plan), item)


def _plan_of(visit: Visit, found: Documents, metric: str) -> Document | None:
    """The plan that a metric's page belongs to: the newest of those that it informs."""
    document = found["metric"][metric]
    informed = {
        code.partition("/")[0] for code in (*document["priorities"], *document["initiatives"])
    }
    own = {code: plan for code, plan in found["plan"].items() if code in informed}
    return menu_plan({**found, "plan": own}, visit.as_of.day)
