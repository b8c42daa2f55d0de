"""A question from its asking to its end, with JavaScript and without; each state is looked at."""

from __future__ import annotations

from pathlib import Path
from weakref import WeakKeyDictionary

import pytest
from playwright.sync_api import Browser, Page, expect

from priorities.demo.loader import PASSWORD
from tests.browser.looking import NARROW, WIDE, barriers, follow, sideways
from tests.portal import Portal, served

ASK = "/review/ask/initiatives/ita-2022-2023/angeleno-account/"
PUBLIC_PAGE = "/plans/ita-2022-2023/initiatives/angeleno-account/"
ASKED, ANSWERED = "How many people sign in each month?", "About forty thousand."
ON = "And how many for the first time?"

#: Whether a tab can be looked at: axe runs on scripts.
LOOKING: WeakKeyDictionary[Page, bool] = WeakKeyDictionary()


def enter(chromium: Browser, portal: Portal, who: str, *, scripts: bool) -> Page:
    """A tab, signed in; with ``scripts`` each page that it comes to is looked at."""
    page = chromium.new_context(viewport=WIDE, java_script_enabled=scripts).new_page()  # type: ignore[arg-type]
    LOOKING[page] = scripts
    page.goto(portal.url + "/accounts/login/")
    page.fill("input[type=email]", f"{who}@example.org")
    page.fill("input[type=password]", PASSWORD)
    follow(page.locator("main form button[type=submit]").first)
    return page


def wrong_with(page: Page) -> list[str]:
    """What bars anyone from the page as it stands, narrow and dark, wide and light."""
    wrong: list[str] = []
    if not LOOKING[page]:
        return wrong
    for size, scheme in ((NARROW, "dark"), (WIDE, "light")):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        wrong += [*barriers(page), *sideways(page)]
    return wrong


def press(page: Page, name: str) -> None:
    """Press a button; then nothing is wrong with what comes."""
    follow(page.get_by_role("button", name=name))
    assert wrong_with(page) == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_question_is_asked_answered_asked_on_and_closed(
    chromium: Browser, tmp_path: Path, shared: Path, scripts: bool
) -> None:
    with served(tmp_path, shared) as portal:
        reviewer = enter(chromium, portal, "reviewer", scripts=scripts)
        reviewer.goto(portal.url + ASK)
        press(reviewer, "See how others will read it")
        expect(reviewer.locator(".error-summary")).to_contain_text("Write the question.")
        reviewer.get_by_label("Your question").fill(ASKED)
        reviewer.get_by_text("Everyone: question and answer").click()
        press(reviewer, "See how others will read it")
        expect(reviewer.locator("h1")).to_have_text("Everyone will be able to read this")
        expect(reviewer.locator(".looked")).to_contain_text("Demo manager, who owns it")
        press(reviewer, "Change something")
        expect(reviewer.get_by_label("Your question")).to_have_value(ASKED)
        press(reviewer, "See how others will read it")
        press(reviewer, "Send the question, for everyone to read")

        manager = enter(chromium, portal, "manager", scripts=scripts)
        manager.goto(portal.url + "/updates/")
        expect(manager.locator("#questions-title")).to_have_text("3 questions wait for your answer")
        follow(manager.locator(".offers__item", has_text=ASKED).get_by_role("link"))
        assert wrong_with(manager) == []
        manager.get_by_label("Your answer").fill(ANSWERED)
        press(manager, "See how others will read it")
        press(manager, "Send the answer, for everyone to read")

        reviewer.reload()
        assert wrong_with(reviewer) == []
        follow(reviewer.get_by_role("link", name="Ask a follow-up"))
        reviewer.get_by_label("What is still open?").fill(ON)
        press(reviewer, "See how others will read it")
        press(reviewer, "Send the question, for everyone to read")
        press(reviewer, "Close without an answer")
        expect(reviewer.locator(".messages")).to_contain_text("The question is closed.")

        stranger = chromium.new_context().new_page()
        stranger.goto(portal.url + PUBLIC_PAGE)
        told = stranger.locator(".questions-told > li")
        expect(told).to_have_count(2)
        expect(told.first).to_contain_text(ANSWERED)
        expect(told.last).to_contain_text(ON)
        for page in (reviewer, manager, stranger):
            page.context.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_an_item_is_rated_beside_its_owner(
    chromium: Browser, tmp_path: Path, shared: Path, scripts: bool
) -> None:
    with served(tmp_path, shared) as portal:
        page = enter(chromium, portal, "reviewer", scripts=scripts)
        page.goto(portal.url + ASK.replace("/ask/", "/rate/"))
        press(page, "See how others will read it")
        expect(page.locator(".error-summary li")).to_have_count(3)
        page.get_by_text("Off track").click()
        page.get_by_label("Why?").fill("Nobody counts who comes back.")
        page.get_by_text("Only staff and reviewers").click()
        press(page, "See how others will read it")
        press(page, "Save the rating")
        page.goto(portal.url + "/review/disagreements/")
        item = page.locator(".voices", has_text="Angeleno Account")
        expect(item.locator(".voices__kind")).to_have_text("Initiative · 2 steps apart")
        assert wrong_with(page) == []
        page.context.close()
