"""How status is decided: live constants, examples rated by the same code."""

import datetime as dt
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client

from priorities.assessment import metric_status
from priorities.enums import Calendar, Health, TargetPath
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("summer")]

PAGE, TWIN = "/method/", "/method.json"
Read = Callable[[str], dict[str, Any]]


def a_plan_with_metrics() -> None:
    """A plan with an initiative that is at risk and a metric long enough to be forecast."""
    priority = make.priority()
    make.report(
        initiative=make.initiative(priority=priority, name="Fiber"),
        period=make.period(dt.date(2022, 6, 30)),
        health=Health.AT_RISK,
    )
    metric = make.metric(
        code="calls", name="Calls", calendar=Calendar.FISCAL_YEAR, priorities=[priority]
    )
    for year, value in zip(range(2013, 2022), (40, 44, 47, 52, 55, 61, 64, 70, 73), strict=True):
        span = {"start": dt.date(year, 7, 1), "end": dt.date(year + 1, 6, 30)}
        make.observation(value, metric=metric, **span)
    make.baseline(40, metric=metric, on=dt.date(2014, 6, 30))
    make.target(80, metric=metric, period_start=dt.date(2021, 7, 1), end=dt.date(2022, 6, 30))


def test_the_headings_that_other_pages_lead_to(client: Client) -> None:
    a_plan_with_metrics()
    shown = client.get(PAGE).content.decode()
    for heading in ("metrics", "initiatives", "freshness", "forecast", "provenance", "history"):
        assert f'<h2 id="{heading}">' in shown


def test_headings_are_in_order(client: Client) -> None:
    a_plan_with_metrics()
    levels = [int(n) for n in re.findall(r"<h([1-6])", client.get(PAGE).content.decode())]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_examples_are_rated_by_the_same_code(client: Client, read: Read) -> None:
    a_plan_with_metrics()
    shown = client.get(PAGE).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "<li>Actual: 73 calls, short by <strong>7 calls</strong></li>" in shown
    assert "<li>7 calls &gt; 4 calls, so <strong>off target</strong></li>" in shown
    assert "(73 calls − 40 calls) ÷ (80 calls − 40 calls) = <strong>83%" in shown
    assert "Its owner reported “At risk”." in shown
    assert read(TWIN)["examples"]["metrics"] == {"off_target": "calls"}
    assert read(TWIN)["examples"]["forecast"]["metric"] == "calls"


@pytest.mark.parametrize("path", [TargetPath.STRAIGHT_LINE, TargetPath.STEP])
def test_attainment_is_reckoned_to_the_target_that_lies_ahead(
    path: TargetPath, client: Client
) -> None:
    make.metric(
        code="calls", calendar=Calendar.CALENDAR_YEAR, path=path, priorities=[make.priority()]
    )
    make.baseline(40, on=dt.date(2021, 1, 1))
    make.target(100, end=dt.date(2022, 12, 31))
    make.observation(66, start=dt.date(2021, 1, 1), end=dt.date(2021, 12, 31))
    shown = client.get(PAGE).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "(66 calls − 40 calls) ÷ (100 calls − 40 calls) = <strong>43%" in shown


def test_the_constants_are_those_of_the_rules(client: Client, read: Read) -> None:
    make.plan()
    found = read(TWIN)["constants"]
    assert found["tolerance_share"] == float(metric_status.TOLERANCE_SHARE)
    assert found["forecast"]["needed_periods"] == 6
    assert "else 10% of the way from the baseline" in client.get(PAGE).content.decode()


def test_the_real_due_dates(client: Client) -> None:
    a_plan_with_metrics()
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", client.get(PAGE).content.decode())
    assert ("15 Jul 2022", "due date past") in pairwise(cells)
    assert ("15 Oct 2022", "running") in pairwise(cells)


@pytest.mark.parametrize("query", ["", "?as_of=2022-08-01"])
@pytest.mark.parametrize("number", [1, 3])
def test_ten_statements_whatever_the_size(
    number: int, query: str, queries: Callable[[str], int]
) -> None:
    a_plan_with_metrics()
    for _each in range(number):
        make.initiative()
        make.metric()
    assert queries(f"{PAGE}{query}") == 10


def test_without_any_plan_the_rules_still_stand(client: Client) -> None:
    assert client.get(PAGE).status_code == 200


def test_before_the_record_begins_there_is_nothing(client: Client) -> None:
    make.plan()
    assert client.get(f"{PAGE}?as_of=2001-01-01").status_code == 404
