"""What may be written of items and metrics, and what is refused, in the words a person reads."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from priorities.actions import initiatives, metrics, observations, plans
from priorities.actions.recording import WriteRefused
from priorities.actions.writing import revise
from priorities.enums import Calendar, MissingReason, Quality
from priorities.models import ChangeEvent, Observation, Target
from tests import factories as make

pytestmark = pytest.mark.django_db

Q2 = dt.date(2022, 6, 30)


def act() -> dict[str, Any]:
    return {"by": "a test", "now": make.moment()}


def test_a_value_is_corrected_by_a_new_row_and_only_the_newest_is_corrected() -> None:
    first = make.observation(89, quality=Quality.PROVISIONAL)
    second = observations.correct_observation(
        observation=first, value=Decimal(90), reason="Final count.", **act()
    )
    with pytest.raises(WriteRefused, match="correct the newest one"):
        observations.correct_observation(
            observation=first, value=Decimal(91), reason="No, that.", **act()
        )
    third = observations.correct_observation(
        observation=second,
        missing_reason=MissingReason.SUPPRESSED,
        reason="Withdrawn.",
        **act(),
    )
    chain = Observation.objects.order_by("pk").values_list("value", "quality", "supersedes")
    assert list(chain) == [
        (Decimal(89), "provisional", None),
        (Decimal(90), "revised", first.pk),
        (None, "revised", second.pk),
    ]
    assert third.missing_reason == "suppressed"


def test_a_correction_of_a_value_says_why() -> None:
    first = make.observation()
    with pytest.raises(ValidationError, match="A correction says why"):
        observations.correct_observation(observation=first, value=Decimal(1), reason="", **act())


def test_a_period_has_one_value_and_a_breakdown_its_own() -> None:
    make.observation(10)
    with pytest.raises(ValidationError, match="has a value already"):
        make.observation(11)
    assert make.observation(4, categories="district=4").value == 4
    assert make.observation(0, end=Q2).value == 0


def test_a_value_is_kept_to_the_last_digit() -> None:
    row = make.observation("99.870000")
    assert Observation.objects.get(pk=row.pk).value == Decimal("99.87")
    with pytest.raises(ValidationError, match="6 decimal places"):
        make.observation("0.1234567", end=Q2)
    exact = make.observation("123456789.123456", end=Q2)
    assert Observation.objects.get(pk=exact.pk).value == Decimal("123456789.123456")
    with pytest.raises(ValidationError, match="kept to 15 digits"):
        make.observation("1234567890.123456", end=dt.date(2022, 9, 30))


def test_a_new_target_supersedes_the_one_for_the_same_period_alone() -> None:
    first = make.target(100)
    make.target(110, end=dt.date(2023, 12, 31))
    make.target(30, period_start=dt.date(2022, 10, 1))
    with pytest.raises(ValidationError, match="A changed target says why"):
        make.target(90)
    again = make.target(90, reason="Less money.")
    assert again.supersedes == first
    assert Target.objects.filter(superseded_by__isnull=True).count() == 3


def test_a_target_is_a_value_or_a_range() -> None:
    row = make.target(None, low=Decimal(-1), high=Decimal(0))
    assert (row.value, row.low, row.high) == (None, Decimal(-1), Decimal(0))
    with pytest.raises(ValidationError, match="lowest and a highest in order"):
        make.target(None, end=Q2, low=Decimal(2), high=Decimal(1))


def test_the_newest_baseline_supersedes_the_one_before() -> None:
    first = make.baseline(63)
    with pytest.raises(ValidationError, match="A changed baseline says why"):
        make.baseline(64)
    assert make.baseline(64, reason="Recounted.").supersedes == first


def test_money_is_corrected_within_its_initiative() -> None:
    first = make.budget_line()
    with pytest.raises(WriteRefused, match="of another initiative"):
        make.budget_line(initiative=make.initiative(), supersedes=first, reason="x")
    make.budget_line(initiative=first.initiative, supersedes=first, reason="A misprint.")
    with pytest.raises(WriteRefused, match="correct the newest one"):
        make.budget_line(initiative=first.initiative, supersedes=first, reason="Again.")


def test_codes_are_permanent() -> None:
    division, plan, priority = make.division(), make.plan(), make.priority()
    period, milestone, metric = make.period(), make.milestone(), make.metric()
    for revision in (
        lambda: plans.revise_division(division=division, changes={"code": "x"}, **act()),
        lambda: plans.revise_plan(plan=plan, changes={"code": "x"}, **act()),
        lambda: plans.revise_priority(priority=priority, changes={"plan": make.plan()}, **act()),
        lambda: initiatives.revise_milestone(
            milestone=milestone, changes={"initiative": make.initiative()}, **act()
        ),
        lambda: metrics.revise_metric(metric=metric, changes={"code": "x"}, **act()),
    ):
        with pytest.raises(WriteRefused, match="is permanent"):
            revision()
    with pytest.raises(WriteRefused, match="begins and ends on are permanent"):
        plans.revise_period(period=period, changes={"end": Q2}, **act())


def test_what_the_log_does_not_keep_is_not_revised() -> None:
    from priorities.actions.recording import recording

    division = make.division()
    with recording(by="a", now=make.moment()) as log, pytest.raises(ValueError, match="keeps no"):
        revise(log, division, {"recorded_at": make.START})


def test_a_division_is_not_below_itself() -> None:
    top = make.division()
    middle = make.division(parent=top)
    low = make.division(parent=middle)
    with pytest.raises(WriteRefused, match="cannot be part of itself"):
        plans.revise_division(division=top, changes={"parent": low}, **act())
    with pytest.raises(WriteRefused, match="cannot be part of itself"):
        plans.revise_division(division=top, changes={"parent": top}, **act())
    assert plans.revise_division(division=low, changes={"parent": top}, **act()).parent == top


def test_a_priority_is_of_the_initiatives_own_plan() -> None:
    initiative = make.initiative()
    other = make.priority(plan=make.plan())
    with pytest.raises(WriteRefused, match="belongs to another plan"):
        make.initiative(plan=initiative.plan, priority=other)
    with pytest.raises(WriteRefused, match="belongs to another plan"):
        initiatives.revise_initiative(initiative=initiative, changes={"priority": other}, **act())


def test_a_milestone_keeps_its_first_date_and_says_why_it_moves() -> None:
    row = make.milestone(due_on=Q2)
    with pytest.raises(WriteRefused, match="Say why the date moves"):
        initiatives.revise_milestone(
            milestone=row, changes={"due_on": dt.date(2022, 9, 30)}, **act()
        )
    with pytest.raises(WriteRefused, match="or the milestone is dropped"):
        initiatives.revise_milestone(milestone=row, changes={"dropped_on": Q2}, **act())
    with pytest.raises(WriteRefused, match="kept for good"):
        initiatives.revise_milestone(milestone=row, changes={"original_due_on": Q2}, **act())
    moved = initiatives.revise_milestone(
        milestone=row, changes={"due_on": dt.date(2022, 9, 30)}, reason="Late.", **act()
    )
    assert (moved.due_on, moved.original_due_on) == (dt.date(2022, 9, 30), Q2)
    done = initiatives.revise_milestone(milestone=row, changes={"done_on": Q2}, **act())
    assert done.done_on == Q2


def test_periods_are_laid_out_once_and_due_after_the_days_of_grace() -> None:
    plan = make.plan(grace_days=20)
    made = make.periods(plan=plan)
    assert len(made) == 8
    assert (made[0].start, made[0].end, made[0].due_on) == (
        dt.date(2022, 1, 1),
        dt.date(2022, 3, 31),
        dt.date(2022, 4, 20),
    )
    events = ChangeEvent.objects.count()
    assert plans.open_periods(plan=plan, **act()) == []
    assert ChangeEvent.objects.count() == events
    years = plans.open_periods(plan=plan, calendar=Calendar.FISCAL_YEAR, **act())
    assert [(row.start, row.end) for row in years] == [
        (dt.date(2021, 7, 1), dt.date(2022, 6, 30)),
        (dt.date(2022, 7, 1), dt.date(2023, 6, 30)),
        (dt.date(2023, 7, 1), dt.date(2024, 6, 30)),
    ]


def test_a_value_list_is_never_deleted_and_recreated() -> None:
    """Saving the same links again writes nothing; adding one keeps the others' rows."""
    first, second = make.initiative(), make.initiative()
    metric = make.metric(initiatives=[first])
    through = metric.initiatives.through.objects
    kept = through.get().pk
    events = ChangeEvent.objects.count()
    metrics.revise_metric(metric=metric, changes={"initiatives": [first]}, **act())
    assert (through.get().pk, ChangeEvent.objects.count()) == (kept, events)
    metrics.revise_metric(metric=metric, changes={"initiatives": [second, first]}, **act())
    assert through.filter(pk=kept).exists()
    assert ChangeEvent.objects.latest("sequence").fields == {
        "initiatives": [[first.item_code], [first.item_code, second.item_code]]
    }
