"""How a metric's status is worked out, a line at a time: codes and numbers, never words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from priorities.assessment.expectation import Expected, ExpectedBasis
from priorities.assessment.metric_status import TOLERANCE_SHARE, MetricStanding, ToleranceBasis
from priorities.assessment.periods import Period
from priorities.enums import Direction, MetricState


class StepCode(StrEnum):
    """One line of the arithmetic; STEP_FACTS names the numbers each line carries."""

    NO_OBSERVATION = "no_observation"
    NEWEST_IS_MISSING = "newest_is_missing"
    INFORMATIONAL = "informational"
    NOTHING_EXPECTED = "nothing_expected"
    TARGET_OF_PERIOD = "target_of_period"
    TARGET_ON_DATE = "target_on_date"
    TARGET_ON_LINE = "target_on_line"
    TARGET_IN_FORCE = "target_in_force"
    RANGE_OF_PERIOD = "range_of_period"
    RANGE_ON_DATE = "range_on_date"
    RANGE_ON_LINE = "range_on_line"
    RANGE_IN_FORCE = "range_in_force"
    ACTUAL_ALONE = "actual_alone"
    ACTUAL_MEETS = "actual_meets"
    ACTUAL_SHORT = "actual_short"
    ACTUAL_OVER = "actual_over"
    TOLERANCE_OWN = "tolerance_own"
    TOLERANCE_SHARE = "tolerance_share"
    TOLERANCE_NONE = "tolerance_none"
    MEETS = "meets"
    WITHIN_TOLERANCE = "within_tolerance"
    BEYOND_TOLERANCE = "beyond_tolerance"
    OVERDUE = "overdue"


_ACTUAL = ("actual", "period", "is_estimate")
_LINE = ("since", "until", "elapsed", "total")

#: The facts of each line by name: Decimals, dates, whole numbers, periods or codes.
STEP_FACTS: Mapping[StepCode, tuple[str, ...]] = {
    StepCode.NO_OBSERVATION: (),
    StepCode.NEWEST_IS_MISSING: ("period", "reason"),
    StepCode.INFORMATIONAL: (),
    StepCode.NOTHING_EXPECTED: ("period",),
    StepCode.TARGET_OF_PERIOD: ("period", "target"),
    StepCode.TARGET_ON_DATE: ("on", "target"),
    StepCode.TARGET_ON_LINE: ("on", "target", "since_value", "until_value", *_LINE),
    StepCode.TARGET_IN_FORCE: ("on", "target", "since", "until"),
    StepCode.RANGE_OF_PERIOD: ("period", "low", "high"),
    StepCode.RANGE_ON_DATE: ("on", "low", "high"),
    StepCode.RANGE_ON_LINE: ("on", "low", "high", *_LINE),
    StepCode.RANGE_IN_FORCE: ("on", "low", "high", "since", "until"),
    StepCode.ACTUAL_ALONE: _ACTUAL,
    StepCode.ACTUAL_MEETS: _ACTUAL,
    StepCode.ACTUAL_SHORT: (*_ACTUAL, "shortfall"),
    StepCode.ACTUAL_OVER: (*_ACTUAL, "shortfall"),
    StepCode.TOLERANCE_OWN: ("tolerance",),
    StepCode.TOLERANCE_SHARE: ("share", "baseline", "baseline_on", "target", "tolerance"),
    StepCode.TOLERANCE_NONE: ("tolerance",),
    StepCode.MEETS: ("state",),
    StepCode.WITHIN_TOLERANCE: ("shortfall", "tolerance", "state"),
    StepCode.BEYOND_TOLERANCE: ("shortfall", "tolerance", "state"),
    StepCode.OVERDUE: ("days", "since", "last_said"),
}

#: What a line may carry.
StepFact: TypeAlias = Decimal | date | int | Period | StrEnum | None


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the arithmetic: what is said, and the numbers it is said with."""

    code: StepCode
    facts: Mapping[str, StepFact]


def steps_of(standing: MetricStanding) -> Iterator[Step]:
    """The lines that lead to a metric's status, in the order in which they are read.

    Calls answered, FY 2020-21: short by 1, and 2.7 is tolerated.

    >>> from priorities.assessment.expectation import BaselinePoint, TargetLine
    >>> from priorities.assessment.metric_status import Observed, rate_metric
    >>> calls = rate_metric(
    ...     direction=Direction.INCREASE,
    ...     observation=Observed(date(2020, 7, 1), date(2021, 6, 30), Decimal(89)),
    ...     targets=[TargetLine(date(2020, 7, 1), date(2021, 6, 30), Decimal(90))],
    ...     baseline=BaselinePoint(date(2013, 6, 30), Decimal(63)), freshness=None)
    >>> [str(step.code) for step in steps_of(calls)]
    ['target_of_period', 'actual_short', 'tolerance_share', 'within_tolerance']
    """
    missing, observation = standing.missing, standing.observation
    if missing is not None:
        facts: dict[str, StepFact] = {"period": missing.period, "reason": missing.missing_reason}
        yield Step(StepCode.NEWEST_IS_MISSING, facts)
    if observation is None:
        yield Step(StepCode.NO_OBSERVATION, {})
    elif standing.expected is None:
        if standing.direction == Direction.INFORMATIONAL:
            yield Step(StepCode.INFORMATIONAL, {})
        else:
            yield Step(StepCode.NOTHING_EXPECTED, {"period": observation.period})
        yield Step(StepCode.ACTUAL_ALONE, _actual(standing))
    else:
        yield _expected_step(standing.expected)
        yield from _compared(standing, standing.expected)
    if standing.days_overdue:
        facts = {
            "days": standing.days_overdue,
            "since": standing.overdue_since,
            "last_said": standing.last_said,
        }
        yield Step(StepCode.OVERDUE, facts)


def _compared(standing: MetricStanding, expected: Expected) -> Iterator[Step]:
    """The value against what was expected, the tolerance when it matters, the verdict."""
    actual, shortfall = _actual(standing), standing.shortfall
    if standing.said == MetricState.ON_TARGET:
        yield Step(StepCode.ACTUAL_MEETS, actual)
        yield Step(StepCode.MEETS, {"state": standing.said})
        return
    over = standing.difference is not None and standing.difference > 0
    code = StepCode.ACTUAL_OVER if over else StepCode.ACTUAL_SHORT
    yield Step(code, {**actual, "shortfall": shortfall})
    yield _tolerance_step(standing, expected)
    near = standing.said == MetricState.NEAR_TARGET
    yield Step(
        StepCode.WITHIN_TOLERANCE if near else StepCode.BEYOND_TOLERANCE,
        {"shortfall": shortfall, "tolerance": standing.tolerance, "state": standing.said},
    )


def _actual(standing: MetricStanding) -> dict[str, StepFact]:
    observation = standing.observation
    return {
        "actual": standing.value,
        "period": None if observation is None else observation.period,
        "is_estimate": standing.is_estimate,
    }


_TARGET_STEPS = {
    ExpectedBasis.PERIOD_TARGET: StepCode.TARGET_OF_PERIOD,
    ExpectedBasis.DATED_TARGET: StepCode.TARGET_ON_DATE,
    ExpectedBasis.STRAIGHT_LINE: StepCode.TARGET_ON_LINE,
    ExpectedBasis.STEP: StepCode.TARGET_IN_FORCE,
}
_RANGE_STEPS = {
    ExpectedBasis.PERIOD_TARGET: StepCode.RANGE_OF_PERIOD,
    ExpectedBasis.DATED_TARGET: StepCode.RANGE_ON_DATE,
    ExpectedBasis.STRAIGHT_LINE: StepCode.RANGE_ON_LINE,
    ExpectedBasis.STEP: StepCode.RANGE_IN_FORCE,
}


def _expected_step(expected: Expected) -> Step:
    code = (_RANGE_STEPS if expected.is_range else _TARGET_STEPS)[expected.basis]
    since, until = expected.since, expected.until
    known: dict[str, StepFact] = {
        "period": expected.period,
        "on": expected.on,
        "target": expected.value,
        "low": expected.low,
        "high": expected.high,
        "since": None if since is None else since.on,
        "until": None if until is None else until.on,
        "since_value": None if since is None else since.value,
        "until_value": None if until is None else until.value,
        "elapsed": expected.elapsed,
        "total": expected.total,
    }
    return Step(code, {name: known[name] for name in STEP_FACTS[code]})


def _tolerance_step(standing: MetricStanding, expected: Expected) -> Step:
    facts: dict[str, StepFact] = {"tolerance": standing.tolerance}
    if standing.tolerance_basis == ToleranceBasis.OWN:
        return Step(StepCode.TOLERANCE_OWN, facts)
    if standing.tolerance_basis != ToleranceBasis.SHARE_OF_WAY or standing.baseline is None:
        return Step(StepCode.TOLERANCE_NONE, facts)
    baseline = standing.baseline
    facts |= {"share": TOLERANCE_SHARE, "baseline": baseline.value, "baseline_on": baseline.on}
    return Step(StepCode.TOLERANCE_SHARE, {**facts, "target": expected.value})
