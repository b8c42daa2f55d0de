"""Where the words and the numbered marks of a metric chart may stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from dashboards.charts.marks import Badge, Label, Rect
from dashboards.charts.place import Box, Spot, text_box
from dashboards.charts.scale import short
from dashboards.charts.text import text_width

BADGE = 20.0  # the height of a numbered mark


@dataclass(frozen=True, slots=True)
class Size:
    """The measures of one view. ``text`` is the largest type size that the stylesheet uses."""

    name: str
    width: float
    height: float
    text: float


WIDE = Size("wide", 720, 320, 14.5)
NARROW = Size("narrow", 320, 270, 13.5)


def thinned(spots: list[tuple[str, Spot]], size: Size) -> list[tuple[str, Spot]]:
    """Every n-th name, counted from the newest, with the smallest n that keeps them apart."""
    for step in (1, 2, 3, 4, 6, *range(12, len(spots) + 12, 12)):
        kept = [each for index, each in enumerate(reversed(spots)) if index % step == 0]
        boxes = [text_box((text,), spot, size.text) for text, spot in kept if text]
        if not any(one.overlaps(two, 6) for one, two in pairwise(boxes)):
            return [kept_inside(text, spot, size) for text, spot in kept if text]
    return spots[-1:]


def kept_inside(text: str, spot: Spot, size: Size) -> tuple[str, Spot]:
    """A name at the edge of the drawing, moved in so that it is whole."""
    half = text_width(text, size.text) / 2
    return text, Spot(min(max(spot.x, half + 0.5), size.width - half - 0.5), spot.y, "middle")


def around(
    x: float, y: float, size: Size, *, below: bool = False, beside_first: bool = False
) -> list[Spot]:
    """Places around a point: above, below, beside, then farther off."""
    text = size.text
    up, down = y - 11, y + 10 + text * 0.8
    vertical = [(down, up), (up, down)][not below]
    beside = [Spot(x + 10, y + text * 0.35, "start"), Spot(x - 10, y + text * 0.35, "end")]
    straight = [Spot(x, each, "middle") for each in vertical]
    slanted = [
        Spot(x + move, each, anchor)
        for each in vertical
        for move, anchor in ((4, "start"), (-4, "end"))
    ]
    far = [
        Spot(x, each + (far if each == down else -far), anchor)
        for far in (text * 1.2, text * 2.4)
        for each in vertical
        for anchor in ("middle", "end", "start")
    ]
    return (
        [*beside, *straight, *slanted, *far]
        if beside_first
        else [*straight, *slanted, *beside, *far]
    )


def beside(x1: float, x2: float, y: float, plot: Box, size: Size) -> list[Spot]:
    """Places for the name of a line that ends at ``x2``: after its end, else above or below it."""
    text = size.text
    after = [
        Spot(plot.right + 8, y + text * (0.35 + move), "start")
        for move in (0, -0.5, 0.5, -1, 1, -1.5, 1.5, -2.2, 2.2, -3, 3)
    ]
    near = [
        Spot(at, y + move, anchor)
        for move in (-8, text + 6, -8 - text * 1.3, text * 2.3 + 6, -8 - text * 3, text * 4 + 6)
        for at, anchor in ((x2, "end"), ((x1 + x2) / 2, "middle"), (x1, "start"))
    ]
    return [*after, *near]


def group_names(groups: Sequence[Sequence[int]], size: float) -> tuple[list[str], float]:
    """What stands on each mark ("3" or "3–7"), and how wide all marks are for it."""
    texts = [str(each[0]) if len(each) == 1 else f"{each[0]}–{each[-1]}" for each in groups]
    widest = max((text_width(text, size) for text in texts), default=0.0)
    return texts, max(widest + 8, BADGE)


def badge(box: Box, text: str, size: float) -> Badge:
    """A numbered mark in its box."""
    return Badge(
        Rect(
            "chart-badge",
            short(box.left),
            short(box.top),
            short(box.right - box.left),
            short(box.bottom - box.top),
            short(BADGE / 2),
        ),
        Label(
            "chart-label chart-label--badge",
            short((box.left + box.right) / 2),
            short((box.top + box.bottom) / 2 + size * 0.34),
            "middle",
            text,
        ),
    )
