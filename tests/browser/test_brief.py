"""Briefs, frozen and for reviewers, the mail about what is followed, and the plan's slider.

No barrier, nothing beside the page: wide and light, narrow and dark. Nothing is sent, so that the
portal of the other tests stays as it is.
"""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.core import signing
from playwright.sync_api import BrowserContext, Page, expect

from priorities.demo.loader import PASSWORD
from priorities.notifications import links
from tests.browser.looking import NARROW, WIDE, Watch, barriers, sideways
from tests.portal import TODAY, Portal, environment
from tests.public import PLAN

REVIEWER = "reviewer@example.org"
FREEZE = "/review/briefs/ita-2022-2023/new/"
#: Between these days the demonstration's reviewer asked two things for reviewers alone.
INSIDE = "?from=2023-03-31&to=2023-07-06"


def enter(portal: Portal, page: Page) -> None:
    """Sign in as the reviewer."""
    page.goto(portal.url + "/accounts/login/")
    page.fill("input[type=email]", REVIEWER)
    page.fill("input[type=password]", PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def wrong_with(page: Page) -> list[str]:
    """What bars anyone from the page as it stands."""
    wrong: list[str] = []
    for size, scheme in ((NARROW, "dark"), (WIDE, "light")):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        wrong += [*barriers(page), *sideways(page)]
    return [*wrong, *page.evaluate("window.cspReports || []")]


def step(page: Page, value: str) -> None:
    """Go to another step of a form."""
    page.locator(f"main button[name=step][value={value}]").click()


def test_a_frozen_brief_bars_nobody(portal: Portal, page: Page) -> None:
    watch = Watch.over(page)
    page.goto(f"{portal.url}{PLAN}briefs/")
    assert wrong_with(page) == []
    page.locator(f"main table a[href^='{PLAN}briefs/']").first.click()
    expect(page).to_have_url(re.compile(rf"{PLAN}briefs/[0-9a-f]{{12}}/$"))
    expect(page.locator("main .brief-section")).to_have_count(9)
    expect(page.locator("main .brief-block--internal")).to_have_count(0)
    assert wrong_with(page) == []
    assert watch.complaints == []


def test_the_brief_of_reviewers_bars_nobody(portal: Portal, page: Page) -> None:
    enter(portal, page)
    page.goto(f"{portal.url}{PLAN}brief/{INSIDE}")
    inside = page.locator("main .brief-block--internal")
    assert inside.count() >= 2
    for block in inside.all():
        expect(block.locator(".brief-internal")).to_be_visible()
    assert wrong_with(page) == []


def test_freezing_a_brief_bars_nobody_at_any_step(portal: Portal, page: Page) -> None:
    enter(portal, page)
    page.goto(portal.url + FREEZE)
    assert wrong_with(page) == []
    page.locator("input[name=since]").fill(TODAY.isoformat())
    step(page, "look")
    errors = page.locator(".error-summary a")
    expect(errors).to_have_count(2)
    assert wrong_with(page) == []
    errors.first.click()
    expect(page.locator("input[name=since]")).to_be_focused()
    page.locator("input[name=since]").fill("2023-04-19")
    page.locator("label", has=page.locator("xpath=self::*[@for='id_visibility_1']")).click()
    page.locator("textarea[name=note]").fill("w" * 300)
    step(page, "look")
    expect(page.locator("button[name=step][value=send]")).to_be_visible()
    assert wrong_with(page) == []
    step(page, "edit")
    expect(page.locator("textarea[name=note]")).to_have_value("w" * 300)


#: The moment at which the reviewer was asked whether they want the mail.
ASKED_AT = dt.datetime(2023, 7, 6, 9, tzinfo=dt.UTC)


@pytest.fixture
def signed(portal: Portal) -> Iterator[dict[str, str]]:
    """The tokens of the reviewer's mail, by what they do, as the portal signs them.

    The portal has been asked for them while the test lasts.
    """
    with closing(sqlite3.connect(portal.database)) as rows:
        asked = "select id from accounts_user where email = ?"
        person = rows.execute(asked, [REVIEWER]).fetchone()[0]
        with rows:
            rows.execute(
                "insert into priorities_followchoice (person_id, pace, told, asked_at)"
                " values (?, 'daily', 0, ?)",
                [person, ASKED_AT.strftime("%Y-%m-%d %H:%M:%S")],
            )
        key = environment(portal.database, Path())["SECRET_KEY"]
        bound = f"{person}.{links.stamp_of(REVIEWER, ASKED_AT)}"
        yield {
            "confirm": signing.TimestampSigner(key=key, salt=links.CONFIRMING).sign(bound),
            "unfollow": signing.Signer(key=key, salt=links.UNFOLLOWING).sign(str(person)),
        }
        with rows:
            rows.execute("delete from priorities_followchoice where person_id = ?", [person])


def test_the_links_of_mail_about_what_is_followed_bar_nobody(
    portal: Portal, page: Page, signed: dict[str, str]
) -> None:
    for name, token in signed.items():
        page.goto(f"{portal.url}/mail/{name}/{token}/")
        expect(page.locator("main form button[type=submit]")).to_have_count(1)
        assert wrong_with(page) == []
        broken = page.goto(f"{portal.url}/mail/{name}/{token}x/")
        assert broken is not None
        assert 400 <= broken.status < 500
        assert wrong_with(page) == []


def test_the_plan_is_stepped_through_time_by_keyboard(
    portal: Portal, window: BrowserContext
) -> None:
    page = window.new_page()
    page.goto(portal.url + PLAN)
    slider = page.get_by_role("slider")
    now = slider.get_attribute("aria-valuetext")
    marks = page.locator("[data-steps] a")
    before = marks.nth(marks.count() - 2)
    slider.focus()
    page.keyboard.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", before.inner_text().strip())
    assert now != before.inner_text().strip()
    expect(page.locator("output")).to_contain_text(before.inner_text().strip())
    assert [*barriers(page), *sideways(page)] == []
    leads = before.get_attribute("href") or ""
    page.keyboard.press("Enter")
    page.wait_for_url(portal.url + leads)
    expect(page.locator("[data-steps] a[aria-current]")).to_have_attribute("href", leads)
    expect(page.get_by_role("slider")).to_have_attribute(
        "aria-valuetext", page.locator("[data-steps] a[aria-current]").inner_text().strip()
    )
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    expect(page.locator("input[type=range]")).to_be_hidden()
    assert [*barriers(page), *sideways(page)] == []
