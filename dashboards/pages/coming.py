"""What comes up in a plan: reports due, milestones and meetings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboards.pages import words
from dashboards.pages.chrome import marks_url
from dashboards.pages.elements import Upcoming
from dashboards.pages.meetings import meeting_json, meetings_of
from dashboards.pages.raw import raw
from dashboards.pages.reading import Reading
from dashboards.visit import Visit
from priorities.assessment.initiative_status import last_day_of
from priorities.enums import Calendar, DatePrecision
from priorities.queries.publication import Document
from priorities.queries.standing import InitiativeRow
from priorities.saying import gettext as _

#: How many dates ahead the plan's page shows.
MOST = 6


@dataclass(frozen=True, slots=True)
class Coming:
    """One date ahead: a reporting period that falls due, a milestone, or a meeting."""

    on: dt.date
    document: Document
    initiative: InitiativeRow | None = None

    @property
    def is_meeting(self) -> bool:
        """Is it a meeting at which the plan is reviewed?"""
        return "held_on" in self.document


def coming_up(plan: Reading, *, until: dt.date) -> tuple[Coming, ...]:
    """The next dates of a plan that is not over, soonest first."""
    if plan.is_closed:
        return ()
    day = plan.visit.as_of.day
    due = [
        Coming(period["due_on"], period)
        for period in plan.found["reporting_period"].values()
        if period["plan"] == plan.code and day <= period["due_on"] <= until
    ]
    steps = [
        Coming(on, milestone, row)
        for milestone in plan.found["milestone"].values()
        if (row := _open_initiative(plan, milestone)) is not None
        and day <= (on := _due(milestone)) <= until
    ]
    meetings = [
        Coming(meeting["held_on"], meeting)
        for meeting in meetings_of(plan.found, plan.code)
        if day <= meeting["held_on"] <= until
    ]
    ahead = sorted(
        [*due, *steps, *meetings], key=lambda each: (each.on, each.document["item_code"])
    )
    return tuple(ahead[:MOST])


def due_ahead(plan: Reading, *, until: dt.date) -> dict[str, Document]:
    """The milestones that fall due from the day on, those that are done among them.

    Of a past date all that were touched since are read, which nobody had read on that day: a page
    that named them would tell another story of it later.
    """
    day = plan.visit.as_of.day
    return {
        code: milestone
        for code, milestone in plan.found["milestone"].items()
        if day <= _due(milestone) and milestone["due_on"] <= until
    }


def _due(milestone: Document) -> dt.date:
    """The last day that the due date still allows."""
    return last_day_of(milestone["due_on"], DatePrecision(milestone["due_precision"]))


def _open_initiative(plan: Reading, milestone: Document) -> InitiativeRow | None:
    """The initiative of a milestone that is still to be done."""
    code, _slash, own = milestone["initiative"].partition("/")
    if code != plan.code or milestone["done_on"] or milestone["dropped_on"]:
        return None
    row = plan.snapshot.by_code.get(own)
    return None if row is None or row.standing.closed_on is not None else row


def upcoming(visit: Visit, plan: Reading, coming: Sequence[Coming]) -> tuple[Upcoming, ...]:
    """The dates in words."""
    url = marks_url(visit)
    return tuple(_entry(visit, plan, each, url) for each in coming)


def _entry(visit: Visit, plan: Reading, each: Coming, url: str) -> Upcoming:
    document, today = each.document, visit.as_of.day
    if each.is_meeting:
        return Upcoming(
            words.short_day(each.on, today=today),
            each.on.isoformat(),
            _("Meeting: %(name)s") % {"name": document["name"]},
            document["agenda_url"],
            _("reviews this plan"),
            words.marks(document["provenance"], url=url),
        )
    if each.initiative is None:
        return Upcoming(
            words.short_day(each.on, today=today),
            each.on.isoformat(),
            _reports_due(Calendar(document["calendar"])),
            detail=_("for %(period)s")
            % {"period": words.period(document["start"], document["end"])},
            marks=words.marks(document["provenance"], url=url),
        )
    precision = document["due_precision"]
    exact = precision == DatePrecision.DAY
    when = words.short_day(each.on, today=today) if exact else words.dated(each.on, precision)
    return Upcoming(
        when,
        each.on.isoformat(),
        document["name"],
        visit.link("initiative", plan=plan.code, initiative=each.initiative.code),
        each.initiative.name,
        words.marks(document["provenance"], url=url),
    )


def _reports_due(calendar: Calendar) -> str:
    return {
        Calendar.MONTH: _("Monthly reports due"),
        Calendar.QUARTER: _("Quarterly reports due"),
    }.get(calendar, _("Yearly reports due"))


def coming_json(each: Coming) -> dict[str, Any]:
    """One date ahead in raw values."""
    document = each.document
    if each.is_meeting:
        return {"kind": "meeting", **meeting_json(document)}
    if each.initiative is None:
        return {
            "kind": "reports_due",
            "on": raw(each.on),
            "calendar": document["calendar"],
            "period": {"start": raw(document["start"]), "end": raw(document["end"])},
            "provenance": document["provenance"],
        }
    return {
        "kind": "milestone",
        "on": raw(each.on),
        "due_on": raw(document["due_on"]),
        "due_precision": document["due_precision"],
        "name": document["name"],
        "initiative": document["initiative"],
        "provenance": document["provenance"],
    }
