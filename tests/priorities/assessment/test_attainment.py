"""How far of the way, and what changed."""

from datetime import date
from decimal import Decimal as D

from hypothesis import given
from hypothesis import strategies as st

from priorities.assessment.attainment import attainment, change, is_better, latest_change
from priorities.assessment.metric_status import Observed
from priorities.enums import Direction, MetricKind, Quality

numbers = st.decimals(-1000, 1000, places=2, allow_nan=False)


def year(of: int, value: str | None, quality: Quality = Quality.FINAL) -> Observed:
    return Observed(date(of, 1, 1), date(of, 12, 31), None if value is None else D(value), quality)


def test_attainment_is_not_clamped() -> None:
    assert attainment(D(30), baseline=D(40), target=D(60)) == D("-0.5")
    assert attainment(D(80), baseline=D(40), target=D(60)) == D(2)
    assert attainment(D(0), baseline=D(40), target=D(0)) == D(1)


def test_attainment_is_undefined_without_a_way() -> None:
    assert attainment(D(7), baseline=D(0), target=D(0)) is None


@given(numbers, numbers, numbers)
def test_attainment_is_the_same_in_any_direction(value: D, baseline: D, target: D) -> None:
    assert attainment(value, baseline=baseline, target=target) == attainment(
        -value, baseline=-baseline, target=-target
    )


def test_a_fall_is_shown_as_a_fall() -> None:
    fallen = change(year(2021, "-2"), year(2020, "3"), kind=MetricKind.COUNT)
    assert fallen is not None
    assert (fallen.amount, fallen.points, fallen.gap) == (D(-5), False, False)
    assert fallen.share == D(-5) / D(3)


def test_no_change_is_zero_and_not_nothing() -> None:
    still = change(year(2021, "0"), year(2020, "0"), kind=MetricKind.COUNT)
    assert still is not None
    assert (still.amount, still.share) == (D(0), None)


def test_percents_differ_in_points() -> None:
    risen = change(year(2021, "89", Quality.PROVISIONAL), year(2020, "81"), kind=MetricKind.PERCENT)
    assert risen is not None
    assert (risen.amount, risen.points, risen.share, risen.is_estimate) == (D(8), True, None, True)


def test_a_gap_is_said() -> None:
    across = latest_change(
        [year(2018, "5"), year(2019, None), year(2020, "7")], kind=MetricKind.COUNT
    )
    assert across is not None
    assert (across.gap, across.since.end) == (True, date(2018, 12, 31))


def test_only_periods_of_the_same_length_compare() -> None:
    quarter = Observed(date(2020, 10, 1), date(2020, 12, 31), D(2))
    assert change(year(2021, "8"), quarter, kind=MetricKind.COUNT) is None
    newest = latest_change([year(2020, "7"), quarter, year(2021, "8")], kind=MetricKind.COUNT)
    assert newest is not None
    assert (newest.amount, newest.gap) == (D(1), False)


def test_one_value_has_no_change() -> None:
    assert latest_change([], kind=MetricKind.COUNT) is None
    assert latest_change([year(2020, "7")], kind=MetricKind.COUNT) is None
    assert change(year(2020, "7"), None, kind=MetricKind.COUNT) is None


def test_better_depends_on_the_direction() -> None:
    assert is_better(D(1), Direction.INCREASE) is True
    assert is_better(D(1), Direction.DECREASE) is False
    assert is_better(D(0), Direction.INCREASE) is None
    assert is_better(D(1), Direction.INFORMATIONAL) is None
