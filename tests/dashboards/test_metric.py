"""The page of one metric: value, reasons, revisions, breakdown, history."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from priorities.actions import observations
from priorities.enums import (
    Calendar,
    Direction,
    MetricKind,
    MissingReason,
    Quality,
    TargetPath,
)
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("summer")]

PAGE, TWIN = "/metrics/calls/", "/metrics/calls.json"
Read = Callable[[str], dict[str, Any]]
TIGHT = "\N{NO-BREAK SPACE}"


def fiscal_year(first: int) -> dict[str, dt.date]:
    return {"start": dt.date(first, 7, 1), "end": dt.date(first + 1, 6, 30)}


def calls(values: tuple[int, ...] = (63, 81, 89), **fields: Any) -> None:
    """Calls answered: percents by fiscal year up to FY 2021-22, with a target of 90."""
    make.plan()
    defaults = {"kind": MetricKind.PERCENT, "symbol": "%", "calendar": Calendar.FISCAL_YEAR}
    make.metric(code="calls", name="Calls answered", **(defaults | {"grace_days": 90} | fields))
    for year, value in zip(range(2022 - len(values), 2022), values, strict=True):
        last = value == values[-1]
        quality = Quality.PROVISIONAL if last else Quality.FINAL
        make.observation(value, quality=quality, source="Budget", **fiscal_year(year))
    make.target(90, period_start=dt.date(2021, 7, 1), end=dt.date(2022, 6, 30))


def shown(client: Client, path: str = PAGE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode().replace(TIGHT, " ")


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("query", ["", "?as_of=2022-08-01"])
def test_seven_statements_whatever_the_size(
    number: int, query: str, queries: Callable[[str], int]
) -> None:
    calls(tuple(range(60, 60 + 3 * number)))
    assert queries(f"{PAGE}{query}") == 7


@pytest.mark.parametrize("path", [TargetPath.STRAIGHT_LINE, TargetPath.STEP])
def test_the_way_leads_to_the_target_and_not_to_what_is_expected_on_it(
    path: TargetPath, client: Client
) -> None:
    make.plan()
    make.metric(code="calls", calendar=Calendar.CALENDAR_YEAR, path=path)
    make.baseline(40, on=dt.date(2021, 1, 1))
    make.target(100, end=dt.date(2022, 12, 31))
    make.observation(66, start=dt.date(2021, 1, 1), end=dt.date(2021, 12, 31))
    page = shown(client)
    assert "From baseline to target" in page
    assert "43% of the way" in page


def test_the_arithmetic_behind_the_status(client: Client) -> None:
    calls()
    make.baseline(63, on=dt.date(2013, 6, 30))
    page = shown(client)
    assert "Why “near target”?" in page
    assert "<li>Target for FY 2021-22: <strong>90%</strong></li>" in page
    assert "<li>Actual: 89%, short by <strong>1 point</strong></li>" in page
    assert (
        "<li>Tolerance: 10% of the way from baseline 63% to 90% = <strong>2.7 points</strong>"
        in page
    )
    assert "<li>1 point ≤ 2.7 points, so <strong>near target</strong></li>" in page


def test_the_figures_at_the_top(client: Client) -> None:
    calls()
    page = shown(client)
    assert '<b>89<span class="figure__unit">%</span></b> <span>FY 2021-22, estimate</span>' in page
    assert "<b>+8 points</b> <span>since FY 2020-21</span>" in page


def test_zero_is_a_value_and_a_missing_one_has_its_reason(client: Client, read: Read) -> None:
    calls((5, 0), direction=Direction.DECREASE)
    make.observation(
        None, missing_reason=MissingReason.NOT_PUBLISHED, **fiscal_year(2022), quality=Quality.FINAL
    )
    page = shown(client)
    assert '<b>0<span class="figure__unit">%</span></b>' in page
    assert "FY 2022-23 has no value: not published." in page
    assert [row["value"] for row in read(TWIN)["observations"]] == [5, 0, None]


def test_a_corrected_value_stays_with_its_reason(client: Client, read: Read) -> None:
    calls()
    old = make.observation(70, **fiscal_year(2018), source="Budget")
    observations.correct_observation(
        observation=old, value=72, reason="Late calls came in.", by="a test", now=make.moment()
    )
    page = shown(client)
    assert "Restated from 70%" in page
    assert 'href="#revisions"' in page
    assert "Late calls came in." in page
    rows = [row for row in read(TWIN)["observations"] if row["end"] == "2019-06-30"]
    assert [(row["value"], row["in_force"]) for row in rows] == [(70, False), (72, True)]


def test_values_by_category_name_their_share(client: Client) -> None:
    make.plan()
    language = make.dimension(code="language", name="Language")
    make.category(dimension=language, code="es", name="Spanish", order=1)
    make.category(dimension=language, code="ko", name="Korean", order=2)
    make.metric(code="calls", name="Calls", dimensions=[language])
    make.observation(40)
    make.observation(30, categories="language=es")
    make.observation(10, categories="language=ko")
    page = shown(client)
    assert '<h2 id="breakdown">By language</h2>' in page
    assert '30 calls<span class="table-detail">75%</span>' in page
    assert page.index("Spanish") < page.index("Korean")
    assert "for Q1 2022, Spanish:" in page


def test_a_forecast_says_how_often_its_range_held(client: Client, read: Read) -> None:
    calls((63, 66, 70, 69, 74, 77, 80, 83))
    assert "Tried on its own past, the range held in" in shown(client)
    assert read(TWIN)["forecast"]["n"] == 8


def test_too_few_periods_get_no_forecast(client: Client) -> None:
    calls()
    text = "No forecast yet: it takes 6 periods of one length, and there are 3."
    assert text in shown(client)


def test_the_twin_names_no_person(read: Read) -> None:
    calls()
    found = read(TWIN)
    assert "recorded_by" not in str(found)
    assert found["standing"]["state"] == "off_target"
    assert found["standing"]["shortfall"] == 1


def test_an_unknown_metric_is_not_there(client: Client) -> None:
    calls()
    answer = client.get("/metrics/none/")
    assert answer.status_code == 404
    assert "There is no metric “none”." in answer.content.decode()


def test_a_metric_of_later_says_since_when_it_is_known(client: Client) -> None:
    make.plan()
    make.metric(code="calls", now=make.at(2022, 5, 1))
    answer = client.get(f"{PAGE}?as_of=2022-04-01")
    assert answer.status_code == 404
    assert "It is known from 1 May 2022 on." in answer.content.decode()


def test_links_keep_the_date(client: Client) -> None:
    calls()
    assert 'href="/method/?as_of=2022-08-01#metrics"' in shown(client, f"{PAGE}?as_of=2022-08-01")


def test_an_illustrative_metric_is_marked(client: Client) -> None:
    calls(provenance="illustrative")
    assert "provenance--illustrative" in shown(client)
