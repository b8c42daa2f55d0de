"""Periods and the two clocks."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorities.assessment.periods import (
    AsOf,
    Period,
    fiscal_year_of,
    is_next,
    months_of,
    newest_ended,
    next_period,
    period_containing,
    previous_period,
    same_length,
)
from priorities.enums import Calendar

LOS_ANGELES = ZoneInfo("America/Los_Angeles")
REGULAR = [calendar for calendar in Calendar if calendar != Calendar.IRREGULAR]

days = st.dates(date(1900, 1, 1), date(2200, 12, 31))


@pytest.mark.parametrize(
    ("calendar", "day", "start", "end"),
    [
        (Calendar.MONTH, date(2024, 2, 29), date(2024, 2, 1), date(2024, 2, 29)),
        (Calendar.QUARTER, date(2022, 12, 31), date(2022, 10, 1), date(2022, 12, 31)),
        (Calendar.FISCAL_YEAR, date(2022, 7, 1), date(2022, 7, 1), date(2023, 6, 30)),
        (Calendar.FISCAL_YEAR, date(2022, 6, 30), date(2021, 7, 1), date(2022, 6, 30)),
        (Calendar.CALENDAR_YEAR, date(2022, 6, 30), date(2022, 1, 1), date(2022, 12, 31)),
    ],
)
def test_a_day_falls_in_its_period(calendar: Calendar, day: date, start: date, end: date) -> None:
    assert period_containing(day, calendar) == Period(start, end)


def test_an_irregular_calendar_has_no_periods() -> None:
    assert period_containing(date(2022, 1, 1), Calendar.IRREGULAR) is None
    assert newest_ended(Calendar.IRREGULAR, on=date(2022, 1, 1)) is None


@given(days, st.sampled_from(REGULAR), st.integers(1, 12))
def test_periods_cover_every_day_once(day: date, calendar: Calendar, start_month: int) -> None:
    period = period_containing(day, calendar, fiscal_start_month=start_month)
    assert period is not None
    assert day in period
    following = next_period(period)
    assert following == period_containing(
        period.end + timedelta(days=1), calendar, fiscal_start_month=start_month
    )
    assert previous_period(following) == period
    assert is_next(period, following)
    assert not is_next(following, period)


@given(days, st.sampled_from(REGULAR))
def test_the_newest_ended_period_is_over(day: date, calendar: Calendar) -> None:
    ended = newest_ended(calendar, on=day)
    running = period_containing(day, calendar)
    assert ended is not None
    assert running is not None
    assert ended.end < day <= running.end
    assert is_next(ended, running)


def test_days_are_compared_where_months_do_not_fit() -> None:
    week = Period(date(2022, 3, 7), date(2022, 3, 13))
    assert months_of(week) is None
    assert next_period(week) == Period(date(2022, 3, 14), date(2022, 3, 20))
    assert previous_period(next_period(week)) == week
    assert same_length(week, next_period(week))
    assert not same_length(week, Period(date(2022, 3, 1), date(2022, 3, 31)))


def test_a_fiscal_year_is_named_by_the_year_it_begins_in() -> None:
    assert fiscal_year_of(date(2020, 7, 1)) == 2020
    assert fiscal_year_of(date(2021, 6, 30)) == 2020


@given(days, st.sampled_from(["America/Los_Angeles", "Pacific/Auckland", "America/Santiago"]))
def test_no_time_zone_shifts_the_day(day: date, zone: str) -> None:
    tz = ZoneInfo(zone)
    known = AsOf.end_of(day, tz)
    assert known.day == day
    assert AsOf.at(known.moment, tz).day == day
    assert AsOf.at(known.moment + timedelta(microseconds=1), tz).day == day + timedelta(days=1)


def test_new_years_eve_in_los_angeles_is_next_year_elsewhere() -> None:
    late = datetime(2021, 12, 31, 20, 0, tzinfo=LOS_ANGELES)
    assert AsOf.at(late.astimezone(UTC), LOS_ANGELES) == AsOf(
        late.astimezone(UTC), date(2021, 12, 31)
    )


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        AsOf.at(datetime(2022, 1, 1), UTC)


def test_a_closed_plan_is_judged_on_its_closing_day() -> None:
    known = AsOf.end_of(date(2025, 1, 1), LOS_ANGELES)
    assert known.judged_on(date(2023, 12, 31)) == date(2023, 12, 31)
    assert known.judged_on(date(2030, 12, 31)) == date(2025, 1, 1)
