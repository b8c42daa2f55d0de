"""What the pages of imports show: each string made here, each list evaluated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from priorities import spelling
from priorities.actions.imports import DEAD_AFTER, WORK
from priorities.clock import real_now
from priorities.enums import ImportKind, ImportState, RowOutcome
from priorities.interchange.columns import COLUMNS
from priorities.interchange.importing import WRITTEN
from priorities.labels import label
from priorities.models import ImportRun

ROWS_A_PAGE = 50

#: The mark of each outcome, in the tones of the state pills.
TONES = {
    RowOutcome.CREATE: "complete",
    RowOutcome.CHANGE: "at-risk",
    RowOutcome.UNCHANGED: "neutral",
    RowOutcome.BLANK: "neutral",
    RowOutcome.ERROR: "off-track",
}

#: What undoing does, said before it is done.
UNDO = {
    ImportKind.OBSERVATIONS: gettext_lazy(
        "Each value that this import corrected is set back to the one before it. Each value that "
        "was new is corrected to “Not published”; its period still counts as reported. The public "
        "record keeps all of them, with the reason “Import undone”. A value that somebody has "
        "corrected since stays as it is."
    ),
    ImportKind.TARGETS: gettext_lazy(
        "Each target that this import changed is set back, with the reason “Import undone”. A "
        "target that was new stays: targets are replaced, never taken off the record."
    ),
    ImportKind.METRICS: gettext_lazy(
        "Each metric that this import changed gets its earlier wording back, unless somebody has "
        "changed it since. Each metric that it created is hidden from the public, not deleted."
    ),
    ImportKind.INITIATIVES: gettext_lazy(
        "Each initiative that this import changed gets its earlier wording back, unless somebody "
        "has changed it since. Each one that it created is hidden from the public, not deleted."
    ),
    ImportKind.PEOPLE: gettext_lazy(
        "Each offer that is not answered is withdrawn, and each new account deactivated. Whoever "
        "has accepted meanwhile keeps what they accepted, and their account."
    ),
}

ABOUT = {
    ImportKind.OBSERVATIONS: gettext_lazy("New values, and corrections of earlier ones."),
    ImportKind.TARGETS: gettext_lazy("New targets, and changes with their reason."),
    ImportKind.METRICS: gettext_lazy("New metrics, and the wording of those there are."),
    ImportKind.INITIATIVES: gettext_lazy("New initiatives, and the wording of those there are."),
    ImportKind.PEOPLE: gettext_lazy("New accounts, and offers of what to answer for."),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One row of the file as the page shows it."""

    line: int
    outcome: str
    tone: str
    what: str
    changes: tuple[tuple[str, str, str], ...]
    errors: tuple[str, ...]
    note: str
    stayed: bool


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows have an outcome, and the way to see them alone."""

    outcome: str
    label: str
    tone: str
    number: str
    current: bool


@dataclass(frozen=True, slots=True)
class RunPage:
    """One import on its way."""

    run: ImportRun
    kind: ImportKind
    title: str
    lead: str
    facts: tuple[tuple[str, str], ...]
    counts: tuple[Count, ...]
    total: str
    page: Page[Any]
    rows: tuple[Told, ...]
    show: str
    may_apply: bool
    may_change: bool
    undo: str
    is_working: bool
    is_dead: bool
    progress: str
    stayed: int


def run_page(run: ImportRun, tz: ZoneInfo, *, show: str = "", number: str = "1") -> RunPage:
    """An import as it stands. Queries: none besides those that loaded it."""
    kind, state = ImportKind(run.kind), ImportState(run.state)
    counts = run.counts
    results = run.results
    stayed = sum(bool(row.get("stayed")) for row in results)
    chosen = [row for row in results if show in ("", row["outcome"])]
    page = Paginator(chosen, ROWS_A_PAGE).get_page(number)
    changing = sum(counts.get(outcome.value, 0) for outcome in WRITTEN)
    has_errors = bool(counts.get(RowOutcome.ERROR.value))
    beat = run.beat_at
    return RunPage(
        run=run,
        kind=kind,
        title=_("%(what)s from %(file)s") % {"what": label(kind), "file": run.file_name},
        lead=lead(run, changing),
        facts=facts(run, tz),
        counts=tuple(_counts(counts, show)),
        total=f"{run.rows:,}",
        page=page,
        rows=tuple(_told(kind, row) for row in page.object_list),
        show=show,
        may_apply=state is ImportState.PREVIEWED and not has_errors and changing > 0,
        may_change=state in (ImportState.UPLOADED, ImportState.PREVIEWED),
        undo=str(UNDO[kind]) if state is ImportState.APPLIED else "",
        is_working=state in WORK,
        is_dead=state in WORK and (beat is None or real_now() - beat > DEAD_AFTER),
        progress=how_far(run),
        stayed=stayed,
    )


def lead(run: ImportRun, changing: int) -> str:
    """The state of things in a sentence."""
    counts, state = run.counts, ImportState(run.state)
    errors = counts.get(RowOutcome.ERROR.value, 0)
    numbers = {"changing": f"{changing:,}", "rows": f"{run.rows:,}", "errors": f"{errors:,}"}
    if state is ImportState.PREVIEWED and errors:
        said = ngettext(
            "%(errors)s of %(rows)s rows has an error, so nothing can be applied yet.",
            "%(errors)s of %(rows)s rows have errors, so nothing can be applied yet.",
            errors,
        )
        return said % numbers
    if state is ImportState.PREVIEWED and not changing:
        return _("Nothing would change: the portal says all of this already.")
    words = {
        ImportState.UPLOADED: _("Say what each column holds. Nothing is changed before you apply."),
        ImportState.PREVIEWED: _(
            "%(changing)s of %(rows)s rows would change something. Nothing is changed before you "
            "apply."
        ),
        ImportState.APPLYING: _("The rows are being applied. You may leave this page."),
        ImportState.APPLIED: _("Applied: %(changing)s of %(rows)s rows changed something."),
        ImportState.UNDOING: _("The import is being undone. You may leave this page."),
        ImportState.UNDONE: _("Undone. What was applied and taken back stays on record."),
        ImportState.DISCARDED: _("Thrown away. Nothing of it was applied."),
    }
    return words[state] % numbers


def facts(run: ImportRun, tz: ZoneInfo) -> tuple[tuple[str, str], ...]:
    """Where the file comes from, and what was done with it."""
    rows = [
        (_("Uploaded"), f"{spelling.moment(run.uploaded_at, tz)}, {run.person}"),
        (_("File"), _("%(rows)s rows, SHA-256 %(sha)s…") % _of_file(run)),
    ]
    if run.applied_at:
        rows.append((_("Applied"), spelling.moment(run.applied_at, tz)))
    if run.undone_at:
        rows.append((_("Undone"), f"{spelling.moment(run.undone_at, tz)}, {run.undone_by}"))
    return tuple(rows)


def _of_file(run: ImportRun) -> dict[str, str]:
    return {"rows": f"{run.rows:,}", "sha": run.sha256[:12]}


def _counts(counts: dict[str, int], show: str) -> list[Count]:
    found = [RowOutcome(code) for code in counts]
    return [
        Count(one.value, label(one), TONES[one], f"{counts[one]:,}", show == one.value)
        for one in found
    ]


def _told(kind: ImportKind, row: dict[str, Any]) -> Told:
    outcome = RowOutcome(row["outcome"])
    words = {column.name: str(column.words) for column in COLUMNS[kind]}
    return Told(
        line=row["line"],
        outcome=label(outcome),
        tone=TONES[outcome],
        what=row["what"],
        changes=tuple((words[name], old, new) for name, old, new in row["changes"]),
        errors=tuple(row["errors"]),
        note=row["note"],
        stayed=bool(row.get("stayed")),
    )


def how_far(run: ImportRun) -> str:
    """How far the work is."""
    if run.state == ImportState.UNDOING:
        return _("Everything is taken back in one step.")
    if run.done >= run.rows:
        return _("All rows are checked; now they are written in one step.")
    message = _("%(done)s of %(rows)s rows checked.")
    return message % {"done": f"{run.done:,}", "rows": f"{run.rows:,}"}


@dataclass(frozen=True, slots=True)
class RunLine:
    """One import in the list of all."""

    pk: int
    kind: str
    file_name: str
    state: str
    who: str
    when: str


def run_lines(tz: ZoneInfo, most: int = 20) -> list[RunLine]:
    """The newest imports. Queries: one."""
    rows = ImportRun.objects.select_related("person").defer("packed_table", "packed_results")
    return [
        RunLine(
            run.pk,
            label(ImportKind(run.kind)),
            run.file_name,
            label(ImportState(run.state)),
            str(run.person),
            spelling.moment(run.uploaded_at, tz),
        )
        for run in rows[:most]
    ]
