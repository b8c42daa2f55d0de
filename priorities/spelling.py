"""How the portal spells dates, periods and numbers, to the public and to staff alike.

Dates read "30 Jun 2022", fiscal years "FY 2021-22". Numbers are written with a comma for thousands
and a point for decimals in every language of the United States.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import ngettext

from priorities.assessment.periods import Period, months_of
from priorities.assessment.questions import QuestionStanding
from priorities.enums import DatePrecision, MetricKind, MissingReason, QuestionState
from priorities.labels import label
from priorities.saying import gettext as _
from priorities.saying import language, pgettext

MINUS = "\u2212"
#: Spaces inside a number and its unit do not break.
TIGHT = "\u00a0"


# ── Dates ────────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=8192)
def _spelled(day: dt.date | dt.datetime, form: str, language: str | None) -> str:
    return str(date_format(day, form))


def _spell(day: dt.date | dt.datetime, form: str) -> str:
    return _spelled(day, form, language())


def day(when: dt.date) -> str:
    """A day in full: "30 Jun 2022"."""
    return _spell(when, pgettext("date", "j M Y"))


def tight(text: str) -> str:
    """A text that stays on one line, for the cell of a table."""
    return text.replace(" ", TIGHT)


def short_day(when: dt.date, *, today: dt.date | None = None) -> str:
    """A day of a list: "30 Jun"; with its year when that is not this year."""
    if today is not None and when.year != today.year:
        return day(when)
    return _spell(when, pgettext("date", "j M"))


def month(when: dt.date) -> str:
    """A month: "Jun 2022"."""
    return _spell(when, pgettext("date", "M Y"))


def moment(when: dt.datetime, tz: ZoneInfo) -> str:
    """A moment in the agency's time zone: "30 Jun 2022, 5:00 p.m."."""
    return _spell(when.astimezone(tz), pgettext("date", "j M Y, g:i a"))


def dated(when: dt.date, precision: str = DatePrecision.DAY) -> str:
    """A date as exact as it is known: "30 Jun 2022", "Jun 2022", "Q2 2022", "2022"."""
    match DatePrecision(precision):
        case DatePrecision.DAY:
            return day(when)
        case DatePrecision.MONTH:
            return month(when)
        case DatePrecision.QUARTER:
            return _("Q%(quarter)s %(year)s") % {
                "quarter": (when.month + 2) // 3,
                "year": when.year,
            }
    return str(when.year)


def days_meant(when: dt.date, precision: str = DatePrecision.DAY) -> tuple[dt.date, dt.date]:
    """The first and the last day that a date of some precision may mean."""
    months = {DatePrecision.MONTH: 1, DatePrecision.QUARTER: 3, DatePrecision.YEAR: 12}.get(
        DatePrecision(precision)
    )
    if months is None:
        return when, when
    first = (when.month - 1) // months * months + 1
    after = dt.date(when.year + (first + months > 12), (first + months - 1) % 12 + 1, 1)
    return dt.date(when.year, first, 1), after - dt.timedelta(days=1)


def fiscal_year(start_year: int) -> str:
    """A fiscal year by the calendar year in which it starts: "FY 2021-22"."""
    return _("FY %(start)s-%(end)s") % {"start": start_year, "end": f"{(start_year + 1) % 100:02}"}


def period(start: dt.date, end: dt.date, *, fiscal_start_month: int = 7) -> str:
    """A period by its usual name: "FY 2021-22", "2022", "Q2 2022", "Jun 2022", "Dec 2019"."""
    if start == end:
        return day(end)
    months = months_of(Period(start, end))
    if months == 12 and start.month == 1:
        return str(start.year)
    if months == 12 and start.month == fiscal_start_month:
        return fiscal_year(start.year)
    if months == 3 and start.month % 3 == 1:
        return dated(end, DatePrecision.QUARTER)
    if months == 1:
        return month(start)
    return span(start, end) if months else f"{day(start)} – {day(end)}"


def span(start: dt.date, end: dt.date) -> str:
    """A stretch of whole months: "Jan 2022 – Dec 2023"."""
    return f"{month(start)} – {month(end)}"


def period_of(when: Any, *, fiscal_start_month: int = 7) -> str:
    """The name of anything that has a start and an end."""
    return period(when.start, when.end, fiscal_start_month=fiscal_start_month)


# ── Numbers ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Unit:
    """What a number counts, and how it is written."""

    kind: MetricKind = MetricKind.COUNT
    decimals: int = 0
    one: str = ""
    many: str = ""
    symbol: str = ""

    @classmethod
    def of(cls, metric: Mapping[str, Any]) -> Unit:
        """The unit of a metric, from its document."""
        return cls(
            MetricKind(metric["kind"]),
            metric["decimals"],
            metric["unit"],
            metric["unit_plural"] or metric["unit"],
            metric["symbol"],
        )

    @property
    def is_clock(self) -> bool:
        """Is it a duration kept in seconds, read as minutes and seconds?"""
        return self.kind == MetricKind.DURATION and self.one.lower() in ("s", "second", "seconds")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number and its unit apart, as a card sets them: ("89", "%"), ("1:42", "min")."""

    value: str
    unit: str = ""


Number = Decimal | int | float

PERCENT, DOLLARS = Unit(MetricKind.PERCENT), Unit(MetricKind.CURRENCY, symbol="$")


def number(value: Number, decimals: int = 0, *, exact: bool = False) -> str:
    """A number with separators: "14,193,095", "99.98", "−2.5".

    ``exact`` adds up to two decimals where rounding would hide the arithmetic: 2.7 stays 2.7.
    """
    value = value if isinstance(value, Decimal) else Decimal(str(value))
    if exact:
        shown = value.quantize(Decimal(1).scaleb(-(decimals + 2)), ROUND_HALF_UP).normalize()
        decimals = max(decimals, -int(shown.as_tuple().exponent))
    rounded = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    text = f"{abs(rounded):,.{decimals}f}"
    return f"{MINUS}{text}" if rounded < 0 else text


def amount(value: Number, unit: Unit, *, exact: bool = False) -> Amount:
    """A value and its unit apart."""
    if unit.is_clock:
        return _clock(value)
    text = number(value, unit.decimals, exact=exact)
    match unit.kind:
        case MetricKind.PERCENT:
            return Amount(text, unit.symbol or "%")
        case MetricKind.CURRENCY:
            symbol = unit.symbol or "$"
            return Amount(f"{MINUS}{symbol}{text[1:]}" if text.startswith(MINUS) else symbol + text)
        case MetricKind.RANK:
            return Amount(_("No. %(rank)s") % {"rank": text})
    # The number decides as it is shown: 0.98 without decimals is "1 incident".
    return Amount(text, unit.symbol or (unit.one if text == "1" else unit.many))


def quantity(value: Number, unit: Unit, *, exact: bool = False) -> str:
    """A value with its unit in a line of text: "89%", "$14,193,095", "1:42 min", "24,000 seats"."""
    parts = amount(value, unit, exact=exact)
    if not parts.unit or parts.unit == "%":
        return parts.value + parts.unit
    return f"{parts.value}{TIGHT}{parts.unit}"


def difference(value: Number, unit: Unit, *, signed: bool = False) -> str:
    """How far two values are apart: percents in points, ranks in places. Signed: "+3 points"."""
    size = value if value >= 0 else -value
    unit_exact = unit.kind != MetricKind.RANK
    match unit.kind:
        case MetricKind.PERCENT:
            text = _counted(size, unit, ngettext("point", "points", 1 if size == 1 else 2))
        case MetricKind.RANK:
            text = _counted(size, unit, ngettext("place", "places", 1 if size == 1 else 2))
        case _:
            text = quantity(size, unit, exact=unit_exact)
    if not signed or value == 0:
        return text
    return f"+{text}" if value > 0 else f"{MINUS}{text}"


def _counted(size: Number, unit: Unit, word: str) -> str:
    return f"{number(size, unit.decimals, exact=True)}{TIGHT}{word}"


def _clock(value: Number) -> Amount:
    """Seconds as minutes and seconds, or as hours, minutes and seconds."""
    seconds = int(Decimal(str(abs(value))).quantize(Decimal(1), ROUND_HALF_UP))
    sign = MINUS if value < 0 and seconds else ""
    minutes, rest = divmod(seconds, 60)
    if minutes < 60:
        return Amount(f"{sign}{minutes}:{rest:02}", pgettext("minutes", "min"))
    return Amount(f"{sign}{minutes // 60}:{minutes % 60:02}:{rest:02}", pgettext("hours", "h"))


def dollars(value: Number) -> str:
    """An amount of money, with cents only where there are any: "$14,193,095"."""
    cents = Decimal(str(value)) % 1 != 0
    return quantity(value, Unit(MetricKind.CURRENCY, 2 if cents else 0, symbol="$"))


def count(value: int) -> str:
    """A whole number with separators."""
    return f"{value:,}"


def counted_days(days: int) -> str:
    """A number of days: "1 day", "47 days"."""
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": count(days)}


def initiatives_counted(total: int) -> str:
    """A number of initiatives: "24 initiatives"."""
    return ngettext("%(n)s initiative", "%(n)s initiatives", total) % {"n": count(total)}


def metrics_counted(total: int) -> str:
    """A number of metrics: "28 metrics"."""
    return ngettext("%(n)s metric", "%(n)s metrics", total) % {"n": count(total)}


def lowered(text: str) -> str:
    """A word inside a sentence: its first letter small."""
    return text[:1].lower() + text[1:]


def joined(parts: Sequence[str]) -> str:
    """Parts of a sentence side by side: "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return _("%(before)s and %(last)s") % {"before": ", ".join(parts[:-1]), "last": parts[-1]}


def missing(reason: MissingReason | str) -> str:
    """Why there is no value: blank is not zero."""
    return label(MissingReason(reason)) if reason else _("No value yet")


# ── Questions ────────────────────────────────────────────────────────────────────────────────

#: The shape of a status mark that stands for a question's state; what was followed up is answered.
QUESTION_TONES = {
    QuestionState.OPEN: "neutral",
    QuestionState.LATE: "overdue",
    QuestionState.ANSWERED: "on_track",
    QuestionState.CONTINUED: "on_track",
    QuestionState.CLOSED: "completed",
}


def question_words(standing: QuestionStanding) -> str:
    """How a question stands, with how late it is: "Late by 3 days", "Answered, 2 days late"."""
    state, days = standing.state, counted_days(standing.days_late)
    if state == QuestionState.LATE:
        return _("Late by %(days)s") % {"days": days}
    if not standing.days_late or state == QuestionState.OPEN:
        return label(state)
    return _("%(state)s, %(days)s late") % {"state": label(state), "days": days}
