"""What the portal holds, in the columns in which it is read back: files, templates to fill in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.utils.translation import gettext as _

from priorities.assessment.periods import Period
from priorities.enums import Calendar, ImportKind
from priorities.interchange.columns import COLUMNS, EMPTY, Cell, Column, Form
from priorities.interchange.dates import show_period
from priorities.interchange.tabular import FileKind, csv_lines
from priorities.interchange.workbook import workbook
from priorities.labels import label
from priorities.models import (
    Assignment,
    Initiative,
    Metric,
    Observation,
    Priority,
    Target,
)

Row = list[object]

#: What a file of each kind is called, and what it is sent as.
CONTENT_TYPES = {
    FileKind.CSV: "text/csv; charset=utf-8",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def written(kind: ImportKind) -> tuple[Column, ...]:
    """The columns that a file of that kind is written with."""
    return tuple(column for column in COLUMNS[kind] if not column.instead)


def file_of(
    kind: ImportKind, file_kind: FileKind, *, fiscal_start_month: int = 7, with_data: bool = True
) -> Iterable[bytes]:
    """A file to fill in, with the present data or empty; piece by piece, in bounded memory."""
    columns = written(kind)
    headers = [column.name for column in columns]
    rows: Iterable[Row] = rows_of(kind, fiscal_start_month) if with_data else ()
    if file_kind is FileKind.CSV:
        return (line.encode() for line in csv_lines(_all(headers, rows)))
    return [workbook(headers, rows, title=label(kind), guide=guide(columns))]


def _all(headers: list[str], rows: Iterable[Row]) -> Iterator[list[object]]:
    yield list(headers)
    yield from rows


def guide(columns: Iterable[Column]) -> Iterator[list[str]]:
    """What each column holds, for the second sheet of a workbook and for the page."""
    yield [_("Column"), _("Meaning"), _("What to write")]
    for column in columns:
        parts = [_("Required.")] if column.required else []
        parts += [str(column.help)] if column.help else []
        if column.choices:
            choices = ", ".join(f"{one.value} ({label(one)})" for one in column.choices)
            parts.append(_("One of: %(choices)s.") % {"choices": choices})
        elif column.form is Form.YES_NO:
            parts.append(_("yes or no."))
        elif column.form is Form.DAY:
            parts.append(_("A day such as 2022-06-30."))
        elif column.form is Form.CODES:
            parts.append(_("Several are separated by semicolons."))
        yield [column.name, str(column.words), " ".join(parts)]
    empties = _("Empties the field. A blank cell leaves it as it is.")
    yield [EMPTY, _("In any column"), empties]


def rows_of(kind: ImportKind, fiscal_start_month: int = 7) -> Iterator[Row]:
    """Each row of a kind as typed cells, in the order of ``written``."""
    makers: dict[ImportKind, Callable[[int], Iterator[Row]]] = {
        ImportKind.OBSERVATIONS: _observations,
        ImportKind.TARGETS: _targets,
        ImportKind.METRICS: lambda _month: _items(Metric, ImportKind.METRICS),
        ImportKind.INITIATIVES: lambda _month: _items(Initiative, ImportKind.INITIATIVES),
        ImportKind.PEOPLE: lambda _month: _people(),
    }
    return makers[kind](fiscal_start_month)


def _period(metric: Metric, start: object, end: object, month: int) -> str:
    period = Period(start, end)  # type: ignore[arg-type]
    return show_period(period, Calendar(metric.calendar), fiscal_start_month=month)


def _observations(month: int) -> Iterator[Row]:
    """The value in force of each period."""
    rows = Observation.objects.filter(superseded_by__isnull=True).select_related("metric")
    for row in rows.order_by("metric__order", "metric__code", "period_end", "pk").iterator(500):
        yield [
            row.metric.code,
            row.metric.name,
            _period(row.metric, row.period_start, row.period_end, month),
            row.categories,
            row.value,
            row.missing_reason,
            row.quality,
            row.note,
            row.source,
            row.source_url,
            "",
        ]


def _targets(month: int) -> Iterator[Row]:
    """The target in force of each period or day."""
    rows = Target.objects.filter(superseded_by__isnull=True).select_related("metric")
    for row in rows.order_by("metric__order", "metric__code", "period_end", "pk").iterator(500):
        start, end = row.period_start, row.period_end
        yield [
            row.metric.code,
            row.metric.name,
            "" if start is None else _period(row.metric, start, end, month),
            end if start is None else None,
            row.value,
            row.low,
            row.high,
            row.adopted_on,
            row.authority,
            row.authority_url,
            row.note,
            "",
        ]


def _items(model: type[Metric] | type[Initiative], kind: ImportKind) -> Iterator[Row]:
    """Metrics or initiatives."""
    nested = {"priorities": "priorities__plan", "initiatives": "initiatives__plan"}
    many = [nested.get(field.name, field.name) for field in model._meta.many_to_many]
    one = ("plan", "priority") if model is Initiative else ()
    rows = model._default_manager.select_related("lead_division", *one).prefetch_related(*many)
    columns = written(kind)
    for row in rows.iterator(200):
        yield [flat(cell_of(row, column)) for column in columns]


def flat(cell: Cell) -> object:
    """A cell of a file: a list on one line."""
    return "; ".join(cell) if isinstance(cell, tuple) else cell


def _people() -> Iterator[Row]:
    """Each person, with each item that was offered or accepted; once without any."""
    items = ("initiative__plan", "metric", "person")
    rows = Assignment.objects.filter(state__in=("offered", "accepted")).select_related(*items)
    by_person: dict[int, list[Assignment | None]] = {}
    for row in rows.order_by("pk"):
        by_person.setdefault(row.person_id, []).append(row)
    for person in get_user_model().objects.filter(is_active=True).order_by("email"):
        held: list[Assignment | None] = by_person.get(person.pk) or [None]
        for asked in held:
            initiative = asked.initiative.item_code if asked and asked.initiative else ""
            metric = asked.metric.code if asked and asked.metric else ""
            role, state = (asked.role, asked.state) if asked else ("", "")
            yield [person.email, person.name, initiative, metric, role, state]


def cell_of(row: models.Model, column: Column) -> Cell:
    """What stands in a column for a row: references by their codes."""
    field = row._meta.get_field(column.name)
    if isinstance(field, models.ManyToManyField):
        return tuple(sorted(reference(item, row) for item in getattr(row, column.name).all()))
    value = getattr(row, column.name)
    if isinstance(field, models.ForeignKey):
        return None if value is None else reference(value, row)
    return tuple(str(part) for part in value) if isinstance(value, list) else value


def reference(item: Any, row: models.Model) -> str:
    """The code that stands for another row; within a plan a priority's own code is enough."""
    if isinstance(item, Priority) and isinstance(row, Initiative):
        return item.code
    return str(item.item_code)
