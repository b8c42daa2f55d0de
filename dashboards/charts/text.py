"""How wide a text will be, so that labels can be kept apart before any browser sees them.

Widths are those of Public Sans, the portal's typeface, or of Arial where that is wider, in ems;
an unknown character counts as a wide one.
"""

_CLASSES = (
    (0.34, "iIjl.,:;'|!’‘·[]()/ "),
    (0.41, 'ftrJ-"'),
    (0.54, "zsvyckx“”"),
    (0.61, "aeonhuLTFYbdpqéíóúñ+−=<>≤≥±×–#"),
    (0.69, "0123456789gZVPBEASRKDXC$€&"),
    (0.79, "UGOQNHw"),
    (0.92, "mMW%"),
)
_WIDTHS = {char: width for width, chars in _CLASSES for char in chars}
_OTHER = 1.1
_BOLD = 1.08


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """An upper estimate of the width of one line, in the unit of ``size``."""
    total = sum(_WIDTHS.get(char, _OTHER) for char in text)
    return total * size * (_BOLD if bold else 1.0)


def wrap(
    text: str, size: float, width: float, *, most: int = 3, bold: bool = False
) -> tuple[str, ...]:
    """The text in lines no wider than ``width``; past ``most`` lines the last ends in "…".

    A single word that is too long is cut. An empty text gives no line.
    """
    lines: list[str] = []
    words = text.split()
    while words and len(lines) < most:
        line = words.pop(0)
        while words and text_width(f"{line} {words[0]}", size, bold=bold) <= width:
            line = f"{line} {words.pop(0)}"
        if words and len(lines) == most - 1:
            line += "…"
        lines.append(_cut(line, size, width, bold=bold))
    return tuple(lines)


def _cut(line: str, size: float, width: float, *, bold: bool) -> str:
    """The line, shortened with "…" if it is too wide."""
    if text_width(line, size, bold=bold) <= width:
        return line
    stem = line.rstrip("…")
    while stem and text_width(stem + "…", size, bold=bold) > width:
        stem = stem[:-1].rstrip()
    return stem + "…"
