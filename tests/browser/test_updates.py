"""My updates in the browser: saved in place, kept on the way, whole without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from priorities.demo.loader import PASSWORD
from tests.browser.looking import NARROW, Watch, barriers, sideways
from tests.portal import Portal, served

UPDATES = "/updates/"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Iterator[Portal]:
    """A portal of this module's own: what is published here must not show in other tests."""
    with served(tmp_path_factory.mktemp("updates"), shared) as portal:
        yield portal


def sign_in(page: Page, portal: Portal, path: str = UPDATES) -> None:
    """The demonstration's manager, by way of the sign-in page."""
    page.goto(portal.url + path)
    give_password(page)
    page.wait_for_url(portal.url + path)


def give_password(page: Page) -> None:
    page.locator("input[name=login]").fill("manager@example.org")
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def card(page: Page, name: str) -> Locator:
    return page.locator("article.update").filter(
        has=page.get_by_role("heading", name=name, exact=True)
    )


def test_an_item_is_saved_in_place_and_everything_follows(own: Portal, page: Page) -> None:
    watch = Watch.over(page)
    sign_in(page, own)
    assert barriers(page) == []
    expect(page.locator("h1")).to_have_text("10 updates and 2 answers to go")
    item = card(page, "SmartLA 2028")
    expect(item.get_by_label("What is in the way?")).to_be_hidden()
    item.get_by_label("At risk").check()
    item.get_by_label("What is in the way?").fill("A permit is missing.")
    expect(item.locator(".update__draft")).to_have_text(re.compile(r"Saved as draft \d\d:\d\d"))
    item.get_by_role("button", name="Publish update").click()
    expect(item.get_by_role("alert")).to_be_focused()
    assert barriers(page) == []
    item.get_by_label("What will bring it back?").fill("The permit is asked for again.")
    item.get_by_label("By when?").fill("2023-09-30")
    item.get_by_role("button", name="Preview").click()
    expect(item.locator(".public-preview")).to_contain_text("A permit is missing.")
    assert barriers(page) == []
    item.get_by_role("button", name="Publish update").click()
    expect(item).to_contain_text("Updated 7 Jul")
    expect(item.locator("h2")).to_be_focused()
    expect(page.locator("#updates-live")).to_have_text("Saved: SmartLA 2028.")
    expect(page.locator("h1")).to_have_text("9 updates and 2 answers to go")
    # Two questions wait for the manager, too.
    expect(page.locator(".site-menu__count")).to_have_text("11")
    assert (watch.csp_reports(), page.evaluate("localStorage.length")) == ([], 0)
    answers = [said for said in watch.complaints if "422" not in said]
    assert answers == []


def test_what_is_typed_without_a_connection_is_there_again(
    own: Portal, page: Page, window: BrowserContext
) -> None:
    sign_in(page, own)
    item = card(page, "Mobile Worker Program")
    window.set_offline(True)
    item.get_by_label("What happened?").fill("All but twelve phones are replaced.")
    item.get_by_role("button", name="Publish update").click()
    expect(item.locator(".update__draft")).to_contain_text("Your text is kept in this browser.")
    page.evaluate("window.addEventListener('online', event => event.stopImmediatePropagation())")
    page.route("**/draft/", lambda route: route.abort())
    window.set_offline(False)
    page.reload()
    item = card(page, "Mobile Worker Program")
    expect(item.get_by_label("What happened?")).to_have_value("All but twelve phones are replaced.")
    expect(item.locator(".update__draft")).to_have_text(re.compile("connection was lost is back"))


def test_a_session_that_ends_mid_form_loses_nothing(
    own: Portal, page: Page, window: BrowserContext
) -> None:
    sign_in(page, own)
    item = card(page, "Open Data and Digital Services")
    window.clear_cookies(name="sessionid")
    item.get_by_label("What happened?").fill("Two hundred sets are described anew.")
    expect(item.locator(".update__draft")).to_contain_text("You are signed out.")
    assert page.evaluate("localStorage.length") == 1
    item.get_by_role("button", name="Publish update").click()
    page.wait_for_url(re.compile("/accounts/login/"))
    give_password(page)
    page.wait_for_url(own.url + UPDATES)
    item = card(page, "Open Data and Digital Services")
    expect(item.get_by_label("What happened?")).to_have_value(
        "Two hundred sets are described anew."
    )


def test_it_fits_a_narrow_window_in_each_state(own: Portal, page: Page) -> None:
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.emulate_media(color_scheme="dark")
    for path in (UPDATES, "/updates/initiatives/ita-2022-2023/mobile-worker-program/"):
        sign_in(page, own, path) if page.url == "about:blank" else page.goto(own.url + path)
        for steps in page.locator(".update-steps > summary").all():
            steps.click()
        assert (path, sideways(page), barriers(page)) == (path, [], [])


def test_a_round_without_javascript(own: Portal, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, own)
    name = "Multilingual MyLA311 Mobile Application"
    item = card(page, name)
    item.get_by_role("button", name="Save draft").click()
    expect(page.locator(".messages")).to_have_text("Saved as a draft. Only you see it.")
    item = card(page, name)
    item.get_by_label("Off track").check()
    item.get_by_role("button", name="Publish update").click()
    page.get_by_role("link", name="Say by when it will be back on track.").click()
    item = page.locator("article.update")
    item.get_by_label("On track").check()
    item.get_by_role("button", name="Publish update").click()
    expect(page.locator(".messages")).to_have_text(f"Saved: {name}.")
    expect(card(page, name)).to_contain_text("Updated 7 Jul")
    item = card(page, "Citywide Email and Collaboration Tools")
    item.get_by_role("button", name="Nothing changed").click()
    expect(page.locator(".messages")).to_contain_text("Saved: Citywide Email")
    context.close()
