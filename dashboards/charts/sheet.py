"""What charts of dates are painted on: milestones by their shapes, and the way a date moved."""

from dashboards.charts.marks import Circle, Label, Shape, View
from dashboards.charts.scale import short
from dashboards.charts.timeline_data import MilestoneState

#: Half the width of a milestone's mark.
MARK = 7.0
#: Half the width of the small ring at a date first promised, with a little air.
RING = 6.0


def beside(old: float, new: float) -> float:
    """Where the ring of a date first promised stands, so that the mark itself does not cover it.

    >>> beside(20, 100), beside(98, 100), beside(103, 100)
    (20, 87.0, 113.0)
    """
    room = MARK + RING
    return old if abs(new - old) >= room else new - room if new >= old else new + room


class Sheet:
    """What is painted so far, of either view."""

    def __init__(self, id: str) -> None:
        self.id = id
        self.shapes: list[Shape] = []
        self.circles: list[Circle] = []
        self.labels: list[Label] = []

    def finish(self, name: str, width: float, height: float) -> View:
        """The view of what was painted."""
        prefix = f"{self.id}-{name}"
        return View(
            css=f"chart-view chart-view--{name}",
            title_id=f"{prefix}-title",
            desc_id=f"{prefix}-desc",
            view_box=f"0 0 {short(width)} {short(height)}",
            width=short(width),
            height=short(height),
            shapes=tuple(self.shapes),
            circles=tuple(self.circles),
            badges=(),
            labels=tuple(self.labels),
        )

    def shape(self, css: str, d: str) -> None:
        """A path, over what is there."""
        self.shapes.append(Shape(css, d))

    def write(self, css: str, x: float, y: float, text: str, anchor: str = "start") -> None:
        """One line of text."""
        self.labels.append(
            Label(f"chart-label chart-label--{css}", short(x), short(y), anchor, text)
        )

    def mark(self, state: MilestoneState, x: float, y: float) -> None:
        """Done is a square with a check, late a diamond, planned a ring, the rest a cross."""
        at = f"M{short(x)} {short(y)}"
        if state is MilestoneState.DONE:
            self.shape("chart-done", f"{at}m-5-5h10v10h-10Z")
            self.shape("chart-check", f"{at}m-3.2 .2l2.2 2.3 4.2-4.7")
        elif state is MilestoneState.LATE:
            self.shape("chart-late", f"{at}m0-8l8 8-8 8-8-8Z")
            self.shape("chart-late-sign", f"{at}m0-3.6v4m0 2.6v.2")
        elif state is MilestoneState.PLANNED:
            self.circles.append(Circle("chart-planned", short(x), short(y), "6"))
        else:
            self.shape("chart-dropped", f"{at}m-5-5l10 10m0-10l-10 10")

    def moved(self, old: float, new: float, y: float) -> None:
        """The original date's small ring and an arrow from it to where the milestone is now."""
        self.circles.append(Circle("chart-original", short(old), short(y), "4"))
        way = 1 if new > old else -1
        tip = new - way * (MARK + 4)
        if (tip - old) * way > 8:
            start = short(old + way * 4)
            self.shape("chart-moved", f"M{start} {short(y)}H{short(tip)}")
            self.shape(
                "chart-moved-tip",
                f"M{short(tip)} {short(y)}l{-5 * way} -4m{5 * way} 4l{-5 * way} 4",
            )
