"""Forecasts: what they need, what they say, and how wide they are."""

from datetime import date
from decimal import Decimal as D
from math import pi, sin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priorities.assessment.forecast import (
    Backtest,
    Forecast,
    ForecastMethod,
    ForecastMissing,
    Goal,
    MissingCode,
    backtest,
    forecast,
)
from priorities.assessment.metric_status import Observed
from priorities.assessment.periods import Period, next_period
from priorities.assessment.student import t_cdf, t_quantile
from priorities.enums import Direction

RUN = ["63", "89", "90", "82", "73", "78", "89", "81", "89"]


def yearly(values: list[str], first: int = 2000) -> list[Observed]:
    return [
        Observed(date(first + n, 1, 1), date(first + n, 12, 31), D(value))
        for n, value in enumerate(values)
    ]


def made(values: list[str], *, ahead: int = 1, goal: Goal | None = None) -> Forecast:
    until = date(2000 + len(values) - 1 + ahead, 12, 31)
    seen = forecast(yearly(values), until=until, goal=goal)
    assert isinstance(seen, Forecast)
    return seen


@pytest.mark.parametrize(
    ("p", "dof", "table"),
    [
        (0.9, 1, 3.078),
        (0.9, 2, 1.886),
        (0.9, 3, 1.638),
        (0.9, 4, 1.533),
        (0.9, 8, 1.397),
        (0.9, 20, 1.325),
        (0.9, 60, 1.296),
        (0.975, 1, 12.706),
        (0.975, 5, 2.571),
        (0.975, 30, 2.042),
        (0.995, 10, 3.169),
        (0.5, 7, 0.0),
    ],
)
def test_the_printed_table(p: float, dof: int, table: float) -> None:
    assert round(t_quantile(p, dof), 3) == table
    assert round(t_quantile(1 - p, dof), 3) == -table


@given(st.floats(0.001, 0.999), st.integers(1, 200))
def test_quantile_and_chance_undo_each_other(p: float, dof: int) -> None:
    assert abs(t_cdf(t_quantile(p, dof), dof) - p) < 1e-9


def test_a_chance_lies_between_zero_and_one() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        t_quantile(1.0, 5)


def test_what_is_missing_is_said() -> None:
    until = date(2012, 12, 31)
    assert forecast([], until=until) == ForecastMissing(MissingCode.NO_VALUES, 0, 6)
    assert forecast(yearly(RUN[:5]), until=until) == ForecastMissing(MissingCode.TOO_FEW, 5, 6)
    cut = yearly(RUN)
    del cut[5]
    assert forecast(cut, until=until) == ForecastMissing(MissingCode.TOO_FEW_AFTER_GAP, 3, 6)
    passed = forecast(yearly(RUN), until=date(2008, 12, 31))
    assert passed == ForecastMissing(MissingCode.DATE_PASSED, 9, 1)
    far = forecast(yearly(RUN), until=date(2090, 12, 31))
    assert far == ForecastMissing(MissingCode.TOO_FAR, 9, 10)


def test_a_missing_value_is_a_gap() -> None:
    series = yearly(RUN)
    series[4] = Observed(series[4].start, series[4].end, None)
    seen = forecast(series, until=date(2010, 12, 31))
    assert seen == ForecastMissing(MissingCode.TOO_FEW_AFTER_GAP, 4, 6)


def test_the_band_widens_period_by_period() -> None:
    seen = made(RUN, ahead=3)
    assert [step.period.end.year for step in seen.path] == [2009, 2010, 2011]
    widths = [step.high - step.low for step in seen.path]
    assert widths == sorted(widths)
    assert (seen.n, seen.method) == (9, ForecastMethod.AVERAGE_OF_THREE)
    assert (seen.value, seen.low, seen.high) == (
        seen.path[-1].mean,
        seen.path[-1].low,
        seen.path[-1].high,
    )
    assert seen.low < seen.value < seen.high


def test_a_straight_line_goes_on() -> None:
    seen = made([str(2 * n) for n in range(8)], ahead=2, goal=Goal(Direction.INCREASE, D(18)))
    assert (seen.low, seen.value, seen.high, seen.chance) == (D(18), D(18), D(18), D(1))


def test_a_flat_line_of_zeros_stays_zero() -> None:
    seen = made(["0"] * 6, goal=Goal(Direction.DECREASE, D(0)))
    assert (seen.value, seen.chance) == (D(0), D(1))
    assert made(["0"] * 6, goal=Goal(Direction.INCREASE, D(1))).chance == D(0)


def test_the_interval_of_a_percent_may_exceed_a_hundred_unless_cut() -> None:
    values = ["90", "99", "91", "100", "93", "99", "96"]
    until, goal = date(2007, 12, 31), Goal(Direction.INCREASE, D(95))
    open_ended = forecast(yearly(values), until=until, goal=goal)
    cut = forecast(yearly(values), until=until, goal=goal, bounds=(D(0), D(100)))
    assert isinstance(open_ended, Forecast)
    assert isinstance(cut, Forecast)
    assert open_ended.high > 100
    assert (cut.high, cut.clipped, open_ended.clipped) == (D(100), True, False)
    assert cut.chance == open_ended.chance


def test_the_chance_knows_the_direction() -> None:
    up = made(RUN, goal=Goal(Direction.INCREASE, D(85))).chance
    down = made(RUN, goal=Goal(Direction.DECREASE, D(85))).chance
    kept = made(RUN, goal=Goal(Direction.MAINTAIN_RANGE, None, D(80), D(90))).chance
    assert up is not None
    assert down is not None
    assert kept is not None
    assert round(up + down, 6) == 1
    assert 0 < kept < 1
    assert made(RUN, goal=Goal(Direction.INFORMATIONAL, D(85))).chance is None
    assert made(RUN, goal=Goal(Direction.INCREASE)).chance is None
    assert made(RUN).chance is None


def seasonal_run(months: int, n: int) -> list[Observed]:
    series: list[Observed] = []
    period = Period(date(2000, 1, 1), date(2000, months, 31))
    cycle = 12 // months
    for t in range(n):
        value = D(str(round(100 + t + 20 * sin(2 * pi * t / cycle), 6)))
        series.append(Observed(period.start, period.end, value))
        period = next_period(period)
    return series


@pytest.mark.parametrize(("months", "cycle"), [(1, 12), (3, 4)])
def test_a_season_is_found_and_given_back(months: int, cycle: int) -> None:
    series = seasonal_run(months, 4 * cycle)
    known = series[: 3 * cycle]
    seen = forecast(known, until=series[-1].end)
    assert isinstance(seen, Forecast)
    assert seen.method == ForecastMethod.AVERAGE_OF_THREE_SEASONAL
    for step, actual in zip(seen.path, series[3 * cycle :], strict=True):
        assert actual.value is not None
        assert abs(step.mean - actual.value) < 2


def test_two_cycles_are_needed_to_see_a_season() -> None:
    series = seasonal_run(3, 7)
    seen = forecast(series, until=next_period(series[-1].period).end)
    assert isinstance(seen, Forecast)
    assert seen.method == ForecastMethod.AVERAGE_OF_THREE


values = st.lists(st.integers(-1000, 1000), min_size=6, max_size=20)


@settings(max_examples=40)
@given(values, st.integers(-1000, 1000))
def test_decrease_mirrors_increase(found: list[int], target: int) -> None:
    up = made([str(v) for v in found], goal=Goal(Direction.INCREASE, D(target)))
    down = made([str(-v) for v in found], goal=Goal(Direction.DECREASE, D(-target)))
    assert up.chance is not None
    assert down.chance is not None
    assert abs(up.chance - down.chance) < D("0.000001")
    assert abs(up.low + down.high) <= D("0.00001") * max(D(1), abs(up.low))


def test_a_backtest_counts_what_it_tried() -> None:
    assert backtest(yearly(RUN[:6])) == Backtest(0, 0)
    line = backtest(yearly([str(n) for n in range(40)]))
    assert line == Backtest(24, 24)
    tried = backtest(yearly(RUN))
    assert tried.tried == 3
    assert 0 <= tried.held <= 3
