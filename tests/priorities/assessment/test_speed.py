"""The rules are cheap: a whole large plan is rated in a blink."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from time import process_time

import pytest

from priorities.assessment.freshness import Timetable, windows_for
from priorities.assessment.initiative_status import Reported, initiative_state
from priorities.assessment.metric_status import (
    BaselinePoint,
    Observed,
    TargetLine,
    rate_metric,
)
from priorities.assessment.rollup import rollup
from priorities.enums import Calendar, Direction, Health, Lifecycle

TODAY = date(2023, 7, 20)
ENDS = [date(2022, 12, 31), date(2023, 3, 31), date(2023, 6, 30)]


def rate_all() -> None:
    """10,000 initiatives and 1,000 metrics, freshness included."""
    windows = windows_for(Calendar.QUARTER, first=date(2022, 1, 1), on=TODAY)
    table = Timetable(windows, on=TODAY)
    reported = Reported(Lifecycle.IN_PROGRESS, Health.ON_TRACK)
    rollup(initiative_state(reported, table.freshness(ENDS[n % 3])).state for n in range(10_000))
    figure = Observed(date(2022, 7, 1), date(2023, 6, 30), Decimal(89))
    targets = [
        TargetLine(date(year, 7, 1), date(year + 1, 6, 30), Decimal(90))
        for year in range(2018, 2023)
    ]
    baseline = BaselinePoint(date(2013, 6, 30), Decimal(63))
    for n in range(1_000):
        rate_metric(
            direction=Direction.INCREASE,
            observation=figure,
            targets=targets,
            baseline=baseline,
            freshness=table.freshness(ENDS[n % 3]),
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that nothing was worked out for."""

    state: str
    days: int
    on: date
    reported: Reported | None


def answer_all() -> None:
    """As many answers as there are items, written down unjudged: the measure of this machine."""
    for n in range(11_000):
        Answer("on_track", n, TODAY, None)


def best_of(run: Callable[[], None]) -> float:
    """The least seconds of processor time of several runs: the work, undisturbed."""
    seconds = []
    for _ in range(7):
        began = process_time()
        run()
        seconds.append(process_time() - began)
    return min(seconds)


@pytest.mark.alone
def test_rating_a_large_plan_costs_little_more_than_writing_the_answers_down() -> None:
    """Twenty milliseconds on two idle cores; a ratio, because no machine is always idle."""
    assert best_of(rate_all) < 8 * best_of(answer_all)
