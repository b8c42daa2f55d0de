"""`/review/table/`: everything in one table, and what is on the screen as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from dashboards.pages.portfolio_metrics import build_metrics_export, build_portfolio_metrics
from dashboards.pages.portfolio_table import Export, build_portfolio_export, build_portfolio_table
from itaportal.review.doors import framed, of_a_plan, visit_of, ways
from priorities.interchange.exporting import CONTENT_TYPES
from priorities.interchange.tabular import FileKind, csv_lines
from priorities.interchange.workbook import workbook
from priorities.permissions import Permission
from priorities.views.doors import Act, staff_page


@staff_page(Permission.READ_INTERNAL)
def table(request: HttpRequest, act: Act) -> HttpResponseBase:
    """All initiatives, with filters as on the public list and columns to choose."""
    return of_a_plan(request, act, "review/table.html", build_portfolio_table)


@staff_page(Permission.READ_INTERNAL)
def table_csv(request: HttpRequest, act: Act) -> HttpResponseBase:
    """What is on the screen, line by line."""
    return _csv(build_portfolio_export(visit=visit_of(request, act), address=_address(request)))


@staff_page(Permission.READ_INTERNAL)
def table_xlsx(request: HttpRequest, act: Act) -> HttpResponseBase:
    """The same as a workbook, with a sheet that says what it is."""
    return _xlsx(build_portfolio_export(visit=visit_of(request, act), address=_address(request)))


@staff_page(Permission.READ_INTERNAL)
def metrics(request: HttpRequest, act: Act) -> HttpResponseBase:
    """All metrics, with filters as on the public list and columns to choose."""
    page = build_portfolio_metrics(visit=visit_of(request, act), ways=ways(act))
    return framed(request, "review/table.html", page)


@staff_page(Permission.READ_INTERNAL)
def metrics_csv(request: HttpRequest, act: Act) -> HttpResponseBase:
    """What is on the screen, line by line."""
    return _csv(build_metrics_export(visit=visit_of(request, act), address=_address(request)))


@staff_page(Permission.READ_INTERNAL)
def metrics_xlsx(request: HttpRequest, act: Act) -> HttpResponseBase:
    """The same as a workbook, with a sheet that says what it is."""
    return _xlsx(build_metrics_export(visit=visit_of(request, act), address=_address(request)))


def _address(request: HttpRequest) -> str:
    """Where the portal stands, so that a file can say where it came from."""
    return request.build_absolute_uri("/").rstrip("/")


def _csv(found: Export) -> HttpResponseBase:
    lines = csv_lines(_lines(found))
    answer = StreamingHttpResponse(lines, content_type=CONTENT_TYPES[FileKind.CSV])
    return _sent(answer, found, FileKind.CSV)


def _xlsx(found: Export) -> HttpResponseBase:
    body = workbook(
        found.headers, found.rows, title=found.title, guide=found.about, guide_name=found.guide_name
    )
    return _sent(
        HttpResponse(body, content_type=CONTENT_TYPES[FileKind.XLSX]), found, FileKind.XLSX
    )


def _lines(found: Export) -> Iterator[Sequence[object]]:
    yield found.headers
    yield from found.rows


def _sent(response: HttpResponseBase, found: Export, kind: FileKind) -> HttpResponseBase:
    """As a file to keep, under a name that says what it is."""
    response.headers["Content-Disposition"] = f'attachment; filename="{found.name}.{kind}"'
    return response
