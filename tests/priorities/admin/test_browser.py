"""The admin in a real browser, under the portal's own content security policy."""

from __future__ import annotations

import contextvars

import pytest
from django.test import Client
from playwright.sync_api import ConsoleMessage, Page, Route, expect

from priorities.models import Initiative
from tests import factories as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

SITE = "http://localhost"


class Window:
    """A tab whose requests the test's own client answers, signed in, within the transaction.

    A server beside the test would need committed rows, and rows of the record cannot be cleaned
    up after it: they are never deleted.
    """

    def __init__(self, page: Page, client: Client) -> None:
        self.page = page
        self.client = client
        self.complaints: list[str] = []
        # The browser's events come in a context of their own, which has no database connection.
        self.context = contextvars.copy_context()
        page.on("console", self.listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.route("**/*", lambda route: self.context.copy().run(self.answer, route))

    def listen(self, said: ConsoleMessage) -> None:
        if said.type in ("error", "warning"):
            self.complaints.append(said.text)

    def answer(self, route: Route) -> None:
        asked = route.request
        said = self.client.generic(
            asked.method,
            asked.url.removeprefix(SITE),
            asked.post_data_buffer or b"",
            content_type=asked.headers.get("content-type", "text/plain"),
            HTTP_HOST="localhost",
        )
        # A redirect is followed here: what the browser asks after one comes by no route.
        while said.has_header("Location"):
            said = self.client.get(said["Location"], HTTP_HOST="localhost")
        body = b"".join(said.streaming_content) if said.streaming else said.content
        route.fulfill(status=said.status_code, headers=dict(said.items()), body=body)

    def open(self, path: str) -> Page:
        self.page.goto(f"{SITE}/admin/{path}")
        self.page.wait_for_load_state("networkidle")
        return self.page


@pytest.fixture
def tab(page: Page, door: Client) -> Window:
    """A signed-in tab."""
    return Window(page, door)


def test_an_initiative_is_added_without_a_complaint_of_the_browser(
    tab: Window,
) -> None:
    make.priority(name="Digital services")
    make.division(name="Operations", code="operations")
    page = tab.open("priorities/initiative/add/")
    page.locator(".field-plan .select2-selection").click()
    page.locator(".select2-results__option", has_text="Strategic Plan").click()
    page.select_option("#id_priority", index=1)
    page.locator("#id_name").press_sequentially("Cloud for all")
    expect(page.locator("#id_code")).to_have_value("cloud-for-all")
    page.locator(".field-lead_division .select2-selection").click()
    page.locator(".select2-results__option", has_text="Operations").click()
    page.locator("#id_supporting_divisions_from option").first.dblclick()
    page.locator(".field-end .datetimeshortcuts a").first.click()
    page.get_by_text("Add another Milestone").click()
    page.fill("#id_milestones-0-name", "Go live")
    page.fill("#id_milestones-0-due_on", "2022-09-30")
    page.click("[name=_continue]")
    expect(page.locator(".messagelist .success")).to_be_visible()
    row = Initiative.objects.get(code="cloud-for-all")
    assert (row.lead_division.code, row.end is not None) == ("operations", True)
    assert [step.name for step in row.milestones.all()] == ["Go live"]
    assert tab.complaints == []


def test_no_page_makes_the_browser_complain(tab: Window) -> None:
    row = make.observation()
    for path in (
        "",
        "priorities/changeevent/",
        f"priorities/metric/{row.metric.pk}/change/",
        "priorities/observation/add/",
        "accounts/user/",
        "password_change/",
    ):
        tab.open(path)
        assert (path, tab.complaints) == (path, [])


def test_what_stands_below_a_row_fits_the_screen_of_a_laptop(tab: Window) -> None:
    """With all that is typed there in view: the reason of a milestone, the end of a priority."""
    step = make.milestone()
    tab.page.set_viewport_size({"width": 1280, "height": 800})
    for path in (
        f"priorities/initiative/{step.initiative.pk}/change/",
        f"priorities/plan/{step.initiative.plan.pk}/change/",
    ):
        page = tab.open(path)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert (path, width) == (path, 1280)
