"""How far of the way a metric has come, and what changed since the period before (rule 4.6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from priorities.assessment.metric_status import Observed
from priorities.assessment.periods import Period, is_next, same_length
from priorities.enums import Direction, MetricKind


def attainment(value: Decimal, *, baseline: Decimal, target: Decimal) -> Decimal | None:
    """The share of the way from the baseline to the target, any direction, not clamped.

    A regress is negative, an overshoot exceeds 1; undefined (None) when there is no way to go.

    >>> round(attainment(Decimal(89), baseline=Decimal(63), target=Decimal(90)), 3)
    Decimal('0.963')
    >>> attainment(Decimal(102), baseline=Decimal(300), target=Decimal(120))
    Decimal('1.1')
    >>> attainment(Decimal(60), baseline=Decimal(40), target=Decimal(0))
    Decimal('-0.5')
    >>> attainment(Decimal(5), baseline=Decimal(5), target=Decimal(5)) is None
    True
    """
    way = target - baseline
    return (value - baseline) / way if way else None


@dataclass(frozen=True, slots=True)
class Change:
    """What changed between two periods of the same length.

    ``points`` says that the amount is in percentage points, never a percent of a percent.
    ``share`` is the amount as a share of the earlier value (None for percents and from zero).
    ``gap`` says that periods lie between the two.
    """

    amount: Decimal
    share: Decimal | None
    points: bool
    gap: bool
    since: Period
    until: Period
    is_estimate: bool


def change(
    current: Observed | None, previous: Observed | None, *, kind: MetricKind
) -> Change | None:
    """What changed since an earlier period; None when one has no value or a different length.

    >>> from datetime import date
    >>> before = Observed(date(2019, 7, 1), date(2020, 6, 30), Decimal(81))
    >>> after = Observed(date(2020, 7, 1), date(2021, 6, 30), Decimal(89))
    >>> risen = change(after, before, kind=MetricKind.PERCENT)
    >>> risen.amount, risen.points, risen.share, risen.gap
    (Decimal('8'), True, None, False)
    >>> change(before, after, kind=MetricKind.COUNT) is None
    True
    """
    if current is None or previous is None or current.value is None or previous.value is None:
        return None
    since, until = previous.period, current.period
    if since.end >= until.end or not same_length(since, until):
        return None
    amount = current.value - previous.value
    points = kind == MetricKind.PERCENT
    share = None if points or not previous.value else amount / abs(previous.value)
    return Change(
        amount,
        share,
        points,
        not is_next(since, until),
        since,
        until,
        current.is_estimate or previous.is_estimate,
    )


def latest_change(series: Iterable[Observed], *, kind: MetricKind) -> Change | None:
    """What changed between the newest value and the one before it of the same length.

    >>> from datetime import date
    >>> years = [Observed(date(y, 1, 1), date(y, 12, 31), Decimal(v))
    ...          for y, v in ((2018, 90), (2020, 0))]
    >>> fallen = latest_change(years, kind=MetricKind.COUNT)
    >>> fallen.amount, fallen.share, fallen.gap
    (Decimal('-90'), Decimal('-1'), True)
    """
    valued = sorted(
        (figure for figure in series if figure.value is not None),
        key=lambda figure: (figure.end, figure.start),
    )
    if not valued:
        return None
    current = valued[-1]
    for earlier in reversed(valued[:-1]):
        found = change(current, earlier, kind=kind)
        if found is not None:
            return found
    return None


def is_better(amount: Decimal, direction: Direction) -> bool | None:
    """Is a change for the better? None when it is none, or when the direction does not say.

    >>> is_better(Decimal(-3), Direction.DECREASE), is_better(Decimal(-3), Direction.INCREASE)
    (True, False)
    >>> is_better(Decimal(-3), Direction.MAINTAIN_RANGE) is None
    True
    """
    if not amount or direction not in (Direction.INCREASE, Direction.DECREASE):
        return None
    return (amount > 0) == (direction == Direction.INCREASE)
