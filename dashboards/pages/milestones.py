"""The milestones of an initiative: on a timeline, and in a table beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.formats import date_format

from dashboards.charts.timeline import Timeline, timeline
from dashboards.charts.timeline_data import Milestone as Step
from dashboards.charts.timeline_data import MilestoneState, TimelineInput, TimelineWords, When
from dashboards.pages import words
from dashboards.pages.elements import Cell, Column, Pill, Table
from dashboards.pages.raw import picked
from priorities.assessment.initiative_status import (
    LateMilestones,
    MilestoneDates,
    last_day_of,
    late_milestones,
)
from priorities.enums import DatePrecision
from priorities.queries.publication import Document
from priorities.saying import gettext as _


def ordered(milestones: Iterable[Document]) -> list[Document]:
    """Milestones by their due dates."""
    return sorted(milestones, key=lambda each: (each["due_on"], each["pk"]))


def lateness(
    milestones: Iterable[Document], on: dt.date, *, is_over: bool = False
) -> LateMilestones:
    """How many milestones are late, and the worst of them; dropped ones are not awaited.

    None is late of an initiative that ``is_over``: nothing of it is awaited any more.
    """
    if is_over:
        return LateMilestones(0, 0)
    dates = (
        MilestoneDates(each["due_on"], each["done_on"], DatePrecision(each["due_precision"]))
        for each in milestones
        if not each["dropped_on"]
    )
    return late_milestones(dates, on)


def state_of(milestone: Document, on: dt.date, *, is_over: bool = False) -> MilestoneState:
    """Done, late, planned or dropped, on a day; of an initiative that ``is_over`` else not done.

    Whatever is closed becomes no later with the days: what was open then was not done, however
    long ago that is. One that was done after all is done.
    """
    if milestone["dropped_on"] and milestone["dropped_on"] <= on:
        return MilestoneState.DROPPED
    if milestone["done_on"] and milestone["done_on"] <= on:
        return MilestoneState.DONE
    if is_over:
        return MilestoneState.NOT_DONE
    due = last_day_of(milestone["due_on"], DatePrecision(milestone["due_precision"]))
    return MilestoneState.LATE if due < on else MilestoneState.PLANNED


STATE_TONES = {
    MilestoneState.DONE: "completed",
    MilestoneState.LATE: "overdue",
    MilestoneState.PLANNED: "neutral",
    MilestoneState.DROPPED: "cancelled",
    MilestoneState.NOT_DONE: "cancelled",
}


def state_words(state: MilestoneState) -> str:
    """What a state is called."""
    return {
        MilestoneState.DONE: _("Done"),
        MilestoneState.LATE: _("Late"),
        MilestoneState.PLANNED: _("Planned"),
        MilestoneState.DROPPED: _("Dropped"),
        MilestoneState.NOT_DONE: _("Not done"),
    }[state]


def milestone_chart(
    initiative: Document,
    milestones: Sequence[Document],
    on: dt.date,
    *,
    closed_on: dt.date | None = None,
) -> Timeline:
    """The initiative's course and its milestones; what is closed has come to an end."""
    end, is_over = when_of(initiative["end"], initiative["end_precision"]), closed_on is not None
    if closed_on is not None:
        end = when_of(closed_on, DatePrecision.DAY)
    return timeline(
        TimelineInput(
            id="milestones-timeline",
            title=_("Milestones"),
            summary=_summary(milestones, on, is_over=is_over),
            words=_timeline_words(),
            today=on,
            today_label=words.day(on),
            format_tick=tick,
            start=when_of(initiative["start"], initiative["start_precision"]),
            end=end,
            ongoing=initiative["ongoing"] and not is_over,
            milestones=tuple(step_of(each, on, is_over=is_over) for each in milestones),
        )
    )


def _summary(milestones: Sequence[Document], on: dt.date, *, is_over: bool) -> str:
    """The chart in a sentence: how many milestones, done, and late or left undone."""
    states = [state_of(each, on, is_over=is_over) for each in milestones]
    said = {
        "total": len(states),
        "done": states.count(MilestoneState.DONE),
        "late": states.count(MilestoneState.LATE),
        "left": states.count(MilestoneState.NOT_DONE),
    }
    if is_over:
        return _("%(total)s milestones: %(done)s done, %(left)s not done.") % said
    return _("%(total)s milestones: %(done)s done, %(late)s late.") % said


def _timeline_words() -> TimelineWords:
    return TimelineWords(
        done=_("Done"),
        late=_("Late"),
        planned=_("Planned"),
        dropped=_("Dropped"),
        not_done=_("Not done"),
        moved=_("Moved from the original date"),
        course=_("From start to end"),
        today=_("Today"),
        starts=_("Start"),
        ends=_("End"),
        ongoing=_("ongoing"),
        empty=_("No dates have been set."),
    )


def tick(day: dt.date, is_year: bool) -> str:
    """What stands at a month of a time axis."""
    return str(day.year) if is_year else str(date_format(day, "M"))


def when_of(day: dt.date | None, precision: str) -> When | None:
    """A date as a chart takes it: the days that it may mean, and its words."""
    if day is None:
        return None
    first, last = words.days_meant(day, precision)
    return When(first=first, last=last, label=words.dated(day, precision))


def step_of(milestone: Document, on: dt.date, *, is_over: bool = False) -> Step:
    """A milestone as a chart takes it."""
    due, precision = milestone["due_on"], milestone["due_precision"]
    when = when_of(due, precision)
    assert when is not None  # noqa: S101 - a milestone always has its date
    moved = milestone["original_due_on"] != due
    state = state_of(milestone, on, is_over=is_over)
    return Step(
        name=milestone["name"],
        state=state,
        due=when,
        detail=_detail(milestone, state),
        original=when_of(milestone["original_due_on"], precision) if moved else None,
        done=milestone["done_on"] if state == MilestoneState.DONE else None,
    )


def _detail(milestone: Document, state: MilestoneState) -> str:
    """The line under a milestone's name."""
    due = words.dated(milestone["due_on"], milestone["due_precision"])
    original = milestone["original_due_on"]
    if state == MilestoneState.DONE:
        said = _("Done %(day)s, due %(due)s") % {"day": words.day(milestone["done_on"]), "due": due}
    elif state == MilestoneState.DROPPED:
        said = _("Dropped %(day)s") % {"day": words.day(milestone["dropped_on"])}
    elif state == MilestoneState.NOT_DONE:
        said = _("Not done, due %(due)s") % {"due": due}
    else:
        said = _("Due %(due)s") % {"due": due}
    if original == milestone["due_on"]:
        return said
    return _("%(said)s, moved from %(original)s") % {
        "said": said,
        "original": words.dated(original, milestone["due_precision"]),
    }


def milestone_table(
    milestones: Sequence[Document], on: dt.date, url: str, *, is_over: bool = False
) -> Table:
    """The same dates as a table."""
    return Table(
        caption=_("Milestones"),
        columns=(
            Column(_("Milestone")),
            Column(_("Status")),
            Column(_("Due")),
            Column(_("First promised for")),
            Column(_("Done")),
        ),
        rows=tuple(_row(each, on, url, is_over=is_over) for each in milestones),
        empty=_("No milestones have been published."),
    )


def _row(milestone: Document, on: dt.date, url: str, *, is_over: bool) -> tuple[Cell, ...]:
    state, precision = state_of(milestone, on, is_over=is_over), milestone["due_precision"]
    done = milestone["done_on"] if state == MilestoneState.DONE else None
    source = milestone["source_url"]
    late = ""
    if state == MilestoneState.LATE:
        late = words.counted_days(lateness([milestone], on).worst_days)
    return (
        Cell(
            milestone["name"],
            source,
            head=True,
            marks=words.marks(milestone["provenance"], url=url),
        ),
        Cell(pill=Pill(STATE_TONES[state], state_words(state)), detail=late),
        Cell(words.tight(words.dated(milestone["due_on"], precision))),
        Cell(words.tight(words.dated(milestone["original_due_on"], precision))),
        Cell(words.tight(words.day(done)) if done else "–"),
    )


def milestone_json(milestone: Document, on: dt.date, *, is_over: bool = False) -> dict[str, Any]:
    """A milestone in raw values."""
    fields = ("name", "due_on", "due_precision", "original_due_on", "done_on", "dropped_on")
    return {
        "id": milestone["pk"],
        **picked(milestone, *fields, "source_url", "provenance"),
        "state": state_of(milestone, on, is_over=is_over).value,
    }
