"""How the data files write a stretch of time: "2022", "2022-Q3", "2022-10", "FY 2021-22", a day."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from dataclasses import dataclass

from priorities.enums import DatePrecision

FISCAL_YEAR = re.compile(r"FY (\d{4})-(\d{2})")
QUARTER = re.compile(r"(\d{4})-Q([1-4])")
MONTH = re.compile(r"(\d{4})-(\d{2})")
YEAR = re.compile(r"(\d{4})")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of days and how exactly it was given."""

    start: dt.date
    end: dt.date
    precision: DatePrecision


def parse_span(text: str) -> Span:
    """The days that a notation stands for. Fiscal years begin on 1 July.

    >>> parse_span("FY 2020-21").start, parse_span("FY 2020-21").end
    (datetime.date(2020, 7, 1), datetime.date(2021, 6, 30))
    >>> parse_span("2022-Q3").end, parse_span("2022-02").end, parse_span("2022").start
    (datetime.date(2022, 9, 30), datetime.date(2022, 2, 28), datetime.date(2022, 1, 1))
    >>> parse_span("2022-10-12").precision.value
    'day'
    >>> parse_span("FY 2020-22")
    Traceback (most recent call last):
        ...
    ValueError: A fiscal year is written "FY 2020-21", not 'FY 2020-22'.
    """
    if match := FISCAL_YEAR.fullmatch(text):
        first = int(match[1])
        if (first + 1) % 100 != int(match[2]):
            raise ValueError(f'A fiscal year is written "FY 2020-21", not {text!r}.')
        return Span(dt.date(first, 7, 1), dt.date(first + 1, 6, 30), DatePrecision.YEAR)
    if match := QUARTER.fullmatch(text):
        return _months(int(match[1]), 3 * int(match[2]) - 2, 3, DatePrecision.QUARTER)
    if match := MONTH.fullmatch(text):
        return _months(int(match[1]), int(match[2]), 1, DatePrecision.MONTH)
    if match := YEAR.fullmatch(text):
        return _months(int(match[1]), 1, 12, DatePrecision.YEAR)
    day = dt.date.fromisoformat(text)
    return Span(day, day, DatePrecision.DAY)


def _months(year: int, first: int, count: int, precision: DatePrecision) -> Span:
    last = first + count - 1
    end = dt.date(year, last, monthrange(year, last)[1])
    return Span(dt.date(year, first, 1), end, precision)
