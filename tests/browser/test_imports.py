"""Importing in the browser, with scripts and without; no barriers, nothing beside the page.

Nothing is applied here, so that the portal of the other tests stays as it is.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from priorities.demo.loader import PASSWORD
from tests.browser.looking import NARROW, WIDE, barriers, follow, sideways
from tests.portal import Portal

VALUES = b"""metric,period,Wert,reason
311-calls-answered,FY 2021-22,86,Counted again
311-calls-answred,FY 2022-23,91,
311-calls-answered,FY 2023-24,,
"""
FILE = {"name": "values.csv", "mimeType": "text/csv", "buffer": VALUES}


def sign_in(portal: Portal, page: Page, path: str) -> None:
    page.goto(portal.url + path)
    page.fill("input[type=email]", "administrator@example.org")
    page.fill("input[type=password]", PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(portal.url + path)


def bring(portal: Portal, page: Page) -> None:
    """Upload the file and match its columns."""
    page.goto(portal.url + "/manage/import/observations/")
    page.set_input_files("input[type=file]", FILE)  # type: ignore[arg-type]
    page.get_by_role("button", name="Upload and look").click()
    page.wait_for_url("**/columns/")


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_no_page_of_imports_has_a_barrier(portal: Portal, page: Page, viewport: object) -> None:
    page.set_viewport_size(viewport)  # type: ignore[arg-type]
    sign_in(portal, page, "/manage/import/")
    found = {"overview": (barriers(page), sideways(page))}
    page.goto(portal.url + "/manage/import/observations/")
    page.locator("summary").click()
    found["kind"] = (barriers(page), sideways(page))
    page.get_by_role("button", name="Upload and look").click()
    expect(page.locator(".error-summary")).to_be_focused()
    found["without a file"] = (barriers(page), sideways(page))
    bring(portal, page)
    found["columns"] = (barriers(page), sideways(page))
    page.get_by_label("Wert").select_option("value")
    page.get_by_role("button", name="Look at the rows").click()
    expect(page.locator(".lead")).to_have_text(
        "1 of 3 rows has an error, so nothing can be applied yet."
    )
    found["preview"] = (barriers(page), sideways(page))
    page.get_by_role("button", name="Throw this file away").click()
    expect(page.locator(".messages")).to_contain_text("The file was thrown away.")
    page.goto(portal.url + "/manage/tokens/")
    follow(page.get_by_role("button", name="Make the token"))
    found["tokens"] = (barriers(page), sideways(page))
    assert {name: what for name, what in found.items() if any(what)} == {}


def test_a_file_is_previewed_without_scripts(portal: Portal, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(portal, page, "/manage/import/")
    bring(portal, page)
    page.get_by_label("Wert").select_option("value")
    page.get_by_role("button", name="Look at the rows").click()
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("Value: 86")
    expect(rows.nth(1)).to_contain_text("Did you mean “311-calls-answered”?")
    page.get_by_role("link", name="1 Error").click()
    expect(rows).to_have_count(1)
    page.get_by_role("button", name="Throw this file away").click()
    expect(page.locator(".messages")).to_contain_text("The file was thrown away.")
    context.close()
