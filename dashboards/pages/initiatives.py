"""The list of a plan's initiatives: searched, filtered with counts, sorted, fifty a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import ngettext

from dashboards.charts.printable import Printable
from dashboards.filters import Question, Selection, Sort, ask, listed, select
from dashboards.pages import words
from dashboards.pages.chrome import build_chrome, plan_crumb
from dashboards.pages.elements import (
    EmptyState,
    FilterField,
    FilterForm,
    Hidden,
    LegendEntry,
    Link,
    Option,
    Pager,
    Table,
)
from dashboards.pages.headline import Headline, headline
from dashboards.pages.layout import Chrome
from dashboards.pages.milestones import milestone_json, ordered
from dashboards.pages.reading import Reading, read_plan
from dashboards.pages.rows import initiative_json, initiative_table
from dashboards.pages.states import ORDER, state_legend
from dashboards.searching import fold
from dashboards.visit import PageNotFound, Visit
from priorities.enums import InitiativeState
from priorities.labels import label
from priorities.models import Milestone
from priorities.queries.publication import Document, documents
from priorities.queries.standing import InitiativeRow
from priorities.saying import gettext as _

PAGE_SIZE = 50
#: A machine reads more at once: the JSON twin holds as many, with their milestones.
MACHINE_PAGE_SIZE = 2000


@dataclass(frozen=True, slots=True)
class InitiativesPage(Printable):
    """Every string of the list."""

    chrome: Chrome
    title: str
    headline: Headline
    legend: tuple[LegendEntry, ...]
    legend_label: str
    form: FilterForm
    found: str
    table: Table
    empty: EmptyState | None
    pager: Pager
    data: Callable[[], dict[str, Any]]

    def public_json(self) -> dict[str, Any]:
        """The list in raw values."""
        return self.data()


def build_initiatives_page(*, visit: Visit, plan_code: str) -> InitiativesPage:
    """The initiatives of a plan that the address asks for.

    Queries: three beside the revision, whatever the size; the one for all rows only once.
    Errors: ``BadQuestion`` for a filter or a value that does not exist, ``PageNotFound`` for a
    page beyond the end.
    """
    plan = read_plan(visit, plan_code)
    question = ask(visit.query, allowed_values(plan))
    selection = select(plan.snapshot, question)
    size = MACHINE_PAGE_SIZE if visit.twin else PAGE_SIZE
    rows = listed(plan.snapshot, selection, question, size)
    pages = max(1, -(-selection.total // size))
    if question.page > pages:
        raise PageNotFound(
            ngettext(
                "There is no page %(page)s: the list has %(pages)s page.",
                "There is no page %(page)s: the list has %(pages)s pages.",
                pages,
            )
            % {"page": question.page, "pages": pages}
        )
    counts = plan.snapshot.counts()
    url = visit.link("initiatives", plan=plan.code).partition("?")[0]
    return InitiativesPage(
        chrome=build_chrome(
            visit=visit,
            found=plan.found,
            title=_("Initiatives"),
            description=headline(counts, closed=plan.is_closed).text,
            current="initiatives",
            plan=plan.plan,
            breadcrumb=(plan_crumb(visit, plan.plan), Link(_("Initiatives"), "", current=True)),
            index=question.is_open,
            paged_twin=False,
            asks=(*question.query(), "page"),
        ),
        title=_("Initiatives"),
        headline=headline(counts, closed=plan.is_closed),
        legend=state_legend(visit, counts, url),
        legend_label=_("Initiatives by status"),
        form=question_form(plan, question, selection, url),
        found=found_words(question, selection.total, len(plan.snapshot.rows)),
        table=initiative_table(plan, rows, caption=_("Initiatives")),
        empty=_empty(visit, plan, url) if not rows else None,
        pager=_pager(visit, question, selection.total, pages, url),
        data=lambda: _json(plan, question, selection, rows, pages),
    )


def allowed_values(plan: Reading) -> dict[str, Sequence[str]]:
    """The values that exist for each filter: those that any initiative may have."""
    rows = plan.snapshot.rows
    districts = plan.snapshot.once("districts", lambda: _districts(rows))
    return {
        "status": [state.value for state in InitiativeState],
        "priority": list(plan.priorities),
        "division": list(plan.found["division"]),
        "district": districts,
        "overdue": ["1"],
    }


def _districts(rows: Iterable[InitiativeRow]) -> list[str]:
    """The council districts that any initiative names, and "citywide"."""
    numbers = {district for row in rows for district in row.districts}
    return ["citywide", *map(str, sorted(numbers))]


def question_form(
    plan: Reading,
    question: Question,
    selection: Selection,
    url: str,
    also: Mapping[str, str] | None = None,
) -> FilterForm:
    """The filters, each choice with how many initiatives it would leave.

    ``also``: what the address carries besides.
    """
    also = dict(also or {})
    choices = _choices(plan)
    labels = _labels()
    fields = [FilterField("q", _("Search"), "search", question.text)]
    for name, title in labels.items():
        asked = question.chosen.get(name, "")
        counts = selection.facets[name]
        options = [Option("", _("All"), selected=not asked)]
        options += [
            Option(value, text, words.count(counts.get(value, 0)), value == asked)
            for value, text in choices[name]
            if counts.get(value) or value == asked
        ]
        if len(options) > 1:
            fields.append(FilterField(name, title, options=tuple(options)))
    fields.append(FilterField("sort", _("Order"), options=_sorts(question)))
    overdue = selection.facets["overdue"].get("1", 0)
    fields.append(
        FilterField(
            "overdue",
            _("Report overdue (%(n)s)") % {"n": words.count(overdue)},
            "checkbox",
            "1",
            checked="overdue" in question.chosen,
        )
    )
    visit = plan.visit
    carried = also | ({"as_of": visit.as_of_text} if visit.is_past else {})
    return FilterForm(
        action=url,
        label=_("Filter the initiatives"),
        submit=_("Show"),
        fields=tuple(fields),
        hidden=tuple(Hidden(name, value) for name, value in carried.items()),
        clear=None if question.is_open else Link(_("Clear all"), visit.carry(url, query=also)),
        active=_active(plan, question, url, also),
    )


def _labels() -> dict[str, str]:
    """What each filter is called."""
    return {
        "priority": _("Priority"),
        "status": _("Status"),
        "division": _("Lead division"),
        "district": _("Council district"),
    }


def _choices(plan: Reading) -> dict[str, list[tuple[str, str]]]:
    """The choices of each filter, in words."""
    rows = plan.snapshot.rows
    districts = plan.snapshot.once("districts", lambda: _districts(rows))
    return {
        "priority": [
            (code, f"{code} {document['name']}") for code, document in plan.priorities.items()
        ],
        "status": [(state.value, label(state)) for state in ORDER],
        "division": sorted(
            ((code, document["name"]) for code, document in plan.found["division"].items()),
            key=lambda choice: fold(choice[1]),
        ),
        "district": [(code, district_name(code)) for code in districts],
    }


def district_name(code: str) -> str:
    """A council district in words."""
    if code == "citywide":
        return _("Citywide")
    return _("District %(number)s") % {"number": code}


def order_words(sort: Sort) -> str:
    """What an order is called."""
    return {
        Sort.PLAN: _("As in the plan"),
        Sort.STATUS: _("Trouble first"),
        Sort.OVERDUE: _("Longest overdue first"),
        Sort.UPDATED: _("Newest report first"),
        Sort.NAME: _("By name"),
    }[sort]


#: The orders as the form offers them.
OFFERED = (Sort.PLAN, Sort.STATUS, Sort.OVERDUE, Sort.UPDATED, Sort.NAME)


def _sorts(question: Question) -> tuple[Option, ...]:
    return tuple(
        Option(
            "" if sort == Sort.PLAN else sort.value,
            order_words(sort),
            selected=sort == question.sort,
        )
        for sort in OFFERED
    )


def _active(
    plan: Reading, question: Question, url: str, also: Mapping[str, str]
) -> tuple[Link, ...]:
    """The filters in use; each link takes its own away."""
    return tuple(
        Link(text, plan.visit.carry(url, query={**also, **question.without(name).query()}))
        for name, text in said(plan, question)
    )


def said(plan: Reading, question: Question) -> list[tuple[str, str]]:
    """Each filter in use by its name, in words."""
    choices, labels = _choices(plan), _labels()
    told: list[tuple[str, str]] = []
    if question.text:
        told.append(("q", _("“%(text)s”") % {"text": question.text}))
    for name, value in question.chosen.items():
        if name == "overdue":
            told.append((name, _("Report overdue")))
        else:
            text = dict(choices[name]).get(value, value)
            told.append((name, f"{labels[name]}: {text}"))
    return told


def found_words(question: Question, total: int, everything: int) -> str:
    """How many initiatives the question leaves."""
    if question.is_open:
        return words.initiatives_counted(everything)
    return _("%(n)s of %(initiatives)s") % {
        "n": words.count(total),
        "initiatives": words.initiatives_counted(everything),
    }


def _empty(visit: Visit, plan: Reading, url: str) -> EmptyState:
    if not plan.snapshot.rows:
        return EmptyState(_("No initiatives have been published yet."))
    return EmptyState(
        _("No initiative matches all of these filters."),
        _("Take one away, or search for fewer words."),
        Link(_("Show all initiatives"), visit.carry(url)),
    )


def _pager(visit: Visit, question: Question, total: int, pages: int, url: str) -> Pager:
    """Where in the list the reader is; the first, the last and the neighbors by number."""
    at = question.page

    def to(number: int, text: str = "") -> Link:
        query = question.query() | ({"page": str(number)} if number > 1 else {})
        note = _("Page %(number)s") % {"number": number}
        return Link(text or words.count(number), visit.carry(url, query=query), number == at, note)

    first = (at - 1) * PAGE_SIZE + 1
    summary = _("Initiatives %(first)s to %(last)s of %(total)s") % {
        "first": words.count(first),
        "last": words.count(min(at * PAGE_SIZE, total)),
        "total": words.count(total),
    }
    numbers = sorted({1, *range(max(1, at - 2), min(pages, at + 2) + 1), pages})
    links: list[Link] = []
    for before, number in zip([0, *numbers], numbers, strict=False):
        if number - before > 1:
            links.append(Link("…", ""))
        links.append(to(number))
    return Pager(
        summary=summary if total else "",
        label=_("Pages of the list"),
        previous=to(at - 1, _("Previous")) if at > 1 else None,
        next=to(at + 1, _("Next")) if at < pages else None,
        pages=tuple(links) if pages > 1 else (),
    )


def _json(
    plan: Reading,
    question: Question,
    selection: Selection,
    rows: Sequence[InitiativeRow],
    pages: int,
) -> dict[str, Any]:
    return {
        "plan": plan.code,
        "filter": replace(question, page=1).query(),
        "total": selection.total,
        "page": question.page,
        "pages": pages,
        "facets": {name: dict(sorted(each.items())) for name, each in selection.facets.items()},
        "initiatives": _with_milestones(plan, rows),
    }


def _with_milestones(plan: Reading, rows: Sequence[InitiativeRow]) -> list[dict[str, Any]]:
    """Initiatives in raw values, each with its milestones. Queries: one."""
    chosen = Milestone.objects.filter(initiative__in=[row.pk for row in rows])
    found = documents(chosen, as_of=plan.visit.as_of, undo=plan.undo)["milestone"]
    of: dict[str, list[Document]] = {}
    for each in ordered(found.values()):
        of.setdefault(each["initiative"], []).append(each)
    return [
        {
            **initiative_json(plan.code, row),
            "milestones": [
                milestone_json(each, plan.judged_on, is_over=row.standing.closed_on is not None)
                for each in of.get(f"{plan.code}/{row.code}", ())
            ],
        }
        for row in rows
    ]
