"""What is off track or at risk, for the night before a meeting: why, and what is done about it."""

from __future__ import annotations

from collections.abc import Mapping

from dashboards.filters import FACETS, SORT_KEYS, Sort
from dashboards.pages import words
from dashboards.pages.elements import Cell, Column, Link, Table
from dashboards.pages.portfolio_fields import NOTHING, marked
from dashboards.pages.reading import Reading
from dashboards.pages.rows import state_cell
from priorities.enums import InitiativeState
from priorities.queries.between import Told, texts_of
from priorities.queries.standing import InitiativeRow
from priorities.saying import gettext as _

#: What is in trouble by its owner's word.
TROUBLE = (InitiativeState.OFF_TRACK, InitiativeState.AT_RISK)


def trouble_table(
    plan: Reading, owned: Mapping[int, str], most: int, url: str
) -> tuple[Table, Link | None]:
    """The initiatives in trouble, off track first, and the way to the others.

    ``owned``: the owners, by the initiatives' keys; ``url``: where the table of everything stands.
    Queries: one; none when nothing is in trouble.
    """
    snapshot = plan.snapshot
    by_status = snapshot.facet("status", FACETS["status"])
    found = 0
    for state in TROUBLE:
        found |= by_status.get(state.value, 0)
    order = snapshot.order(Sort.STATUS, SORT_KEYS[Sort.STATUS])
    rows = snapshot.page(found, order, 0, most)
    texts = texts_of(row.latest.pk for row in rows if row.latest)
    heads = (_("Initiative"), _("Status"), _("Cause"), _("Recovery"), _("Owner"))
    table = Table(
        caption=_("Off track and at risk"),
        columns=tuple(Column(head) for head in heads),
        rows=tuple(_row(plan, row, owned, texts) for row in rows),
        empty=_("Nothing is off track or at risk."),
    )
    all_of_them = _others(plan, len(rows), found.bit_count(), url)
    return marked(plan.visit, table, [row.provenance for row in rows]), all_of_them


def _row(
    plan: Reading, row: InitiativeRow, owned: Mapping[int, str], texts: Mapping[int, Told]
) -> tuple[Cell, ...]:
    """One initiative, with the texts of its newest report."""
    said = texts.get(row.latest.pk) if row.latest else None
    by = said.recovery_on if said else None
    return (
        Cell(
            row.name,
            plan.visit.link("initiative", plan=plan.code, initiative=row.code),
            head=True,
        ),
        state_cell(row),
        Cell((said.cause if said else "") or NOTHING),
        Cell(
            (said.recovery_step if said else "") or NOTHING,
            detail=_("by %(day)s") % {"day": words.tight(words.day(by))} if by else "",
        ),
        Cell(owned.get(row.pk) or _("Nobody")),
    )


def _others(plan: Reading, shown: int, total: int, url: str) -> Link | None:
    """The way to all initiatives, worst first, when the page does not show all in trouble."""
    if total <= shown:
        return None
    label = _("%(shown)s of %(n)s; all initiatives, worst first") % {
        "shown": words.count(shown),
        "n": words.count(total),
    }
    query = {"plan": plan.code, "sort": Sort.STATUS.value}
    return Link(label, plan.visit.carry(url, query=query))
