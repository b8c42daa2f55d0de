"""Bring a file: choose what it holds, upload, match the columns, look, apply, undo."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from priorities.actions import imports as runs
from priorities.clock import real_now
from priorities.enums import ImportKind, ImportState
from priorities.forms.imports import LEAVE_OUT, ColumnsForm, UploadForm
from priorities.interchange import importing
from priorities.interchange.exporting import CONTENT_TYPES, file_of, guide, written
from priorities.interchange.tabular import FileKind
from priorities.labels import label
from priorities.models import ImportRun
from priorities.permissions import Permission
from priorities.queries.value_grid import fiscal_start
from priorities.views import import_work
from priorities.views.doors import Act, kept_form, staff_page
from priorities.views.import_pages import ABOUT, RunPage, how_far, run_lines, run_page


def kind_of(text: str) -> ImportKind:
    """What a file holds, from the address."""
    try:
        return ImportKind(text)
    except ValueError:
        raise Http404(_("There is no such page.")) from None


@require_safe
@staff_page(Permission.IMPORT)
def overview(request: HttpRequest, act: Act) -> HttpResponseBase:
    """What can be imported, and what was."""
    kinds = [(kind.value, label(kind), str(ABOUT[kind])) for kind in ImportKind]
    return render(request, "imports/overview.html", {"kinds": kinds, "runs": run_lines(act.tz)})


def _kind_page(request: HttpRequest, kind: ImportKind, form: UploadForm) -> HttpResponse:
    rows = list(guide(written(kind)))
    context = {
        "kind": kind,
        "title": label(kind),
        "form": form,
        "about": str(ABOUT[kind]),
        "columns": rows[1:],
    }
    return render(request, "imports/kind.html", context)


@require_safe
@staff_page(Permission.IMPORT)
def kind_page(request: HttpRequest, act: Act, kind: str) -> HttpResponseBase:
    """The template to download, what its columns mean, and the upload."""
    return _kind_page(request, kind_of(kind), UploadForm())


@require_safe
@staff_page(Permission.IMPORT)
def template(request: HttpRequest, act: Act, kind: str, file_kind: str) -> HttpResponseBase:
    """A file to fill in: with the present data, or with ``?empty=1`` without."""
    chosen = kind_of(kind)
    if file_kind not in list(FileKind):
        raise Http404(_("There is no such page."))
    month, with_data = fiscal_start(), not request.GET.get("empty")
    pieces = file_of(chosen, FileKind(file_kind), fiscal_start_month=month, with_data=with_data)
    response = StreamingHttpResponse(pieces, content_type=CONTENT_TYPES[FileKind(file_kind)])
    name = f"{chosen.value}-{act.today.isoformat()}.{file_kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@staff_page(Permission.IMPORT)
def upload(request: HttpRequest, act: Act, kind: str) -> HttpResponseBase:
    """Read a file; preview it at once if each of its columns is known."""
    chosen = kind_of(kind)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _kind_page(request, chosen, form)
    table = form.table
    run = importing.uploaded(
        chosen,
        form.content,
        form.cleaned_data["file"].name,
        table,
        person=act.person,
        at=act.now,
    )
    given = importing.incoming(chosen, table)
    known = {str(at): name for at, name in given.mapping.items()}
    mapping: dict[str, Any] = {"columns": known, "likely_comma": table.likely_comma}
    runs.keep_mapping(run=run, mapping=mapping, decimal_mark=form.cleaned_data["decimal_mark"])
    if given.missing or importing.unknown_headers(chosen, table.headers):
        return redirect("priorities:import-columns", pk=run.pk)
    importing.previewed(run, act.today)
    return redirect("priorities:import-run", pk=run.pk)


@staff_page(Permission.IMPORT)
def columns(request: HttpRequest, act: Act, pk: int) -> HttpResponseBase:
    """Say what each column of the file means."""
    found = get_object_or_404(ImportRun, pk=pk)
    if found.state not in (ImportState.UPLOADED, ImportState.PREVIEWED):
        return redirect("priorities:import-run", pk=pk)
    given = importing.of_run(found)
    initial = _chosen(found) if found.counts else {}
    # What was chosen when the session had ended is there again after the sign-in.
    typed = request.POST or kept_form(request)
    form = ColumnsForm(given.kind, given.table, typed, initial=initial)
    if request.method == "POST" and form.is_valid():
        mapping = found.mapping | {"columns": form.mapping}
        runs.keep_mapping(run=found, mapping=mapping, decimal_mark=found.decimal_mark)
        importing.previewed(found, act.today)
        return redirect("priorities:import-run", pk=pk)
    context = {"run": found, "form": form, "title": label(given.kind), "kind": given.kind}
    return render(request, "imports/columns.html", context)


def _chosen(found: ImportRun) -> dict[str, str]:
    """What was said of each column before."""
    mapping = found.mapping.get("columns", {})
    width = len(found.table[0]) - 1
    return {f"column-{at}": mapping.get(str(at), LEAVE_OUT) for at in range(width)}


@require_safe
@staff_page(Permission.IMPORT)
def run(request: HttpRequest, act: Act, pk: int) -> HttpResponseBase:
    """Where an import is: its preview, its progress, or its result by row."""
    found = get_object_or_404(ImportRun.objects.select_related("person"), pk=pk)
    if found.state == ImportState.UPLOADED:
        return redirect("priorities:import-columns", pk=pk)
    page = _page(request, act, found)
    return render(request, "imports/run.html", {"it": page})


def _page(request: HttpRequest, act: Act, found: ImportRun) -> RunPage:
    show, number = request.GET.get("show", ""), request.GET.get("page", "1")
    return run_page(found, act.tz, show=show, number=number)


@require_safe
@staff_page(Permission.IMPORT)
def progress(request: HttpRequest, act: Act, pk: int) -> HttpResponseBase:
    """How far the work is, for the page that waits; when it is over the page is loaded anew."""
    rows = ImportRun.objects.defer("packed_table", "packed_results")
    found = get_object_or_404(rows, pk=pk)
    context = {"run": found, "progress": how_far(found)}
    response = render(request, "imports/progress.html", context)
    if found.state not in runs.WORK:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@staff_page(Permission.IMPORT)
def apply(request: HttpRequest, act: Act, pk: int) -> HttpResponseBase:
    """Apply all rows, as they were shown."""
    found = get_object_or_404(ImportRun.objects.select_related("person"), pk=pk)
    page = _page(request, act, found)
    if not page.may_apply and not page.is_dead:
        messages.error(request, _("This import cannot be applied now. Look at its rows."))
    elif runs.claim(run=found, state=ImportState.APPLYING, at=real_now()):
        import_work.start(importing.applied, found, day=act.today, **act.who)
    return redirect("priorities:import-run", pk=pk)


@require_POST
@staff_page(Permission.IMPORT)
def undo(request: HttpRequest, act: Act, pk: int) -> HttpResponseBase:
    """Take back what was applied."""
    found = get_object_or_404(ImportRun, pk=pk)
    if runs.claim(run=found, state=ImportState.UNDOING, at=real_now()):
        import_work.start(importing.undone, found, day=act.today, **act.who)
    else:
        messages.error(request, _("This import cannot be undone now."))
    return redirect("priorities:import-run", pk=pk)


@require_POST
@staff_page(Permission.IMPORT)
def discard(request: HttpRequest, act: Act, pk: int) -> HttpResponseBase:
    """Throw away a file that was not applied."""
    found = get_object_or_404(ImportRun, pk=pk)
    if found.state in (ImportState.UPLOADED, ImportState.PREVIEWED):
        runs.discard(run=found)
        messages.success(request, _("The file was thrown away. Nothing of it was applied."))
    else:
        messages.error(request, _("This import cannot be thrown away any more."))
    return redirect("priorities:imports")
