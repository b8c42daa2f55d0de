"""Section 4 of a brief: the dates that moved; milestones that are new, done, late or dropped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.utils.translation import ngettext

from dashboards.pages import words
from dashboards.pages.brief_differences import Differing
from dashboards.pages.brief_known import Known
from dashboards.pages.brief_parts import BriefBlock, BriefEntry, BriefSection
from dashboards.pages.elements import Cell, Column, Fact, Link, Mark, Pill, Table
from dashboards.pages.milestones import STATE_TONES, state_of, state_words
from priorities.enums import DatePrecision
from priorities.queries.publication import Document
from priorities.saying import gettext as _

#: From this time on a move stands by itself, flagged.
OFTEN = 3
#: What each block of milestones and dates is made of, by the weightiest field that moved.
KINDS: Mapping[str, tuple[str, ...]] = {
    "moved": ("due_on", "end", "start"),
    "done": ("done_on",),
    "dropped": ("dropped_on",),
    "late": ("state",),
}


def dates_section(known: Known) -> BriefSection:
    """Each promise whose date moved, often moved ones first; then the other milestones."""
    sorted_: dict[str, list[Differing]] = {}
    for each in known.found["dates"]:
        sorted_.setdefault(_what(each), []).append(each)
    moved = sorted(sorted_.get("moved", []), key=lambda each: -abs(_days(each) or 0))
    often = [each for each in moved if len(_moves(known, each)) >= OFTEN]
    rest = [each for each in moved if len(_moves(known, each)) < OFTEN]
    blocks: list[BriefBlock] = [
        *known.entries(
            "dates", "often", _("Moved time and again"), often, lambda each: _again(known, each)
        ),
        *known.table("dates", "moved", _("Moved"), rest, lambda rows: _moved(known, rows)),
    ]
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
        "added": _("New milestones"),
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
    total, later = len(moved), sum((_days(each) or 0) > 0 for each in moved)
    if later == total:
        said = ngettext(
            "%(n)s date moved, to a later day.", "%(n)s dates moved, all to a later day.", total
        )
    elif later:
        said = ngettext(
            "%(n)s dates moved, %(later)s of them to a later day.",
            "%(n)s dates moved, %(later)s of them to a later day.",
            total,
        )
    else:
        said = ngettext(
            "%(n)s date moved, not to a later day.",
            "%(n)s dates moved, none to a later day.",
            total,
        )
    return said % {"n": words.count(total), "later": words.count(later)}


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
    _name, old, new = _promise(each)
    milestone = _milestone(known, each)
    item, detail = _named(known, each)
    return (
        Cell(item.label, item.url, detail=detail, head=True, marks=_marks(known, each)),
        Cell(_dated(old, each, 0, milestone)),
        Cell(_dated(new, each, 1, milestone), detail=_also(each, milestone)),
        Cell(_days_words(each) or "–", numeric=True),
        Cell(_why(known, each)[1] or "–", detail=_times(known, each)),
    )


def _again(known: Known, each: Differing) -> BriefEntry:
    """A promise that moved at least for the third time: nobody should miss it."""
    _name, old, new = _promise(each)
    milestone, moves = _milestone(known, each), _moves(known, each)
    item, detail = _named(known, each)
    when, reason = _why(known, each)
    also = _also(each, milestone)
    facts = [Fact(_("First promised for"), words.day(known.parsed(moves[0])))]
    if days := _days_words(each):
        facts.insert(0, Fact(_("Days"), days))
    if reason:
        facts.append(Fact(_("Reason"), reason))
    return BriefEntry(
        item=item,
        detail=detail,
        when=words.day(known.parsed(when)) if when else "",
        iso=when,
        old=_dated(old, each, 0, milestone),
        new=_dated(new, each, 1, milestone),
        said=f"{also[:1].upper()}{also[1:]}." if also else "",
        facts=tuple(facts),
        flag=_ordinal(len(moves)),
        marks=_marks(known, each),
    )


def _milestone(known: Known, each: Differing) -> Document | None:
    return known.milestones.get(each.code) if each.kind == "milestone" else None


def _named(known: Known, each: Differing) -> tuple[Link, str]:
    """What was promised, with the way to its page; and what stands under it."""
    item, milestone = known.item("initiative", each.about or each.code), _milestone(known, each)
    if milestone is None:
        return item, _dates_words(each)
    return Link(str(milestone["name"]), item.url), item.label


def _marks(known: Known, each: Differing) -> tuple[Mark, ...]:
    milestone = _milestone(known, each)
    return known.marks(milestone["provenance"]) if milestone is not None else ()


def _days_words(each: Differing) -> str:
    """By how many days a date moved, with its sign; nothing where that cannot be said."""
    days = _days(each)
    if days is None:
        return ""
    return f"{'+' if days > 0 else words.MINUS}{words.count(abs(days))}"


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


def _moves(known: Known, each: Differing) -> Sequence[str]:
    """The dates that a promise was moved away from by now, oldest first."""
    name = _promise(each)[0]
    moves = known.moves.get((each.kind, _pk(known, each), name), [])
    return [str(touch.fields[name][0]) for touch in moves]


def _times(known: Known, each: Differing) -> str:
    """That a promise was moved before: "Moved for the second time"."""
    moves = _moves(known, each)
    if len(moves) < 2:
        return ""
    day = words.day(known.parsed(moves[0]))
    return _("%(said)s; first promised for %(day)s") % {"said": _ordinal(len(moves)), "day": day}


def _ordinal(times: int) -> str:
    """For which time a promise moved."""
    said = {
        2: _("Moved for the second time"),
        3: _("Moved for the third time"),
        4: _("Moved for the fourth time"),
        5: _("Moved for the fifth time"),
    }
    return said.get(times) or _("Moved %(n)s times") % {"n": words.count(times)}


def _why(known: Known, each: Differing) -> tuple[str, str]:
    """The day and the reason of the newest move."""
    return known.why(each.kind, _pk(known, each), (_promise(each)[0],))


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
