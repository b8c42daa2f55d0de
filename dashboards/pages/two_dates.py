"""Two dates in an address, ``?from=2022-03-31&to=2022-06-30``: read, or refused."""

from __future__ import annotations

import datetime as dt
import re

from dashboards.pages import words
from dashboards.visit import BadQuestion, Visit
from priorities.assessment.periods import AsOf
from priorities.saying import gettext as _

#: A date from 1900 to 2999. Python reads more forms, such as that of a week.
DAY = re.compile(r"(19|2\d)\d{2}-\d{2}-\d{2}", re.ASCII)


def later_end(visit: Visit) -> AsOf:
    """The moment that ``to`` names; without it that which the page speaks from."""
    asked = asked_day(visit, "to")
    if asked is None or asked == visit.as_of.day:
        return visit.as_of
    if asked > visit.as_of.day:
        raise BadQuestion(
            _(
                "%(asked)s is after %(day)s, the day that this page speaks from. Choose an earlier "
                "second date."
            )
            % {"asked": words.day(asked), "day": words.day(visit.as_of.day)}
        )
    return AsOf.end_of(asked, visit.tz)


def in_order(first: dt.date, until: AsOf) -> None:
    """Refuse two dates that run backward."""
    if first > until.day:
        raise BadQuestion(
            _("The first date, %(first)s, is after the second, %(last)s. Exchange them.")
            % {"first": words.day(first), "last": words.day(until.day)}
        )


def earlier_end(visit: Visit, first: dt.date, until: AsOf) -> AsOf:
    """The end of the first day, which does not lie after the second."""
    in_order(first, until)
    return until if first == until.day else AsOf.end_of(first, visit.tz)


def asked_day(visit: Visit, name: str) -> dt.date | None:
    """A date in the address; None without one."""
    text = visit.query.get(name, "").strip()
    if not text:
        return None
    try:
        if not DAY.fullmatch(text):
            raise ValueError
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise BadQuestion(
            _("“%(asked)s” is not a date. Write it as year-month-day, for example 2022-06-30.")
            % {"asked": text[:40]}
        ) from None
    return day
