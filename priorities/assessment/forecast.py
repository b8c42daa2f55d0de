"""Where a metric is heading, how sure that is, and the chance of meeting the target (rule 4.7)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from math import sqrt

from priorities.assessment.metric_status import Observed
from priorities.assessment.periods import Period, is_next, months_of, next_period
from priorities.assessment.smoothing import Ahead, carry_on, seasonal
from priorities.assessment.student import t_cdf, t_quantile
from priorities.enums import Direction

#: Fewer comparable periods than this say nothing about the future.
NEEDED_PERIODS = 6

#: Older periods than this many say little about the next ones.
USED_PERIODS = 60

#: How often the interval should hold.
LEVEL = Decimal("0.80")

#: How many of the newest periods a backtest forecasts again.
BACKTESTED_PERIODS = 24

#: How many periods make a year, by the months of one period; a year itself has no season.
_CYCLES = {1: 12, 3: 4}


class ForecastMethod(StrEnum):
    """How the forecast was made."""

    AVERAGE_OF_THREE = "average_of_three"
    AVERAGE_OF_THREE_SEASONAL = "average_of_three_seasonal"


class MissingCode(StrEnum):
    """Why there is no forecast."""

    NO_VALUES = "no_values"
    TOO_FEW = "too_few"
    TOO_FEW_AFTER_GAP = "too_few_after_gap"
    DATE_PASSED = "date_passed"
    TOO_FAR = "too_far"


@dataclass(frozen=True, slots=True)
class ForecastMissing:
    """What is missing for a forecast: periods at hand, and periods needed.

    TOO_FAR: ``have`` periods are known and ``need`` would have to be guessed.
    """

    code: MissingCode
    have: int
    need: int


@dataclass(frozen=True, slots=True)
class Goal:
    """What is to be met: a value, or a range that may be open on one side."""

    direction: Direction
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ForecastStep:
    """One period ahead: its mean and the interval, to draw the band."""

    period: Period
    mean: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Forecast:
    """Where a metric is heading.

    ``n`` comparable periods, the newest being ``origin``; ``chance`` of meeting the goal, when
    there is one. ``clipped`` says that the interval reached beyond the bounds that were asked for.
    """

    method: ForecastMethod
    n: int
    origin: Period
    path: tuple[ForecastStep, ...]
    chance: Decimal | None
    clipped: bool
    has_estimate: bool
    level: Decimal = LEVEL

    @property
    def period(self) -> Period:
        """The period that the target date falls in."""
        return self.path[-1].period

    @property
    def value(self) -> Decimal:
        """The value at the target date."""
        return self.path[-1].mean

    @property
    def low(self) -> Decimal:
        """The low end of the interval at the target date."""
        return self.path[-1].low

    @property
    def high(self) -> Decimal:
        """The high end of the interval at the target date."""
        return self.path[-1].high


@dataclass(frozen=True, slots=True)
class Backtest:
    """How often the interval held, one period ahead, of how often it was tried."""

    held: int
    tried: int


def forecast(
    series: Iterable[Observed],
    *,
    until: date,
    goal: Goal | None = None,
    bounds: tuple[Decimal, Decimal] | None = None,
) -> Forecast | ForecastMissing:
    """Where a metric is heading until a date, or what is missing to say it.

    Only the run of periods of one length, without a gap, that ends at the newest value counts.
    Nothing is clamped: the interval of a percent may exceed 100 unless ``bounds`` cut what is
    shown (the chance is reckoned from the uncut interval).

    >>> years = [Observed(date(y, 1, 1), date(y, 12, 31), Decimal(v)) for y, v in
    ...          ((2015, 63), (2016, 65), (2017, 70), (2018, 69), (2019, 75), (2020, 78))]
    >>> seen = forecast(years, until=date(2022, 12, 31),
    ...                 goal=Goal(Direction.INCREASE, Decimal(80)))
    >>> seen.n, len(seen.path), seen.low < seen.value < seen.high, seen.chance > Decimal("0.5")
    (6, 2, True, True)
    >>> forecast(years[1:], until=date(2022, 12, 31))
    ForecastMissing(code=<MissingCode.TOO_FEW: 'too_few'>, have=5, need=6)
    """
    run, gap = comparable_run(series)
    missing = _missing(run, gap)
    if missing is not None:
        return missing
    ahead = _periods_until(run[-1].period, until, at_most=len(run) + 1)
    if not ahead:
        return ForecastMissing(MissingCode.DATE_PASSED, len(run), 1)
    if len(ahead) > len(run):
        return ForecastMissing(MissingCode.TOO_FAR, len(run), len(ahead))
    run = run[-USED_PERIODS:]
    cycle = _cycle(run)
    steps = _ahead(run, len(ahead), cycle)
    # Each part of the season was estimated too, and leaves that much less to know the error by.
    dof = len(run) - 2 - max(cycle - 1, 0)
    width = t_quantile(0.5 + float(LEVEL) / 2, dof)
    shown, clipped = _band(ahead, steps, width, bounds)
    seasons = ForecastMethod.AVERAGE_OF_THREE_SEASONAL
    return Forecast(
        method=seasons if cycle else ForecastMethod.AVERAGE_OF_THREE,
        n=len(run),
        origin=run[-1].period,
        path=shown,
        chance=None if goal is None else _chance(goal, steps[-1], dof),
        clipped=clipped,
        has_estimate=any(figure.is_estimate for figure in run),
    )


def backtest(series: Iterable[Observed]) -> Backtest:
    """How often the interval would have held: each newest period forecast from those before it.

    >>> backtest([Observed(date(y, 1, 1), date(y, 12, 31), Decimal(y % 3))
    ...           for y in range(2000, 2010)]).tried
    4
    """
    run, _ = comparable_run(series)
    return _tried(tuple(run))


@lru_cache(maxsize=256)
def _tried(run: tuple[Observed, ...]) -> Backtest:
    """The backtest of a run; remembered, since two dozen forecasts take a tenth of a second."""
    held = tried = 0
    for origin in range(max(NEEDED_PERIODS, len(run) - BACKTESTED_PERIODS), len(run)):
        known, actual = run[:origin], run[origin]
        seen = forecast(known, until=actual.end)
        if isinstance(seen, Forecast) and actual.value is not None:
            tried += 1
            held += seen.low <= actual.value <= seen.high
    return Backtest(held, tried)


def comparable_run(series: Iterable[Observed]) -> tuple[list[Observed], bool]:
    """The longest run of comparable values that ends at the newest, and whether a gap cut it.

    >>> years = [Observed(date(y, 1, 1), date(y, 12, 31), Decimal(y)) for y in (2015, 2018, 2019)]
    >>> run, gap = comparable_run(years)
    >>> len(run), gap
    (2, True)
    """
    valued = sorted(
        (figure for figure in series if figure.value is not None),
        key=lambda figure: (figure.end, figure.start),
    )
    first = len(valued) - 1
    while first > 0 and is_next(valued[first - 1].period, valued[first].period):
        first -= 1
    return valued[max(first, 0) :], first > 0


def _missing(run: Sequence[Observed], gap: bool) -> ForecastMissing | None:
    if not run:
        return ForecastMissing(MissingCode.NO_VALUES, 0, NEEDED_PERIODS)
    if len(run) < NEEDED_PERIODS:
        code = MissingCode.TOO_FEW_AFTER_GAP if gap else MissingCode.TOO_FEW
        return ForecastMissing(code, len(run), NEEDED_PERIODS)
    return None


def _periods_until(origin: Period, until: date, *, at_most: int) -> list[Period]:
    """The periods after the origin up to the one that holds the date."""
    ahead: list[Period] = []
    last = origin
    while last.end < until and len(ahead) < at_most:
        last = next_period(last)
        ahead.append(last)
    return ahead


def _cycle(run: Sequence[Observed]) -> int:
    """How many periods make the season that the run is long enough to show; 0 for none."""
    cycle = _CYCLES.get(months_of(run[-1].period) or 0, 0)
    return cycle if cycle and len(run) >= 2 * cycle else 0


def _ahead(run: Sequence[Observed], steps: int, cycle: int) -> tuple[Ahead, ...]:
    values = [float(figure.value) for figure in run if figure.value is not None]
    if not cycle:
        return carry_on(values, steps)
    parts, n = seasonal(values, cycle), len(values)
    level = carry_on([value - parts[t % cycle] for t, value in enumerate(values)], steps)
    wider = sqrt((n - 2) / (n - 1 - cycle) * (1 + cycle / n))
    return tuple(
        Ahead(step.mean + parts[(n + h) % cycle], step.error * wider)
        for h, step in enumerate(level)
    )


def _band(
    periods: Sequence[Period],
    steps: Sequence[Ahead],
    width: float,
    bounds: tuple[Decimal, Decimal] | None,
) -> tuple[tuple[ForecastStep, ...], bool]:
    """The band as it is drawn, and whether the bounds cut it."""
    path: list[ForecastStep] = []
    clipped = False
    for period, step in zip(periods, steps, strict=True):
        reach = width * step.error
        raw = [_decimal(x) for x in (step.mean, step.mean - reach, step.mean + reach)]
        shown = raw if bounds is None else [min(max(x, bounds[0]), bounds[1]) for x in raw]
        clipped = clipped or shown != raw
        path.append(ForecastStep(period, *shown))
    return tuple(path), clipped


def _chance(goal: Goal, step: Ahead, dof: int) -> Decimal | None:
    """The chance of meeting the goal; None when the direction names none."""
    if goal.direction == Direction.MAINTAIN_RANGE:
        single = goal.value is not None
        low, high = (goal.value, goal.value) if single else (goal.low, goal.high)
    elif goal.direction == Direction.INCREASE:
        low, high = (goal.low if goal.value is None else goal.value), None
    elif goal.direction == Direction.DECREASE:
        low, high = None, (goal.high if goal.value is None else goal.value)
    else:
        return None
    if low is None and high is None:
        return None
    if step.error <= 1e-9 * max(1.0, abs(step.mean)):
        mean = _decimal(step.mean)
        return Decimal(int((low is None or low <= mean) and (high is None or mean <= high)))
    under_low = 0.0 if low is None else t_cdf((float(low) - step.mean) / step.error, dof)
    under_high = 1.0 if high is None else t_cdf((float(high) - step.mean) / step.error, dof)
    return _decimal(min(max(under_high - under_low, 0.0), 1.0))


def _decimal(value: float) -> Decimal:
    """A computed number to nine figures: more would pretend, and differ between machines."""
    return Decimal(f"{value:.9g}") + 0
