"""A quarterly round as a manager plays it: six initiatives and eight values, counted.

One initiative is at risk, one has not changed, one is not the manager's; one earlier value is
corrected. Each click is an interaction, and each key that types no text; typing is not. The counts
stand in ``docs/round.md``, which this test holds true.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from priorities.demo.loader import PASSWORD
from tests.browser.looking import WIDE
from tests.portal import ROOT, Portal, served

AT_RISK = "Regional Procurement Portal"
UNCHANGED = "Citywide Email and Collaboration Tools"
OTHERS = ("Mobile Worker Program", "Multilingual MyLA311 Mobile Application")
ON_TRACK = "Open Data and Digital Services"
NOT_MINE = "SmartLA 2028"


@dataclass
class Hand:
    """A manager's hand: does things on a page and counts them, under the name of what is done."""

    page: Page
    doing: str = ""
    counted: dict[str, int] = field(default_factory=dict)

    def begin(self, doing: str) -> None:
        self.doing = doing
        self.counted.setdefault(doing, 0)

    def click(self, what: Locator) -> None:
        self.counted[self.doing] += 1
        what.click()

    def write(self, into: Locator, text: str) -> None:
        """Go to a field and type; what stood there gives way."""
        self.click(into)
        into.fill(text)

    def tab_and_write(self, into: Locator, text: str) -> None:
        """Go on to a field by the Tab key until it is reached, and type."""
        while not into.evaluate("field => field === document.activeElement"):
            self.counted[self.doing] += 1
            self.page.keyboard.press("Tab")
        into.fill(text)


def sign_in(portal: Portal, page: Page) -> None:
    page.goto(portal.url + "/updates/")
    page.fill("input[type=email]", "manager@example.org")
    page.fill("input[type=password]", PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(portal.url + "/updates/")


def card(page: Page, name: str) -> Locator:
    return page.locator("article.update", has=page.get_by_role("heading", name=name, exact=True))


def said(page: Page, name: str) -> None:
    """What is done stays visible, and says when."""
    expect(card(page, name).locator(".update__due")).to_contain_text("Updated 7 Jul")


def play(hand: Hand) -> None:
    """The whole round, item by item."""
    page = hand.page
    hand.begin("An initiative at risk")
    item = card(page, AT_RISK)
    hand.write(item.get_by_label("What is in the way?"), "The link still waits for a change.")
    hand.write(item.get_by_label("What will bring it back?"), "The vendor delivers on 1 September.")
    hand.write(item.get_by_label("By when?"), "2023-09-15")
    hand.click(item.get_by_role("button", name="Publish update"))
    said(page, AT_RISK)

    hand.begin("An initiative in which nothing changed")
    hand.click(card(page, UNCHANGED).get_by_role("button", name="Nothing changed"))
    said(page, UNCHANGED)

    hand.begin("An initiative on track")
    item = card(page, ON_TRACK)
    hand.write(item.get_by_label("Percent complete"), "55")
    hand.write(item.get_by_label("What happened?"), "Twelve data sets were added.")
    hand.click(item.get_by_role("button", name="Publish update"))
    said(page, ON_TRACK)

    hand.begin("Two more initiatives")
    for name in OTHERS:
        item = card(page, name)
        hand.write(item.get_by_label("What happened?"), "The next step is done.")
        hand.click(item.get_by_role("button", name="Publish update"))
        said(page, name)

    hand.begin("An initiative that is not mine")
    hand.click(card(page, NOT_MINE).get_by_role("link", name="Not mine"))
    hand.write(page.locator("main textarea"), "The Office of Innovation runs it since May.")
    hand.click(page.locator("main form button[type=submit]"))
    expect(page.get_by_role("heading", name=NOT_MINE, exact=True)).to_have_count(0)

    hand.begin("Eight values of metrics")
    enter_values(hand)

    hand.begin("A correction of an earlier value")
    row = page.locator("tr", has_text="Wait for a 3-1-1 operator")
    hand.click(row.get_by_role("link", name=re.compile("Correct it")))
    hand.write(page.get_by_label("Value", exact=True), "165")
    hand.write(page.get_by_label("Why it is corrected"), "Two call centers were counted twice.")
    hand.click(page.get_by_role("button", name="Save the correction"))
    history = page.locator(".value-history__period--chosen, .value-history__period").first
    expect(history).to_contain_text("2:45")
    expect(history).to_contain_text("2:29")
    expect(history).to_contain_text("Two call centers were counted twice.")


def enter_values(hand: Hand) -> None:
    """Type each value, going on by the Tab key; each is about what it was."""
    page = hand.page
    fields = page.locator("[data-column=value]")
    assert fields.count() == 8
    for at in range(8):
        row = fields.nth(at).locator("xpath=ancestor::tr")
        last = row.locator("td[data-label='Last value']").inner_text().split()[0]
        write = hand.tab_and_write if at else hand.write
        write(fields.nth(at), last.rstrip("%"))
    hand.click(page.locator("[data-save]"))
    expect(fields).to_have_count(0)


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_whole_round_is_played_and_counted(
    chromium: Browser, tmp_path: Path, shared: Path, scripts: bool
) -> None:
    with served(tmp_path, shared) as portal:
        window = chromium.new_context(viewport=WIDE, java_script_enabled=scripts)
        page = window.new_page()
        sign_in(portal, page)
        expect(page.locator("h1")).to_have_text("10 updates and 2 answers to go")
        hand = Hand(page)
        play(hand)
        page.goto(portal.url + "/updates/")
        expect(page.locator("h1")).to_have_text("2 questions to answer")
        window.close()
    print(hand.counted)  # noqa: T201 - the counts are what this test is for
    assert hand.counted["An initiative in which nothing changed"] <= 2
    assert hand.counted["An initiative on track"] <= 6
    assert hand.counted == kept("with" if scripts else "without")


def kept(column: str) -> dict[str, int]:
    """The counts of the table in the docs, in the column of that heading."""
    lines = (ROOT / "docs" / "round.md").read_text().splitlines()
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line]
    at = next(at for at, name in enumerate(table[0]) if name.startswith(column + " "))
    return {row[0]: int(row[at]) for row in table[2:] if row[0] != "Together"}
