"""The doors to what is new: Atom (RFC 4287) of a plan, a priority, an initiative or a metric."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode
from xml.etree import ElementTree

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from dashboards.http import answered
from dashboards.pages.feed import (
    Feed,
    FeedEntry,
    build_item_feed,
    build_plan_feed,
    build_priority_feed,
)
from dashboards.visit import Visit
from priorities.saying import language

ATOM = "http://www.w3.org/2005/Atom"
#: What no XML document may hold, escaped or not.
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Door = Callable[..., HttpResponse]


def feed(build: Callable[..., Feed]) -> Door:
    """Make a door of a builder of feeds; it is kept and answered as public pages are."""

    @wraps(build)
    def door(request: HttpRequest, **codes: str) -> HttpResponse:
        return answered(request, "atom", lambda visit: written(visit, build(visit, **codes)))

    return door


@feed
def plan_feed(visit: Visit, plan: str) -> Feed:
    """What is new in a plan."""
    return build_plan_feed(visit, plan_code=plan)


@feed
def priority_feed(visit: Visit, plan: str, priority: str) -> Feed:
    """What is new under a priority."""
    return build_priority_feed(visit, plan_code=plan, code=priority)


@feed
def initiative_feed(visit: Visit, plan: str, initiative: str) -> Feed:
    """What is new about an initiative."""
    return build_item_feed(visit, kind="initiative", plan=plan, initiative=initiative)


@feed
def metric_feed(visit: Visit, metric: str) -> Feed:
    """What is new about a metric."""
    return build_item_feed(visit, kind="metric", metric=metric)


def written(visit: Visit, found: Feed) -> bytes:
    """A feed as Atom."""
    ElementTree.register_namespace("", ATOM)
    root = _element(None, "feed")
    root.set("{http://www.w3.org/XML/1998/namespace}lang", language() or settings.LANGUAGE_CODE)
    _element(root, "id", found.id)
    _element(root, "title", found.title)
    _element(root, "subtitle", found.subtitle)
    _element(root, "updated", _moment(found.updated))
    _link(root, "self", visit.path + _query(visit), "application/atom+xml")
    _link(root, "alternate", found.url, "text/html")
    _element(_element(root, "author"), "name", found.author)
    for entry in found.entries:
        _write(root, entry)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _write(root: ElementTree.Element, entry: FeedEntry) -> None:
    """One event."""
    element = _element(root, "entry")
    _element(element, "id", entry.id)
    _element(element, "title", entry.title)
    _element(element, "updated", _moment(entry.at))
    _link(element, "alternate", entry.url, "text/html")
    if entry.author:
        _element(_element(element, "author"), "name", entry.author)
    _element(element, "category").set("term", entry.kind)
    if entry.summary:
        _element(element, "summary", entry.summary)


def _element(parent: ElementTree.Element | None, name: str, text: str = "") -> ElementTree.Element:
    """A new element, without the characters that no XML may hold."""
    tag = f"{{{ATOM}}}{name}"
    element = ElementTree.Element(tag) if parent is None else ElementTree.SubElement(parent, tag)
    if text:
        element.text = FORBIDDEN.sub("", text)
    return element


def _link(parent: ElementTree.Element, rel: str, path: str, kind: str) -> None:
    """Where to go: a feed is read far from here, so addresses are whole."""
    url = f"{settings.PORTAL_URL}{path}"
    _element(parent, "link").attrib.update({"rel": rel, "type": kind, "href": url})


def _query(visit: Visit) -> str:
    """The date that was asked for, as part of the feed's own address."""
    return f"?{urlencode({'as_of': visit.as_of_text})}" if visit.is_past else ""


def _moment(at: dt.datetime) -> str:
    """A moment as RFC 3339 has it."""
    return at.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
