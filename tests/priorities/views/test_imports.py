"""The staff pages of imports: each upload has a clear answer, and nothing changes unasked."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import html5lib
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from priorities.enums import Role
from priorities.interchange import tabular
from priorities.interchange.workbook import workbook
from priorities.models import ChangeEvent, ImportRun, Observation
from priorities.views import import_work
from tests import factories as make

pytestmark = pytest.mark.django_db

VALUES = "metric,period,value,reason\ncalls,Q1 2022,11,Counted again\ncalls,Q2 2022,5,\n"


@pytest.fixture
def administrator(client: Client) -> Client:
    """A plan administrator's browser, and a metric with a value."""
    client.force_login(make.grant(Role.PLAN_ADMINISTRATOR).person)
    make.metric(code="calls", name="Calls")
    make.observation(10)
    return client


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a thread does, done before the answer."""

    def start(work: Callable[..., bool], run: ImportRun, **what: Any) -> None:
        work(ImportRun.objects.get(pk=run.pk), **what)

    monkeypatch.setattr(import_work, "start", start)


def send(client: Client, content: str | bytes, name: str = "values.csv", **more: str) -> Any:
    data = content.encode() if isinstance(content, str) else content
    address = reverse("priorities:import-upload", kwargs={"kind": "observations"})
    fields = {"file": SimpleUploadedFile(name, data), **more}
    return client.post(address, fields, follow=True)


def text_of(response: Any) -> str:
    content: bytes = response.content
    return content.decode()


def html_problems(page: str) -> list[str]:
    """Where a page is no valid HTML."""
    parser = html5lib.HTMLParser()
    parser.parse(page)
    return [f"{at}: {code} {data}" for at, code, data in parser.errors]


def act(client: Client, what: str, run: ImportRun) -> str:
    address = reverse(f"priorities:import-{what}", kwargs={"pk": run.pk})
    page = client.post(address, follow=True)
    run.refresh_from_db()
    return text_of(page)


def test_a_file_is_previewed_applied_and_undone(administrator: Client) -> None:
    before = ChangeEvent.objects.count()
    page = text_of(send(administrator, VALUES))
    assert "2 of 2 rows would change something." in page
    assert "<del>10</del>" in page
    assert ChangeEvent.objects.count() == before
    run = ImportRun.objects.get()
    page = act(administrator, "apply", run)
    assert "Applied: 2 of 2 rows changed something." in page
    assert "is set back to the one before it" in page
    assert Observation.objects.filter(superseded_by=None).count() == 2
    assert ChangeEvent.objects.latest("sequence").entered_by == "web"
    page = act(administrator, "undo", run)
    assert "Undone. What was applied and taken back stays on record." in page
    newest = Observation.objects.filter(superseded_by=None).order_by("period_end")
    assert list(newest.values_list("value", flat=True)) == [10, None]


def test_with_an_error_nothing_can_be_applied(administrator: Client) -> None:
    page = text_of(send(administrator, VALUES + "cals,Q1 2022,1,\n"))
    assert "1 of 3 rows has an error, so nothing can be applied yet." in page
    assert "Did you mean “calls”?" in page
    assert "Apply all of it" not in page
    run = ImportRun.objects.get()
    assert "cannot be applied now" in act(administrator, "apply", run)
    assert (run.state, Observation.objects.count()) == ("previewed", 1)


def test_rows_can_be_seen_by_outcome_and_by_page(administrator: Client) -> None:
    rows = "".join(f"calls,{year},1,\n" for year in range(1900, 1960))
    send(administrator, VALUES + rows)
    run = ImportRun.objects.get()
    address = reverse("priorities:import-run", kwargs={"pk": run.pk})
    first = text_of(administrator.get(address))
    assert "1 to 50 of 62 rows" in first
    assert "51 to 62 of 62 rows" in text_of(administrator.get(address + "?page=2"))
    errors = text_of(administrator.get(address + "?show=error"))
    assert "1 to 50 of 60 rows" in errors
    assert html_problems(first) == html_problems(errors) == []


def test_unknown_headers_are_matched_by_hand(administrator: Client) -> None:
    page = send(administrator, "Kennzahl;Zeitraum;Wert\ncalls;Q2 2022;5,5\n")
    assert page.redirect_chain[-1][0].endswith("/columns/")
    assert "Kennzahl" in text_of(page)
    assert "The columns are separated by semicolons." in text_of(page)
    assert html_problems(text_of(page)) == []
    run = ImportRun.objects.get()
    address = reverse("priorities:import-columns", kwargs={"pk": run.pk})
    refused = administrator.post(
        address, {"column-0": "metric", "column-1": "metric", "column-2": "-"}
    )
    assert "This is chosen for “Kennzahl” already." in text_of(refused)
    chosen = {"column-0": "metric", "column-1": "period", "column-2": "value"}
    page = administrator.post(address, chosen, follow=True)
    assert "<ins>5.5</ins>" in text_of(page)


def zip_of(**parts: bytes) -> bytes:
    """A zip with some parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return target.getvalue()


def far_out() -> bytes:
    """A workbook with one cell in its last row and column."""
    good = io.BytesIO(workbook(["metric"], [["calls"]], title="A"))
    target = io.BytesIO()
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(target, "w") as archive:
        for info in source.infolist():
            content = source.read(info)
            if info.filename == "xl/worksheets/sheet1.xml":
                content = content.replace(
                    b"</sheetData>",
                    b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
                )
            archive.writestr(info, content)
    return target.getvalue()


REFUSED: dict[str, tuple[bytes, str, str]] = {
    "nothing in it": (b"", "a.csv", "The file is empty."),
    "nothing but a mark": (b"\xef\xbb\xbf", "a.csv", "The file is empty."),
    "only headers": (b"metric,period,value\n", "a.csv", "nothing below it"),
    "a PDF": (b"%PDF-1.7 ...", "values.csv", "“values.csv” is a PDF, not a table."),
    "a picture": (b"\x89PNG\r\n\x1a\n....", "values.xlsx", "is a picture, not a table."),
    "a web page": (b"<!doctype html><table>", "values.xls", "is a web page or XML, not a table."),
    "an old workbook": (b"\xd0\xcf\x11\xe0....", "a.xlsx", "old or password-protected Excel"),
    "another zip": (zip_of(a=b"1"), "a.xlsx", "is a packed file (zip)."),
    "a document": (zip_of(word__document=b"1"), "a.xlsx", "is a packed file (zip)."),
    "a broken workbook": (zip_of(xl=b"1")[:-9], "a.xlsx", "cannot be opened: it is damaged"),
    "far out": (far_out(), "a.xlsx", "The sheet reaches to row 1048576 and column 16384"),
    "no text": (b"a,b\n\x00\x01\x02", "a.csv", "is no text, not a table."),
    "a quotation mark": (
        b'metric,value\n"calls,' + b"x" * 200_000,
        "a.csv",
        "Line 2 cannot be read: is a quotation mark missing there?",
    ),
}


@pytest.mark.parametrize(("content", "name", "says"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_table_is_refused_in_plain_words(
    administrator: Client, content: bytes, name: str, says: str
) -> None:
    page = text_of(send(administrator, content, name))
    assert says in page.replace("&quot;", '"')
    assert "error-summary" in page
    assert not ImportRun.objects.exists()
    assert html_problems(page) == []


def test_a_workbook_that_unpacks_to_gigabytes_is_not_opened(administrator: Client) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _piece in range(100):
                part.write(b"0" * 1024 * 1024)
    page = text_of(send(administrator, bomb.getvalue(), "a.xlsx"))
    assert "“a.xlsx” unpacks to more than 96 MB, so it was not opened." in page


def test_a_file_of_fifty_megabytes_is_refused_unread(
    administrator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(data: bytes, name: str) -> tabular.Table:
        raise AssertionError("read")

    monkeypatch.setattr("priorities.forms.imports.read", never)
    page = text_of(send(administrator, b"a,b\n" * (13 * 1024 * 1024), "a.csv"))
    assert "The file has 52 MB; at most 10 MB can be imported." in page


def test_a_file_that_is_not_what_its_name_says_is_read_as_what_it_is(
    administrator: Client,
) -> None:
    data = workbook(["metric", "period", "value"], [["calls", "Q2 2022", 7]], title="A")
    page = text_of(send(administrator, data, "values.csv"))
    assert "The name ends in .csv, but it is an Excel workbook" in page
    assert "<ins>7</ins>" in page


def test_what_was_changed_since_the_preview_is_shown_anew(administrator: Client) -> None:
    send(administrator, VALUES)
    make.observation(3, start=make.dt.date(2022, 4, 1), end=make.dt.date(2022, 6, 30))
    run = ImportRun.objects.get()
    page = act(administrator, "apply", run)
    assert "The record has changed since the preview." in page
    assert Observation.objects.count() == 2


def test_a_file_is_thrown_away_with_what_was_in_it(administrator: Client) -> None:
    send(administrator, VALUES)
    run = ImportRun.objects.get()
    assert "The file was thrown away." in act(administrator, "discard", run)
    assert (run.state, run.table) == ("discarded", [])
    assert "cannot be thrown away" in act(administrator, "discard", run)
    assert "cannot be undone" in act(administrator, "undo", run)


def test_work_that_was_interrupted_is_offered_again(
    administrator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(administrator, VALUES)
    run = ImportRun.objects.get()
    with monkeypatch.context() as patch:
        patch.setattr(import_work, "start", lambda *_args, **_what: None)
        page = act(administrator, "apply", run)
    assert "The rows are being applied." in page
    assert '<meta http-equiv="refresh" content="3">' in page
    assert "already" not in page
    waiting = administrator.get(reverse("priorities:import-progress", kwargs={"pk": run.pk}))
    assert "0 of 2 rows checked." in text_of(waiting)
    assert "HX-Refresh" not in waiting.headers
    # Nobody can take it over while it may still be alive.
    act(administrator, "apply", run)
    assert run.state == "applying"
    assert run.beat_at is not None
    run.beat_at -= make.dt.timedelta(minutes=6)
    run.save()
    page = text_of(administrator.get(reverse("priorities:import-run", kwargs={"pk": run.pk})))
    assert "The server stopped in the middle, so nothing of it was written." in page
    assert "Applied: 2 of 2" in act(administrator, "apply", run)
    over = administrator.get(reverse("priorities:import-progress", kwargs={"pk": run.pk}))
    assert over.headers["HX-Refresh"] == "true"


@pytest.mark.parametrize("name", ["imports", "tokens"])
def test_the_pages_are_valid(administrator: Client, name: str) -> None:
    send(administrator, VALUES)
    make.token()
    assert html_problems(text_of(administrator.get(reverse(f"priorities:{name}")))) == []


@pytest.mark.parametrize("kind", ["observations", "targets", "metrics", "initiatives", "people"])
def test_each_kind_has_its_page_and_templates(administrator: Client, kind: str) -> None:
    page = administrator.get(reverse("priorities:import-kind", kwargs={"kind": kind}))
    assert html_problems(text_of(page)) == []
    for file_kind in ("csv", "xlsx"):
        address = reverse(
            "priorities:import-template", kwargs={"kind": kind, "file_kind": file_kind}
        )
        full = administrator.get(address)
        assert full.headers["Content-Disposition"].endswith(f'.{file_kind}"')
        rows = tabular.read(full.getvalue(), f"a.{file_kind}").rows  # type: ignore[attr-defined]
        empty = administrator.get(address + "?empty=1").getvalue()  # type: ignore[attr-defined]
        assert tabular.read(empty, f"a.{file_kind}").rows == rows[:1]


def test_an_unknown_kind_or_file_is_not_found(administrator: Client) -> None:
    for address in (
        "/manage/import/budgets/",
        "/manage/import/observations/template.pdf",
        "/manage/import/runs/99/",
    ):
        assert administrator.get(address).status_code == 404
