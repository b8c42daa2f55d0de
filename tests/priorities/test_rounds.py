"""The time of a round: from the first opening to the last save, pauses left out."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from priorities.actions.rounds import IDLE, note_activity
from priorities.models import RoundTiming
from priorities.queries.rounds import RoundTimes, last_round_seconds, round_times
from tests import factories as make

pytestmark = pytest.mark.django_db

ROUND, NEXT = dt.date(2022, 3, 31), dt.date(2022, 6, 30)
NOW = make.at(2022, 4, 5)


def after(**gap: float) -> dt.datetime:
    return NOW + dt.timedelta(**gap)


def act(
    person: User, *signs: tuple[dt.datetime, bool], period_end: dt.date = ROUND
) -> tuple[int, int, int]:
    """What is measured after some signs of life, each with whether it saved."""
    for moment, saved in signs:
        row = note_activity(person=person, period_end=period_end, saved=saved, now=moment)
    return row.active_seconds, row.counted_seconds, row.saves


def test_it_is_counted_from_the_opening_to_the_last_save() -> None:
    signs = [(NOW, False), (after(seconds=40), False), (after(seconds=90), True)]
    assert act(make.person(), *signs, (after(seconds=120), False)) == (120, 90, 1)


def test_a_pause_is_left_out() -> None:
    at_once = (NOW, False), (NOW + IDLE, True)
    assert act(make.person(), *at_once) == (300, 300, 1)
    later = NOW + IDLE + dt.timedelta(seconds=1)
    assert act(make.person(), (NOW, False), (later, False), (later, True)) == (0, 0, 1)


def test_a_clock_that_runs_back_counts_nothing() -> None:
    assert act(make.person(), (NOW, False), (after(seconds=-30), True)) == (0, 0, 1)


def test_one_sees_the_last_round_with_a_save_before_this_one() -> None:
    person = make.person()
    act(person, (NOW, False))
    assert last_round_seconds(person=person, before=NEXT) is None
    act(person, (after(seconds=170), True))
    act(make.person(), (NOW, False), (after(seconds=20), True))
    assert last_round_seconds(person=person, before=ROUND) is None
    assert last_round_seconds(person=person, before=NEXT) == 170


def test_the_median_names_nobody_and_is_silent_under_three() -> None:
    for seconds in (60, 200):
        act(make.person(), (NOW, False), (after(seconds=seconds), True))
    act(make.person(), (NOW, False))
    assert round_times(period_end=ROUND) is None
    act(make.person(), (NOW, False), (after(seconds=100), True))
    assert round_times(period_end=ROUND) == RoundTimes(median_seconds=100, people=3)
    assert round_times(period_end=NEXT) is None


def test_a_round_is_measured_once_and_a_save_has_its_moment() -> None:
    person = make.person()
    act(person, (NOW, False))
    moments = {"opened_at": NOW, "active_at": NOW}
    with pytest.raises(ValidationError, match="measured already"):
        RoundTiming(person=person, period_end=ROUND, **moments).full_clean()
    with pytest.raises(ValidationError, match="has its moment"):
        RoundTiming(person=person, period_end=NEXT, saves=1, **moments).full_clean()
