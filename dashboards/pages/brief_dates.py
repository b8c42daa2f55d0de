"""Section 4 of a brief: the dates that moved; milestones that are new, done, late or dropped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import ngettext

from dashboards.charts.timeline_data import MilestoneState
from dashboards.pages import words
from dashboards.pages.brief_differences import Differing
from dashboards.pages.brief_known import Known
from dashboards.pages.brief_parts import BriefBlock, BriefEntry, BriefSection
from dashboards.pages.elements import Cell, Column, Fact, Link, Mark, Pill, Table
from dashboards.pages.milestones import STATE_TONES, lateness, state_of, state_words
from priorities.assessment.initiative_status import last_day_of
from priorities.enums import DatePrecision
from priorities.queries.between import Touch
from priorities.queries.publication import Document
from priorities.saying import gettext as _

#: From this time on a move stands by itself, flagged.
OFTEN = 3
#: The dates that are promised; each has its precision beside it.
PRECISIONS = {"due_on": "due_precision", "end": "end_precision", "start": "start_precision"}
#: The field that tells each way in which a milestone ends.
ENDED = {MilestoneState.DONE: "done_on", MilestoneState.DROPPED: "dropped_on"}


@dataclass(frozen=True, slots=True)
class Promised:
    """A date as exactly as it was promised."""

    on: dt.date
    precision: DatePrecision

    def __str__(self) -> str:
        return words.dated(self.on, self.precision)


@dataclass(frozen=True, slots=True)
class Move:
    """A promised date that is not what it was: of a milestone, the start or end of an initiative.

    ``old`` and ``new`` are None where no date was or is set.
    """

    each: Differing
    name: str
    old: Promised | None
    new: Promised | None

    @property
    def days(self) -> int | None:
        """By how many days the last day that is meant moved; None without one on either side."""
        if self.old is None or self.new is None:
            return None
        last, first = (last_day_of(end.on, end.precision) for end in (self.new, self.old))
        return (last - first).days


def dates_section(known: Known) -> BriefSection:
    """Each promise whose date moved, often moved ones first; then the other milestones."""
    moved = moved_promises(known)
    often = [move for move in moved if len(_touches(known, move)) >= OFTEN]
    rest = [move for move in moved if len(_touches(known, move)) < OFTEN]
    blocks: list[BriefBlock] = [
        *known.entries(
            "dates", "often", _("Moved three times or more"), often, lambda m: _again(known, m)
        ),
        *known.table("dates", "moved", _("Moved"), rest, lambda rows: _moved(known, rows)),
    ]
    for code, title in _steps_titles().items():
        rows = sorted(_steps_of(known, code), key=lambda each: _place(known, code, each))
        blocks += known.table("dates", code, title, rows, lambda some: _steps(known, some))
    for code, title, rows in (
        ("other", _("Other changes of milestones and dates"), list(_others(known))),
        ("periods", _("Reporting dates"), _of_kind(known, "reporting_period")),
    ):
        blocks += known.entries("dates", code, title, rows, lambda each: _entry(known, each))
    return BriefSection(
        "dates",
        "4",
        _("Dates that moved"),
        lead=_lead(moved),
        blocks=tuple(blocks),
        empty=_("No date moved, and no milestone was planned, done or missed."),
    )


def _of_kind(known: Known, kind: str) -> list[Differing]:
    return [each for each in known.found["dates"] if each.kind == kind]


def _lead(moved: Sequence[Move]) -> str:
    if not moved:
        return ""
    total, later = len(moved), sum((move.days or 0) > 0 for move in moved)
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


# ── Promises that moved ──────────────────────────────────────────────────────────────────────


def moved_promises(known: Known) -> list[Move]:
    """Every promised date that is not what it was, the widest move first.

    A milestone that was planned in between counts when it does not stand where it was first
    promised.
    """
    found = [move for each in known.found["dates"] for move in _moves_of(known, each)]
    return sorted(found, key=lambda move: -abs(move.days or 0))


def _moves_of(known: Known, each: Differing) -> Iterator[Move]:
    document = _document(known, each)
    if document is None:
        return
    if each.what == "added":
        first, due = document["original_due_on"], document["due_on"]
        if first != due:
            precision = DatePrecision(document["due_precision"])
            yield Move(each, "due_on", Promised(first, precision), Promised(due, precision))
        return
    for name, beside in PRECISIONS.items():
        if name in each.fields or beside in each.fields:
            olds, news = zip(*(_sides(each, document, one) for one in (name, beside)), strict=True)
            yield Move(each, name, _promised(*olds), _promised(*news))


def _sides(each: Differing, document: Document, name: str) -> tuple[Any, Any]:
    """A field then and now; what did not move is read from the document."""
    value = document[name]
    return each.fields.get(name, (value, value))


def _promised(on: dt.date | str | None, precision: str) -> Promised | None:
    if on is None:
        return None
    day = dt.date.fromisoformat(on) if isinstance(on, str) else on
    return Promised(day, DatePrecision(precision))


def _document(known: Known, each: Differing) -> Document | None:
    """The milestone or the initiative that a difference is of; None for a reporting period."""
    if each.kind == "milestone":
        return known.milestones[each.code]
    ends = known.ends.now
    return ends.worded.get(f"{ends.plan.code}/{each.code}") if each.kind == "initiative" else None


def _moved(known: Known, rows: Sequence[Move]) -> Table:
    return Table(
        caption=_("Dates that moved"),
        columns=(
            Column(_("What was promised")),
            Column(_("From")),
            Column(_("To")),
            Column(_("Days"), numeric=True),
            Column(_("Why")),
        ),
        rows=tuple(_row(known, move) for move in rows),
    )


def _row(known: Known, move: Move) -> tuple[Cell, ...]:
    """One promise: what it is, from when to when, by how much, why, and how often by now."""
    item, detail = _named(known, move)
    return (
        Cell(item.label, item.url, detail=detail, head=True, marks=_marks(known, move.each)),
        Cell(words.tight(str(move.old or _("no date")))),
        Cell(words.tight(str(move.new or _("no date")))),
        Cell(_days_words(move) or "–", numeric=True),
        Cell(_why(known, move)[1] or "–", detail=_times(known, move)),
    )


def _again(known: Known, move: Move) -> BriefEntry:
    """A promise that moved at least for the third time: nobody should miss it."""
    item, detail = _named(known, move)
    iso, reason = _why(known, move)
    facts = [Fact(_("First promised for"), _first_promise(known, move))]
    if days := _days_words(move):
        facts.insert(0, Fact(_("Days"), days))
    if reason:
        facts.append(Fact(_("Reason"), reason))
    return BriefEntry(
        item=item,
        detail=detail,
        when=known.spelled(iso),
        iso=iso,
        old=str(move.old or _("no date")),
        new=str(move.new or _("no date")),
        facts=tuple(facts),
        flag=_ordinal(len(_touches(known, move))),
        marks=_marks(known, move.each),
    )


def _named(known: Known, move: Move) -> tuple[Link, str]:
    """What was promised, with the way to its page; and what stands under it."""
    each = move.each
    item = known.item("initiative", each.about or each.code)
    if each.kind == "milestone":
        return Link(str(known.milestones[each.code]["name"]), item.url), item.label
    return item, _("End") if move.name == "end" else _("Start")


def _marks(known: Known, each: Differing) -> tuple[Mark, ...]:
    document = _document(known, each)
    return known.marks(document["provenance"]) if document is not None else ()


def _days_words(move: Move) -> str:
    """By how many days a date moved, with its sign; nothing where that cannot be said."""
    days = move.days
    if days is None:
        return ""
    sign = "+" if days > 0 else (words.MINUS if days < 0 else "")
    return f"{sign}{words.count(abs(days))}"


def _pk(known: Known, each: Differing) -> int:
    document = _document(known, each)
    return int(document["pk"]) if document is not None else 0


def _touches(known: Known, move: Move) -> Sequence[Touch]:
    """The events that moved a promise by now, oldest first."""
    return known.moves.get((move.each.kind, _pk(known, move.each), move.name), [])


def _first_promise(known: Known, move: Move) -> str:
    """The date for which a promise that moved was made first."""
    first = _touches(known, move)[0]
    now = (move.new or move.old or Promised(dt.date.min, DatePrecision.DAY)).precision
    precision = first.fields.get(PRECISIONS[move.name], [now])[0]
    return str(_promised(first.fields[move.name][0], precision) or _("no date"))


def _times(known: Known, move: Move) -> str:
    """That a promise was moved before: "Moved for the second time"."""
    times = len(_touches(known, move))
    if times < 2:
        return ""
    return _("%(said)s; first promised for %(day)s") % {
        "said": _ordinal(times),
        "day": _first_promise(known, move),
    }


def _ordinal(times: int) -> str:
    """For which time a promise moved."""
    said = {
        2: _("Moved for the second time"),
        3: _("Moved for the third time"),
        4: _("Moved for the fourth time"),
        5: _("Moved for the fifth time"),
    }
    return said.get(times) or _("Moved %(n)s times") % {"n": words.count(times)}


def _why(known: Known, move: Move) -> tuple[str, str]:
    """The day and the reason of the newest move."""
    names = (move.name, PRECISIONS[move.name])
    return known.why(move.each.kind, _pk(known, move.each), names)


# ── Milestones that are new, or came to an end ───────────────────────────────────────────────


def _steps_titles() -> dict[str, str]:
    return {
        "late": _("Became late"),
        "done": _("Done"),
        "dropped": _("Dropped"),
        "not_done": _("Not done when the initiative was closed"),
        "added": _("New milestones"),
    }


def _steps_of(known: Known, code: str) -> list[Differing]:
    """The milestones of a block, by what they are now: what is told twice contradicts nothing."""
    return [each for each in _of_kind(known, "milestone") if _step_code(known, each) == code]


def _step_code(known: Known, each: Differing) -> str:
    """In which block a milestone stands; none for one that only moved or was reworded."""
    if each.what == "added":
        return "added"
    state = _state(known, each)
    if "state" in each.fields or ENDED.get(state, "") in each.fields:
        return "" if state == MilestoneState.PLANNED else state.value
    return ""


def _state(known: Known, each: Differing) -> MilestoneState:
    row = known.row(each.about)
    is_over = row is not None and row.standing.closed_on is not None
    on = known.ends.now.plan.judged_on
    return state_of(known.milestones[each.code], on, is_over=is_over)


#: By what the milestones of a block are ordered.
PLACES: Mapping[str, Callable[[Document, dt.date], Any]] = {
    "late": lambda milestone, on: -lateness([milestone], on).worst_days,
    "done": lambda milestone, _on: milestone["done_on"],
    "dropped": lambda milestone, _on: milestone["dropped_on"],
    "not_done": lambda milestone, _on: milestone["due_on"],
    "added": lambda milestone, _on: milestone["due_on"],
}


def _place(known: Known, code: str, each: Differing) -> Any:
    return PLACES[code](known.milestones[each.code], known.ends.now.plan.judged_on)


def _steps(known: Known, rows: Sequence[Differing]) -> Table:
    """Milestones that were done, dropped, late, planned or left undone."""
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
    milestone, state = known.milestones[each.code], _state(known, each)
    item = known.item("initiative", each.about)
    names = each.fields or ("due_on", "name")
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
            detail=words.tight(_since(known, milestone, state)),
        ),
        Cell(known.why("milestone", milestone["pk"], names)[1] or "–"),
    )


def _since(known: Known, milestone: Document, state: MilestoneState) -> str:
    """The day on which a milestone ended, or by how much it is late."""
    if state == MilestoneState.LATE:
        on = known.ends.now.plan.judged_on
        return words.counted_days(lateness([milestone], on).worst_days)
    return words.day(milestone[ENDED[state]]) if state in ENDED else ""


# ── What else differs ────────────────────────────────────────────────────────────────────────


def _others(known: Known) -> Iterator[Differing]:
    """What the tables do not tell of a milestone or of an initiative's dates."""
    for each in known.found["dates"]:
        if each.kind == "reporting_period" or each.what == "added":
            continue
        told = {"state", *PRECISIONS, *PRECISIONS.values()}
        if each.kind == "milestone":
            told.add(ENDED.get(_state(known, each), ""))
        fields = {name: moved for name, moved in each.fields.items() if name not in told}
        if fields:
            yield replace(each, fields=fields)


def _entry(known: Known, each: Differing) -> BriefEntry:
    """Other details of a milestone or an initiative's dates; or the dates of a period."""
    if each.kind == "reporting_period":
        return _period(known, each)
    item, detail = known.item("initiative", each.about or each.code), known.detail(each.code)
    if each.kind == "milestone":
        item, detail = Link(known.milestones[each.code]["name"], item.url), item.label
    iso, reason = known.why(each.kind, _pk(known, each), each.fields)
    return BriefEntry(
        item=item,
        detail=detail,
        when=known.spelled(iso),
        iso=iso,
        said=reason,
        facts=known.facts(each),
        marks=_marks(known, each),
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
