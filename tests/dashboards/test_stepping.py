"""The plan at other dates: at its adoption, and from one reporting period to the next."""

import datetime as dt
import re

import pytest
from django.test import Client

from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("summer")]

PLAN = "/plans/ita-2022-2023/"


def steps(client: Client, query: str = "") -> list[tuple[str, str]]:
    """The links of the way through the reporting periods, each followed."""
    response = client.get(f"{PLAN}{query}")
    assert response.status_code == 200
    found = re.search(r"end of other reporting periods.*?</nav>", response.content.decode(), re.S)
    links = re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)</a>', found[0]) if found else []
    for url, _label in links:
        assert client.get(url).status_code == 200, url
    return links


def a_plan(adopted_on: dt.date = dt.date(2022, 1, 10)) -> None:
    make.plan(adopted_on=adopted_on, now=make.at(2022, 1, 5))
    make.periods(now=make.at(2022, 1, 6))
    make.initiative(now=make.at(2022, 1, 11))


def test_today_leads_back_to_the_period_that_ended_last(client: Client) -> None:
    a_plan()
    assert steps(client) == [(f"{PLAN}?as_of=2022-06-30", "Before: end of Q2 2022")]


def test_a_period_leads_to_the_one_before_and_the_one_after(client: Client) -> None:
    a_plan()
    make.report(now=make.at(2022, 4, 5))
    assert steps(client, "?as_of=2022-05-02") == [
        (f"{PLAN}?as_of=2022-03-31", "Before: end of Q1 2022"),
        (f"{PLAN}?as_of=2022-06-30", "After: end of Q2 2022"),
    ]
    assert steps(client, "?as_of=2022-03-31") == [
        (f"{PLAN}?as_of=2022-06-30", "After: end of Q2 2022")
    ]


def test_after_the_last_period_comes_today(client: Client) -> None:
    a_plan()
    assert steps(client, "?as_of=2022-06-30") == [
        (f"{PLAN}?as_of=2022-03-31", "Before: end of Q1 2022"),
        (PLAN, "After: today"),
    ]


def test_a_plan_without_periods_has_no_steps(client: Client) -> None:
    make.plan()
    assert steps(client) == []


def test_the_control_of_the_date_offers_the_adoption(client: Client) -> None:
    a_plan()
    link = f'<a href="{PLAN}?as_of=2022-01-10">At adoption, 10 Jan 2022</a>'
    assert link in client.get(PLAN).content.decode()
    assert link in client.get(f"{PLAN}?as_of=2022-06-30").content.decode()
    there = client.get(f"{PLAN}?as_of=2022-01-10")
    assert there.status_code == 200
    assert link not in there.content.decode()


def test_an_adoption_before_the_record_begins_is_not_offered(client: Client) -> None:
    a_plan(adopted_on=dt.date(2021, 12, 1))
    assert "At adoption" not in client.get(PLAN).content.decode()
