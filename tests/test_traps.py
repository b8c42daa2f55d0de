"""Mistakes that shipped elsewhere (domain, section 7): each is tried here, from action to page."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from priorities.actions import initiatives, metrics, observations, plans
from priorities.assessment.attainment import attainment, latest_change
from priorities.assessment.metric_status import BaselinePoint, Observed, TargetLine, rate_metric
from priorities.assessment.periods import AsOf
from priorities.enums import (
    Direction,
    Health,
    Lifecycle,
    MetricKind,
    MetricState,
    MissingReason,
    Visibility,
)
from priorities.models import Metric
from priorities.queries.workload import due_items
from tests import factories as make

pytestmark = pytest.mark.django_db

Q1 = {"start": dt.date(2022, 1, 1), "end": dt.date(2022, 3, 31)}
Q2 = {"start": dt.date(2022, 4, 1), "end": dt.date(2022, 6, 30)}
Q3 = {"start": dt.date(2022, 7, 1), "end": dt.date(2022, 9, 30)}
Q4 = {"start": dt.date(2022, 10, 1), "end": dt.date(2022, 12, 31)}


class Reader:
    """Someone who looks at the portal, at a moment that the test sets."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.now = make.at(2022, 7, 10)

    def json(self, path: str) -> dict[str, Any]:
        """The JSON twin of a page."""
        answer = self.client.get(f"/{path}.json")
        assert answer.status_code == 200, path
        found: dict[str, Any] = answer.json()
        return found

    def text(self, path: str) -> str:
        """What stands in the main part of a page, without marks."""
        answer = self.client.get(f"/{path}/")
        assert answer.status_code == 200, path
        main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main)))

    def html(self, path: str) -> str:
        """A page as it is sent."""
        return self.client.get(f"/{path}/").content.decode()

    def standing(self, code: str) -> dict[str, Any]:
        """How a metric stands."""
        found: dict[str, Any] = self.json(f"metrics/{code}")["standing"]
        return found

    def states(self, plan: str = "ita-2022-2023") -> dict[str, int]:
        """How many initiatives of a plan show what, without the empty ones."""
        counts = self.json(f"plans/{plan}")["initiatives"]["by_state"]
        return {state: count for state, count in counts.items() if count}


@pytest.fixture
def reader(db: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> Reader:
    """A reader on 10 July 2022, of an agency."""
    make.organization()
    found = Reader(client)
    monkeypatch.setattr("dashboards.http.now", lambda newest=None: found.now)
    return found


def seen(period: dict[str, dt.date], value: int) -> Observed:
    """A published value, as the rules take it."""
    return Observed(period["start"], period["end"], Decimal(value))


def act() -> dict[str, Any]:
    return {"by": "a test", "now": make.moment()}


# ── Zero, blank and negative ─────────────────────────────────────────────────────────────────


def test_zero_is_a_value(reader: Reader) -> None:
    make.metric(code="outages", direction=Direction.DECREASE.value)
    make.target(5, period_start=Q2["start"], end=Q2["end"])
    make.observation(4, **Q1)
    make.observation(0, **Q2)
    standing = reader.standing("outages")
    assert (standing["value"], standing["state"]) == (0, "on_target")
    assert [row["value"] for row in reader.json("metrics/outages")["observations"]] == [4, 0]
    text = reader.text("metrics/outages")
    assert "Q2 2022: 0" in text
    assert "No data" not in text
    assert "0 calls" in text


def test_zero_percent_complete_is_shown(reader: Reader) -> None:
    make.initiative(code="cloud")
    make.report(percent_complete=0)
    assert "0%" in reader.text("plans/ita-2022-2023/initiatives/cloud")


def test_a_blank_is_never_read_as_zero(reader: Reader) -> None:
    make.metric(code="calls")
    make.target(0, period_start=Q2["start"], end=Q2["end"])
    make.observation(3, **Q1)
    make.observation(None, missing_reason=MissingReason.NOT_PUBLISHED, **Q2)
    rows = reader.json("metrics/calls")["observations"]
    assert [(row["value"], row["missing"]) for row in rows] == [(3, ""), (None, "not_published")]
    assert reader.standing("calls")["value"] == 3
    assert "Not published" in reader.text("metrics/calls")
    with pytest.raises(ValidationError, match="Give a value, or the reason"):
        make.observation(None, **Q3)


def test_a_metric_without_values_says_so(reader: Reader) -> None:
    make.metric(code="calls")
    standing = reader.standing("calls")
    assert (standing["state"], standing["value"]) == ("no_data", None)
    assert "No data" in reader.text("metrics/calls")


def test_a_target_of_zero_is_a_target(reader: Reader) -> None:
    make.metric(code="outages", direction=Direction.DECREASE.value)
    make.target(0, period_start=Q2["start"], end=Q2["end"])
    make.observation(1, **Q2)
    standing = reader.standing("outages")
    assert (standing["expected"], standing["shortfall"]) == (0, 1)
    assert standing["state"] == "off_target"
    assert attainment(Decimal(5), baseline=Decimal(10), target=Decimal(0)) == Decimal("0.5")


def test_a_tolerance_of_zero_is_not_no_tolerance() -> None:
    standing = rate_metric(
        direction=Direction.INCREASE,
        observation=seen(Q1, 99),
        targets=[TargetLine(Q1["start"], Q1["end"], Decimal(100))],
        baseline=BaselinePoint(dt.date(2021, 12, 31), Decimal(0)),
        tolerance=Decimal(0),
        freshness=None,
    )
    assert (standing.state, standing.tolerance) == (MetricState.OFF_TARGET, 0)


def test_a_negative_value_and_a_negative_change_are_shown(reader: Reader) -> None:
    make.metric(code="balance", direction=Direction.INCREASE.value)
    make.observation(10, **Q1)
    make.observation("-3.5", **Q2)
    text = reader.text("metrics/balance")
    assert reader.standing("balance")["value"] == -3.5
    assert "−14 calls since Q1 2022" in text or "−13.5 calls since Q1 2022" in text
    change = latest_change(
        [
            seen(Q1, 10),
            seen(Q2, 4),
        ],
        kind=MetricKind.COUNT,
    )
    assert change is not None
    assert (change.amount, change.share) == (Decimal(-6), Decimal("-0.6"))


def test_from_zero_there_is_no_percent_change() -> None:
    change = latest_change(
        [
            seen(Q1, 0),
            seen(Q2, 4),
        ],
        kind=MetricKind.COUNT,
    )
    assert change is not None
    assert (change.amount, change.share) == (Decimal(4), None)


def test_no_change_is_a_change_of_zero(reader: Reader) -> None:
    make.metric(code="calls")
    make.observation(10, **Q1)
    make.observation(10, **Q2)
    change = latest_change([seen(Q1, 10), seen(Q2, 10)], kind=MetricKind.COUNT)
    assert change is not None
    assert change.amount == 0
    assert reader.standing("calls")["value"] == 10


# ── Percent, points, directions ──────────────────────────────────────────────────────────────


def test_percents_differ_by_points(reader: Reader) -> None:
    make.metric(code="answered", kind=MetricKind.PERCENT.value, unit="", unit_plural="")
    make.target(90, period_start=Q2["start"], end=Q2["end"])
    make.observation(80, **Q1)
    make.observation(88, **Q2)
    text = reader.text("metrics/answered")
    assert "+8 points since Q1 2022" in text
    assert "2 points" in text
    assert "10%" not in text.partition("Tolerance")[0]


def test_less_is_better_where_the_metric_says_so(reader: Reader) -> None:
    make.metric(code="wait", direction=Direction.DECREASE.value, kind=MetricKind.DURATION.value)
    make.baseline(300)
    make.target(120, period_start=Q2["start"], end=Q2["end"])
    make.observation(102, **Q2)
    standing = reader.standing("wait")
    assert (standing["state"], standing["shortfall"]) == ("on_target", 0)
    assert "Lower is better" in reader.text("metrics/wait")
    assert attainment(Decimal(102), baseline=Decimal(300), target=Decimal(120)) == Decimal("1.1")


def test_a_lower_value_is_drawn_lower(reader: Reader) -> None:
    """The axis is never turned round for a metric of which less is better."""
    make.metric(code="wait", direction=Direction.DECREASE.value)
    for period, value in ((Q1, 300), (Q2, 100)):
        make.observation(value, **period)
    drawn = re.findall(
        r'class="chart-actual" d="M[\d.]+ ([\d.]+)L[\d.]+ ([\d.]+)"', reader.html("metrics/wait")
    )
    assert len(drawn) == 2
    assert all(float(first) < float(second) for first, second in drawn)


def test_outside_a_range_is_off_on_both_sides(reader: Reader) -> None:
    make.metric(code="temperature", direction=Direction.MAINTAIN_RANGE.value)
    make.target(None, low=Decimal(-2), high=Decimal(0), period_start=Q1["start"], end=Q1["end"])
    make.target(None, low=Decimal(-2), high=Decimal(0), period_start=Q2["start"], end=Q2["end"])
    make.observation(-1, **Q1)
    reader.now = make.at(2022, 4, 10)
    assert reader.standing("temperature")["state"] == "on_target"
    make.observation(-4, now=make.at(2022, 7, 5), **Q2)
    reader.now = make.at(2022, 7, 10)
    standing = reader.standing("temperature")
    assert (standing["state"], standing["shortfall"]) == ("off_target", 2)


# ── Time ─────────────────────────────────────────────────────────────────────────────────────


def test_the_year_does_not_shift_with_the_time_zone(reader: Reader) -> None:
    """Ten at night on the last of December in Los Angeles is next year elsewhere."""
    make.metric(code="calls", calendar="calendar_year")
    late = make.at(2022, 12, 31, 22)
    make.observation(7, start=dt.date(2022, 1, 1), end=dt.date(2022, 12, 31), now=late)
    reader.now = make.at(2022, 12, 31, 23)
    row = reader.json("metrics/calls")["observations"][0]
    assert (row["start"], row["end"]) == ("2022-01-01", "2022-12-31")
    text = reader.text("metrics/calls")
    assert "2022" in text
    assert "2023" not in text.replace("15 Jan 2023", "").replace("15 Jan 2024", "")
    assert "As known on 31 Dec 2022" in reader.html("metrics/calls").replace("\n", " ")


def test_the_end_of_a_day_is_the_agencys(reader: Reader) -> None:
    """What is published late in the evening is known on that date, not on the next."""
    make.metric(code="calls")
    make.observation(7, now=make.at(2022, 6, 30, 23, 59), **Q1)
    reader.now = make.at(2022, 7, 10)
    for day, known in (("2022-06-29", 0), ("2022-06-30", 1)):
        answer = reader.client.get("/metrics/calls.json", {"as_of": day}).json()
        assert len(answer["observations"]) == known


def test_no_trend_runs_across_a_gap_unsaid(reader: Reader) -> None:
    make.metric(code="calls")
    make.observation(100, **Q1)
    make.observation(90, now=make.at(2022, 10, 5), **Q3)
    reader.now = make.at(2022, 10, 10)
    change = latest_change(
        [
            seen(Q1, 100),
            seen(Q3, 90),
        ],
        kind=MetricKind.COUNT,
    )
    assert change is not None
    assert change.gap
    text = reader.text("metrics/calls")
    assert "−10 calls since Q1 2022, periods between missing" in text
    assert 'class="chart-actual"' not in reader.html("metrics/calls")


def test_a_quarter_is_not_compared_with_a_year() -> None:
    series = [
        Observed(dt.date(2021, 1, 1), dt.date(2021, 12, 31), Decimal(400)),
        seen(Q1, 100),
    ]
    assert latest_change(series, kind=MetricKind.COUNT) is None


# ── Freshness ────────────────────────────────────────────────────────────────────────────────


def edit_wording() -> None:
    metric = Metric.objects.get()
    for word in ("Calls answered", "Calls"):
        metrics.revise_metric(metric=metric, changes={"name": word}, **act())


def import_of_old_periods() -> None:
    for year in (2019, 2020):
        make.observation(1, start=dt.date(year, 1, 1), end=dt.date(year, 3, 31))


def new_target() -> None:
    make.target(50, reason="Re-based.", period_start=Q2["start"], end=Q2["end"])


def correct_an_old_value() -> None:
    first = Metric.objects.get().observations.first()
    assert first is not None
    observations.correct_observation(observation=first, value=Decimal(9), reason="Slip.", **act())


@pytest.mark.parametrize(
    "happens",
    [
        edit_wording,
        import_of_old_periods,
        new_target,
        correct_an_old_value,
    ],
)
def test_a_metric_stays_overdue_until_its_period_is_reported(
    happens: Callable[[], None], reader: Reader
) -> None:
    make.metric(code="calls")
    make.target(5, period_start=Q1["start"], end=Q1["end"])
    make.observation(7, now=make.at(2022, 4, 5), **Q1)
    reader.now = make.at(2022, 7, 20)
    before = reader.standing("calls")
    assert (before["state"], before["days_overdue"], before["last_said"]) == (
        "overdue",
        5,
        "on_target",
    )
    make.division(now=make.at(2022, 7, 19))
    happens()
    after = reader.standing("calls")
    assert (after["state"], after["days_overdue"]) == ("overdue", 5)
    make.observation(8, **Q2)
    assert reader.standing("calls")["state"] != "overdue"


def test_what_was_published_by_mistake_covers_nothing_once_it_is_withdrawn(reader: Reader) -> None:
    make.metric(code="calls")
    make.observation(7, now=make.at(2022, 4, 5), **Q1)
    reader.now = make.at(2022, 7, 20)
    for slip in (Q2, {"start": dt.date(2032, 4, 1), "end": dt.date(2032, 6, 30)}):
        taken = make.observation(9, **slip)
        covers = slip is Q2  # a period that has not begun covers none before it
        assert reader.standing("calls")["days_overdue"] == (0 if covers else 5)
        observations.correct_observation(
            observation=taken, missing_reason=MissingReason.WITHDRAWN, reason="A slip.", **act()
        )
        found = reader.standing("calls")
        assert (found["days_overdue"], due_days()) == (5, [5])


def due_days() -> list[int]:
    """For how many days each item is overdue, as its owner is told."""
    return [
        item.days_overdue
        for item in due_items(as_of=AsOf.now(make.at(2022, 7, 20), make.LOS_ANGELES))
    ]


@pytest.mark.parametrize("later", [None, MissingReason.NOT_COLLECTED])
def test_a_card_rates_by_figures_older_than_it_draws(
    later: MissingReason | None, reader: Reader
) -> None:
    months = [(dt.date(2022, n, 1), dt.date(2022, n, 28)) for n in (1, 2, 3)]
    make.metric(code="calls", calendar="month", initiatives=[make.initiative()], headline=True)
    make.target(5, end=months[0][1], period_start=months[0][0])
    make.observation(7, start=months[0][0], end=months[0][1])
    slip = make.observation(8, start=months[1][0], end=months[1][1])
    observations.correct_observation(
        observation=slip, missing_reason=MissingReason.WITHDRAWN, reason="A slip.", **act()
    )
    if later:
        make.observation(None, missing_reason=later, start=months[2][0], end=months[2][1])
    reader.now = make.at(2025, 3, 10)
    (card,) = reader.json("plans/ita-2022-2023")["headline_metrics"]
    own = reader.json("metrics/calls")["standing"]
    for name in ("state", "last_said", "days_overdue"):
        assert (name, card[name]) == (name, own[name])
    assert (card["value"], own["state"]) == (7, "overdue")


def test_an_edit_of_an_initiative_reports_nothing(reader: Reader) -> None:
    initiative = make.initiative(code="cloud")
    make.milestone(due_on=dt.date(2023, 6, 30))
    make.report(now=make.at(2022, 4, 5))
    reader.now = make.at(2022, 7, 20)
    assert reader.states() == {"overdue": 1}
    make.division(now=make.at(2022, 7, 18))
    changes = {"name": "Cloud again", "description": "New words."}
    initiatives.revise_initiative(initiative=initiative, changes=changes, **act())
    make.draft(initiative=initiative, period=make.period(Q2["end"]))
    make.budget_line(initiative=initiative)
    make.rating(item=initiative)
    assert reader.states() == {"overdue": 1}
    make.report(initiative=initiative, period=make.period(Q2["end"]))
    assert reader.states() == {"on_track": 1}


# ── Counting ─────────────────────────────────────────────────────────────────────────────────


def test_cancelled_is_never_counted_as_done(reader: Reader) -> None:
    for lifecycle in (Lifecycle.COMPLETED, Lifecycle.CANCELLED):
        make.close(lifecycle, initiative=make.initiative(code=lifecycle.value))
    make.report(initiative=make.initiative(), period=make.period(Q2["end"]))
    assert reader.states() == {"completed": 1, "cancelled": 1, "on_track": 1}
    scope = reader.json("plans/ita-2022-2023")["scope"]
    assert (scope["on_track_or_complete"], scope["of"]) == (2, 2)
    text = reader.text("plans/ita-2022-2023/initiatives/cancelled")
    assert "Cancelled" in text
    assert "Everything is delivered." in text
    assert "Complete" not in text.partition("Cancelled")[0]


def test_a_changed_denominator_is_told(reader: Reader) -> None:
    """Of three adopted one is cancelled; of two added later one is cancelled too: all count."""
    plan = make.plan()
    kept, cancelled, _third = (make.initiative(plan=plan, code=code) for code in ("a", "b", "c"))
    make.report(initiative=kept, period=make.period(Q2["end"]))
    make.close(Lifecycle.CANCELLED, initiative=cancelled, now=make.at(2022, 5, 1))
    make.initiative(plan=plan, code="d", now=make.at(2022, 5, 2))
    late = make.initiative(plan=plan, code="e", now=make.at(2022, 5, 2))
    make.close(Lifecycle.CANCELLED, initiative=late, now=make.at(2022, 5, 3))
    scope = reader.json("plans/ita-2022-2023")["scope"]
    assert (scope["of"], scope["of_adopted"]) == (3, 3)
    assert (scope["on_track_or_complete"], scope["on_track_or_complete_of_adopted"]) == (1, 1)
    told = (scope["added"], scope["set_aside"])
    assert told == (["d", "e"], ["b", "e"])
    assert "Since then 2 were added and 2 were set aside." in reader.text("plans/ita-2022-2023")


def test_a_dropped_item_stays_listed_with_the_reason(reader: Reader) -> None:
    make.close(
        Lifecycle.CANCELLED, initiative=make.initiative(code="gone"), reason="The grant fell away."
    )
    assert "Gone" in reader.text("plans/ita-2022-2023/initiatives")
    assert "The grant fell away." in reader.text("plans/ita-2022-2023/initiatives/gone")


def test_a_moved_target_leaves_the_old_one_in_sight(reader: Reader) -> None:
    make.metric(code="calls")
    make.target(100, period_start=Q2["start"], end=Q2["end"])
    make.observation(95, **Q2)
    assert reader.standing("calls")["state"] == "off_target"
    make.target(
        90, period_start=Q2["start"], end=Q2["end"], reason="Fewer staff.", now=make.at(2022, 7, 9)
    )
    assert reader.standing("calls")["state"] == "on_target"
    targets = reader.json("metrics/calls")["targets"]
    assert [(row["value"], row["in_force"]) for row in targets] == [(100, False), (90, True)]
    text = reader.text("metrics/calls")
    assert "Fewer staff." in text
    assert "Replaced" in text
    before = reader.client.get("/metrics/calls.json", {"as_of": "2022-07-08"}).json()
    assert before["standing"]["state"] == "off_target"


def test_a_restated_value_leaves_the_old_one_in_sight(reader: Reader) -> None:
    make.metric(code="calls")
    first = make.observation(89, **Q2)
    observations.correct_observation(
        observation=first, value=Decimal(85), reason="Double counted.", **act()
    )
    rows = reader.json("metrics/calls")["observations"]
    assert [(row["value"], row["in_force"]) for row in rows] == [(89, False), (85, True)]
    assert "Double counted." in reader.text("metrics/calls")


# ── Who is told ──────────────────────────────────────────────────────────────────────────────


def test_no_name_or_address_of_staff_reaches_the_public(reader: Reader) -> None:
    person = make.person(name="Pat Example", email="pat.example@example.org")
    initiative = make.initiative(code="cloud")
    make.owner(person=person, item=initiative)
    make.report(initiative=initiative, by=person)
    make.metric(code="calls", initiatives=[initiative])
    make.observation(1, by=person)
    make.target(2, by=person)
    public = {"visibility": Visibility.PUBLIC, "item": initiative}
    make.rating(Health.AT_RISK, reviewer=person, **public)
    question = make.question(asker=person, **public)
    make.answer(question=question, author=person)
    plan = "plans/ita-2022-2023"
    for path in (
        plan,
        f"{plan}/initiatives",
        f"{plan}/initiatives/cloud",
        f"{plan}/changes",
        "metrics/calls",
        "metrics",
    ):
        for address in (f"/{path}/", f"/{path}.json"):
            said = reader.client.get(address).content.decode()
            assert "Pat Example" not in said, address
            assert "pat.example" not in said, address


def test_a_hidden_item_is_nowhere(reader: Reader) -> None:
    make.report(initiative=make.initiative(code="shown"), period=make.period(Q2["end"]))
    hidden = make.initiative(code="hidden", name="Project Nightshade")
    make.milestone(initiative=hidden, name="Nightshade begins")
    make.report(initiative=hidden, period=make.period(Q2["end"]), narrative="Nightshade goes well.")
    make.metric(code="calls", initiatives=[hidden])
    initiatives.revise_initiative(
        initiative=hidden, changes={"visibility": "internal"}, by="a", now=make.at(2022, 7, 9)
    )
    plan = "plans/ita-2022-2023"
    pages = (plan, f"{plan}/initiatives", f"{plan}/priorities/1", f"{plan}/changes", "metrics")
    for path in (*pages, "metrics/calls", "search"):
        for address in (f"/{path}/", f"/{path}.json"):
            query = {"q": "nightshade"} if path == "search" else {}
            said = reader.client.get(address, query).content.decode()
            assert "Nightshade" not in said, address
    assert reader.client.get(f"/{plan}/initiatives/hidden/").status_code == 404
    then = reader.client.get(f"/{plan}/initiatives/hidden/", {"as_of": "2022-07-08"})
    assert then.status_code == 200


def test_a_closed_plan_never_becomes_overdue(reader: Reader) -> None:
    make.report(initiative=make.initiative(), period=make.period(Q2["end"]))
    plan = make.period(Q2["end"]).plan
    plans.close_plan(
        plan=plan,
        closed_on=dt.date(2022, 7, 9),
        reason="Succeeded.",
        by="a",
        now=make.at(2022, 7, 9),
    )
    states = []
    for year in (2022, 2023, 2026):
        reader.now = make.at(year, 12, 1)
        states.append(reader.states())
    assert states == [{"on_track": 1}] * 3
