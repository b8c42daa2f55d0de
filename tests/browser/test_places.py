"""The portal in other places: long after its plan was closed, and the gallery of a developer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import NARROW, WIDE, Watch, barriers, sideways
from tests.portal import Portal, served
from tests.public import PLAN

LATER = dt.datetime(2024, 8, 1, 9, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Iterator[Portal]:
    """The portal on a day after the plan's end."""
    offset = round((LATER - dt.datetime.now(dt.UTC)).total_seconds())
    with served(
        tmp_path_factory.mktemp("later"), shared, CLOCK_OFFSET_SECONDS=str(offset)
    ) as portal:
        yield portal


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Iterator[Portal]:
    """The portal as a developer runs it."""
    with served(tmp_path_factory.mktemp("workshop"), shared, DEBUG="true") as portal:
        yield portal


def without_barriers(page: Page, address: str) -> None:
    page.goto(address)
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        assert sideways(page) == []
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert (scheme, barriers(page)) == (scheme, [])


@pytest.mark.parametrize(
    "path", ["/", PLAN, f"{PLAN}initiatives/", "/metrics/311-calls-answered/", "/plans/"]
)
def test_a_closed_plan_stays_readable(later: Portal, page: Page, path: str) -> None:
    without_barriers(page, later.url + path)


def test_a_closed_plan_says_that_it_is_closed(later: Portal, page: Page) -> None:
    page.goto(later.url + PLAN)
    expect(page.locator("main")).to_contain_text("closed")


def test_the_gallery_of_components_bars_nobody(workshop: Portal, page: Page) -> None:
    watch = Watch.over(page)
    without_barriers(page, f"{workshop.url}/styleguide/")
    # One of the fields shown holds a date that is none, to show the message.
    assert [said for said in watch.complaints if "2022-13-01" not in said] == []
    assert watch.hosts() == {workshop.url.removeprefix("http://")}
