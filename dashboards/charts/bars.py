"""The stacked bar: how many items are in each state."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.charts.marks import Rect
from dashboards.charts.printable import Printable
from dashboards.charts.scale import short


@dataclass(frozen=True, slots=True)
class Segment(Printable):
    """One state and how many are in it; ``key`` names the color class."""

    key: str
    count: int


@dataclass(frozen=True, slots=True)
class Texture(Printable):
    """A stroke along the middle of a segment, shown where colors cannot be relied on."""

    css: str
    x1: str
    x2: str


@dataclass(frozen=True, slots=True)
class StackedBar(Printable):
    """A drawn bar. No ``segments`` means that nothing is counted: a dashed empty bar."""

    id: str
    title: str
    summary: str
    segments: tuple[Rect, ...]
    textures: tuple[Texture, ...]


def stacked_bar(
    *, id: str, title: str, summary: str, segments: Sequence[Segment], least: float = 1.5
) -> StackedBar:
    """Lay the counts side by side over the full width, in the order given.

    Widths are percents of the bar, in proportion to the counts, except that no count above zero
    is drawn narrower than ``least`` percent; the others then share what remains.
    """
    counted = [segment for segment in segments if segment.count > 0]
    widths = _widths([segment.count for segment in counted], least)
    rects: list[Rect] = []
    textures: list[Texture] = []
    at = 0.0
    for segment, width in zip(counted, widths, strict=True):
        name = segment.key.replace("_", "-")
        left, at = at, at + width
        rects.append(
            Rect(
                css=f"chart-bar__segment chart-bar__segment--{name}",
                x=_percent(left),
                y="0",
                width=_percent(width),
                height="100%",
            )
        )
        textures.append(
            Texture(
                css=f"chart-bar__texture chart-bar__texture--{name}",
                x1=_percent(left),
                x2=_percent(at),
            )
        )
    return StackedBar(
        id=id, title=title, summary=summary, segments=tuple(rects), textures=tuple(textures)
    )


def _widths(counts: Sequence[int], least: float) -> list[float]:
    """Percents in proportion to the counts, none below ``least`` (or an even share of 100)."""
    if not counts:
        return []
    least = min(least, 100 / len(counts))
    small: set[int] = set()
    while True:
        rest = sum(count for index, count in enumerate(counts) if index not in small)
        room = 100 - least * len(small)
        widths = [
            least if index in small else room * count / rest for index, count in enumerate(counts)
        ]
        grown = {index for index, width in enumerate(widths) if width < least}
        if not grown:
            return widths
        small |= grown


def _percent(value: float) -> str:
    """A percent of two decimals at most, for bars wider than a thousand pixels."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return f"{text}%" if text != "0" else short(0)
