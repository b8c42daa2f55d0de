"""The table of everything: filtered as the public list is, with columns to choose, and a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from django.http import QueryDict

from dashboards.charts.printable import Printable
from dashboards.filters import Question, Selection, ask, listed, select
from dashboards.pages import words
from dashboards.pages.chrome import build_chrome
from dashboards.pages.elements import (
    Cell,
    Column,
    EmptyState,
    FilterForm,
    Hidden,
    Link,
    Option,
    Pager,
    Table,
)
from dashboards.pages.initiatives import (
    allowed_values,
    found_words,
    order_words,
    question_form,
    said,
)
from dashboards.pages.layout import Chrome
from dashboards.pages.paging import pager, pages_of
from dashboards.pages.portfolio_columns import (
    DEFAULT,
    Facts,
    facts_of,
    fields,
    of_files,
    state_meanings,
)
from dashboards.pages.portfolio_fields import (
    ASKED,
    NOTHING,
    Fields,
    Value,
    carried,
    chosen_fields,
    marked,
    options,
)
from dashboards.pages.portfolio_plan import chosen_plan, plan_form
from dashboards.pages.portfolio_ways import Ways
from dashboards.pages.reading import Reading
from dashboards.visit import Visit
from priorities.labels import label
from priorities.queries.standing import InitiativeRow
from priorities.saying import gettext as _

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class PortfolioTablePage(Printable):
    """Every string of a table. A saved view keeps ``of``, its page, and ``query``."""

    chrome: Chrome
    eyebrow: str
    title: str
    kinds: tuple[Link, ...]
    plans: FilterForm | None
    form: FilterForm
    columns: tuple[Option, ...]
    columns_hidden: tuple[Hidden, ...]
    columns_usual: Link | None
    action: str
    found: str
    known: str
    downloads: tuple[Link, ...]
    table: Table
    empty: EmptyState | None
    pager: Pager
    of: str
    query: str


@dataclass(frozen=True, slots=True)
class Export:
    """What is on the screen, for a file: typed cells, and a sheet that says what it is."""

    name: str
    title: str
    headers: tuple[str, ...]
    rows: Iterator[list[Value]]
    about: tuple[tuple[str, str], ...]
    guide_name: str


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the address asks for, and the answer."""

    plan: Reading
    question: Question
    selection: Selection
    fields: Fields

    @property
    def also(self) -> dict[str, str]:
        """What the address carries besides the filters."""
        return {"plan": self.plan.code} | carried(self.fields, DEFAULT)

    @property
    def query(self) -> dict[str, str]:
        """The whole question, without its page."""
        return self.also | self.question.query()


def _asked(visit: Visit) -> _Asked:
    plan = chosen_plan(visit)
    question = ask(visit.query, allowed_values(plan), also=("plan", ASKED))
    return _Asked(
        plan, question, select(plan.snapshot, question), chosen_fields(visit, fields(), DEFAULT)
    )


def build_portfolio_table(*, visit: Visit, ways: Ways) -> PortfolioTablePage:
    """Fifty rows of what the address asks for.

    Queries: six, and two more when the address names no plan, whatever the size.
    Errors: ``BadQuestion`` for a filter or a column that does not exist, ``PageNotFound`` for a
    page beyond the end.
    """
    asked = _asked(visit)
    plan, question, total = asked.plan, asked.question, asked.selection.total
    pages = pages_of(total, PAGE_SIZE, question.page)
    rows = listed(plan.snapshot, asked.selection, question, PAGE_SIZE)
    url = ways.table
    return PortfolioTablePage(
        chrome=build_chrome(
            visit=visit,
            found=plan.found,
            title=_("Table: %(plan)s") % {"plan": plan.plan["title"]},
            plan=plan.plan,
        ),
        eyebrow=plan.plan["title"],
        title=_("Table of all initiatives"),
        kinds=(Link(_("Initiatives"), "", True), Link(_("Metrics"), visit.carry(ways.metrics))),
        plans=plan_form(plan, url, carried(asked.fields, DEFAULT)),
        form=question_form(plan, question, asked.selection, url, asked.also),
        columns=options(asked.fields, fields()),
        columns_hidden=hidden(visit, {"plan": plan.code} | question.query()),
        columns_usual=_usual(asked, url),
        action=url,
        found=found_words(question, total, len(plan.snapshot.rows)),
        known=known_on(visit),
        downloads=downloads(visit, url, asked.query),
        table=with_asking(
            _table(facts_of(plan), asked.fields, rows),
            ways,
            "initiative",
            {row.pk: {"plan": plan.code, "initiative": row.code} for row in rows},
        ),
        empty=_empty(asked, url) if not rows else None,
        pager=pager(
            visit, url, asked.query, at=question.page, pages=pages, total=total, size=PAGE_SIZE
        ),
        of="table",
        query=question_kept(asked.query),
    )


def build_portfolio_export(*, visit: Visit, address: str) -> Export:
    """All rows of the same question in the same order and columns. Queries: as for the page.

    ``address``: where the portal stands, so that the file can say where it came from.
    """
    asked = _asked(visit)
    facts, chosen = facts_of(asked.plan), of_files(asked.fields)
    snapshot = asked.plan.snapshot
    everything = max(len(snapshot.rows), 1)
    rows = listed(snapshot, asked.selection, replace(asked.question, page=1), everything)
    day = visit.as_of.day.isoformat()
    return Export(
        name=f"{asked.plan.code}-initiatives-{day}",
        title=_("Initiatives"),
        headers=tuple(field.head for field in chosen),
        rows=([field.value(facts, row) for field in chosen] for row in rows),
        about=_about(asked, address),
        guide_name=_("About this table"),
    )


def _table(facts: Facts, chosen: Fields, rows: list[InitiativeRow]) -> Table:
    table = Table(
        caption=_("Initiatives"),
        columns=tuple(Column(field.head, field.numeric) for field in chosen),
        rows=tuple(tuple(field.shown(facts, row) for field in chosen) for row in rows),
    )
    return marked(facts.plan.visit, table, [row.provenance for row in rows])


def with_asking(
    table: Table, ways: Ways, kind: str, items: Mapping[int, Mapping[str, str]]
) -> Table:
    """A table with the ways to ask about the item of each row, and to rate what is not one's own.

    ``items``: the codes of each, as its address names them, by its key. On the screen alone: they
    are no facts, so they stand in no file.
    """
    others = ways.may_rate(kind, items.keys())
    asking = (
        (
            Cell(_("Ask"), ways.ask(kind, **codes)),
            Cell(_("Rate"), ways.rate(kind, **codes)) if pk in others else Cell(NOTHING),
        )
        for pk, codes in items.items()
    )
    return replace(
        table,
        columns=(*table.columns, Column(_("Ask")), Column(_("Rate"))),
        rows=tuple((*row, *cells) for row, cells in zip(table.rows, asking, strict=True)),
    )


def hidden(visit: Visit, query: Mapping[str, str]) -> tuple[Hidden, ...]:
    """What the form of the columns carries along."""
    asked = dict(query) | ({"as_of": visit.as_of_text} if visit.is_past else {})
    return tuple(Hidden(name, value) for name, value in asked.items())


def _usual(asked: _Asked, url: str) -> Link | None:
    """The way back to the usual columns."""
    if not carried(asked.fields, DEFAULT):
        return None
    query = {"plan": asked.plan.code} | asked.question.query()
    return Link(_("The usual columns"), asked.plan.visit.carry(url, query=query))


def downloads(visit: Visit, url: str, query: dict[str, str]) -> tuple[Link, ...]:
    """The files of what is on the screen, all of its pages."""
    stem = url.rstrip("/")
    return tuple(
        Link(name, visit.carry(f"{stem}.{ending}", query=query))
        for name, ending in ((_("CSV"), "csv"), (_("Excel (XLSX)"), "xlsx"))
    )


def _empty(asked: _Asked, url: str) -> EmptyState:
    if not asked.plan.snapshot.rows:
        return EmptyState(_("No initiatives have been published yet."))
    return EmptyState(
        _("No initiative matches all of these filters."),
        _("Take one away, or search for fewer words."),
        Link(_("Show all initiatives"), asked.plan.visit.carry(url, query=asked.also)),
    )


def question_kept(query: Mapping[str, str]) -> str:
    """The question as a saved view keeps it: without a date, so that it always shows today."""
    kept = QueryDict(mutable=True)
    kept.update(query)
    return kept.urlencode()


# ── What a file says about itself ────────────────────────────────────────────────────────────


def known_on(visit: Visit) -> str:
    """As known when, to the minute."""
    return _("As known on %(moment)s") % {"moment": when_asked(visit)}


def when_asked(visit: Visit) -> str:
    """The moment that a table speaks from, to the minute."""
    return words.moment(visit.as_of.moment, visit.tz)


def moment_asked(visit: Visit) -> dict[str, str]:
    """The same as an address carries it, so that the table can be had again."""
    now = visit.as_of.moment.astimezone(visit.tz).isoformat("T", "seconds")
    return {"as_of": visit.as_of_text or now}


def _about(asked: _Asked, address: str) -> tuple[tuple[str, str], ...]:
    """Which rows these are, as known when, and what each column and each status means."""
    plan, question = asked.plan, asked.question
    visit = plan.visit
    filters = "; ".join(text for _name, text in said(plan, question)) or _("none: everything")
    query = asked.query | moment_asked(visit)
    page = f"{address}{visit.path.rpartition('.')[0]}/"
    return (
        (_("Plan"), plan.plan["title"]),
        (_("Filter"), filters),
        (_("Order"), order_words(question.sort)),
        (_("Rows"), found_words(question, asked.selection.total, len(plan.snapshot.rows))),
        (_("As known on"), when_asked(visit)),
        (_("This very table"), f"{page}?{question_kept(query)}"),
        (_("How status is decided"), f"{address}{visit.link('method')}"),
        (_("What is counted"), _("Public items only. Nothing internal is among the rows; owners "
                                 "and reviewers' ratings are for staff and reviewers.")),
        ("", ""),
        (_("Column"), _("What it means")),
        *((field.head, field.meaning) for field in of_files(asked.fields)),
        ("", ""),
        (_("Status"), _("What it means")),
        *((label(state), meaning) for state, meaning in state_meanings().items()),
    )  # fmt: skip
