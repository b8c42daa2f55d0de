"""Plan work in a real browser: no barriers in any state, usable at 320 px, orders by dragging."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from playwright.sync_api import Page

from priorities.actions import initiatives
from priorities.models import Initiative, Priority
from tests import factories as make
from tests.browser.looking import NARROW, WIDE, barriers, follow, sideways
from tests.priorities.admin.test_browser import SITE, Window
from tests.priorities.views.managing import administrator

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _july_2022() -> Iterator[None]:
    with time_machine.travel(make.at(2022, 7, 15), tick=False):
        yield


@pytest.fixture
def tab(page: Page) -> Window:
    """A tab of a plan administrator."""
    return Window(page, administrator())


def at(tab: Window, name: str, **kwargs: Any) -> Page:
    tab.page.goto(SITE + reverse(f"priorities:{name}", kwargs=kwargs))
    tab.page.wait_for_load_state("networkidle")
    return tab.page


def a_plan() -> Initiative:
    """A plan with something in each list."""
    row = make.initiative(lead_division=make.division(), summary="Before")
    make.priority(plan=row.plan)
    make.initiative(priority=row.priority)
    make.periods()
    make.milestone(initiative=row)
    make.report(initiative=row)
    make.metric(initiatives=[row])
    make.target()
    make.target(110, reason="More.")
    make.baseline()
    return row


def looked_at(page: Page) -> dict[str, list[str]]:
    """What bars people in the page as it stands: wide, narrow and in the dark."""
    found = {}
    for scheme, size in (("light", WIDE), ("light", NARROW), ("dark", WIDE)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size(size)  # type: ignore[arg-type]
        found[f"{scheme} {size['width']}"] = barriers(page) + sideways(page)
    page.emulate_media(color_scheme="light")
    return {state: what for state, what in found.items() if what}


def test_no_page_bars_anyone(tab: Window) -> None:
    row = a_plan()
    plan, item = {"plan": row.plan.code}, {"plan": row.plan.code, "initiative": row.code}
    measure = {"metric": "metric-1"}
    wrong = {}
    for name, kwargs in (
        ("manage", {}),
        ("manage-plan", plan),
        ("manage-plan-edit", plan),
        ("manage-plan-state", plan),
        ("manage-plan-order", plan),
        ("manage-carry-over", plan),
        ("manage-periods", plan),
        ("manage-initiative", item),
        ("manage-initiative-edit", item),
        ("manage-initiative-close", item),
        ("manage-metrics", {}),
        ("manage-metric", measure),
        ("manage-metric-edit", measure),
        ("manage-target-add", measure),
        ("manage-divisions", {}),
    ):
        if found := looked_at(at(tab, name, **kwargs)):
            wrong[name] = found
    assert wrong == {}
    assert tab.complaints == []


def test_no_state_of_a_form_bars_anyone(tab: Window) -> None:
    row = a_plan()
    kwargs = {"plan": row.plan.code, "initiative": row.code}
    page = at(tab, "manage-initiative-edit", **kwargs)
    page.fill("#id_name", "")
    follow(page.locator(".button-row button"))
    assert page.locator(".error-summary").is_visible()
    assert page.evaluate("document.activeElement.className") == "error-summary"
    states = {"errors": looked_at(page)}
    page.fill("#id_name", "Renamed")
    page.fill("#id_summary", "Mine")
    follow(page.locator(".button-row button"))
    states["preview"] = looked_at(page)
    initiatives.revise_initiative(
        initiative=row, changes={"summary": "Theirs", "tags": ["one"]}, by="B", now=make.moment()
    )
    follow(page.get_by_role("button", name="Save and publish"))
    assert page.get_by_role("heading", level=1).inner_text() == (
        "Somebody else saved this while you were typing"
    )
    states["conflict"] = looked_at(page)
    assert states == {"errors": {}, "preview": {}, "conflict": {}}


def test_rows_are_moved_by_dragging_and_by_the_keyboard_without_a_round_trip(tab: Window) -> None:
    plan = make.plan()
    rows = [make.priority(plan=plan, code=code, name=code.upper()) for code in "abc"]
    page = at(tab, "manage-plan-order", plan=plan.code)

    def shown() -> list[str]:
        return page.locator(".order__name").all_inner_texts()

    page.get_by_role("button", name="Move A down").press("Enter")
    assert shown() == ["B", "A", "C"]
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Move A down"
    assert page.locator("[data-order-said]").inner_text() == "A: Now number 2"
    page.locator(".order__row", has_text="C").drag_to(page.locator(".order__row", has_text="B"))
    assert shown()[-1] != "C"
    page.locator(f"[name=place_{rows[2].pk}]").fill("1")
    page.locator(f"[name=place_{rows[0].pk}]").fill("3")
    page.locator(f"[name=place_{rows[1].pk}]").fill("2")
    follow(page.get_by_role("button", name="Look at the change").last)
    follow(page.get_by_role("button", name="Save and publish"))
    order = Priority.objects.order_by("order").values_list("code", flat=True)
    assert list(order) == ["c", "b", "a"]
    assert tab.complaints == []
