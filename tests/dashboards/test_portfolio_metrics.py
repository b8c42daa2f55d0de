"""The table of metrics: filters of the public list, columns, and the same in a file."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from dashboards.pages.portfolio_metrics import build_metrics_export, build_portfolio_metrics
from dashboards.pages.portfolio_table import Export, PortfolioTablePage
from dashboards.pages.portfolio_ways import Ways
from dashboards.visit import BadQuestion, Visit
from priorities.assessment.periods import AsOf
from priorities.enums import Provenance, Quality
from priorities.models import Metric
from priorities.queries.head import head
from tests import factories as make
from tests.worker import forget

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("summer")]

WAYS = Ways(
    overview="/review/",
    table="/review/table/",
    metrics="/review/table/metrics/",
    timeline="/review/timeline/",
    disagreements="/review/disagreements/",
    questions="/review/questions/",
    ask=lambda kind, **codes: f"/ask/{kind}/{'/'.join(codes.values())}/",
    rate=lambda kind, **codes: f"/rate/{kind}/{'/'.join(codes.values())}/",
    may_rate=lambda kind, keys: keys,
)
TZ = make.LOS_ANGELES


def visit(query: str = "", path: str = "/review/table/metrics/") -> Visit:
    """A reviewer's question on 20 Aug 2022, at noon."""
    as_of = AsOf.now(make.at(2022, 8, 20, 12), TZ)
    return Visit(path, QueryDict(query), as_of, dt.date(2022, 8, 20), TZ, "", head().revision)


def page(query: str = "") -> PortfolioTablePage:
    return build_portfolio_metrics(visit=visit(query), ways=WAYS)


def export(query: str = "") -> Export:
    return build_metrics_export(
        visit=visit(query, "/review/table/metrics.csv"), address="http://portal.example.org"
    )


def calls(value: int = 90, trust: str = Provenance.RECORDED, **values: object) -> Metric:
    """A metric with a value of the second quarter, held against a target of 100."""
    metric = make.metric(**({"name": "Calls"} | values))
    quarter = {"start": dt.date(2022, 4, 1), "end": dt.date(2022, 6, 30)}
    make.target(100, metric=metric, period_start=quarter["start"], end=quarter["end"])
    make.observation(value, metric=metric, provenance=trust, **quarter)
    return metric


def test_the_usual_columns() -> None:
    calls(lead_division=make.division(name="Operations"))
    found = page()
    assert [column.label for column in found.table.columns] == [
        "Metric", "Status", "Newest value", "Of the period", "Held against", "Lead division",
        "Ask", "Rate",
    ]  # fmt: skip
    row = found.table.rows[0]
    assert row[1].pill is not None
    assert [row[0].text, row[1].pill.label, *(cell.text for cell in row[2:])] == [
        "Calls", "Off target", "90\xa0calls", "Q2 2022", "Target 100\xa0calls", "Operations",
        "Ask", "Rate",
    ]  # fmt: skip


def test_filters_and_columns_go_together_into_every_way_on() -> None:
    calls(name="Calls")
    calls(110, name="Visits")
    found = page("status=on_target&columns=code,difference&sort=name")
    assert [row[0].text for row in found.table.rows] == ["Visits"]
    carried = "columns=code%2Cdifference&status=on_target&sort=name"
    assert found.query == carried
    assert [link.url for link in found.downloads] == [
        f"/review/table/metrics.csv?{carried}", f"/review/table/metrics.xlsx?{carried}",
    ]  # fmt: skip
    assert found.form.active[0].url == "/review/table/metrics/?columns=code%2Cdifference&sort=name"
    assert found.of == "metrics"
    assert [(link.label, link.url) for link in found.kinds] == [
        ("Initiatives", "/review/table/"), ("Metrics", ""),
    ]  # fmt: skip


def test_a_file_holds_numbers_and_their_unit() -> None:
    calls(code="calls")
    found = export("columns=status,newest,period,difference")
    assert found.headers == (
        "Metric", "Status", "Days overdue", "Last said", "Newest value", "Unit", "Estimate",
        "Of the period", "Difference", "Provenance",
    )  # fmt: skip
    assert list(found.rows) == [
        ["Calls", "Off target", None, None, Decimal(90), "calls", None, dt.date(2022, 6, 30),
         Decimal(-10), "Recorded by the agency"],
    ]  # fmt: skip
    about = dict(found.about)
    assert about["Rows"] == "1 metric"
    assert about["Off target"] == "It is short of that by more than the tolerance."
    assert about["This very table"].startswith(
        "http://portal.example.org/review/table/metrics/?columns="
    )
    assert about["This very table"].endswith("&as_of=2022-08-20T12%3A00%3A00-07%3A00")


def test_a_file_says_what_was_said_last_and_what_is_an_estimate() -> None:
    silent = make.metric(name="Silent", provenance=Provenance.PUBLISHED)
    spring = {"start": dt.date(2022, 1, 1), "end": dt.date(2022, 3, 31)}
    make.target(100, metric=silent, period_start=spring["start"], end=spring["end"])
    told = {"quality": Quality.PROVISIONAL, "provenance": Provenance.INFERRED}
    make.observation(110, metric=silent, **told, **spring)
    shown = page("columns=status,newest").table.rows[0]
    assert (shown[1].detail, shown[2].detail) == ("Last said: on target", "estimate")
    found = export("columns=status,newest")
    assert dict(zip(found.headers, next(found.rows), strict=True)) == {
        "Metric": "Silent",
        "Status": "Overdue",
        "Days overdue": 36,
        "Last said": "On target",
        "Newest value": Decimal(110),
        "Unit": "calls",
        "Estimate": "yes",
        # Of the value, as on the page: the metric itself was published.
        "Provenance": "Inferred",
    }
    assert "Estimate" in dict(found.about)
    assert export("columns=code").headers == ("Metric", "Code", "Provenance")


def test_metrics_are_marked_as_their_newest_values_are() -> None:
    calls(name="Told", trust=Provenance.INFERRED)
    calls(name="Own")
    rows = page("sort=name").table.rows
    assert [(row[0].text, [mark.label for mark in row[0].marks]) for row in rows] == [
        ("Own", []),
        ("Told", ["Inferred"]),
    ]


def test_one_asks_and_rates_without_a_search_between() -> None:
    calls(code="calls")
    assert [cell.url for cell in page().table.rows[0][-2:]] == [
        "/ask/metric/calls/",
        "/rate/metric/calls/",
    ]


def test_zero_is_a_value_and_none_is_not() -> None:
    calls(0, name="Zero")
    make.metric(name="Silent")
    rows = list(export("columns=newest&sort=name").rows)
    assert [(row[0], row[1]) for row in rows] == [("Silent", None), ("Zero", Decimal(0))]
    shown = page("columns=newest&sort=name").table.rows
    assert [row[1].text for row in shown] == ["–", "0\xa0calls"]


@pytest.mark.parametrize("query", ["columns=salary", "status=splendid", "page=x"])
def test_what_does_not_exist_is_refused(query: str) -> None:
    calls()
    with pytest.raises(BadQuestion):
        page(query)


def test_internal_metrics_are_not_among_the_rows() -> None:
    calls()
    make.metric(name="MARKED", visibility="internal")
    assert [row[0] for row in export().rows] == ["Calls"]


@pytest.mark.parametrize("number", [1, 3])
def test_a_constant_number_of_statements(number: int) -> None:
    for _each in range(number):
        calls(lead_division=make.division())
    asked = visit()
    forget()
    with CaptureQueriesContext(connection) as captured:
        build_portfolio_metrics(visit=asked, ways=WAYS)
    assert len(captured) == 3
