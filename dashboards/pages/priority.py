"""The page of one strategic priority: how it stands, its initiatives and its metrics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from dashboards.charts.bars import StackedBar
from dashboards.charts.printable import Printable
from dashboards.pages import words
from dashboards.pages.cards import metric_cards, metric_json, rated_metrics
from dashboards.pages.chrome import build_chrome, history_link, marks_url, plan_crumb
from dashboards.pages.elements import LegendEntry, Link, Mark, MetricCard, Table
from dashboards.pages.headline import Headline, headline
from dashboards.pages.layout import Chrome
from dashboards.pages.plan import metrics_under
from dashboards.pages.plan_facts import priority_name
from dashboards.pages.prose import prose
from dashboards.pages.raw import picked
from dashboards.pages.reading import Reading, missing, read_plan
from dashboards.pages.rows import initiative_json, initiative_table
from dashboards.pages.states import counts_json, state_bar, state_legend
from dashboards.visit import Visit
from priorities.models import Priority
from priorities.queries.publication import Document, metrics_of_plan
from priorities.queries.standing import InitiativeRow
from priorities.saying import gettext as _

#: As many initiatives and metrics as the page shows; all are in their lists.
MOST_ROWS = 50
MOST_CARDS = 24


@dataclass(frozen=True, slots=True)
class PriorityPage(Printable):
    """Every string of the priority's page."""

    chrome: Chrome
    eyebrow: str
    title: str
    marks: tuple[Mark, ...]
    summary: str
    headline: Headline
    retired: str
    description: SafeString
    bar: StackedBar
    legend: tuple[LegendEntry, ...]
    legend_label: str
    initiatives: Table
    all_initiatives: Link
    metrics: tuple[MetricCard, ...]
    all_metrics: Link
    all_history: Link
    data: dict[str, Any]

    def public_json(self) -> dict[str, Any]:
        """The priority in raw values."""
        return self.data


def build_priority_page(*, visit: Visit, plan_code: str, code: str) -> PriorityPage:
    """The page of one priority.

    Queries: four beside the revision: what to undo, documents, standings, its metrics' figures.
    Errors: ``PageNotFound`` when the plan or the priority is not public at that moment.
    """
    plan = read_plan(visit, plan_code, metrics_of_plan(plan_code, visit.as_of))
    document = plan.priorities.get(code)
    if document is None:
        raise missing(visit, Priority, f"{plan_code}/{code}")
    rows = plan.snapshot.of_priority(code)
    return _page(visit, plan, document, rows)


def _page(
    visit: Visit, plan: Reading, document: Document, rows: tuple[InitiativeRow, ...]
) -> PriorityPage:
    code = document["code"]
    counts = plan.snapshot.counts(code)
    said = headline(counts, closed=plan.is_closed)
    metrics = metrics_under(plan).get(code, [])
    rated = rated_metrics(visit, plan.found, metrics[:MOST_CARDS])
    url = visit.link("initiatives", plan=plan.code).partition("?")[0]
    return PriorityPage(
        chrome=build_chrome(
            visit=visit,
            found=plan.found,
            title=document["name"],
            description=said.text,
            current="plan",
            plan=plan.plan,
            item=("priority", {"plan": plan.code, "priority": code}),
            breadcrumb=(
                plan_crumb(visit, plan.plan),
                Link(priority_name(document), "", current=True),
            ),
        ),
        eyebrow=priority_name(document),
        title=document["name"],
        marks=words.marks(document["provenance"], url=marks_url(visit)),
        summary=document["summary"],
        headline=said,
        retired=_retired(document),
        description=prose(document["description"]),
        bar=state_bar("priority-states", _("Initiatives by status"), counts),
        legend=state_legend(visit, counts, url, also={"priority": code}),
        legend_label=_("Initiatives by status"),
        initiatives=initiative_table(
            plan, rows[:MOST_ROWS], caption=_("Initiatives"), with_priority=False
        ),
        all_initiatives=Link(
            _("All %(initiatives)s") % {"initiatives": words.initiatives_counted(len(rows))},
            visit.carry(url, query={"priority": code}),
        ),
        metrics=metric_cards(visit, plan.found, rated),
        all_metrics=Link(
            _("All %(metrics)s") % {"metrics": words.metrics_counted(len(metrics))},
            visit.link("metrics", query={"priority": document["item_code"]}),
        ),
        all_history=history_link(visit, "priority", plan=plan.code, priority=code),
        data={
            "plan": plan.code,
            "priority": picked(document, *FIELDS),
            "initiatives": {
                "total": len(rows),
                "by_state": counts_json(counts),
                "shown": [initiative_json(plan.code, row) for row in rows[:MOST_ROWS]],
            },
            "metrics": [metric_json(each) for each in rated],
        },
    )


FIELDS = ("code", "order", "name", "summary", "description", "retired_on", "provenance")


def _retired(document: Document) -> str:
    """That the priority was given up, and when."""
    if not document["retired_on"]:
        return ""
    return _("This priority was retired on %(day)s.") % {"day": words.day(document["retired_on"])}
