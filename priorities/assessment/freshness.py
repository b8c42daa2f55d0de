"""Is an item reported, and if not, since when? (rule 4.2)

Freshness is counted from published facts alone: a recalculation, an edit of wording or an import
of old periods never makes an item fresh. The caller passes the end of the newest period that a
published fact covers; "nothing changed" and a missing value with its reason cover theirs too.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from priorities.assessment.periods import next_period, period_containing
from priorities.enums import Calendar

#: Days after a period's end until its report is due, unless the plan or metric says otherwise.
DEFAULT_GRACE_DAYS = 15


@dataclass(frozen=True, slots=True)
class Window:
    """A period in which a report is expected, and the day by which."""

    start: date
    end: date
    due_on: date


@dataclass(frozen=True, slots=True)
class Freshness:
    """How far an item is reported, judged on one day.

    ``current`` is the newest ended window that was expected of the item, perhaps still within its
    days of grace; ``covered`` says that a fact covers it (False when nothing was expected yet).
    ``overdue_since`` is the due date of the oldest window missed since the last covered one.
    """

    covered: bool
    overdue: bool
    days_overdue: int
    overdue_since: date | None
    last_covered_end: date | None
    current: Window | None
    next_due: date | None
    oldest_missed: Window | None
    newest_missed: Window | None
    missed: int

    @property
    def awaited(self) -> bool:
        """Has a period ended whose report is not there yet, due or not?"""
        return self.current is not None and not self.covered


def windows_for(
    calendar: Calendar,
    *,
    first: date,
    on: date,
    grace_days: int = DEFAULT_GRACE_DAYS,
    fiscal_start_month: int = 7,
) -> tuple[Window, ...]:
    """The windows of a calendar from the one that holds ``first`` to the one running ``on``.

    >>> [w.due_on.isoformat() for w in windows_for(
    ...     Calendar.QUARTER, first=date(2022, 1, 1), on=date(2022, 5, 1))]
    ['2022-04-15', '2022-07-15']
    >>> windows_for(Calendar.IRREGULAR, first=date(2022, 1, 1), on=date(2022, 5, 1))
    ()
    """
    grace = timedelta(days=grace_days)
    period = period_containing(first, calendar, fiscal_start_month=fiscal_start_month)
    windows: list[Window] = []
    while period is not None and period.start <= on:
        windows.append(Window(period.start, period.end, period.end + grace))
        period = next_period(period)
    return tuple(windows)


class Timetable:
    """What is expected when, judged on one day: made once, asked for each of many items.

    >>> table = Timetable(windows_for(Calendar.QUARTER, first=date(2022, 1, 1),
    ...                               on=date(2022, 8, 1)), on=date(2022, 8, 1))
    >>> table.freshness(date(2022, 6, 30)).covered
    True
    """

    __slots__ = ("_answers", "_due", "_due_ends", "_ended", "_open", "on")

    def __init__(self, windows: Iterable[Window], *, on: date) -> None:
        ordered = sorted(windows, key=lambda window: window.end)
        self.on = on
        self._ended = [window for window in ordered if window.end < on]
        self._due = [window for window in ordered if window.due_on < on]
        self._due_ends = [window.end for window in self._due]
        self._open = [window for window in ordered if window.due_on >= on]
        # Items of one plan fall into few cases; ten thousand of them share a few answers.
        self._answers: dict[tuple[date | None, date | None], Freshness] = {}

    def freshness(
        self, last_covered_end: date | None, expected_from: date | None = None
    ) -> Freshness:
        """How fresh an item is whose newest published fact covers up to a day (None: none yet).

        Of an item that begins after a window's end nothing is expected for that window.
        """
        key = (last_covered_end, expected_from)
        answer = self._answers.get(key)
        if answer is None:
            answer = self._answers[key] = self._judge(last_covered_end, expected_from)
        return answer

    def _judge(self, covered: date | None, expected_from: date | None) -> Freshness:
        first = 0 if expected_from is None else bisect_left(self._due_ends, expected_from)
        if covered is not None:
            first = max(first, bisect_right(self._due_ends, covered))
        missed = self._due[first:]
        oldest = missed[0] if missed else None
        current = _newest_expected(self._ended, expected_from)
        return Freshness(
            covered=current is not None and covered is not None and covered >= current.end,
            overdue=oldest is not None,
            days_overdue=0 if oldest is None else (self.on - oldest.due_on).days,
            overdue_since=None if oldest is None else oldest.due_on,
            last_covered_end=covered,
            current=current,
            next_due=self._next_due(covered, expected_from),
            oldest_missed=oldest,
            newest_missed=missed[-1] if missed else None,
            missed=len(missed),
        )

    def _next_due(self, covered: date | None, expected_from: date | None) -> date | None:
        for window in self._open:
            expected = expected_from is None or window.end >= expected_from
            if expected and (covered is None or window.end > covered):
                return window.due_on
        return None


def freshness(
    windows: Iterable[Window],
    *,
    last_covered_end: date | None,
    on: date,
    expected_from: date | None = None,
) -> Freshness:
    """How fresh one item is on a day; for many items of one plan make a Timetable instead.

    Overdue: the newest window whose due date is past is covered by no fact of that window or a
    later one. The days count from the due date of the oldest window missed since the last covered
    one, because silence is measured from its start.

    >>> windows = windows_for(Calendar.QUARTER, first=date(2022, 1, 1), on=date(2022, 11, 1))
    >>> late = freshness(windows, last_covered_end=date(2022, 3, 31), on=date(2022, 11, 1))
    >>> late.overdue, late.overdue_since.isoformat(), late.days_overdue, late.missed
    (True, '2022-07-15', 109, 2)

    On the due date itself nothing is late yet, and no window at all (irregular) never is:

    >>> freshness(windows, last_covered_end=date(2022, 3, 31), on=date(2022, 7, 15)).overdue
    False
    >>> freshness((), last_covered_end=None, on=date(2022, 11, 1)).overdue
    False
    """
    return Timetable(windows, on=on).freshness(last_covered_end, expected_from)


def _newest_expected(ended: Sequence[Window], expected_from: date | None) -> Window | None:
    if not ended or (expected_from is not None and ended[-1].end < expected_from):
        return None
    return ended[-1]
