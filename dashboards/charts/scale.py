"""Where a number or a date stands on a chart, and which ticks its axis carries.

Pure arithmetic: no words, no colors. Coordinates are pixels of an SVG view box, y downward.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_CLOCK_STEPS = (
    1,
    2,
    5,
    10,
    15,
    30,
    60,
    120,
    300,
    600,
    900,
    1800,
    3600,
    7200,
    14400,
    21600,
    43200,
)
_DAY = 86400


class Steps(StrEnum):
    """Which distances between ticks read naturally for a quantity."""

    DECIMAL = "decimal"
    WHOLE = "whole"  # counts and ranks: no tick between two whole numbers
    CLOCK = "clock"  # seconds: ticks at whole minutes and hours


def short(value: float) -> str:
    """A coordinate as the shortest text of at most one decimal.

    >>> short(12.0), short(3.14), short(-0.01)
    ('12', '3.1', '0')
    """
    text = f"{value:.1f}"
    if text.endswith(".0"):
        text = text[:-2]
    return "0" if text == "-0" else text


def day_number(day: date, *, end: bool = False) -> float:
    """A date as a number of days; ``end`` means the last moment of that day."""
    return day.toordinal() + (1.0 if end else 0.0)


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight map from numbers to pixels; a domain of no width maps to the middle."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Where the number stands."""
        if self.high == self.low:
            return (self.start + self.end) / 2
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


@dataclass(frozen=True, slots=True)
class Axis:
    """A value axis: its two ends and its ticks, with the decimals that tell the ticks apart."""

    low: float
    high: float
    ticks: tuple[float, ...]
    decimals: int

    @property
    def shows_zero(self) -> bool:
        """Whether zero lies on the axis; when not, the page has to say so."""
        return self.low <= 0 <= self.high


def nice_step(rough: float, steps: Steps = Steps.DECIMAL) -> float:
    """The smallest natural distance between ticks that is at least ``rough``.

    >>> nice_step(7), nice_step(0.03), nice_step(0.2, Steps.WHOLE), nice_step(40, Steps.CLOCK)
    (10.0, 0.05, 1.0, 60.0)
    """
    if steps is Steps.CLOCK and rough > 0.5:
        for seconds in _CLOCK_STEPS:
            if seconds >= rough:
                return float(seconds)
        return nice_step(rough / _DAY, Steps.WHOLE) * _DAY
    if steps is Steps.WHOLE and rough <= 1:
        return 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    mantissas = (1.0, 2.0, 5.0, 10.0) if steps is Steps.WHOLE else (1.0, 2.0, 2.5, 5.0, 10.0)
    for mantissa in mantissas:
        if mantissa * power >= rough * (1 - 1e-9):
            return mantissa * power if power >= 1 else float(f"{mantissa * power:.12g}")
    return 10 * power


def value_axis(
    values: Iterable[float],
    *,
    count: int = 5,
    floor: float | None = None,
    ceiling: float | None = None,
    steps: Steps = Steps.DECIMAL,
) -> Axis:
    """The axis on which these values can be told apart.

    Zero is on the axis when it is near (within a quarter of the largest value); else the axis
    closes in on the values, so that 99.8 to 100 fills the height. ``floor`` and ``ceiling`` are
    limits of the quantity itself (0 and 100 of a share): no tick lies beyond them. No values
    give the axis from 0 to 1.

    >>> value_axis([99.83, 99.98, 99.9], ceiling=100).ticks
    (99.8, 99.85, 99.9, 99.95, 100.0)
    >>> value_axis([3, 17]).ticks
    (0.0, 5.0, 10.0, 15.0, 20.0)
    """
    numbers = [value for value in values if math.isfinite(value)]
    low, high = _padded(numbers, steps)
    if low > 0 and low <= high / 4:
        low = 0.0
    elif high < 0 and high >= low / 4:
        high = 0.0
    step = nice_step((high - low) / max(count - 1, 1), steps)
    first = math.floor(low / step + 1e-6)
    last = max(math.ceil(high / step - 1e-6), first + 1)
    decimals = _decimals(step)
    ticks = [round(index * step, decimals) + 0.0 for index in range(first, last + 1)]
    if ceiling is not None and ticks[-1] > ceiling >= max(numbers, default=0.0):
        ticks = [tick for tick in ticks if tick < ceiling - step / 2] + [ceiling]
    if floor is not None and ticks[0] < floor <= min(numbers, default=1.0):
        ticks = [floor] + [tick for tick in ticks if tick > floor + step / 2]
    return Axis(low=ticks[0], high=ticks[-1], ticks=tuple(ticks), decimals=decimals)


def rank_axis(values: Iterable[float], *, count: int = 5) -> Axis:
    """The axis of places, from the first on; there is nothing between two places.

    >>> rank_axis([7, 4, 1]).ticks, rank_axis([1]).ticks
    ((1.0, 3.0, 5.0, 7.0), (1.0, 2.0))
    """
    worst = max((value for value in values if math.isfinite(value)), default=1.0)
    step = nice_step(max(worst - 1, 1) / max(count - 1, 1), Steps.WHOLE)
    last = max(math.ceil((worst - 1) / step), 1)
    return Axis(
        low=1.0,
        high=1 + last * step,
        ticks=tuple(1 + index * step for index in range(last + 1)),
        decimals=0,
    )


def _padded(numbers: list[float], steps: Steps) -> tuple[float, float]:
    """The lowest and highest number, a little apart when they are (almost) the same."""
    if not numbers:
        return 0.0, 1.0
    low, high = min(numbers), max(numbers)
    size = max(abs(low), abs(high))
    if high - low > max(size * 1e-9, 1e-9):
        return low, high
    if size < 1e-9:
        return 0.0, 1.0
    half = max(size * 0.05, 1.0 if steps is Steps.WHOLE else 0.0)
    return low - half, high + half


def _decimals(step: float) -> int:
    """How many decimals a multiple of this step needs."""
    for decimals in range(16):
        if abs(round(step, decimals) - step) <= abs(step) * 1e-9:
            return decimals
    return 16


def month_ticks(first: date, last: date, most: int) -> tuple[tuple[date, bool], ...]:
    """First days of months between two dates, at most ``most``, each with "is it a whole year".

    The distance is one, three or six months, or as many years as needed; ticks fall on
    calendar quarters and years.
    """
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    step = next((each for each in (1, 3, 6, 12) if months / each <= most), 0)
    if step == 0:
        step = 12 * int(nice_step(months / 12 / most, Steps.WHOLE))
    index = first.year * 12 + first.month - 1 + (first.day > 1)
    index += -index % step
    end = last.year * 12 + last.month - 1
    return tuple(
        (date(each // 12, each % 12 + 1, 1), each % 12 == 0) for each in range(index, end + 1, step)
    )
