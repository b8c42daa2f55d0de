"""What value is expected of a metric at a date (the first half of rule 4.3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from priorities.assessment.periods import Period
from priorities.enums import Direction, TargetPath


class ExpectedBasis(StrEnum):
    """Where an expected value comes from."""

    PERIOD_TARGET = "period_target"
    DATED_TARGET = "dated_target"
    STRAIGHT_LINE = "straight_line"
    STEP = "step"


@dataclass(frozen=True, slots=True)
class TargetLine:
    """A standing target: for a period, or for a date when ``start`` is None.

    It is a value, or a range that may be open on one side. Superseded targets do not come here.
    """

    start: date | None
    end: date
    value: Decimal | None
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class BaselinePoint:
    """The value from which the way to the target is measured, and its date."""

    on: date
    value: Decimal


@dataclass(frozen=True, slots=True)
class PathEnd:
    """One end of the stretch between two dated points."""

    on: date
    value: Decimal | None
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected at a date: ``value``, or ``low`` and ``high`` when it is a range.

    ``period`` is set for the target of a period. On a straight line or a step, ``since`` and
    ``until`` are the two ends and ``elapsed`` of ``total`` days are gone.
    """

    basis: ExpectedBasis
    on: date
    value: Decimal | None
    low: Decimal | None = None
    high: Decimal | None = None
    period: Period | None = None
    since: PathEnd | None = None
    until: PathEnd | None = None
    elapsed: int = 0
    total: int = 0

    @property
    def is_range(self) -> bool:
        """Is a range expected and not one value?"""
        return self.value is None

    @property
    def target_value(self) -> Decimal | None:
        """The target itself: on the way to a dated one that lies ahead, where the way ends.

        >>> ends = PathEnd(date(2022, 1, 1), Decimal(40)), PathEnd(date(2023, 12, 31), Decimal(100))
        >>> halfway = Expected(
        ...     ExpectedBasis.STRAIGHT_LINE, date(2022, 12, 31), Decimal("69.96"),
        ...     since=ends[0], until=ends[1])
        >>> halfway.target_value
        Decimal('100')
        >>> Expected(ExpectedBasis.PERIOD_TARGET, date(2022, 12, 31), Decimal(90)).target_value
        Decimal('90')
        """
        return self.value if self.until is None else self.until.value


def expected_value(
    period: Period,
    *,
    direction: Direction,
    path: TargetPath,
    targets: Iterable[TargetLine],
    baseline: BaselinePoint | None,
) -> Expected | None:
    """What is expected at a period's end: None when nothing was promised for it.

    First the target of that very period; else the target dated on its last day; else, between the
    baseline (or the last dated target) and the next dated one, the straight line or the step.
    The target of another period says nothing about this one, and after the last target nothing is
    expected.

    >>> year = Period(date(2022, 1, 1), date(2022, 12, 31))
    >>> at = expected_value(
    ...     year, direction=Direction.INCREASE, path=TargetPath.STRAIGHT_LINE,
    ...     targets=[TargetLine(None, date(2023, 12, 31), Decimal(100))],
    ...     baseline=BaselinePoint(date(2022, 1, 1), Decimal(40)))
    >>> round(at.value, 2), at.elapsed, at.total
    (Decimal('69.96'), 364, 729)
    >>> expected_value(
    ...     year, direction=Direction.INCREASE, path=TargetPath.STEP,
    ...     targets=[TargetLine(None, date(2023, 12, 31), Decimal(100))],
    ...     baseline=BaselinePoint(date(2022, 1, 1), Decimal(40))).value
    Decimal('40')
    >>> expected_value(
    ...     year, direction=Direction.INCREASE, path=TargetPath.STEP,
    ...     targets=[TargetLine(year.start, year.end, Decimal(0))], baseline=None).value
    Decimal('0')

    A range promised to a metric that shall rise is met from its low end, to one that shall fall
    from its high end. A metric to keep in a range reads a single value as both ends of it.
    """
    of_period: TargetLine | None = None
    last: TargetLine | None = None
    following: TargetLine | None = None
    for target in targets:
        if target.start is not None:
            if target.end == period.end and target.start == period.start:
                of_period = target
        elif target.end <= period.end:
            if last is None or target.end >= last.end:
                last = target
        elif following is None or target.end <= following.end:
            following = target
    if of_period is not None:
        return _from_target(ExpectedBasis.PERIOD_TARGET, of_period, direction, period)
    if last is not None and last.end == period.end:
        return _from_target(ExpectedBasis.DATED_TARGET, last, direction, None)
    if following is None:
        return None
    since = _since(last, baseline, period.end, direction)
    if since is None:
        return None
    return _between(since, _end_of(following, direction), period.end, path)


def _since(
    last: TargetLine | None, baseline: BaselinePoint | None, on: date, direction: Direction
) -> PathEnd | None:
    """Where the stretch begins: at the last dated target, or at a baseline newer than that.

    A baseline is one value, not a range to keep: it begins no stretch for a range.
    """
    since = None if last is None else _end_of(last, direction)
    if baseline is None or baseline.on > on or direction == Direction.MAINTAIN_RANGE:
        return since
    if since is not None and since.on >= baseline.on:
        return since
    return PathEnd(baseline.on, baseline.value)


def _between(since: PathEnd, until: PathEnd, on: date, path: TargetPath) -> Expected | None:
    """The straight line or the step between two dated points."""
    elapsed, total = (on - since.on).days, (until.on - since.on).days
    if path == TargetPath.STEP:
        basis = ExpectedBasis.STEP
        value, low, high = since.value, since.low, since.high
    else:
        basis = ExpectedBasis.STRAIGHT_LINE
        value = _on_line(since.value, until.value, elapsed, total)
        low = _on_line(since.low, until.low, elapsed, total)
        high = _on_line(since.high, until.high, elapsed, total)
    if value is None and low is None and high is None:
        return None
    return Expected(
        basis, on, value, low, high, since=since, until=until, elapsed=elapsed, total=total
    )


def _on_line(
    first: Decimal | None, last: Decimal | None, elapsed: int, total: int
) -> Decimal | None:
    if first is None or last is None:
        return None
    return first + (last - first) * elapsed / total


def _from_target(
    basis: ExpectedBasis, target: TargetLine, direction: Direction, period: Period | None
) -> Expected | None:
    end = _end_of(target, direction)
    if end.value is None and end.low is None and end.high is None:
        return None
    return Expected(basis, end.on, end.value, end.low, end.high, period)


def _end_of(target: TargetLine, direction: Direction) -> PathEnd:
    """A target as the direction reads it: one value, or a range."""
    value, low, high = target.value, target.low, target.high
    if direction == Direction.MAINTAIN_RANGE:
        if value is not None:
            low, high = value, value
        return PathEnd(target.end, None, low, high)
    if value is None:
        value = low if direction == Direction.INCREASE else high
    return PathEnd(target.end, value)
