"""The page of one division: what it answers for, and how fresh that is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import ngettext

from dashboards.charts.printable import Printable
from dashboards.filters import FACETS
from dashboards.pages import words
from dashboards.pages.cards import RatedMetric, metric_cards, metric_json, rated_metrics
from dashboards.pages.chrome import build_chrome, marks_url, public_plans
from dashboards.pages.elements import Fact, LegendEntry, Link, Mark, MetricCard, Table
from dashboards.pages.layout import Chrome
from dashboards.pages.raw import picked
from dashboards.pages.reading import TABLES, Reading, missing, reading
from dashboards.pages.rows import initiative_json, initiative_table
from dashboards.pages.states import counts_json, state_legend
from dashboards.visit import Visit
from priorities.enums import InitiativeState, MetricState, PlanState
from priorities.models import Division, Metric, Priority, ReportingPeriod
from priorities.queries.publication import (
    Document,
    Documents,
    documents,
    frame,
    later_changes,
    public_items,
    touched_since,
)
from priorities.queries.standing import InitiativeRow
from priorities.saying import gettext as _

#: As many initiatives of each plan, and metrics, as the page shows.
MOST_ROWS = 50
MOST_CARDS = 24


@dataclass(frozen=True, slots=True)
class PlanShare:
    """What a division leads in one plan."""

    id: str
    title: str
    legend: tuple[LegendEntry, ...]
    legend_label: str
    table: Table
    all: Link


@dataclass(frozen=True, slots=True)
class DivisionPage(Printable):
    """Every string of the division's page."""

    chrome: Chrome
    eyebrow: str
    title: str
    marks: tuple[Mark, ...]
    lead: str
    freshness: str
    purpose: str
    facts: tuple[Fact, ...]
    shares: tuple[PlanShare, ...]
    metrics: tuple[MetricCard, ...]
    all_metrics: Link
    data: dict[str, Any]

    def public_json(self) -> dict[str, Any]:
        """The division in raw values."""
        return self.data


@dataclass(frozen=True, slots=True)
class _Led:
    """The initiatives that a division leads in one plan."""

    plan: Reading
    rows: tuple[InitiativeRow, ...]

    @property
    def counts(self) -> Counter[InitiativeState]:
        return Counter(row.standing.state for row in self.rows)


def build_division_page(*, visit: Visit, code: str) -> DivisionPage:
    """The page of one division.

    Queries: three beside the revision (what to undo, documents, its metrics' figures), and one for
    each plan whose standings are not remembered.
    Errors: ``PageNotFound`` when it is not known at that moment.
    """
    undo = later_changes(*TABLES, as_of=visit.as_of)
    own = Q(lead_division__code=code) | Q(pk__in=touched_since(Metric, visit.as_of))
    found = public_items(
        documents(
            *frame(),
            Priority.objects.all(),
            ReportingPeriod.objects.all(),
            Metric.objects.filter(own),
            as_of=visit.as_of,
            undo=undo,
        )
    )
    division = found["division"].get(code)
    if division is None:
        raise missing(visit, Division, code)
    plans = [plan for plan in public_plans(found) if plan["state"] != PlanState.ARCHIVED]
    readings = [reading(visit, found, undo, plan) for plan in plans]
    led = [_Led(plan, _rows(plan, code)) for plan in readings]
    metrics = [each for each in found["metric"].values() if each["lead_division"] == code]
    rated = rated_metrics(visit, found, metrics[:MOST_CARDS])
    return _page(visit, found, division, [each for each in led if each.rows], rated, len(metrics))


def _rows(plan: Reading, code: str) -> tuple[InitiativeRow, ...]:
    snapshot = plan.snapshot
    chosen = snapshot.facet("division", FACETS["division"]).get(code, 0)
    return tuple(snapshot.page(chosen, range(len(snapshot.rows)), 0, len(snapshot.rows)))


def _page(
    visit: Visit,
    found: Documents,
    division: Document,
    led: Sequence[_Led],
    rated: Sequence[RatedMetric],
    metrics: int,
) -> DivisionPage:
    total = sum(len(each.rows) for each in led)
    said = _("It answers for %(initiatives)s and %(metrics)s.") % {
        "initiatives": words.initiatives_counted(total),
        "metrics": words.metrics_counted(metrics),
    }
    agency = next(iter(found["organization"].values()), None)
    return DivisionPage(
        chrome=build_chrome(
            visit=visit,
            found=found,
            title=division["name"],
            description=said,
            breadcrumb=(
                Link(_("Plan"), visit.link("home")),
                Link(division["name"], "", current=True),
            ),
        ),
        eyebrow=_("Division of %(agency)s") % {"agency": agency["short_name"] if agency else ""},
        title=division["name"],
        marks=words.marks(division["provenance"], url=marks_url(visit)),
        lead=said,
        freshness=_freshness(led, rated),
        purpose=division["purpose"],
        facts=_facts(visit, found, division),
        shares=tuple(_share(visit, each, division["code"]) for each in led),
        metrics=metric_cards(visit, found, rated),
        all_metrics=Link(
            _("All %(metrics)s") % {"metrics": words.metrics_counted(metrics)},
            visit.link("metrics", query={"division": division["code"]}),
        ),
        data=_json(found, division, led, rated, metrics),
    )


def _freshness(led: Sequence[_Led], rated: Sequence[RatedMetric]) -> str:
    """How much of it is reported: overdue initiatives, and metrics without a recent value."""
    late = sum(bool(row.standing.days_overdue) for each in led for row in each.rows)
    total = sum(len(each.rows) for each in led)
    silent = sum(each.standing.days_overdue > 0 for each in rated)
    parts: list[str] = []
    if total:
        parts.append(
            ngettext(
                "%(n)s initiative has an overdue report",
                "%(n)s initiatives have an overdue report",
                late,
            )
            % {"n": words.count(late)}
            if late
            else _("No initiative has an overdue report")
        )
    if rated:
        parts.append(
            ngettext(
                "%(n)s metric lacks its newest value",
                "%(n)s metrics lack their newest value",
                silent,
            )
            % {"n": words.count(silent)}
            if silent
            else _("no metric lacks its newest value")
        )
    text = words.joined(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _facts(visit: Visit, found: Documents, division: Document) -> tuple[Fact, ...]:
    """Its place in the agency."""
    facts: list[Fact] = []
    parent = found["division"].get(division["parent"] or "")
    if parent is not None:
        url = visit.link("division", division=parent["code"])
        facts.append(Fact(_("Part of"), parent["name"], url))
    for other in found["division"].values():
        if other["parent"] == division["code"]:
            url = visit.link("division", division=other["code"])
            facts.append(Fact(_("Includes"), other["name"], url))
    if division["ended_on"]:
        facts.append(Fact(_("Ended"), words.day(division["ended_on"])))
    return tuple(facts)


def _share(visit: Visit, led: _Led, code: str) -> PlanShare:
    plan = led.plan
    url = visit.link("initiatives", plan=plan.code).partition("?")[0]
    title = _("Initiatives in %(plan)s") % {"plan": plan.plan["title"]}
    return PlanShare(
        id=f"plan-{plan.code}",
        title=title,
        legend=state_legend(visit, led.counts, url, also={"division": code}),
        legend_label=_("Initiatives by status"),
        table=initiative_table(plan, led.rows[:MOST_ROWS], caption=title, with_division=False),
        all=Link(
            _("All %(initiatives)s") % {"initiatives": words.initiatives_counted(len(led.rows))},
            visit.carry(url, query={"division": code}),
        ),
    )


def _json(
    found: Documents,
    division: Document,
    led: Sequence[_Led],
    rated: Sequence[RatedMetric],
    metrics: int,
) -> dict[str, Any]:
    states = Counter(each.standing.state for each in rated)
    return {
        "division": picked(
            division, "code", "name", "short_name", "parent", "purpose", "ended_on", "provenance"
        ),
        "includes": [
            other["code"]
            for other in found["division"].values()
            if other["parent"] == division["code"]
        ],
        "plans": [
            {
                "plan": each.plan.code,
                "total": len(each.rows),
                "overdue": sum(bool(row.standing.days_overdue) for row in each.rows),
                "by_state": counts_json(each.counts),
                "initiatives": [
                    initiative_json(each.plan.code, row) for row in each.rows[:MOST_ROWS]
                ],
            }
            for each in led
        ],
        "metrics": {
            "total": metrics,
            "by_state": {state.value: states[state] for state in MetricState},
            "shown": [metric_json(each) for each in rated],
        },
    }
