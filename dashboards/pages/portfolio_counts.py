"""Counts of initiatives by state, a row for each priority, division or period; nothing averaged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from dashboards.charts.bars import StackedBar
from dashboards.charts.printable import Printable
from dashboards.filters import FACETS
from dashboards.pages import words
from dashboards.pages.elements import Cell
from dashboards.pages.reading import Reading
from dashboards.pages.states import ORDER, state_bar
from dashboards.searching import fold
from priorities.assessment.rollup import SET_ASIDE, Rollup
from priorities.enums import InitiativeState
from priorities.labels import label
from priorities.queries.standing import InitiativeRow
from priorities.saying import gettext as _

#: The states that count; what was set aside is counted together, beside the whole.
COUNTED = tuple(state for state in ORDER if state not in SET_ASIDE)


@dataclass(frozen=True, slots=True)
class CountCell(Printable):
    """One count, under the heading ``label``; leads to what was counted."""

    label: str
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class CountRow(Printable):
    """What is counted together. ``share`` is on track or complete, with what it is of."""

    name: Cell
    bar: StackedBar
    share: str
    cells: tuple[CountCell, ...]


@dataclass(frozen=True, slots=True)
class CountTable(Printable):
    """One way of counting. ``head`` is the heading of the first column."""

    id: str
    title: str
    head: str
    share_head: str
    heads: tuple[str, ...]
    rows: tuple[CountRow, ...]
    note: str = ""


def share_words(counts: Mapping[InitiativeState, int]) -> str:
    """On track or complete, of how many, in percent: "15 of 24 (63%)"."""
    found = Rollup({state: counts.get(state, 0) for state in InitiativeState})
    share = found.share_on_track_or_complete
    if share is None:
        return "–"
    return _("%(n)s of %(of)s (%(percent)s%%)") % {
        "n": words.count(found.on_track_or_complete),
        "of": words.count(found.of),
        "percent": (share * 100).quantize(Decimal(1), ROUND_HALF_UP),
    }


def heads() -> tuple[str, ...]:
    """The headings of the counts."""
    return (*(label(state) for state in COUNTED), _("Set aside"))


def cells_of(
    counts: Mapping[InitiativeState, int], *, url: str = "", query: str = ""
) -> tuple[CountCell, ...]:
    """A count for each heading; each that is not zero leads to its initiatives under ``url``."""
    cells = [
        CountCell(
            label(state),
            words.count(counts.get(state, 0)),
            f"{url}?{query}&status={state.value}" if url and counts.get(state) else "",
        )
        for state in COUNTED
    ]
    aside = sum(counts.get(state, 0) for state in SET_ASIDE)
    return (*cells, CountCell(_("Set aside"), words.count(aside)))


def count_tables(plan: Reading, owned: Mapping[int, str], url: str) -> tuple[CountTable, ...]:
    """How the plan's initiatives stand, by priority and by division, with how many are owned."""
    priorities = [
        (code, f"{code} {document['name']}") for code, document in plan.priorities.items()
    ]
    divisions = sorted(
        ((code, each["name"]) for code, each in plan.found["division"].items()),
        key=lambda one: fold(one[1]),
    )
    return (
        _table(plan, owned, url, "priority", _("By priority"), _("Priority"), priorities),
        _table(plan, owned, url, "division", _("By lead division"), _("Division"), divisions),
    )


def _table(
    plan: Reading,
    owned: Mapping[int, str],
    url: str,
    facet: str,
    title: str,
    head: str,
    values: Iterable[tuple[str, str]],
) -> CountTable:
    """One row for each value that any initiative has, and one for those that have none."""
    groups = _grouped(plan, facet)
    named = [*values, ("", _("None"))]
    rows = tuple(
        _row(plan, owned, url, facet, code, name, groups[code])
        for code, name in named
        if code in groups
    )
    return CountTable(
        id=f"by-{facet}",
        title=title,
        head=head,
        share_head=_("On track or complete"),
        heads=(*heads(), _("With an owner")),
        rows=rows,
    )


def _grouped(plan: Reading, facet: str) -> dict[str, list[InitiativeRow]]:
    """The initiatives by their value of a facet; "" for those without."""
    groups: dict[str, list[InitiativeRow]] = {}
    values = FACETS[facet]
    for row in plan.snapshot.rows:
        groups.setdefault(next(iter(values(row)), ""), []).append(row)
    return groups


def _row(
    plan: Reading,
    owned: Mapping[int, str],
    url: str,
    facet: str,
    code: str,
    name: str,
    rows: list[InitiativeRow],
) -> CountRow:
    counts = Counter(row.state for row in rows)
    carried = {"plan": plan.code} | ({facet: code} if code else {})
    address = plan.visit.carry(url, query=carried)
    path, _mark, query = address.partition("?")
    live = [row for row in rows if row.standing.closed_on is None]
    having = sum(row.pk in owned for row in live)
    told = {"n": words.count(having), "of": words.count(len(live))}
    owner = CountCell(_("With an owner"), _("%(n)s of %(of)s") % told if live else "–")
    return CountRow(
        name=Cell(name, address if code else "", head=True),
        bar=state_bar(f"{facet}-{code or 'none'}-states", name, counts),
        share=share_words(counts),
        cells=(*cells_of(counts, url=path if code else "", query=query), owner),
    )
