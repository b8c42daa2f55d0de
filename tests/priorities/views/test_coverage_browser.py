"""Ownership and coverage in a real browser: no barriers in any state, and usable at 320 px."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.core import signing
from playwright.sync_api import Page

from priorities.actions import assignments
from priorities.enums import AssignmentRole, Role
from priorities.models import Mailing
from priorities.notifications import links
from tests import factories as make
from tests.browser.looking import NARROW, WIDE, barriers, follow, sideways
from tests.priorities.admin.test_browser import SITE, Window
from tests.priorities.views.managing import signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

NOW = make.at(2022, 7, 15)


@pytest.fixture(autouse=True)
def _july_2022() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def tab(page: Page) -> Window:
    """A tab of a plan administrator, who owns something and is asked for more."""
    division = make.division(name="Operations")
    person = make.grant(Role.PLAN_ADMINISTRATOR, person=make.person(name="Ada")).person
    other = make.grant(Role.MANAGER, person=make.person(name="Olga")).person
    mine = make.initiative(code="mine", lead_division=division)
    make.periods()
    owner = make.owner(item=mine, person=person)
    make.offer(item=mine, person=other, role=AssignmentRole.CONTRIBUTOR)
    make.offer(item=make.metric(code="offered"), person=person)
    make.owner(item=make.initiative(code="theirs", lead_division=division), person=other)
    make.initiative(code="nobodys")
    past = make.offer(item=mine, person=make.person(name="Before"))
    assignments.decline_assignment(
        assignment=past, reason="It moved.", on=NOW.date(), by="a test", now=make.moment()
    )
    assert owner.person == person
    for sent, error in ((NOW, ""), (None, "Connection refused")):
        Mailing.objects.create(
            person=other,
            kind="digest",
            day=NOW.date() if sent else make.START.date(),
            sent_at=sent,
            error=error,
            subject="2 updates are due",
            text="Hello Olga,\n\nPlease say how these stand.",
            steps=["day_before"],
        )
    return Window(page, signed_in(person))


def pages() -> dict[str, str]:
    """Each page by its name."""
    accepted, offered = (
        make.Assignment.objects.filter(person__name="Ada", state=state).get().pk
        for state in ("accepted", "offered")
    )
    token = signing.Signer(salt=links.UNSUBSCRIBING).sign(
        str(make.User.objects.get(name="Olga").pk)
    )
    return {
        "offers": "/updates/offers/",
        "decline": f"/updates/offers/{offered}/decline/",
        "not mine": f"/updates/not-mine/{accepted}/",
        "hand over": f"/updates/hand-over/{accepted}/",
        "owners": "/manage/owners/",
        "owners filtered": "/manage/owners/?without=1&division=none",
        "no owners": "/manage/owners/?division=nowhere",
        "owners of an item": "/manage/owners/initiatives/ita-2022-2023/mine/",
        "end": f"/manage/owners/end/{accepted}/",
        "coverage": "/manage/coverage/",
        "mail": "/manage/mail/",
        "mail that failed": "/manage/mail/?failed=1",
        "preferences": "/updates/mail/",
        "unsubscribe": f"/mail/unsubscribe/{token}/",
    }


def looked_at(page: Page) -> dict[str, list[str]]:
    """What bars people in the page as it stands: wide, narrow and in the dark."""
    found = {}
    for scheme, size in (("light", WIDE), ("light", NARROW), ("dark", NARROW)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size(size)  # type: ignore[arg-type]
        found[f"{scheme} {size['width']}"] = barriers(page) + sideways(page)
    page.emulate_media(color_scheme="light")
    return {state: what for state, what in found.items() if what}


def test_no_page_bars_anyone(tab: Window) -> None:
    wrong = {}
    for name, address in pages().items():
        tab.page.goto(SITE + address)
        tab.page.wait_for_load_state("networkidle")
        if found := looked_at(tab.page):
            wrong[name] = found
    assert wrong == {}


def sent_empty(page: Page) -> None:
    follow(page.locator("main form[method=post] button[type=submit]").last)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("decline", "Say why it is not yours."),
        ("not mine", "Say why it is not yours."),
        ("hand over", "Choose who takes it over."),
        ("end", "Say why it ends."),
        ("owners", "Tick at least one item."),
        ("owners of an item", "Choose a person."),
    ],
)
def test_an_error_is_said_on_top_and_takes_the_focus(tab: Window, name: str, message: str) -> None:
    tab.page.goto(SITE + pages()[name])
    sent_empty(tab.page)
    summary = tab.page.locator(".error-summary")
    assert message in summary.inner_text()
    assert tab.page.evaluate("document.activeElement.className") == "error-summary"
    assert looked_at(tab.page) == {}


def test_offers_are_accepted_by_keyboard_alone(tab: Window) -> None:
    tab.page.goto(SITE + "/updates/offers/")
    tab.page.get_by_role("button", name="Accept").focus()
    with tab.page.expect_navigation():
        tab.page.keyboard.press("Enter")
    assert make.Assignment.objects.owning().filter(person__name="Ada").count() == 2
