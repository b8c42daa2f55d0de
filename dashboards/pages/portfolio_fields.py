"""Columns that may be chosen: one description for the page and for the files made of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Generic, TypeVar

from dashboards.filters import one_of
from dashboards.pages import words
from dashboards.pages.chrome import marks_url
from dashboards.pages.elements import Cell, Option, Table
from dashboards.visit import Visit

#: What stands for nothing on the page; in a file the cell is empty.
NOTHING = "–"
#: What stands in a cell of a file: typed, so that it can be counted and sorted.
Value = str | int | Decimal | dt.date | None
#: The name of the choice in an address.
ASKED = "columns"

Facts = TypeVar("Facts")
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Field(Generic[Facts, Row]):
    """One column. ``value`` is what a file holds; ``cell``, where given, what the page shows."""

    code: str
    head: str
    meaning: str
    value: Callable[[Facts, Row], Value]
    cell: Callable[[Facts, Row], Cell] | None = None
    numeric: bool = False

    def shown(self, facts: Facts, row: Row) -> Cell:
        """What the page shows."""
        if self.cell is not None:
            return self.cell(facts, row)
        value = self.value(facts, row)
        match value:
            case None | "":
                return Cell(NOTHING, numeric=self.numeric)
            case dt.date():
                return Cell(words.tight(words.day(value)))
            case int():
                return Cell(words.count(value), numeric=True)
            case Decimal():
                return Cell(words.number(value, exact=True), numeric=True)
        return Cell(value, numeric=self.numeric)


Fields = tuple[Field[Any, Any], ...]


def chosen_fields(visit: Visit, known: Fields, usual: Collection[str]) -> Fields:
    """The columns that the address asks for, the first before all; the usual ones for none.

    Errors: ``BadQuestion`` for a column that does not exist.
    """
    codes = [field.code for field in known]
    asked = [
        one_of(ASKED, code.strip(), codes)
        for text in visit.query.getlist(ASKED)
        for code in text.split(",")
        if code.strip()
    ]
    wanted = {codes[0], *(asked or usual)}
    return tuple(field for field in known if field.code in wanted)


def carried(chosen: Fields, usual: Collection[str]) -> dict[str, str]:
    """The choice as it stands in an address; nothing for the usual columns."""
    codes = [field.code for field in chosen[1:]]
    if set(codes) == set(usual):
        return {}
    return {ASKED: ",".join(codes) or chosen[0].code}


def options(chosen: Fields, known: Sequence[Field[Any, Any]]) -> tuple[Option, ...]:
    """What may be chosen; the first column always stands there."""
    codes = {field.code for field in chosen}
    return tuple(Option(each.code, each.head, selected=each.code in codes) for each in known[1:])


def marked(visit: Visit, table: Table, trust: Sequence[str]) -> Table:
    """A table whose rows say how far they can be trusted, by the provenance of each.

    Where all of several are marked alike, their column carries the mark, and not each of them.
    """
    url = marks_url(visit)
    if len(trust) > 1 and len(set(trust)) == 1:
        first, *rest = table.columns
        marks = words.marks(trust[0], url=url)
        return replace(table, columns=(replace(first, marks=marks), *rest))
    rows = (
        (replace(first, marks=words.marks(each, url=url)), *rest)
        for (first, *rest), each in zip(table.rows, trust, strict=True)
    )
    return replace(table, rows=tuple(rows))
