"""Section 4 of a brief: the dates that moved, and what was done, missed or planned anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.utils.translation import ngettext

from dashboards.pages import words
from dashboards.pages.brief_differences import Differing
from dashboards.pages.brief_known import Known
from dashboards.pages.brief_parts import BriefBlock, BriefEntry, BriefSection
from dashboards.pages.elements import Cell, Column, Link, Pill, Table
from dashboards.pages.milestones import STATE_TONES, state_of, state_words
from priorities.enums import DatePrecision
from priorities.queries.publication import Document
from priorities.saying import gettext as _

#: What each block of milestones and dates is made of, by the weightiest field that moved.
KINDS: Mapping[str, tuple[str, ...]] = {
    "moved": ("due_on", "end", "start"),
    "done": ("done_on",),
    "dropped": ("dropped_on",),
    "late": ("state",),
}


def dates_section(known: Known) -> BriefSection:
    """Each promise whose date moved, then what was done, dropped, late or planned anew."""
    sorted_: dict[str, list[Differing]] = {}
    for each in known.found["dates"]:
        sorted_.setdefault(_what(each), []).append(each)
    moved = sorted(sorted_.get("moved", []), key=lambda each: -abs(_days(each) or 0))
    blocks: list[BriefBlock] = list(
        known.table("dates", "moved", _("Moved"), moved, lambda rows: _moved(known, rows))
    )
    for code, title in _titles().items():
        rows = sorted_.get(code, [])
        if code in ("other", "periods"):
            blocks += known.entries("dates", code, title, rows, lambda each: _entry(known, each))
        else:
            blocks += known.table("dates", code, title, rows, lambda some: _steps(known, some))
    return BriefSection(
        "dates",
        "4",
        _("Dates that moved"),
        lead=_lead(known, moved),
        blocks=tuple(blocks),
        empty=_("No date moved, and no milestone was planned, done or missed."),
    )


def _titles() -> dict[str, str]:
    return {
        "late": _("Became late"),
        "done": _("Done"),
        "dropped": _("Dropped"),
        "added": _("Planned anew"),
        "other": _("Other changes of milestones and dates"),
        "periods": _("Reporting dates"),
    }


def _what(each: Differing) -> str:
    """What happened to a milestone or a date, the weightiest of it."""
    if each.kind == "reporting_period":
        return "periods"
    if each.what == "added":
        return "added"
    for what, names in KINDS.items():
        if each.fields.keys() & set(names):
            return what
    return "other"


def _lead(known: Known, moved: Sequence[Differing]) -> str:
    if not moved:
        return ""
    later = sum((_days(each) or 0) > 0 for each in moved)
    return ngettext(
        "%(n)s date moved, %(later)s of them to a later day.",
        "%(n)s dates moved, %(later)s of them to a later day.",
        len(moved),
    ) % {"n": words.count(len(moved)), "later": words.count(later)}


def _promise(each: Differing) -> tuple[str, str | None, str | None]:
    """The name of the date that moved, and the date before and now."""
    for name in KINDS["moved"]:
        if name in each.fields:
            old, new = each.fields[name]
            return name, old, new
    return "", None, None


def _days(each: Differing) -> int | None:
    """By how many days it moved; None where there was no date before or is none now."""
    _name, old, new = _promise(each)
    if not old or not new:
        return None
    return (dt.date.fromisoformat(new) - dt.date.fromisoformat(old)).days


def _moved(known: Known, rows: Sequence[Differing]) -> Table:
    return Table(
        caption=_("Dates that moved"),
        columns=(
            Column(_("What was promised")),
            Column(_("From")),
            Column(_("To")),
            Column(_("Days"), numeric=True),
            Column(_("Why")),
        ),
        rows=tuple(_row(known, each) for each in rows),
    )


def _row(known: Known, each: Differing) -> tuple[Cell, ...]:
    """One promise: what it is, from when to when, by how much, why, and how often by now."""
    name, old, new = _promise(each)
    milestone = known.milestones.get(each.code) if each.kind == "milestone" else None
    code = each.about or each.code
    item = known.item("initiative", code)
    title = item.label if milestone is None else str(milestone["name"])
    detail = item.label if milestone is not None else _dates_words(each)
    provenance = milestone["provenance"] if milestone is not None else ""
    days = _days(each)
    sign = "+" if (days or 0) > 0 else words.MINUS
    times = _times(known, each, name)
    reason = _reason(known, each, name)
    return (
        Cell(
            title,
            item.url,
            detail=detail,
            head=True,
            marks=known.marks(provenance) if provenance else (),
        ),
        Cell(_dated(old, each, 0, milestone)),
        Cell(_dated(new, each, 1, milestone), detail=_also(each, milestone)),
        Cell("–" if days is None else f"{sign}{words.count(abs(days))}", numeric=True),
        Cell(reason or "–", detail=times),
    )


def _dates_words(each: Differing) -> str:
    """Which dates of an initiative moved."""
    if "end" in each.fields and "start" in each.fields:
        return _("Start and end")
    return _("End") if "end" in each.fields else _("Start")


def _dated(value: str | None, each: Differing, side: int, milestone: Document | None) -> str:
    """A date as exact as it was promised."""
    if not value:
        return _("no date")
    name = "due_precision" if each.kind == "milestone" else f"{_promise(each)[0]}_precision"
    precision = each.fields.get(name, (None, None))[side]
    if precision is None and milestone is not None:
        precision = milestone["due_precision"]
    return words.tight(words.dated(dt.date.fromisoformat(value), precision or DatePrecision.DAY))


def _also(each: Differing, milestone: Document | None) -> str:
    """What else happened to a milestone that moved."""
    if milestone is None:
        return ""
    if "done_on" in each.fields and milestone["done_on"]:
        return _("done %(day)s") % {"day": words.day(milestone["done_on"])}
    if "dropped_on" in each.fields and milestone["dropped_on"]:
        return _("dropped %(day)s") % {"day": words.day(milestone["dropped_on"])}
    return ""


def _pk(known: Known, each: Differing) -> int:
    if each.kind == "milestone":
        return int(each.code)
    row = known.row(each.code)
    return row.pk if row is not None else 0


def _times(known: Known, each: Differing, name: str) -> str:
    """That a promise was moved before: "Moved for the third time"."""
    moves = known.moves.get((each.kind, _pk(known, each), name), [])
    if len(moves) < 2:
        return ""
    said = {2: _("Moved for the second time"), 3: _("Moved for the third time")}
    text = said.get(len(moves)) or _("Moved for the %(n)sth time") % {"n": words.count(len(moves))}
    first = moves[0].fields[name][0]
    day = words.day(dt.date.fromisoformat(first))
    return _("%(said)s; first promised for %(day)s") % {"said": text, "day": day}


def _reason(known: Known, each: Differing, name: str) -> str:
    return known.why(each.kind, _pk(known, each), (name,))[1]


def _steps(known: Known, rows: Sequence[Differing]) -> Table:
    """Milestones that were done, dropped, late or planned."""
    return Table(
        caption=_("Milestones"),
        columns=(
            Column(_("Milestone")),
            Column(_("Due")),
            Column(_("Status")),
            Column(_("Why")),
        ),
        rows=tuple(_step(known, each) for each in rows),
    )


def _step(known: Known, each: Differing) -> tuple[Cell, ...]:
    milestone = known.milestones[each.code]
    item = known.item("initiative", each.about)
    state = state_of(milestone, known.ends.now.plan.judged_on)
    ended = milestone["done_on"] or milestone["dropped_on"]
    reason = known.why("milestone", milestone["pk"], each.fields)[1]
    return (
        Cell(
            milestone["name"],
            item.url,
            detail=item.label,
            head=True,
            marks=known.marks(milestone["provenance"]),
        ),
        Cell(words.tight(words.dated(milestone["due_on"], milestone["due_precision"]))),
        Cell(
            pill=Pill(STATE_TONES[state], state_words(state)),
            detail=words.tight(words.day(ended)) if ended else "",
        ),
        Cell(reason or "–"),
    )


def _entry(known: Known, each: Differing) -> BriefEntry:
    """Other details of a milestone or an initiative's dates; or the dates of a period."""
    if each.kind == "reporting_period":
        return _period(known, each)
    if each.kind == "initiative":
        return BriefEntry(
            item=known.item("initiative", each.code),
            detail=known.detail(each.code),
            facts=known.facts(each),
        )
    milestone = known.milestones[each.code]
    item = known.item("initiative", each.about)
    when, reason = known.why("milestone", milestone["pk"], each.fields)
    return BriefEntry(
        item=Link(milestone["name"], item.url),
        detail=item.label,
        when=words.day(dt.date.fromisoformat(when)) if when else "",
        iso=when,
        said=reason,
        facts=known.facts(each),
        marks=known.marks(milestone["provenance"]),
    )


def _period(known: Known, each: Differing) -> BriefEntry:
    """A reporting period that was laid out, or whose dates moved."""
    periods = known.ends.now.plan.found["reporting_period"].values()
    period = next(one for one in periods if str(one["pk"]) == each.code)
    name = words.period(period["start"], period["end"], fiscal_start_month=known.fiscal)
    due = _("reports due %(day)s") % {"day": words.day(period["due_on"])}
    text = _("Laid out") if each.what == "added" else _("Changed")
    return BriefEntry(
        item=Link(name, ""),
        detail=_("Reporting period"),
        said=f"{text}: {due}",
        facts=known.facts(each, without=("provenance",)),
    )
