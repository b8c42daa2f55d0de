"""How anybody can follow what changes: by Atom without an account, by mail for staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from dashboards.charts.printable import Printable
from dashboards.pages.chrome import build_chrome, public_plans
from dashboards.pages.elements import Link
from dashboards.pages.layout import Chrome
from dashboards.pages.portal import read_portal
from dashboards.pages.telling import Names
from dashboards.visit import BadQuestion, Visit
from priorities.models import Initiative, Metric, Priority
from priorities.queries.publication import Documents
from priorities.saying import gettext as _

#: The staff's page; this floor knows its address alone.
BY_MAIL = "/follow/mail/"


@dataclass(frozen=True, slots=True)
class FeedLink(Printable):
    """One feed: what it is of, and its whole address, as a reader program wants it."""

    label: str
    url: str
    address: str
    parts: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class FollowPage(Printable):
    """Every string of the page on following."""

    chrome: Chrome
    title: str
    lede: str
    item: Link | None
    feed: FeedLink | None
    by_mail: Link
    feeds: tuple[FeedLink, ...]
    data: dict[str, Any]

    def public_json(self) -> dict[str, Any]:
        """The feeds."""
        return self.data


def build_follow_page(*, visit: Visit) -> FollowPage:
    """The feeds of all plans; ``of=initiative:plan/code`` puts that of one item first.

    Queries: two beside the revision. Errors: ``BadQuestion`` for an item that is not public.
    """
    of = visit.query.get("of", "").strip()
    kind, _colon, code = of.partition(":")
    own = code.rpartition("/")[2]
    found = read_portal(
        visit,
        Priority.objects.all(),
        Initiative.objects.filter(code=own if kind == "initiative" else ""),
        Metric.objects.filter(code=own if kind == "metric" else ""),
    )
    item = Names(found).of(visit, kind, code) if kind in CODES else None
    if of and item is None:
        raise BadQuestion(_("There is no public item “%(asked)s” to follow.") % {"asked": of[:80]})
    feed = _feed(visit, item.label, kind, codes_of(kind, code)) if item else None
    title = _("Follow %(item)s") % {"item": item.label} if item else _("Follow what changes")
    feeds = _feeds(visit, found)
    lede = _("Be told when something changes, without an account and without leaving a name.")
    return FollowPage(
        chrome=build_chrome(
            visit=visit,
            found=found,
            title=title,
            description=lede,
            index=not visit.query,
            asks=("of",),
        ),
        title=title,
        lede=lede,
        item=item,
        feed=feed,
        by_mail=Link(
            _("Follow by mail (council and agency staff)"),
            _after_sign_in(f"{BY_MAIL}add/?{urlencode({'of': of})}" if item else BY_MAIL),
        ),
        feeds=feeds,
        data={
            "item": of or None,
            "feed": feed.address if feed else None,
            "plans": [
                {
                    "title": each.label,
                    "feed": each.address,
                    "priorities": [
                        {"name": part.label, "feed": f"{settings.PORTAL_URL}{part.url}"}
                        for part in each.parts
                    ],
                }
                for each in feeds
            ],
        },
    )


#: How the codes of an item are named in its address.
CODES: Mapping[str, tuple[str, ...]] = {
    "plan": ("plan",),
    "priority": ("plan", "priority"),
    "initiative": ("plan", "initiative"),
    "metric": ("metric",),
}


def codes_of(kind: str, code: str) -> dict[str, str]:
    """The codes of an item by the names that its address has for them.

    >>> codes_of("initiative", "ita-2022-2023/fiber")
    {'plan': 'ita-2022-2023', 'initiative': 'fiber'}
    """
    return dict(zip(CODES[kind], code.split("/"), strict=True))


def _after_sign_in(url: str) -> str:
    """A page of staff; who is signed in already is led straight there."""
    return f"{reverse('account_login')}?{urlencode({'next': url})}"


def _feeds(visit: Visit, found: Documents) -> tuple[FeedLink, ...]:
    """The feed of each plan, and those of its priorities."""
    feeds = []
    for plan in public_plans(found):
        parts = tuple(
            Link(top["name"], _url(visit, "priority", codes_of("priority", top["item_code"])))
            for top in found["priority"].values()
            if top["plan"] == plan["code"]
        )
        feeds.append(_feed(visit, plan["title"], "plan", {"plan": plan["code"]}, parts))
    return tuple(feeds)


def _feed(
    visit: Visit, label: str, kind: str, codes: Mapping[str, str], parts: tuple[Link, ...] = ()
) -> FeedLink:
    url = _url(visit, kind, codes)
    return FeedLink(label, url, f"{settings.PORTAL_URL}{url}", parts)


def _url(visit: Visit, kind: str, codes: Mapping[str, str]) -> str:
    """The feed of an item, whatever date the reader looks at."""
    return visit.link(f"{kind}-feed", query=None, **codes).partition("?")[0]
