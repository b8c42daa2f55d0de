"""The plan at a glance: counts with what they are of, what is late, what moved, the trend."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from dashboards.memory import MEMORY
from dashboards.pages.portfolio import PortfolioPage, build_portfolio_page
from dashboards.pages.portfolio_ways import Ways
from dashboards.visit import PageNotFound, Visit
from priorities.actions import initiatives, updates
from priorities.assessment.periods import AsOf
from priorities.enums import Health, Lifecycle
from priorities.models import ChangeEvent, Initiative, Metric, Milestone, Priority
from priorities.queries.head import head
from priorities.queries.portfolio import newest_events
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
    ask="/review/ask/",
)
TODAY = dt.date(2022, 8, 20)
TZ = make.LOS_ANGELES


def visit(query: str = "", on: dt.date | None = None) -> Visit:
    """A reviewer's question on 20 Aug 2022, at noon."""
    as_of = AsOf.end_of(on, TZ) if on else AsOf.now(make.at(2022, 8, 20, 12), TZ)
    asked = QueryDict(query, mutable=True)
    if on:
        asked["as_of"] = on.isoformat()
    return Visit("/review/", asked, as_of, TODAY, TZ, "", head().revision)


def page(query: str = "", on: dt.date | None = None) -> PortfolioPage:
    return build_portfolio_page(visit=visit(query, on), ways=WAYS)


def reported(health: Health = Health.ON_TRACK, **values: Any) -> Initiative:
    """An initiative that reported for the second quarter, in July."""
    work = make.initiative(now=max(make.moment(), make.at(2022, 7, 5)), **values)
    period = make.period(dt.date(2022, 6, 30), plan=work.plan)
    make.report(initiative=work, health=health, period=period)
    return work


def moved(step: Milestone, *days: dt.date) -> None:
    for day in days:
        initiatives.revise_milestone(
            milestone=step,
            changes={"due_on": day},
            reason=f"To {day}.",
            by=make.BY,
            now=make.moment(),
        )


def silent_metric(**values: Any) -> Metric:
    """A metric that informs the newest priority and has no value of the second quarter."""
    found = make.metric(priorities=[Priority.objects.latest("pk")], **values)
    make.observation(metric=found)
    return found


def cells(row: Any) -> dict[str, str]:
    return {cell.label: cell.text for cell in row.cells}


def test_counts_by_priority_lead_to_what_was_counted() -> None:
    first, second = make.priority(), make.priority()
    reported(priority=first)
    make.owner()
    reported(Health.AT_RISK, priority=first)
    reported(priority=second)
    make.close(Lifecycle.CANCELLED, period=make.period(dt.date(2022, 6, 30)))
    by_priority = page().counts[0]
    assert [(row.name.text, row.share) for row in by_priority.rows] == [
        ("1 Priority 1", "1 of 2 (50%)"),
        ("2 Priority 2", "–"),
    ]
    told = cells(by_priority.rows[0])
    assert (told["On track"], told["At risk"], told["With an owner"]) == ("1", "1", "1 of 2")
    assert cells(by_priority.rows[1])["Set aside"] == "1"
    at_risk = next(cell for cell in by_priority.rows[0].cells if cell.label == "At risk")
    assert at_risk.url == "/review/table/?plan=ita-2022-2023&priority=1&status=at_risk"


def test_what_no_division_leads_is_counted_too() -> None:
    reported(lead_division=make.division(code="desk", name="Desk"))
    reported()
    assert [row.name.text for row in page().counts[1].rows] == ["Desk", "None"]


def test_a_share_is_rounded_and_never_of_nothing() -> None:
    top = make.priority()
    for health in (Health.ON_TRACK, Health.ON_TRACK, Health.AT_RISK):
        reported(health, priority=top)
    assert page().counts[0].rows[0].share == "2 of 3 (67%)"


def test_who_is_overdue_is_named_with_the_owner_longest_first() -> None:
    make.initiative(name="Silent", start=dt.date(2022, 1, 1))
    make.periods()
    make.report(period=make.period(), now=make.at(2022, 4, 5))
    make.owner(person=make.person(name="Olga"))
    make.initiative(name="Never", start=dt.date(2022, 1, 1))
    late = page().late
    assert [(row[0].text, row[1].pill.label, row[2].text) for row in late.rows if row[1].pill] == [
        ("Never", "Not reported", "Nobody"),
        ("Silent", "Overdue 36 days", "Olga"),
    ]


def test_an_owner_who_left_owns_nothing_now() -> None:
    reported()
    owner = make.owner().person
    assert page().counts[0].rows[0].cells[-1].text == "1 of 1"
    owner.is_active = False
    owner.save(update_fields=["is_active"])
    assert page().counts[0].rows[0].cells[-1].text == "0 of 1"


def test_the_dates_that_moved_most_come_first() -> None:
    reported(name="Cloud")
    often = make.milestone(name="Go live", due_on=dt.date(2022, 6, 30))
    once = make.milestone(name="Contract", due_on=dt.date(2022, 6, 30))
    moved(often, dt.date(2022, 7, 31), dt.date(2022, 8, 31), dt.date(2022, 9, 30))
    moved(once, dt.date(2022, 6, 1))
    found = page()
    assert [[cell.text for cell in row] for row in found.moved.rows] == [
        ["Go live", "3 times", "30\xa0Jun\xa02022", "30\xa0Sep\xa02022", "92 days",
         "To 2022-09-30."],
        ["Contract", "once", "30\xa0Jun\xa02022", "1\xa0Jun\xa02022", "29 days earlier",
         "To 2022-06-01."],
    ]  # fmt: skip
    assert found.moved_note == "2 dates have moved, 1 of them three times or more."


def test_a_milestone_recorded_with_an_older_promise_has_moved_once() -> None:
    reported()
    make.milestone(due_on=dt.date(2022, 9, 30), original_due_on=dt.date(2022, 6, 30))
    make.milestone(name="Kept", due_on=dt.date(2022, 9, 30))
    assert [(row[0].text, row[1].text) for row in page().moved.rows] == [
        ("Contract signed", "once")
    ]


def test_the_end_of_an_initiative_is_a_promise_once_it_is_set() -> None:
    work = reported(name="Cloud")
    for day in (dt.date(2022, 12, 31), dt.date(2023, 6, 30)):
        initiatives.revise_initiative(
            initiative=work, changes={"end": day}, by=make.BY, now=make.moment()
        )
    row = page().moved.rows[0]
    assert (row[0].text, row[0].detail) == ("End of the initiative", "Cloud")
    assert [cell.text for cell in row[1:5]] == [
        "once", "31\xa0Dec\xa02022", "30\xa0Jun\xa02023", "181 days",
    ]  # fmt: skip


def test_what_is_internal_moves_nothing_here() -> None:
    reported()
    hidden = make.initiative(code="secret", visibility="internal")
    moved(make.milestone(initiative=hidden, name="MARKED"), dt.date(2022, 9, 30))
    assert page().moved.rows == ()


def test_the_trend_names_its_denominator_and_reads_as_it_was_known() -> None:
    work = make.initiative(start=dt.date(2022, 1, 1))
    period = make.period(plan=work.plan)
    make.report(initiative=work, period=period, now=make.at(2022, 4, 10))
    reported(Health.AT_RISK)
    trend = page().trend
    assert trend is not None
    assert [(row.name.text, row.share) for row in trend.rows] == [
        ("Q1 2022", "1 of 1 (100%)"),
        ("Q2 2022", "0 of 2 (0%)"),
        ("As of 20 Aug 2022", "0 of 2 (0%)"),
    ]
    assert trend.rows[0].name.url == "/review/?plan=ita-2022-2023&as_of=2022-04-16"


def test_a_past_date_knows_what_was_known_then() -> None:
    work = make.initiative(start=dt.date(2022, 1, 1))
    make.report(initiative=work, period=make.period(), now=make.at(2022, 4, 10))
    reported(Health.OFF_TRACK)
    found = page(on=dt.date(2022, 5, 1))
    assert found.headline.text == "1 of 1 initiative is on track."
    # What waits today is no part of that day.
    assert [fact.term for fact in found.facts][-2:] == [
        "With an owner who accepted",
        "Disagreements",
    ]


def test_submitted_updates_are_told_apart_from_the_numbers() -> None:
    make.plan(requires_review=True)
    update = make.draft()
    updates.submit_update(update=update, by=make.BY, now=make.moment())
    assert [(fact.term, fact.value) for fact in page().facts][-1] == (
        "Submitted, not public yet", "1 update",
    )  # fmt: skip


@pytest.mark.parametrize("plan", ["nowhere", "%00", "a%20b", "x" * 500, "%E2%80%AE"])
def test_an_unknown_plan_is_not_found(plan: str) -> None:
    make.plan()
    with pytest.raises(PageNotFound):
        page(f"plan={plan}")


def test_without_any_plan_there_is_nothing_to_review() -> None:
    with pytest.raises(PageNotFound):
        page()


def test_another_plan_is_chosen_by_its_name() -> None:
    make.plan(code="old", title="Old plan", period_start=dt.date(2020, 1, 1),
              period_end=dt.date(2021, 12, 31))  # fmt: skip
    make.plan(code="new", title="New plan")
    form = page("plan=old").plans
    assert form is not None
    assert [(option.value, option.selected) for option in form.fields[0].options] == [
        ("new", False),
        ("old", True),
    ]


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("on", [None, dt.date(2022, 8, 1)])
def test_a_constant_number_of_statements(number: int, on: dt.date | None) -> None:
    for _each in range(number):
        reported(lead_division=make.division())
        make.owner()
        moved(make.milestone(), dt.date(2022, 9, 30))
        silent_metric()
    asked = visit("plan=ita-2022-2023", on)
    forget()
    with CaptureQueriesContext(connection) as captured:
        build_portfolio_page(visit=asked, ways=WAYS)
    # Three each for the plan, the dates that moved and the metrics, one each for owners, ratings;
    # one that finds the periods and three for each of two; today also what waits, and questions.
    assert len(captured) == (20 if on is None else 18)


def test_metrics_without_their_newest_value_are_named() -> None:
    reported()
    silent_metric(name="Calls")
    make.metric(name="Of no plan")
    assert [(row[0].text, row[-1].text) for row in page().late_metrics.rows] == [
        ("Calls", "36 days")
    ]


def test_where_voices_differ_and_what_is_asked_is_counted() -> None:
    work = reported()
    make.rating(Health.OFF_TRACK, item=work, period_end=dt.date(2022, 6, 30))
    make.question(answer_due_on=dt.date(2022, 8, 1))
    make.question(answer_due_on=dt.date(2022, 9, 1))
    told = {fact.term: (fact.value, fact.detail, fact.url) for fact in page().facts}
    assert told["Disagreements"][:1] == ("On 1 item",)
    assert told["Disagreements"][2] == "/review/disagreements/?plan=ita-2022-2023"
    assert told["Waiting for an answer"] == (
        "2 questions",
        "1 late, in all plans",
        "/review/questions/",
    )


def test_what_a_past_day_knew_is_not_asked_again_when_something_is_published() -> None:
    reported()
    forget()
    page("plan=ita-2022-2023")
    MEMORY._kept.clear()
    make.division(name="A change that everyone may read", now=make.at(2022, 8, 1))
    asked = visit("plan=ita-2022-2023")
    with CaptureQueriesContext(connection) as captured:
        build_portfolio_page(visit=asked, ways=WAYS)
    assert len(captured) == 19 - 3 * 2


def test_the_newest_event_at_some_moments() -> None:
    make.plan(now=make.at(2022, 2, 1))
    first, second = make.at(2022, 3, 1), make.at(2022, 4, 1)
    make.division(now=first)
    make.division(now=second)
    newest = ChangeEvent.objects.latest("sequence").sequence
    moments = [make.at(2021, 1, 1), first, second]
    assert newest_events(moments) == (0, newest - 1, newest)
    assert newest_events([]) == ()
