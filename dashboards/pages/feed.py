"""What is new about a plan, a priority, an initiative or a metric, for who follows it by Atom.

Each entry is one public event. Its ``id`` is made from the event's fingerprint, so it is the same
in every feed that tells of it, wherever the portal stands.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

from dashboards.pages import elements
from dashboards.pages.changes_said import is_named
from dashboards.pages.chrome import build_site
from dashboards.pages.history import who
from dashboards.pages.history_known import read_history
from dashboards.pages.plan import metrics_under
from dashboards.pages.reading import Reading, missing, read_plan
from dashboards.pages.telling import Names, tell
from dashboards.visit import Visit
from priorities.models import Category, Initiative, Metric, Milestone, Priority
from priorities.queries.changes import Change, changes, changes_of
from priorities.queries.publication import (
    Document,
    documents,
    informs_plan,
    metrics_of_plan,
    public_items,
)
from priorities.saying import gettext as _

#: A reader asks again long before so much has happened; what is older stands in the history.
MOST_ENTRIES = 50
#: And one more is read, to know whether anything is left out.
READ = MOST_ENTRIES + 1


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One event: ``url`` leads to it in the history of its item, for good."""

    id: str
    sequence: int
    title: str
    summary: str
    url: str
    at: dt.datetime
    author: str
    kind: str


@dataclass(frozen=True, slots=True)
class Feed:
    """What is new about one item. ``url`` is its page; ``author`` whose portal it is.

    ``log`` is where all of it is told; ``older`` is the newest event that found no place here.
    """

    id: str
    name: str
    title: str
    subtitle: str
    url: str
    log: str
    updated: dt.datetime
    author: str
    entries: tuple[FeedEntry, ...]
    older: Change | None


def build_plan_feed(visit: Visit, *, plan_code: str) -> Feed:
    """All that is told of a plan, the metrics that inform it among it. Queries: at most five."""
    plan = read_plan(visit, plan_code, metrics_of_plan(plan_code, visit.as_of))
    metrics = [m["code"] for m in plan.found["metric"].values() if informs_plan(m, plan_code)]
    told = changes(until=visit.as_of.moment, plan_code=plan_code, metric_codes=metrics, limit=READ)
    url = visit.link("plan", plan=plan_code)
    known = plan.plan, plan.plan["title"], url, _log(visit, plan_code)
    return _feed(visit, _names(plan, told), *known, told)


def build_priority_feed(visit: Visit, *, plan_code: str, code: str) -> Feed:
    """All that is told of a priority, its initiatives and the metrics that inform it.

    Queries: at most five.
    """
    plan = read_plan(visit, plan_code, metrics_of_plan(plan_code, visit.as_of))
    document = plan.priorities.get(code)
    if document is None:
        raise missing(visit, Priority, f"{plan_code}/{code}")
    told = changes_of(_below(plan, document), until=visit.as_of.moment, limit=READ)
    url = visit.link("priority", plan=plan_code, priority=code)
    known = document, document["name"], url, _log(visit, plan_code)
    return _feed(visit, _names(plan, told), *known, told)


def _log(visit: Visit, plan_code: str) -> str:
    """Where all is told that a plan or a priority gathers from its items."""
    return visit.link("changes", plan=plan_code)


def _below(plan: Reading, priority: Document) -> Iterable[tuple[str, str]]:
    """A priority and what stands under it on the day."""
    yield Priority.ITEM_TYPE, priority["item_code"]
    for row in plan.snapshot.of_priority(priority["code"]):
        yield Initiative.ITEM_TYPE, f"{plan.code}/{row.code}"
    for metric in metrics_under(plan).get(priority["code"], ()):
        yield Metric.ITEM_TYPE, metric["code"]


def build_item_feed(visit: Visit, *, kind: str, **codes: str) -> Feed:
    """All that is told of an initiative or a metric. Queries: four."""
    known = read_history(visit, kind, codes, offset=0, limit=READ)
    document = known.found[kind]["/".join(codes.values())]
    log = visit.link(f"{kind}-history", query=None, **codes)
    item = known.item
    return _feed(visit, known.names, document, item.label, item.url, log, known.told)


def _names(plan: Reading, told: Sequence[Change]) -> Names:
    """What the items of the events are called; milestones by what the events name."""
    ids = {change.item_id for change in told if change.item_type == Milestone.ITEM_TYPE}
    named = documents(
        Milestone.objects.filter(pk__in=ids),
        Category.objects.all(),
        as_of=plan.visit.as_of,
        undo=plan.undo,
    )
    found = {**plan.found, **public_items(named)}
    return Names(found, plan.snapshot.by_code, plan.code)


def _feed(
    visit: Visit,
    names: Names,
    document: Document,
    name: str,
    url: str,
    log: str,
    told: Sequence[Change],
) -> Feed:
    site = build_site(visit, names.found)
    told, older = told[:MOST_ENTRIES], told[MOST_ENTRIES:]
    shown = [change for change in told if is_named(visit, names, change)]
    born: dt.datetime = document["recorded_at"]
    return Feed(
        id=uuid5(NAMESPACE_URL, f"{url.partition('?')[0]} {born.isoformat()}").urn,
        name=name,
        title=_("%(item)s: what is new") % {"item": name},
        subtitle=_("Every public change, newest first."),
        url=url,
        log=log,
        updated=shown[0].at if shown else born,
        author=site.owner or site.name,
        entries=tuple(
            _entry(visit, names, change, said)
            for change, said in zip(shown, tell(visit, names, shown), strict=True)
        ),
        older=next(iter(older), None),
    )


def _entry(visit: Visit, names: Names, change: Change, said: elements.Change) -> FeedEntry:
    return FeedEntry(
        id=uuid5(NAMESPACE_URL, change.hash).urn,
        sequence=change.sequence,
        title=sentence(said),
        summary=said.detail,
        url=_place(visit, change),
        at=change.at,
        author=who(names.found, change),
        kind=change.item_type,
    )


def sentence(said: elements.Change) -> str:
    """A change as one line: "MyLA311 Replacement: At risk → On track".

    >>> from dashboards.pages.elements import Change, Link, Pill
    >>> sentence(Change("", "", Link("Fiber", "/f/"), was=Pill("", "Late"), now=Pill("", "Done")))
    'Fiber: Late → Done'
    >>> sentence(Change("", "", Link("Calls", "/c/"), before="Target of", after="is", emphasis="9"))
    'Target of Calls is 9'
    """
    name = said.item.label if said.item else ""
    if said.was and said.now:
        return f"{name}: {said.was.label} → {said.now.label}"
    parts = (said.before, name, said.after, said.emphasis, said.now.label if said.now else "")
    return " ".join(part for part in parts if part)


def _place(visit: Visit, change: Change) -> str:
    """The event in the history of its item, as known on its day: there it is on the first page."""
    day = change.at.astimezone(visit.tz).date()
    plan, _slash, own = change.subject_code.partition("/")
    codes = {
        "plan": {"plan": plan},
        "metric": {"metric": plan},
    }.get(change.subject_type, {"plan": plan, change.subject_type: own})
    bare = visit.link(f"{change.subject_type}-history", query=None, **codes).partition("?")[0]
    return f"{bare}?as_of={day.isoformat()}#event-{change.sequence}"
