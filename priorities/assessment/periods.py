"""Which reporting period a day belongs to, and what "as of" means."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Self

from priorities.enums import Calendar

ONE_DAY = timedelta(days=1)

#: How many months one period of a calendar lasts; a calendar that is not here has no periods.
MONTHS_OF_CALENDAR = {
    Calendar.MONTH: 1,
    Calendar.QUARTER: 3,
    Calendar.FISCAL_YEAR: 12,
    Calendar.CALENDAR_YEAR: 12,
}


@dataclass(frozen=True, slots=True)
class Period:
    """A window of days that a figure is about; both ends belong to it."""

    start: date
    end: date

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    @property
    def days(self) -> int:
        """How many days it lasts, both ends counted."""
        return (self.end - self.start).days + 1


@dataclass(frozen=True, slots=True)
class AsOf:
    """The moment a page speaks from.

    There are two clocks. The *domain date* is what a fact is about: the end of its period, a due
    date. The *recorded moment* is when the portal made it public. ``moment`` is held against the
    recorded clock (a fact published later is not seen); ``day``, the same moment in the agency's
    time zone, is held against the domain clock and stands for "today" wherever freshness and
    elapsed time are counted. ``is_now`` says that no past date was asked for.
    """

    moment: datetime
    day: date
    is_now: bool = False

    @classmethod
    def at(cls, moment: datetime, tz: tzinfo) -> Self:
        """The portal as known at one moment, to the second.

        >>> from zoneinfo import ZoneInfo
        >>> AsOf.at(datetime(2022, 1, 1, 5, 0, tzinfo=UTC), ZoneInfo("America/Los_Angeles")).day
        datetime.date(2021, 12, 31)

        A moment without a time zone is the caller's mistake: ValueError.
        """
        return cls(_aware(moment), moment.astimezone(tz).date())

    @classmethod
    def end_of(cls, day: date, tz: tzinfo) -> Self:
        """The portal as known at the end of a day in the agency's time zone.

        >>> from zoneinfo import ZoneInfo
        >>> known = AsOf.end_of(date(2022, 6, 30), ZoneInfo("America/Los_Angeles"))
        >>> known.moment.isoformat(), known.day.isoformat()
        ('2022-07-01T06:59:59.999999+00:00', '2022-06-30')
        """
        # Where clocks go back just before midnight the last instant happens twice: take the later.
        last_instant = datetime.combine(day, time.max, tz).replace(fold=1)
        return cls(last_instant.astimezone(UTC), day)

    @classmethod
    def now(cls, moment: datetime, tz: tzinfo) -> Self:
        """The portal as it stands; the door that read the clock passes the moment.

        >>> AsOf.now(datetime(2023, 7, 7, 18, 0, tzinfo=UTC), UTC).is_now
        True
        """
        return cls(_aware(moment), moment.astimezone(tz).date(), is_now=True)

    def judged_on(self, closing_day: date | None) -> date:
        """The day on which a plan's items are judged: nothing becomes overdue after it closed.

        >>> known = AsOf.end_of(date(2024, 5, 1), UTC)
        >>> known.judged_on(date(2023, 12, 31)), known.judged_on(None)
        (datetime.date(2023, 12, 31), datetime.date(2024, 5, 1))
        """
        return self.day if closing_day is None else min(self.day, closing_day)


def period_containing(
    day: date, calendar: Calendar, *, fiscal_start_month: int = 7
) -> Period | None:
    """The period of a calendar that a day falls in; None when the calendar is irregular.

    Quarters are aligned to the fiscal year's start.

    >>> period_containing(date(2022, 5, 17), Calendar.QUARTER)
    Period(start=datetime.date(2022, 4, 1), end=datetime.date(2022, 6, 30))
    >>> period_containing(date(2022, 5, 17), Calendar.FISCAL_YEAR)
    Period(start=datetime.date(2021, 7, 1), end=datetime.date(2022, 6, 30))
    >>> period_containing(date(2022, 5, 17), Calendar.QUARTER, fiscal_start_month=2)
    Period(start=datetime.date(2022, 5, 1), end=datetime.date(2022, 7, 31))
    >>> period_containing(date(2022, 5, 17), Calendar.IRREGULAR) is None
    True
    """
    months = MONTHS_OF_CALENDAR.get(calendar)
    if months is None:
        return None
    anchor = 0 if calendar == Calendar.CALENDAR_YEAR else fiscal_start_month - 1
    month = _month_number(day)
    return _of_months(month - (month - anchor) % months, months)


def next_period(period: Period) -> Period:
    """The period of the same length that begins the day after.

    >>> next_period(Period(date(2022, 4, 1), date(2022, 6, 30)))
    Period(start=datetime.date(2022, 7, 1), end=datetime.date(2022, 9, 30))
    """
    months = months_of(period)
    if months is not None:
        return _of_months(_month_number(period.start) + months, months)
    return Period(period.end + ONE_DAY, period.end + timedelta(days=period.days))


def previous_period(period: Period) -> Period:
    """The period of the same length that ends the day before.

    >>> previous_period(Period(date(2022, 3, 1), date(2022, 3, 31)))
    Period(start=datetime.date(2022, 2, 1), end=datetime.date(2022, 2, 28))
    """
    months = months_of(period)
    if months is not None:
        return _of_months(_month_number(period.start) - months, months)
    return Period(period.start - timedelta(days=period.days), period.start - ONE_DAY)


def newest_ended(calendar: Calendar, *, on: date, fiscal_start_month: int = 7) -> Period | None:
    """The newest period that is over: its last day lies before the given day.

    >>> newest_ended(Calendar.QUARTER, on=date(2023, 7, 7))
    Period(start=datetime.date(2023, 4, 1), end=datetime.date(2023, 6, 30))
    >>> newest_ended(Calendar.QUARTER, on=date(2023, 6, 30))
    Period(start=datetime.date(2023, 1, 1), end=datetime.date(2023, 3, 31))
    """
    running = period_containing(on, calendar, fiscal_start_month=fiscal_start_month)
    return None if running is None else previous_period(running)


def months_of(period: Period) -> int | None:
    """How many whole calendar months a period lasts; None when it is not made of whole months.

    >>> months_of(Period(date(2021, 7, 1), date(2022, 6, 30)))
    12
    >>> months_of(Period(date(2021, 7, 1), date(2021, 7, 30))) is None
    True
    """
    start, end = period.start, period.end
    if start.day != 1 or end.day != monthrange(end.year, end.month)[1]:
        return None
    return _month_number(end) - _month_number(start) + 1


def same_length(a: Period, b: Period) -> bool:
    """May two periods be compared: as many months, or as many days where months do not fit?

    >>> february, march = (Period(date(2022, 2, 1), date(2022, 2, 28)),
    ...                    Period(date(2022, 3, 1), date(2022, 3, 31)))
    >>> same_length(february, march)
    True
    >>> same_length(march, Period(date(2022, 1, 1), date(2022, 3, 31)))
    False
    """
    months = months_of(a)
    if months is not None:
        other = months_of(b)
        if other is not None:
            return months == other
    return a.days == b.days


def is_next(a: Period, b: Period) -> bool:
    """Does b follow a, comparable and without a gap?

    >>> first = Period(date(2021, 7, 1), date(2022, 6, 30))
    >>> is_next(first, next_period(first)), is_next(first, next_period(next_period(first)))
    (True, False)
    """
    return b.start == a.end + ONE_DAY and same_length(a, b)


def fiscal_year_of(day: date, start_month: int = 7) -> int:
    """The calendar year in which the day's fiscal year began: 2020 for FY 2020-21.

    >>> fiscal_year_of(date(2021, 6, 30)), fiscal_year_of(date(2021, 7, 1))
    (2020, 2021)
    >>> fiscal_year_of(date(2021, 1, 1), start_month=1)
    2021
    """
    return day.year if day.month >= start_month else day.year - 1


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _of_months(first: int, months: int) -> Period:
    last_year, last_month = divmod(first + months - 1, 12)
    return Period(
        date(first // 12, first % 12 + 1, 1),
        date(last_year, last_month + 1, monthrange(last_year, last_month + 1)[1]),
    )


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("A moment needs a time zone.")
    return moment
