"""The plan at a glance: counts with what they are of, what is late, what moved, the trend."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from dashboards.memory import MEMORY
from dashboards.pages.portfolio import PortfolioPage, build_portfolio_page
from dashboards.pages.portfolio_plan import NothingPublic, build_nothing_page
from dashboards.pages.portfolio_ways import Ways
from dashboards.visit import PageNotFound, Visit
from priorities.actions import initiatives, updates
from priorities.assessment.periods import AsOf
from priorities.enums import Health, Lifecycle, Provenance
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
    ask=lambda kind, **codes: f"/ask/{kind}/{'/'.join(codes.values())}/",
    rate=lambda kind, **codes: f"/rate/{kind}/{'/'.join(codes.values())}/",
    may_rate=lambda kind, keys: keys,
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


def test_what_is_off_track_stands_before_what_is_at_risk_with_what_is_done_about_it() -> None:
    reported(Health.AT_RISK, name="Shaky", provenance=Provenance.INFERRED)
    reported(Health.OFF_TRACK, name="Lost")
    make.owner(person=make.person(name="Olga"))
    reported(name="Fine")
    found = page()
    assert [
        [cell.pill.label if cell.pill else cell.text for cell in row] for row in found.trouble.rows
    ] == [
        ["Lost", "Off track", "The vendor delivers late.", "Weekly calls with the vendor.", "Olga"],
        ["Shaky", "At risk", "The vendor delivers late.", "Weekly calls with the vendor.",
         "Nobody"],
    ]  # fmt: skip
    lost, shaky = found.trouble.rows
    assert lost[0].url == "/plans/ita-2022-2023/initiatives/initiative-2/"
    assert [[mark.label for mark in row[0].marks] for row in (lost, shaky)] == [[], ["Inferred"]]
    assert lost[3].detail.replace("\xa0", " ") == "by 30 Sep 2022"
    assert found.trouble_all is None


def test_at_most_ten_in_trouble_are_shown_and_the_table_has_the_rest() -> None:
    for _each in range(11):
        reported(Health.AT_RISK)
    reported(Health.OFF_TRACK, name="Worst")
    found = page()
    assert [len(found.trouble.rows), found.trouble.rows[0][0].text] == [10, "Worst"]
    assert found.trouble_all is not None
    assert (found.trouble_all.label, found.trouble_all.url) == (
        "10 of 12; all initiatives, worst first",
        "/review/table/?plan=ita-2022-2023&sort=status",
    )


def test_the_brief_begins_at_the_last_meeting() -> None:
    make.plan()
    make.period(dt.date(2022, 3, 31))
    make.meeting(held_on=dt.date(2022, 5, 18))
    make.meeting(held_on=dt.date(2022, 9, 21))
    assert (page().brief.label, page().brief.url) == (
        "Brief since the last meeting, 18 May 2022",
        "/plans/ita-2022-2023/brief/?from=2022-05-18",
    )
    # Of a past day, the meeting before that day.
    assert page(on=dt.date(2022, 5, 18)).brief.label == "Brief since 31 Mar 2022"
    assert page(on=dt.date(2022, 7, 10)).brief.url == (
        "/plans/ita-2022-2023/brief/?from=2022-05-18&as_of=2022-07-10"
    )


def test_without_a_meeting_the_brief_begins_at_the_end_of_the_last_period() -> None:
    reported()
    assert (page().brief.label, page().brief.url) == (
        "Brief since 30 Jun 2022",
        "/plans/ita-2022-2023/brief/?from=2022-06-30",
    )


def test_who_is_overdue_is_named_with_the_owner_longest_first() -> None:
    make.initiative(name="Never", start=dt.date(2022, 1, 1))
    make.initiative(name="Silent", start=dt.date(2022, 1, 1))
    make.periods()
    make.report(period=make.period(), now=make.at(2022, 4, 5))
    make.owner(person=make.person(name="Olga"))
    late = page().late
    assert [(row[0].text, row[1].pill.label, row[2].text) for row in late.rows if row[1].pill] == [
        ("Never", "Not reported", "Nobody"),
        ("Silent", "Overdue 36 days", "Olga"),
    ]


def test_late_and_moved_items_are_marked_for_how_far_they_can_be_trusted() -> None:
    work = make.initiative(name="Told", start=dt.date(2022, 1, 1), provenance=Provenance.INFERRED)
    own = reported(name="Own")
    step = make.milestone(initiative=own, provenance=Provenance.ILLUSTRATIVE)
    moved(step, dt.date(2022, 9, 30))
    for day in (dt.date(2022, 12, 31), dt.date(2023, 1, 31)):
        initiatives.revise_initiative(
            initiative=work, changes={"end": day}, by=make.BY, now=make.moment()
        )
    found = page()
    assert [[mark.label for mark in row[0].marks] for row in found.late.rows] == [["Inferred"]]
    assert {row[0].text: [mark.label for mark in row[0].marks] for row in found.moved.rows} == {
        "Contract signed": ["Illustrative"],
        "End of the initiative": ["Inferred"],
    }


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
    with pytest.raises(NothingPublic, match=r"^No plan has been published yet\.$"):
        page()
    make.plan()
    with pytest.raises(NothingPublic, match=r"^Nothing was public on 1 Dec 2020\. The public "):
        page(on=dt.date(2020, 12, 1))
    # One that is asked for by its code is as unknown as ever.
    with pytest.raises(PageNotFound) as unknown:
        page("plan=ita-2022-2023", on=dt.date(2020, 12, 1))
    assert not isinstance(unknown.value, NothingPublic)


def test_what_is_said_where_there_is_nothing_to_review() -> None:
    now, then = (
        build_nothing_page(visit=visit(on=on), why="Nothing.") for on in (None, dt.date(2022, 1, 1))
    )
    assert (now.title, then.title) == (
        "Nothing to review yet",
        "Nothing to review on 1\xa0Jan\xa02022",
    )
    assert now.lead == then.lead == "Nothing."
    assert now.back is None
    assert then.back is not None
    assert then.back.url == "/review/"


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
        reported(Health.AT_RISK, lead_division=make.division())
        make.owner()
        moved(make.milestone(), dt.date(2022, 9, 30))
        silent_metric()
    asked = visit("plan=ita-2022-2023", on)
    forget()
    with CaptureQueriesContext(connection) as captured:
        build_portfolio_page(visit=asked, ways=WAYS)
    # Three each for the plan, the dates that moved and the metrics, one each for owners, ratings
    # and what is said of trouble; one that finds the periods and three for each of two; today also
    # what waits, and questions.
    assert len(captured) == (21 if on is None else 19)


def test_metrics_without_their_newest_value_are_named() -> None:
    reported()
    silent_metric(name="Calls")
    make.metric(name="Of no plan")
    assert [(row[0].text, row[-1].text) for row in page().late_metrics.rows] == [
        ("Calls", "36 days")
    ]


def test_five_metrics_without_their_newest_value_stand_for_the_others() -> None:
    reported()
    for _each in range(6):
        silent_metric()
    found = page()
    assert len(found.late_metrics.rows) == 5
    assert found.late_metrics_all is not None
    assert found.late_metrics_all.label == "5 of 6; all metrics"


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
