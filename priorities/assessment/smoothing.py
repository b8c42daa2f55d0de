"""Three ways to carry a run of numbers on, and their average.

Drift carries the mean step on. Simple exponential smoothing with drift finds a level through the
noise and adds the trend of the whole run. The damped trend lets the latest slope fade out,
or not where the run is straight. None
is best everywhere; their average is seldom bad, and its error is known better than any one's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

#: Smoothing weights that are tried; the one with the least squared error is taken.
LEVELS = (0.1, 0.3, 0.5, 0.7, 0.9, 1.0)
TRENDS = (0.1, 0.3, 0.6)
DAMPINGS = (0.8, 0.9, 1.0)


@dataclass(frozen=True, slots=True)
class Ahead:
    """The value some steps ahead, and how far off one standard error is."""

    mean: float
    error: float


def carry_on(values: Sequence[float], steps: int) -> tuple[Ahead, ...]:
    """The average of the three ways, for each step ahead; needs 4 or more values.

    The errors are averaged too, as if the three always erred together: they do, mostly.

    >>> [(round(a.mean, 6), round(a.error, 6)) for a in carry_on([1.0, 2.0, 3.0, 4.0, 5.0], 2)]
    [(6.0, 0.0), (7.0, 0.0)]
    """
    ways = (drift(values, steps), smoothed_drift(values, steps), damped_trend(values, steps))
    return tuple(
        Ahead(sum(way.mean for way in step) / 3, sum(way.error for way in step) / 3)
        for step in zip(*ways, strict=True)
    )


def drift(values: Sequence[float], steps: int) -> tuple[Ahead, ...]:
    """The last value, and the mean step again and again."""
    n = len(values)
    step = (values[-1] - values[0]) / (n - 1)
    squares = sum((b - a - step) ** 2 for a, b in pairwise(values))
    scale = sqrt(squares / (n - 2))
    return tuple(
        Ahead(values[-1] + h * step, scale * sqrt(h * (1 + h / (n - 1))))
        for h in range(1, steps + 1)
    )


def smoothed_drift(values: Sequence[float], steps: int) -> tuple[Ahead, ...]:
    """A smoothed level, and the trend of the whole run."""
    n = len(values)
    step = _slope(values)
    squares, weight, level = min(_smoothed(values, weight, step) for weight in LEVELS)
    scale = sqrt(squares / (n - 2))
    return tuple(
        Ahead(
            level + h * step,
            scale * sqrt(1 + (h - 1) * weight**2 + h * h / (n * (n - 1))),
        )
        for h in range(1, steps + 1)
    )


def damped_trend(values: Sequence[float], steps: int) -> tuple[Ahead, ...]:
    """A smoothed level and slope; the slope fades out as the steps go on."""
    fits = (
        _damped(values, level, trend, damping)
        for level in LEVELS
        for trend in TRENDS
        for damping in DAMPINGS
    )
    fit = min(fits, key=lambda fit: fit.squares)
    scale = sqrt(fit.squares / (len(values) - 3))
    return tuple(_faded(fit, scale, steps))


@dataclass(frozen=True, slots=True)
class _DampedFit:
    squares: float
    level: float
    slope: float
    weight: float
    trend: float
    damping: float


def _faded(fit: _DampedFit, scale: float, steps: int) -> Iterator[Ahead]:
    faded = spread = 0.0
    for h in range(1, steps + 1):
        if h > 1:
            spread += (fit.weight * (1 + fit.trend * faded)) ** 2
        faded += fit.damping**h
        yield Ahead(fit.level + faded * fit.slope, scale * sqrt(1 + spread))


def _slope(values: Sequence[float]) -> float:
    """The slope of the least-squares line, per step."""
    n = len(values)
    middle, mean = (n - 1) / 2, sum(values) / n
    rise = sum((t - middle) * (value - mean) for t, value in enumerate(values))
    return rise / (n * (n * n - 1) / 12)


def _smoothed(values: Sequence[float], weight: float, step: float) -> tuple[float, float, float]:
    level, squares = values[0], 0.0
    for value in values[1:]:
        expected = level + step
        error = value - expected
        squares += error * error
        level = expected + weight * error
    return squares, weight, level


def _damped(values: Sequence[float], weight: float, trend: float, damping: float) -> _DampedFit:
    # Undamping the first slope makes a straight line continue without an error at its start.
    level, slope, squares = values[0], (values[1] - values[0]) / damping, 0.0
    for value in values[1:]:
        slope *= damping
        error = value - level - slope
        squares += error * error
        level += slope + weight * error
        slope += weight * trend * error
    return _DampedFit(squares, level, slope, weight, trend, damping)


def seasonal(values: Sequence[float], length: int) -> tuple[float, ...]:
    """The repeating part of a run, one number for each place in the cycle, summing to zero.

    The first number belongs to the first value. Needs two full cycles.

    >>> [round(part, 6) for part in seasonal([1.0, 5.0, 1.0, 5.0, 1.0, 5.0], 2)]
    [-2.0, 2.0]
    """
    half = length // 2
    places: list[list[float]] = [[] for _ in range(length)]
    for t in range(half, len(values) - half):
        around = values[t - half : t + half + 1]
        mean = sum(around) / length
        if length % 2 == 0:
            # A window of even length is one too wide: its two ends count half.
            mean -= (around[0] + around[-1]) / (2 * length)
        places[t % length].append(values[t] - mean)
    parts = [sum(place) / len(place) for place in places]
    level = sum(parts) / length
    return tuple(part - level for part in parts)
