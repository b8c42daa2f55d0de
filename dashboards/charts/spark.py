"""The sparkline of a metric card: the shape of a series, nothing more."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isclose

from dashboards.charts.printable import Printable
from dashboards.charts.scale import short

_INSET = 4.0


@dataclass(frozen=True, slots=True)
class Spark(Printable):
    """A drawn sparkline. An empty ``line`` and ``dots`` mean that there is no value yet."""

    id: str
    title: str
    summary: str
    view_box: str
    width: str
    height: str
    area: str
    line: str
    dots: str
    target: str
    target_high: str
    last_x: str
    last_y: str


def sparkline(
    *,
    id: str,
    title: str,
    summary: str,
    values: Sequence[float | None],
    positions: Sequence[float] | None = None,
    target: float | None = None,
    target_high: float | None = None,
    inverted: bool = False,
    width: int = 240,
    height: int = 44,
) -> Spark:
    """Draw the values from left to right; ``None`` is a period without a value and breaks the line.

    ``positions`` are the values' places in time in any unit (day numbers, say); without them the
    values stand at even distances. ``target_high`` is the upper end of a range whose lower end is
    ``target``. ``inverted`` puts the lowest on top (ranks). A value with no
    neighbor is a dot; values that are all equal are a level line at half height.
    """
    present = [value for value in values if value is not None]
    low, high = min(present, default=0.0), max(present, default=0.0)
    aims = [aim for aim in (target, target_high) if aim is not None] if present else []
    low, high = min([low, *aims]), max([high, *aims])
    # A level series gets room on both sides and so stands at half height; so does one whose
    # differences no eye could see, and no division would bear.
    if isclose(high, low, rel_tol=1e-9, abs_tol=1e-9):
        low, high = low - 1.0, high + 1.0
    base = height - _INSET
    factor = (base - _INSET) / (high - low)
    if inverted:
        top, factor = _INSET - low * factor, -factor
    else:
        top = base + low * factor
    places = range(len(values)) if positions is None else positions
    left, reach = (places[0], places[-1] - places[0]) if len(places) else (0.0, 0.0)
    stretch = (width - 2 * _INSET) / reach if reach else 1.0
    start = (_INSET if reach else width / 2) - left * stretch
    line, area, dots = _runs(
        [start + at * stretch for at in places],
        [None if value is None else top - value * factor for value in values],
        height,
    )

    def level(aim: float | None) -> str:
        return short(top - aim * factor) if aim is not None and present else ""

    last = next((i for i in range(len(values) - 1, -1, -1) if values[i] is not None), None)
    return Spark(
        id=id,
        title=title,
        summary=summary,
        view_box=f"0 0 {width} {height}",
        width=str(width),
        height=str(height),
        area=area,
        line=line,
        dots=dots,
        target=level(target),
        target_high=level(target_high),
        last_x="" if last is None else short(start + places[last] * stretch),
        last_y="" if last is None else short(top - (values[last] or 0.0) * factor),
    )


def _runs(xs: Sequence[float], ys: Sequence[float | None], bottom: int) -> tuple[str, str, str]:
    """Path data of the line, of the area under it, and of the dots that stand alone."""
    line = area = dots = ""
    run: list[float] = []  # x, y, x, y …
    for x, y in zip([*xs, 0.0], [*ys, None], strict=True):
        if y is not None:
            run += (x, y)
            continue
        if len(run) == 2:
            dots += f"M{short(run[0])} {short(run[1])}h0"
        elif run:
            # One format of the whole run: this is drawn for every card of a page.
            path = ("%.1f %.1fL" * (len(run) // 2))[:-1] % tuple(run)
            line += f"M{path}"
            area += f"M{run[0]:.1f} {bottom}L{path}V{bottom}Z"
        run = []
    return line, area, dots
