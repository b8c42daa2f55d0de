"""What a first visit to each public page weighs, measured in the browser at the served portal."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext, Request

from tests.portal import Portal
from tests.public import STATES, State

pytestmark = pytest.mark.browser

KB = 1000
#: Compressed bytes a first visit may cost, by what they are for.
MOST = {"document": 20 * KB, "stylesheet": 20 * KB, "font": 35 * KB, "script": 15 * KB}
MOST_IN_ALL = 100 * KB
MOST_REQUESTS = 10

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
}


@dataclass(frozen=True)
class Weight:
    """What a first visit fetched: requests, and bytes of bodies and headers by kind."""

    requests: int
    bytes: dict[str, int]


def weigh(window: BrowserContext, address: str) -> Weight:
    """Visit a page for the first time."""
    tab = window.new_page()
    fetched: list[Request] = []
    tab.on("requestfinished", lambda request: fetched.append(request))
    tab.goto(address)
    tab.evaluate("document.fonts.ready.then(() => 0)")
    found: dict[str, int] = defaultdict(int)
    for request in fetched:
        sizes = request.sizes()
        found[request.resource_type] += sizes["responseBodySize"] + sizes["responseHeadersSize"]
    return Weight(len(fetched), dict(found))


@pytest.mark.parametrize("state", [s for s in STATES if s.status == 200], ids=str)
def test_a_first_visit_is_light(portal: Portal, window: BrowserContext, state: State) -> None:
    weight = weigh(window, portal.url + state.path)
    over = {kind: size for kind, size in weight.bytes.items() if size > MOST.get(kind, 5 * KB)}
    assert over == {}
    assert sum(weight.bytes.values()) <= MOST_IN_ALL
    assert weight.requests <= MOST_REQUESTS
    assert {"document", "stylesheet", "font"} <= set(weight.bytes)


@pytest.mark.parametrize("state", STATES, ids=str)
def test_a_public_answer_has_its_headers(portal: Portal, state: State) -> None:
    headers = portal.get(state.path).headers
    policy = {part.strip() for part in headers["Content-Security-Policy"].split(";")}
    assert policy == POLICY
    assert headers["Set-Cookie"] is None
    assert "Cookie" not in headers.get("Vary", "")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("state", [s for s in STATES if s.status == 200], ids=str)
def test_a_page_comes_compressed_and_is_not_sent_twice(portal: Portal, state: State) -> None:
    first = portal.get(state.path)
    assert first.headers["Content-Encoding"] == "br"
    assert first.headers["Cache-Control"].startswith("public, max-age=")
    again = portal.get(state.path, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.raw) == (304, b"")
    plain = portal.get(state.path, encoding="identity")
    assert plain.text == first.text
