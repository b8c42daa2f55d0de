"""Axes, scales and coordinates."""

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.charts.scale import (
    Scale,
    Steps,
    month_ticks,
    nice_step,
    rank_axis,
    short,
    value_axis,
)

NUMBERS = st.floats(min_value=-1e9, max_value=1e9, allow_nan=False)


@pytest.mark.parametrize(
    ("values", "options", "ticks"),
    [
        ([63, 98], {"ceiling": 100}, (60, 70, 80, 90, 100)),
        ([99.8, 100], {"ceiling": 100}, (99.8, 99.85, 99.9, 99.95, 100)),
        ([0, 0, 0], {}, (0, 0.25, 0.5, 0.75, 1)),
        ([], {}, (0, 0.25, 0.5, 0.75, 1)),
        ([-40, 25], {}, (-40, -20, 0, 20, 40)),
        ([-40, -3], {}, (-40, -30, -20, -10, 0)),
        ([100, 100], {"ceiling": 100}, (95, 97.5, 100)),
        ([3, 5], {"steps": Steps.WHOLE}, (3, 4, 5)),
        ([0, 1], {"steps": Steps.WHOLE}, (0, 1)),
        ([102, 300], {"steps": Steps.CLOCK}, (60, 120, 180, 240, 300)),
        ([98, 104], {"ceiling": 100}, (98, 100, 102, 104)),
    ],
)
def test_ticks_close_in_on_the_values(
    values: list[float], options: dict[str, object], ticks: tuple[float, ...]
) -> None:
    assert value_axis(values, **options).ticks == ticks  # type: ignore[arg-type]


def test_an_axis_says_whether_it_shows_zero() -> None:
    assert value_axis([99.8, 100]).shows_zero is False
    assert value_axis([-1, 1]).shows_zero is True
    assert value_axis([3, 17]).shows_zero is True


def test_the_decimals_tell_the_ticks_apart() -> None:
    assert value_axis([99.83, 99.98], ceiling=100).decimals == 2
    assert value_axis([63, 98]).decimals == 0
    assert value_axis([24000], steps=Steps.WHOLE).decimals == 0


@given(st.lists(NUMBERS, max_size=30), st.sampled_from(Steps))
def test_an_axis_always_holds_its_values(values: list[float], steps: Steps) -> None:
    axis = value_axis(values, steps=steps)
    slack = (axis.high - axis.low) * 1e-5 + 1e-9
    assert axis.low < axis.high
    assert all(axis.low - slack <= value <= axis.high + slack for value in values)
    assert 2 <= len(axis.ticks) <= 12
    assert list(axis.ticks) == sorted(set(axis.ticks))


@given(st.floats(min_value=1e-9, max_value=1e12), st.sampled_from(Steps))
def test_a_step_is_never_smaller_than_asked(rough: float, steps: Steps) -> None:
    assert nice_step(rough, steps) >= rough * (1 - 1e-8)


def test_ranks_start_at_one_and_step_by_whole_places() -> None:
    assert rank_axis([]).ticks == (1, 2)
    assert rank_axis([12, 3]).ticks == (1, 6, 11, 16)


@given(NUMBERS, NUMBERS)
def test_a_scale_maps_its_ends_to_the_ends(low: float, high: float) -> None:
    scale = Scale(low, high, 10, 90)
    if low == high:
        assert scale(low) == 50
    else:
        assert math.isclose(scale(low), 10, abs_tol=1e-6)
        assert math.isclose(scale(high), 90, abs_tol=1e-6)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (-0.04, "0"), (10.04, "10"), (10.06, "10.1"), (-2.5, "-2.5")],
)
def test_coordinates_are_short(value: float, text: str) -> None:
    assert short(value) == text


def test_time_ticks_fall_on_calendar_dates() -> None:
    assert month_ticks(date(2022, 1, 1), date(2023, 12, 31), 6) == (
        (date(2022, 1, 1), True),
        (date(2022, 7, 1), False),
        (date(2023, 1, 1), True),
        (date(2023, 7, 1), False),
    )
    assert month_ticks(date(2022, 1, 15), date(2022, 3, 1), 6) == (
        (date(2022, 2, 1), False),
        (date(2022, 3, 1), False),
    )
    assert len(month_ticks(date(1990, 1, 1), date(2050, 1, 1), 6)) <= 7
