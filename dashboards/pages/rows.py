"""Initiatives as rows of a table, and in raw values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dashboards.pages import words
from dashboards.pages.chrome import marks_url
from dashboards.pages.elements import Cell, Column, Table
from dashboards.pages.raw import raw
from dashboards.pages.reading import Reading
from priorities.enums import InitiativeState
from priorities.queries.standing import InitiativeRow
from priorities.saying import gettext as _


def initiative_table(
    plan: Reading,
    rows: Iterable[InitiativeRow],
    *,
    caption: str,
    with_priority: bool = True,
    with_division: bool = True,
) -> Table:
    """Initiatives with their status, who leads them, how far they are and when they reported.

    Where all of several are marked alike, their column carries the mark, and not each of them; so
    it is with their reports, which say how they stand.
    """
    url = marks_url(plan.visit)
    shown = tuple(rows)
    marks = words.alike([words.marks(row.provenance, url=url) for row in shown])
    told = words.alike([words.marks(row.latest.provenance, url=url) for row in shown if row.latest])
    columns = [Column(_("Initiative"), marks=marks), Column(_("Status"))]
    if with_priority:
        columns.append(Column(_("Priority")))
    if with_division:
        columns.append(Column(_("Lead division")))
    columns += [Column(_("Complete"), numeric=True), Column(_("Newest report"), marks=told)]
    return Table(
        caption=caption,
        columns=tuple(columns),
        rows=tuple(
            _row(
                plan,
                row,
                "" if marks else url,
                "" if told else url,
                with_priority=with_priority,
                with_division=with_division,
            )
            for row in shown
        ),
        empty=_("No initiatives."),
    )


def _row(
    plan: Reading,
    row: InitiativeRow,
    url: str,
    report_url: str,
    *,
    with_priority: bool,
    with_division: bool,
) -> tuple[Cell, ...]:
    """One initiative; it and its report are marked for trust where there is a page to say of it."""
    visit = plan.visit
    cells = [
        Cell(
            row.name,
            visit.link("initiative", plan=plan.code, initiative=row.code),
            detail=row.summary,
            head=True,
            marks=words.marks(row.provenance, url=url) if url else (),
        ),
        state_cell(row),
    ]
    if with_priority:
        cells.append(
            Cell(row.priority, visit.link("priority", plan=plan.code, priority=row.priority))
        )
    if with_division:
        division = plan.division(row.lead_division)
        cells.append(
            Cell(
                division["short_name"] or division["name"],
                visit.link("division", division=division["code"]),
            )
            if division
            else Cell("–")
        )
    percent = row.latest.percent_complete if row.latest else None
    cells.append(Cell("–" if percent is None else f"{percent}%", numeric=True))
    cells.append(report_cell(plan, row, report_url))
    return tuple(cells)


def state_cell(row: InitiativeRow) -> Cell:
    """The pill; of an overdue one also what it said before."""
    standing = row.standing
    detail = ""
    if standing.state == InitiativeState.OVERDUE:
        detail = words.last_said(standing.last_said)
    elif standing.closed_on is not None:
        detail = words.tight(words.day(standing.closed_on))
    elif standing.days_overdue:
        detail = _("first report overdue %(days)s") % {
            "days": words.counted_days(standing.days_overdue)
        }
    return Cell(pill=words.initiative_pill(standing), detail=detail)


def report_cell(plan: Reading, row: InitiativeRow, url: str = "") -> Cell:
    """When the newest report was published; marked for trust when there is a page to say of it."""
    if row.latest is None:
        return Cell("–")
    on = row.latest.published_at.astimezone(plan.visit.tz).date()
    marks = words.marks(row.latest.provenance, url=url) if url else ()
    return Cell(words.tight(words.day(on)), marks=marks)


def initiative_json(plan_code: str, row: InitiativeRow) -> dict[str, Any]:
    """An initiative and how it stands, in raw values."""
    standing, latest, freshness = row.standing, row.latest, row.freshness
    return {
        "plan": plan_code,
        "code": row.code,
        "name": row.name,
        "summary": row.summary,
        "priority": row.priority,
        "lead_division": row.lead_division,
        "start": raw(row.start),
        "end": raw(row.end),
        "ongoing": row.ongoing,
        "citywide": row.citywide,
        "districts": list(row.districts),
        "cadence": row.cadence.value,
        "provenance": row.provenance,
        "state": standing.state.value,
        "decided_by": standing.decided_by.value,
        "last_said": raw(standing.last_said),
        "days_overdue": standing.days_overdue,
        "overdue_since": raw(standing.overdue_since),
        "closed_on": raw(standing.closed_on),
        "percent_complete": latest.percent_complete if latest else None,
        "newest_report": {
            "period_end": raw(latest.period_end),
            "published_at": raw(latest.published_at),
            "lifecycle": latest.lifecycle.value,
            "health": raw(latest.health),
            "provenance": latest.provenance,
        }
        if latest
        else None,
        "next_due": raw(freshness.next_due),
    }
