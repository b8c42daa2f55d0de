"""What is made up says so wherever it is told: on the page, and in its twin."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from priorities.actions.initiatives import revise_milestone
from priorities.enums import Provenance
from priorities.models import Milestone
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("summer")]

PLAN = "/plans/ita-2022-2023"
MADE_UP = "illustrative"
#: What a twin holds of rows that are facts or items, wherever it stands.
ROWS = ("newest_report", "changes", "coming_up", "history", "milestones", "reports")


@pytest.fixture(autouse=True)
def _made_up() -> None:
    """An initiative of the agency's own record; what happened to it is all made up."""
    make.plan()
    trust = {"provenance": Provenance.ILLUSTRATIVE}
    make.initiative(code="cloud", name="Cloud", lead_division=make.division(code="desk"))
    make.periods(**trust)
    make.report(period=make.period(dt.date(2022, 6, 30)), percent_complete=40, **trust)
    step = make.milestone(due_on=dt.date(2022, 9, 1), **trust)
    revise_milestone(
        milestone=step,
        changes={"due_on": dt.date(2022, 10, 1)},
        reason="Rain.",
        by="desk",
        now=make.moment(),
    )
    make.meeting(held_on=dt.date(2022, 9, 14), **trust)


def told(data: Any) -> list[Any]:
    """What each row of a twin says of itself."""
    if isinstance(data, list):
        return [trust for each in data for trust in told(each)]
    if not isinstance(data, dict):
        return []
    found = []
    for name, value in data.items():
        if name in ROWS:
            rows = value if isinstance(value, list) else [value]
            found += [row["provenance"] for row in rows if row]
        else:
            found += told(value)
    return found


@pytest.mark.parametrize(
    "twin", [f"{PLAN}.json", f"{PLAN}/initiatives.json", "/divisions/desk.json"]
)
def test_each_row_of_a_twin_that_is_made_up_says_so(client: Client, twin: str) -> None:
    assert {MADE_UP} == {trust for trust in told(client.get(twin).json()) if trust != "recorded"}


def test_the_reports_behind_the_twins_of_lists_say_so(client: Client) -> None:
    (row,) = client.get(f"{PLAN}/initiatives.json").json()["initiatives"]
    assert (row["provenance"], row["newest_report"]["provenance"]) == ("recorded", MADE_UP)
    plan = client.get(f"{PLAN}.json").json()
    assert {each["kind"] for each in plan["coming_up"]} == {"reports_due", "milestone", "meeting"}
    assert {each["provenance"] for each in plan["coming_up"]} == {MADE_UP}
    moved = next(each for each in plan["changes"] if each["item_type"] == "milestone")
    assert moved["provenance"] == MADE_UP


def test_what_became_of_a_step_far_ahead_is_marked_as_it_was_known_then(
    client: Client,
) -> None:
    def moves(query: str = "") -> list[str]:
        rows = client.get(f"{PLAN}.json{query}").json()["changes"]
        return [row["provenance"] for row in rows if row["item_type"] == "milestone"]

    (step,) = Milestone.objects.all()
    who = {"milestone": step, "by": "desk", "reason": "Rain."}
    revise_milestone(**who, changes={"due_on": dt.date(2024, 10, 1)}, now=make.moment())
    assert moves() == [MADE_UP, MADE_UP]
    page = client.get(f"{PLAN}/").content.decode()
    assert (
        "provenance--illustrative"
        in page.partition('<ul class="changes">')[2].partition("</ul>")[0]
    )
    then = make.moment()
    later = then + dt.timedelta(days=1)
    revise_milestone(**who, changes={"provenance": Provenance.PUBLISHED}, now=later)
    assert moves() == ["published"] * 3
    assert moves(f"?as_of={then.date()}") == [MADE_UP, MADE_UP]


@pytest.mark.parametrize("path", [f"{PLAN}/initiatives/", "/divisions/desk/"])
def test_a_status_that_was_made_up_is_marked_in_lists(client: Client, path: str) -> None:
    assert "provenance--illustrative" in client.get(path).content.decode()


def test_it_is_marked_at_the_top_of_its_page(client: Client) -> None:
    page = client.get(f"{PLAN}/initiatives/cloud/").content.decode()
    _before, _class, rest = page.partition('<p class="stands">')
    assert "provenance--illustrative" in rest.partition("</p>")[0]
