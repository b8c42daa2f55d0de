"""What a person types for a day or a period, and which one it is. Pure: text in, days out."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange

from django.utils.translation import gettext as _

from priorities.assessment.periods import Period, months_of, period_containing
from priorities.enums import Calendar
from priorities.interchange.cells import CellError

#: Spreadsheets count days from here; the two days before 1900 are an error that they all keep.
SERIAL_ZERO = dt.date(1899, 12, 30)
#: Serial numbers that are taken for a day: from 1954 to 2119. Smaller ones look like years.
SERIALS = range(20000, 80000)
YEARS = range(1900, 2200)

_SHORT = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONG: tuple[str, ...] = ("January", "February", "March", "April", "May", "June", "July")
_LONG += ("August", "September", "October", "November", "December")
_MONTHS = {
    name.lower(): number for names in (_SHORT, _LONG) for number, name in enumerate(names, start=1)
} | {"sept": 9}
_DASH = r"\s*(?:to|until|through|\.\.|–|—|/)\s*"
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_DAY_MONTH = re.compile(r"(\d{1,2})\.?[ -]([A-Za-z]{3,9})\.?,?[ -](\d{4})")
_MONTH_DAY = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})")
_SLASHED = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_MONTH = re.compile(r"([A-Za-z]{3,9})\.?[ -](\d{4})|(\d{4})-(\d{1,2})")
_FISCAL = re.compile(r"(?:FY|fiscal year)?\s*(\d{4})\s*[-–/]\s*(\d{2}|\d{4})", re.IGNORECASE)
_QUARTER = re.compile(r"(?:Q([1-4])[ -]?|(\d{4})[ -]?Q([1-4])$)(\d{4})?", re.IGNORECASE)
_FISCAL_QUARTER = re.compile(r"Q([1-4])[ ,-]*FY\s*(\d{4})\s*[-–/]\s*(\d{2}|\d{4})", re.IGNORECASE)


def parse_day(text: str) -> dt.date | None:
    """The day in a cell; None for a blank one.

    >>> parse_day("30 Jun 2022") == parse_day("2022-06-30") == parse_day("June 30, 2022")
    True
    >>> parse_day("6/30/2022").isoformat(), parse_day("30.06.2022").isoformat()
    ('2022-06-30', '2022-06-30')
    >>> parse_day("44562").isoformat(), parse_day("44562.0").isoformat(), parse_day(" ")
    ('2022-01-01', '2022-01-01', None)

    Errors: ``CellError`` for no day, and for one that is read in two ways.

    >>> parse_day("03/04/2022")
    Traceback (most recent call last):
    ...
    priorities.interchange.cells.CellError: “03/04/2022” is 3 April or 4 March. Write 2022-04-03 ...
    >>> parse_day("2022-02-30")
    Traceback (most recent call last):
    ...
    priorities.interchange.cells.CellError: “2022-02-30” is not a day. Write it like 2022-06-30.
    """
    shown = text.strip()
    if not shown:
        return None
    if serial := _serial(shown):
        return serial
    if found := _ISO.fullmatch(shown):
        return _day(shown, int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_MONTH.fullmatch(shown):
        return _day(shown, int(found[3]), _MONTHS.get(found[2].lower(), 0), int(found[1]))
    if found := _MONTH_DAY.fullmatch(shown):
        return _day(shown, int(found[3]), _MONTHS.get(found[1].lower(), 0), int(found[2]))
    if found := _SLASHED.fullmatch(shown):
        return _slashed(shown, int(found[1]), int(found[2]), int(found[3]))
    raise _no_day(shown)


def _serial(text: str) -> dt.date | None:
    """The day that a spreadsheet's number stands for."""
    if re.fullmatch(r"\d{5}(?:\.0+)?", text) and int(text[:5]) in SERIALS:
        return SERIAL_ZERO + dt.timedelta(days=int(text[:5]))
    return None


def _slashed(shown: str, first: int, second: int, year: int) -> dt.date:
    """A day in figures: which is the month shows only when one of them cannot be."""
    if first == second or first > 12:
        return _day(shown, year, second, first)
    if second > 12:
        return _day(shown, year, first, second)
    raise CellError(
        _("“%(text)s” is %(a)s or %(b)s. Write %(iso_a)s or %(iso_b)s.")
        % {
            "text": shown,
            "a": f"{first} {_LONG[second - 1]}",
            "b": f"{second} {_LONG[first - 1]}",
            "iso_a": f"{year}-{second:02}-{first:02}",
            "iso_b": f"{year}-{first:02}-{second:02}",
        }
    )


def _day(shown: str, year: int, month: int, day: int) -> dt.date:
    try:
        found = dt.date(year, month, day)
    except ValueError:
        raise _no_day(shown) from None
    if found.year not in YEARS:
        raise _no_day(shown)
    return found


def _no_day(shown: str) -> CellError:
    return CellError(_("“%(text)s” is not a day. Write it like 2022-06-30.") % {"text": shown[:60]})


def parse_period(text: str, calendar: Calendar, *, fiscal_start_month: int = 7) -> Period | None:
    """The period in a cell, of a metric with that calendar; None for a blank one.

    A fiscal year, a year, a quarter, a month by its name; a day stands for the period that ends on
    it; anything else by its first and last day.

    >>> def read(text, calendar=Calendar.FISCAL_YEAR):
    ...     period = parse_period(text, calendar)
    ...     return f"{period.start} {period.end}"
    >>> read("FY 2021-22"), read("2021-22"), read("2022-06-30"), read("44742")
    ('2021-07-01 2022-06-30', '2021-07-01 2022-06-30', '2021-07-01 2022-06-30', '2021-07-01 ...')
    >>> read("2022", Calendar.CALENDAR_YEAR), read("Q2 2022", Calendar.QUARTER)
    ('2022-01-01 2022-12-31', '2022-04-01 2022-06-30')
    >>> read("Q1 FY 2021-22", Calendar.QUARTER), read("2022-Q2", Calendar.QUARTER)
    ('2021-07-01 2021-09-30', '2022-04-01 2022-06-30')
    >>> read("Jun 2022", Calendar.MONTH), read("2022-06", Calendar.MONTH)
    ('2022-06-01 2022-06-30', '2022-06-01 2022-06-30')
    >>> read("2022-01-03 to 2022-02-10", Calendar.IRREGULAR), read("Jan 2022 – Dec 2023")
    ('2022-01-03 2022-02-10', '2022-01-01 2023-12-31')

    Errors: ``CellError`` for what names no period or a year far off, for a day on which none of
    the metric ends, and for a year alone where fiscal years are meant.

    >>> read("0000-01", Calendar.QUARTER)
    Traceback (most recent call last):
    ...
    priorities.interchange.cells.CellError: “0000-01” is not a day. Write it like 2022-06-30.

    >>> read("2022")
    Traceback (most recent call last):
    ...
    priorities.interchange.cells.CellError: “2022” could be FY 2021-22 or FY 2022-23. Write one ...
    >>> read("2022-06-15", Calendar.MONTH)
    Traceback (most recent call last):
    ...
    priorities.interchange.cells.CellError: No period of this metric ends on 2022-06-15; the one ...
    """
    shown = " ".join(text.split())
    if not shown:
        return None
    try:
        whole = _named(shown, calendar, fiscal_start_month) or _from_to(shown, fiscal_start_month)
    except CellError:
        raise
    except ValueError:  # a year that no calendar has
        raise _no_day(shown) from None
    if whole is not None:
        if whole.start.year not in YEARS or whole.end.year not in YEARS:
            raise _no_day(shown)
        return whole
    day = parse_day(shown) if _serial(shown) or not _looks_like_no_day(shown) else None
    if day is None:
        message = _("“%(text)s” names no period. Write it like %(example)s.")
        raise CellError(message % {"text": shown[:60], "example": EXAMPLES[calendar]})
    period = period_containing(day, calendar, fiscal_start_month=fiscal_start_month)
    if period is None:
        return Period(day, day)
    if period.end != day:
        message = _("No period of this metric ends on %(day)s; the one around it ends on %(end)s.")
        raise CellError(message % {"day": day.isoformat(), "end": period.end.isoformat()})
    return period


#: How the periods of each calendar are written.
EXAMPLES = {
    Calendar.FISCAL_YEAR: "FY 2021-22",
    Calendar.CALENDAR_YEAR: "2022",
    Calendar.QUARTER: "Q2 2022",
    Calendar.MONTH: "Jun 2022",
    Calendar.IRREGULAR: "2022-06-30",
}


def _looks_like_no_day(shown: str) -> bool:
    try:
        return parse_day(shown) is None
    except CellError as error:
        if _SLASHED.fullmatch(shown) or _ISO.fullmatch(shown):
            raise error
        return True


def _named(shown: str, calendar: Calendar, fiscal_start_month: int) -> Period | None:
    """A period by its name."""
    if found := _FISCAL_QUARTER.fullmatch(shown):
        start = _fiscal_start(shown, found[2], found[3], fiscal_start_month)
        return _months(start, 3 * (int(found[1]) - 1), 3)
    if found := _QUARTER.fullmatch(shown):
        year = found[4] or found[2]
        quarter = found[1] or found[3]
        return _months(dt.date(int(year), 1, 1), 3 * (int(quarter) - 1), 3) if year else None
    if (found := _MONTH.fullmatch(shown)) and (period := _month(found, calendar)):
        return period
    if found := _FISCAL.fullmatch(shown):
        return _months(_fiscal_start(shown, found[1], found[2], fiscal_start_month), 0, 12)
    if re.fullmatch(r"\d{4}(?:\.0)?", shown) and int(shown[:4]) in YEARS:
        return _year(shown, calendar)
    return None


def _month(found: re.Match[str], calendar: Calendar) -> Period | None:
    """A month; for a metric by quarter or year no period, unless it says so."""
    year = int(found[2] or found[3])
    month = _MONTHS.get(found[1].lower(), 0) if found[1] else int(found[4])
    fiscal = calendar is Calendar.FISCAL_YEAR and not found[1] and int(found[4]) == (year + 1) % 100
    if not 1 <= month <= 12 or fiscal:
        return None
    return _months(dt.date(year, month, 1), 0, 1)


def _year(shown: str, calendar: Calendar) -> Period:
    year = int(shown[:4])
    if calendar is Calendar.FISCAL_YEAR:
        names = [f"FY {first}-{(first + 1) % 100:02}" for first in (year - 1, year)]
        message = _("“%(text)s” could be %(a)s or %(b)s. Write one of them.")
        raise CellError(message % {"text": shown, "a": names[0], "b": names[1]})
    return Period(dt.date(year, 1, 1), dt.date(year, 12, 31))


def _fiscal_start(shown: str, first: str, second: str, month: int) -> dt.date:
    """The first day of a fiscal year that names the two years it touches."""
    if int(second) % 100 != (int(first) + 1) % 100 or int(first) not in YEARS:
        message = _("“%(text)s” is not a fiscal year. Write it like FY 2021-22.")
        raise CellError(message % {"text": shown[:60]})
    return dt.date(int(first), month, 1)


def _months(start: dt.date, skip: int, count: int) -> Period:
    """Whole months from some months after a day."""
    first = start.year * 12 + start.month - 1 + skip
    last_year, last_month = divmod(first + count - 1, 12)
    last = monthrange(last_year, last_month + 1)[1]
    return Period(dt.date(first // 12, first % 12 + 1, 1), dt.date(last_year, last_month + 1, last))


def _from_to(shown: str, fiscal_start_month: int) -> Period | None:
    """A period by its first and last day, or month."""
    parts = re.split(_DASH, shown)
    if len(parts) != 2 or _SLASHED.fullmatch(shown):
        return None
    ends: list[Period] = []
    for part in parts:
        if found := _MONTH.fullmatch(part):
            ends.append(_month(found, Calendar.MONTH) or Period(dt.date.min, dt.date.min))
        elif (day := parse_day(part)) is not None:
            ends.append(Period(day, day))
        else:
            return None
    if ends[0].start > ends[1].end or dt.date.min in (ends[0].start, ends[1].start):
        raise CellError(_("“%(text)s”: the period ends before it starts.") % {"text": shown[:60]})
    return Period(ends[0].start, ends[1].end)


def show_period(period: Period, calendar: Calendar, *, fiscal_start_month: int = 7) -> str:
    """A period as ``parse_period`` reads it back, whatever the calendar of its metric.

    >>> year = Period(dt.date(2021, 7, 1), dt.date(2022, 6, 30))
    >>> show_period(year, Calendar.FISCAL_YEAR)
    'FY 2021-22'
    >>> show_period(Period(dt.date(2022, 4, 1), dt.date(2022, 6, 30)), Calendar.QUARTER)
    'Q2 2022'
    >>> show_period(Period(dt.date(2022, 6, 1), dt.date(2022, 6, 30)), Calendar.QUARTER)
    'Jun 2022'
    >>> show_period(Period(dt.date(2022, 1, 1), dt.date(2022, 12, 31)), Calendar.FISCAL_YEAR)
    '2022-01-01 to 2022-12-31'
    """
    months, start = months_of(period), period.start
    if calendar is Calendar.IRREGULAR and period.end == start:
        return start.isoformat()
    if months == 12 and start.month == fiscal_start_month and start.month != 1:
        return f"FY {start.year}-{(start.year + 1) % 100:02}"
    if months == 12 and start.month == 1 and calendar is not Calendar.FISCAL_YEAR:
        return str(start.year)
    if months == 3 and start.month % 3 == 1:
        return f"Q{start.month // 3 + 1} {start.year}"
    if months == 1:
        return (
            f"{next(n for n, at in _MONTHS.items() if at == start.month).capitalize()} {start.year}"
        )
    return f"{period.start.isoformat()} to {period.end.isoformat()}"
