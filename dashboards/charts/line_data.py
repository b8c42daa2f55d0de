"""What a metric chart is given: numbers, dates, and words already in the reader's language."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from dashboards.charts.scale import Steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A window of the metric's calendar; ``label`` is its short name on the axis ("20-21")."""

    start: date
    end: date
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Actual:
    """What was measured in a period; ``value`` None is a period without a value."""

    period: Period
    value: float | None
    provisional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodTarget:
    """The target of one period, or a range when ``high`` is given; old ones stay, superseded.

    The label of the newest target that stands is written on the chart ("Target 91%").
    """

    period: Period
    value: float
    high: float | None = None
    superseded: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetCourse:
    """Dated targets, the baseline first, joined by a straight line or by steps."""

    points: tuple[tuple[date, float], ...]
    stepped: bool = False
    superseded: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """Where it started."""

    on: date
    value: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastPoint:
    """What may come in a period: the mean and the 80 % range."""

    period: Period
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something to know about a date of the chart; numbered in the order of dates."""

    on: date
    text: str
    value: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineWords:
    """The words on and under the chart, already translated."""

    actual: str
    estimate: str
    estimate_mark: str
    target: str
    target_superseded: str
    target_range: str
    target_course: str
    forecast: str
    missing: str
    empty: str
    rank: str
    starts_at: Callable[[str], str]  # "60%" → "The scale starts at 60%, not at zero."


@dataclass(frozen=True, slots=True, kw_only=True)
class LineInput:
    """One metric's chart: numbers, dates and words. ``regular`` False: no calendar, no gaps."""

    id: str
    title: str
    summary: str
    words: LineWords
    format_value: Callable[[float], str]
    format_tick: Callable[[float, int], str]  # a value and the decimals that ticks need
    actuals: tuple[Actual, ...] = ()
    targets: tuple[PeriodTarget, ...] = ()
    courses: tuple[TargetCourse, ...] = ()
    baseline: Baseline | None = None
    forecast: tuple[ForecastPoint, ...] = ()
    forecast_label: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    floor: float | None = None
    ceiling: float | None = None
    steps: Steps = Steps.DECIMAL
    rank: bool = False
    regular: bool = True

    def values(self) -> list[float]:
        """Every number that has to be on the value axis."""
        found = [each.value for each in self.actuals if each.value is not None]
        for target in self.targets:
            found += [target.value] if target.high is None else [target.value, target.high]
        found += [value for course in self.courses for _, value in course.points]
        found += [number for each in self.forecast for number in (each.low, each.mean, each.high)]
        return found if self.baseline is None else [*found, self.baseline.value]
