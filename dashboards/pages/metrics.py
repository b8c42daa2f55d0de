"""All metrics, as cards or as a table: filtered with counts, sorted, sixty a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import ngettext

from dashboards.charts.printable import Printable
from dashboards.filters import OF_EVERY_LIST, known_alone, one_of, page_number, words_asked
from dashboards.pages import words
from dashboards.pages.cards import RatedMetric, metric_cards, metric_json
from dashboards.pages.chrome import build_chrome, public_plans
from dashboards.pages.elements import (
    EmptyState,
    FilterForm,
    Hidden,
    LegendEntry,
    Link,
    MetricCard,
    Pager,
    Table,
)
from dashboards.pages.layout import Chrome
from dashboards.pages.library import Library, library
from dashboards.pages.metrics_form import filter_fields, filters_in_use
from dashboards.pages.metrics_table import metrics_table
from dashboards.pages.paging import pager, pages_of
from dashboards.searching import fold
from dashboards.visit import Visit
from priorities.assessment.rollup import MetricRollup, rollup_metrics
from priorities.enums import MetricState
from priorities.labels import label
from priorities.saying import gettext as _

PAGE_SIZE = 60


class Sort(StrEnum):
    """In which order metrics are listed."""

    OWN = "own"
    STATUS = "status"
    NAME = "name"
    NEWEST = "newest"


#: What needs attention first.
URGENCY = (
    MetricState.OFF_TARGET,
    MetricState.NEAR_TARGET,
    MetricState.OVERDUE,
    MetricState.NO_DATA,
    MetricState.ON_TARGET,
    MetricState.NO_TARGET,
)
SORT_KEYS: Mapping[Sort, Callable[[RatedMetric], Any]] = {
    Sort.OWN: lambda each: 0,
    Sort.STATUS: lambda each: URGENCY.index(each.standing.state),
    Sort.NAME: lambda each: fold(each.metric["name"]),
    Sort.NEWEST: lambda each: -(each.newest.end.toordinal() if each.newest else 0),
}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: chosen facet values, words to search, an order, a view, a page from 1."""

    chosen: Mapping[str, str]
    text: str
    sort: Sort
    view: str
    page: int

    @property
    def is_open(self) -> bool:
        """Is nothing filtered?"""
        return not self.chosen and not self.text

    def query(self, **other: str) -> dict[str, str]:
        """The question as it stands in an address, some answers exchanged, without its page."""
        own = {
            "q": self.text,
            **self.chosen,
            "sort": "" if self.sort == Sort.OWN else self.sort.value,
            "view": self.view,
        }
        return {name: value for name, value in (own | other).items() if value}


@dataclass(frozen=True, slots=True)
class MetricsPage(Printable):
    """Every string of the list of metrics."""

    chrome: Chrome
    title: str
    lead: str
    rest: str
    legend: tuple[LegendEntry, ...]
    legend_label: str
    form: FilterForm
    found: str
    views: tuple[Link, ...]
    views_label: str
    cards: tuple[MetricCard, ...]
    table: Table | None
    empty: EmptyState | None
    pager: Pager
    data: dict[str, Any]

    def public_json(self) -> dict[str, Any]:
        """The list in raw values."""
        return self.data


def build_metrics_page(*, visit: Visit) -> MetricsPage:
    """The metrics that the address asks for, as known on a date.

    Queries: three beside the revision, whatever the size; none once remembered.
    Errors: ``BadQuestion`` for a filter or a value that does not exist, ``PageNotFound`` for a
    page beyond the end.
    """
    shelf = library(visit)
    question = ask_metrics(visit, shelf)
    rated, facets, chosen = answered(visit, shelf, question)
    pages = pages_of(len(chosen), PAGE_SIZE, question.page)
    shown = chosen[(question.page - 1) * PAGE_SIZE : question.page * PAGE_SIZE]
    counts = rollup_metrics(each.standing.state for each in rated)
    lead, rest = headline(counts, late=sum(bool(each.standing.days_overdue) for each in rated))
    url = visit.link("metrics").partition("?")[0]
    as_table = question.view == "table"
    return MetricsPage(
        chrome=build_chrome(
            visit=visit,
            found=shelf.found,
            title=_("Metrics"),
            description=f"{lead}{rest}",
            current="metrics",
            index=question.is_open,
            asks=(*question.query(), "page"),
        ),
        title=_("Metrics"),
        lead=lead,
        rest=rest,
        legend=_legend(visit, counts, url),
        legend_label=_("Metrics by status"),
        form=_form(visit, shelf, question, facets, url),
        found=metrics_found(question, len(chosen), len(rated)),
        views=(
            Link(_("Cards"), visit.carry(url, query=question.query(view="")), not as_table),
            Link(_("Table"), visit.carry(url, query=question.query(view="table")), as_table),
        ),
        views_label=_("View"),
        cards=() if as_table else metric_cards(visit, shelf.found, shown),
        table=metrics_table(visit, shelf.found, shown) if as_table and shown else None,
        empty=_empty(visit, shelf, url) if not shown else None,
        pager=pager(
            visit,
            url,
            question.query(),
            at=question.page,
            pages=pages,
            total=len(chosen),
            size=PAGE_SIZE,
        ),
        data=_json(shelf, question, facets, chosen, shown, pages, counts),
    )


def answered(
    visit: Visit, shelf: Library, question: Question
) -> tuple[list[RatedMetric], dict[str, dict[str, int]], list[RatedMetric]]:
    """All metrics of the question, the counts beside its choices, and those that it leaves."""
    rated = [each for each in shelf.rated if not _is_retired(visit, each)]
    if question.chosen.get("retired"):
        rated = list(shelf.rated)
    facets, chosen = _select(shelf, rated, question)
    chosen.sort(key=SORT_KEYS[question.sort])
    return rated, facets, chosen


def sort_words() -> dict[str, str]:
    """What the orders are called, as they stand in an address."""
    return {
        "": _("As in the plan"),
        Sort.STATUS.value: _("Trouble first"),
        Sort.NAME.value: _("By name"),
        Sort.NEWEST.value: _("Newest value first"),
    }


def headline(counts: MetricRollup, *, late: int = 0) -> tuple[str, str]:
    """The first sentence: "9 of 14 rated metrics are on target", and the rest of it.

    ``late``: how many lack their newest value, whatever else they show.
    """
    told = {state: words.count(n) for state, n in counts.counts.items()}
    if not counts.total:
        return _("No metrics have been published yet."), ""
    beside = []
    if counts.counts[MetricState.OVERDUE]:
        beside.append(_("%(n)s overdue") % {"n": told[MetricState.OVERDUE]})
    if counts.counts[MetricState.NO_TARGET]:
        beside.append(_("%(n)s without a target") % {"n": told[MetricState.NO_TARGET]})
    if counts.counts[MetricState.NO_DATA]:
        beside.append(_("%(n)s without a value") % {"n": told[MetricState.NO_DATA]})
    rest = _(" Not rated: %(clauses)s.") % {"clauses": words.joined(beside)} if beside else ""
    if late > counts.counts[MetricState.OVERDUE]:
        said = ngettext(
            "%(n)s metric in all lacks its newest value.",
            "%(n)s metrics in all lack their newest value.",
            late,
        )
        rest = f"{rest} {said % {'n': words.count(late)}}"
    if not counts.of:
        return _("None of %(metrics)s can be held against a target now.") % {
            "metrics": words.metrics_counted(counts.total)
        }, rest
    lead = _("%(n)s of %(of)s rated metrics on target") % {
        "n": told[MetricState.ON_TARGET],
        "of": words.count(counts.of),
    }
    trouble = _(", %(near)s near and %(off)s off target.") % {
        "near": told[MetricState.NEAR_TARGET],
        "off": told[MetricState.OFF_TARGET],
    }
    return lead, f"{trouble}{rest}"


def _is_retired(visit: Visit, rated: RatedMetric) -> bool:
    retired = rated.metric["retired_on"]
    return retired is not None and retired <= visit.as_of.day


def _facet_values(shelf: Library, rated: RatedMetric) -> dict[str, Iterable[str]]:
    """For each facet the values that a metric has."""
    metric = rated.metric
    informed = shelf.informed[metric["code"]]
    return {
        "status": (rated.standing.state.value,),
        "plan": {code.partition("/")[0] for code in informed},
        "priority": informed,
        "division": (metric["lead_division"],) if metric["lead_division"] else (),
        "headline": ("1",) if metric["headline"] else (),
    }


def ask_metrics(visit: Visit, shelf: Library, *, also: Sequence[str] = ()) -> Question:
    """The question in the address; what does not exist is refused.

    ``also``: what else the page is asked.
    """
    allowed: dict[str, Sequence[str]] = {
        "status": [state.value for state in MetricState],
        "plan": [plan["code"] for plan in public_plans(shelf.found)],
        "priority": list(shelf.found["priority"]),
        "division": list(shelf.found["division"]),
        "headline": ["1"],
        "retired": ["1"],
    }
    query = visit.query
    known_alone(query, [*allowed, *OF_EVERY_LIST, "view", *also])
    chosen = {
        name: one_of(name, asked, values)
        for name, values in allowed.items()
        if (asked := query.get(name, "").strip())
    }
    sort, view = query.get("sort", "").strip(), query.get("view", "").strip()
    return Question(
        chosen=chosen,
        text=words_asked(query),
        sort=Sort(one_of("sort", sort, [each.value for each in Sort])) if sort else Sort.OWN,
        view="table" if view and one_of("view", view, ["cards", "table"]) == "table" else "",
        page=page_number(query.get("page", "")),
    )


def _select(
    shelf: Library, rated: Sequence[RatedMetric], question: Question
) -> tuple[dict[str, dict[str, int]], list[RatedMetric]]:
    """The metrics asked for; and for each choice of a facet how many it would leave.

    A facet's counts obey all other filters.
    """
    asked = fold(question.text).split()
    facets: dict[str, dict[str, int]] = {
        name: {} for name in ("status", "plan", "priority", "division", "headline")
    }
    found: list[RatedMetric] = []
    for each in rated:
        metric = each.metric
        text = fold(f"{metric['name']}\n{metric['definition']}\n{metric['code']}")
        if not all(word in text for word in asked):
            continue
        values = _facet_values(shelf, each)
        missed = {
            name
            for name, value in question.chosen.items()
            if name in values and value not in values[name]
        }
        if not missed:
            found.append(each)
        for name, own in values.items():
            if missed <= {name}:
                for value in own:
                    facets[name][value] = facets[name].get(value, 0) + 1
    return facets, found


def _legend(visit: Visit, counts: MetricRollup, url: str) -> tuple[LegendEntry, ...]:
    """Each state that occurs, with its count, leading to its metrics."""
    return tuple(
        LegendEntry(
            state.value,
            label(state),
            words.count(counts.counts[state]),
            visit.carry(url, query={"status": state.value}),
        )
        for state in (
            MetricState.ON_TARGET,
            MetricState.NEAR_TARGET,
            MetricState.OFF_TARGET,
            MetricState.OVERDUE,
            MetricState.NO_TARGET,
            MetricState.NO_DATA,
        )
        if counts.counts[state]
    )


def _form(
    visit: Visit,
    shelf: Library,
    question: Question,
    facets: Mapping[str, Mapping[str, int]],
    url: str,
) -> FilterForm:
    """The filters, each choice with how many metrics it would leave."""
    hidden = [Hidden("as_of", visit.as_of_text)] if visit.is_past else []
    if question.view:
        hidden.append(Hidden("view", question.view))
    asked = {"q": question.text, "sort": question.query().get("sort", ""), **question.chosen}
    return FilterForm(
        action=url,
        label=_("Filter the metrics"),
        submit=_("Show"),
        fields=filter_fields(shelf.found, asked, facets, sort_words()),
        hidden=tuple(hidden),
        clear=None
        if question.is_open
        else Link(_("Clear all"), visit.carry(url, query={"view": question.view})),
        active=tuple(
            Link(text, visit.carry(url, query=question.query(**{name: ""})))
            for name, text in filters_in_use(shelf.found, question.text, question.chosen)
        ),
    )


def metrics_found(question: Question, total: int, everything: int) -> str:
    """How many metrics the question leaves."""
    if question.is_open:
        return words.metrics_counted(everything)
    return _("%(n)s of %(metrics)s") % {
        "n": words.count(total),
        "metrics": words.metrics_counted(everything),
    }


def _empty(visit: Visit, shelf: Library, url: str) -> EmptyState:
    if not shelf.rated:
        return EmptyState(_("No metrics have been published yet."))
    return EmptyState(
        _("No metric matches all of these filters."),
        _("Take one away, or search for fewer words."),
        Link(_("Show all metrics"), visit.carry(url)),
    )


def _json(
    shelf: Library,
    question: Question,
    facets: Mapping[str, Mapping[str, int]],
    chosen: Sequence[RatedMetric],
    shown: Sequence[RatedMetric],
    pages: int,
    counts: MetricRollup,
) -> dict[str, Any]:
    return {
        "filter": question.query(view=""),
        "total": len(chosen),
        "page": question.page,
        "pages": pages,
        "by_state": {state.value: n for state, n in counts.counts.items()},
        "facets": {name: dict(sorted(each.items())) for name, each in facets.items()},
        "metrics": [
            {**metric_json(each), "priorities": sorted(shelf.informed[each.metric["code"]])}
            for each in shown
        ],
    }
