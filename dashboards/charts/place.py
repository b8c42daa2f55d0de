"""Labels that never collide: each takes the first free place of those it may stand in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from dashboards.charts.text import text_width

ASCENT = 0.8
DESCENT = 0.25
LEADING = 1.25

Stroke = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the drawing that something occupies."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Box", gap: float = 0.0) -> bool:
        """Whether the two share any area, or come nearer than ``gap``."""
        return (
            self.left < other.right + gap
            and other.left < self.right + gap
            and self.top < other.bottom + gap
            and other.top < self.bottom + gap
        )

    def inside(self, other: "Box") -> bool:
        """Whether this box lies wholly in the other."""
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.top >= other.top
            and self.bottom <= other.bottom
        )

    def crossed_by(self, stroke: Stroke) -> bool:
        """Whether a straight stroke passes through (Liang and Barsky's clipping)."""
        x1, y1, x2, y2 = stroke
        if (x1 > self.right and x2 > self.right) or (x1 < self.left and x2 < self.left):
            return False
        dx, dy = x2 - x1, y2 - y1
        enter, leave = 0.0, 1.0
        for move, room in (
            (-dx, x1 - self.left),
            (dx, self.right - x1),
            (-dy, y1 - self.top),
            (dy, self.bottom - y1),
        ):
            if move == 0:
                if room < 0:
                    return False
                continue
            at = room / move
            if move < 0:
                enter = max(enter, at)
            else:
                leave = min(leave, at)
        return enter <= leave


@dataclass(frozen=True, slots=True)
class Spot:
    """A place where a label may stand: the point of its first line's baseline."""

    x: float
    y: float
    anchor: str  # start, middle, end


def text_box(lines: Sequence[str], spot: Spot, size: float, *, bold: bool = False) -> Box:
    """The box that these lines take when they stand at the spot."""
    width = max(text_width(line, size, bold=bold) for line in lines)
    shift = {"start": 0.0, "middle": width / 2, "end": width}[spot.anchor]
    return Box(
        left=spot.x - shift,
        top=spot.y - ASCENT * size,
        right=spot.x - shift + width,
        bottom=spot.y + (DESCENT + (len(lines) - 1) * LEADING) * size,
    )


@dataclass(slots=True)
class Placer:
    """Remembers what is occupied. Boxes are never overlapped; strokes are avoided when possible."""

    frame: Box
    boxes: list[Box] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    gap: float = 2.0

    def free(self, box: Box) -> bool:
        """Whether the box lies in the frame and touches nothing placed before."""
        return box.inside(self.frame) and not any(
            box.overlaps(each, self.gap) for each in self.boxes
        )

    def take(self, box: Box) -> None:
        """Occupy a box."""
        self.boxes.append(box)

    def place(
        self, lines: Sequence[str], spots: Iterable[Spot], size: float, *, bold: bool = False
    ) -> Spot | None:
        """The free spot nearest the front that crosses few strokes; None when none is free.

        Five places farther back weigh as much as one stroke crossed.
        """
        best: tuple[float, Spot, Box] | None = None
        for rank, spot in enumerate(spots):
            box = text_box(lines, spot, size, bold=bold)
            if not self.free(box):
                continue
            crossings = sum(box.crossed_by(stroke) for stroke in self.strokes)
            cost = crossings + rank / 5
            if best is None or cost < best[0]:
                best = (cost, spot, box)
            if crossings == 0:
                break
        if best is None:
            return None
        self.take(best[2])
        return best[1]


def spread(centers: Sequence[float], width: float, start: float, end: float) -> tuple[float, ...]:
    """Centers moved as little as needed so that marks of one width stand side by side in order.

    The caller sees to it that they fit between ``start`` and ``end``.

    >>> spread([10, 10, 50], 20, 0, 100)
    (10.0, 30.0, 50.0)
    """
    placed: list[float] = []
    edge = start + width / 2
    for center in centers:
        edge = max(edge, center)
        placed.append(float(edge))
        edge += width
    limit = end - width / 2
    for index in range(len(placed) - 1, -1, -1):
        placed[index] = min(placed[index], limit)
        limit = placed[index] - width
    return tuple(placed)
