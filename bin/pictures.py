"""Take the pictures of the documentation from a running demonstration.

`PORT=8123 .venv/bin/python bin/pictures.py`, while `make demo-reset` runs on that port (8000 if
none is given). Needs the development packages and a Chromium. Its pictures lie in docs/images/,
committed. It changes the demonstration: one item is edited in two tabs, and in the end the plan's
updates need a review.
"""

import os
import shutil
from collections.abc import Callable

from environment import ROOT, stop
from playwright.sync_api import Browser, Error, Page, sync_playwright

PORTAL = f"http://127.0.0.1:{os.environ.get('PORT') or '8000'}"
PASSWORD = "Angeles-2023-demo"
PAGES = {"plan": "/", "metric": "/metrics/311-calls-answered/"}
#: Width and height; the wide plan ends below its priorities, so that it fits a first screen.
WINDOWS = {"wide": (1240, 1030), "narrow": (360, 1400)}
DESK = (1240, 980)

PLAN = "/manage/plans/ita-2022-2023/"
WAIT = "/updates/metrics/311-wait-by-quarter/?period=2022-09-30"
FIBER = f"{PLAN}initiatives/fiber-network-replacement/edit/"


def main() -> None:
    """Each public page in each window, then the pages of staff."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not chromium:
        stop("No Chromium found. Install it, or name it: CHROMIUM=/path/to/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        try:
            public(browser)
            staff(browser)
        except Error as error:
            stop(f"{PORTAL} did not show what was looked for: {error}")
        browser.close()


def public(browser: Browser) -> None:
    """What everyone sees."""
    for name, path in PAGES.items():
        for window, (width, height) in WINDOWS.items():
            tab = browser.new_page(viewport={"width": width, "height": height})
            tab.goto(PORTAL + path, wait_until="networkidle")
            keep(tab, f"{name}-{window}")
            tab.close()


def reword(tab: Page, summary: str = "Replace the fiber that connects City buildings.") -> None:
    """Change a sentence, and look at what the public will see."""
    tab.get_by_label("Summary").fill(summary)
    if (why := tab.locator("main [name=reason]")).count():
        why.fill("Says what residents get.")
    tab.locator(".button-row button[name=step]").first.click()


def overtake(tab: Page) -> None:
    """Save in another tab what is being changed in this one."""
    other = tab.context.new_page()
    other.goto(PORTAL + FIBER)
    reword(other, "Renew the fiber before it fails.")
    other.get_by_role("button", name="Save and publish").click()
    other.close()
    reword(tab)


def milestones(tab: Page) -> None:
    """Open the first row of a list in the admin, down to its milestones."""
    tab.locator("#result_list tbody th a").first.click()
    tab.locator("#milestones-group").scroll_into_view_if_needed()


def correction(tab: Page) -> None:
    """Open the first value of a list in the admin, and its correction."""
    tab.locator("#result_list tbody th a").first.click()
    tab.get_by_role("link", name="Correct this").click()


def submitted(tab: Page) -> None:
    """Let updates need a review, and submit two."""
    asked = tab.url
    tab.goto(f"{PORTAL}{PLAN}edit/")
    tab.get_by_text("Updates need review").click()
    tab.locator("main [name=reason]").fill("A second pair of eyes.")
    tab.locator(".button-row button[name=step]").first.click()
    tab.get_by_role("button", name="Save and publish").click()
    browser = tab.context.browser
    assert browser
    author = signed_in(browser, "manager")
    for n, said in enumerate(("Two more departments moved.", "The pilot ends a month early.")):
        author.goto(f"{PORTAL}/updates/", wait_until="networkidle")
        form = author.locator(".update__form:has(.update__save:text('Submit for review'))").first
        form.get_by_role("radio", name="On track").check()
        form.get_by_label("What happened").fill(said)
        form.locator(".update__save").click()
        author.locator(".update--waiting").nth(n).wait_for()
    author.context.close()
    tab.goto(asked, wait_until="networkidle")


#: Who sees what where; some pages are brought into a state first.
STAFF: tuple[tuple[str, str, str, Callable[[Page], None] | None], ...] = (
    ("my-updates", "manager", "/updates/", None),
    ("values-grid", "manager", "/updates/values/", None),
    ("values-correction", "manager", WAIT, None),
    ("coverage", "administrator", "/manage/coverage/", None),
    ("manage-plan", "administrator", PLAN, None),
    ("manage-preview", "administrator", FIBER, reword),
    ("manage-conflict", "administrator", FIBER, overtake),
    ("admin-initiative", "administrator", "/admin/priorities/initiative/?q=fiber", milestones),
    ("admin-correction", "administrator", "/admin/priorities/observation/?q=311", correction),
    ("admin-event-log", "administrator", "/admin/priorities/changeevent/", None),
    ("review-queue", "administrator", "/updates/review/", submitted),
)


def staff(browser: Browser) -> None:
    """What those see who are signed in."""
    tabs: dict[str, Page] = {}
    for name, account, path, prepare in STAFF:
        tab = tabs.get(account) or tabs.setdefault(account, signed_in(browser, account))
        tab.goto(PORTAL + path, wait_until="networkidle")
        if prepare:
            prepare(tab)
        keep(tab, name)


def signed_in(browser: Browser, account: str) -> Page:
    """A tab of one of the demonstration's accounts."""
    width, height = DESK
    window = browser.new_context(
        viewport={"width": width, "height": height}, timezone_id="America/Los_Angeles"
    )
    tab = window.new_page()
    tab.goto(f"{PORTAL}/accounts/login/")
    tab.fill("input[name=login]", f"{account}@example.org")
    tab.fill("input[name=password]", PASSWORD)
    tab.press("input[name=password]", "Enter")
    tab.wait_for_url(lambda url: "/login/" not in url)
    return tab


def keep(tab: Page, name: str) -> None:
    """Write the picture."""
    tab.screenshot(path=ROOT / "docs" / "images" / f"{name}.png")


if __name__ == "__main__":
    main()
