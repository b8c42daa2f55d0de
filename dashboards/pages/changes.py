"""What changed in a plan between two dates: in counts, in states, and event by event."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import ngettext

from dashboards.charts.printable import Printable
from dashboards.filters import one_of, page_number
from dashboards.pages import words
from dashboards.pages.changes_said import (
    KINDS,
    MOST_MOVED,
    Day,
    counts_words,
    is_named,
    kind_counts,
    kind_names,
    moved_table,
    tell_days,
)
from dashboards.pages.changes_span import Moved, Span, moved_between, read_span
from dashboards.pages.chrome import build_chrome, plan_crumb
from dashboards.pages.elements import (
    EmptyState,
    FilterField,
    FilterForm,
    Hidden,
    Link,
    Option,
    Pager,
    Table,
)
from dashboards.pages.layout import Chrome
from dashboards.pages.paging import pager, pages_of
from dashboards.pages.raw import raw
from dashboards.pages.telling import Names
from dashboards.pages.telling_json import change_json
from dashboards.remembered import Remembered
from dashboards.visit import Visit
from priorities.models import Category, Milestone
from priorities.queries.changes import Change, changes, count_changes
from priorities.queries.publication import documents, informs_plan, public_items
from priorities.saying import gettext as _

PAGE_SIZE = 50
#: Counted once for all pages of a stretch: it reads every event of it.
COUNTS: Remembered[Counter[str]] = Remembered(256)


@dataclass(frozen=True, slots=True)
class ChangesPage(Printable):
    """Every string of the page of changes."""

    chrome: Chrome
    title: str
    lead: str
    rest: str
    form: FilterForm
    moved: Table | None
    moved_more: str
    brief: Link
    days: tuple[Day, ...]
    empty: EmptyState | None
    pager: Pager
    data: dict[str, Any]

    def public_json(self) -> dict[str, Any]:
        """The changes in raw values."""
        return self.data


def build_changes_page(*, visit: Visit, plan_code: str) -> ChangesPage:
    """What changed in a plan between the ends of two days in the agency's time zone.

    Queries: at most nine beside the revision: three for the plan at each end, the counts, the
    events of the page, the milestones and categories that they name.
    Errors: ``BadQuestion`` for dates that make no sense, ``PageNotFound`` for a plan that was not
    public on the later one.
    """
    span = read_span(visit, plan_code)
    kind = visit.query.get("kind", "").strip()
    kind = one_of("kind", kind, list(KINDS)) if kind else ""
    metrics = [m["code"] for m in span.after.found["metric"].values() if informs_plan(m, plan_code)]
    counts = COUNTS.recall(
        # Nothing was published between the newest event and now.
        (visit.revision, plan_code, span.since.moment, not span.until.is_now and span.until.moment),
        lambda: count_changes(
            since=span.since.moment,
            until=span.until.moment,
            plan_code=plan_code,
            metric_codes=metrics,
        ),
    )
    by_kind = kind_counts(counts)
    total = by_kind[kind] if kind else sum(counts.values())
    at = page_number(visit.query.get("page", ""))
    pages = pages_of(total, PAGE_SIZE, at)
    told = changes(
        since=span.since.moment,
        until=span.until.moment,
        plan_code=plan_code,
        metric_codes=metrics,
        item_types=KINDS[kind] if kind else (),
        offset=(at - 1) * PAGE_SIZE,
        limit=PAGE_SIZE,
    )
    names = _names(span, told)
    moved = moved_between(span)
    lead, rest = counts_words(span, counts, len(moved))
    url = visit.link("changes", plan=plan_code).partition("?")[0]
    asked = _query(span, kind)
    return ChangesPage(
        chrome=build_chrome(
            visit=visit,
            found=span.after.found,
            title=_("What changed"),
            description=f"{lead}{rest}",
            current="changes",
            plan=span.after.plan,
            breadcrumb=(
                plan_crumb(visit, span.after.plan),
                Link(_("What changed"), "", current=True),
            ),
            index=not visit.query,
            asks=("from", "to", "kind", "page"),
        ),
        title=_("What changed"),
        lead=lead,
        rest=rest,
        form=_form(visit, span, by_kind, kind, url),
        moved=moved_table(visit, span, moved) if moved else None,
        moved_more=_more(len(moved)),
        brief=_brief(visit, span),
        days=tell_days(visit, names, told),
        empty=_empty(visit, kind, url, asked) if not told else None,
        pager=pager(visit, url, asked, at=at, pages=pages, total=total, size=PAGE_SIZE),
        data=_json(visit, span, names, by_kind, kind, total, at, pages, told, moved),
    )


def _names(span: Span, told: Sequence[Change]) -> Names:
    """What the items are called at the later date; milestones by what the events name."""
    plan = span.after
    ids = {change.item_id for change in told if change.item_type == Milestone.ITEM_TYPE}
    named = documents(
        Milestone.objects.filter(pk__in=ids),
        Category.objects.all(),
        as_of=span.until,
        undo=plan.undo,
    )
    return Names({**plan.found, **public_items(named)}, plan.snapshot.by_code, plan.code)


def _query(span: Span, kind: str) -> dict[str, str]:
    """The question as it stands in an address, both dates spelled out."""
    asked = {"from": span.since.day.isoformat(), "to": span.until.day.isoformat()}
    return asked | ({"kind": kind} if kind else {})


def _form(visit: Visit, span: Span, by_kind: Mapping[str, int], kind: str, url: str) -> FilterForm:
    """The two dates and the kind."""
    options = [Option("", _("All"), words.count(sum(by_kind.values())), not kind)]
    options += [
        Option(code, name, words.count(by_kind[code]), code == kind)
        for code, name in kind_names().items()
        if by_kind[code] or code == kind
    ]
    asked = _query(span, kind)
    return FilterForm(
        action=url,
        label=_("Choose two dates"),
        submit=_("Compare"),
        fields=(
            FilterField("from", _("From the end of"), "date", asked["from"]),
            FilterField("to", _("To the end of"), "date", asked["to"]),
            FilterField("kind", _("What"), options=tuple(options)),
        ),
        hidden=(Hidden("as_of", visit.as_of_text),) if visit.is_past else (),
    )


def _brief(visit: Visit, span: Span) -> Link:
    """The same stretch as a brief: sorted, with causes and promises."""
    asked = {"from": span.since.day.isoformat(), "to": span.until.day.isoformat()}
    url = visit.link("brief", plan=span.after.code).partition("?")[0]
    return Link(_("The same dates as a brief, in nine sections"), visit.carry(url, query=asked))


def _more(moved: int) -> str:
    """What the table of states leaves out."""
    more = moved - MOST_MOVED
    if more <= 0:
        return ""
    return ngettext(
        "%(n)s more initiative is not shown here; choose dates closer together.",
        "%(n)s more initiatives are not shown here; choose dates closer together.",
        more,
    ) % {"n": words.count(more)}


def _empty(visit: Visit, kind: str, url: str, asked: Mapping[str, str]) -> EmptyState:
    """What is said where the events would stand."""
    if not kind:
        return EmptyState(
            _("Nothing was published between these two dates."),
            _("Choose an earlier first date to look further back."),
        )
    everything = {name: value for name, value in asked.items() if name != "kind"}
    return EmptyState(
        _("Nothing of this kind was published between these two dates."),
        link=Link(_("Show all kinds"), visit.carry(url, query=everything)),
    )


def _json(
    visit: Visit,
    span: Span,
    names: Names,
    by_kind: Mapping[str, int],
    kind: str,
    total: int,
    at: int,
    pages: int,
    told: Sequence[Change],
    moved: Sequence[Moved],
) -> dict[str, Any]:
    return {
        "plan": span.after.code,
        "from": span.since.day.isoformat(),
        "to": span.until.day.isoformat(),
        "kind": kind,
        "by_kind": dict(by_kind),
        "total": total,
        "page": at,
        "pages": pages,
        "moved": [
            {
                "initiative": each.now.code if each.now else None,
                "was": raw(each.was.state) if each.was else None,
                "now": raw(each.now.state) if each.now else None,
            }
            for each in moved
        ],
        "changes": [
            change_json(names, change) if is_named(visit, names, change) else _withheld(change)
            for change in told
        ],
    }


def _withheld(change: Change) -> dict[str, Any]:
    """An event of an item that is no longer public."""
    return {
        "sequence": change.sequence,
        "at": raw(change.at),
        "kind": change.kind.value,
        "item_type": change.item_type,
        "withdrawn": True,
    }
