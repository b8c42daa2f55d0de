"""A plan, a priority, an initiative or a metric at two dates: what differs, old and new."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from priorities.actions import initiatives, observations
from priorities.enums import Health, Visibility
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("summer")]

PLAN = "/plans/ita-2022-2023"
WORK = f"{PLAN}/initiatives/initiative-1"
METRIC = "/metrics/metric-1"
PAGES = (PLAN, f"{PLAN}/priorities/1", WORK, METRIC)
DATES = "?from=2022-04-30&to=2022-07-31"
Read = Callable[[str], dict[str, Any]]


def a_story() -> None:
    """An initiative that gets into trouble in July, and a metric with a restated value."""
    make.plan(adopted_on=dt.date(2022, 1, 10), now=make.at(2022, 1, 5))
    work = make.initiative(name="Fiber", now=make.at(2022, 1, 6))
    metric = make.metric(name="Calls", initiatives=[work], now=make.at(2022, 1, 7))
    step = make.milestone(name="Contract", due_on=dt.date(2022, 6, 30), now=make.at(2022, 1, 8))
    make.report(initiative=work, percent_complete=40, now=make.at(2022, 4, 5))
    first = make.observation(12, now=make.at(2022, 4, 6))
    make.meeting(held_on=dt.date(2022, 6, 15), now=make.at(2022, 4, 7))
    initiatives.revise_milestone(
        milestone=step,
        changes={"due_on": dt.date(2022, 9, 30)},
        reason="The vendor delivers late.",
        by=make.BY,
        now=make.at(2022, 7, 5),
    )
    make.report(
        initiative=work,
        period=make.period(dt.date(2022, 6, 30)),
        health=Health.OFF_TRACK,
        percent_complete=45,
        now=make.at(2022, 7, 6),
    )
    observations.correct_observation(
        observation=first, value=13, reason="Counted twice.", by=make.BY, now=make.at(2022, 7, 7)
    )
    initiatives.revise_initiative(
        initiative=work,
        changes={"name": "Fiber to all"},
        reason="The council renamed it.",
        by=make.BY,
        now=make.at(2022, 7, 8),
    )
    assert metric.code == "metric-1"


def differs(read: Read, path: str, dates: str = DATES) -> dict[str, tuple[Any, Any]]:
    found = read(f"{path}/compare.json{dates}")["differs"]
    return {each["fact"]: (each["old"], each["new"]) for each in found}


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, response.content
    return " ".join(response.content.decode().split())


def test_an_initiative_tells_every_fact_that_differs_and_no_other(read: Read) -> None:
    a_story()
    found = differs(read, WORK)
    milestone = next(name for name in found if name.startswith("milestone:"))
    moved = tuple(side["due_on"] for side in found.pop(milestone))
    assert moved == ("2022-06-30", "2022-09-30")
    assert found == {
        "state": ("on_track", "off_track"),
        "report:period": ("2022-03-31", "2022-06-30"),
        "report:percent": (40, 45),
        "report:cause": (None, "The vendor delivers late."),
        "report:recovery": (None, "Weekly calls with the vendor."),
        "report:recovery_on": (None, "2022-09-30"),
        "field:name": ("Fiber", "Fiber to all"),
    }


def test_a_metric_tells_its_restated_value(read: Read) -> None:
    a_story()
    value = {"value": 12, "missing": "", "quality": "final"}
    assert differs(read, METRIC) == {
        "value:2022-01-01/2022-03-31/": (value, value | {"value": 13, "quality": "revised"})
    }


def test_a_plan_and_a_priority_tell_counts_and_initiatives(read: Read) -> None:
    a_story()
    moved = {
        "count:on_track": (1, 0),
        "count:off_track": (0, 1),
        "initiative:initiative-1": ("on_track", "off_track"),
    }
    assert differs(read, PLAN) == moved
    assert differs(read, f"{PLAN}/priorities/1") == moved


def test_an_initiative_of_a_plan_leads_to_its_own_comparison(client: Client) -> None:
    a_story()
    way = f"{WORK}/compare/?from=2022-04-30&amp;to=2022-07-31"
    assert f'<a href="{way}">Fiber to all</a>' in page(client, f"{PLAN}/compare/{DATES}")


def test_too_many_metrics_are_said_and_not_rated(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_story()
    monkeypatch.setattr("dashboards.pages.compare_sides.MOST_METRICS", 0)
    assert "1 metrics are too many to rate" in page(client, f"{PLAN}/compare/{DATES}")
    assert "too many" not in page(client, f"{WORK}/compare/{DATES}")


def test_the_page_shows_both_sides_and_the_way_to_each(client: Client) -> None:
    a_story()
    found = page(client, f"{WORK}/compare/{DATES}")
    assert "<b>8 facts differ</b> between 30 Apr 2022 and 31 Jul 2022; " in found
    assert f'<a href="{WORK}/?as_of=2022-04-30">On 30 Apr 2022</a>' in found
    assert f'<a href="{WORK}/?as_of=2022-07-31">On 31 Jul 2022</a>' in found
    assert "due 30 Jun 2022</td><td>due 30 Sep 2022</td>" in found
    assert f'href="{PLAN}/changes/?from=2022-04-30&amp;to=2022-07-31"' in found


@pytest.mark.parametrize("path", PAGES)
def test_without_dates_it_looks_back_to_the_last_meeting(read: Read, path: str) -> None:
    a_story()
    found = read(f"{path}/compare.json")
    assert (found["from"], found["to"]) == ("2022-06-15", "2022-08-20")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("day", ["2022-07-31", "2022-08-20"])
def test_a_date_does_not_differ_from_itself(client: Client, path: str, day: str) -> None:
    a_story()
    found = page(client, f"{path}/compare/?from={day}&to={day}")
    assert "Nothing differs between these two dates." in found
    assert client.get(f"{path}/compare.json?from={day}&to={day}").json()["differs"] == []


@pytest.mark.parametrize("path", PAGES)
def test_before_it_was_public_there_is_nothing_to_set_it_against(client: Client, path: str) -> None:
    a_story()
    found = page(client, f"{path}/compare/?from=2021-12-31")
    assert "<b>Not yet public</b> on 31 Dec 2021; it is on 20 Aug 2022." in found
    assert "There is nothing to set it against." in found


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    "query",
    ["?from=yesterday", "?from=2022-07-31&to=2022-07-01", "?to=2099-01-01", "?from=0001-01-01"],
)
def test_dates_that_make_no_sense_are_refused(client: Client, path: str, query: str) -> None:
    a_story()
    assert client.get(f"{path}/compare/{query}").status_code == 400


def test_a_past_page_knows_nothing_later(client: Client, read: Read) -> None:
    a_story()
    found = read(f"{WORK}/compare.json?from=2022-03-01&as_of=2022-04-30")
    assert found["to"] == "2022-04-30"
    assert "Fiber to all" not in page(client, f"{WORK}/compare/?from=2022-03-01&as_of=2022-04-30")
    refused = client.get(f"{WORK}/compare/?to=2022-07-31&as_of=2022-04-30")
    assert refused.status_code == 400


def test_what_is_internal_is_told_at_neither_date(client: Client, read: Read) -> None:
    a_story()
    secret = make.initiative(name="Secret", visibility=Visibility.INTERNAL.value)
    make.metric(name="Open", initiatives=[secret])
    assert client.get(f"{PLAN}/initiatives/{secret.code}/compare/").status_code == 404
    for path in (*PAGES, "/metrics/metric-2"):
        assert "Secret" not in page(client, f"{path}/compare/{DATES[:16]}")
        assert secret.code not in client.get(f"{path}/compare.json{DATES[:16]}").content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_an_item_leads_to_its_comparison(client: Client, path: str) -> None:
    a_story()
    assert f'<a href="{path}/compare/">Compare two dates</a>' in page(client, f"{path}/")
    past = page(client, f"{path}/history/?as_of=2022-08-01")
    assert f'<a href="{path}/compare/?as_of=2022-08-01">Compare two dates</a>' in past


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(("path", "statements"), list(zip(PAGES, (9, 9, 15, 13), strict=True)))
def test_statements_whatever_the_size(
    path: str, statements: int, number: int, queries: Callable[[str], int]
) -> None:
    for _each in range(number):
        work = make.initiative()
        make.metric(initiatives=[work])
        make.milestone(initiative=work)
        make.report(initiative=work)
        make.observation()
    assert queries(f"{path}/compare/?from=2022-07-01") == statements
