"""The timeline of a plan: what is drawn, what stands in its table, which stretch it shows."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from dashboards.pages.portfolio_timeline import PortfolioTimelinePage, build_portfolio_timeline
from dashboards.pages.portfolio_ways import Ways
from dashboards.visit import BadQuestion, Visit
from priorities.actions import initiatives
from priorities.assessment.periods import AsOf
from priorities.enums import DatePrecision, Lifecycle, Provenance
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


def visit(query: str = "") -> Visit:
    """A reviewer's question on 20 Aug 2022, at noon."""
    asked = QueryDict(query)
    as_of = AsOf.now(make.at(2022, 8, 20, 12), TZ)
    if day := asked.get("as_of"):
        as_of = AsOf.end_of(dt.date.fromisoformat(day), TZ)
    return Visit("/review/timeline/", asked, as_of, dt.date(2022, 8, 20), TZ, "", head().revision)


def page(query: str = "") -> PortfolioTimelinePage:
    return build_portfolio_timeline(visit=visit(query), ways=WAYS)


def texts(found: PortfolioTimelinePage) -> list[list[str]]:
    """The cells of the first table; a pill by its words."""
    return [
        [cell.pill.label if cell.pill else cell.text.replace("\xa0", " ") for cell in row]
        for row in found.groups[0].table.rows
    ]


def drawn(found: PortfolioTimelinePage) -> list[str]:
    return [
        label.text
        for group in found.groups
        for chart in group.charts
        for label in chart.views[0].labels
    ]


def test_the_table_holds_every_date_that_is_drawn() -> None:
    work = make.initiative(
        name="Cloud",
        start=dt.date(2022, 1, 1),
        start_precision=DatePrecision.YEAR.value,
        end=dt.date(2022, 12, 31),
    )
    make.milestone(name="Kept", due_on=dt.date(2022, 3, 1))
    late = make.milestone(name="Late", due_on=dt.date(2022, 6, 30))
    act: dict[str, Any] = {"by": make.BY, "now": make.moment()}
    initiatives.revise_milestone(
        milestone=late, changes={"due_on": dt.date(2022, 8, 1)}, reason="Why.", **act
    )
    initiatives.revise_initiative(initiative=work, changes={"end": dt.date(2023, 3, 31)}, **act)
    found = page()
    assert texts(found) == [
        ["Cloud", "Not reported", "2022", "31 Mar 2023", "31 Dec 2022", "–"],
        ["Kept", "Late", "–", "1 Mar 2022", "1 Mar 2022", "–"],
        ["Late", "Late", "–", "1 Aug 2022", "30 Jun 2022", "–"],
    ]
    assert found.lead == "2 milestones on this page: 1 moved, 2 late."
    paths = {shape.css for shape in found.groups[0].charts[0].views[0].shapes}
    assert {"gantt-slip", "chart-moved", "chart-late", "chart-today"} <= paths


def test_one_group_a_priority_in_the_order_of_the_plan() -> None:
    first, second = make.priority(), make.priority()
    make.initiative(name="Later", priority=second)
    make.initiative(name="Sooner", priority=first)
    assert [group.title for group in page().groups] == ["1 Priority 1", "2 Priority 2"]
    # Another order goes across the priorities.
    assert [group.title for group in page("sort=name").groups] == ["Initiatives"]


def test_what_is_closed_ends_when_it_was_closed() -> None:
    make.initiative(name="Cloud", start=dt.date(2022, 1, 1), end=dt.date(2022, 12, 31))
    make.close(Lifecycle.COMPLETED, closed_on=dt.date(2022, 3, 15))
    found = page()
    assert texts(found)[0][3:] == ["31 Dec 2022", "31 Dec 2022", "15 Mar 2022"]
    assert "gantt-stop" in {s.css for s in found.groups[0].charts[0].views[0].shapes}


def test_dates_far_away_are_cut_counted_and_shown_when_asked_for() -> None:
    make.initiative(name="Cloud", start=dt.date(2022, 1, 1), end=dt.date(2028, 12, 31))
    make.milestone(name="Far", due_on=dt.date(2028, 6, 30))
    near, everything = page(), page("stretch=all")
    assert near.groups[0].outside == (
        "1 milestone lies outside the stretch that is drawn; it is in the table."
    )
    assert near.stretch.url == "/review/timeline/?plan=ita-2022-2023&stretch=all"
    assert everything.groups[0].outside == ""
    assert everything.stretch.url == "/review/timeline/?plan=ita-2022-2023"
    assert texts(near) == texts(everything)


def test_a_stretch_that_does_not_exist_is_refused_with_those_that_do() -> None:
    make.initiative()
    with pytest.raises(BadQuestion, match=r"“zz” is not a value of “stretch”.*: all\."):
        page("stretch=zz")
    assert page("stretch=").query == "plan=ita-2022-2023"


def test_rows_of_the_table_are_marked_for_how_far_they_can_be_trusted() -> None:
    make.initiative(name="Cloud", provenance=Provenance.INFERRED)
    make.milestone()
    assert [[mark.label for mark in row[0].marks] for row in page().groups[0].table.rows] == [
        ["Inferred"], [],
    ]  # fmt: skip


def test_as_of_a_past_date_dates_stand_as_they_did() -> None:
    make.initiative(name="Cloud", end=dt.date(2022, 12, 31), now=make.at(2022, 2, 1))
    step = make.milestone(due_on=dt.date(2022, 6, 30))
    initiatives.revise_milestone(
        milestone=step,
        changes={"due_on": dt.date(2022, 9, 30)},
        reason="Why.",
        by=make.BY,
        now=make.at(2022, 7, 1),
    )
    assert texts(page("as_of=2022-05-01"))[1][1:5] == [
        "Planned", "–", "30 Jun 2022", "30 Jun 2022",
    ]  # fmt: skip
    assert texts(page())[1][1:5] == ["Planned", "–", "30 Sep 2022", "30 Jun 2022"]


def test_what_was_open_in_a_closed_initiative_is_not_done_and_not_late() -> None:
    make.initiative(name="Cloud")
    make.milestone(due_on=dt.date(2022, 2, 1))
    assert page().lead == "1 milestone on this page: 0 moved, 1 late."
    make.close()
    found = page()
    assert found.lead == "1 milestone on this page: 0 moved, 0 late."
    assert texts(found)[1][1] == "Not done"


def test_filters_are_those_of_the_list_and_are_carried_along() -> None:
    make.initiative(name="Apple")
    make.initiative(name="Berry")
    found = page("q=app&stretch=all")
    assert "Apple" in drawn(found)
    assert "Berry" not in drawn(found)
    assert found.query == "plan=ita-2022-2023&stretch=all&q=app"
    assert ("stretch", "all") in [(one.name, one.value) for one in found.form.hidden]
    assert page("q=zzzz").empty is not None
    with pytest.raises(BadQuestion):
        page("status=splendid")


def test_what_is_internal_is_not_drawn() -> None:
    make.initiative(name="Open")
    hidden = make.initiative(name="MARKED", visibility="internal")
    make.milestone(initiative=hidden, name="MARKED too")
    found = page()
    assert "MARKED" not in str(drawn(found)) + str(texts(found))


def test_fifty_a_page_on_sheets_of_twelve() -> None:
    for _each in range(51):
        make.initiative()
    found = page()
    assert [len(group.charts) for group in found.groups] == [5]
    assert len(texts(found)) == 50
    assert len(texts(page("page=2"))) == 1


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("query", ["", "&as_of=2022-08-01"])
def test_a_constant_number_of_statements(number: int, query: str) -> None:
    for _each in range(number):
        make.initiative()
        make.milestone()
    asked = visit(f"plan=ita-2022-2023{query}")
    forget()
    with CaptureQueriesContext(connection) as captured:
        build_portfolio_timeline(visit=asked, ways=WAYS)
    assert len(captured) == 6
