"""The steps of the demonstration in the order in which the public learned of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import groupby
from zoneinfo import ZoneInfo

#: The day's first step is entered at nine in the morning, each further one a little later.
FIRST_OF_DAY = dt.time(9)
BETWEEN_STEPS = dt.timedelta(seconds=20)


class Rank(IntEnum):
    """Which step of a day comes first: nothing may refer to what is not there yet."""

    ORGANIZATION = 1
    DIVISION = 2
    PERSON = 3
    METRIC = 4
    PLAN = 5
    PRIORITY = 6
    INITIATIVE = 7
    LINK = 8
    WORDING = 9
    PERIOD = 10
    MILESTONE = 11
    BUDGET = 12
    BASELINE = 13
    TARGET = 14
    OBSERVATION = 15
    ASSIGNMENT = 16
    UPDATE = 17
    MILESTONE_CHANGE = 18
    REVIEW = 19
    CLOSING = 20


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """One write and the day on which it was made public."""

    on: dt.date
    rank: Rank
    number: int
    write: Callable[[dt.datetime], object] = field(compare=False)


class Timeline:
    """Collects steps and gives each its moment."""

    def __init__(self, time_zone: ZoneInfo) -> None:
        self.time_zone = time_zone
        self._steps: list[Step] = []

    def add(self, on: dt.date, rank: Rank, write: Callable[[dt.datetime], object]) -> None:
        """Note a write for a day; steps of one day and rank keep the order of their adding."""
        self._steps.append(Step(on, rank, len(self._steps), write))

    def until(self, last: dt.date) -> Iterator[tuple[dt.datetime, Step]]:
        """The steps up to a day, each with its moment in the agency's time zone."""
        for day, steps in groupby(sorted(self._steps), key=lambda step: step.on):
            if day > last:
                return
            first = dt.datetime.combine(day, FIRST_OF_DAY, self.time_zone)
            for number, step in enumerate(steps):
                yield first + number * BETWEEN_STEPS, step
