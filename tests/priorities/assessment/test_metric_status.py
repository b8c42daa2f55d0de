"""Metric status: the worked examples of the rule, its order and its symmetries."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorities.assessment.arithmetic import STEP_FACTS, Step, StepCode, steps_of
from priorities.assessment.expectation import ExpectedBasis
from priorities.assessment.freshness import Freshness, freshness, windows_for
from priorities.assessment.metric_status import (
    BaselinePoint,
    MetricStanding,
    Observed,
    TargetLine,
    ToleranceBasis,
    newest_observed,
    rate_metric,
)
from priorities.enums import (
    Calendar,
    Direction,
    MetricState,
    MissingReason,
    Quality,
    TargetPath,
)

START, END = date(2020, 7, 1), date(2021, 6, 30)
ON = MetricState.ON_TARGET
NEAR = MetricState.NEAR_TARGET
OFF = MetricState.OFF_TARGET
LATE = freshness(
    windows_for(Calendar.FISCAL_YEAR, first=START, on=date(2022, 8, 20)),
    last_covered_end=END,
    on=date(2022, 8, 20),
)


def arithmetic(standing: MetricStanding) -> list[Step]:
    """The lines of a standing's arithmetic."""
    return list(steps_of(standing))


def figure(value: D | None, quality: Quality = Quality.FINAL) -> Observed:
    return Observed(START, END, value, quality)


def rated(
    value: str,
    target: str | None,
    *,
    direction: Direction = Direction.INCREASE,
    baseline: str | None = None,
    tolerance: str | None = None,
    late: Freshness | None = None,
) -> MetricStanding:
    return rate_metric(
        direction=direction,
        observation=figure(D(value)),
        targets=[] if target is None else [TargetLine(START, END, D(target))],
        baseline=None if baseline is None else BaselinePoint(date(2013, 6, 30), D(baseline)),
        freshness=late,
        tolerance=None if tolerance is None else D(tolerance),
    )


@pytest.mark.parametrize(
    ("direction", "baseline", "target", "value", "tolerance", "state"),
    [
        (Direction.INCREASE, "63", "90", "89", None, NEAR),
        (Direction.INCREASE, "63", "90", "73", None, OFF),
        (Direction.INCREASE, "63", "90", "90", None, ON),
        (Direction.DECREASE, "300", "120", "102", None, ON),
        (Direction.DECREASE, "300", "120", "130", None, NEAR),
        (Direction.DECREASE, "300", "120", "138.01", None, OFF),
        (Direction.INCREASE, None, "99.90", "99.87", None, OFF),
        (Direction.INCREASE, None, "99.90", "99.87", "0.05", NEAR),
        (Direction.DECREASE, None, "0", "0", None, ON),
        (Direction.DECREASE, "10", "0", "1", None, NEAR),
        (Direction.INCREASE, "-10", "0", "-1", None, NEAR),
    ],
)
def test_worked_examples(
    direction: Direction,
    baseline: str | None,
    target: str,
    value: str,
    tolerance: str | None,
    state: MetricState,
) -> None:
    standing = rated(value, target, direction=direction, baseline=baseline, tolerance=tolerance)
    assert standing.state == state


def test_the_arithmetic_of_the_calls() -> None:
    standing = rated("89", "90", baseline="63")
    facts = {step.code: step.facts for step in arithmetic(standing)}
    assert list(facts) == [
        StepCode.TARGET_OF_PERIOD,
        StepCode.ACTUAL_SHORT,
        StepCode.TOLERANCE_SHARE,
        StepCode.WITHIN_TOLERANCE,
    ]
    assert facts[StepCode.ACTUAL_SHORT]["shortfall"] == D(1)
    assert facts[StepCode.TOLERANCE_SHARE] == {
        "tolerance": D("2.7"),
        "share": D("0.1"),
        "baseline": D(63),
        "baseline_on": date(2013, 6, 30),
        "target": D(90),
    }
    assert facts[StepCode.WITHIN_TOLERANCE]["state"] == NEAR


def test_a_straight_line_between_two_dates() -> None:
    standing = rate_metric(
        direction=Direction.INCREASE,
        observation=Observed(date(2022, 1, 1), date(2022, 12, 31), D(66)),
        targets=[TargetLine(None, date(2023, 12, 31), D(100))],
        baseline=BaselinePoint(date(2022, 1, 1), D(40)),
        freshness=None,
    )
    assert standing.state == OFF
    assert standing.expected is not None
    assert standing.expected.basis == ExpectedBasis.STRAIGHT_LINE
    assert standing.shortfall is not None
    assert standing.tolerance is not None
    assert round(standing.shortfall, 2) == D("3.96")
    assert round(standing.tolerance, 2) == D("3.00")


def dated(on: date, path: TargetPath) -> D | None:
    standing = rate_metric(
        direction=Direction.INCREASE,
        observation=Observed(on, on, D(0)),
        targets=[
            TargetLine(None, date(2022, 1, 11), D(20)),
            TargetLine(None, date(2022, 1, 21), D(40)),
        ],
        baseline=BaselinePoint(date(2022, 1, 1), D(10)),
        freshness=None,
        path=path,
    )
    return None if standing.expected is None else standing.expected.value


@pytest.mark.parametrize(
    ("day", "line", "step"),
    [
        (1, D(10), D(10)),
        (6, D(15), D(10)),
        (11, D(20), D(20)),
        (16, D(30), D(20)),
        (21, D(40), D(40)),
        (22, None, None),
    ],
)
def test_between_dated_targets(day: int, line: D | None, step: D | None) -> None:
    assert dated(date(2022, 1, day), TargetPath.STRAIGHT_LINE) == line
    assert dated(date(2022, 1, day), TargetPath.STEP) == step


def test_nothing_is_expected_before_the_baseline() -> None:
    assert dated(date(2021, 12, 31), TargetPath.STRAIGHT_LINE) is None


def test_the_target_of_another_period_says_nothing() -> None:
    standing = rate_metric(
        direction=Direction.INCREASE,
        observation=figure(D(81)),
        targets=[TargetLine(date(2021, 7, 1), date(2022, 6, 30), D(91))],
        baseline=BaselinePoint(date(2013, 6, 30), D(63)),
        freshness=None,
    )
    assert standing.state == MetricState.NO_TARGET
    assert [step.code for step in arithmetic(standing)] == [
        StepCode.NOTHING_EXPECTED,
        StepCode.ACTUAL_ALONE,
    ]


@pytest.mark.parametrize(
    ("value", "tolerance", "state", "shortfall"),
    [
        ("3", None, ON, D(0)),
        ("5", None, ON, D(0)),
        ("2.5", None, OFF, D("0.5")),
        ("6", "1", NEAR, D(1)),
        ("6.1", "1", OFF, D("1.1")),
    ],
)
def test_a_range_to_keep(
    value: str, tolerance: str | None, state: MetricState, shortfall: D
) -> None:
    standing = rate_metric(
        direction=Direction.MAINTAIN_RANGE,
        observation=figure(D(value)),
        targets=[TargetLine(START, END, None, D(3), D(5))],
        baseline=BaselinePoint(date(2013, 6, 30), D(63)),
        freshness=None,
        tolerance=None if tolerance is None else D(tolerance),
    )
    assert (standing.state, standing.shortfall) == (state, shortfall)
    basis = ToleranceBasis.NONE if tolerance is None else ToleranceBasis.OWN
    assert standing.tolerance_basis == basis
    assert arithmetic(standing)[0].code == StepCode.RANGE_OF_PERIOD


def test_the_last_dated_range_holds_until_the_next() -> None:
    standing = rate_metric(
        direction=Direction.MAINTAIN_RANGE,
        observation=figure(D(4)),
        targets=[
            TargetLine(None, date(2020, 1, 1), None, D(3), D(5)),
            TargetLine(None, date(2023, 1, 1), None, D(4), D(6)),
        ],
        baseline=BaselinePoint(date(2020, 6, 1), D(9)),
        freshness=None,
        path=TargetPath.STEP,
    )
    assert standing.state == ON
    assert arithmetic(standing)[0].code == StepCode.RANGE_IN_FORCE


def test_order_no_data_then_no_target_then_overdue() -> None:
    nothing = rate_metric(
        direction=Direction.INCREASE, observation=None, targets=[], baseline=None, freshness=LATE
    )
    assert (nothing.state, nothing.days_overdue) == (MetricState.NO_DATA, LATE.days_overdue)
    assert rated("1", None, late=LATE).state == MetricState.NO_TARGET
    informational = rated("1", "2", direction=Direction.INFORMATIONAL, late=LATE)
    assert informational.state == MetricState.NO_TARGET
    assert arithmetic(informational)[0].code == StepCode.INFORMATIONAL


def test_an_overdue_metric_says_what_it_said_last() -> None:
    standing = rated("89", "90", baseline="63", late=LATE)
    assert (standing.state, standing.last_said, standing.said) == (MetricState.OVERDUE, NEAR, NEAR)
    assert standing.days_overdue == LATE.days_overdue > 0
    assert arithmetic(standing)[-1].facts["last_said"] == NEAR


def test_a_missing_newest_period_leaves_the_rating_to_the_one_before() -> None:
    missing = Observed(
        date(2021, 7, 1), date(2022, 6, 30), None, missing_reason=MissingReason.NOT_COLLECTED
    )
    value, newer = newest_observed([missing, figure(D(0))])
    assert (value, newer) == (figure(D(0)), missing)
    standing = rate_metric(
        direction=Direction.DECREASE,
        observation=value,
        missing=newer,
        targets=[TargetLine(START, END, D(0))],
        baseline=None,
        freshness=None,
    )
    assert standing.state == ON
    assert arithmetic(standing)[0].facts["reason"] == MissingReason.NOT_COLLECTED


def test_only_missing_values_are_no_data() -> None:
    missing = Observed(START, END, None, missing_reason=MissingReason.SUPPRESSED)
    assert newest_observed([missing]) == (None, missing)
    standing = rate_metric(
        direction=Direction.INCREASE, observation=missing, targets=[], baseline=None, freshness=None
    )
    assert (standing.state, standing.missing, standing.value) == (
        MetricState.NO_DATA,
        missing,
        None,
    )


def test_an_estimate_is_rated_and_marked() -> None:
    standing = rate_metric(
        direction=Direction.INCREASE,
        observation=figure(D(90), Quality.PROVISIONAL),
        targets=[TargetLine(START, END, D(90))],
        baseline=None,
        freshness=None,
    )
    assert (standing.state, standing.is_estimate) == (ON, True)


numbers = st.decimals(-1000, 1000, places=2, allow_nan=False)
maybe = st.none() | numbers
tolerances = st.none() | st.decimals(0, 100, places=2, allow_nan=False)
RANK = {ON: 0, NEAR: 1, OFF: 2}


def state_of(value: D, target: D, baseline: D | None, own: D | None, way: Direction) -> MetricState:
    return rate_metric(
        direction=way,
        observation=figure(value),
        targets=[TargetLine(START, END, target)],
        baseline=None if baseline is None else BaselinePoint(START, baseline),
        freshness=None,
        tolerance=own,
    ).state


@given(numbers, numbers, maybe, tolerances)
def test_decrease_mirrors_increase(value: D, target: D, baseline: D | None, own: D | None) -> None:
    mirrored = None if baseline is None else -baseline
    assert state_of(value, target, baseline, own, Direction.INCREASE) == state_of(
        -value, -target, mirrored, own, Direction.DECREASE
    )


@given(numbers, numbers, numbers, maybe, tolerances)
def test_a_better_value_is_never_rated_worse(
    a: D, b: D, target: D, baseline: D | None, own: D | None
) -> None:
    worse, better = sorted((a, b))
    up = Direction.INCREASE
    assert (
        RANK[state_of(better, target, baseline, own, up)]
        <= RANK[state_of(worse, target, baseline, own, up)]
    )


@given(numbers, numbers, numbers, maybe)
def test_shifting_every_number_changes_nothing(
    value: D, target: D, by: D, baseline: D | None
) -> None:
    """Zero is a number like any other."""
    shifted = None if baseline is None else baseline + by
    assert state_of(value, target, baseline, None, Direction.INCREASE) == state_of(
        value + by, target + by, shifted, None, Direction.INCREASE
    )


@given(
    numbers,
    numbers,
    maybe,
    tolerances,
    st.sampled_from(Direction),
    st.sampled_from(TargetPath),
    st.booleans(),
    st.booleans(),
)
def test_every_line_carries_its_numbers(
    value: D,
    target: D,
    baseline: D | None,
    own: D | None,
    way: Direction,
    path: TargetPath,
    by_period: bool,
    late: bool,
) -> None:
    dated_line = TargetLine(None, END + timedelta(30), target)
    standing = rate_metric(
        direction=way,
        observation=figure(value),
        targets=[TargetLine(START, END, target) if by_period else dated_line],
        baseline=None if baseline is None else BaselinePoint(START, baseline),
        freshness=LATE if late else None,
        path=path,
        tolerance=own,
    )
    assert arithmetic(standing)
    for step in arithmetic(standing):
        assert set(step.facts) == set(STEP_FACTS[step.code])
    if standing.difference is not None:
        assert standing.shortfall is not None
        assert standing.shortfall in (0, abs(standing.difference))
