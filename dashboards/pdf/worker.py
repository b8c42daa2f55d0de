"""Set one document: JSON comes in, a PDF goes out; a script that knows nothing of the portal.

It runs as a process of its own. The typesetter keeps what it has set to be quicker the next time,
hundreds of megabytes of it, and cannot be told to stop: so it ends with each document.

Called as ``worker.py TEMPLATE.typ``; the document stands on standard input, the PDF is written to
standard output. Ends with 1 and a message when it cannot be set.
"""

import json
import os
import re
import sys
import unicodedata
from datetime import datetime
from pathlib import Path

import typst

#: Pages go before paper: by so much it steps back when the cores are busy.
NICER = 10
FONTS = Path(__file__).parent / "fonts"
#: Stands for a character that none of the fonts has. PDF/UA forbids a letter that shows nothing.
ABSENT = "\u25a1"
#: What the vendored fonts and those within the typesetter have for sure: Latin letters with their
#: signs, and the typographic ones that the portal uses. A test sets them all.
KNOWN = (
    "\n\u0020-\u007e\u00a0-\u00ac\u00ae-\u017f\u2010-\u2015\u2018-\u201e\u2020\u2022\u2026\u2030"
    "\u202f\u2032\u2033\u20ac\u2122\u2190-\u2193\u2212\u2248\u2260\u2264\u2265\u200b\u25a1\u25cf"
)
_UNKNOWN = re.compile(f"[^{KNOWN}]")
#: What is no sign of a text: control, direction, halves of characters, private use.
_SILENT = ("Cc", "Cf", "Co", "Cs")


def main() -> None:
    """Set what comes in."""
    os.nice(NICER)
    template = Path(sys.argv[1])
    document = json.load(sys.stdin)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[FONTS])
    try:
        pdf = _set(template, plain(document), fonts)
    except typst.TypstError as error:
        if "could not be displayed" not in error.message:
            sys.exit(f"{error.message}\n{error.diagnostic}"[:4000])
        pdf = _set(template, plain(document, known=True), fonts)
    sys.stdout.buffer.write(pdf)


def _set(template: Path, document: object, fonts: typst.Fonts) -> bytes:
    """The document as PDF/UA-1. The same words give the same bytes: no clock, no system's fonts."""
    return typst.compile(
        template,
        root=template.parent,
        font_paths=fonts,
        ignore_system_fonts=True,
        sys_inputs={"document": json.dumps(document, ensure_ascii=False)},
        format="pdf",
        pdf_standards=["ua-1"],
        timestamp=_created(document),
    )


def _created(document: object) -> int:
    """The day of the document: readers show it, and a clock would change the bytes."""
    day = document.get("until", "") if isinstance(document, dict) else ""
    return int(datetime.fromisoformat(f"{day or '2000-01-01'}T12:00:00+00:00").timestamp())


def plain(value: object, *, known: bool = False) -> object:
    """Every text without characters that show nothing; ``known`` also without those of no font."""
    if isinstance(value, str):
        return _plain(value, known=known)
    if isinstance(value, list):
        return [plain(each, known=known) for each in value]
    if isinstance(value, dict):
        return {name: plain(each, known=known) for name, each in value.items()}
    return value


def _plain(text: str, *, known: bool) -> str:
    """A text in composed form; what is no character of a text is left out."""
    if text.isascii() and text.isprintable():
        return text
    text = unicodedata.normalize("NFC", text)
    kept = "".join(
        sign for sign in text if sign in "\n\u200b" or unicodedata.category(sign) not in _SILENT
    )
    return _UNKNOWN.sub(ABSENT, kept) if known else kept


if __name__ == "__main__":
    main()
