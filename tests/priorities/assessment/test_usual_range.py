"""Which value is asked about, and why: never refused, and not asked about each time."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from priorities.assessment.periods import Period
from priorities.assessment.usual_range import DoubtCode, Past, UsualRange, doubts, usual_range
from priorities.enums import MetricKind

COUNT, PERCENT = MetricKind.COUNT, MetricKind.PERCENT


def year(start: int) -> Period:
    return Period(dt.date(start, 7, 1), dt.date(start + 1, 6, 30))


def past(*values: float, first: int = 2010) -> list[Past]:
    """A value for each fiscal year from the first on."""
    return [Past(year(first + n), Decimal(str(value))) for n, value in enumerate(values)]


def codes(value: float, *values: float, kind: MetricKind = COUNT) -> list[DoubtCode]:
    found = doubts(Decimal(str(value)), period=year(2030), past=past(*values), kind=kind)
    return [doubt.code for doubt in found]


def test_the_range_is_what_values_span_and_a_typical_step_beyond() -> None:
    assert usual_range([Decimal(n) for n in (10, 12, 20, 21)]) == UsualRange(
        low=Decimal(8),
        high=Decimal(23),
        lowest=Decimal(10),
        highest=Decimal(21),
        step=Decimal(2),
        n=4,
    )


def test_only_the_last_twelve_values_make_the_range() -> None:
    usual = usual_range([Decimal(1000), *(Decimal(n) for n in range(12))])
    assert usual is not None
    assert (usual.lowest, usual.highest, usual.n) == (0, 11, 12)


def test_two_values_are_too_few_to_tell() -> None:
    assert usual_range([Decimal(1), Decimal(2)]) is None
    assert codes(5, 3, 4) == []


def test_a_series_that_climbs_as_ever_is_not_asked_about() -> None:
    assert codes(60, 10, 20, 30, 40, 50) == []
    assert codes(60.1, 10, 20, 30, 40, 50) == [DoubtCode.HIGHEST]


def test_the_reason_names_the_newest_period_that_was_as_high() -> None:
    found = doubts(
        Decimal("90.5"),
        period=year(2022),
        past=past(71, 95, 91, 70, 72, 73, 74, 75, 76, 75, 76, 75, 76, 75, 76, first=2007),
        kind=PERCENT,
    )
    assert [(doubt.code, doubt.since) for doubt in found] == [(DoubtCode.HIGHEST, year(2009))]
    (doubt,) = found
    assert doubt.usual == usual_range(
        [Decimal(n) for n in (70, 72, 73, 74, 75, 76, 75, 76, 75, 76, 75, 76)]
    )


def test_the_lowest_of_all_names_no_period() -> None:
    (doubt,) = doubts(Decimal(5), period=year(2030), past=past(10, 11, 12, 11), kind=COUNT)
    assert (doubt.code, doubt.since) == (DoubtCode.LOWEST, None)


def test_a_multiple_of_the_last_value_is_told_with_its_factor() -> None:
    (doubt,) = doubts(Decimal(40), period=year(2030), past=past(8, 10), kind=COUNT)
    assert (doubt.code, doubt.factor) == (DoubtCode.TIMES_LAST, Decimal(4))
    (doubt,) = doubts(Decimal("0.905"), period=year(2030), past=past(90.5), kind=PERCENT)
    assert (doubt.code, doubt.factor) == (DoubtCode.PART_OF_LAST, Decimal(100))


def test_a_series_that_jumps_anyway_may_jump() -> None:
    assert codes(9, 1, 12, 2, 11, 3) == []


@pytest.mark.parametrize("value", [0, 5])
def test_zero_is_no_factor_of_anything(value: float) -> None:
    assert codes(value, 0) == []
    assert codes(0, value) == []


def test_a_percent_beyond_its_scale_is_asked_about_unless_it_has_been_there() -> None:
    assert codes(101, 99, kind=PERCENT) == [DoubtCode.OUT_OF_SCALE]
    assert codes(-1, 99, kind=PERCENT) == [DoubtCode.OUT_OF_SCALE]
    assert codes(104, 103, kind=PERCENT) == []


@pytest.mark.parametrize("value", [0, 2.5])
def test_a_rank_is_a_whole_number_from_one_on(value: float) -> None:
    assert DoubtCode.OUT_OF_SCALE in codes(value, 3, kind=MetricKind.RANK)


def test_below_zero_is_odd_for_what_never_was() -> None:
    assert codes(-1, 3) == [DoubtCode.BELOW_ZERO]
    assert codes(-1, -2) == []


def test_only_earlier_periods_of_the_same_length_count() -> None:
    quarter = Period(dt.date(2021, 7, 1), dt.date(2021, 9, 30))
    other = [Past(quarter, Decimal(1)), *past(1, 1, 1, first=2031)]
    assert doubts(Decimal(50), period=year(2030), past=other, kind=COUNT) == ()
