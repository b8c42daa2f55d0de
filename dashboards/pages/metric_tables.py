"""The tables of a metric's page: values, breakdown, corrections, targets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal

from dashboards.pages import words
from dashboards.pages.chrome import marks_url
from dashboards.pages.elements import Cell, Column, Mark, Table
from dashboards.pages.metric_known import Known
from dashboards.pages.telling import category_words
from priorities.enums import Accumulation, Calendar, Quality
from priorities.labels import label
from priorities.queries.metric_facts import FactRow
from priorities.saying import gettext as _

#: How many periods stand side by side in the breakdown.
BROKEN_DOWN_PERIODS = 4

Span = tuple[dt.date | None, dt.date]


def values_table(known: Known) -> Table:
    """The values in force, newest first, beside the target of the same period."""
    targets: dict[Span, FactRow] = {(t.start, t.end): t for t in known.facts.targets if t.in_force}
    totals: dict[Span, FactRow] = {(row.start, row.end): row for row in known.facts.totals()}
    periods = sorted(
        {*totals, *(key for key in targets if key[0] is not None)},
        key=lambda key: (key[1], key[0] or key[1]),
        reverse=True,
    )
    calendar = Calendar(known.metric["calendar"])
    columns = (
        Column(_("Period") if calendar == Calendar.IRREGULAR else label(calendar)),
        Column(_("Actual"), numeric=True),
        Column(_("Target"), numeric=True),
        Column(_("Note")),
        Column(_("Source")),
    )
    rows = [_value_row(known, totals.get(key), targets.get(key), key) for key in periods]
    # A column of targets or notes without one says nothing: a dated target stands below.
    kept = [
        place
        for place in range(len(columns))
        if place not in (2, 3) or any(row[place].text not in ("", "—") for row in rows)
    ]
    return Table(
        caption=_("Values of %(metric)s") % {"metric": known.metric["name"]},
        columns=tuple(columns[place] for place in kept),
        rows=tuple(tuple(row[place] for place in kept) for row in rows),
        empty=_("No value has been reported yet."),
    )


def _value_row(
    known: Known, row: FactRow | None, target: FactRow | None, key: Span
) -> tuple[Cell, ...]:
    source = row if row is not None and row.source else target or row
    return (
        Cell(known.period(*key), head=True, marks=_marks(known, row or target)),
        _value_cell(known, row),
        Cell(target_text(known, target) if target else "—", numeric=True),
        Cell(_value_note(known, row, target)),
        Cell(source.source, url=source.source_url) if source else Cell(),
    )


def _marks(known: Known, row: FactRow | None) -> tuple[Mark, ...]:
    return words.marks(row.provenance, url=marks_url(known.visit)) if row else ()


def _value_cell(known: Known, row: FactRow | None) -> Cell:
    if row is None:
        return Cell("—", numeric=True)
    if row.value is None:
        return Cell("—", detail=words.missing(row.missing), numeric=True)
    return Cell(words.quantity(row.value, known.unit), numeric=True, strong=row.in_force)


def target_text(known: Known, target: FactRow) -> str:
    """A target's value, or its range."""
    if target.value is not None:
        return words.quantity(target.value, known.unit)
    ends = [words.quantity(v, known.unit) for v in (target.low, target.high) if v is not None]
    return "–".join(ends)


def _value_note(known: Known, row: FactRow | None, target: FactRow | None) -> str:
    """What there is to know about a value: an estimate, a correction, a note."""
    parts: list[str] = []
    if row is not None:
        if row.quality == Quality.PROVISIONAL and row.value is not None:
            parts.append(_("Estimate"))
        before = next((r for r in known.facts.observations if r.pk == row.supersedes), None)
        if before is not None:
            parts.append(_("Restated from %(value)s") % {"value": known.value(before)})
        parts.append(row.note)
    if target is not None:
        if target.supersedes is not None:
            parts.append(_("Target changed"))
        parts.append(target.note)
    return ". ".join(part.rstrip(".") for part in parts if part)


def breakdown_table(known: Known) -> Table | None:
    """The newest values by category, the newest period first; none where there are none."""
    rows = [row for row in known.facts.observations if row.in_force and row.categories]
    if not rows:
        return None
    periods = sorted({(row.start, row.end) for row in rows}, key=lambda key: key[1], reverse=True)
    shown = periods[:BROKEN_DOWN_PERIODS]
    by_place = {(row.categories, row.start, row.end): row for row in rows}
    totals = {(row.start, row.end): row for row in known.facts.totals()}
    lines = [
        (
            Cell(category_words(known.found, each), head=True, marks=_marks_of(known, rows, each)),
            *(
                _share_cell(known, by_place.get((each, *period)), totals.get(period))
                for period in shown
            ),
        )
        for each in _in_order(known, {row.categories for row in rows})
    ]
    total = (
        Cell(_("Total"), head=True),
        *(_value_cell(known, totals.get(period)) for period in shown),
    )
    return Table(
        caption=_("%(metric)s by %(dimensions)s")
        % {"metric": known.metric["name"], "dimensions": dimension_words(known)},
        columns=(
            Column(dimension_words(known).capitalize()),
            *(Column(known.period(*period), numeric=True) for period in shown),
        ),
        rows=(*lines, total),
    )


def _marks_of(known: Known, rows: Iterable[FactRow], categories: str) -> tuple[Mark, ...]:
    return _marks(known, next(row for row in rows if row.categories == categories))


def _in_order(known: Known, categories: Iterable[str]) -> list[str]:
    """Categories in the order of their dimensions."""
    order = {code: place for place, code in enumerate(known.found.get("category", {}))}

    def place(text: str) -> tuple[list[int], str]:
        codes = [pair.replace("=", "/", 1) for pair in text.split(";")]
        return [order.get(code, len(order)) for code in codes], text

    return sorted(categories, key=place)


def dimension_words(known: Known) -> str:
    """What the values are broken down by: "language"."""
    names = {
        pair.partition("=")[0]
        for row in known.facts.observations
        for pair in row.categories.split(";")
        if pair
    }
    found = known.found.get("dimension", {})
    return words.joined(
        [words.lowered(found[name]["name"]) if name in found else name for name in sorted(names)]
    )


def _share_cell(known: Known, row: FactRow | None, total: FactRow | None) -> Cell:
    """A value with its share of the total, where parts add up to one."""
    cell = _value_cell(known, row)
    adds_up = known.metric["accumulation"] in (Accumulation.PERIOD, Accumulation.CUMULATIVE)
    if row is None or row.value is None or total is None or not total.value or not adds_up:
        return cell
    share = words.number(row.value / total.value * Decimal(100))
    return Cell(cell.text, detail=f"{share}%", numeric=True)


def revisions_table(known: Known) -> Table | None:
    """Every value that was corrected and what replaced it; none when nothing ever was."""
    rows = [row for row in known.facts.observations if not row.in_force or row.supersedes]
    if not rows:
        return None
    return Table(
        caption=_("Values that were corrected"),
        columns=(
            Column(_("Period")),
            Column(_("Value"), numeric=True),
            Column(_("Published")),
            Column(_("State")),
            Column(_("Why it was corrected")),
        ),
        rows=tuple(_revision_row(known, row) for row in _newest_first(rows)),
    )


def _revision_row(known: Known, row: FactRow) -> tuple[Cell, ...]:
    period = known.period(row.start, row.end)
    if row.categories:
        period = f"{period}, {category_words(known.found, row.categories)}"
    return (
        Cell(period, head=True, marks=_marks(known, row)),
        _value_cell(known, row),
        Cell(words.day(known.published_on(row))),
        Cell(_("In force") if row.in_force else _("Replaced")),
        Cell(row.reason, detail=row.source if row.in_force else ""),
    )


def targets_table(known: Known) -> Table | None:
    """Every target ever set, replaced ones included."""
    if not known.facts.targets:
        return None
    return Table(
        caption=_("Targets, as set and as changed"),
        columns=(
            Column(_("For")),
            Column(_("Target"), numeric=True),
            Column(_("Adopted")),
            Column(_("By authority of")),
            Column(_("State")),
        ),
        rows=tuple(_target_row(known, row) for row in _newest_first(known.facts.targets)),
    )


def _target_row(known: Known, row: FactRow) -> tuple[Cell, ...]:
    when = (
        known.period(row.start, row.end)
        if row.start
        else _("by %(day)s") % {"day": words.day(row.end)}
    )
    return (
        Cell(when, head=True, marks=_marks(known, row)),
        Cell(target_text(known, row), numeric=True, strong=row.in_force),
        Cell(words.day(row.adopted_on) if row.adopted_on else ""),
        Cell(row.source, url=row.source_url),
        Cell(_("In force") if row.in_force else _("Replaced"), detail=row.reason),
    )


def _newest_first(rows: Sequence[FactRow]) -> list[FactRow]:
    return sorted(rows, key=lambda row: (row.end, row.published_at, row.pk), reverse=True)
