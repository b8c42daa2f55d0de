"""What stands on the paper of a brief: the brief as it was written out, made ready to be set.

Pure: the same brief gives the same document. A brief that was frozen is set from what was written
down, not from the plan of today.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings

from dashboards.pdf.setting import set_document
from dashboards.remembered import Remembered
from priorities.saying import gettext as _

TEMPLATE = Path(settings.BASE_DIR) / "templates" / "typst" / "brief.typ"
#: Addresses and codes: never broken, and made to work from paper.
ADDRESSES = frozenset({"url"})
CODES = frozenset({"code", "tone", "kind", "iso", "since", "until", "language", "plan_code"})
#: A word longer than this may be broken anywhere: it would run over the edge of its column.
LONGEST_WORD = 24
#: A column of which no cell is longer is as wide as it needs.
NARROW = 12
#: What a mark of trust takes, in letters.
MARK = 14
_LONG = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")
#: Where a line may end and no space stands.
BREAK = "\u200b"
#: The papers set last. One of a thousand initiatives takes four megabytes.
PAPERS: Remembered[bytes] = Remembered(8)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a frozen brief says of itself on paper: when, by whom, where, under which hash."""

    said: str
    path: str
    sha256: str


def brief_pdf(brief: Mapping[str, Any], *, origin: str, kept: Kept | None = None) -> bytes:
    """A brief as PDF/UA-1, the same bytes for the same brief.

    ``brief`` is a ``Brief`` written out; ``origin`` is what addresses begin with outside of the
    portal. Whoever asks for the same by another address gets what is remembered. Called by who
    has a ``Turn``. Errors: ``NotSet``.
    """
    ready = document(brief, origin=origin, kept=kept)
    written = json.dumps(ready, sort_keys=True).encode()
    return PAPERS.recall(sha256(written).digest(), lambda: set_document(TEMPLATE, ready))


def document(brief: Mapping[str, Any], *, origin: str, kept: Kept | None = None) -> dict[str, Any]:
    """What the typesetter is given: the strings of the brief, and the words only paper needs."""
    ready: dict[str, Any] = _ready(brief, origin)
    return {
        **ready,
        "eyebrow": " · ".join(filter(None, (brief["agency"], brief["eyebrow"]))),
        "footnotes": [*ready["footnotes"], *(f"{mark}: {why}" for mark, why in explained(brief))],
        "language": str(brief["language"]).partition("-")[0],
        "region": str(brief["language"]).partition("-")[2],
        "kept": _kept(kept, origin) if kept else None,
        "words": {
            "contents": _("In this brief"),
            "note": _("Cover note"),
            "page": _("Page"),
            "of": _("of"),
            "left_out": _("Left out on request"),
            "reviewers": _("For reviewers"),
            "hash": _("SHA-256 of its content"),
            "was": _("before"),
            "now": _("now"),
        },
    }


def _kept(kept: Kept, origin: str) -> dict[str, str]:
    return {"said": kept.said, "url": origin + kept.path, "sha256": kept.sha256}


def _ready(value: Any, origin: str, name: str = "") -> Any:
    """Texts that fit their column, addresses that work from paper, courses as pictures."""
    match value:
        case str() if name in ADDRESSES:
            return f"{origin}{value}" if value.startswith("/") else value
        case str() if name in CODES:
            return value
        case str():
            return _LONG.sub(_breakable, value)
        case {"view_box": str()} if name == "spark":
            return {"svg": spark_svg(value), "said": f"{value['title']}. {value['summary']}"}
        case {"columns": _, "rows": _}:
            table = {**value, "columns": _columns(value)}
            return {key: _ready(each, origin, key) for key, each in table.items()}
        case Mapping():
            return {key: _ready(each, origin, key) for key, each in value.items()}
        case list() | tuple():
            return [_ready(each, origin, name) for each in value]
    return value


def _columns(table: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The columns of a table with their width: as wide as they are, or a share of what is left.

    A long column takes more, though not in proportion: it may break its lines.
    """
    found = []
    for at, column in enumerate(table["columns"]):
        cells = [row[at] for row in table["rows"]]
        longest = max(map(_length, cells), default=0)
        narrow = column["numeric"] or max(longest, len(column["label"])) <= NARROW
        # A head may break its lines, too: a wide one takes half of its width.
        wide = max(longest, len(column["label"]) // 2)
        found.append({**column, "share": 0 if narrow else round(wide**0.5, 1)})
    if found and not any(column["share"] for column in found):
        found[0]["share"] = 1
    return found


def _length(cell: Mapping[str, Any]) -> int:
    """About how many letters wide a cell is: a state has its shape and frame besides its word."""
    state = 2 * len(cell["pill"]["label"]) if cell["pill"] else 0
    return len(cell["text"]) + state + MARK * len(cell["marks"])


def explained(brief: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The marks of trust that stand in a brief, each with its reason: paper has no links to them.

    >>> explained({"marks": [{"kind": "a", "label": "A", "why": "B", "url": ""}]})
    [('A', 'B')]
    """
    found: dict[str, str] = {}

    def walk(value: Any) -> None:
        match value:
            case {"label": str(label), "why": str(why), "kind": str()}:
                if why:
                    found[label] = why
            case Mapping():
                for each in value.values():
                    walk(each)
            case list() | tuple():
                for each in value:
                    walk(each)

    walk(brief)
    return sorted(found.items())


def _breakable(word: re.Match[str]) -> str:
    """A long word that may be broken after a few letters each."""
    text = word[0]
    return BREAK.join(text[at : at + 8] for at in range(0, len(text), 8))


def spark_svg(spark: Mapping[str, Any]) -> str:
    """A sparkline as a picture in the colors of print."""
    width, height = spark["width"], spark["height"]
    parts = []
    if spark["area"]:
        parts.append(f'<path d="{spark["area"]}" fill="#e8eff7"/>')
    # What was frozen before a range had both its ends has no upper one.
    for level in filter(None, (spark["target"], spark.get("target_high", ""))):
        parts.append(
            f'<path d="M0 {level}H{width}" fill="none" stroke="#d9622b"'
            ' stroke-width="1.5" stroke-dasharray="5 3"/>'
        )
    if spark["line"]:
        parts.append(
            f'<path d="{spark["line"]}" fill="none" stroke="#0b5fa5" stroke-width="2.2"'
            ' stroke-linejoin="round"/>'
        )
    round_end = 'fill="none" stroke="#0b5fa5" stroke-linecap="round"'
    if spark["dots"]:
        parts.append(f'<path d="{spark["dots"]}" {round_end} stroke-width="5"/>')
    if spark["last_x"]:
        last = f"M{spark['last_x']} {spark['last_y']}h0.01"
        parts.append(f'<path d="{last}" {round_end} stroke-width="7"/>')
    else:
        parts.append(f'<path d="M0 {height}H{width}" stroke="#7d8ba0" stroke-dasharray="2 4"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{spark["view_box"]}"'
        f' width="{width}" height="{height}">{"".join(parts)}</svg>'
    )
