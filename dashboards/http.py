"""How a public page is asked for and answered.

A page is a function of its address, of the newest public event and of the day it speaks from.
That triple is its ETag and its cache key: a reader who has the page gets 304 and nothing is
rendered; another gets the finished compressed bytes. No session, no cookie, no CSRF token.
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial, wraps
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import brotli
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.formats import date_format
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from dashboards.pages.layout import Chrome
from dashboards.remembered import Remembered
from dashboards.visit import BadQuestion, Visit, reader_asks
from priorities.assessment.periods import AsOf
from priorities.clock import now
from priorities.queries.head import head
from priorities.saying import gettext as _
from priorities.saying import language, one_language

#: Seconds a shared cache may keep a page of today, and one of a past date.
FRESH_FOR = 60
PAST_FRESH_FOR = 86_400
STALE_FOR = 600
#: Finished pages, compressed, in the worker's own memory: measured faster than a file or a server.
#: A larger body is made anew each time: two thousand of them would fill that memory.
MOST_BYTES_KEPT = 128 * 1024
PAGES_SENT: Remembered[bytes] = Remembered(2000, fits=lambda body: len(body) <= MOST_BYTES_KEPT)
#: Papers are larger, a few hundred kilobytes or megabytes: only those read last are kept.
PAPERS_SENT: Remembered[bytes] = Remembered(16)
#: A date, or a moment that begins with one. Python reads more forms, "20220630" as its midnight.
DATED = re.compile(r"\d{4}-\d{2}-\d{2}([T ].+)?", re.ASCII)
#: What is sent, by the twin that was asked for; none is the page itself.
KINDS = {
    "": "text/html; charset=utf-8",
    "json": "application/json",
    "atom": "application/atom+xml; charset=utf-8",
    "pdf": "application/pdf",
}
ENCODINGS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=5),
    "gzip": lambda body: gzip.compress(body, compresslevel=6, mtime=0),
}


class Page(Protocol):
    """What a builder returns: every string a template prints, and the raw values for machines."""

    @property
    def chrome(self) -> Chrome:
        """The frame around the page."""
        ...

    def public_json(self) -> dict[str, Any]:
        """The page's facts as JSON values."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """A page and the template that places its strings.

    ``twin``: the text of its JSON twin, where that is to be told letter for letter.
    """

    template: str
    page: Page
    twin: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


View = Callable[..., Answer]
Door = Callable[..., HttpResponseBase]


def looked_at(view: Door) -> Door:
    """A public door: who would write gets 405, with a form's token or without one.

    Nothing can be written here, so no token protects anything, and to ask for one would blame the
    reader's cookies.
    """
    return csrf_exempt(require_safe(view))


def public_path(route: str, view: Door, *, name: str, **given: str) -> URLPattern:
    """A public address; ``given`` goes to its view."""
    return path(route, looked_at(view), given, name=name)


def page(route: str, view: Door, *, name: str) -> list[URLPattern]:
    """The address of a page and of its JSON twin, ``metrics/<code>/`` and ``….json``."""
    twin = f"{route.rstrip('/') or 'index'}.json"
    return [
        public_path(route, view, name=name),
        public_path(twin, view, name=f"{name}-json", twin="json"),
    ]


def public_page(view: View) -> Callable[..., HttpResponse]:
    """Make a door of a view that turns a ``Visit`` into an ``Answer``."""

    @wraps(view)
    def door(request: HttpRequest, *, twin: str = "", **codes: str) -> HttpResponse:
        return answered(request, twin, lambda visit: _render(view(visit, **codes), visit))

    return door


def answered(request: HttpRequest, twin: str, make: Callable[[Visit], bytes]) -> HttpResponse:
    """The answer to a request for a page or its twin; ``make`` gives its bytes.

    Queries: one for the revision; none more when the reader or the cache has the page.
    """
    newest, zone, at = head()
    visit = parse(request, zone, twin, newest, now(at))
    return _serve(request, visit, newest, lambda: make(visit))


def parse(
    request: HttpRequest,
    tz: ZoneInfo,
    twin: str = "",
    newest: int = 0,
    moment: dt.datetime | None = None,
) -> Visit:
    """The question that a request asks at a moment, of an agency in a time zone.

    Errors: ``BadQuestion`` when ``as_of`` is no date, or lies in the future; when there is a
    character that no page can show.
    """
    present = AsOf.now(moment or now(), tz)
    query = reader_asks(request.GET)
    asked = query.get("as_of", "").strip()
    as_of = present if not asked else _parse_as_of(asked, present, tz)
    return Visit(request.path, query, as_of, present.day, tz, twin, newest)


def _parse_as_of(asked: str, present: AsOf, tz: ZoneInfo) -> AsOf:
    """The date or moment in the address; today's date is now."""
    try:
        if not DATED.fullmatch(asked):
            raise ValueError
        day = dt.date.fromisoformat(asked[:10])
        if len(asked) > 10:
            # A plus sign that was not escaped in the address arrives as a space.
            moment = dt.datetime.fromisoformat(asked[:11] + asked[11:].replace(" ", "+"))
            as_of = AsOf.at(moment if moment.tzinfo else moment.replace(tzinfo=tz), tz)
        elif day < present.day:
            as_of = AsOf.end_of(day, tz)
        else:
            as_of = present
    except (ValueError, OverflowError):
        raise BadQuestion(
            _("“%(asked)s” is not a date. Write it as year-month-day, for example 2022-06-30.")
            % {"asked": asked[:40]}
        ) from None
    if as_of.moment > present.moment or (as_of.is_now and day > present.day):
        raise BadQuestion(
            _("%(asked)s is in the future. The newest date to look at is today, %(today)s.")
            % {"asked": asked, "today": date_format(present.day, "j M Y")}
        )
    return as_of


def entity_tag(visit: Visit, newest: int) -> str:
    """The key of a page: revision, release, language, address, and the moment it speaks from.

    Today's page changes at midnight even when nothing is published, because freshness does; so
    does a page of a past date, because it offers the way to today and tells a demonstration's
    date. Its twins do neither.
    """
    spoken = visit.as_of.day if visit.as_of.is_now else visit.as_of.moment
    until = "" if visit.twin else visit.today
    # Of a name that is given twice the last counts, so the order of its values is part of it.
    asked = sorted(visit.query.lists())
    parts = (newest, settings.RELEASE, language(), visit.path, asked, str(spoken),
             str(until), settings.CLOCK_OFFSET_SECONDS)  # fmt: skip
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def _serve(
    request: HttpRequest, visit: Visit, newest: int, render: Callable[[], bytes]
) -> HttpResponse:
    """The page, or its twin, from the reader's own copy, from the cache, or rendered."""
    tag = entity_tag(visit, newest)
    etag = f'W/"{tag}"'
    if has_it(request, etag):
        return _with_headers(HttpResponse(status=304), visit, etag)
    encoding = encoding_for(request)
    key = f"{tag}:{encoding}"

    def made() -> bytes:
        with one_language():
            body = render()
        return ENCODINGS[encoding](body) if encoding else body

    sent = PAPERS_SENT if visit.twin == "pdf" else PAGES_SENT
    body = sent.recall(key, made)
    response = HttpResponse(body, content_type=KINDS[visit.twin])
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.headers["Content-Length"] = str(len(body))
    return _with_headers(response, visit, etag)


def has_it(request: HttpRequest, etag: str) -> bool:
    """Does a reader have the answer with this tag already?"""
    return etag in request.headers.get("If-None-Match", "")


def encoding_for(request: HttpRequest) -> str:
    """The best way to compress that a reader takes, or none; "br;q=0" says that it does not."""
    taken = set()
    for part in request.headers.get("Accept-Encoding", "").lower().split(","):
        name, _semicolon, quality = part.replace(" ", "").partition(";")
        if quality.rstrip("0.") != "q=":
            taken.add(name)
    return next((name for name in ENCODINGS if name in taken), "")


def _with_headers(response: HttpResponse, visit: Visit, etag: str) -> HttpResponse:
    """What caches and other sites may do with a page."""
    fresh = FRESH_FOR if visit.as_of.is_now else PAST_FRESH_FOR
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = (
        f"public, max-age={fresh}, stale-while-revalidate={STALE_FOR}"
    )
    response.headers["Vary"] = "Accept-Encoding"
    if visit.twin:
        response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _render(answer: Answer, visit: Visit) -> bytes:
    """The finished bytes of a page or of its JSON twin."""
    if visit.twin:
        text = answer.twin or spread(answer.page.public_json())
    else:
        chrome = answer.page.chrome
        context = {"page": answer.page, "chrome": chrome, "site": chrome.site, **answer.extra}
        text = render_to_string(answer.template, context)
    return text.encode()


def spread(data: Mapping[str, Any]) -> str:
    """JSON that a person can read, too: a line for each member, and for each row of a list.

    Indenting all of it takes four times as long: only the slow one of Python's writers does it.

    >>> print(spread({"total": 2, "rows": [{"code": "a"}, {"code": "ñ"}]}))
    {
    "total": 2,
    "rows": [
    {"code": "a"},
    {"code": "ñ"}
    ]
    }
    """
    write = partial(json.dumps, ensure_ascii=False)
    members = []
    for name, value in data.items():
        rows = ",\n".join(map(write, value)) if isinstance(value, list) else ""
        members.append(f"{write(name)}: " + (f"[\n{rows}\n]" if rows else write(value)))
    return "{\n" + ",\n".join(members) + "\n}"
