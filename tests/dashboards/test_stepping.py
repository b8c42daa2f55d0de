"""The plan at other dates: at its adoption, and from one reporting period to the next."""

import datetime as dt
import re

import pytest
from django.test import Client

from dashboards.pages.stepping import thinned
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("summer")]

PLAN = "/plans/ita-2022-2023/"


def nav(client: Client, query: str = "") -> str:
    """The way through the reporting periods."""
    response = client.get(f"{PLAN}{query}")
    assert response.status_code == 200
    found = re.search(r"end of other reporting periods.*?</nav>", response.content.decode(), re.S)
    return found[0] if found else ""


def steps(client: Client, query: str = "") -> list[tuple[str, str]]:
    """The steps back and on, each followed."""
    _marks, _end, ways = nav(client, query).partition("</ol>")
    links = re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)</a>', ways)
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
    assert nav(client) == ""


@pytest.mark.parametrize(
    ("query", "current"),
    [("", "Today"), ("?as_of=2022-03-31", "Q1 2022"), ("?as_of=2022-05-02", "")],
)
def test_every_period_is_a_mark_and_the_one_shown_is_the_current_one(
    client: Client, query: str, current: str
) -> None:
    a_plan()
    found = re.findall(
        r'<a href="([^"]*)"( aria-current="true")? title="([^"]*)">([^<]*)</a>', nav(client, query)
    )
    assert [(url, day, label) for url, _current, day, label in found] == [
        (f"{PLAN}?as_of=2022-03-31", "31 Mar 2022", "Q1 2022"),
        (f"{PLAN}?as_of=2022-06-30", "30 Jun 2022", "Q2 2022"),
        (PLAN, "20 Aug 2022", "Today"),
    ]
    assert [label for _url, marked, _day, label in found if marked] == [current] * bool(current)


def test_many_periods_are_thinned_to_quarters_and_years() -> None:
    months = [dt.date(2016 + n // 12, n % 12 + 1, 28) for n in range(72)]
    kept = thinned(months, fiscal_start_month=7)
    assert [f"{day:%Y-%m}" for day in kept] == [f"{year}-06" for year in range(2016, 2022)]
    kept = thinned(months[:48], fiscal_start_month=7)
    assert [f"{day:%m}" for day in kept] == ["03", "06", "09", "12"] * 4


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
