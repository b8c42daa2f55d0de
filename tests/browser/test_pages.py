"""Every public page in each of its states, as people meet it: no barrier, no noise, it fits."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.looking import (
    NARROW,
    TABLET,
    WIDE,
    ZOOMED,
    Watch,
    barriers,
    sideways,
    small_print,
)
from tests.portal import Portal
from tests.public import STATES, State

EVERY_STATE = pytest.mark.parametrize("state", STATES, ids=str)
#: What the browser says by itself when the page's own answer is an error.
OWN_STATUS = re.compile(r"Failed to load resource: the server responded with a status of 40[04]")


@EVERY_STATE
def test_nobody_is_barred(portal: Portal, page: Page, state: State) -> None:
    page.goto(portal.url + state.path)
    found = {}
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found[f"{scheme}, {size['width']} wide"] = barriers(page)
    assert {where: what for where, what in found.items() if what} == {}


@EVERY_STATE
def test_the_page_is_quiet_and_stays_at_home(portal: Portal, page: Page, state: State) -> None:
    watch = Watch.over(page)
    page.goto(portal.url + state.path)
    assert watch.csp_reports() == []
    assert [said for said in watch.complaints if not OWN_STATUS.match(said)] == []
    assert watch.hosts() == {urlsplit(portal.url).netloc}
    assert len(watch.requests) <= 10
    assert page.context.cookies() == []


@EVERY_STATE
def test_the_page_fits(portal: Portal, page: Page, state: State) -> None:
    page.goto(portal.url + state.path)
    for size in (WIDE, TABLET, ZOOMED, NARROW):
        page.set_viewport_size(size)
        assert (size["width"], sideways(page)) == (size["width"], [])
        assert (size["width"], small_print(page, 12)) == (size["width"], [])
