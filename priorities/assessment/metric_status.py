"""What the numbers say about a metric, with the arithmetic (rule 4.3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from priorities.assessment.expectation import (
    BaselinePoint,
    Expected,
    ExpectedBasis,
    PathEnd,
    TargetLine,
    expected_value,
)
from priorities.assessment.freshness import Freshness
from priorities.assessment.periods import Period
from priorities.enums import Direction, MetricState, MissingReason, Quality, TargetPath

__all__ = [
    "TOLERANCE_SHARE",
    "BaselinePoint",
    "Expected",
    "ExpectedBasis",
    "MetricStanding",
    "Observed",
    "PathEnd",
    "TargetLine",
    "ToleranceBasis",
    "expected_value",
    "judge",
    "newest_observed",
    "rate_metric",
]

ZERO = Decimal(0)

#: A metric without a tolerance of its own may fall short by this share of its way.
TOLERANCE_SHARE = Decimal("0.1")


class ToleranceBasis(StrEnum):
    """Where the tolerance comes from."""

    OWN = "own"
    SHARE_OF_WAY = "share_of_way"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Observed:
    """One published figure: a value, or the reason why there is none."""

    start: date
    end: date
    value: Decimal | None
    quality: Quality = Quality.FINAL
    missing_reason: MissingReason | None = None

    @property
    def period(self) -> Period:
        """The days the figure is about."""
        return Period(self.start, self.end)

    @property
    def is_estimate(self) -> bool:
        """Is the value still provisional?"""
        return self.value is not None and self.quality == Quality.PROVISIONAL

    def covers(self, on: date) -> bool:
        """Does it say, on a day, that its period is reported?

        Not what was withdrawn, and not what is said of a period that has not begun: an adopted
        budget, or a slip of the pen, would silence every question until then.

        >>> adopted = Observed(date(2023, 7, 1), date(2024, 6, 30), Decimal(111))
        >>> adopted.covers(date(2023, 6, 30)), adopted.covers(date(2023, 7, 1))
        (False, True)
        """
        return self.start <= on and self.missing_reason is not MissingReason.WITHDRAWN


def covered_until(figures: Iterable[Observed], on: date) -> date | None:
    """The last day of the newest period that is reported, as of a day; None for none."""
    return max((figure.end for figure in figures if figure.covers(on)), default=None)


@dataclass(frozen=True, slots=True)
class MetricStanding:
    """What the numbers say about a metric on a day, and why.

    ``observation`` is the newest figure with a value: the one that is rated. ``missing`` is a
    newer period that was reported without a value. ``difference`` is value − expected (for a
    range, the signed distance outside it); ``shortfall`` is how far the value stays behind, in the
    metric's unit and never negative. ``last_said`` is what an overdue metric showed before.
    """

    state: MetricState
    direction: Direction
    observation: Observed | None
    missing: Observed | None = None
    expected: Expected | None = None
    baseline: BaselinePoint | None = None
    difference: Decimal | None = None
    shortfall: Decimal | None = None
    tolerance: Decimal | None = None
    tolerance_basis: ToleranceBasis | None = None
    last_said: MetricState | None = None
    days_overdue: int = 0
    overdue_since: date | None = None

    @property
    def value(self) -> Decimal | None:
        """The value that is rated."""
        return None if self.observation is None else self.observation.value

    @property
    def is_estimate(self) -> bool:
        """Is the rated value provisional?"""
        return self.observation is not None and self.observation.is_estimate

    @property
    def said(self) -> MetricState:
        """What the numbers say, overdue or not."""
        return self.last_said or self.state


def judge(shortfall: Decimal, tolerance: Decimal) -> MetricState:
    """The live bands: met, short by at most the tolerance, short by more.

    >>> [str(judge(Decimal(short), Decimal("2.7"))) for short in ("0", "1", "2.7", "2.71")]
    ['on_target', 'near_target', 'near_target', 'off_target']
    """
    if shortfall <= 0:
        return MetricState.ON_TARGET
    return MetricState.NEAR_TARGET if shortfall <= tolerance else MetricState.OFF_TARGET


def newest_observed(series: Iterable[Observed]) -> tuple[Observed | None, Observed | None]:
    """The newest figure with a value, and the newest missing one when that is newer still.

    The latest is the latest period, never the latest typed.

    >>> reported = [
    ...     Observed(date(2020, 7, 1), date(2021, 6, 30), Decimal(0)),
    ...     Observed(date(2021, 7, 1), date(2022, 6, 30), None,
    ...              missing_reason=MissingReason.NOT_YET_AVAILABLE)]
    >>> rated, missing = newest_observed(reported)
    >>> rated.value, missing.missing_reason.value
    (Decimal('0'), 'not_yet_available')
    """
    rated: Observed | None = None
    missing: Observed | None = None
    for figure in series:
        if figure.value is not None:
            if rated is None or (figure.end, figure.start) >= (rated.end, rated.start):
                rated = figure
        elif missing is None or figure.end >= missing.end:
            missing = figure
    if rated is not None and missing is not None and missing.end <= rated.end:
        missing = None
    return rated, missing


def rate_metric(
    *,
    direction: Direction,
    observation: Observed | None,
    targets: Iterable[TargetLine],
    baseline: BaselinePoint | None,
    freshness: Freshness | None,
    path: TargetPath = TargetPath.STRAIGHT_LINE,
    tolerance: Decimal | None = None,
    missing: Observed | None = None,
) -> MetricStanding:
    """What the numbers say about a metric: rule 4.3, in its order.

    ``observation`` and ``missing`` are what ``newest_observed`` gives. ``freshness`` None means
    that nothing is ever due. Calls answered, FY 2020-21: short by 1, and 2.7 is tolerated.

    >>> calls = rate_metric(
    ...     direction=Direction.INCREASE,
    ...     observation=Observed(date(2020, 7, 1), date(2021, 6, 30), Decimal(89),
    ...                          Quality.PROVISIONAL),
    ...     targets=[TargetLine(date(2020, 7, 1), date(2021, 6, 30), Decimal(90))],
    ...     baseline=BaselinePoint(date(2013, 6, 30), Decimal(63)), freshness=None)
    >>> str(calls.state), calls.shortfall, calls.tolerance, calls.is_estimate
    ('near_target', Decimal('1'), Decimal('2.7'), True)
    """
    if observation is None or observation.value is None:
        standing = MetricStanding(MetricState.NO_DATA, direction, None, missing or observation)
        return _dated(standing, freshness)
    if direction == Direction.INFORMATIONAL:
        standing = MetricStanding(
            MetricState.NO_TARGET, direction, observation, missing, baseline=baseline
        )
        return _dated(standing, freshness)
    expected = expected_value(
        observation.period, direction=direction, path=path, targets=targets, baseline=baseline
    )
    if expected is None:
        standing = MetricStanding(
            MetricState.NO_TARGET, direction, observation, missing, baseline=baseline
        )
        return _dated(standing, freshness)
    difference = _difference(observation.value, expected)
    shortfall = _shortfall(difference, direction)
    allowed, basis = _tolerance(tolerance, expected, baseline)
    said = judge(shortfall, allowed)
    overdue = freshness is not None and freshness.overdue
    return MetricStanding(
        MetricState.OVERDUE if overdue else said,
        direction,
        observation,
        missing,
        expected,
        baseline,
        difference,
        shortfall,
        allowed,
        basis,
        said if overdue else None,
        0 if freshness is None else freshness.days_overdue,
        None if freshness is None else freshness.overdue_since,
    )


def _dated(standing: MetricStanding, freshness: Freshness | None) -> MetricStanding:
    """A standing that silence does not change still says how long nothing was reported."""
    if freshness is None or not freshness.overdue:
        return standing
    return MetricStanding(
        standing.state,
        standing.direction,
        standing.observation,
        standing.missing,
        baseline=standing.baseline,
        days_overdue=freshness.days_overdue,
        overdue_since=freshness.overdue_since,
    )


def _difference(value: Decimal, expected: Expected) -> Decimal:
    if expected.value is not None:
        return value - expected.value
    if expected.low is not None and value < expected.low:
        return value - expected.low
    if expected.high is not None and value > expected.high:
        return value - expected.high
    return ZERO


def _shortfall(difference: Decimal, direction: Direction) -> Decimal:
    if direction == Direction.INCREASE:
        return max(-difference, ZERO)
    if direction == Direction.DECREASE:
        return max(difference, ZERO)
    return abs(difference)


def _tolerance(
    own: Decimal | None, expected: Expected, baseline: BaselinePoint | None
) -> tuple[Decimal, ToleranceBasis]:
    if own is not None:
        return own, ToleranceBasis.OWN
    if baseline is not None and expected.value is not None:
        way = abs(expected.value - baseline.value)
        return way * TOLERANCE_SHARE, ToleranceBasis.SHARE_OF_WAY
    return ZERO, ToleranceBasis.NONE
