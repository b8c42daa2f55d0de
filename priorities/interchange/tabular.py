"""A table from a file, by what the file is and not by what it is called; and a table to a file.

Nothing here knows what the columns mean. Whoever brings the file may be mistaken or hostile: its
size, its rows and what it unpacks to are bounded before anything is read into memory.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

#: What a file may be at most. 20,000 rows of values are about 2 MB.
MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 100
MOST_CHARACTERS = 20_000

DELIMITERS = ",;\t|"


class FileKind(StrEnum):
    """What a file that is read or written is."""

    CSV = "csv"
    XLSX = "xlsx"


class FileRefused(ValueError):
    """A file that cannot be read; the message is for a person and says what to do."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file as texts; the first one holds the headers.

    ``lines`` tells where in the file each row stands, as a spreadsheet counts. ``notes`` tell how
    it was read, where that is worth a word. ``likely_comma``: it may have been written where a
    comma comes before the decimals.
    """

    rows: list[list[str]]
    lines: list[int]
    kind: FileKind
    notes: tuple[str, ...] = ()
    likely_comma: bool = False

    @property
    def headers(self) -> list[str]:
        """The texts of the first row."""
        return self.rows[0]


#: How files begin that are often brought by mistake.
_MAGIC = (
    (b"%PDF", gettext_lazy("a PDF")),
    (b"\xd0\xcf\x11\xe0", gettext_lazy("an old or password-protected Excel file")),
    (b"\x89PNG", gettext_lazy("a picture")),
    (b"\xff\xd8\xff", gettext_lazy("a picture")),
    (b"GIF8", gettext_lazy("a picture")),
    (b"\x1f\x8b", gettext_lazy("a packed file")),
    (b"7z\xbc\xaf", gettext_lazy("a packed file")),
    (b"Rar!", gettext_lazy("a packed file")),
    (b"{\\rtf", gettext_lazy("a text document")),
    (b"SQLite format 3", gettext_lazy("a database")),
)


def read(data: bytes, name: str) -> Table:
    """The table in a file.

    Errors: ``FileRefused`` for what is too large, empty, or no table; the message names the
    remedy.
    """
    if len(data) > MOST_BYTES:
        raise FileRefused(too_large(len(data)))
    if not data.strip():
        raise _empty()
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise _not_a_table(name, str(what))
    if data.startswith(b"PK"):
        from priorities.interchange.workbook import read_workbook  # it needs what stands here

        table = read_workbook(data, name)
    else:
        table = _read_text(data, name)
    return _with_note_on_name(_bounded(table), name)


def too_large(size: int) -> str:
    """What is said of a file beyond the bound."""
    return _(
        "The file has %(size)s MB; at most %(most)s MB can be imported. Split it into several "
        "files, or leave out columns that are not needed."
    ) % {"size": max(1, round(size / 1024 / 1024)), "most": MOST_BYTES // 1024 // 1024}


def _empty() -> FileRefused:
    return FileRefused(_("The file is empty. Check that you saved it before uploading."))


def _not_a_table(name: str, what: str) -> FileRefused:
    return FileRefused(
        _("“%(name)s” is %(what)s, not a table. Save it as CSV or as an Excel workbook (.xlsx).")
        % {"name": name[:100], "what": what}
    )


def _with_note_on_name(table: Table, name: str) -> Table:
    """The table, with a word on it when the file's name says something else."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    meant = {"csv": FileKind.CSV, "txt": FileKind.CSV, "tsv": FileKind.CSV}
    meant |= {"xlsx": FileKind.XLSX, "xlsm": FileKind.XLSX}
    if meant.get(ending, table.kind) is table.kind:
        return table
    words = {FileKind.CSV: _("a CSV file"), FileKind.XLSX: _("an Excel workbook")}
    note = _("The name ends in .%(ending)s, but it is %(what)s; it was read as what it is.")
    told = note % {"ending": ending, "what": words[table.kind]}
    return Table(table.rows, table.lines, table.kind, (*table.notes, told), table.likely_comma)


def _bounded(table: Table) -> Table:
    """The table without empty rows and trailing empty columns, if it keeps within bounds."""
    kept = [(line, row) for line, row in zip(table.lines, table.rows, strict=True) if any(row)]
    if not kept:
        raise FileRefused(_("The file has no rows. Check that you saved it before uploading."))
    width = max(at + 1 for _line, row in kept for at, text in enumerate(row) if text)
    if width > MOST_COLUMNS:
        message = _("The file has %(found)s columns; at most %(most)s can be read.")
        raise FileRefused(message % {"found": width, "most": MOST_COLUMNS})
    rows = [(row + [""] * (width - len(row)))[:width] for _line, row in kept]
    lines = [line for line, _row in kept]
    return Table(rows, lines, table.kind, table.notes, table.likely_comma)


def refuse_beyond(rows: int) -> None:
    """Refuse a file with too many rows."""
    if rows > MOST_ROWS + 1:
        message = _("The file has more than %(most)s rows. Split it into several files.")
        raise FileRefused(message % {"most": f"{MOST_ROWS:,}"})


# ── Reading text ─────────────────────────────────────────────────────────────────────────────


def _read_text(data: bytes, name: str) -> Table:
    text, note = _decoded(data, name)
    # A mark of the encoding and blanks of other widths show only now.
    if not text.strip():
        raise _empty()
    head = text[:2000].lstrip().lower()
    if head.startswith(("<!doctype", "<html", "<?xml")) or head.startswith("<table"):
        raise _not_a_table(name, _("a web page or XML"))
    if head.startswith("{") and '"' in head[:200]:
        raise _not_a_table(name, _("JSON"))
    delimiter, text = _delimiter(text)
    notes = [note] if note else []
    if delimiter != ",":
        names = {";": _("semicolons"), "\t": _("tabs"), "|": _("bars")}
        told = _("The columns are separated by %(what)s.") % {"what": names[delimiter]}
        notes.append(told)
    rows: list[list[str]] = []
    lines: list[int] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    try:
        for row in reader:
            if any(cell and not cell.isspace() for cell in row):
                rows.append([unguarded(_cut(cell, line)).strip() for cell in row])
                lines.append(line)
                refuse_beyond(len(rows))
            line = reader.line_num + 1
    except csv.Error:
        message = _("Line %(line)s cannot be read: is a quotation mark missing there?")
        raise FileRefused(message % {"line": line}) from None
    return Table(rows, lines, FileKind.CSV, tuple(notes), likely_comma=delimiter == ";")


def _cut(cell: str, line: int) -> str:
    text = cell.strip().replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > MOST_CHARACTERS:
        message = _("Line %(line)s has a cell of %(found)s characters; at most %(most)s are kept.")
        values = {"line": line, "found": len(text), "most": MOST_CHARACTERS}
        raise FileRefused(message % values)
    return text


def _decoded(data: bytes, name: str) -> tuple[str, str]:
    """The text, and a word on how it was read when that was a guess."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _utf16(data, name), ""
    if b"\0" in data:
        raise _not_a_table(name, _("no text"))
    try:
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        pass
    odd = sum(byte < 32 and byte not in (9, 10, 13) for byte in data[:4096])
    if odd > 10:
        raise _not_a_table(name, _("no text"))
    note = _("The file is not in UTF-8; it was read as Windows-1252 (Latin-1). Check the accents.")
    try:
        return data.decode("cp1252"), note
    except UnicodeDecodeError:
        return data.decode("latin-1"), note


def _utf16(data: bytes, name: str) -> str:
    """The text of a file in UTF-16. Each second byte may be zero there, but no character is."""
    try:
        text = data.decode("utf-16")
    except UnicodeDecodeError:
        raise _not_a_table(name, _("no text")) from None
    if "\0" in text:
        raise _not_a_table(name, _("no text"))
    return text


def _delimiter(text: str) -> tuple[str, str]:
    r"""What separates the columns, and the text without the line that says so.

    >>> _delimiter("metric;value\na;1,5\n")[0], _delimiter("sep=|\na|b")
    (';', ('|', 'a|b'))
    """
    if found := re.match(r"sep=([,;\t|])\r?\n", text, re.IGNORECASE):
        return found[1], text[found.end() :]
    lines = io.StringIO(text, newline=None)
    headers = next((line[:20_000] for line in lines if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", headers)
    counts = Counter({mark: bare.count(mark) for mark in DELIMITERS})
    best = max(DELIMITERS, key=lambda mark: (counts[mark], -DELIMITERS.index(mark)))
    return best if counts[best] else ",", text


# ── Writing ──────────────────────────────────────────────────────────────────────────────────

#: What makes a spreadsheet take a text for a formula, in all widths.
_FORMULA = re.compile(r"^'*[=+\-@\t\r＝＋－＠]")


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe goes before it.

    >>> guarded("=HYPERLINK(1)"), guarded("-5 of them"), guarded("'=1"), guarded("Calls")
    ("'=HYPERLINK(1)", "'-5 of them", "''=1", 'Calls')
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """The text that ``guarded`` was given.

    >>> [unguarded(guarded(text)) for text in ("=1", "'=1", "it's", "'quoted'")]
    ['=1', "'=1", "it's", "'quoted'"]
    """
    return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Rows as CSV, line by line, beginning with the mark that tells spreadsheets of UTF-8.

    Texts are guarded against being taken for formulas; numbers stay numbers.
    """
    writer = csv.writer(_Echo())
    yield "\ufeff"
    for row in rows:
        cells = [guarded(cell) if isinstance(cell, str) else _plain(cell) for cell in row]
        yield str(writer.writerow(cells))


def _plain(cell: object) -> str:
    """A typed cell in CSV: ISO dates, numbers in full."""
    return "" if cell is None else f"{cell:f}" if hasattr(cell, "as_tuple") else str(cell)
