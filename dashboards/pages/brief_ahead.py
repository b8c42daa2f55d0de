"""Section 9 of a brief: what comes before the next meeting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from dashboards.pages import words
from dashboards.pages.brief_differences import Differing
from dashboards.pages.brief_known import Known
from dashboards.pages.brief_parts import BriefBlock, BriefSection
from dashboards.pages.elements import Cell, Column, Table
from priorities.assessment.initiative_status import last_day_of
from priorities.enums import Calendar, DatePrecision
from priorities.queries.publication import Document
from priorities.saying import gettext as _


def ahead_section(known: Known) -> BriefSection:
    """Milestones, reports and answers due before the next meeting; and meetings that changed."""
    rows = sorted(_coming(known), key=lambda row: row[0])
    coming = known.table("ahead", "coming", "", rows, lambda some: _coming_table(known, some))
    nothing = _("Nothing is due until then.")
    return BriefSection(
        "ahead",
        "9",
        _("Before the next meeting"),
        lead=_until(known),
        blocks=(
            *(coming or (BriefBlock("coming", text=nothing),)),
            *known.table(
                "ahead",
                "meetings",
                _("Meetings that were set, moved or called off"),
                sorted(known.found["ahead"], key=lambda each: _document(known, each)["held_on"]),
                lambda some: _meetings(known, some),
            ),
        ),
    )


def _until(known: Known) -> str:
    """Until when the section looks."""
    meeting, day = known.ends.meeting, words.day(known.ends.horizon)
    if meeting is not None and meeting["held_on"] == known.ends.horizon:
        return _("The next meeting is on %(day)s: %(name)s.") % {
            "day": day,
            "name": meeting["name"],
        }
    if meeting is not None:
        return _("What is due until %(day)s; the next meeting is on %(meeting)s.") % {
            "day": day,
            "meeting": words.day(meeting["held_on"]),
        }
    return _("No next meeting is on record; this is what is due until %(day)s.") % {"day": day}


Coming = tuple[dt.date, str, str, str, str, str]


def _coming(known: Known) -> Iterator[Coming]:
    """(day, when, what, name, address, provenance) of each thing that falls due."""
    ends, plan = known.ends, known.ends.now.plan
    first, last = ends.until.day, ends.horizon
    if plan.is_closed:
        return
    for milestone in plan.found["milestone"].values():
        row = known.row(milestone["initiative"].partition("/")[2])
        done = milestone["done_on"] or milestone["dropped_on"]
        if row is None or row.standing.closed_on is not None or done:
            continue
        precision = DatePrecision(milestone["due_precision"])
        due = last_day_of(milestone["due_on"], precision)
        if first <= due <= last:
            item = known.item("initiative", row.code)
            when = words.dated(milestone["due_on"], precision)
            yield due, when, milestone["name"], item.label, item.url, milestone["provenance"]
    for period in plan.found["reporting_period"].values():
        if period["plan"] == plan.code and first <= period["due_on"] <= last:
            name = words.period(period["start"], period["end"], fiscal_start_month=known.fiscal)
            what = _reports_due(Calendar(period["calendar"]))
            when = words.day(period["due_on"])
            yield period["due_on"], when, what, name, "", period["provenance"]
    for asked in ends.now.questions:
        due = asked.question["answer_due_on"]
        if asked.standing.is_waiting and first <= due <= last:
            item, provenance = known.about(asked.question), asked.question["provenance"]
            yield due, words.day(due), _("Answer due"), item.label, item.url, provenance


def ahead_json(known: Known) -> list[dict[str, str]]:
    """What falls due before the next meeting, in raw values."""
    rows = sorted(_coming(known), key=lambda row: row[0])
    return [{"on": day.isoformat(), "what": what, "of": name} for day, _w, what, name, *_r in rows]


def _reports_due(calendar: Calendar) -> str:
    return {
        Calendar.MONTH: _("Monthly reports due"),
        Calendar.QUARTER: _("Quarterly reports due"),
    }.get(calendar, _("Yearly reports due"))


def _coming_table(known: Known, rows: Sequence[Coming]) -> Table:
    return Table(
        caption=_("What is due before the next meeting"),
        columns=(Column(_("When")), Column(_("What")), Column(_("Of"))),
        rows=tuple(
            (
                Cell(words.tight(when), head=True),
                Cell(what, marks=known.marks(provenance)),
                Cell(name, url),
            )
            for _day, when, what, name, url, provenance in rows
        ),
    )


def _meetings(known: Known, rows: Sequence[Differing]) -> Table:
    return Table(
        caption=_("Meetings that were set, moved or called off"),
        columns=(Column(_("When")), Column(_("What happened")), Column(_("Meeting"))),
        rows=tuple(_meeting(known, each) for each in rows),
    )


def _document(known: Known, each: Differing) -> Document:
    """The meeting that a difference is of."""
    found = known.ends.now.plan.found["meeting"].values()
    return next(one for one in found if str(one["pk"]) == each.code)


def _meeting(known: Known, each: Differing) -> tuple[Cell, ...]:
    """A meeting that was set, moved or called off."""
    meeting, moved = _document(known, each), each.fields.get("on")
    if meeting["called_off"]:
        said = _("Called off")
    elif moved is not None:
        said = _("Moved from %(day)s") % {"day": known.spelled(moved[0])}
    else:
        said = _("Set") if each.what == "added" else _("Changed")
    moves = ("called_off",) if meeting["called_off"] else ("held_on",) if moved else ("name",)
    reason = known.why("meeting", meeting["pk"], moves)[1]
    return (
        Cell(words.tight(words.day(meeting["held_on"])), head=True),
        Cell(said, detail=reason),
        Cell(meeting["name"], meeting["agenda_url"], marks=known.marks(meeting["provenance"])),
    )
