"""What a milestone timeline is given: dates with their precision, and words already prepared."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class MilestoneState(StrEnum):
    """How a milestone stands; each has a shape of its own, but for the two that will not come."""

    DONE = "done"
    LATE = "late"
    PLANNED = "planned"
    DROPPED = "dropped"
    NOT_DONE = "not_done"


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A date as exact as it is known: the first and the last day it may mean, and its words.

    "Q3 2022" is first 1 Jul 2022, last 30 Sep 2022.
    """

    first: date
    last: date
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """One dated step. ``original`` is given when the due date was moved; ``done`` when it is done.

    ``detail`` is the line under the name, whole: "Due 15 Aug 2023, moved from 30 Jun 2023".
    """

    name: str
    state: MilestoneState
    due: When
    detail: str
    original: When | None = None
    done: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineWords:
    """The words on and under the timeline, already translated."""

    done: str
    late: str
    planned: str
    dropped: str
    not_done: str
    moved: str
    course: str  # "From start to end"
    today: str
    starts: str
    ends: str
    ongoing: str
    empty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineInput:
    """One initiative's course. ``format_tick`` gets a first of a month and "is it January"."""

    id: str
    title: str
    summary: str
    words: TimelineWords
    today: date
    today_label: str
    format_tick: Callable[[date, bool], str]
    start: When | None = None
    end: When | None = None
    ongoing: bool = False
    milestones: tuple[Milestone, ...] = ()

    def days(self) -> list[date]:
        """Every date that has to be on the time axis, but for today."""
        spans = [each for each in (self.start, self.end) if each is not None]
        for milestone in self.milestones:
            spans.append(milestone.due)
            if milestone.original is not None:
                spans.append(milestone.original)
        days = [day for span in spans for day in (span.first, span.last)]
        return days + [each.done for each in self.milestones if each.done is not None]
