"""The sparkline."""

import re

from hypothesis import given
from hypothesis import strategies as st

from dashboards.charts import Spark, sparkline

VALUES = st.lists(st.none() | st.floats(min_value=-1e9, max_value=1e9), max_size=120)


def spark(
    values: list[float | None],
    *,
    target: float | None = None,
    inverted: bool = False,
    positions: list[float] | None = None,
) -> Spark:
    return sparkline(
        id="s",
        title="Title",
        summary="Summary.",
        values=values,
        target=target,
        inverted=inverted,
        positions=positions,
    )


def test_a_line_runs_from_left_to_right_and_up_is_more() -> None:
    drawn = spark([0, 5, 10], target=5)
    assert drawn.line == "M4.0 40.0L120.0 22.0L236.0 4.0"
    assert drawn.area == "M4.0 44L4.0 40.0L120.0 22.0L236.0 4.0V44Z"
    assert drawn.target == "22"
    assert (drawn.last_x, drawn.last_y) == ("236", "4")


def test_a_range_has_both_its_ends() -> None:
    drawn = sparkline(
        id="s", title="Title", summary="", values=[0, 2], target=2, target_high=4, height=48
    )
    assert (drawn.target, drawn.target_high) == ("24", "4")


def test_a_falling_metric_falls() -> None:
    assert spark([10, 0]).line == "M4.0 4.0L236.0 40.0"


def test_a_rank_has_one_on_top() -> None:
    assert spark([1, 7], inverted=True).line == "M4.0 4.0L236.0 40.0"


def test_a_gap_breaks_the_line_and_a_lone_value_is_a_dot() -> None:
    drawn = spark([0, 10, None, 10, None, 0, 0])
    assert drawn.line == "M4.0 40.0L42.7 4.0M197.3 40.0L236.0 40.0"
    assert drawn.dots == "M120 4h0"


def test_one_value_is_a_dot_in_the_middle() -> None:
    drawn = spark([24000])
    assert (drawn.line, drawn.area, drawn.dots) == ("", "", "M120 22h0")


def test_level_series_stand_at_half_height() -> None:
    assert spark([0, 0]).line == "M4.0 22.0L236.0 22.0"
    assert spark([100, 100], target=100).target == "22"


def test_zero_is_a_value_and_none_is_not() -> None:
    assert spark([0]).last_x == "120"
    assert spark([None]).last_x == ""


def test_no_value_draws_nothing_not_even_the_target() -> None:
    drawn = spark([], target=5)
    assert (drawn.line, drawn.area, drawn.dots, drawn.target, drawn.last_x) == ("",) * 5


def test_dates_may_place_the_values() -> None:
    assert spark([0, 1, 0], positions=[0, 3, 4]).line == "M4.0 40.0L178.0 4.0L236.0 40.0"


@given(VALUES, st.none() | st.floats(min_value=-1e9, max_value=1e9), st.booleans())
def test_every_coordinate_is_finite_and_in_the_box(
    values: list[float | None], target: float | None, inverted: bool
) -> None:
    drawn = spark(values, target=target, inverted=inverted)
    for path in (drawn.line, drawn.area, drawn.dots.replace("h0", "")):
        assert "nan" not in path
        assert "inf" not in path
        for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path):
            assert 0 <= float(x) <= 240
            assert 0 <= float(y) <= 44
