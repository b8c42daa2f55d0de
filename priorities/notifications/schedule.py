"""On which days of a round somebody is written to: pure dates.

Every occasion is a day that has come, not a day that must be hit: a run that was left out is made
up for by the next one, and a second run of a day finds nothing new.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from priorities.enums import MailStep

#: Weekly reminders of what is overdue, before they become rarer.
WEEKLY_TIMES = 4
#: And how many weeks lie between them from then on.
LATER_WEEKS = 4

ONE_DAY, ONE_WEEK = dt.timedelta(days=1), dt.timedelta(weeks=1)

#: What a person may do without: the round is still ahead.
EARLY = frozenset({MailStep.OPENING, MailStep.WEEK_BEFORE})
#: What may be switched off altogether.
OPTIONAL = EARLY | {MailStep.SUMMARY}


class Occasion(NamedTuple):
    """A day on which there is something to say, and what."""

    on: dt.date
    step: MailStep


def of_round(*, period_end: dt.date, due_on: dt.date) -> tuple[Occasion, ...]:
    """The occasions of one round before it is overdue.

    The round opens on the day after the period ends, since from then on it can be reported. A
    reminder before a due date that would come no later than the opening is left out.

    >>> days = of_round(period_end=dt.date(2022, 3, 31), due_on=dt.date(2022, 4, 15))
    >>> [(one.on.isoformat(), one.step.value) for one in days]
    [('2022-04-01', 'opening'), ('2022-04-08', 'week_before'), ('2022-04-14', 'day_before')]
    >>> [one.step.value for one in of_round(
    ...     period_end=dt.date(2022, 3, 31), due_on=dt.date(2022, 4, 5))]
    ['opening', 'day_before']
    """
    opening = period_end + ONE_DAY
    before = (
        Occasion(due_on - ONE_WEEK, MailStep.WEEK_BEFORE),
        Occasion(due_on - ONE_DAY, MailStep.DAY_BEFORE),
    )
    later = tuple(one for one in before if one.on > opening)
    return (Occasion(opening, MailStep.OPENING), *later)


def of_silence(due_on: dt.date) -> Iterator[Occasion]:
    """The occasions after a due date, without end: the day after, then weekly, then every month.

    >>> from itertools import islice
    >>> [one.on.isoformat() for one in islice(of_silence(dt.date(2022, 4, 15)), 6)]
    ['2022-04-16', '2022-04-23', '2022-04-30', '2022-05-07', '2022-05-14', '2022-06-11']
    """
    on, weeks = due_on + ONE_DAY, 0
    yield Occasion(on, MailStep.DAY_AFTER)
    while True:
        weeks += 1
        on += ONE_WEEK if weeks <= WEEKLY_TIMES else LATER_WEEKS * ONE_WEEK
        yield Occasion(on, MailStep.WEEKLY)


def newest(
    *, period_end: dt.date, due_on: dt.date, days_overdue: int, day: dt.date, early: bool = True
) -> Occasion | None:
    """The newest occasion of an open item that has come by a day; none if none has yet.

    ``days_overdue`` counts from the oldest report missed: an item may be overdue with an earlier
    period and open with a new one. ``early`` False leaves out what a person may do without.
    """
    come = [
        one
        for one in of_round(period_end=period_end, due_on=due_on)
        if one.on <= day and (early or one.step not in EARLY)
    ]
    if days_overdue:
        come += _until(day, of_silence(day - dt.timedelta(days=days_overdue)))
    return max(come, default=None, key=lambda one: one.on)


def newest_of_offer(offered_on: dt.date, *, day: dt.date) -> Occasion | None:
    """The newest occasion of an offer that nobody has answered: at once, then as of silence."""
    days = _until(day, of_silence(offered_on - ONE_DAY))
    return Occasion(days[-1].on, MailStep.OFFER) if days else None


def newest_of_question(due_on: dt.date, *, day: dt.date) -> Occasion | None:
    """The newest occasion of a question without an answer: a day before it is due, then of silence.

    That it was asked is told at once, in a mail of its own.

    >>> due = dt.date(2022, 5, 1)
    >>> newest_of_question(due, day=dt.date(2022, 4, 29)) is None
    True
    >>> newest_of_question(due, day=dt.date(2022, 5, 1)).on.isoformat()
    '2022-04-30'
    >>> newest_of_question(due, day=dt.date(2022, 5, 12)).on.isoformat()
    '2022-05-09'
    """
    before = [due_on - ONE_DAY] if due_on - ONE_DAY <= day else []
    days = [*before, *(one.on for one in _until(day, of_silence(due_on)))]
    return Occasion(days[-1], MailStep.QUESTION) if days else None


def _until(day: dt.date, occasions: Iterator[Occasion]) -> list[Occasion]:
    """The occasions that have come."""
    come: list[Occasion] = []
    for one in occasions:
        if one.on > day:
            break
        come.append(one)
    return come
