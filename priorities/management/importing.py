"""What the ``import_…`` commands share: read a file, show what it would do, apply it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from priorities import clock
from priorities.actions.recording import Actor
from priorities.enums import ImportKind, RowOutcome
from priorities.interchange.columns import COLUMNS
from priorities.interchange.importing import (
    ImportRefused,
    counted,
    incoming,
    judged,
    unknown_headers,
    written,
)
from priorities.interchange.rows import Judged
from priorities.interchange.tabular import MOST_BYTES, FileRefused, Table, read, too_large
from priorities.labels import label
from priorities.queries.head import head

#: So many rows are told in full; the rest are counted.
MOST_TOLD = 50


class ImportCommand(BaseCommand):
    """Imports one kind of file, all of it or nothing, as the staff pages do."""

    kind: ImportKind
    help = _("Import a CSV or Excel file: all of it, or nothing.")

    def add_arguments(self, parser: CommandParser) -> None:
        """Which file, and whether to apply it."""
        parser.add_argument("file", type=Path, metavar="FILE", help=_("CSV or .xlsx"))
        parser.add_argument(
            "--dry-run", action="store_true", help=_("Say what each row would do; change nothing.")
        )
        parser.add_argument(
            "--decimal-mark",
            choices=(".", ","),
            default="",
            help=_("What stands before the decimals, where the file does not tell."),
        )

    def handle(self, *args: object, **options: Any) -> None:
        """Judge every row, tell what it does, and apply if none has an error."""
        table = self.table(options["file"])
        given = incoming(self.kind, table, options["decimal_mark"])
        self.tell_headers(table)
        now = clock.now()
        try:
            importer, rows = judged(given, now.astimezone(head().zone).date())
            self.tell(rows, options["verbosity"])
            errors = sum(row.outcome is RowOutcome.ERROR for row in rows)
            if errors:
                message = _("%(errors)s of %(rows)s rows have errors; nothing was changed.")
                raise CommandError(message % {"errors": errors, "rows": len(rows)})
            if options["dry_run"]:
                self.stdout.write(_("Nothing was changed: this was a dry run."))
                return
            actor = Actor(name=f"manage.py import_{self.kind.value}", door="command")
            written(importer, rows, lambda _done: None, by=actor, now=now)
        except ImportRefused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(_("Applied."))

    def table(self, path: Path) -> Table:
        """The table in the file."""
        try:
            if (size := path.stat().st_size) > MOST_BYTES:
                raise CommandError(too_large(size))
            table = read(path.read_bytes(), path.name)
        except OSError as error:
            message = _("%(path)s cannot be read: %(why)s.")
            why = error.strerror or str(error)
            raise CommandError(message % {"path": path, "why": why}) from None
        except FileRefused as refused:
            raise CommandError(str(refused)) from None
        for note in table.notes:
            self.stdout.write(note)
        return table

    def tell_headers(self, table: Table) -> None:
        """Name the columns that nobody reads."""
        unknown = [table.headers[at] for at in unknown_headers(self.kind, table.headers)]
        if unknown:
            known = ", ".join(c.name for c in COLUMNS[self.kind] if not c.shown_only)
            message = _("Not read: %(unknown)s. The columns are: %(known)s.")
            self.stdout.write(message % {"unknown": ", ".join(unknown), "known": known})

    def tell(self, rows: list[Judged], verbosity: int) -> None:
        """What becomes of the rows: errors first, then changes, then how many of each."""
        quiet = (RowOutcome.UNCHANGED, RowOutcome.BLANK)
        worth = [row for row in rows if verbosity > 1 or row.outcome not in quiet]
        worth.sort(key=lambda row: (row.outcome is not RowOutcome.ERROR, row.line))
        for row in worth[: None if verbosity > 1 else MOST_TOLD]:
            changes = "; ".join(f"{name}: {old or '∅'} → {new}" for name, old, new in row.changes)
            said = " ".join(row.errors) or changes
            note = f" ({row.note})" if row.note else ""
            self.stdout.write(f"{row.line:>6}  {label(row.outcome)}  {row.what}  {said}{note}")
        if len(worth) > MOST_TOLD and verbosity < 2:
            more = _("… and %(more)s rows more; --verbosity 2 tells all.")
            self.stdout.write(more % {"more": len(worth) - MOST_TOLD})
        counts = (f"{label(RowOutcome(code))}: {n}" for code, n in counted(rows).items())
        self.stdout.write(", ".join(counts))
