"""Tables as people save them, and as the portal writes them."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as some

from priorities.interchange.tabular import FileRefused, csv_lines, read
from priorities.interchange.workbook import workbook

ROWS = [["metric", "value"], ["calls", "1,5"]]
CSV = {
    "commas": 'metric,value\ncalls,"1,5"\n',
    "semicolons": "metric;value\ncalls;1,5\n",
    "tabs": "metric\tvalue\r\ncalls\t1,5\r\n",
    "bars": "metric|value\ncalls|1,5\n",
    "old Mac lines": "metric;value\rcalls;1,5\r",
    "a line that names the separator": "sep=;\r\nmetric;value\r\ncalls;1,5\r\n",
    "blank lines and columns": "\n;;\nmetric;value;;\n\ncalls;1,5;;\n;;;\n",
    "quoted all over": '"metric";"value"\n"calls";"1,5"\n',
}


@pytest.mark.parametrize("text", CSV.values(), ids=CSV)
def test_separators(text: str) -> None:
    assert read(text.encode(), "a.csv").rows == ROWS


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
def test_encodings(encoding: str) -> None:
    table = read("name,value\nSeñal Größe,1\n".encode(encoding), "a.csv")
    assert table.rows[1] == ["Señal Größe", "1"]
    assert bool(table.notes) == (encoding in ("cp1252", "latin-1"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_a_character_zero_is_no_text_in_any_encoding(encoding: str) -> None:
    with pytest.raises(FileRefused, match="is no text, not a table"):
        read("metric,note\nSeñal,half\x00done\n".encode(encoding), "a.csv")


def test_lines_are_counted_as_a_spreadsheet_does() -> None:
    table = read(b'a,b\n\n"one\ntwo",2\n3,4\n', "a.csv")
    assert (table.lines, table.rows[1]) == ([1, 3, 5], ["one\ntwo", "2"])


NOTHING = {
    "a mark of UTF-8": b"\xef\xbb\xbf",
    "a mark of UTF-16": b"\xff\xfe",
    "a mark and line ends": b"\xef\xbb\xbf\r\n\r\n",
    "a no-break space": "\u00a0".encode(),
    "a no-break space in Windows-1252": b"\xa0",
    "a separator of files": b"\x1c\n",
}


@pytest.mark.parametrize("data", NOTHING.values(), ids=NOTHING)
def test_a_file_without_anything_to_read_is_empty(data: bytes) -> None:
    with pytest.raises(FileRefused, match="The file is empty"):
        read(data, "a.csv")


@pytest.mark.parametrize("blank", ["\n", "\r\n", "\r", "   \n", "\x1c\n"])
def test_the_headers_may_come_after_many_blank_lines(blank: str) -> None:
    table = read((blank * 25_000 + "metric;value\ncalls;1,5\n").encode(), "a.csv")
    assert (table.rows, table.lines) == (ROWS, [25_001, 25_002])


def sheet(fill: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    """A workbook filled by hand."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        fill(book)
    return target.getvalue()


def test_a_workbook_is_read_as_it_shows() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet("Cover")
        page = book.add_worksheet("Data")
        percent = book.add_format({"num_format": "0.0%"})
        page.write_row(2, 1, ["share", "error", "number", "truth", "third"])
        page.write(3, 1, 0.874, percent)
        page.write_formula(3, 2, "=1/0", None, "#DIV/0!")
        page.write(3, 3, 0.1 + 0.2)
        page.write(3, 4, True)
        page.write(3, 5, 1 / 3)

    table = read(sheet(fill), "a.xlsx")
    assert table.rows[1] == ["87.4%", "#ERROR!", "0.3", "yes", "0.333333"]
    assert table.lines == [3, 4]
    assert table.notes == ("Only the sheet “Data” was read.",)


def test_more_rows_and_columns_than_can_be_read() -> None:
    with pytest.raises(FileRefused, match="more than 50,000 rows"):
        read(b"a\n" + b"1\n" * 50_001, "a.csv")
    with pytest.raises(FileRefused, match="101 columns; at most 100"):
        read(b",".join([b"a"] * 101), "a.csv")
    with pytest.raises(FileRefused, match="a cell of 20001 characters"):
        read(b"a\n" + b"x" * 20_001, "a.csv")


DANGEROUS = ["=1+1", "+1", "-1+1", "@SUM(A1)", "\tx", "'=1", '=HYPERLINK("http://a")', "＝1"]


def written(rows: list[list[object]], kind: str) -> bytes:
    """Rows as a file."""
    if kind == "csv":
        return "".join(csv_lines([["a", "b"], *rows])).encode()
    return workbook(["a", "b"], rows, title="A")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_text_becomes_a_formula_and_each_comes_back(kind: str) -> None:
    rows: list[list[object]] = [[text, Decimal(-5)] for text in DANGEROUS]
    data = written(rows, kind)
    if kind == "csv":
        lines = data.decode("utf-8-sig").splitlines()[1:]
        cells = [line.split(",")[0].strip('"') for line in lines]
        assert [cell for cell in cells if cell[:1] in "=+-@\t＝"] == []
        assert data.decode().count(",-5") == len(DANGEROUS)
    else:
        import zipfile

        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            page = archive.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in page
        assert b"<hyperlink" not in page
    back = read(data, f"a.{kind}").rows[1:]
    assert back == [[text.strip(), "-5"] for text in DANGEROUS]


#: What people type: all letters and signs, no control characters but line ends.
TEXTS = some.text(
    some.characters(blacklist_categories=["Cs", "Cc", "Co", "Cn"]) | some.just("\n"), max_size=30
).map(str.strip)
NUMBERS = some.decimals(-(10**9), 10**9, places=3, allow_nan=False)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@given(rows=some.lists(some.tuples(TEXTS.filter(bool), NUMBERS), min_size=1, max_size=5))
def test_texts_and_numbers_come_back_as_they_were(
    kind: str, rows: list[tuple[str, Decimal]]
) -> None:
    data = written([list(row) for row in rows], kind)
    back = read(data, f"a.{kind}").rows[1:]
    assert [row[0] for row in back] == [text for text, _number in rows]
    assert [Decimal(row[1]) for row in back] == [number for _text, number in rows]
