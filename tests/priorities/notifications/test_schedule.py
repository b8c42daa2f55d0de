"""Each reminder day as a table: what is said when, and what is made up for."""

from __future__ import annotations

import datetime as dt
import doctest
from itertools import islice, pairwise

import pytest

from priorities.enums import MailStep
from priorities.notifications import links, schedule
from priorities.notifications.schedule import newest, newest_of_offer, of_silence

END, DUE = dt.date(2022, 3, 31), dt.date(2022, 4, 15)

#: Day → what a round of one item, never reported on, brings for the first time on that day.
ROUND = {
    "2022-04-01": "opening",
    "2022-04-08": "week_before",
    "2022-04-14": "day_before",
    "2022-04-16": "day_after",
    "2022-04-23": "weekly",
    "2022-04-30": "weekly",
    "2022-05-07": "weekly",
    "2022-05-14": "weekly",
    "2022-06-11": "weekly",
    "2022-07-09": "weekly",
}


def said_on(day: dt.date, due: dt.date = DUE, end: dt.date = END, *, early: bool = True) -> str:
    """The occasion that comes on a day itself; empty when none does."""
    overdue = max((day - due).days, 0)
    one = newest(period_end=end, due_on=due, days_overdue=overdue, day=day, early=early)
    return one.step.value if one and one.on == day else ""


def test_a_round_day_by_day() -> None:
    days = [END + dt.timedelta(days=n) for n in range(-10, 110)]
    assert {str(day): said_on(day) for day in days if said_on(day)} == ROUND


def test_without_what_is_early_the_rest_stays() -> None:
    days = [END + dt.timedelta(days=n) for n in range(-10, 40)]
    said = [said_on(day, early=False) for day in days if said_on(day, early=False)]
    assert said == ["day_before", "day_after", "weekly", "weekly", "weekly"]


@pytest.mark.parametrize(
    ("grace", "said"),
    [
        # Due days after the period's end → the occasions up to the due date.
        (0, []),
        (1, ["opening"]),
        (2, ["opening"]),
        (3, ["opening", "day_before"]),
        (8, ["opening", "day_before"]),
        (9, ["opening", "week_before", "day_before"]),
    ],
)
def test_a_short_grace_leaves_out_what_comes_too_late(grace: int, said: list[str]) -> None:
    due = END + dt.timedelta(days=grace)
    days = [END + dt.timedelta(days=n) for n in range(-9, grace + 1)]
    assert [said_on(day, due) for day in days if said_on(day, due)] == said


@pytest.mark.parametrize(
    ("day", "step", "on"),
    [
        ("2022-03-31", None, None),  # the period still runs
        ("2022-04-02", "opening", "2022-04-01"),  # a run left out is made up for
        ("2022-04-13", "week_before", "2022-04-08"),
        ("2022-04-15", "day_before", "2022-04-14"),  # on the due date itself nothing is late
        ("2022-04-22", "day_after", "2022-04-16"),
        ("2022-06-10", "weekly", "2022-05-14"),
    ],
)
def test_between_two_occasions_the_former_is_the_newest(
    day: str, step: str | None, on: str | None
) -> None:
    today = dt.date.fromisoformat(day)
    overdue = max((today - DUE).days, 0)
    one = newest(period_end=END, due_on=DUE, days_overdue=overdue, day=today)
    assert (one and one.step.value, one and str(one.on)) == (step, on)


def test_a_new_round_is_told_though_the_last_is_still_missed() -> None:
    """77 days late with one period when the next one ends."""
    end, due = dt.date(2022, 6, 30), dt.date(2022, 7, 15)
    opening = newest(period_end=end, due_on=due, days_overdue=77, day=dt.date(2022, 7, 1))
    assert opening == (dt.date(2022, 7, 1), MailStep.OPENING)
    later = newest(period_end=end, due_on=due, days_overdue=85, day=dt.date(2022, 7, 9))
    assert later == (dt.date(2022, 7, 9), MailStep.WEEKLY)


def test_silence_is_answered_weekly_and_then_every_four_weeks() -> None:
    days = [one.on for one in islice(of_silence(DUE), 8)]
    gaps = [(after - before).days for before, after in pairwise(days)]
    assert gaps == [7, 7, 7, 7, 28, 28, 28]


@pytest.mark.parametrize(
    ("day", "on"),
    [
        ("2022-03-30", None),
        ("2022-03-31", "2022-03-31"),
        ("2022-04-06", "2022-03-31"),
        ("2022-04-07", "2022-04-07"),
        ("2022-05-25", "2022-04-28"),
        ("2022-05-26", "2022-05-26"),
    ],
)
def test_an_offer_is_told_at_once_and_then_as_silence_is(day: str, on: str | None) -> None:
    one = newest_of_offer(END, day=dt.date.fromisoformat(day))
    assert (one and str(one.on)) == on


def test_the_examples_in_the_docstrings_hold() -> None:
    assert [doctest.testmod(module).failed for module in (schedule, links)] == [0, 0]
