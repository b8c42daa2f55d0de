"""A file on its way in: read, matched, judged row by row, applied all or nothing, undone as one.

The commands and the staff pages both come here. What is judged is never written before all of it
is right, and what is written is what was shown.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from priorities.actions import imports as runs
from priorities.actions.recording import Actor
from priorities.clock import real_now
from priorities.enums import ImportKind, ImportState, RowOutcome
from priorities.interchange.cells import common_decimal_mark
from priorities.interchange.columns import COLUMNS, Form, Reading, matched
from priorities.interchange.items import Initiatives, Metrics
from priorities.interchange.observations import Observations
from priorities.interchange.people import People
from priorities.interchange.rows import Importer, Judged, Record, Results, Setting, Told
from priorities.interchange.tabular import FileKind, Table
from priorities.interchange.targets import Targets
from priorities.models import ChainHead, ImportRun
from priorities.queries.value_grid import fiscal_start

logger = logging.getLogger(__name__)

IMPORTERS: Mapping[ImportKind, type[Importer]] = {
    ImportKind.OBSERVATIONS: Observations,
    ImportKind.TARGETS: Targets,
    ImportKind.METRICS: Metrics,
    ImportKind.INITIATIVES: Initiatives,
    ImportKind.PEOPLE: People,
}

#: A sign of life is given after so many rows.
BEAT_EVERY = 500

#: What needs writing.
WRITTEN = (RowOutcome.CREATE, RowOutcome.CHANGE)


class ImportRefused(Exception):
    """An import that cannot be applied; the message is for a person."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A table with what its columns mean, ready to be judged."""

    kind: ImportKind
    table: Table
    mapping: Mapping[int, str]
    decimal_mark: str = ""

    @property
    def missing(self) -> list[str]:
        """The columns that are needed and that the file does not have."""
        given = set(self.mapping.values())
        needed = [column for column in COLUMNS[self.kind] if column.required]
        return [str(column.words) for column in needed if column.name not in given]

    def records(self) -> list[Record]:
        """The rows below the headers."""
        lines = zip(self.table.lines[1:], self.table.rows[1:], strict=True)
        return [
            Record(line, {name: row[at] for at, name in self.mapping.items()})
            for line, row in lines
        ]

    def reading(self) -> Reading:
        """How the numbers of each column are written: as told, else as they themselves tell."""
        numbers = {c.name for c in COLUMNS[self.kind] if c.form in (Form.NUMBER, Form.WHOLE)}
        marks = {}
        for at, name in self.mapping.items():
            if name in numbers:
                column = (row[at] for row in self.table.rows[1:])
                mark = self.decimal_mark or common_decimal_mark(column)
                if mark:
                    marks[name] = mark
        return Reading(marks, strict=self.table.likely_comma and not self.decimal_mark)


def incoming(kind: ImportKind, table: Table, decimal_mark: str = "") -> Incoming:
    """A table whose headers name their columns; unknown ones are left out."""
    mapping = matched(table.headers, COLUMNS[kind])
    shown = {column.name for column in COLUMNS[kind] if column.shown_only}
    used = {at: name for at, name in mapping.items() if name not in shown}
    return Incoming(kind, table, used, decimal_mark)


def unknown_headers(kind: ImportKind, headers: Sequence[str]) -> list[int]:
    """The places of headers that name no column."""
    known = matched(headers, COLUMNS[kind])
    return [at for at, header in enumerate(headers) if header and at not in known]


def setting(day: dt.date, reading: Reading) -> Setting:
    """What rows are judged by besides themselves. Queries: one."""
    return Setting(day, fiscal_start(), reading)


def judged(
    given: Incoming, day: dt.date, told: Told = lambda _done: None
) -> tuple[Importer, list[Judged]]:
    """What becomes of each row. Errors: ``ImportRefused`` when a needed column is missing."""
    if given.missing:
        message = _("These columns are missing: %(columns)s.")
        raise ImportRefused(message % {"columns": ", ".join(given.missing)})
    importer = IMPORTERS[given.kind](setting(day, given.reading()))
    records = given.records()
    importer.load(records)
    rows = []
    for done, record in enumerate(records, start=1):
        rows.append(importer.judge(record))
        if done % BEAT_EVERY == 0:
            told(done)
    return importer, rows


def counted(rows: Sequence[Judged]) -> dict[str, int]:
    """How many rows of each outcome, in the order of the outcomes."""
    counts = Counter(row.outcome for row in rows)
    return {outcome.value: counts[outcome] for outcome in RowOutcome if counts[outcome]}


def written(importer: Importer, rows: list[Judged], told: Told, **who: Any) -> None:
    """Apply what was judged: all, or, with one error, nothing.

    Errors: ``ImportRefused``, with the row, for what only shows when it is written.
    """
    if any(row.outcome is RowOutcome.ERROR for row in rows):
        raise ImportRefused(_("Some rows have errors, so nothing is applied."))
    acting = [row for row in rows if row.outcome in WRITTEN]
    try:
        with transaction.atomic():
            ChainHead.objects.select_for_update().get(id=1)
            importer.apply(acting, told, **who)
    except ValidationError as error:
        said = " ".join(error.messages)
        at = getattr(error, "at", None)
        if at is not None:
            message = _("Row %(line)s: %(said)s Nothing was applied.")
            raise ImportRefused(message % {"line": acting[at].line, "said": said}) from None
        raise ImportRefused(_("%(said)s Nothing was applied.") % {"said": said}) from None


# ── The runs of the staff pages ──────────────────────────────────────────────────────────────


def uploaded(
    kind: ImportKind, data: bytes, name: str, table: Table, *, person: User, at: dt.datetime
) -> ImportRun:
    """Keep a file that was read."""
    return runs.keep_upload(
        kind=kind,
        person=person,
        file_name=name,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        notes=list(table.notes),
        table=[["", *table.headers], *_numbered(table)],
        at=at,
    )


def _numbered(table: Table) -> list[list[str]]:
    """The rows, each behind its line in the file."""
    lines = zip(table.lines[1:], table.rows[1:], strict=True)
    return [[str(line), *row] for line, row in lines]


def of_run(run: ImportRun) -> Incoming:
    """The table that a run keeps, with what its columns mean."""
    kept = run.table
    table = Table(
        rows=[row[1:] for row in kept],
        lines=[1, *(int(row[0]) for row in kept[1:])],
        kind=FileKind.CSV,  # what the file was does not matter any more
        likely_comma=bool(run.mapping.get("likely_comma")),
    )
    columns = {int(at): name for at, name in run.mapping.get("columns", {}).items()}
    return Incoming(ImportKind(run.kind), table, columns, run.decimal_mark)


def previewed(run: ImportRun, day: dt.date) -> None:
    """Judge each row of a run, and keep that with it."""
    _importer, rows = judged(of_run(run), day)
    runs.keep_preview(run=run, results=[row.kept() for row in rows], counts=counted(rows))


def applied(run: ImportRun, *, by: Actor, now: dt.datetime, day: dt.date) -> bool:
    """Apply a run that was claimed, as it was previewed; whether it came about.

    The rows are judged again, since the record may have changed; signs of life are given
    meanwhile. Then all is written in one transaction, and the run says so in the same one. When a
    row comes out otherwise than it was shown, nothing is written and the preview is made anew.
    """
    shown = [_shown(row) for row in run.results]
    given = of_run(run)

    def told(done: int) -> None:
        runs.beat(run=run, done=done, at=real_now())

    def work() -> bool:
        newest = ChainHead.objects.get(id=1).sequence
        importer, rows = judged(given, day, told)
        runs.beat(run=run, done=len(rows), at=real_now())
        with transaction.atomic():
            head = ChainHead.objects.select_for_update().get(id=1)
            kept = ImportRun.objects.select_for_update().get(pk=run.pk)
            if kept.state != ImportState.APPLYING:
                return False
            if head.sequence != newest:
                importer, rows = judged(given, day)
            results = [row.kept() for row in rows]
            if [_shown(row) for row in results] != shown:
                message = _("The record has changed since the preview. Look at the rows again.")
                runs.keep_preview(run=kept, results=results, counts=counted(rows), message=message)
                return False
            written(importer, rows, lambda _done: None, by=by, now=now)
            results = [row.kept() for row in rows]
            runs.finish(run=kept, state=ImportState.APPLIED, results=results, at=now, by=by.name)
        return True

    return _at_work(run, ImportState.APPLYING, work)


def undone(run: ImportRun, *, by: Actor, now: dt.datetime, day: dt.date) -> bool:
    """Take back what a run wrote, as one act; whether it came about."""

    def work() -> bool:
        importer = IMPORTERS[ImportKind(run.kind)](setting(day, Reading()))
        reason = _("Import undone: %(file)s") % {"file": run.file_name}
        with transaction.atomic():
            ChainHead.objects.select_for_update().get(id=1)
            kept = ImportRun.objects.select_for_update().get(pk=run.pk)
            if kept.state != ImportState.UNDOING:
                return False
            results: Results = kept.results
            stayed = set(importer.undo(results, reason, lambda _done: None, by=by, now=now))
            for row in results:
                row["stayed"] = row["line"] in stayed
            runs.finish(run=kept, state=ImportState.UNDONE, results=results, at=now, by=by.name)
        return True

    return _at_work(run, ImportState.UNDOING, work)


def _at_work(run: ImportRun, state: ImportState, work: Callable[[], bool]) -> bool:
    """Do it; if it fails, say why on the run."""
    try:
        return work()
    except (ImportRefused, ValidationError) as error:
        said = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        runs.give_up(run=run, state=state, message=said)
    except Exception:
        logger.exception("import %s failed", run.pk)
        message = _("Something went wrong, and nothing was written. It has been noted; try again.")
        runs.give_up(run=run, state=state, message=message)
    return False


def _shown(row: dict[str, Any]) -> tuple[Any, ...]:
    """What a preview shows of a row."""
    changes = [tuple(change) for change in row["changes"]]
    return row["line"], row["outcome"], row["what"], changes, row["errors"]
