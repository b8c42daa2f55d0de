"""The page of a plan, the list of plans, and the first page."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from priorities.actions import initiatives, plans
from priorities.enums import DatePrecision, Health, Lifecycle, PlanState
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("summer")]

PLAN = "/plans/ita-2022-2023/"
Read = Callable[[str], dict[str, Any]]


def one_of_each(number: int) -> None:
    """A plan with so many priorities, initiatives, milestones and headline metrics."""
    make.plan()
    for _each in range(number):
        own = make.priority()
        work = make.initiative(priority=own)
        make.milestone(initiative=work, due_on=dt.date(2022, 9, 15))
        make.report(initiative=work)
        metric = make.metric(headline=True, priorities=[own])
        make.observation(metric=metric)
        make.target(metric=metric)


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("path", ["/", PLAN, f"{PLAN}?as_of=2022-06-30", "/index.json"])
def test_six_statements_whatever_the_size(
    number: int, path: str, queries: Callable[[str], int]
) -> None:
    one_of_each(number)
    assert queries(path) == 6


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_of_plans_takes_three_statements(
    number: int, queries: Callable[[str], int]
) -> None:
    for _each in range(number):
        make.plan()
    assert queries("/plans/") == 3


def test_the_first_sentence_says_how_it_stands(client: Client) -> None:
    make.report(initiative=make.initiative(), period=make.period(dt.date(2022, 6, 30)))
    make.report(
        initiative=make.initiative(),
        period=make.period(dt.date(2022, 6, 30)),
        health=Health.AT_RISK,
    )
    make.initiative()
    page = client.get(PLAN).content.decode()
    said = "<b>1 of 3 initiatives is on track</b>, 1 is at risk. 1 has never been reported."
    assert said in page


def test_counts_states_and_priorities_for_machines(read: Read) -> None:
    work = make.initiative()
    make.report(initiative=work, period=make.period(dt.date(2022, 6, 30)))
    make.close(Lifecycle.CANCELLED, initiative=make.initiative())
    found = read("/plans/ita-2022-2023.json")
    assert found["initiatives"]["total"] == 2
    states = {state: n for state, n in found["initiatives"]["by_state"].items() if n}
    assert states == {"on_track": 1, "cancelled": 1}
    assert found["priorities"][0]["initiatives"] == 2
    assert found["plan"]["period_end"] == "2023-12-31"
    assert found["plan"]["closed"] is False


def test_the_scope_ledger_keeps_the_denominator_of_adoption(client: Client, read: Read) -> None:
    make.plan(adopted_on=dt.date(2022, 1, 25), now=make.at(2022, 1, 25))
    for _each in range(2):
        work = make.initiative(now=make.at(2022, 1, 25))
    make.initiative(now=make.at(2022, 5, 2))
    make.report(initiative=work, period=make.period(dt.date(2022, 6, 30)))
    scope = read("/plans/ita-2022-2023.json")["scope"]
    assert (scope["on_track_or_complete"], scope["of"]) == (1, 3)
    assert (scope["on_track_or_complete_of_adopted"], scope["of_adopted"]) == (1, 2)
    assert scope["added"] == ["initiative-3"]
    said = "On track or complete: 1 of 3 in the plan now; 1 of the 2 at adoption."
    assert f"{said} Since then 1 was added." in client.get(PLAN).content.decode()


def test_a_scope_that_did_not_change_is_not_spoken_of(client: Client) -> None:
    make.initiative()
    assert "at adoption" not in client.get(PLAN).content.decode()


def test_a_plan_before_it_was_known_is_not_there(client: Client) -> None:
    make.plan(now=make.at(2022, 3, 1))
    answer = client.get(f"{PLAN}?as_of=2022-02-28")
    assert answer.status_code == 404
    assert "It is known from 1 Mar 2022 on." in answer.content.decode()


def test_a_draft_is_nobodys_business(client: Client) -> None:
    make.plan()
    make.plan(code="draft", state=PlanState.DRAFT.value)
    answer = client.get("/plans/draft/")
    assert answer.status_code == 404
    assert "There is no plan “draft”." in answer.content.decode()
    assert b"draft" not in client.get("/plans/").content


@pytest.mark.parametrize("asked", ["2022-13-01", "yesterday", "2031-01-01", "2022-6-1"])
def test_a_date_that_makes_no_sense_is_refused(asked: str, client: Client) -> None:
    make.plan()
    assert client.get(PLAN, {"as_of": asked}).status_code == 400


def test_a_plan_that_follows_a_draft_does_not_name_it(read: Read) -> None:
    draft = make.plan(code="ita-secret", state=PlanState.DRAFT.value)
    make.plan(code="ita-next", predecessor=draft)
    assert read("/plans/ita-next.json")["plan"]["predecessor"] is None
    assert "ita-secret" not in str(read("/plans.json"))


def test_links_carry_the_date_that_is_looked_at(client: Client) -> None:
    make.initiative()
    page = client.get(f"{PLAN}?as_of=2022-06-30").content.decode()
    assert '/plans/ita-2022-2023/initiatives/?as_of=2022-06-30"' in page
    assert '/plans/ita-2022-2023/priorities/1/?as_of=2022-06-30"' in page
    assert "As known on 30 Jun 2022" in page


def test_a_page_of_the_past_does_not_know_what_came_later(read: Read) -> None:
    work = make.initiative(name="Before", now=make.at(2022, 1, 4))
    before = read("/plans/ita-2022-2023.json?as_of=2022-02-01")
    initiatives.revise_initiative(
        initiative=work, changes={"name": "After"}, by="a test", now=make.at(2022, 3, 1)
    )
    make.report(initiative=work, now=make.at(2022, 4, 1))
    make.initiative(now=make.at(2022, 5, 1))
    assert read("/plans/ita-2022-2023.json?as_of=2022-02-01") == before


def test_a_closed_plan_says_so_and_leads_on(client: Client, read: Read) -> None:
    plan = make.plan()
    make.report(initiative=make.initiative(plan=plan), period=make.period(dt.date(2022, 6, 30)))
    after = make.plan(code="next", title="The next plan", predecessor=plan)
    now = make.at(2022, 8, 1)
    plans.close_plan(plan=plan, closed_on=now.date(), reason="Done.", by="a test", now=now)
    page = client.get(PLAN).content.decode()
    assert "This plan is closed." in page
    assert f"/plans/{after.code}/" in page
    found = read("/plans/ita-2022-2023.json")["plan"]
    assert (found["closed"], found["judged_on"], found["successor"]) == (True, "2022-08-01", "next")


def test_several_plans_in_force_are_listed_on_the_first_page(client: Client) -> None:
    make.plan(title="First")
    assert b"Headline metrics" in client.get("/").content
    make.plan(title="Second", now=make.at(2022, 2, 1))
    page = client.get("/").content.decode()
    assert "2 plans are public; 2 are in force." in page
    assert "Headline metrics" not in page


def test_a_portal_without_a_plan_says_so(client: Client) -> None:
    make.organization()
    page = client.get("/").content.decode()
    assert "No plan has been published yet." in page


def test_a_metric_of_zero_is_zero_and_a_missing_one_is_not(read: Read, client: Client) -> None:
    own = make.priority()
    zero = make.metric(code="zero", headline=True, priorities=[own])
    make.observation(0, metric=zero)
    make.metric(code="none", headline=True, priorities=[own])
    cards = {each["code"]: each for each in read("/plans/ita-2022-2023.json")["headline_metrics"]}
    assert (cards["zero"]["value"], cards["none"]["value"]) == (0, None)
    assert cards["none"]["state"] == "no_data"
    page = client.get(PLAN).content.decode()
    assert "<b>0</b> <span>calls</span>" in page
    assert "No value yet" in page


def test_the_cards_say_the_target(client: Client) -> None:
    metric = make.metric(
        headline=True, priorities=[make.priority()], kind="percent", symbol="%", unit="percent"
    )
    make.observation(Decimal("89"), metric=metric)
    make.target(91, metric=metric, end=dt.date(2022, 12, 31))
    said = "No target for Q1 2022 · Target 91% by Dec 2022"
    assert said in client.get(PLAN).content.decode()
    make.baseline(51, metric=metric, on=dt.date(2021, 12, 31))
    said = "Target 91% by Dec 2022, 61% by now · Q1 2022"
    assert said in client.get(PLAN).content.decode()


def test_what_comes_up_is_dated_ahead_and_still_open(read: Read) -> None:
    work = make.initiative()
    make.periods()
    make.milestone(initiative=work, name="Ahead", due_on=dt.date(2022, 9, 15))
    make.milestone(initiative=work, name="Past", due_on=dt.date(2022, 6, 15))
    coming = read("/plans/ita-2022-2023.json")["coming_up"]
    named = [(each["on"], each.get("name", each["kind"])) for each in coming]
    assert named[:2] == [("2022-09-15", "Ahead"), ("2022-10-15", "reports_due")]
    assert "Past" not in [name for _on, name in named]


def test_what_is_due_in_a_quarter_comes_up_until_it_is_over(read: Read) -> None:
    quarter = {"due_precision": DatePrecision.QUARTER}
    make.milestone(name="This one", due_on=dt.date(2022, 7, 1), **quarter)
    make.milestone(name="The one before", due_on=dt.date(2022, 6, 30), **quarter)
    make.milestone(name="A day that is over", due_on=dt.date(2022, 7, 1))
    for path in ("/index.json", "/plans/ita-2022-2023.json"):
        assert [(each["on"], each["name"]) for each in read(path)["coming_up"]] == [
            ("2022-09-30", "This one")
        ]


@pytest.mark.parametrize("path", ["/index.json", "/plans/ita-2022-2023.json"])
def test_a_step_far_off_is_told_at_a_past_date_as_it_was_then(path: str, read: Read) -> None:
    """Today it is not read: it does not come up soon. Later it is, for it was touched since."""
    step = make.milestone(due_on=dt.date(2022, 9, 1))
    changes = {"due_on": dt.date(2023, 12, 1)}
    act = {"by": "a test", "reason": "Rain.", "now": make.moment()}
    initiatives.revise_milestone(milestone=step, changes=changes, **act)
    then = read(path)["changes"]
    moment = make.moment()
    now = moment + dt.timedelta(seconds=1)
    initiatives.revise_milestone(milestone=step, changes={"name": "Renamed"}, **act | {"now": now})
    assert read(f"{path}?as_of={moment.isoformat().replace('+', '%2B')}")["changes"] == then
