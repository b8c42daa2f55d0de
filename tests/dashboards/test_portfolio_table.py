"""The table of everything: filters, columns, and the same in a file."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from dashboards.pages.portfolio_table import (
    Export,
    PortfolioTablePage,
    build_portfolio_export,
    build_portfolio_table,
)
from dashboards.pages.portfolio_ways import Ways
from dashboards.visit import BadQuestion, PageNotFound, Visit
from priorities.actions import initiatives
from priorities.assessment.periods import AsOf
from priorities.enums import Health, Provenance
from priorities.models import Initiative
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
TODAY = dt.date(2022, 8, 20)


def visit(query: str = "", path: str = "/review/table/") -> Visit:
    """A reviewer's question on 20 Aug 2022, at noon."""
    asked = QueryDict(query)
    as_of = AsOf.now(make.at(2022, 8, 20, 12), TZ)
    if day := asked.get("as_of"):
        as_of = AsOf.end_of(dt.date.fromisoformat(day), TZ)
    return Visit(path, asked, as_of, TODAY, TZ, "", head().revision)


def page(query: str = "") -> PortfolioTablePage:
    return build_portfolio_table(visit=visit(query), ways=WAYS)


def export(query: str = "") -> Export:
    return build_portfolio_export(
        visit=visit(query, "/review/table.csv"), address="http://portal.example.org"
    )


def reported(health: Health = Health.ON_TRACK, **values: Any) -> Initiative:
    """An initiative that reported for the second quarter, in July."""
    work = make.initiative(now=max(make.moment(), make.at(2022, 7, 5)), **values)
    period = make.period(dt.date(2022, 6, 30), plan=work.plan)
    make.report(initiative=work, health=health, period=period, percent_complete=40)
    return work


def heads(found: PortfolioTablePage) -> list[str]:
    """The columns, without the last two: ways to ask and to rate, and no facts."""
    *columns, ask, rate = [column.label for column in found.table.columns]
    assert (ask, rate) == ("Ask", "Rate")
    return columns


def names(found: PortfolioTablePage) -> list[str]:
    return [row[0].text for row in found.table.rows]


def test_the_usual_columns() -> None:
    reported(name="Cloud", lead_division=make.division(name="Operations"))
    make.owner(person=make.person(name="Olga"))
    found = page()
    assert heads(found) == [
        "Initiative", "Status", "Priority", "Lead division", "Owner", "Percent complete",
        "Newest report",
    ]  # fmt: skip
    row = found.table.rows[0]
    assert row[1].pill is not None
    assert row[1].pill.label == "On track"
    assert [cell.text for cell in (row[0], *row[2:])] == [
        "Cloud", "1", "Operations", "Olga", "40%", "5\xa0Jul\xa02022", "Ask", "Rate",
    ]  # fmt: skip


def test_one_asks_and_rates_without_a_search_between() -> None:
    reported(code="cloud")
    assert [cell.url for cell in page().table.rows[0][-2:]] == [
        "/ask/initiative/ita-2022-2023/cloud/",
        "/rate/initiative/ita-2022-2023/cloud/",
    ]


def test_each_name_is_marked_for_how_far_it_can_be_trusted() -> None:
    reported(name="Told", provenance=Provenance.INFERRED)
    reported(name="Own")
    found = page()
    assert [[mark.label for mark in row[0].marks] for row in found.table.rows] == [["Inferred"], []]
    assert found.table.columns[0].marks == ()


def test_the_column_is_marked_once_where_all_are_alike() -> None:
    for _each in range(2):
        reported(provenance=Provenance.INFERRED)
    found = page()
    assert [mark.label for mark in found.table.columns[0].marks] == ["Inferred"]
    assert [row[0].marks for row in found.table.rows] == [(), ()]


@pytest.mark.parametrize("query", ["columns=moves&columns=code", "columns=code,moves"])
def test_columns_are_chosen_by_form_or_by_address_and_keep_their_order(query: str) -> None:
    reported(code="cloud", name="Cloud")
    found = page(query)
    assert heads(found) == ["Initiative", "Code", "Dates moved"]
    assert found.query == "plan=ita-2022-2023&columns=code%2Cmoves"
    assert found.columns_usual is not None


def test_what_is_searched_for_stands_in_every_way_on() -> None:
    reported()
    found = page("q=init&columns=code&as_of=2022-08-01")
    carried = "plan=ita-2022-2023&columns=code&q=init&as_of=2022-08-01"
    assert [link.url for link in found.downloads] == [
        f"/review/table.csv?{carried}",
        f"/review/table.xlsx?{carried}",
    ]
    assert {(one.name, one.value) for one in found.columns_hidden} == {
        ("plan", "ita-2022-2023"), ("q", "init"), ("as_of", "2022-08-01"),
    }  # fmt: skip
    # A saved view shows today, so it keeps no date.
    assert found.query == "plan=ita-2022-2023&columns=code&q=init"


def test_filters_are_those_of_the_public_list() -> None:
    reported(name="Fine")
    reported(Health.AT_RISK, name="Shaky")
    assert names(page("status=at_risk")) == ["Shaky"]
    assert page("status=at_risk").found == "1 of 2 initiatives"
    assert page("q=zzzz").empty is not None


@pytest.mark.parametrize("query", ["columns=salary", "status=splendid", "page=x"])
def test_what_does_not_exist_is_refused(query: str) -> None:
    reported()
    with pytest.raises(BadQuestion):
        page(query)


def test_a_page_beyond_the_end_is_not_found() -> None:
    reported()
    with pytest.raises(PageNotFound):
        page("page=2")


def test_fifty_a_page_and_everything_in_a_file() -> None:
    for _each in range(51):
        make.initiative()
    assert len(page().table.rows) == 50
    assert len(page("page=2").table.rows) == 1
    assert len(list(export("page=2").rows)) == 51


def test_a_file_holds_typed_values_and_what_the_status_says_besides() -> None:
    work = reported(code="cloud", name="Cloud")
    for day in (dt.date(2022, 12, 31), dt.date(2023, 1, 31)):
        initiatives.revise_initiative(
            initiative=work, changes={"end": day}, by=make.BY, now=make.moment()
        )
    found = export("columns=status,complete,end,moves,slip,period")
    assert found.headers == (
        "Initiative", "Status", "Days overdue", "Owner's word", "Percent complete", "Reported for",
        "End", "Closed", "Dates moved", "Longest slip in days", "Provenance",
    )  # fmt: skip
    assert list(found.rows) == [
        ["Cloud", "On track", None, "On track", 40, dt.date(2022, 6, 30), dt.date(2023, 1, 31),
         None, 1, 31, "Recorded by the agency"],
    ]  # fmt: skip
    assert found.name == "ita-2022-2023-initiatives-2022-08-20"


def test_a_file_says_its_filter_its_moment_and_its_definitions() -> None:
    reported(Health.AT_RISK)
    about = dict(export("status=at_risk&sort=name").about)
    assert about["Filter"] == "Status: At risk"
    assert about["Order"] == "By name"
    assert about["Rows"] == "1 of 1 initiative"
    assert about["As known on"] == "20 Aug 2022, 12:00 p.m."
    assert about["This very table"] == (
        "http://portal.example.org/review/table/?plan=ita-2022-2023&status=at_risk&sort=name"
        "&as_of=2022-08-20T12%3A00%3A00-07%3A00"
    )
    assert about["Owner"] == "Who has accepted to answer for it; empty when nobody has."
    assert about["Overdue"] == "The newest period due has no report, whatever was said last."


def test_reviewers_see_the_newest_rating_even_an_internal_one() -> None:
    work = reported()
    make.rating(Health.AT_RISK, item=work)
    make.rating(Health.OFF_TRACK, item=work, period_end=dt.date(2022, 6, 30))
    assert [row[1].text for row in page("columns=rating").table.rows] == ["Off track"]


def test_a_rating_that_a_newer_report_has_overtaken_is_told_as_such() -> None:
    make.rating(Health.OFF_TRACK, item=reported())
    said = "Off track, of an earlier period"
    assert [row[1].text for row in page("columns=rating").table.rows] == [said]


def test_internal_initiatives_are_not_among_the_rows() -> None:
    reported(name="Open")
    make.initiative(name="MARKED", visibility="internal")
    assert names(page()) == ["Open"]
    assert [row[0] for row in export().rows] == ["Open"]


def test_as_of_a_past_date_the_owner_is_who_it_was() -> None:
    reported()
    owned = make.owner(on=dt.date(2022, 7, 10), person=make.person(name="Olga"))
    assert [row[1].text for row in page("columns=owner&as_of=2022-07-09").table.rows] == ["Nobody"]
    assert [row[1].text for row in page("columns=owner&as_of=2022-07-10").table.rows] == ["Olga"]
    assert owned.answered_on == dt.date(2022, 7, 10)


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("query", ["", "&as_of=2022-08-01"])
def test_a_constant_number_of_statements(number: int, query: str) -> None:
    for _each in range(number):
        reported(lead_division=make.division())
        make.owner()
    asked = visit(f"plan=ita-2022-2023{query}")
    forget()
    with CaptureQueriesContext(connection) as captured:
        build_portfolio_table(visit=asked, ways=WAYS)
    assert len(captured) == 6
