"""Keep what becomes of an import. None of this is the record: what an import writes is.

So nothing here has an event. The acts that an import is made of have theirs, row by row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from priorities.actions.recording import WriteRefused
from priorities.actions.writing import keepable
from priorities.enums import ImportKind, ImportState
from priorities.models import ImportRun
from priorities.models.intake import packed

#: After so long without a sign of life the process that worked on an import is taken for dead.
DEAD_AFTER = dt.timedelta(minutes=5)

#: What an import at work comes from.
WORK = {ImportState.APPLYING: ImportState.PREVIEWED, ImportState.UNDOING: ImportState.APPLIED}


def keep_upload(
    *,
    kind: ImportKind,
    person: User,
    file_name: str,
    sha256: str,
    size: int,
    notes: list[str],
    table: list[list[str]],
    at: dt.datetime,
) -> ImportRun:
    """Keep a file that was read, until it is applied or thrown away."""
    return ImportRun.objects.create(
        kind=kind.value,
        person=person,
        uploaded_at=at,
        file_name=keepable(file_name)[-200:],
        sha256=sha256,
        size=size,
        notes=notes,
        rows=len(table) - 1,
        packed_table=packed(table),
    )


def keep_mapping(*, run: ImportRun, mapping: Mapping[str, str], decimal_mark: str) -> None:
    """Keep what each column of the file means; an earlier preview is void."""
    _expect(run, ImportState.UPLOADED, ImportState.PREVIEWED)
    run.mapping, run.decimal_mark = dict(mapping), decimal_mark
    run.state = ImportState.UPLOADED.value
    run.save(update_fields=["mapping", "decimal_mark", "state"])


def keep_preview(
    *, run: ImportRun, results: list[dict[str, Any]], counts: Mapping[str, int], message: str = ""
) -> None:
    """Keep what would become of each row."""
    run.packed_results, run.counts, run.message = packed(results), dict(counts), message
    run.state, run.done = ImportState.PREVIEWED.value, 0
    run.save(update_fields=["packed_results", "counts", "message", "state", "done"])


def claim(*, run: ImportRun, state: ImportState, at: dt.datetime) -> bool:
    """Take an import to work on it; False when somebody else has it, or it is done.

    Of two that claim at once one gets it. Work that has given no sign of life for long is taken
    over: what it wrote was rolled back with its process.
    """
    dead = Q(state=state.value, beat_at__lt=at - DEAD_AFTER)
    ready = Q(state=WORK[state].value)
    found = ImportRun.objects.filter(Q(pk=run.pk) & (ready | dead))
    claimed = found.update(state=state.value, beat_at=at, done=0, message="")
    if claimed:
        run.refresh_from_db()
    return bool(claimed)


def beat(*, run: ImportRun, done: int, at: dt.datetime) -> None:
    """Tell how many rows are done, and that the work goes on."""
    ImportRun.objects.filter(pk=run.pk).update(done=done, beat_at=at)


def finish(
    *, run: ImportRun, state: ImportState, results: list[dict[str, Any]], at: dt.datetime, by: str
) -> None:
    """Say that an import is applied or undone, in the transaction that does it."""
    run.state, run.packed_results, run.done = state.value, packed(results), run.rows
    if state is ImportState.APPLIED:
        run.applied_at = at
    else:
        run.undone_at, run.undone_by = at, by
    run.save()


def give_up(*, run: ImportRun, state: ImportState, message: str) -> None:
    """Say why an import was not applied, or not undone: nothing of it was written."""
    ImportRun.objects.filter(pk=run.pk, state=state.value).update(
        state=WORK[state].value, message=message, done=0
    )


def discard(*, run: ImportRun) -> None:
    """Throw away a file that was not applied; that it was there stays to be seen."""
    _expect(run, ImportState.UPLOADED, ImportState.PREVIEWED)
    run.state, run.packed_table, run.packed_results = ImportState.DISCARDED.value, b"", b""
    run.save(update_fields=["state", "packed_table", "packed_results"])


def _expect(run: ImportRun, *states: ImportState) -> None:
    """Refuse what cannot be done to an import any more."""
    run.refresh_from_db(fields=["state"])
    if run.state not in states:
        state = run.get_state_display().lower()
        raise WriteRefused(_("This import is %(state)s by now.") % {"state": state})
