"""The plan at a glance, for who oversees it: counts, coverage, what is late, what moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import ngettext

from dashboards.charts.bars import StackedBar
from dashboards.charts.printable import Printable
from dashboards.filters import FACETS, SORT_KEYS, Sort
from dashboards.pages import words
from dashboards.pages.chrome import build_chrome, current_plans, public_plans
from dashboards.pages.elements import (
    Cell,
    Column,
    Fact,
    FilterField,
    FilterForm,
    Hidden,
    LegendEntry,
    Link,
    Option,
    Table,
)
from dashboards.pages.headline import Headline, headline
from dashboards.pages.layout import Chrome
from dashboards.pages.plan_facts import facts_of
from dashboards.pages.portal import read_portal
from dashboards.pages.portfolio_counts import CountTable, count_tables
from dashboards.pages.portfolio_moves import moves_table
from dashboards.pages.portfolio_trend import trend_table
from dashboards.pages.portfolio_ways import Ways
from dashboards.pages.reading import Reading, read_plan
from dashboards.pages.rows import report_cell, state_cell
from dashboards.pages.scope import scope_of
from dashboards.pages.states import state_bar, state_legend
from dashboards.visit import PageNotFound, Visit
from priorities.queries.portfolio import owners, waiting
from priorities.queries.standing import InitiativeRow
from priorities.saying import gettext as _

#: As many late initiatives and moved dates as the page shows.
MOST_ROWS = 10


@dataclass(frozen=True, slots=True)
class PortfolioPage(Printable):
    """Every string of the overview. ``counts``: by priority, then by division."""

    chrome: Chrome
    eyebrow: str
    headline: Headline
    scope: str
    plans: FilterForm | None
    bar: StackedBar
    legend: tuple[LegendEntry, ...]
    legend_label: str
    facts: tuple[Fact, ...]
    late: Table
    late_all: Link | None
    moved: Table
    moved_note: str
    counts: tuple[CountTable, ...]
    trend: CountTable | None


def build_portfolio_page(*, visit: Visit, ways: Ways) -> PortfolioPage:
    """The plan that the address asks for, or the one in force, as of the visit's moment.

    Queries: eight and those of the trend (``trend_table``), whatever the size of the plan.
    Errors: ``PageNotFound`` when no plan was public then.
    """
    plan = chosen_plan(visit)
    owned = owners(plan.code, visit.as_of)
    counts = plan.snapshot.counts()
    moved, moved_note = moves_table(plan, MOST_ROWS)
    late = late_rows(plan)
    return PortfolioPage(
        chrome=build_chrome(
            visit=visit,
            found=plan.found,
            title=_("Review: %(plan)s") % {"plan": plan.plan["title"]},
            plan=plan.plan,
        ),
        eyebrow=plan.plan["title"],
        headline=headline(counts, closed=plan.is_closed),
        scope=scope_of(plan).words,
        plans=plan_form(plan, ways.overview),
        bar=state_bar("review-states", _("Initiatives by status"), counts),
        legend=state_legend(visit, counts, ways.table, also={"plan": plan.code}),
        legend_label=_("Initiatives by status"),
        facts=_facts(plan, owned),
        late=_late(plan, late[:MOST_ROWS], owned),
        late_all=_all_late(plan, len(late), ways),
        moved=moved,
        moved_note=moved_note,
        counts=count_tables(plan, owned, ways.table),
        trend=trend_table(plan, ways.overview),
    )


def chosen_plan(visit: Visit) -> Reading:
    """The plan in the address, else the one in force, else the newest.

    Queries: three; two more when the address names none.
    """
    code = visit.query.get("plan", "").strip()
    if not code:
        found = read_portal(visit)
        plans = [*current_plans(found, visit.as_of.day), *public_plans(found)]
        if not plans:
            raise PageNotFound(_("No plan has been published yet."))
        code = plans[0]["code"]
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


def _facts(plan: Reading, owned: Mapping[int, str]) -> tuple[Fact, ...]:
    """Who has reported, who owns, and what waits to be published."""
    live = [row for row in plan.snapshot.rows if row.standing.closed_on is None]
    having = sum(row.pk in owned for row in live)
    open_ones = _("%(n)s of %(initiatives)s") % {
        "n": words.count(having),
        "initiatives": words.initiatives_counted(len(live)),
    }
    facts = [Fact(_("With an owner who accepted"), open_ones, detail=_("of those not closed"))]
    if not plan.visit.is_past:
        n = waiting(plan.code)
        said = ngettext("%(n)s update", "%(n)s updates", n) % {"n": words.count(n)}
        facts.append(
            Fact(_("Submitted, not public yet"), said, detail=_("in no number of this page"))
        )
    return (*facts_of(plan), *facts)


# ── What is late ─────────────────────────────────────────────────────────────────────────────


def late_rows(plan: Reading) -> list[InitiativeRow]:
    """The initiatives whose report is overdue, the longest first."""
    snapshot = plan.snapshot
    late = snapshot.facet("late", FACETS["late"]).get("1", 0)
    order = snapshot.order(Sort.OVERDUE, SORT_KEYS[Sort.OVERDUE])
    return snapshot.page(late, order, 0, len(snapshot.rows))


def _late(plan: Reading, rows: Sequence[InitiativeRow], owned: Mapping[int, str]) -> Table:
    """Who is overdue, by how long, and what was said last."""
    columns = (_("Initiative"), _("Status"), _("Owner"), _("Lead division"), _("Newest report"))
    return Table(
        caption=_("Overdue reports"),
        columns=tuple(Column(label) for label in columns),
        rows=tuple(
            (
                Cell(
                    row.name,
                    plan.visit.link("initiative", plan=plan.code, initiative=row.code),
                    head=True,
                ),
                state_cell(row),
                Cell(owned.get(row.pk) or _("Nobody")),
                division_cell(plan, row),
                report_cell(plan, row),
            )
            for row in rows
        ),
        empty=_("No report is overdue."),
    )


def division_cell(plan: Reading, row: InitiativeRow) -> Cell:
    """The division that leads an initiative."""
    division = plan.division(row.lead_division)
    if division is None:
        return Cell("–")
    url = plan.visit.link("division", division=division["code"])
    return Cell(division["short_name"] or division["name"], url)


def _all_late(plan: Reading, total: int, ways: Ways) -> Link | None:
    """The way to all of them, when the page does not show them."""
    if total <= MOST_ROWS:
        return None
    label = _("All %(n)s overdue") % {"n": words.count(total)}
    query = {"plan": plan.code, "late": "1", "sort": Sort.OVERDUE.value}
    return Link(label, plan.visit.carry(ways.table, query=query))
