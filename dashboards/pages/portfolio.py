"""The plan at a glance, for who oversees it: counts, coverage, what is late, what moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import ngettext

from dashboards.charts.bars import StackedBar
from dashboards.charts.printable import Printable
from dashboards.filters import FACETS, SORT_KEYS, Sort
from dashboards.pages import words
from dashboards.pages.brief_span import usual_start
from dashboards.pages.cards import RatedMetric
from dashboards.pages.chrome import build_chrome
from dashboards.pages.disagreements import disagreements_of
from dashboards.pages.elements import (
    Cell,
    Column,
    Fact,
    FilterForm,
    LegendEntry,
    Link,
    Table,
)
from dashboards.pages.headline import Headline, headline
from dashboards.pages.layout import Chrome
from dashboards.pages.library import library
from dashboards.pages.meetings import last_meeting
from dashboards.pages.metrics_table import metrics_table
from dashboards.pages.plan_facts import facts_of
from dashboards.pages.portfolio_counts import CountTable, count_tables
from dashboards.pages.portfolio_fields import marked
from dashboards.pages.portfolio_moves import moves_table
from dashboards.pages.portfolio_plan import chosen_plan, plan_form
from dashboards.pages.portfolio_trend import trend_table
from dashboards.pages.portfolio_trouble import trouble_table
from dashboards.pages.portfolio_ways import Ways
from dashboards.pages.reading import Reading
from dashboards.pages.rows import report_cell, state_cell
from dashboards.pages.scope import scope_of
from dashboards.pages.states import state_bar, state_legend
from dashboards.visit import Visit
from priorities.queries.portfolio import owners, waiting
from priorities.queries.publication import informs_plan
from priorities.queries.questions import all_questions, tally
from priorities.queries.standing import InitiativeRow
from priorities.saying import gettext as _

#: As many initiatives in trouble, late ones and moved dates as the page shows.
MOST_ROWS = 10
#: As many late metrics: mostly they are equally late.
MOST_METRICS = 5


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
    brief: Link
    trouble: Table
    trouble_all: Link | None
    late: Table
    late_all: Link | None
    late_metrics: Table
    late_metrics_all: Link | None
    moved: Table
    moved_note: str
    counts: tuple[CountTable, ...]
    trend: CountTable | None


def build_portfolio_page(*, visit: Visit, ways: Ways) -> PortfolioPage:
    """The plan that the address asks for, or the one in force, as of the visit's moment.

    Queries: fourteen and those of the trend (``trend_table``), whatever the size of the plan.
    Errors: ``NothingPublic`` when no plan was public then, ``PageNotFound`` for one that was not.
    """
    plan = chosen_plan(visit)
    owned = owners(plan.code, visit.as_of)
    counts = plan.snapshot.counts()
    moved, moved_note = moves_table(plan, MOST_ROWS)
    trouble, trouble_all = trouble_table(plan, owned, MOST_ROWS, ways.table)
    late, silent = late_rows(plan), _silent(plan)
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
        facts=_facts(plan, owned, ways),
        brief=_brief(plan),
        trouble=trouble,
        trouble_all=trouble_all,
        late=_late(plan, late[:MOST_ROWS], owned),
        late_all=_all_late(plan, len(late), ways),
        late_metrics=_late_metrics(visit, silent[:MOST_METRICS]),
        late_metrics_all=_all_late_metrics(plan, len(silent)),
        moved=moved,
        moved_note=moved_note,
        counts=count_tables(plan, owned, ways.table),
        trend=trend_table(plan, ways.overview),
    )


def _facts(plan: Reading, owned: Mapping[int, str], ways: Ways) -> tuple[Fact, ...]:
    """Who has reported, who owns, what is asked, where voices differ, what is not public yet."""
    live = [row for row in plan.snapshot.rows if row.standing.closed_on is None]
    having = sum(row.pk in owned for row in live)
    open_ones = _("%(n)s of %(initiatives)s") % {
        "n": words.count(having),
        "initiatives": words.initiatives_counted(len(live)),
    }
    facts = [
        Fact(_("With an owner who accepted"), open_ones, detail=_("of those not closed")),
        _disagreements(plan, ways),
    ]
    if not plan.visit.is_past:
        facts.append(_questions(plan, ways))
        n = waiting(plan.code)
        said = ngettext("%(n)s update", "%(n)s updates", n) % {"n": words.count(n)}
        facts.append(
            Fact(_("Submitted, not public yet"), said, detail=_("not counted on this page"))
        )
    return (*facts_of(plan), *facts)


def _disagreements(plan: Reading, ways: Ways) -> Fact:
    """On how many items owner, numbers and reviewers differ."""
    n = disagreements_of(plan)
    said = ngettext("On %(n)s item", "On %(n)s items", n) % {"n": words.count(n)}
    url = plan.visit.carry(ways.disagreements, query={"plan": plan.code})
    return Fact(_("Disagreements"), said, url, detail=_("of owner, numbers and reviewers"))


def _questions(plan: Reading, ways: Ways) -> Fact:
    """How many questions wait for their answer, in all plans, and how many are late."""
    visit = plan.visit
    found = tally("", all_questions(on=visit.as_of.day, tz=visit.tz))
    said = ngettext("%(n)s question", "%(n)s questions", found.waiting)
    late = _("%(n)s late, in all plans") % {"n": words.count(found.late_now)}
    said = said % {"n": words.count(found.waiting)}
    return Fact(_("Waiting for an answer"), said, ways.questions, detail=late)


def _brief(plan: Reading) -> Link:
    """The way to what happened since the last meeting; without one since the last period's end."""
    day = plan.visit.as_of.day
    since = usual_start(plan, day)
    said = _("Brief since %(day)s")
    if last_meeting(plan.found, plan.code, day) is not None:
        said = _("Brief since the last meeting, %(day)s")
    query = {"from": since.isoformat()}
    return Link(
        said % {"day": words.day(since)}, plan.visit.link("brief", plan=plan.code, query=query)
    )


# ── What is late ─────────────────────────────────────────────────────────────────────────────


def late_rows(plan: Reading) -> list[InitiativeRow]:
    """The initiatives whose report is overdue, the longest first."""
    snapshot = plan.snapshot
    late = snapshot.facet("overdue", FACETS["overdue"]).get("1", 0)
    order = snapshot.order(Sort.OVERDUE, SORT_KEYS[Sort.OVERDUE])
    return snapshot.page(late, order, 0, len(snapshot.rows))


def _late(plan: Reading, rows: Sequence[InitiativeRow], owned: Mapping[int, str]) -> Table:
    """Who is overdue, by how long, and what was said last."""
    columns = (_("Initiative"), _("Status"), _("Owner"), _("Lead division"), _("Newest report"))
    table = Table(
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
    return marked(plan.visit, table, [row.provenance for row in rows])


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
    query = {"plan": plan.code, "overdue": "1", "sort": Sort.OVERDUE.value}
    return Link(label, plan.visit.carry(ways.table, query=query))


def _silent(plan: Reading) -> list[RatedMetric]:
    """The metrics that inform the plan and lack their newest value, the longest first."""
    rated = library(plan.visit).rated
    late = [
        each
        for each in rated
        if each.standing.days_overdue > 0 and informs_plan(each.metric, plan.code)
    ]
    return sorted(late, key=lambda each: -each.standing.days_overdue)


def _late_metrics(visit: Visit, rated: Sequence[RatedMetric]) -> Table:
    """The same in a table, with how late each is: a status of its own may say something else."""
    table = metrics_table(visit, library(visit).found, rated)
    late = [words.counted_days(each.standing.days_overdue) for each in rated]
    return replace(
        table,
        caption=_("Metrics without their newest value"),
        columns=(*table.columns, Column(_("Late by"), numeric=True)),
        rows=tuple(
            (*row, Cell(days, numeric=True)) for row, days in zip(table.rows, late, strict=True)
        ),
        empty=_("No value is overdue."),
    )


def _all_late_metrics(plan: Reading, total: int) -> Link | None:
    """The way to the others, when the page does not show all of them."""
    if total <= MOST_METRICS:
        return None
    label = _("%(shown)s of %(n)s; all metrics") % {
        "shown": words.count(MOST_METRICS),
        "n": words.count(total),
    }
    return Link(label, plan.visit.link("metrics", query={"plan": plan.code}))
