"""The grid of values in the browser: paste a block, hear what is unusual, lose nothing.

Nothing is saved here but drafts, so that the portal of the other tests stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from priorities.demo.loader import PASSWORD
from tests.browser.looking import NARROW, WIDE, barriers, follow, sideways
from tests.portal import Portal

GRID = "/updates/values/"
PASTE = """([field, text]) => {
  const data = new DataTransfer();
  data.setData('text', text);
  field.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true,
                                                   cancelable: true}));
}"""


@pytest.fixture
def enter(portal: Portal, page: Page) -> Callable[[str], Page]:
    """Sign in as the manager, and open a page."""

    def open_at(path: str) -> Page:
        sign_in(portal, page, path)
        return page

    return open_at


def sign_in(portal: Portal, page: Page, path: str) -> None:
    page.goto(portal.url + path)
    page.fill("input[type=email]", "manager@example.org")
    page.fill("input[type=password]", PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(portal.url + path)


def paste(page: Page, at: int, text: str) -> None:
    field = page.locator("[data-column=value]").nth(at)
    field.evaluate("(field, text) => (" + PASTE + ")([field, text])", text)


def typed(page: Page, column: str) -> list[str]:
    fields = page.locator(f"[data-column={column}]")
    return [fields.nth(at).input_value() for at in range(fields.count())]


def empty(page: Page) -> None:
    """Leave the grid as it was found."""
    with page.expect_response("**/draft/"):
        for field in page.locator("[data-column]").all():
            field.fill("")


def test_a_block_is_spread_from_where_it_is_pasted(enter: Callable[[str], Page]) -> None:
    page = enter(GRID)
    paste(page, 1, "99.95%\tGood\n100\t\n")
    assert typed(page, "value")[:3] == ["", "99.95%", "100"]
    assert typed(page, "note")[:3] == ["", "Good", ""]
    expect(page.locator("[data-save]")).to_have_text("Save 2 values")
    expect(page.locator("[data-status]")).to_contain_text("Saved as draft")
    page.reload()
    assert typed(page, "value")[:3] == ["", "99.95%", "100"]
    empty(page)
    expect(page.locator("[data-save]")).to_have_text("Save values")


def test_an_unusual_value_is_asked_about_at_once_and_stays_when_it_is_sent(
    enter: Callable[[str], Page],
) -> None:
    page = enter(GRID)
    page.locator("[data-column=value]").first.fill("999")
    row = page.locator("[data-row]").first
    expect(row.get_by_text("Yes, 999 is right")).to_be_visible()
    assert (barriers(page), sideways(page)) == ([], [])
    page.locator("[data-save]").click()
    expect(page.locator(".error-summary")).to_be_focused()
    assert typed(page, "value")[0] == "999"
    assert barriers(page) == []
    empty(page)


def test_what_is_typed_without_a_connection_comes_back(enter: Callable[[str], Page]) -> None:
    page = enter(GRID)

    def lose(route: Route) -> None:
        route.abort()

    page.route("**/draft/", lose)
    page.locator("[data-column=note]").nth(2).fill("Offline")
    expect(page.locator("[data-status]")).to_contain_text("no connection")
    page.unroute("**/draft/")
    page.reload()
    assert typed(page, "note")[2] == "Offline"
    expect(page.locator("[data-status]")).to_contain_text("Saved as draft")
    empty(page)


def test_without_javascript_a_block_is_pasted_into_a_text(
    portal: Portal, chromium: Browser
) -> None:
    context = chromium.new_context(viewport=WIDE, java_script_enabled=False)
    page = context.new_page()
    sign_in(portal, page, GRID)
    page.locator(".values__paste summary").click()
    page.fill("#values-pasted", "999\tGood\nlots")
    follow(page.get_by_role("button", name="Fill in the values"))
    assert typed(page, "value")[:2] == ["999", "lots"]
    assert page.locator(".error-summary").is_visible()
    assert page.locator("[data-doubt]").first.is_visible()
    for field in page.locator("[data-column]").all():
        field.fill("")
    follow(page.locator("[data-save]"))
    context.close()


@pytest.mark.parametrize("path", [GRID, "/updates/metrics/311-wait-by-quarter/?period=2022-09-30"])
def test_the_pages_are_open_to_everyone_and_fit_a_narrow_screen(
    enter: Callable[[str], Page], path: str
) -> None:
    page = enter(path)
    for summary in page.locator(".value-more summary").all():
        summary.click()
    assert (barriers(page), sideways(page)) == ([], [])
    page.set_viewport_size({"width": NARROW["width"], "height": NARROW["height"]})
    page.emulate_media(color_scheme="dark")
    assert (barriers(page), sideways(page)) == ([], [])
