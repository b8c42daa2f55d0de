"""The frame of every page: whose site, which plan the menu leads to, the banners, the foot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse

from dashboards.pages import words
from dashboards.pages.elements import AsOfControl, Hidden, Link, Notice
from dashboards.pages.layout import Chrome, Site
from dashboards.pages.offers import LEFT_BEHIND, dates_offered
from dashboards.visit import Visit
from priorities.enums import PlanState
from priorities.queries.publication import Document, Documents, is_public_plan
from priorities.saying import gettext as _

#: What a page is about: its kind, and its codes as the addresses name them.
Item = tuple[str, Mapping[str, str]]


def public_plans(found: Documents) -> list[Document]:
    """The plans that the public may see, newest first."""
    plans = [plan for plan in found.get("plan", {}).values() if is_public_plan(plan)]
    return sorted(plans, key=lambda plan: (plan["period_start"], plan["code"]), reverse=True)


def current_plans(found: Documents, day: dt.date) -> list[Document]:
    """The plans in force on a day: public, begun, and their period not past."""
    return [
        plan
        for plan in public_plans(found)
        if plan["state"] == PlanState.ACTIVE and plan["period_start"] <= day <= plan["period_end"]
    ]


def menu_plan(found: Documents, day: dt.date) -> Document | None:
    """The plan that the menu leads to where the page itself is about none."""
    return next(iter([*current_plans(found, day), *public_plans(found)]), None)


def plan_crumb(visit: Visit, plan: Document) -> Link:
    """The first step of the way down from a plan."""
    return Link(plan["title"], visit.link("plan", plan=plan["code"]))


def method_url(visit: Visit, heading: str = "") -> str:
    """Where a rule or a mark is explained: a heading of the method page."""
    url = visit.link("method")
    return f"{url}#{heading}" if heading else url


def history_link(visit: Visit, kind: str, **codes: str) -> Link:
    """Where every public event about an item is told, with its place in the chain."""
    return Link(
        _("Every change, with its proof"), visit.link(f"{kind}-history", query=None, **codes)
    )


def log_links(visit: Visit) -> tuple[Link, ...]:
    """The public copy of the event log, as known on the day, and the script that checks it."""
    return (
        Link(_("The event log (JSON lines)"), visit.link("events")),
        Link(_("The script check_history.py"), visit.link("check-history").partition("?")[0]),
    )


def marks_url(visit: Visit) -> str:
    """Where the marks of trust are explained."""
    return method_url(visit, "provenance")


def build_chrome(
    *,
    visit: Visit,
    found: Documents,
    title: str,
    description: str = "",
    current: str = "",
    plan: Document | None = None,
    breadcrumb: tuple[Link, ...] = (),
    csv_url: str = "",
    search_query: str = "",
    index: bool = True,
    paged_twin: bool = True,
    item: Item | None = None,
    asks: Sequence[str] = (),
) -> Chrome:
    """The frame of one page.

    ``found`` holds at least the documents of ``frame()``. ``current`` is the marked entry of the
    menu: plan, initiatives, metrics, changes or data. ``plan`` is the plan that the page is about.
    ``item``: what the page is about, as (kind, its codes); its plan when not given. It can be
    followed, and compared at two dates.
    ``paged_twin``: the JSON twin has the same pages as the list; else it begins at its first.
    ``asks``: what of an address, beside the date, makes it another page.
    """
    about = plan or menu_plan(found, visit.as_of.day)
    if item is None and plan is not None:
        item = ("plan", {"plan": plan["code"]})
    feed = visit.link(f"{item[0]}-feed", query=None, **item[1]).partition("?")[0] if item else ""
    return Chrome(
        title=title,
        menu=_menu(visit, about, current),
        search_url=visit.link("search"),
        search_hidden=(Hidden("as_of", visit.as_of_text),) if visit.is_past else (),
        description=description,
        canonical=_canonical(visit, asks),
        alternate_json=twin_url(visit, paged=paged_twin),
        feed=feed,
        search_query=search_query,
        account=Link(_("Sign in"), reverse("account_login")),
        past=_past(visit),
        breadcrumb=breadcrumb,
        as_of=_as_of(visit, found, plan, item),
        machine=_machine(visit, csv_url, feed, paged=paged_twin),
        help=(
            Link(_("How status is decided"), visit.link("method")),
            Link(_("Data and downloads"), visit.link("data")),
            _follow(visit, item),
            Link(_("Accessibility"), visit.link("accessibility")),
        ),
        index=index and not visit.is_past,
        site=build_site(visit, found),
    )


def build_site(visit: Visit, found: Documents) -> Site:
    """Whose portal it is, with the banner of the place."""
    agency = next(iter(found.get("organization", {}).values()), None)
    if agency is None:
        return Site(owner="", name=_("Strategic plan"), home_url=visit.link("home"))
    return Site(
        owner=agency["owner"] or agency["name"],
        name=_("%(agency)s Priorities") % {"agency": agency["short_name"]},
        home_url=visit.link("home"),
        notice=_notice(visit, agency["notice"]),
    )


def _notice(visit: Visit, said: str) -> Notice | None:
    """What the agency tells every reader, and the date of a demonstration's clock."""
    if settings.CLOCK_OFFSET_SECONDS:
        clock = _("Its clock stands at %(day)s.") % {"day": words.day(visit.today)}
        return Notice(_("Demonstration."), f"{said} {clock}".strip(), "demonstration")
    return Notice(_("Please note."), said, "demonstration") if said else None


def _menu(visit: Visit, plan: Document | None, current: str) -> tuple[Link, ...]:
    """The main ways; without a plan only those that need none."""
    entries: list[tuple[str, str, str]] = []
    if plan is not None:
        code = plan["code"]
        entries = [
            ("plan", _("Plan"), visit.link("plan", plan=code)),
            ("initiatives", _("Initiatives"), visit.link("initiatives", plan=code)),
        ]
    else:
        entries = [("plan", _("Plans"), visit.link("plans"))]
    entries.append(("metrics", _("Metrics"), visit.link("metrics")))
    if plan is not None:
        entries.append(("changes", _("What changed"), visit.link("changes", plan=plan["code"])))
    entries.append(("data", _("Data"), visit.link("data")))
    return tuple(Link(label, url, current=key == current) for key, label, url in entries)


def _past(visit: Visit) -> Notice | None:
    """The banner of a page as known on a past date, with the way back."""
    if not visit.is_past:
        return None
    return Notice(
        _("As known on %(day)s.") % {"day": _known(visit)},
        _("What was published later is not on this page."),
        "past",
        Link(_("Back to today"), _without_date(visit)),
    )


def _known(visit: Visit) -> str:
    """The date, or the moment, that a page speaks from."""
    if visit.is_past and len(visit.as_of_text) > len("2022-06-30"):
        return words.moment(visit.as_of.moment, visit.tz)
    return words.day(visit.as_of.day)


def _as_of(visit: Visit, found: Documents, plan: Document | None, item: Item | None) -> AsOfControl:
    """The way to the same page on another date."""
    agency = next(iter(found.get("organization", {}).values()), None)
    first = agency["recorded_at"].astimezone(visit.tz).date().isoformat() if agency else ""
    carried = tuple(
        Hidden(name, value)
        for name, values in visit.query.lists()
        if name not in LEFT_BEHIND
        for value in values
        if value
    )
    return AsOfControl(
        known=_("As known on %(day)s") % {"day": _known(visit)},
        label=_("See another date"),
        submit=_("Show"),
        action=_page_path(visit),
        value=visit.as_of.day.isoformat(),
        earliest=first,
        latest=visit.today.isoformat(),
        hidden=carried,
        back=Link(_("Back to today"), _without_date(visit)) if visit.is_past else None,
        offers=dates_offered(
            visit, found, plan, _plan_path(visit, plan), _document(found, item) or plan
        ),
        compare=_compare(visit, item) if item else None,
    )


def _machine(visit: Visit, csv_url: str, feed: str, *, paged: bool) -> tuple[Link, ...]:
    """The same page for machines, and what is new about its item."""
    before = [Link("CSV", csv_url)] if csv_url else []
    after = [Link(_("Atom feed"), feed)] if feed else []
    return (*before, Link("JSON", twin_url(visit, paged=paged)), *after)


def _follow(visit: Visit, item: Item | None) -> Link:
    """How to be told of changes, of what the page is about or at all; of today, in any case."""
    url = visit.link("follow").partition("?")[0]
    if item is None:
        return Link(_("Follow"), url)
    of = f"{item[0]}:{'/'.join(item[1].values())}"
    return Link(_("Follow"), f"{url}?{urlencode({'of': of}, safe=':/')}")


def twin_url(visit: Visit, *, paged: bool = True) -> str:
    """The JSON twin of a page, with the same answers."""
    path, query = _page_path(visit), visit.query.copy()
    if not paged:
        query.pop("page", None)
    return _with_query(f"{path.rstrip('/') or '/index'}.json", query)


def _page_path(visit: Visit) -> str:
    """The path of the page itself, also when its twin was asked for."""
    if not visit.twin:
        return visit.path
    stem = visit.path.removesuffix(f".{visit.twin}")
    return "/" if stem == "/index" else f"{stem}/"


def _document(found: Documents, item: Item | None) -> Document | None:
    """What the page is about, where it was loaded."""
    if item is None:
        return None
    return found.get(item[0], {}).get("/".join(item[1].values()))


def _compare(visit: Visit, item: Item) -> Link:
    """The way to an item at two dates."""
    url = visit.link(f"{item[0]}-compare", query=None, **item[1])
    return Link(_("Compare two dates"), url)


def _plan_path(visit: Visit, plan: Document | None) -> str:
    """The path of the page; of the first page that of its plan, which was not always the first."""
    path = _page_path(visit)
    if plan is None or path != "/":
        return path
    return visit.link("plan", plan=plan["code"]).partition("?")[0]


def _without_date(visit: Visit) -> str:
    """The same page today."""
    query = visit.query.copy()
    query.pop("as_of", None)
    return _with_query(_page_path(visit), query)


def _with_query(path: str, query: QueryDict) -> str:
    return f"{path}?{query.urlencode()}" if query else path


def _canonical(visit: Visit, asks: Sequence[str]) -> str:
    """The one address of a page for search engines: what it asks, and its date if that is past."""
    asked = [(name, value) for name in asks for value in visit.query.getlist(name) if value.strip()]
    if visit.is_past:
        asked.append(("as_of", visit.as_of_text))
    question = urlencode([pair for pair in asked if pair != ("page", "1")])
    return f"{settings.PORTAL_URL}{_page_path(visit)}{f'?{question}' if question else ''}"
