"""What changed between two dates, in words: counts, states then and now, events by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from django.utils.formats import date_format
from django.utils.translation import ngettext, pgettext

from dashboards.pages import elements, words
from dashboards.pages.changes_span import Moved, Span
from dashboards.pages.elements import Cell, Column, Table
from dashboards.pages.telling import Names, tell
from dashboards.visit import Visit
from priorities.enums import Visibility
from priorities.queries.changes import Change
from priorities.saying import gettext as _

#: What a reader may pick, and the item types of each.
KINDS: Mapping[str, tuple[str, ...]] = {
    "reports": ("status_update",),
    "values": ("observation",),
    "targets": ("target", "baseline"),
    "milestones": ("milestone",),
    "budget": ("budget_line",),
    "review": ("question", "answer", "review_rating", "frozen_brief"),
    "plan": ("plan", "priority", "initiative", "metric", "reporting_period", "meeting", "division"),
}
#: As many initiatives as the table of states shows.
MOST_MOVED = 100


@dataclass(frozen=True, slots=True)
class Day:
    """The changes of one day."""

    title: str
    iso: str
    changes: tuple[elements.Change, ...]


def kind_names() -> dict[str, str]:
    """What each kind of change is called."""
    return {
        "reports": _("Status reports"),
        "values": _("Values"),
        "targets": _("Targets and baselines"),
        "milestones": _("Milestones"),
        "budget": _("Budget lines"),
        "review": _("Questions and ratings"),
        "plan": _("Structure and wording"),
    }


def kind_counts(counts: Mapping[str, int]) -> dict[str, int]:
    """How many changes of each kind."""
    return {kind: sum(counts.get(each, 0) for each in types) for kind, types in KINDS.items()}


def counts_words(span: Span, counts: Mapping[str, int], moved: int) -> tuple[str, str]:
    """The first sentence, in its strong part and the rest."""
    days = {"since": words.day(span.since.day), "until": words.day(span.until.day)}
    total = sum(counts.values())
    if not total:
        return _("Nothing changed in public"), _(
            " between the end of %(since)s and the end of %(until)s."
        ) % days
    lead = ngettext("%(n)s change", "%(n)s changes", total) % {"n": words.count(total)}
    told = [_told(kind, n) for kind, n in kind_counts(counts).items() if n]
    rest = _(" between %(since)s and %(until)s: %(clauses)s.") % {
        **days,
        "clauses": words.joined(told),
    }
    if moved:
        rest += " " + ngettext(
            "The status of %(n)s initiative changed.",
            "The status of %(n)s initiatives changed.",
            moved,
        ) % {"n": words.count(moved)}
    else:
        rest += " " + _("No initiative's status changed.")
    return lead, rest


def _told(kind: str, n: int) -> str:
    """A kind in a sentence: "24 status reports"."""
    forms = {
        "reports": ngettext("%(n)s status report", "%(n)s status reports", n),
        "values": ngettext("%(n)s value", "%(n)s values", n),
        "targets": ngettext("%(n)s target or baseline", "%(n)s targets or baselines", n),
        "milestones": ngettext("%(n)s milestone", "%(n)s milestones", n),
        "budget": ngettext("%(n)s budget line", "%(n)s budget lines", n),
        "review": ngettext("%(n)s question or rating", "%(n)s questions or ratings", n),
        "plan": ngettext(
            "%(n)s change of structure or wording", "%(n)s changes of structure or wording", n
        ),
    }
    return forms[kind] % {"n": words.count(n)}


def moved_table(visit: Visit, span: Span, moved: Sequence[Moved]) -> Table:
    """Each initiative that moved: what it showed then, and what it shows now."""
    return Table(
        caption=_("Initiatives whose status changed"),
        columns=(
            Column(_("Initiative")),
            Column(_("On %(day)s") % {"day": words.day(span.since.day)}),
            Column(_("On %(day)s") % {"day": words.day(span.until.day)}),
        ),
        rows=tuple(_moved_row(visit, span, each) for each in moved[:MOST_MOVED]),
    )


def _moved_row(visit: Visit, span: Span, moved: Moved) -> tuple[Cell, ...]:
    was, now = moved.was, moved.now
    if now is not None:
        url = visit.link("initiative", plan=span.after.code, initiative=now.code)
        name = Cell(now.name, url, head=True)
    else:
        name = Cell(_("An initiative that is no longer public"), head=True)
    return (
        name,
        Cell(_("Not in the plan yet"))
        if was is None
        else Cell(pill=words.initiative_pill(was.standing)),
        Cell(_("Withdrawn")) if now is None else Cell(pill=words.initiative_pill(now.standing)),
    )


def tell_days(visit: Visit, names: Names, changes: Iterable[Change]) -> tuple[Day, ...]:
    """Events by day, in their order; what is no longer public is told without its name."""

    def day_of(change: Change) -> dt.date:
        return change.at.astimezone(visit.tz).date()

    return tuple(
        Day(words.day(day), day.isoformat(), tuple(_tell(visit, names, each) for each in found))
        for day, found in groupby(changes, key=day_of)
    )


def _tell(visit: Visit, names: Names, change: Change) -> elements.Change:
    """One event of a day, by its time."""
    at = change.at.astimezone(visit.tz)
    when, iso = date_format(at, pgettext("time", "g:i a")), at.isoformat(timespec="seconds")
    for told in tell(visit, names, (change,)):
        return replace(told, when=when, iso=iso)
    return elements.Change(when=when, iso=iso, before=withdrawn_words(change))


def withdrawn_words(change: Change) -> str:
    """An event of an item that the public no longer sees: without its name or its texts."""
    if change.item_type == change.subject_type and change.new("visibility") == Visibility.INTERNAL:
        return _("An item was withdrawn from public view.")
    return _("A change to an item that has since been withdrawn from public view.")


def is_named(visit: Visit, names: Names, change: Change) -> bool:
    """Is the subject of an event public at the later date?"""
    return names.of(visit, change.subject_type, change.subject_code) is not None
