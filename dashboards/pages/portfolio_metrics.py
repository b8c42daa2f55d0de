"""The table of metrics for overseers: filtered as the public list is, and the same in a file."""

from __future__ import annotations

from dataclasses import dataclass

from dashboards.pages.cards import RatedMetric
from dashboards.pages.chrome import build_chrome
from dashboards.pages.elements import Column, EmptyState, FilterForm, Link, Table
from dashboards.pages.library import library
from dashboards.pages.metrics import Question, answered, ask_metrics, metrics_found, sort_words
from dashboards.pages.metrics_form import filter_fields, filters_in_use
from dashboards.pages.paging import pager, pages_of
from dashboards.pages.portfolio_fields import ASKED, Fields, carried, chosen_fields, marked, options
from dashboards.pages.portfolio_metric_columns import (
    USUAL,
    Shelf,
    metric_fields,
    of_files,
    trust_of,
)
from dashboards.pages.portfolio_table import (
    PAGE_SIZE,
    Export,
    PortfolioTablePage,
    downloads,
    hidden,
    known_on,
    moment_asked,
    question_kept,
    when_asked,
    with_asking,
)
from dashboards.pages.portfolio_ways import Ways
from dashboards.visit import Visit
from priorities.enums import MetricState
from priorities.labels import label
from priorities.saying import gettext as _


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the address asks for, and the answer."""

    shelf: Shelf
    question: Question
    fields: Fields
    facets: dict[str, dict[str, int]]
    rows: list[RatedMetric]
    everything: int

    @property
    def also(self) -> dict[str, str]:
        """What the address carries besides the filters."""
        return carried(self.fields, USUAL)

    @property
    def query(self) -> dict[str, str]:
        """The whole question, without its page."""
        return self.also | self.question.query(view="")

    def without(self, name: str) -> dict[str, str]:
        """The question with one filter less."""
        return self.also | self.question.query(**{name: "", "view": ""})


def _asked(visit: Visit) -> _Asked:
    shelf = Shelf(visit, library(visit))
    question = ask_metrics(visit, shelf.library, also=(ASKED,))
    everything, facets, rows = answered(visit, shelf.library, question)
    fields = chosen_fields(visit, metric_fields(), USUAL)
    return _Asked(shelf, question, fields, facets, rows, len(everything))


def build_portfolio_metrics(*, visit: Visit, ways: Ways) -> PortfolioTablePage:
    """Fifty metrics of what the address asks for.

    Queries: three, whatever the size; none once remembered.
    Errors: as for the table of initiatives.
    """
    asked = _asked(visit)
    question, total, url = asked.question, len(asked.rows), ways.metrics
    pages = pages_of(total, PAGE_SIZE, question.page)
    shown = asked.rows[(question.page - 1) * PAGE_SIZE : question.page * PAGE_SIZE]
    usual = visit.carry(url, query=question.query(view=""))
    return PortfolioTablePage(
        chrome=build_chrome(
            visit=visit, found=asked.shelf.library.found, title=_("Table of metrics")
        ),
        eyebrow="",
        title=_("Table of all metrics"),
        kinds=(Link(_("Initiatives"), visit.carry(ways.table)), Link(_("Metrics"), "", True)),
        plans=None,
        form=_form(asked, url),
        columns=options(asked.fields, metric_fields()),
        columns_hidden=hidden(visit, question.query(view="")),
        columns_usual=Link(_("The usual columns"), usual) if asked.also else None,
        action=url,
        found=metrics_found(question, total, asked.everything),
        known=known_on(visit),
        downloads=downloads(visit, url, asked.query),
        table=with_asking(
            _table(asked, shown),
            ways,
            "metric",
            {one.metric["pk"]: {"metric": one.metric["code"]} for one in shown},
        ),
        empty=_empty(asked, url) if not shown else None,
        pager=pager(
            visit, url, asked.query, at=question.page, pages=pages, total=total, size=PAGE_SIZE
        ),
        of="metrics",
        query=question_kept(asked.query),
    )


def build_metrics_export(*, visit: Visit, address: str) -> Export:
    """All metrics of the same question in the same order and columns. Queries: as for the page."""
    asked = _asked(visit)
    chosen = of_files(asked.fields)
    return Export(
        name=f"metrics-{visit.as_of.day.isoformat()}",
        title=_("Metrics"),
        headers=tuple(field.head for field in chosen),
        rows=([field.value(asked.shelf, one) for field in chosen] for one in asked.rows),
        about=_about(asked, chosen, address),
        guide_name=_("About this table"),
    )


def _form(asked: _Asked, url: str) -> FilterForm:
    """The filters, each choice with how many metrics it would leave."""
    visit, question, found = asked.shelf.visit, asked.question, asked.shelf.library.found
    said = {"q": question.text, "sort": question.query().get("sort", ""), **question.chosen}
    return FilterForm(
        action=url,
        label=_("Filter the metrics"),
        submit=_("Show"),
        fields=filter_fields(found, said, asked.facets, sort_words()),
        hidden=hidden(visit, asked.also),
        clear=None
        if question.is_open
        else Link(_("Clear all"), visit.carry(url, query=asked.also)),
        active=tuple(
            Link(
                text, visit.carry(url, query=asked.also | question.query(**{name: "", "view": ""}))
            )
            for name, text in filters_in_use(found, question.text, question.chosen)
        ),
    )


def _table(asked: _Asked, shown: list[RatedMetric]) -> Table:
    table = Table(
        caption=_("Metrics"),
        columns=tuple(Column(field.head, field.numeric) for field in asked.fields),
        rows=tuple(tuple(field.shown(asked.shelf, one) for field in asked.fields) for one in shown),
    )
    return marked(asked.shelf.visit, table, [trust_of(one) for one in shown])


def _empty(asked: _Asked, url: str) -> EmptyState:
    if not asked.everything:
        return EmptyState(_("No metrics have been published yet."))
    return EmptyState(
        _("No metric matches all of these filters."),
        _("Take one away, or search for fewer words."),
        Link(_("Show all metrics"), asked.shelf.visit.carry(url, query=asked.also)),
    )


def _about(asked: _Asked, chosen: Fields, address: str) -> tuple[tuple[str, str], ...]:
    """Which rows these are, as known when, and what each column means."""
    visit, question, found = asked.shelf.visit, asked.question, asked.shelf.library.found
    filters = [text for _n, text in filters_in_use(found, question.text, question.chosen)]
    page = f"{address}{visit.path.rpartition('.')[0]}/"
    return (
        (_("Filter"), "; ".join(filters) or _("none: everything")),
        (_("Order"), sort_words()[question.query().get("sort", "")]),
        (_("Rows"), metrics_found(question, len(asked.rows), asked.everything)),
        (_("As known on"), when_asked(visit)),
        (_("This very table"), f"{page}?{question_kept(asked.query | moment_asked(visit))}"),
        (_("How status is decided"), f"{address}{visit.link('method')}"),
        ("", ""),
        (_("Column"), _("What it means")),
        *((field.head, field.meaning) for field in chosen),
        ("", ""),
        (_("Status"), _("What it means")),
        *((label(state), meaning) for state, meaning in _meanings().items()),
    )


def _meanings() -> dict[MetricState, str]:
    """What each status means, in a sentence."""
    return {
        MetricState.ON_TARGET: _("The newest value meets what it is held against."),
        MetricState.NEAR_TARGET: _("It is short of that by the tolerance or less."),
        MetricState.OFF_TARGET: _("It is short of that by more than the tolerance."),
        MetricState.OVERDUE: _("The newest period due has no value."),
        MetricState.NO_TARGET: _("There is nothing to hold the value against."),
        MetricState.NO_DATA: _("There is no value at all."),
    }
