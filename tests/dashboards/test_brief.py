"""The brief of a plan between two dates, as its readers see it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from dashboards.pages.brief_parts import SECTIONS
from priorities.actions.initiatives import revise_initiative, revise_milestone
from priorities.actions.observations import correct_observation
from priorities.enums import Health, Visibility
from priorities.models import Initiative, Metric
from tests import factories as make
from tests.test_marked import MARK, marked

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("summer")]

PLAN = "/plans/ita-2022-2023/"
BRIEF = f"{PLAN}brief/"
#: From the end of March to the end of June 2022.
SPAN = "?from=2022-03-31&to=2022-06-30"

Read = Callable[[str], dict[str, Any]]
BEFORE, BETWEEN, AFTER = make.at(2022, 3, 10), make.at(2022, 5, 10), make.at(2022, 8, 1)


def plan_of(size: int = 1) -> None:
    """A plan with initiatives, milestones, metrics and all that is published about them."""
    make.plan()
    make.periods()
    make.priority()
    for _each in range(size):
        item = make.initiative(now=BEFORE)
        make.milestone(initiative=item, now=BEFORE)
        make.metric(initiatives=[item], now=BEFORE)
        make.observation(now=BEFORE)
        make.target(now=BEFORE)


def everything_happens() -> None:
    """To each initiative and metric of the plan in between."""
    for item in Initiative.objects.order_by("pk"):
        make.report(initiative=item, health=Health.AT_RISK, now=BETWEEN)
        make.budget_line(initiative=item, now=BETWEEN)
        revise_initiative(
            initiative=item, changes={"name": f"New {item.pk}"}, by=make.BY, now=BETWEEN
        )
        make.milestone(initiative=item, now=BETWEEN)
        step = item.milestones.order_by("pk").first()
        revise_milestone(
            milestone=step,
            changes={"due_on": dt.date(2022, 9, 30)},
            reason="The vendor asked.",
            by=make.BY,
            now=BETWEEN,
        )
        question = make.question(item=item, visibility=Visibility.PUBLIC, now=BETWEEN)
        make.answer(question=question, now=BETWEEN)
        make.rating(item=item, visibility=Visibility.PUBLIC, now=BETWEEN)
    for metric in Metric.objects.order_by("pk"):
        make.target(90, metric=metric, reason="Re-based.", now=BETWEEN)
        correct_observation(
            observation=metric.observations.get(),
            value=11,
            reason="Recounted.",
            by=make.BY,
            now=BETWEEN,
        )


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, response.content
    return response.content.decode()


def section(brief: dict[str, Any], code: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in brief["sections"] if each["code"] == code)
    return found


# ── The dates ────────────────────────────────────────────────────────────────────────────────


def test_a_brief_begins_at_the_last_meeting_unless_told(read: Read) -> None:
    plan_of()
    make.meeting(held_on=dt.date(2022, 5, 18), now=BEFORE)
    make.meeting(held_on=dt.date(2022, 6, 29), called_off=True, now=BEFORE)
    brief = read(f"{PLAN}brief.json")
    assert (brief["from"], brief["to"]) == ("2022-05-18", "2022-08-20")


def test_without_a_meeting_it_begins_at_the_end_of_the_last_period(read: Read) -> None:
    plan_of()
    assert read(f"{PLAN}brief.json")["from"] == "2022-06-30"


def test_the_ready_dates_are_links(client: Client) -> None:
    plan_of()
    make.meeting(held_on=dt.date(2022, 5, 18), now=BEFORE)
    said = text_of(client, BRIEF)
    for words, dates in (
        ("Since the last meeting, 18 May 2022", "from=2022-05-18&amp;to=2022-08-20"),
        ("Last quarter, Q2 2022", "from=2022-03-31&amp;to=2022-06-30"),
        ("Last fiscal year, FY 2021-22", "from=2021-06-30&amp;to=2022-06-30"),
        ("Since adoption, 1 Jan 2022", "from=2022-01-01&amp;to=2022-08-20"),
    ):
        assert words in said
        assert dates in said


def test_a_brief_of_past_dates_offers_what_its_own_day_knows(client: Client) -> None:
    plan_of()
    make.meeting(held_on=dt.date(2022, 5, 18), now=make.at(2022, 4, 1))
    make.meeting(held_on=dt.date(2022, 8, 3), name="Called later", now=make.at(2022, 7, 15))
    page = text_of(client, f"{BRIEF}?from=2022-03-31&to=2022-06-30")
    assert "Since the last meeting, 3 Aug 2022" in page
    assert "Last meeting, 3 Aug 2022" in page
    # Another date is another page: the two dates are left behind.
    control = page.partition('class="as-of__change"')[2].partition("</form>")[0]
    assert control
    assert 'name="from"' not in control


def test_between_a_day_and_itself_nothing_differs(client: Client, read: Read) -> None:
    plan_of()
    everything_happens()
    for day in ("2022-05-10", "2022-08-20"):
        brief = read(f"{PLAN}brief.json?from={day}&to={day}")
        assert [(s["changes"], s["standing"]) for s in brief["sections"]] == [([], [])] * 9
        said = text_of(client, f"{BRIEF}?from={day}&to={day}")
        assert "The two dates are the same, so nothing differs." in said


def test_before_the_plan_was_public_everything_is_new(read: Read) -> None:
    plan_of()
    brief = read(f"{PLAN}brief.json?from=2021-06-30&to=2022-06-30")
    told = {(each["kind"], each["what"]) for s in brief["sections"] for each in s["changes"]}
    assert {what for _kind, what in told} == {"added"}
    assert {"plan", "priority", "initiative", "metric"} <= {kind for kind, _what in told}


@pytest.mark.parametrize(
    "query",
    [
        "?from=2022-06-30&to=2022-03-31",
        "?to=2099-01-01",
        "?from=yesterday",
        "?from=0001-01-01",
        "?sections=gossip",
        "?sections=",
        "?sections=,&sections=",
        "?from=9999-12-31",
        "?from=2022-01-0%00",
        "?sections=%00",
        "?page=0",
    ],
)
def test_what_makes_no_sense_is_refused(client: Client, query: str) -> None:
    plan_of()
    assert client.get(BRIEF + query).status_code == 400


@pytest.mark.parametrize("query", ["?to=1900-01-01", "?sections=dates&page=999999"])
def test_what_is_not_there_is_not_found(client: Client, query: str) -> None:
    plan_of()
    assert client.get(BRIEF + query).status_code == 404


def test_sections_can_be_left_out(client: Client, read: Read) -> None:
    plan_of()
    everything_happens()
    brief = read(f"{PLAN}brief.json{SPAN}&sections=dates,scope&sections=values")
    assert [each["code"] for each in brief["sections"]] == ["scope", "dates", "values"]
    said = text_of(client, f"{BRIEF}{SPAN}&sections=dates&sections=scope")
    assert 'id="dates"' in said
    assert 'id="values"' not in said
    assert "Left out: How the plan stands (its figures), What moved, worst first," in said
    assert '<p class="lead"><b>' in said


def test_leaving_every_section_out_is_refused_in_words(client: Client) -> None:
    plan_of()
    refusal = "All sections are left out. Keep at least one: state, scope, status,"
    assert refusal in client.get(f"{BRIEF}?sections=").content.decode()
    with pytest.raises(CommandError, match=refusal):
        call_command("make_brief", PLAN.split("/")[2], freeze=True, leave_out=",".join(SECTIONS))


def test_the_form_without_a_box_asks_for_none(client: Client) -> None:
    plan_of()
    said = text_of(client, BRIEF)
    assert said.index("Sections to show") < said.index('type="hidden" name="sections" value=""')
    assert said.count('name="sections" value="') == 10
    ticked = f"{SPAN}&sections=&sections=dates"
    assert 'id="values"' not in text_of(client, BRIEF + ticked)


# ── Nothing twice on the page; long lists; statements ────────────────────────────────────────


def test_a_past_brief_is_the_same_today_and_as_of_its_end(read: Read) -> None:
    plan_of()
    everything_happens()
    then = read(f"{PLAN}brief.json?from=2022-03-31&as_of=2022-06-30")
    make.report(health=Health.OFF_TRACK, period=make.period(dt.date(2022, 6, 30)), now=AFTER)
    assert read(f"{PLAN}brief.json{SPAN}") == then


def test_long_lists_are_bounded_and_lead_to_the_rest(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr("dashboards.pages.brief.SOME_ROWS", 2)
    monkeypatch.setattr("dashboards.pages.brief.MANY_ROWS", 4)
    plan_of(5)
    everything_happens()
    said = text_of(client, BRIEF + SPAN)
    assert "3 more" in said
    assert f"{BRIEF}?from=2022-03-31&amp;to=2022-06-30&amp;sections=dates#dates" in said
    first = text_of(client, f"{BRIEF}{SPAN}&sections=dates")
    second = text_of(client, f"{BRIEF}{SPAN}&sections=dates&page=2")
    assert (first.count("The vendor asked."), second.count("The vendor asked.")) == (4, 1)
    assert client.get(f"{BRIEF}{SPAN}&sections=dates&page=3").status_code == 404


LONG = [BRIEF + SPAN, f"{PLAN}brief.json{SPAN}", f"{BRIEF}?from=2022-03-31"]


@pytest.mark.parametrize("path", LONG)
def test_a_larger_plan_asks_no_more(queries: Callable[[str], int], path: str) -> None:
    plan_of(1)
    everything_happens()
    one = queries(path)
    for _each in range(2):
        item = make.initiative(now=BETWEEN)
        make.milestone(initiative=item)
        make.metric(initiatives=[item])
        make.observation()
        make.target()
    everything_now()
    assert queries(path) == one


def everything_now() -> None:
    """Something about every initiative and metric, after all that was before."""
    for item in Initiative.objects.order_by("pk"):
        make.report(initiative=item, health=Health.OFF_TRACK)
        make.milestone(initiative=item)
        make.question(item=item, visibility=Visibility.PUBLIC)
    for metric in Metric.objects.order_by("pk"):
        make.target(80, metric=metric, reason="Re-based again.")


def test_now_and_then_ask_the_same(queries: Callable[[str], int]) -> None:
    plan_of()
    everything_happens()
    now = queries(f"{BRIEF}?from=2022-03-31")
    # A page of two past dates reads the plan of its own day, too: for the meetings it offers.
    assert (now, queries(f"{BRIEF}{SPAN}")) == (19, 22)
    assert queries(f"{BRIEF}?from=2022-03-31&as_of=2022-06-30") == 19
    assert queries(f"{PLAN}brief.json{SPAN}") == 23


@pytest.mark.parametrize(
    "query",
    [
        "?from=2022-01-01",
        "?from=2022-04-30&to=2022-05-31",
        "?from=2022-01-31&to=2022-05-31&sections=scope",
        "?from=2021-01-01&to=2022-01-31",
        "?as_of=2022-05-01",
    ],
)
def test_what_is_internal_is_in_no_brief(client: Client, query: str) -> None:
    marked()
    # What a page is asked by stands in it; the plan of the marks is public, its marks are not.
    for path in (f"{BRIEF}{query}", f"{PLAN}brief.json{query}"):
        assert MARK not in text_of(client, path).lower()


def test_an_item_that_was_withdrawn_is_not_named(client: Client, read: Read) -> None:
    plan_of()
    item = Initiative.objects.get()
    make.milestone(initiative=item, name="Hidden step", now=BETWEEN)
    hidden = {"visibility": Visibility.INTERNAL.value, "name": "Zebra"}
    revise_initiative(initiative=item, changes=hidden, by=make.BY, now=BETWEEN)
    found = section(read(f"{PLAN}brief.json{SPAN}"), "scope")["changes"]
    assert [(each["kind"], each["item"], each["what"]) for each in found] == [
        ("initiative", "initiative-1", "removed"),
        ("metric", "metric-1", "removed"),
    ]
    said = text_of(client, BRIEF + SPAN)
    assert "An initiative that is no longer public" in said
    assert "Zebra" not in said
    assert "Hidden step" not in said
