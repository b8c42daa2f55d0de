"""Is a new value unusual, and why? It is asked about, never refused.

The usual range is what the last comparable values span, widened on both sides by a typical step
from one to the next: a series that climbs as it has always climbed is not asked about each time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from statistics import median

from priorities.assessment.periods import Period, same_length
from priorities.enums import MetricKind

#: How many of the last comparable values the range is made of, and how many it takes at least.
MOST_VALUES, FEWEST_VALUES = 12, 3
#: From how many times the last value on (or how small a part of it) the factor itself is odd.
ODD_FACTOR = Decimal(3)


class DoubtCode(StrEnum):
    """Why a value is asked about."""

    OUT_OF_SCALE = "out_of_scale"
    BELOW_ZERO = "below_zero"
    HIGHEST = "highest"
    LOWEST = "lowest"
    TIMES_LAST = "times_last"
    PART_OF_LAST = "part_of_last"


@dataclass(frozen=True, slots=True)
class Past:
    """A value known for an earlier period."""

    period: Period
    value: Decimal


@dataclass(frozen=True, slots=True)
class UsualRange:
    """Between which values a new one is usual, and the numbers that this is made of.

    ``low`` = ``lowest`` - ``step``, ``high`` = ``highest`` + ``step``, of ``n`` values.
    """

    low: Decimal
    high: Decimal
    lowest: Decimal
    highest: Decimal
    step: Decimal
    n: int

    def __contains__(self, value: Decimal) -> bool:
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Doubt:
    """One reason to ask.

    ``since``: the newest earlier period whose value was as high (or as low); None when none was.
    ``factor``: how many times the last value, or which part of it, the new one is.
    ``usual``: the range that it lies outside of.
    """

    code: DoubtCode
    since: Period | None = None
    factor: Decimal | None = None
    usual: UsualRange | None = None


def usual_range(values: Sequence[Decimal]) -> UsualRange | None:
    """The usual range after some values, oldest first; None while there are too few to tell.

    >>> found = usual_range([Decimal(n) for n in (80, 83, 84, 89)])
    >>> found.low, found.high, found.step, found.n
    (Decimal('77'), Decimal('92'), Decimal('3'), 4)
    >>> Decimal("90.5") in found, Decimal("9.05") in found
    (True, False)
    >>> usual_range([Decimal(80), Decimal(83)]) is None
    True
    """
    if len(values) < FEWEST_VALUES:
        return None
    recent = values[-MOST_VALUES:]
    step = Decimal(median(abs(after - before) for before, after in pairwise(recent)))
    lowest, highest = min(recent), max(recent)
    return UsualRange(lowest - step, highest + step, lowest, highest, step, len(recent))


def doubts(
    value: Decimal, *, period: Period, past: Sequence[Past], kind: MetricKind
) -> tuple[Doubt, ...]:
    """Why a value for a period should be looked at again; nothing when it is usual.

    ``past``: the values of other periods in any order; only earlier ones of the same length count.

    >>> from datetime import date
    >>> def year(n): return Period(date(n, 7, 1), date(n + 1, 6, 30))
    >>> past = [Past(year(2013 + i), Decimal(v)) for i, v in enumerate((88, 95, 71, 73, 75, 80))]
    >>> [d.code.value for d in doubts(
    ...     Decimal(82), period=year(2019), past=past, kind=MetricKind.PERCENT)]
    []
    >>> found = doubts(Decimal(101), period=year(2019), past=past, kind=MetricKind.PERCENT)
    >>> [d.code.value for d in found]
    ['out_of_scale', 'highest']
    >>> tenth, = [d for d in doubts(
    ...     Decimal(8), period=year(2019), past=past, kind=MetricKind.PERCENT) if d.factor]
    >>> tenth.code.value, int(tenth.factor)
    ('part_of_last', 10)
    """
    before = [p for p in past if p.period.end < period.end and same_length(p.period, period)]
    before.sort(key=lambda one: one.period.end)
    found = [_off_scale(value, before, kind), _off_range(value, before), _odd_factor(value, before)]
    return tuple(doubt for doubt in found if doubt is not None)


def _off_scale(value: Decimal, before: Sequence[Past], kind: MetricKind) -> Doubt | None:
    """A percent beyond 0 to 100, a rank before the first, a count that falls below zero."""
    known = [one.value for one in before]
    beyond = Doubt(DoubtCode.OUT_OF_SCALE)
    match kind:
        case MetricKind.PERCENT if not 0 <= value <= 100:
            return None if any(not 0 <= each <= 100 for each in known) else beyond
        case MetricKind.RANK if value < 1 or value % 1:
            return beyond
    if value < 0 and kind != MetricKind.RANK and all(each >= 0 for each in known):
        return Doubt(DoubtCode.BELOW_ZERO)
    return None


def _off_range(value: Decimal, before: Sequence[Past]) -> Doubt | None:
    """Above or below what is usual, and since when it was not so."""
    usual = usual_range([one.value for one in before])
    if usual is None or value in usual:
        return None
    if value > usual.high:
        matched = [one.period for one in before if one.value >= value]
        return Doubt(DoubtCode.HIGHEST, matched[-1] if matched else None, usual=usual)
    matched = [one.period for one in before if one.value <= value]
    return Doubt(DoubtCode.LOWEST, matched[-1] if matched else None, usual=usual)


def _odd_factor(value: Decimal, before: Sequence[Past]) -> Doubt | None:
    """Three times the last value and more, or a third of it and less.

    A series that has jumped like that before is not asked about; nor is one around zero.
    """
    if not before or not value or not before[-1].value:
        return None
    factor = value / before[-1].value
    usual = usual_range([one.value for one in before])
    if factor <= 0 or (usual is not None and value in usual):
        return None
    if factor >= ODD_FACTOR:
        return Doubt(DoubtCode.TIMES_LAST, factor=factor)
    if 1 / factor >= ODD_FACTOR:
        return Doubt(DoubtCode.PART_OF_LAST, factor=1 / factor)
    return None
