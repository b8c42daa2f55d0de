"""The pages of an initiative, a priority and a division."""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from priorities.actions import initiatives, updates
from priorities.enums import Health, Lifecycle
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("summer")]

PLAN = "/plans/ita-2022-2023"
Read = Callable[[str], dict[str, Any]]


def rich(number: int) -> None:
    """One initiative with so many of everything that belongs to it."""
    work = make.initiative(code="work", lead_division=make.division(code="desk"))
    for each in range(number):
        make.milestone(initiative=work, name=f"Step {each}")
        make.budget_line(initiative=work, fiscal_year=2020 + each)
        metric = make.metric(initiatives=[work])
        make.observation(metric=metric)
        make.report(initiative=work, period=make.periods()[each])
        make.rating(item=work)


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("query", ["", "?as_of=2022-06-30"])
def test_eight_statements_whatever_belongs_to_it(
    number: int, query: str, queries: Callable[[str], int]
) -> None:
    rich(number)
    assert queries(f"{PLAN}/initiatives/work/{query}") == 8


@pytest.mark.parametrize("number", [1, 3])
def test_a_priority_takes_five_statements(number: int, queries: Callable[[str], int]) -> None:
    own = make.priority(code="1")
    for _each in range(number):
        make.observation(metric=make.metric(priorities=[own]))
        make.initiative(priority=own)
    assert queries(f"{PLAN}/priorities/1/") == 5


@pytest.mark.parametrize("number", [1, 3])
def test_a_division_takes_five_statements(number: int, queries: Callable[[str], int]) -> None:
    desk = make.division(code="desk")
    for _each in range(number):
        make.observation(metric=make.metric(lead_division=desk))
        make.initiative(lead_division=desk)
    assert queries("/divisions/desk/") == 5


@pytest.mark.parametrize(
    "path",
    [
        "/plans/none/",
        "/plans/none/initiatives/",
        f"{PLAN}/initiatives/none/",
        f"{PLAN}/priorities/none/",
        "/divisions/none/",
    ],
)
def test_an_unknown_code_is_not_found(path: str, client: Client) -> None:
    make.initiative()
    answer = client.get(path)
    assert answer.status_code == 404
    assert "There is no " in answer.content.decode()


def test_before_it_was_known_there_is_no_page(client: Client) -> None:
    make.initiative(code="work", now=make.at(2022, 3, 1))
    answer = client.get(f"{PLAN}/initiatives/work/?as_of=2022-02-01")
    assert answer.status_code == 404


def test_internal_work_has_no_page(client: Client) -> None:
    make.initiative(code="work", visibility="internal")
    assert client.get(f"{PLAN}/initiatives/work/").status_code == 404


def test_an_overdue_initiative_says_since_when_and_what_it_said(client: Client, read: Read) -> None:
    work = make.initiative(code="work")
    make.report(initiative=work, health=Health.AT_RISK)
    standing = read(f"{PLAN}/initiatives/work.json")["standing"]
    assert (standing["state"], standing["decided_by"], standing["last_said"]) == (
        "overdue",
        "overdue",
        "at_risk",
    )
    assert (standing["overdue_since"], standing["days_overdue"]) == ("2022-07-15", 36)
    page = client.get(f"{PLAN}/initiatives/work/").content.decode()
    assert "Overdue 36 days" in page
    assert "The report for Q2 2022 was due on 15 Jul 2022 and is not there: 36 days late." in page
    assert "Last said: at risk" in page


def stood(client: Client) -> str:
    """The line under the title: the status and the sentences beside it."""
    page = client.get(f"{PLAN}/initiatives/work/").content.decode()
    _before, _mark, rest = page.partition('<p class="stands">')
    return " ".join(re.sub("<[^>]+>", "", rest.partition("</p>")[0]).split())


def test_the_first_line_says_how_it_stands_and_what_comes_next(client: Client) -> None:
    work = make.initiative(code="work")
    make.milestone(initiative=work, name="The pilot", due_on=dt.date(2022, 9, 30))
    assert (
        stood(client) == "Not reported Nothing has been reported yet. Next: The pilot, 30 Sep 2022."
    )
    make.report(
        initiative=work,
        period=make.period(dt.date(2022, 6, 30)),
        health=Health.AT_RISK,
        percent_complete=0,
        narrative="Two vendors withdrew.",
    )
    assert stood(client) == (
        "At risk 0% complete, as reported for Q2 2022. Two vendors withdrew. "
        "Next: The pilot, 30 Sep 2022."
    )


def test_what_was_written_before_the_silence_is_no_news(client: Client) -> None:
    work = make.initiative(code="work")
    make.report(initiative=work, health=Health.AT_RISK, narrative="Two vendors withdrew.")
    assert stood(client) == "Overdue 36 days Last said: at risk, as reported for Q1 2022."


def test_a_never_reported_one_says_when_the_first_was_due(client: Client) -> None:
    make.periods()
    make.initiative(code="work")
    page = client.get(f"{PLAN}/initiatives/work/").content.decode()
    assert "No report on it has been published." in page
    assert "The first report was due on 15 Apr 2022, 127 days ago." in page


def test_what_was_merged_leads_to_what_continues_it(client: Client, read: Read) -> None:
    heir = make.initiative(code="heir", name="The heir")
    work = make.initiative(code="work")
    make.close(
        Lifecycle.MERGED, initiative=work, successor=heir, reason="Both buy the same licenses."
    )
    page = client.get(f"{PLAN}/initiatives/work/").content.decode()
    assert "Merged on 31 Mar 2022." in page
    assert "Both buy the same licenses." in page
    assert "Continued in: The heir" in page
    assert read(f"{PLAN}/initiatives/work.json")["reports"][0]["successor"] == (
        "ita-2022-2023/heir"
    )


def test_cause_and_recovery_stand_with_the_report(client: Client) -> None:
    make.report(
        initiative=make.initiative(code="work"),
        period=make.period(dt.date(2022, 6, 30)),
        health=Health.OFF_TRACK,
        percent_complete=0,
        narrative="Two vendors withdrew.",
    )
    page = client.get(f"{PLAN}/initiatives/work/").content.decode()
    assert "Two vendors withdrew." in page
    assert "<b>Cause:</b> The vendor delivers late." in page
    assert "<b>Recovery by 30 Sep 2022:</b> Weekly calls with the vendor." in page
    assert "0% complete" in page


def test_a_correction_stays_beside_what_it_corrects(client: Client, read: Read) -> None:
    work = make.initiative(code="work")
    first = make.report(initiative=work, percent_complete=60, narrative="Sixty.")
    updates.report(
        initiative=work,
        period=first.period,
        health=Health.ON_TRACK,
        percent_complete=40,
        narrative="Forty.",
        supersedes=first,
        reason="A figure was mistyped.",
        by="a test",
        now=make.at(2022, 4, 9),
    )
    page = client.get(f"{PLAN}/initiatives/work/").content.decode()
    assert "Corrects an earlier report." in page
    assert "Corrected later." in page
    assert "Corrected: A figure was mistyped." in page
    reports = read(f"{PLAN}/initiatives/work.json")["reports"]
    assert [each["percent_complete"] for each in reports] == [40, 60]


def test_a_moved_milestone_keeps_its_first_date(client: Client, read: Read) -> None:
    work = make.initiative(code="work")
    step = make.milestone(initiative=work, name="Pilot", due_on=dt.date(2022, 6, 30))
    initiatives.revise_milestone(
        milestone=step,
        changes={"due_on": dt.date(2022, 8, 1)},
        reason="Testers were away.",
        by="a test",
        now=make.at(2022, 6, 1),
    )
    found = read(f"{PLAN}/initiatives/work.json")
    step_now = found["milestones"][0]
    assert (step_now["original_due_on"], step_now["due_on"], step_now["state"]) == (
        "2022-06-30",
        "2022-08-01",
        "late",
    )
    assert found["standing"]["late_milestones"] == {"count": 1, "worst_days": 19}
    page = client.get(f"{PLAN}/initiatives/work/").content.decode()
    assert "moved from 30 Jun 2022 to <b>1 Aug 2022</b>" in page
    assert "1 milestone is late, by 19 days." in page
    assert "Testers were away." in page


def test_nothing_in_a_closed_initiative_becomes_later(client: Client, read: Read) -> None:
    work = make.initiative(code="work")
    make.milestone(initiative=work, name="Ahead", due_on=dt.date(2022, 12, 30))
    make.milestone(initiative=work, name="Missed", due_on=dt.date(2022, 2, 1))
    make.milestone(initiative=work, name="Kept", done_on=dt.date(2022, 4, 5))
    make.close(Lifecycle.CANCELLED, initiative=work, now=make.at(2022, 4, 20))
    assert (
        "1 milestone is late, by 47 days."
        in client.get(f"{PLAN}/initiatives/work/?as_of=2022-03-20").content.decode()
    )
    page = client.get(f"{PLAN}/initiatives/work/").content.decode()
    assert "3 milestones: 1 done, 2 not done." in page
    assert "Not done, due 1 Feb 2022" in page
    assert ">Late<" not in page
    found = read(f"{PLAN}/initiatives/work.json")
    states = {each["name"]: each["state"] for each in found["milestones"]}
    assert states == {"Missed": "not_done", "Kept": "done", "Ahead": "not_done"}
    assert found["standing"]["late_milestones"] == {"count": 0, "worst_days": 0}
    (listed,) = read(f"{PLAN}/initiatives.json")["initiatives"]
    assert {each["name"]: each["state"] for each in listed["milestones"]} == states


def test_a_milestone_that_was_done_or_dropped_when_it_was_entered_was_not_planned(
    client: Client,
) -> None:
    make.initiative(code="work")
    make.milestone(name="Ahead", due_on=dt.date(2022, 9, 30))
    make.milestone(name="Signed", done_on=dt.date(2022, 5, 20))
    make.milestone(name="Given up", dropped_on=dt.date(2022, 5, 21))
    page = client.get(f"{PLAN}/initiatives/work/").content.decode()
    assert re.findall("Milestone “[^”]+” [a-z ]+<b>[^<]+</b>", page) == [
        "Milestone “Given up” dropped on <b>21 May 2022</b>",
        "Milestone “Signed” done on <b>20 May 2022</b>",
        "Milestone “Ahead” planned for <b>30 Sep 2022</b>",
    ]


def test_the_owner_and_the_numbers_may_disagree(client: Client, read: Read) -> None:
    work = make.initiative(code="work")
    metric = make.metric(initiatives=[work])
    make.observation(1, metric=metric, start=dt.date(2022, 4, 1), end=dt.date(2022, 6, 30))
    make.target(9, metric=metric, period_start=dt.date(2022, 4, 1), end=dt.date(2022, 6, 30))
    make.report(initiative=work, period=make.period(dt.date(2022, 6, 30)))
    found = read(f"{PLAN}/initiatives/work.json")
    assert found["standing"]["disagreement"] == ["owner_above_metrics"]
    page = client.get(f"{PLAN}/initiatives/work/").content.decode()
    assert "The owner says on track; 1 of its 1 rated metrics off target." in page


def test_money_names_its_year_kind_and_source(client: Client) -> None:
    make.budget_line(
        initiative=make.initiative(code="work"),
        amount=Decimal("14193095"),
        source="Adopted budget",
        source_url="https://example.org/budget",
    )
    page = client.get(f"{PLAN}/initiatives/work/").content.decode()
    assert "$14,193,095" in page
    assert "FY 2022-23" in page
    assert '<a href="https://example.org/budget">Adopted budget</a>' in page


def test_a_description_cannot_bring_its_own_html(client: Client) -> None:
    make.initiative(code="work", description="A *plain* <script>alert(1)</script> text")
    page = client.get(f"{PLAN}/initiatives/work/").content.decode()
    assert "A <em>plain</em> &lt;script&gt;" in page


def test_a_division_answers_for_all_its_plans(client: Client, read: Read) -> None:
    desk = make.division(code="desk", name="Desk")
    make.initiative(plan=make.plan(), lead_division=desk)
    second = make.plan(code="second")
    make.initiative(
        plan=second, priority=make.priority(plan=second), lead_division=desk, code="other"
    )
    make.metric(lead_division=desk)
    found = read("/divisions/desk.json")
    assert sorted((each["plan"], each["total"]) for each in found["plans"]) == [
        ("ita-2022-2023", 1),
        ("second", 1),
    ]
    assert found["metrics"]["total"] == 1
    page = client.get("/divisions/desk/").content.decode()
    assert "It answers for 2 initiatives and 1 metric." in page


def test_history_tells_every_public_event_in_words(client: Client) -> None:
    work = make.initiative(code="work", name="Old name")
    initiatives.revise_initiative(
        initiative=work, changes={"name": "New name"}, by="a test", now=make.at(2022, 2, 1)
    )
    make.report(initiative=work, health=Health.AT_RISK)
    make.report(initiative=work, period=make.period(dt.date(2022, 6, 30)), narrative="Better now.")
    page = client.get(f"{PLAN}/initiatives/work/").content.decode()
    history = page[page.index('id="history"') :]
    assert "Renamed; it was <b>Old name</b>" in history
    assert "First report:" in history
    assert "Better now." in history
    assert history.index("Better now.") < history.index("Renamed; it was")
