"""The history of one item: every public event about it, in words, with its place in the chain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import ngettext

from dashboards.charts.printable import Printable
from dashboards.filters import page_number
from dashboards.pages import elements, words
from dashboards.pages.chrome import build_chrome, method_url
from dashboards.pages.elements import Link, Pager
from dashboards.pages.history_known import Known, read_history
from dashboards.pages.layout import Chrome
from dashboards.pages.moves import Move, moves
from dashboards.pages.paging import pager, pages_of
from dashboards.pages.raw import raw
from dashboards.pages.telling import tell
from dashboards.pages.telling_json import change_json
from dashboards.visit import Visit
from priorities.queries.changes import Change, Span
from priorities.queries.publication import Documents
from priorities.saying import gettext as _

PAGE_SIZE = 50
#: As much of a fingerprint as tells two events apart at a glance; the twin has all of it.
HASH_LETTERS = 12


@dataclass(frozen=True, slots=True)
class Entry(Printable):
    """One event: the sentence, what moved, who and why, and where it stands in the chain.

    ``url`` leads to the event itself, so that it can be cited; ``hash`` is the beginning of its
    fingerprint.
    """

    id: str
    url: str
    said: elements.Change
    moves: tuple[Move, ...]
    reason: str
    by: str
    number: str
    hash: str


@dataclass(frozen=True, slots=True)
class HistoryPage(Printable):
    """Every string of the history of an item; ``internal_words`` warn who is shown names."""

    chrome: Chrome
    eyebrow: str
    title: str
    lead: str
    rest: str
    internal_words: str
    entries: tuple[Entry, ...]
    pager: Pager
    item: Link
    method: Link
    log: Link
    data: dict[str, Any]

    def public_json(self) -> dict[str, Any]:
        """The events in raw values."""
        return self.data


def build_history_page(
    *, visit: Visit, kind: str, codes: Mapping[str, str], names: bool = False
) -> HistoryPage:
    """The history of a plan, a priority, an initiative or a metric: ``kind`` and its codes.

    ``names``: for staff, with the name of who made each change; its raw values never have it.
    Queries: four beside the revision: how long it is, the events of the page, what to undo,
    documents. Errors: ``PageNotFound`` when the item is not public at that moment, or for a page
    beyond the end; ``BadQuestion`` for what is no page number.
    """
    at = page_number(visit.query.get("page", ""))
    known = read_history(visit, kind, codes, offset=(at - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    total = known.span.count
    pages = pages_of(total, PAGE_SIZE, at)
    url = visit.link(f"{kind}-history", query=None, **codes).partition("?")[0]
    lead, rest = _lead(visit, known.span)
    title = _("History of %(name)s") % {"name": known.item.label}
    return HistoryPage(
        chrome=build_chrome(
            visit=visit,
            found=known.found,
            title=title,
            description=f"{lead}{rest}",
            current=known.menu,
            plan=known.plan,
            item=(kind, codes),
            breadcrumb=(*known.way, Link(_("History"), "", current=True)),
            index=not visit.query,
            asks=("page",),
        ),
        eyebrow=known.kind,
        title=title,
        lead=lead,
        rest=rest,
        internal_words=_("With the names of staff, for reviewers. Do not pass it on.")
        if names
        else "",
        entries=_entries(visit, known, names=names),
        pager=pager(visit, url, {}, at=at, pages=pages, total=total, size=PAGE_SIZE),
        item=known.item,
        method=Link(_("How to check this yourself"), method_url(visit, "history")),
        log=Link(_("Download the whole log"), f"{visit.link('data')}#log"),
        data={
            "item_type": known.subject[0],
            "item": known.subject[1],
            "total": total,
            "first_at": raw(known.span.first),
            "last_at": raw(known.span.last),
            "page": at,
            "pages": pages,
            "events": [_event_json(known, each) for each in known.told],
        },
    )


def _lead(visit: Visit, span: Span) -> tuple[str, str]:
    """How long the history is: "14 public events", " from 10 Jan 2022 to 5 Apr 2023."."""
    lead = ngettext("%(n)s public event", "%(n)s public events", span.count)
    lead = lead % {"n": words.count(span.count)}
    if span.first is None or span.last is None:
        return lead, "."
    first, last = (at.astimezone(visit.tz).date() for at in (span.first, span.last))
    if first == last:
        return lead, _(", on %(day)s.") % {"day": words.day(first)}
    between = {"first": words.day(first), "last": words.day(last)}
    return lead, _(" from %(first)s to %(last)s, newest first.") % between


def _entries(visit: Visit, known: Known, *, names: bool) -> tuple[Entry, ...]:
    """The events of the page in words, in their order."""
    told = zip(known.told, _sentences(visit, known, known.told), strict=True)
    return tuple(_entry(visit, known, change, said, names=names) for change, said in told)


def _sentences(visit: Visit, known: Known, changes: Sequence[Change]) -> Iterable[elements.Change]:
    """One sentence an event: all are of this item, which is public, so none is left out."""
    return tell(visit, known.names, changes, own=True)


def _entry(
    visit: Visit, known: Known, change: Change, said: elements.Change, *, names: bool
) -> Entry:
    anchor = f"event-{change.sequence}"
    on = words.day(change.at.astimezone(visit.tz).date())
    return Entry(
        id=anchor,
        url=f"#{anchor}",
        said=replace(said, when=on),
        moves=moves(visit, known.names, change),
        reason="" if change.reason in said.detail else change.reason,
        by=named(known.found, change) if names else who(known.found, change),
        number=_("Event %(number)s") % {"number": words.count(change.sequence)},
        hash=change.hash[:HASH_LETTERS],
    )


def who(found: Documents, change: Change) -> str:
    """Who made a change, as the public is told it: by role, else by the agency."""
    if change.actor_role:
        return change.actor_role
    agency = next(iter(found.get("organization", {}).values()), None)
    return str(agency["short_name"]) if agency else ""


def named(found: Documents, change: Change) -> str:
    """Who made a change, as staff are told it: the name beside what the public is told."""
    role = who(found, change)
    if not change.actor or not role:
        return change.actor or role
    return _("%(name)s (%(role)s)") % {"name": change.actor, "role": role}


def _event_json(known: Known, change: Change) -> dict[str, Any]:
    """An event in raw values, with its place in the chain."""
    return {
        **change_json(known.names, change),
        "by": who(known.found, change),
        "hash": change.hash,
    }
