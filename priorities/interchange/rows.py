"""One row of a file, and what an import does with it."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from priorities.actions.writing import unkeepable
from priorities.enums import RowOutcome
from priorities.interchange.cells import CellError
from priorities.interchange.columns import EMPTY, Cell, Column, Reading, parse, show

#: Told how many rows are done.
Told = Callable[[int], None]
#: What an import did with its rows, as it is kept with the run.
Results = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Record:
    """One row as it was read: the line in the file, and the text of each known column."""

    line: int
    cells: dict[str, str]


@dataclass(slots=True)
class Judged:
    """What becomes of one row, and why.

    ``changes``: (column, old, new) in the words of cells. ``act``: what ``apply`` needs to do it.
    ``made``: keys of what was written, so that it can be undone.
    """

    line: int
    outcome: RowOutcome
    what: str = ""
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    note: str = ""
    act: Any = None
    made: dict[str, int] = field(default_factory=dict)

    def kept(self) -> dict[str, Any]:
        """The row as it is kept with its run."""
        return {
            "line": self.line,
            "outcome": self.outcome.value,
            "what": self.what,
            "changes": [list(change) for change in self.changes],
            "errors": self.errors,
            "note": self.note,
            "made": self.made,
        }


@dataclass(frozen=True, slots=True)
class Setting:
    """What rows are judged by besides themselves: the day, and how the agency and file write."""

    day: dt.date
    fiscal_start_month: int = 7
    reading: Reading = field(default_factory=Reading)


class Trouble(Exception):
    """All that is wrong with one row."""

    def __init__(self, *messages: str) -> None:
        super().__init__(*messages)
        self.messages = list(messages)


class Importer(ABC):
    """How the rows of one kind of file are judged, applied and undone."""

    columns: tuple[Column, ...]
    #: Whether the rows are written by the thousand.
    by_the_thousand = False

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.by_name = {column.name: column for column in self.columns}
        self.seen: dict[object, int] = {}

    @abstractmethod
    def load(self, records: list[Record]) -> None:
        """Read what is there already, in a constant number of statements."""

    @abstractmethod
    def judge_read(self, record: Record, cells: dict[str, Cell]) -> Judged:
        """What becomes of a row whose cells were read. Errors: ``Trouble``, ``CellError``."""

    @abstractmethod
    def apply(self, rows: list[Judged], told: Told, **who: Any) -> None:
        """Write what is new and what changes, through the actions."""

    @abstractmethod
    def undo(self, results: Results, reason: str, told: Told, **who: Any) -> list[int]:
        """Take back what an import wrote; the lines of what had to stay."""

    def judge(self, record: Record) -> Judged:
        """What becomes of a row."""
        try:
            return self.judge_read(record, self.read(record))
        except Trouble as trouble:
            errors = trouble.messages
        except CellError as error:
            errors = [str(error)]
        return Judged(record.line, RowOutcome.ERROR, self.named(record), errors=errors)

    def read(self, record: Record) -> dict[str, Cell]:
        """The cells of a row that say something. Errors: ``Trouble`` with all that is wrong."""
        cells: dict[str, Cell] = {}
        wrong = []
        for name, text in record.cells.items():
            column = self.by_name[name]
            if not text or column.shown_only:
                continue
            if said := unkeepable(text):
                wrong.append(f"{column.words}: {said}")
                continue
            try:
                cells[name] = EMPTY if text == EMPTY else parse(column, text, self.setting.reading)
            except CellError as error:
                wrong.append(f"{column.words}: {error}")
        if wrong:
            raise Trouble(*wrong)
        return cells

    def named(self, record: Record) -> str:
        """What a row is about, for a row that could not be read: its first columns."""
        texts = [record.cells.get(column.name, "") for column in self.columns[:3]]
        return " · ".join(text[:60] for text in texts if text)

    def once(self, key: object, line: int) -> None:
        """Refuse a second row about the same thing."""
        if key in self.seen:
            message = _("Row %(line)s says something of the same already. Keep one of the two.")
            raise Trouble(message % {"line": self.seen[key]})
        self.seen[key] = line

    def demand(self, cells: dict[str, Cell], *names: str) -> None:
        """Refuse a row in which a needed cell is blank."""
        blank = [str(self.by_name[n].words) for n in names if cells.get(n) in (None, EMPTY)]
        if blank:
            raise Trouble(_("Fill in: %(columns)s.") % {"columns": ", ".join(blank)})


def differences(
    given: Iterable[tuple[str, Cell]], now: dict[str, str]
) -> list[tuple[str, str, str]]:
    """What a row says otherwise than it is: (column, old, new)."""
    told = [(name, "" if cell == EMPTY else show(cell)) for name, cell in given]
    return [(name, now[name], new) for name, new in told if new != now[name].strip()]


def messages(error: ValidationError, columns: dict[str, Column]) -> list[str]:
    """What a refusal says, each with the words of its column."""
    if not hasattr(error, "error_dict"):
        return [str(message) for message in error.messages]
    said = []
    for name, texts in error.message_dict.items():
        words = f"{columns[name].words}: " if name in columns else ""
        said += [f"{words}{text}" for text in texts]
    return said
