"""What the portal knows about some words, as known on a date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import ngettext

from dashboards.charts.printable import Printable
from dashboards.filters import words_asked
from dashboards.memory import key_of
from dashboards.pages import words
from dashboards.pages.chrome import build_chrome, public_plans
from dashboards.pages.elements import EmptyState, Hidden
from dashboards.pages.layout import Chrome
from dashboards.pages.portal import changed_since, read_portal
from dashboards.remembered import Remembered
from dashboards.searching import Entry, Index, Part, excerpt, fold, highlighted, index_of
from dashboards.visit import Visit
from priorities.models import Metric, Priority
from priorities.queries.publication import Documents
from priorities.queries.texts import initiative_texts
from priorities.saying import gettext as _

MOST_FOUND = 50
#: In the order in which equally good findings are listed.
KINDS = ("plan", "priority", "initiative", "metric", "division")


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: what it is, its name and a line about it, the words marked."""

    kind: str
    url: str
    name: tuple[Part, ...]
    about: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class SearchPage(Printable):
    """Every string of the search page."""

    chrome: Chrome
    title: str
    action: str
    query: str
    hidden: tuple[Hidden, ...]
    scope: str
    found: str
    hits: tuple[Hit, ...]
    empty: EmptyState | None
    data: dict[str, Any]

    def public_json(self) -> dict[str, Any]:
        """What was found, in raw values."""
        return self.data


@dataclass(frozen=True, slots=True)
class Shelf:
    """The portal's documents and everything in it that can be found."""

    found: Documents
    index: Index


#: A shelf of ten thousand initiatives takes some twenty megabytes.
SHELVES: Remembered[Shelf] = Remembered(2)


def build_search_page(*, visit: Visit) -> SearchPage:
    """Plans, priorities, initiatives, metrics and divisions that hold every word.

    Queries: three beside the revision; none when remembered.
    Errors: ``BadQuestion`` for more characters than a search may have.
    """
    query = words_asked(visit.query)
    shelf = SHELVES.recall(key_of(visit.revision, "", visit.as_of), lambda: _shelf(visit))
    asked = fold(query).split()
    total, best = shelf.index.search(asked, MOST_FOUND)
    return SearchPage(
        chrome=build_chrome(
            visit=visit,
            found=shelf.found,
            title=_("Search: %(query)s") % {"query": query} if query else _("Search"),
            description=_scope(shelf.index),
            search_query=query,
            index=False,
            asks=("q",),
        ),
        title=_("Search"),
        action=visit.link("search").partition("?")[0],
        query=query,
        hidden=(Hidden("as_of", visit.as_of_text),) if visit.is_past else (),
        scope=_scope(shelf.index),
        found=_found(total, len(best)) if query else "",
        hits=tuple(_hit(visit, shelf.found, entry, asked) for entry in best),
        empty=_empty(query) if query and not total else None,
        data=_json(query, total, best),
    )


def _shelf(visit: Visit) -> Shelf:
    """Everything public as of the visit's moment, in the wording of then."""
    undo = changed_since(visit)
    found = read_portal(visit, Priority.objects.all(), Metric.objects.all(), undo=undo)
    return Shelf(found, index_of(_entries(visit, found, undo)))


def _entries(visit: Visit, found: Documents, undo: Any) -> Iterator[Entry]:
    plans = public_plans(found)
    places = {plan["code"]: place for place, plan in enumerate(plans)}
    for plan in plans:
        text = f"{plan['vision']}\n{plan['mission']}"
        place = (KINDS.index("plan"), places[plan["code"]])
        yield Entry("plan", "", plan["code"], plan["title"], plan["tagline"], text, place)
    for each in found["priority"].values():
        if each["plan"] in places:
            place = (KINDS.index("priority"), places[each["plan"]])
            texts = each["name"], each["summary"], each["description"]
            yield Entry("priority", each["plan"], each["code"], *texts, place)
    for row in initiative_texts(as_of=visit.as_of, undo=undo):
        if row.plan in places:
            place = (KINDS.index("initiative"), places[row.plan])
            yield Entry(
                "initiative", row.plan, row.code, row.name, row.summary, row.description, place
            )
    for each in found["metric"].values():
        place = (KINDS.index("metric"), 0)
        yield Entry("metric", "", each["code"], each["name"], each["definition"], "", place)
    for each in found["division"].values():
        place = (KINDS.index("division"), 0)
        texts = each["name"], each["short_name"], each["purpose"]
        yield Entry("division", "", each["code"], *texts, place)


def _scope(index: Index) -> str:
    """What can be searched, with how many there are of each."""
    counts = dict.fromkeys(KINDS, 0)
    for entry in index.entries:
        counts[entry.kind] += 1
    n = counts["priority"]
    parts = [
        ngettext("%(n)s plan", "%(n)s plans", counts["plan"]) % {"n": counts["plan"]},
        ngettext("%(n)s priority", "%(n)s priorities", n) % {"n": words.count(n)},
        words.initiatives_counted(counts["initiative"]),
        words.metrics_counted(counts["metric"]),
        ngettext("%(n)s division", "%(n)s divisions", counts["division"])
        % {"n": counts["division"]},
    ]
    return _(
        "Searches the names, summaries and texts of %(everything)s. Every word must occur; "
        "capitals and accents do not matter."
    ) % {"everything": words.joined(parts)}


def _found(total: int, shown: int) -> str:
    """How much was found."""
    said = ngettext("%(n)s found", "%(n)s found", total) % {"n": words.count(total)}
    if shown < total:
        return _("%(found)s; the best %(shown)s are shown") % {"found": said, "shown": shown}
    return said


def _empty(query: str) -> EmptyState:
    return EmptyState(
        _("Nothing holds every word of “%(query)s”.") % {"query": query},
        _("Try fewer words, or another spelling."),
    )


def _hit(visit: Visit, found: Documents, entry: Entry, asked: Sequence[str]) -> Hit:
    kinds = {
        "plan": _("Plan"),
        "priority": _("Priority"),
        "initiative": _("Initiative"),
        "metric": _("Metric"),
        "division": _("Division"),
    }
    kind = kinds[entry.kind]
    if entry.plan:
        kind = f"{kind} · {found['plan'][entry.plan]['title']}"
    return Hit(
        kind=kind,
        url=_url(visit, entry),
        name=highlighted(entry.name, asked),
        about=highlighted(_about(entry, asked), asked),
    )


def _about(entry: Entry, asked: Sequence[str]) -> str:
    """The summary; the text where it alone holds a word that neither name nor summary has."""
    shown = fold(f"{entry.name}\n{entry.summary}")
    missing = [word for word in asked if word not in shown]
    text = fold(entry.text) if missing else ""
    if entry.text and (not entry.summary or any(word in text for word in missing)):
        return excerpt(entry.text, missing or asked)
    return excerpt(entry.summary, asked)


def _url(visit: Visit, entry: Entry) -> str:
    codes = {entry.kind: entry.code}
    if entry.plan:
        codes["plan"] = entry.plan
    return visit.link(entry.kind, query=None, **codes)


def _json(query: str, total: int, best: Sequence[Entry]) -> dict[str, Any]:
    return {
        "q": query,
        "total": total,
        "limit": MOST_FOUND,
        "results": [
            {
                "type": entry.kind,
                "plan": entry.plan or None,
                "code": entry.code,
                "name": entry.name,
                "summary": entry.summary,
            }
            for entry in best
        ],
    }
