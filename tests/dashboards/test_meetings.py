"""The meetings of a plan on its public pages: the next one, the last one, what became of them."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from priorities.actions import plans
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("summer")]

PLAN = "/plans/ita-2022-2023/"


def meeting(held_on: dt.date, known: tuple[int, int] = (1, 6), **values: Any) -> Any:
    return make.meeting(held_on=held_on, now=make.at(2022, *known), **values)


def a_plan() -> None:
    make.plan(adopted_on=dt.date(2022, 1, 10), now=make.at(2022, 1, 5))
    meeting(dt.date(2022, 3, 16))
    meeting(dt.date(2022, 6, 15))
    meeting(dt.date(2022, 9, 21), name="Technology committee", agenda_url="https://example.org/a")
    work = make.initiative(now=make.at(2022, 1, 11))
    make.metric(now=make.at(2022, 1, 12), initiatives=[work])


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_the_plan_says_when_it_is_reviewed_next(client: Client) -> None:
    a_plan()
    found = page(client, PLAN)
    assert '<a href="https://example.org/a">21 Sep 2022</a>' in found
    assert "Meeting: Technology committee" in found


@pytest.mark.parametrize(
    "path",
    [
        PLAN,
        f"{PLAN}priorities/1/",
        f"{PLAN}initiatives/",
        f"{PLAN}initiatives/initiative-1/",
        f"{PLAN}history/",
        "/metrics/metric-1/",
        "/metrics/metric-1/history/",
    ],
)
def test_every_page_of_the_plan_leads_to_the_last_meeting(client: Client, path: str) -> None:
    a_plan()
    link = f'<a href="{path}?as_of=2022-06-15">Last meeting, 15 Jun 2022</a>'
    assert link in page(client, path)
    there = page(client, f"{path}?as_of=2022-06-15")
    assert f'<a href="{path}?as_of=2022-03-16">The meeting before, 16 Mar 2022</a>' in there


def test_a_day_before_an_item_was_there_is_not_offered_on_its_page(client: Client) -> None:
    a_plan()
    make.initiative(name="Late", now=make.at(2022, 7, 1))
    found = page(client, f"{PLAN}initiatives/initiative-2/")
    assert "Last meeting" not in found
    assert "At adoption" not in found
    assert "Last meeting" in page(client, f"{PLAN}initiatives/")


def test_the_first_page_leads_to_the_plan_as_it_was(client: Client) -> None:
    a_plan()
    assert f'<a href="{PLAN}?as_of=2022-06-15">Last meeting' in page(client, "/")


def test_the_other_answers_of_the_page_go_along(client: Client) -> None:
    a_plan()
    found = page(client, f"{PLAN}initiatives/?q=initiative&page=1")
    assert f"{PLAN}initiatives/?q=initiative&amp;as_of=2022-06-15" in found


def test_two_dates_are_left_behind(client: Client) -> None:
    a_plan()
    found = page(client, f"{PLAN}changes/?from=2022-07-01&to=2022-08-01")
    assert f'"{PLAN}changes/?as_of=2022-06-15"' in found


def test_a_meeting_of_today_is_the_next_and_not_the_last(client: Client) -> None:
    make.plan(now=make.at(2022, 1, 5))
    meeting(dt.date(2022, 8, 20))
    found = page(client, PLAN)
    assert "Next meeting" in found
    assert "Last meeting" not in found


def test_a_meeting_before_the_record_is_not_offered(client: Client) -> None:
    make.plan(now=make.at(2022, 1, 5))
    meeting(dt.date(2021, 12, 15))
    assert "Last meeting" not in page(client, PLAN)


def test_a_meeting_that_was_called_off_counts_no_more(
    client: Client, read: Callable[[str], dict[str, Any]]
) -> None:
    a_plan()
    row = meeting(dt.date(2022, 8, 3), known=(1, 12))
    assert "Last meeting, 3 Aug 2022" in page(client, PLAN)
    plans.revise_meeting(
        meeting=row,
        changes={"called_off": True},
        reason="The chamber is being repaired.",
        by=make.BY,
        now=make.at(2022, 8, 1),
    )
    assert "Last meeting, 15 Jun 2022" in page(client, PLAN)
    told = read("/plans/ita-2022-2023.json")["meetings"]
    assert [(each["on"], each["called_off"]) for each in told] == [
        ("2022-03-16", False),
        ("2022-06-15", False),
        ("2022-08-03", True),
        ("2022-09-21", False),
    ]
    history = page(client, f"{PLAN}history/")
    assert "A meeting called off" in " ".join(history.split())
    assert "The chamber is being repaired." in history


def test_a_moved_meeting_stands_where_it_was_known_to_stand(
    client: Client, read: Callable[[str], dict[str, Any]]
) -> None:
    make.plan(now=make.at(2022, 1, 5))
    row = meeting(dt.date(2022, 6, 15))
    plans.revise_meeting(
        meeting=row,
        changes={"held_on": dt.date(2022, 9, 7)},
        reason="No quorum.",
        by=make.BY,
        now=make.at(2022, 6, 14),
    )
    assert read("/plans/ita-2022-2023.json")["meetings"][0]["on"] == "2022-09-07"
    before = read("/plans/ita-2022-2023.json?as_of=2022-06-01")
    assert before["meetings"][0]["on"] == "2022-06-15"
    assert before["coming_up"] == [{"kind": "meeting", **before["meetings"][0]}]


def test_the_meetings_of_another_plan_are_its_own(client: Client) -> None:
    a_plan()
    other = make.plan(code="other", now=make.at(2022, 1, 13))
    meeting(dt.date(2022, 7, 7), known=(1, 13), plan=other)
    assert "7 Jul 2022" not in page(client, PLAN)
    assert "Last meeting, 7 Jul 2022" in page(client, "/plans/other/")


@pytest.mark.parametrize("number", [1, 3])
def test_meetings_take_no_statement_of_their_own(
    number: int, queries: Callable[[str], int]
) -> None:
    make.plan(now=make.at(2022, 1, 5))
    make.initiative(now=make.at(2022, 1, 6))
    for each in range(number):
        meeting(dt.date(2022, 6, 15) + dt.timedelta(days=each))
    assert queries(PLAN) == 5
