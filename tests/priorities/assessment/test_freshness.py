"""Freshness: who is silent, and since when."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from priorities.assessment.freshness import Freshness, Timetable, freshness, windows_for
from priorities.enums import Calendar

FIRST = date(2022, 1, 1)


def judged(on: date, covered: date | None, expected_from: date | None = None) -> Freshness:
    windows = windows_for(Calendar.QUARTER, first=FIRST, on=on)
    return freshness(windows, last_covered_end=covered, on=on, expected_from=expected_from)


def test_nothing_is_late_until_the_due_date_is_past() -> None:
    due = judged(date(2022, 4, 15), None)
    assert (due.overdue, due.awaited, due.next_due) == (False, True, date(2022, 4, 15))
    late = judged(date(2022, 4, 16), None)
    assert (late.overdue, late.days_overdue, late.overdue_since) == (True, 1, date(2022, 4, 15))


def test_days_count_from_the_oldest_window_missed() -> None:
    late = judged(date(2023, 7, 7), date(2022, 9, 30))
    assert late.oldest_missed is not None
    assert late.newest_missed is not None
    assert late.oldest_missed.end == date(2022, 12, 31)
    assert late.newest_missed.end == date(2023, 3, 31)
    assert late.missed == 2
    assert late.days_overdue == (date(2023, 7, 7) - date(2023, 1, 15)).days


def test_a_later_fact_covers_the_windows_before_it() -> None:
    fresh = judged(date(2023, 7, 7), date(2023, 6, 30))
    assert (fresh.covered, fresh.overdue, fresh.missed) == (True, False, 0)
    assert fresh.next_due == date(2023, 10, 15)


def test_within_grace_the_newest_window_is_awaited() -> None:
    waiting = judged(date(2023, 7, 7), date(2023, 3, 31))
    assert waiting.current is not None
    assert waiting.current.end == date(2023, 6, 30)
    assert (waiting.covered, waiting.awaited, waiting.overdue) == (False, True, False)
    assert waiting.next_due == date(2023, 7, 15)


def test_nothing_is_expected_of_what_begins_later() -> None:
    later = judged(date(2022, 8, 1), None, expected_from=date(2022, 7, 1))
    assert (later.overdue, later.current, later.next_due) == (False, None, date(2022, 10, 15))
    begun = judged(date(2022, 8, 1), None, expected_from=date(2022, 6, 30))
    assert begun.overdue_since == date(2022, 7, 15)


def test_no_window_at_all_is_never_overdue() -> None:
    silent = freshness((), last_covered_end=None, on=date(2099, 1, 1))
    assert (silent.overdue, silent.covered, silent.current, silent.next_due) == (
        False,
        False,
        None,
        None,
    )


days = st.dates(FIRST, date(2027, 12, 31))


@given(days, st.none() | days, st.none() | days)
def test_a_newer_fact_never_makes_an_item_less_fresh(
    on: date, covered: date | None, expected_from: date | None
) -> None:
    before = judged(on, covered, expected_from)
    after = judged(on, (covered or FIRST) + timedelta(days=100), expected_from)
    assert after.days_overdue <= before.days_overdue
    assert after.missed <= before.missed


@given(days, st.none() | days)
def test_silence_only_grows(on: date, covered: date | None) -> None:
    assert judged(on, covered).days_overdue <= judged(on + timedelta(1), covered).days_overdue


@given(days, st.none() | days, st.none() | days)
def test_overdue_is_the_newest_due_window_uncovered(
    on: date, covered: date | None, expected_from: date | None
) -> None:
    due = [
        window
        for window in windows_for(Calendar.QUARTER, first=FIRST, on=on)
        if window.due_on < on and (expected_from is None or window.end >= expected_from)
    ]
    uncovered = bool(due) and (covered is None or covered < due[-1].end)
    assert judged(on, covered, expected_from).overdue is uncovered


def test_a_timetable_gives_equal_items_the_same_answer() -> None:
    table = Timetable(
        windows_for(Calendar.QUARTER, first=FIRST, on=date(2023, 1, 1)), on=date(2023, 1, 1)
    )
    assert table.freshness(date(2022, 3, 31)) is table.freshness(date(2022, 3, 31))
