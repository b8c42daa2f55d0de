"""Two dates in an address, ``?from=2022-03-31&to=2022-06-30``: read, or refused."""

from __future__ import annotations

import datetime as dt

from dashboards.pages import words
from dashboards.visit import BadQuestion, Visit
from priorities.assessment.periods import AsOf
from priorities.saying import gettext as _


def later_end(visit: Visit) -> AsOf:
    """The moment that ``to`` names; without it that which the page speaks from."""
    asked = asked_day(visit, "to")
    if asked is None or asked == visit.as_of.day:
        return visit.as_of
    if asked > visit.as_of.day:
        raise BadQuestion(
            _("%(asked)s is after %(day)s, the day that this page speaks from.")
            % {"asked": words.day(asked), "day": words.day(visit.as_of.day)}
        )
    return AsOf.end_of(asked, visit.tz)


def earlier_end(visit: Visit, first: dt.date, until: AsOf) -> AsOf:
    """The end of the first day, which does not lie after the second."""
    if first > until.day:
        raise BadQuestion(
            _("The first date, %(first)s, is after the second, %(last)s. Exchange them.")
            % {"first": words.day(first), "last": words.day(until.day)}
        )
    return until if first == until.day else AsOf.end_of(first, visit.tz)


def asked_day(visit: Visit, name: str) -> dt.date | None:
    """A date in the address; None without one."""
    text = visit.query.get(name, "").strip()
    if not text:
        return None
    try:
        if len(text) != len("2022-06-30"):
            raise ValueError
        day = dt.date.fromisoformat(text)
        if day.year < 1900:
            raise ValueError
    except ValueError:
        raise BadQuestion(
            _("“%(asked)s” is not a date. Write it as year-month-day, for example 2022-06-30.")
            % {"asked": text[:40]}
        ) from None
    return day
