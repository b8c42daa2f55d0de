"""Excel workbooks: looked through before they are opened, read as what they show, and written.

A workbook is a zip of XML. One that unpacks to gigabytes, or that has one cell in its last row
and column, would fill the memory of the reader; so both are seen here first.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from priorities.interchange.cells import MOST_DECIMALS, is_ambiguous
from priorities.interchange.tabular import (
    MOST_CHARACTERS,
    MOST_COLUMNS,
    MOST_ROWS,
    FileKind,
    FileRefused,
    Table,
    refuse_beyond,
)

#: What a workbook may unpack to, all its parts together.
MOST_UNPACKED = 96 * 1024 * 1024
MOST_PARTS = 1000

_PLACE = re.compile(rb"""\br=["']([A-Z]{0,3})(\d{1,7})["']""")
#: Where anything says that it stands, however it is written and in whatever part: a reader that
#: meets one cell far out takes memory for all between.
_ANYWHERE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]*)(\d+)["']""")
_TAG = re.compile(rb"<(?:\w+:)?(c|row)\s([^<>]*)>")
_STYLE = re.compile(rb"""\bs=["'](\d{1,7})["']""")
_IS_ERROR = re.compile(rb"""\bt=["']e["']""")
#: The number formats of Excel's own that show percents.
_PERCENT_FORMATS = {9, 10}


#: What stands for a cell in which the spreadsheet itself shows an error.
ERROR = "#ERROR!"


@dataclass(frozen=True, slots=True)
class Marks:
    """The (row, column) of each cell of a sheet that shows a percent, or an error."""

    percents: frozenset[tuple[int, int]] = frozenset()
    errors: frozenset[tuple[int, int]] = frozenset()


NOTHING = Marks()


def read_workbook(data: bytes, name: str) -> Table:
    """The first sheet with anything on it, each cell as the text that it shows.

    Errors: ``FileRefused``.
    """
    marks = _looked_through(data, name)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = book.sheet_names
        rows: list[list[str]] = []
        lines: list[int] = []
        title = ""
        for at in range(len(names)):
            sheet = book.get_sheet_by_index(at)
            if sheet.height:
                rows, lines = _rows(sheet, marks.get(at, NOTHING))
                title = names[at]
                break
    except (CalamineError, ValueError, OSError) as error:
        if isinstance(error, FileRefused):
            raise
        raise _broken(name) from None
    notes = []
    if any(other not in (title, guide_title()) for other in names):
        notes.append(_("Only the sheet “%(title)s” was read.") % {"title": title})
    return Table(rows, lines, FileKind.XLSX, tuple(notes))


def _rows(sheet: Any, marks: Marks) -> tuple[list[list[str]], list[int]]:
    """The rows that hold anything. The reader leaves out empty columns on the left, not rows."""
    first = sheet.start[1] + 1
    rows: list[list[str]] = []
    lines: list[int] = []
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = [
            ERROR if (number, at) in marks.errors else shown(cell, (number, at) in marks.percents)
            for at, cell in enumerate(row, start=first)
        ]
        if any(cells):
            rows.append(cells)
            lines.append(number)
            refuse_beyond(len(rows))
    return rows, lines


def shown(cell: object, is_percent: bool = False) -> str:
    """A cell as the text that its reader sees.

    Spreadsheets keep 87% as 0.87 and count in binary; so fifteen digits are kept and, where a
    formula made them endless, six decimals.

    >>> shown(89.0), shown(0.1 + 0.2), shown(0.87, True), shown(1 / 3), shown(True)
    ('89', '0.3', '87%', '0.333333', 'yes')
    >>> shown(1.234), shown(1234.0)
    ('1.2340', '1234')
    >>> shown(dt.datetime(2022, 6, 30)), shown(dt.date(2022, 6, 30)), shown(" Calls "), shown(None)
    ('2022-06-30', '2022-06-30', 'Calls', '')
    """
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case int() | float():
            number = Decimal(f"{cell:.15g}") * (100 if is_percent else 1)
            if -int(number.as_tuple().exponent) > MOST_DECIMALS:
                number = number.quantize(Decimal(1).scaleb(-MOST_DECIMALS), ROUND_HALF_UP)
            text = f"{number.normalize():f}"
            # A typed number is no question of separators: 1.2340 cannot be read as 1234.
            text += "0" if is_ambiguous(text) else ""
            return f"{text}%" if is_percent else text
        case dt.datetime() if (cell.hour, cell.minute, cell.second) == (0, 0, 0):
            return cell.date().isoformat()
        case dt.datetime():
            return cell.isoformat(sep=" ", timespec="minutes")
        case dt.date() | dt.time():
            return cell.isoformat()
        case _:
            text = str(cell).strip().replace("\r\n", "\n").replace("_x000D_", "")
            return text[: MOST_CHARACTERS + 1]


# ── Before it is opened ──────────────────────────────────────────────────────────────────────


def _looked_through(data: bytes, name: str) -> dict[int, Marks]:
    """Refuse a workbook that is none or would fill the memory; else what the reader cannot see.

    That is, by the number of the sheet, where it shows percents and errors.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            _refuse_other_zip(archive, names, name)
            parts = _unpacked(archive, name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zipfile.zlib.error):  # type: ignore[attr-defined]
        raise _broken(name) from None
    for part in parts.values():
        _refuse_far_out(part)
    formats = _percent_styles(parts.get("xl/styles.xml", b""))
    places = {}
    for at, path in enumerate(_sheets(parts)):
        places[at] = _places(parts.get(path, b""), formats)
    return places


def _refuse_other_zip(archive: zipfile.ZipFile, names: list[str], name: str) -> None:
    if "xl/workbook.xml" in names:
        return
    if "xl/workbook.bin" in names:
        what = _("a binary Excel workbook (.xlsb)")
    elif "mimetype" in names and b"opendocument" in archive.read("mimetype")[:200]:
        what = _("an OpenDocument file")
    elif "word/document.xml" in names:
        what = _("a Word document")
    else:
        what = _("a packed file (zip)")
    raise FileRefused(
        _("“%(name)s” is %(what)s. Save it as an Excel workbook (.xlsx) or as CSV.")
        % {"name": name[:100], "what": what}
    )


def _unpacked(archive: zipfile.ZipFile, name: str) -> dict[str, bytes]:
    """The parts that are looked at; all parts are unpacked once, to see how large they are."""
    infos = archive.infolist()
    bomb = FileRefused(
        _(
            "“%(name)s” unpacks to more than %(most)s MB, so it was not opened. Copy the cells "
            "that you need into a new workbook."
        )
        % {"name": name[:100], "most": MOST_UNPACKED // 1024 // 1024}
    )
    if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > MOST_UNPACKED:
        raise bomb
    kept: dict[str, bytes] = {}
    total = 0
    for info in infos:
        pieces = []
        looked_at = not info.filename.startswith("xl/media/")
        with archive.open(info) as part:
            while piece := part.read(1024 * 1024):
                total += len(piece)
                if total > MOST_UNPACKED:
                    raise bomb
                if looked_at:
                    pieces.append(piece)
        if looked_at:
            kept[info.filename] = b"".join(pieces)
    return kept


def _sheets(parts: dict[str, bytes]) -> list[str]:
    """The parts that hold the sheets, in the order of the book."""
    relations = {}
    for tag in re.findall(rb"<(?:\w+:)?Relationship\s[^<>]*>", parts.get(_RELATIONS, b"")):
        key = re.search(rb"""\bId=["']([^"']+)""", tag)
        target = re.search(rb"""\bTarget=["']([^"']+)""", tag)
        if key and target:
            path = target[1].decode(errors="replace")
            relations[key[1]] = path.lstrip("/") if path.startswith("/") else f"xl/{path}"
    keys = [
        found[1]
        for tag in re.findall(rb"<(?:\w+:)?sheet\s[^<>]*>", parts.get("xl/workbook.xml", b""))
        if (found := re.search(rb"""\b\w+:id=["']([^"']+)""", tag))
    ]
    return [relations.get(key, "") for key in keys]


_RELATIONS = "xl/_rels/workbook.xml.rels"


def _percent_styles(styles: bytes) -> frozenset[int]:
    """The numbers of the cell styles whose format shows a percent."""
    percent = set(_PERCENT_FORMATS)
    for tag in re.findall(rb"<(?:\w+:)?numFmt\s[^<>]*>", styles):
        code = re.search(rb"""\bformatCode=["']([^"']*)""", tag)
        number = re.search(rb"""\bnumFmtId=["'](\d{1,7})""", tag)
        if code and number and b"%" in code[1]:
            percent.add(int(number[1]))
    # Two searches: one from the beginning to the end of the block would begin anew at each tag.
    begin = re.search(rb"<(?:\w+:)?cellXfs\b", styles)
    end = re.compile(rb"</(?:\w+:)?cellXfs>").search(styles, begin.end()) if begin else None
    block = styles[begin.end() : end.start()] if begin and end else b""
    tags = re.findall(rb"<(?:\w+:)?xf\s[^<>]*>", block)
    formats = [re.search(rb"""\bnumFmtId=["'](\d{1,7})""", tag) for tag in tags]
    return frozenset(at for at, found in enumerate(formats) if found and int(found[1]) in percent)


def _places(sheet: bytes, formats: frozenset[int]) -> Marks:
    """Where a sheet shows percents and errors."""
    percents, errors = set(), set()
    for tag in _TAG.finditer(sheet):
        place = _PLACE.search(tag[2])
        if place is None:
            continue
        row, column = int(place[2]), _column(place[1])
        if _IS_ERROR.search(tag[2]):
            errors.add((row, column))
        elif formats and tag[1] == b"c":
            style = _STYLE.search(tag[2])
            if style and int(style[1]) in formats:
                percents.add((row, column))
    return Marks(frozenset(percents), frozenset(errors))


def _refuse_far_out(part: bytes) -> None:
    """Refuse a workbook with a cell far out. Errors: ``FileRefused``."""
    last_row = last_column = 0
    for place in _ANYWHERE.finditer(part):
        # A few more digits or letters than there are rows or columns say as much as all of them.
        last_row = max(last_row, int(place[2].lstrip(b"0")[:9] or 0))
        last_column = max(last_column, _column(place[1][:4].upper()))
    if last_column > MOST_COLUMNS or last_row > 2 * MOST_ROWS:
        raise FileRefused(
            _(
                "The sheet reaches to row %(row)s and column %(column)s; at most %(rows)s rows and "
                "%(columns)s columns can be read. Delete what stands far out, or copy the table "
                "into a new workbook."
            )
            % {
                "row": last_row,
                "column": last_column,
                "rows": f"{MOST_ROWS:,}",
                "columns": MOST_COLUMNS,
            }
        )


def _column(letters: bytes) -> int:
    """The number of a column by its letters.

    >>> _column(b"A"), _column(b"Z"), _column(b"AA"), _column(b"XFD")
    (1, 26, 27, 16384)
    """
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _broken(name: str) -> FileRefused:
    return FileRefused(
        _(
            "“%(name)s” cannot be opened: it is damaged, protected by a password, or no workbook. "
            "Open it in Excel, and save it anew as .xlsx without a password."
        )
        % {"name": name[:100]}
    )


# ── Writing ──────────────────────────────────────────────────────────────────────────────────


def workbook(
    headers: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    title: str,
    guide: Iterable[Sequence[str]] = (),
    guide_name: str = "",
) -> bytes:
    """A workbook with one sheet of rows and one that explains its columns.

    ``guide_name``: what that sheet is called where it explains more than its columns. Each cell is
    written as what it is: a text never becomes a formula or a link. Memory: a row.
    """
    target = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "remove_timezone": True,
    }
    with xlsxwriter.Workbook(target, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        plain = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(title[:31])
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(len(headers) - 1, 0), 18)
        for number, row in enumerate(_with_headers(headers, rows)):
            for at, cell in enumerate(row):
                _write(sheet, number, at, cell, bold if number == 0 else None, day, plain)
        explained = book.add_worksheet(guide_name[:31] or guide_title())
        explained.set_column(0, 0, 22)
        explained.set_column(1, 2, 60)
        for number, row in enumerate(guide):
            for at, text in enumerate(row):
                explained.write_string(number, at, text, bold if number == 0 else None)
    return target.getvalue()


def guide_title() -> str:
    """The name of the sheet that explains the columns."""
    return _("Columns")[:31]


def _with_headers(
    headers: Sequence[str], rows: Iterable[Sequence[object]]
) -> Iterator[Sequence[object]]:
    yield headers
    yield from rows


def _write(
    sheet: Any, row: int, column: int, cell: object, head: Any, day: Any, plain: Any
) -> None:
    """One cell, as what it is."""
    match cell:
        case None | "":
            return
        case bool():
            sheet.write_string(row, column, "yes" if cell else "no", head)
        case int() | Decimal():
            sheet.write_number(row, column, cell, head)
        case dt.date() if cell.year >= 1900:
            sheet.write_datetime(row, column, dt.datetime(cell.year, cell.month, cell.day), day)  # noqa: DTZ001
        case _:
            sheet.write_string(row, column, str(cell), head or plain)
