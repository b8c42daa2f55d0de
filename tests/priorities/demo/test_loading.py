"""``load_demo`` builds the demonstration through the actions; every state occurs in it."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from accounts.models import User
from priorities.actions import reviews
from priorities.assessment.periods import AsOf
from priorities.demo import loader
from priorities.demo.dataset import read_dataset
from priorities.enums import MetricState, PlanState, Provenance, QuestionState
from priorities.models import (
    Assignment,
    BudgetLine,
    ChangeEvent,
    Initiative,
    Meeting,
    Metric,
    Milestone,
    Observation,
    Organization,
    Plan,
    Priority,
    ReportingPeriod,
    ReviewRating,
    SavedView,
    StatusUpdate,
    Target,
)
from priorities.permissions import rights_of
from priorities.queries.history import verify
from priorities.queries.judging import MetricJudge
from priorities.queries.metric_facts import metric_facts
from priorities.queries.publication import documents, frame, later_changes, of_plan
from priorities.queries.questions import Tally, all_questions, tally
from priorities.queries.standing import standings
from priorities.queries.workload import workload

PLAN = "ita-2022-2023"
TZ = ZoneInfo("America/Los_Angeles")
TABLES = (Organization, Plan, Priority, ReportingPeriod, Initiative, Metric)


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[loader.Loaded]:
    """The demonstration up to the end of its figures, taken back after the module's tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield loader.load(until=dt.date(2026, 11, 1))
        transaction.set_rollback(True)


def states(day: dt.date) -> dict[str, str]:
    """What each initiative of the plan shows at the end of a day."""
    as_of = AsOf.end_of(day, TZ)
    undo = later_changes(*TABLES, as_of=as_of, plan_code=PLAN)
    periods = ReportingPeriod.objects.filter(plan__code=PLAN)
    found = documents(*frame(), of_plan(Priority, PLAN), periods, as_of=as_of, undo=undo)
    rows = standings(
        plan=found["plan"][PLAN],
        priorities=found["priority"],
        periods=found["reporting_period"].values(),
        as_of=as_of,
        undo=undo,
        tz=TZ,
    )
    return {row.code: row.state.value for row in rows}


def metric_states(day: dt.date) -> dict[str, MetricState]:
    """What the numbers say of each metric at the end of a day."""
    as_of = AsOf.end_of(day, TZ)
    undo = later_changes(Metric, as_of=as_of)
    found = documents(Metric.objects.all(), as_of=as_of, undo=undo)["metric"]
    judge = MetricJudge(as_of=as_of, closings={}, fiscal_start_month=7, tz=TZ)
    return {
        code: metric_facts(metric["pk"], as_of=as_of).standing(metric, judge).state
        for code, metric in found.items()
    }


def test_every_state_of_an_initiative_occurs(demo: loader.Loaded) -> None:
    assert Counter(states(loader.STANDS_AT).values()) == {
        "on_track": 8,
        "completed": 5,
        "at_risk": 3,
        "off_track": 2,
        "overdue": 2,
        "never_reported": 1,
        "paused": 1,
        "cancelled": 1,
        "merged": 1,
    }


def test_the_plan_a_year_before_had_another_state(demo: loader.Loaded) -> None:
    shown = states(dt.date(2022, 6, 30))
    assert Counter(shown.values()) == {
        "on_track": 14,
        "at_risk": 3,
        "off_track": 2,
        "completed": 2,
        "never_reported": 2,
    }
    assert shown["myla311-replacement"] == "off_track"
    assert "permanent-wifi-hotspots" not in shown  # it came into the plan a day later


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (dt.date(2022, 2, 1), 22),
        (dt.date(2022, 10, 11), 24),
        (dt.date(2023, 7, 7), 24),
        (dt.date(2024, 1, 5), 28),
        (dt.date(2026, 10, 1), 32),
    ],
)
def test_an_initiative_cites_and_ends_as_was_public_on_the_day(
    demo: loader.Loaded, day: dt.date, shown: int
) -> None:
    data = read_dataset()
    public = {each.url for each in data.sources.values() if each.published_on <= day}
    as_of = AsOf.end_of(day, TZ)
    undo = later_changes(Initiative, as_of=as_of)
    found = documents(Initiative.objects.all(), as_of=as_of, undo=undo)["initiative"]
    assert len(found) == shown
    cited = {link["url"] for each in found.values() for link in each["links"]}
    assert cited | {each["source_url"] for each in found.values()} <= public
    ends = {code: each["end"] for code, each in found.items() if each["end"]}
    stated = {
        f"{PLAN}/smartla-2028": dt.date(2028, 12, 31),
        "ita-2024-2025/smartla-2028": dt.date(2028, 12, 31),
        "ita-2024-2025/ai-roadmap": dt.date(2024, 6, 4),
        "ita-2024-2025/web-accessibility": dt.date(2026, 4, 24),
    }
    assert ends == {code: end for code, end in stated.items() if code in found}


def test_a_measure_has_a_division_once_the_budget_names_it(demo: loader.Loaded) -> None:
    leads = {}
    for day in (dt.date(2021, 5, 31), dt.date(2021, 6, 1)):
        as_of = AsOf.end_of(day, TZ)
        undo = later_changes(Metric, as_of=as_of)
        found = documents(Metric.objects.all(), as_of=as_of, undo=undo)["metric"]
        leads[day] = found["311-calls-answered"]["lead_division"]
    assert list(leads.values()) == [None, "customer-engagement"]


def test_nothing_is_overdue_once_the_plan_is_closed(demo: loader.Loaded) -> None:
    shown = states(dt.date(2026, 10, 1))
    assert shown["hr-payroll-project"] == "superseded"
    assert shown == states(dt.date(2024, 1, 3))


def test_every_state_of_a_metric_occurs(demo: loader.Loaded) -> None:
    shown = metric_states(loader.STANDS_AT)
    assert {str(state) for state in shown.values()} == {str(state) for state in MetricState}
    assert shown["311-calls-answered"] == MetricState.OVERDUE
    assert shown["applications-modernized"] == MetricState.NO_DATA
    assert shown["serious-security-incidents"] == MetricState.ON_TARGET
    assert shown["311-wait-by-quarter"] == MetricState.NEAR_TARGET
    assert metric_states(dt.date(2022, 6, 30))["311-calls-answered"] == MetricState.ON_TARGET


def test_an_estimate_stands_until_the_actual_replaces_it(demo: loader.Loaded) -> None:
    metric = Metric.objects.get(code="311-calls-answered")
    for day, value in [(dt.date(2018, 5, 31), 78), (dt.date(2018, 6, 1), 73)]:
        facts = metric_facts(metric.pk, as_of=AsOf.end_of(day, TZ))
        assert [row.value for row in facts.totals() if row.end.year == 2017] == [value]


def test_a_moved_target_and_a_moved_milestone_keep_the_first(demo: loader.Loaded) -> None:
    moved = Target.objects.get(metric__code="311-wait-by-quarter", supersedes__isnull=False)
    assert (int(moved.value), int(moved.supersedes.value)) == (120, 90)
    step = Milestone.objects.get(name="Phase 2 goes live", initiative__plan__code=PLAN)
    assert step.original_due_on == dt.date(2022, 12, 31)
    assert step.due_on == dt.date(2024, 6, 30)


def test_what_is_made_up_says_so_and_what_is_published_has_a_source(demo: loader.Loaded) -> None:
    for model in (StatusUpdate, ReportingPeriod, Assignment, ReviewRating):
        marks = set(model.objects.values_list("provenance", flat=True))
        assert marks == {Provenance.ILLUSTRATIVE}
    published = Observation.objects.exclude(provenance=Provenance.ILLUSTRATIVE)
    assert published.filter(source_url="").count() == 0
    assert BudgetLine.objects.filter(source_url="").count() == 0
    made_up = Metric.objects.filter(provenance=Provenance.ILLUSTRATIVE)
    for metric in made_up:
        marks = set(metric.observations.values_list("provenance", flat=True))
        assert marks == {Provenance.ILLUSTRATIVE}
    assert Initiative.objects.filter(source_url="").count() == 0
    assert set(Initiative.objects.values_list("provenance", flat=True)) == {Provenance.INFERRED}


@pytest.mark.parametrize(
    ("metric", "row"),
    [("311-operator-wait", "by 31 Dec 2019"), ("311-calls-per-year", "FY 2007-08")],
)
def test_the_page_marks_a_day_or_a_year_that_was_set_by_reading(
    demo: loader.Loaded, metric: str, row: str
) -> None:
    page = Client().get(f"/metrics/{metric}/").content.decode()
    assert re.search(rf'<th[^>]*>{row} <a class="provenance provenance--inferred"', page)


def test_the_record_holds_and_runs_in_order(demo: loader.Loaded) -> None:
    assert verify().breaks == ()
    moments = list(ChangeEvent.objects.order_by("sequence").values_list("at", flat=True))
    assert moments == sorted(moments)
    assert set(ChangeEvent.objects.values_list("entered_by", flat=True)) == {"load_demo"}


def test_the_successor_follows_and_both_plans_are_closed(demo: loader.Loaded) -> None:
    later = Plan.objects.get(code="ita-2024-2025")
    assert (later.predecessor.code, later.state) == (PLAN, PlanState.CLOSED)
    assert Plan.objects.get(code=PLAN).closed_on == dt.date(2023, 12, 31)


def test_every_state_of_a_question_occurs_and_some_answers_are_late(demo: loader.Loaded) -> None:
    rows = all_questions(on=loader.STANDS_AT, tz=TZ)
    counted = Counter(row.standing.state for row in rows)
    assert set(counted) == set(QuestionState)
    assert tally("", rows) == Tally(
        "", asked=12, waiting=5, late_now=2, answered=7, answered_late=2
    )


def test_the_committee_meets_about_every_six_weeks(demo: loader.Loaded) -> None:
    """Of the meetings one was moved and one called off; none of them is a City record."""
    meetings = Meeting.objects.filter(plan__code=PLAN).order_by("held_on")
    held = [row.held_on for row in meetings if not row.called_off]
    between = [(later - one).days for one, later in pairwise(held)]
    assert (len(held), min(between), max(between)) == (14, 28, 91)
    assert sorted(between)[len(between) // 2] == 49
    assert {row.provenance for row in meetings} == {Provenance.ILLUSTRATIVE}
    before = [day for day in held if day < loader.STANDS_AT]
    assert (before[-1], held[len(before)]) == (dt.date(2023, 6, 7), dt.date(2023, 7, 19))
    events = ChangeEvent.objects.filter(item_type="meeting", kind="revised").order_by("sequence")
    assert [sorted(event.fields) for event in events] == [["held_on"], ["called_off"]]


def test_each_view_that_the_reviewer_shares_opens(demo: loader.Loaded) -> None:
    reader = Client()
    reader.force_login(User.objects.get(email="reviewer@example.org"))
    views = SavedView.objects.filter(shared=True)
    opened = {
        view.name: reader.get(f"/review/views/{view.pk}/", follow=True).status_code
        for view in views
    }
    assert opened == dict.fromkeys(
        ("What needs attention", "Who has not reported", "Priority 3 on one axis"), 200
    )


def test_a_second_load_is_refused(demo: loader.Loaded) -> None:
    with pytest.raises(CommandError, match="has plans already"):
        call_command("load_demo")
    out = StringIO()
    call_command("load_demo", "--if-empty", stdout=out)
    assert "left as it is" in out.getvalue()


@pytest.mark.django_db
def test_the_command_loads_up_to_a_day_and_prints_the_accounts() -> None:
    out = StringIO()
    call_command("load_demo", "--until", "2022-02-15", stdout=out)
    assert [plan.code for plan in Plan.objects.all()] == [PLAN]
    assert StatusUpdate.objects.count() == 0
    printed = out.getvalue()
    assert loader.PASSWORD in printed
    assert "administrator@example.org" in printed


@pytest.mark.django_db
def test_a_failure_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(reviews, "ask", fail)
    with pytest.raises(RuntimeError):
        loader.load(until=dt.date(2022, 10, 3))
    assert (Plan.objects.count(), ChangeEvent.objects.count()) == (0, 0)


@pytest.mark.parametrize("text", ["soon", "2023-02-30", "44562"])
def test_a_day_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(CommandError, match="write it as 2023-07-07"):
        call_command("load_demo", "--until", text)


@pytest.mark.django_db
def test_the_manager_signs_in_to_a_live_round() -> None:
    """Ten things to do, some done; the draft is one of them."""
    loader.load()
    person = User.objects.get(email="manager@example.org")
    as_of = AsOf.end_of(loader.STANDS_AT, TZ)
    items = workload(person=person, rights=rights_of(person), as_of=as_of)
    assert Counter((item.kind, item.state) for item in items) == {
        ("initiative", "overdue"): 1,
        ("initiative", "draft"): 1,
        ("initiative", "due"): 4,
        ("initiative", "done"): 2,
        ("metric", "overdue"): 4,
        ("metric", "done"): 2,
    }
