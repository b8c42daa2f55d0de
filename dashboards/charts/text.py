"""How wide a text will be, so that labels can be kept apart before any browser sees them.

Widths are those of Public Sans, the portal's typeface, rounded up: a fallback typeface of the
same class (Arial, Helvetica, Liberation Sans) is no wider.
"""

_NARROW = frozenset("iIjl.,:;'|!’‘·[]()/ ")
_SLIM = frozenset('ftr-–1“”"')
_WIDE = frozenset("mwMWQO@%→—&GDHNU+<>=≤≥±×")
_BOLD = 1.08


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """An upper estimate of the width of one line, in the unit of ``size``."""
    total = 0.0
    for char in text:
        if char in _NARROW:
            total += 0.33
        elif char in _SLIM:
            total += 0.44
        elif char in _WIDE or ord(char) > 0x2FF:
            total += 0.92
        elif char.isupper():
            total += 0.72
        else:
            total += 0.64
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
