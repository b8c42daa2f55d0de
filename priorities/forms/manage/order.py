"""An order, by numbers or by moving one row up or down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from priorities.forms.manage.base import PlainForm, reason_field

#: Before the key of a row whose place is typed.
PLACE = "place_"
#: Digits of a number that is no place any more.
LONGEST = 10


@dataclass(frozen=True, slots=True)
class Place:
    """One row in the list: the values of its buttons, and which of them takes the focus again."""

    row: Any
    up: str
    down: str
    focus: str


class OrderForm(PlainForm):
    """One number for each row. A number typed twice keeps the rows in the order they had."""

    reason = reason_field()

    def __init__(self, *args: Any, rows: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(rows)
        for at, row in enumerate(self.rows, 1):
            self.fields[f"{PLACE}{row.pk}"] = forms.IntegerField(
                label=_("Place of %(name)s") % {"name": row},
                min_value=1,
                initial=at,
                required=False,
            )

    def places(self) -> Iterator[Place]:
        """The rows in their order, as the page lists them."""
        for row in self.ordered():
            up, down = f"up:{row.pk}", f"down:{row.pk}"
            yield Place(row, up, down, self.moved if self.moved in (up, down) else "")

    @property
    def moved(self) -> str:
        """The button that was pressed, e.g. "up:12"; it takes the focus again."""
        return str(self.data.get("move", ""))

    def ordered(self) -> list[Any]:
        """The rows in the order typed, after the move that was asked for."""
        places = {row.pk: self._place(row.pk, at) for at, row in enumerate(self.rows, 1)}
        rows = sorted(self.rows, key=lambda row: places[row.pk])
        way, _colon, key = self.moved.partition(":")
        at = next((at for at, row in enumerate(rows) if str(row.pk) == key), None)
        to = None if at is None else at + {"up": -1, "down": 1}.get(way, 0)
        if at is not None and to is not None and 0 <= to < len(rows):
            rows[at], rows[to] = rows[to], rows[at]
        return rows

    def _place(self, pk: int, at: int) -> int:
        """The number typed for a row; where it stood when that is no number."""
        typed = str(self.data.get(f"{PLACE}{pk}", "")).strip()
        return int(typed) if typed.isdecimal() and len(typed) < LONGEST else at
