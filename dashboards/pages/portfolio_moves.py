"""The dates that moved most: how often, by how much, and what was said for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import ngettext

from dashboards.pages import words
from dashboards.pages.elements import Cell, Column, Table
from dashboards.pages.portfolio_fields import marked
from dashboards.pages.reading import Reading
from priorities.models import Milestone
from priorities.queries.portfolio import Promise, moved_promises
from priorities.queries.publication import Document, documents, later_changes
from priorities.saying import gettext as _


def moves_table(plan: Reading, most: int) -> tuple[Table, str]:
    """The dates of the plan that moved most often, and a sentence about all that moved.

    Queries: three.
    """
    as_of, head = plan.visit.as_of, f"{plan.code}/"
    known = plan.snapshot.by_code
    moved = [
        one
        for one in moved_promises(plan.code, as_of)
        if one.initiative.removeprefix(head) in known
    ]
    shown = moved[:most]
    steps = _steps(plan, shown)
    table = Table(
        caption=_("Dates that moved most"),
        columns=(
            Column(_("What was promised")),
            Column(_("Moved"), numeric=True),
            Column(_("First promised for")),
            Column(_("Now")),
            Column(_("Later by"), numeric=True),
            Column(_("Reason of the last move")),
        ),
        rows=tuple(_row(plan, one, steps) for one in shown),
        empty=_("No date has moved."),
    )
    trust = [_trust(plan, one, steps) for one in shown]
    return marked(plan.visit, table, trust), _note(moved)


def _trust(plan: Reading, one: Promise, steps: Mapping[int, Document]) -> str:
    """How far what was promised can be trusted: the milestone, else the initiative."""
    if one.item_type == Milestone.ITEM_TYPE and one.item_id in steps:
        return str(steps[one.item_id]["provenance"])
    return plan.snapshot.by_code[one.initiative.partition("/")[2]].provenance


def _steps(plan: Reading, shown: Sequence[Promise]) -> dict[int, Document]:
    """The milestones among them, by their key. Queries: two."""
    keys = [one.item_id for one in shown if one.item_type == Milestone.ITEM_TYPE]
    as_of = plan.visit.as_of
    undo = later_changes(Milestone, as_of=as_of, plan_code=plan.code)
    found = documents(Milestone.objects.filter(pk__in=keys), as_of=as_of, undo=undo)
    return {each["pk"]: each for each in found["milestone"].values()}


def _row(plan: Reading, one: Promise, steps: dict[int, Document]) -> tuple[Cell, ...]:
    row = plan.snapshot.by_code[one.initiative.partition("/")[2]]
    step = steps.get(one.item_id) if one.item_type == Milestone.ITEM_TYPE else None
    precision = step["due_precision"] if step else "day"
    times = ngettext("once", "%(n)s times", one.moves) % {"n": words.count(one.moves)}
    late = words.counted_days(abs(one.days)) if one.days else "–"
    return (
        Cell(
            step["name"] if step else _("End of the initiative"),
            plan.visit.link("initiative", plan=plan.code, initiative=row.code),
            detail=row.name,
            head=True,
        ),
        Cell(times, numeric=True, strong=one.moves > 2),
        Cell(words.tight(words.dated(one.first, precision))),
        Cell(words.tight(words.dated(one.now, precision))),
        Cell(_("%(days)s earlier") % {"days": late} if one.days < 0 else late, numeric=True),
        Cell(one.reason or "–"),
    )


def _note(moved: Sequence[Promise]) -> str:
    """How many dates moved, and how many of them three times or more."""
    if not moved:
        return ""
    often = sum(one.moves > 2 for one in moved)
    said = ngettext("%(n)s date has moved", "%(n)s dates have moved", len(moved)) % {
        "n": words.count(len(moved))
    }
    if often:
        more = ngettext(
            "%(n)s of them three times or more", "%(n)s of them three times or more", often
        )
        said = f"{said}, {more % {'n': words.count(often)}}"
    return f"{said}."
