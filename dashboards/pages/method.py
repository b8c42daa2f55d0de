"""How status is decided: each rule, its live constants, and examples from the plan's own data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards.charts.printable import Printable
from dashboards.pages import words
from dashboards.pages.cards import RatedMetric
from dashboards.pages.chrome import build_chrome, log_links, menu_plan
from dashboards.pages.elements import Cell, Column, Link, Table
from dashboards.pages.layout import Chrome
from dashboards.pages.library import Library, library
from dashboards.pages.method_numbers import (
    attainment_section,
    forecast_section,
    rollup_section,
)
from dashboards.pages.method_parts import (
    Example,
    Section,
    facts_section,
    freshness_section,
    history_section,
    initiatives_section,
    metrics_section,
    provenance_section,
)
from dashboards.pages.raw import raw
from dashboards.pages.reading import Reading, fiscal_start_month, read_plan
from dashboards.pages.reasons import ReasonLine, reason_lines
from dashboards.pages.standing_words import why
from dashboards.pages.words import Unit
from dashboards.visit import Visit
from priorities.assessment.forecast import (
    BACKTESTED_PERIODS,
    LEVEL,
    NEEDED_PERIODS,
    USED_PERIODS,
    Backtest,
    Forecast,
    ForecastMissing,
    backtest,
    comparable_run,
)
from priorities.assessment.freshness import DEFAULT_GRACE_DAYS
from priorities.assessment.metric_status import TOLERANCE_SHARE
from priorities.assessment.rollup import SET_ASIDE, Rollup
from priorities.enums import InitiativeState, MetricState
from priorities.queries.metric_facts import metric_facts
from priorities.saying import gettext as _


@dataclass(frozen=True, slots=True)
class MethodPage(Printable):
    """Every string of the method page."""

    chrome: Chrome
    title: str
    lede: str
    contents: tuple[Link, ...]
    contents_label: str
    sections: tuple[Section, ...]
    data: dict[str, Any]

    def public_json(self) -> dict[str, Any]:
        """The constants and the examples in raw values."""
        return self.data


@dataclass(frozen=True, slots=True)
class _Foreseen:
    """The metric that the forecast is shown on."""

    rated: RatedMetric | None = None
    outlook: Forecast | ForecastMissing | None = None
    held: Backtest | None = None


def build_method_page(*, visit: Visit) -> MethodPage:
    """The rules, with examples rated by the same code on the plan that the menu leads to.

    Queries: at most nine beside the revision (the metrics and the plan, three each, and the facts
    of the metric that is forecast); three once remembered.
    """
    shelf = library(visit)
    document = menu_plan(shelf.found, visit.as_of.day)
    plan = read_plan(visit, document["code"]) if document is not None else None
    rated = _of_plan(shelf, plan)
    foreseen = _foreseen(visit, rated)
    newest = visit.revision if not visit.is_past else 0
    sections = (
        facts_section(),
        metrics_section(_metric_examples(visit, shelf, rated)),
        initiatives_section(_initiative_examples(visit, plan)),
        freshness_section(
            _due_dates(plan), plan.plan["grace_days"] if plan else None, _coverage(plan)
        ),
        rollup_section(
            _plan_link(visit, plan),
            plan.snapshot.counts() if plan else {},
            closed=plan is not None and plan.is_closed,
        ),
        attainment_section(*_on_the_way(visit, rated)),
        forecast_section(
            _metric_link(visit, foreseen.rated) if foreseen.rated else None,
            Unit.of(foreseen.rated.metric) if foreseen.rated else Unit(),
            foreseen.outlook,
            foreseen.held,
        ),
        provenance_section(),
        history_section(newest, log_links(visit)),
    )
    lede = _(
        "Each status on this portal follows a rule that anyone can recompute. The constants and "
        "the examples on this page come from the code that decides."
    )
    return MethodPage(
        chrome=build_chrome(
            visit=visit,
            found=shelf.found,
            title=_("How status is decided"),
            description=lede,
            plan=document,
        ),
        title=_("How status is decided"),
        lede=lede,
        contents=tuple(Link(section.title, f"#{section.id}") for section in sections),
        contents_label=_("On this page"),
        sections=sections,
        data=_json(plan, rated, foreseen),
    )


def _of_plan(shelf: Library, plan: Reading | None) -> tuple[RatedMetric, ...]:
    """The metrics that inform the plan, in their order; all where none does."""
    if plan is None:
        return shelf.rated
    head = f"{plan.code}/"
    own = tuple(
        each
        for each in shelf.rated
        if any(code.startswith(head) for code in shelf.informed[each.metric["code"]])
    )
    return own or shelf.rated


def _first_of_each(rated: Iterable[RatedMetric]) -> dict[MetricState, RatedMetric]:
    """The first metric in each status."""
    first: dict[MetricState, RatedMetric] = {}
    for each in rated:
        first.setdefault(each.standing.state, each)
    return first


def _metric_examples(
    visit: Visit, shelf: Library, rated: Sequence[RatedMetric]
) -> Iterator[Example]:
    fiscal, first = fiscal_start_month(shelf.found), _first_of_each(rated)
    for state in (
        MetricState.ON_TARGET,
        MetricState.NEAR_TARGET,
        MetricState.OFF_TARGET,
        MetricState.OVERDUE,
        MetricState.NO_TARGET,
        MetricState.NO_DATA,
    ):
        if state in first:
            each = first[state]
            lines = reason_lines(each.standing, Unit.of(each.metric), fiscal_start_month=fiscal)
            yield Example(_metric_link(visit, each), lines, words.metric_pill(each.standing))


def _metric_link(visit: Visit, rated: RatedMetric) -> Link:
    return Link(rated.metric["name"], visit.link("metric", metric=rated.metric["code"]))


def _plan_link(visit: Visit, plan: Reading | None) -> Link | None:
    if plan is None:
        return None
    return Link(plan.plan["title"], visit.link("plan", plan=plan.code))


def _initiative_examples(visit: Visit, plan: Reading | None) -> Iterator[Example]:
    """The first initiative in each state, with what decided."""
    if plan is None:
        return
    for state in InitiativeState:
        row = next((row for row in plan.snapshot.rows if row.state == state), None)
        if row is not None:
            yield Example(
                Link(row.name, visit.link("initiative", plan=plan.code, initiative=row.code)),
                tuple(ReasonLine(text) for text in why(row.standing, row.freshness)),
                words.initiative_pill(row.standing),
            )


def _due_dates(plan: Reading | None) -> Table | None:
    """The reporting periods of the plan with their real due dates."""
    if plan is None:
        return None
    periods = sorted(
        (each for each in plan.found["reporting_period"].values() if each["plan"] == plan.code),
        key=lambda each: (each["end"], each["calendar"]),
    )
    day, fiscal = plan.judged_on, fiscal_start_month(plan.found)
    return Table(
        caption=_("Reporting periods of %(plan)s") % {"plan": plan.plan["title"]},
        caption_visible=True,
        columns=(
            Column(_("Period")),
            Column(_("Ends")),
            Column(_("Report due")),
            Column(_("On %(day)s") % {"day": words.day(day)}),
        ),
        rows=tuple(
            (
                Cell(
                    words.period(each["start"], each["end"], fiscal_start_month=fiscal), head=True
                ),
                Cell(words.day(each["end"])),
                Cell(words.day(each["due_on"])),
                Cell(_when(each, day)),
            )
            for each in periods
        ),
        empty=_("No reporting periods have been laid out."),
    )


def _when(period: Any, day: Any) -> str:
    """Where a period is on a day."""
    if day > period["due_on"]:
        return _("due date past")
    if day > period["end"]:
        return _("ended; reports are coming in")
    return _("running") if day >= period["start"] else _("ahead")


def _coverage(plan: Reading | None) -> str:
    """How many initiatives are fresh on the day."""
    if plan is None:
        return ""
    counts = plan.snapshot.counts()
    found = Rollup({state: counts.get(state, 0) for state in InitiativeState})
    if not found.of:
        return ""
    return _("In %(plan)s %(n)s of %(of)s initiatives are reported on %(day)s.") % {
        "plan": plan.plan["title"],
        "n": words.count(found.reported),
        "of": words.count(found.of),
        "day": words.day(plan.judged_on),
    }


def _on_the_way(
    visit: Visit, rated: Iterable[RatedMetric]
) -> tuple[Link | None, RatedMetric | None]:
    """The first metric that has a baseline, and a target apart from it."""
    for each in rated:
        standing = each.standing
        if (
            standing.baseline is not None
            and standing.expected is not None
            and standing.expected.target_value not in (None, standing.baseline.value)
            and standing.value is not None
        ):
            return _metric_link(visit, each), each
    return None, None


def _foreseen(visit: Visit, rated: Iterable[RatedMetric]) -> _Foreseen:
    """The first metric that is long enough to be forecast. Queries: three, or none."""
    for each in rated:
        run, _gap = comparable_run(figure.observed() for figure in each.facts.figures)
        if len(run) > NEEDED_PERIODS:
            facts = metric_facts(each.metric["pk"], as_of=visit.as_of)
            return _Foreseen(each, facts.outlook(each.metric), backtest(facts.observed()))
    return _Foreseen()


def _json(
    plan: Reading | None, rated: Sequence[RatedMetric], foreseen: _Foreseen
) -> dict[str, Any]:
    outlook, held = foreseen.outlook, foreseen.held
    return {
        "plan": plan.code if plan else None,
        "constants": {
            "tolerance_share": raw(TOLERANCE_SHARE),
            "default_grace_days": DEFAULT_GRACE_DAYS,
            "grace_days": plan.plan["grace_days"] if plan else None,
            "set_aside": [state.value for state in SET_ASIDE],
            "forecast": {
                "needed_periods": NEEDED_PERIODS,
                "used_periods": USED_PERIODS,
                "backtested_periods": BACKTESTED_PERIODS,
                "level": raw(LEVEL),
            },
        },
        "examples": {
            "metrics": {
                state.value: each.metric["code"] for state, each in _first_of_each(rated).items()
            },
            "forecast": {
                "metric": foreseen.rated.metric["code"],
                "value": raw(outlook.value) if isinstance(outlook, Forecast) else None,
                "low": raw(outlook.low) if isinstance(outlook, Forecast) else None,
                "high": raw(outlook.high) if isinstance(outlook, Forecast) else None,
                "chance": raw(outlook.chance) if isinstance(outlook, Forecast) else None,
                "held": held.held if held else None,
                "tried": held.tried if held else None,
            }
            if foreseen.rated
            else None,
        },
    }
