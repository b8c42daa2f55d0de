"""The Gantt chart: bars, dates that moved, milestones, all within the stretch that is drawn."""

import datetime as dt
import re
from dataclasses import replace

import pytest

from dashboards.charts.gantt import Gantt, gantt, outside
from dashboards.charts.gantt_data import GanttInput, GanttRow, GanttWords
from dashboards.charts.timeline_data import Milestone, MilestoneState, When

TODAY = dt.date(2022, 7, 1)
WORDS = GanttWords(
    course="course", unknown="unknown", slip="slip", original="original", done="done",
    late="late", planned="planned", dropped="dropped", not_done="not done", today="today",
    empty="Nothing.", no_dates="No dates.",
)  # fmt: skip


def day(month: int, of: int = 1, year: int = 2022) -> When:
    when = dt.date(year, month, of)
    return When(first=when, last=when, label=when.isoformat())


def step(due: When, state: MilestoneState = MilestoneState.PLANNED, **values: object) -> Milestone:
    return Milestone(name="Step", state=state, due=due, detail="", **values)  # type: ignore[arg-type]


def drawn(*rows: GanttRow) -> Gantt:
    return gantt(
        GanttInput(
            id="g",
            title="Priority 1",
            summary="One initiative.",
            words=WORDS,
            first=dt.date(2022, 1, 1),
            last=dt.date(2022, 12, 31),
            today=TODAY,
            today_label="1 Jul 2022",
            format_tick=lambda month, is_year: str(month.year if is_year else month.month),
            rows=rows,
        )
    )


ROW = GanttRow(name="Cloud", detail="On track", tone="on_track", start=day(2), end=day(11))


def wide(chart: Gantt) -> dict[str, list[str]]:
    """The paths of the wide view by their first class and what is special about it."""
    found: dict[str, list[str]] = {}
    for shape in chart.views[0].shapes:
        found.setdefault(shape.css, []).append(shape.d)
    return found


def reach(d: str) -> tuple[float, float]:
    """From where to where a level line goes."""
    left, right = re.fullmatch(r"M([\d.]+) [\d.]+H([\d.]+)", d).groups()  # type: ignore[union-attr]
    return float(left), float(right)


def keys(chart: Gantt) -> list[str]:
    return [item.text for item in chart.key]


def test_the_bar_changes_where_today_is() -> None:
    paths = wide(drawn(ROW))
    past = reach(paths["gantt-bar gantt-bar--on-track"][0])
    ahead = reach(paths["gantt-bar gantt-bar--on-track gantt-bar--ahead"][0])
    assert past[1] == ahead[0]
    # 31 days of 365 have gone at its start, 305 at the end of 1 Nov.
    start, end = 314.0, 946.0
    assert past[0] == pytest.approx(start + (end - start) * 31 / 365, abs=0.1)
    assert ahead[1] == pytest.approx(start + (end - start) * 305 / 365, abs=0.1)


def test_a_later_end_shows_by_how_much_it_slipped() -> None:
    chart = drawn(replace(ROW, original_end=day(8)))
    bar = reach(wide(chart)["gantt-bar gantt-bar--on-track gantt-bar--ahead"][0])
    slip = reach(wide(chart)["gantt-slip"][0])
    assert bar[1] == slip[0] < slip[1]
    assert chart.views[0].circles[0].cx == f"{slip[0]:g}"
    assert keys(chart) == ["course", "slip", "original", "today"]


def test_an_earlier_end_leads_back_to_what_was_given_up() -> None:
    paths = wide(drawn(replace(ROW, end=day(8), original_end=day(11))))
    assert "gantt-slip" not in paths
    bar = reach(paths["gantt-bar gantt-bar--on-track gantt-bar--ahead"][0])
    assert reach(paths["gantt-given-up"][0])[0] == bar[1]


def test_what_goes_on_ends_in_an_arrow_and_what_is_closed_in_a_stop() -> None:
    assert len(wide(drawn(replace(ROW, end=None)))["chart-course-open"]) == 1
    both = replace(ROW, start=day(1, year=2020), end=day(1, year=2030))
    assert len(wide(drawn(both))["chart-course-open"]) == 2
    assert len(wide(drawn(replace(ROW, ends=True)))["gantt-stop"]) == 1
    assert "gantt-stop" not in wide(drawn(ROW))


def test_nothing_is_drawn_beyond_the_stretch() -> None:
    far = replace(
        ROW,
        start=day(1, year=2019),
        end=day(1, year=2031),
        original_end=day(1, year=2029),
        milestones=(step(day(6), original=day(1, year=2018)),),
    )
    for view in drawn(far).views:
        right = float(view.width)
        points = [float(x) for shape in view.shapes for x in re.findall(r"[MH](-?[\d.]+)", shape.d)]
        points += [float(circle.cx) for circle in view.circles]
        assert min(points) >= 0
        assert max(points) <= right


def test_milestones_outside_the_stretch_are_counted_and_not_drawn() -> None:
    row = replace(ROW, milestones=(step(day(6)), step(day(6, year=2024)), step(day(6, year=2020))))
    assert outside(row, dt.date(2022, 1, 1), dt.date(2022, 12, 31)) == 2
    planned = [c for c in drawn(row).views[0].circles if c.css == "chart-planned"]
    assert len(planned) == 1


def test_a_done_milestone_stands_where_it_was_done() -> None:
    done = step(day(3), MilestoneState.DONE, done=dt.date(2022, 6, 1))
    late = step(day(6), MilestoneState.LATE)
    chart = drawn(replace(ROW, milestones=(done, late)))
    at = [float(wide(chart)[css][0][1:].split()[0]) for css in ("chart-done", "chart-late")]
    assert at[0] == at[1]
    assert keys(chart) == ["course", "done", "late", "today"]


def places(chart: Gantt, *classes: str) -> list[tuple[float, float]]:
    """Where the marks of some classes stand in the wide view."""
    view = chart.views[0]
    found = [
        (float(x), float(y))
        for css in classes
        for d in wide(chart).get(css, ())
        for x, y in re.findall(r"^M([\d.]+) ([\d.]+)", d)
    ]
    return found + [(float(c.cx), float(c.cy)) for c in view.circles if c.css in classes]


def test_marks_that_would_cover_each_other_stand_on_further_lanes_at_their_own_dates() -> None:
    def done(of: int) -> Milestone:
        return step(day(3), MilestoneState.DONE, done=dt.date(2022, 3, of))

    near = drawn(replace(ROW, milestones=(done(1), done(5), done(9))))
    far = drawn(replace(ROW, milestones=(done(1), done(11), done(21))))
    (x1, y1), (x2, y2), (_x3, y3) = places(near, "chart-done")
    assert x2 - x1 == pytest.approx(4 * 632 / 365, abs=0.2)
    assert (y2 - y1, y3 - y2) == (pytest.approx(16, abs=0.11), pytest.approx(16, abs=0.11))
    assert len({y for _x, y in places(far, "chart-done")}) == 1
    assert float(near.views[0].height) > float(far.views[0].height)


def test_the_way_of_a_milestone_that_moved_runs_over_no_other() -> None:
    moved = step(day(6), original=day(3))
    chart = drawn(replace(ROW, milestones=(step(day(4), MilestoneState.LATE), moved)))
    (_x, late), (_x, ring), (_x, mark) = places(
        chart, "chart-late", "chart-original", "chart-planned"
    )
    assert (ring, mark) == (late + 16, late + 16)


@pytest.mark.parametrize("moved_to", [2, 15])
def test_the_ring_of_the_first_date_is_not_under_its_own_mark(moved_to: int) -> None:
    moved = step(day(6, moved_to), original=day(6, 1))
    (ring, _y), (mark, _y) = places(
        drawn(replace(ROW, milestones=(moved,))), "chart-original", "chart-planned"
    )
    assert mark - ring >= 13


def test_the_line_of_today_runs_through_no_name() -> None:
    name = "Citywide Radio Infrastructure Repairs"
    (narrow,) = (v for v in drawn(replace(ROW, name=name)).views if v.css.endswith("narrow"))
    (line,) = (shape.d for shape in narrow.shapes if shape.css == "chart-today")
    (y,) = (float(label.y) for label in narrow.labels if label.text == name)
    spans = [(float(a), float(b)) for a, b in re.findall(r"M[\d.]+ ([\d.]+)V([\d.]+)", line)]
    assert len(spans) == 2
    assert not any(top < y < bottom for top, bottom in spans)


def test_what_was_not_done_has_the_cross_of_what_was_dropped() -> None:
    chart = drawn(replace(ROW, milestones=(step(day(3), MilestoneState.NOT_DONE),)))
    assert len(places(chart, "chart-dropped")) == 1
    assert [(each.css, each.text) for each in chart.key][1] == ("chart-key--dropped", "not done")


def test_without_a_start_the_bar_says_so() -> None:
    chart = drawn(replace(ROW, start=None))
    assert "gantt-bar gantt-bar--on-track gantt-bar--unknown" in wide(chart)
    assert "unknown" in keys(chart)


def test_without_any_date_the_row_says_so() -> None:
    chart = drawn(replace(ROW, start=None, end=None))
    assert "No dates." in [label.text for label in chart.views[0].labels]
    assert not any(css.startswith("gantt-bar") for css in wide(chart))


def test_every_row_has_its_words_in_both_views_and_a_way_to_be_heard() -> None:
    chart = drawn(ROW, replace(ROW, name="Lab", detail="Overdue 9 days"))
    for view in chart.views:
        texts = [label.text for label in view.labels]
        assert {"Cloud", "On track", "Lab", "Overdue 9 days", "1 Jul 2022"} <= set(texts)
    assert len({view.title_id for view in chart.views}) == 2


def test_today_is_drawn_only_where_it_lies() -> None:
    assert "chart-today" in wide(drawn(ROW))
    far = gantt(
        GanttInput(
            id="g", title="", summary="", words=WORDS, first=dt.date(2020, 1, 1),
            last=dt.date(2020, 12, 31), today=TODAY, today_label="1 Jul 2022",
            format_tick=lambda month, is_year: "", rows=(ROW,),
        )
    )  # fmt: skip
    assert "chart-today" not in wide(far)
    assert "today" not in keys(far)


def test_no_rows_say_so() -> None:
    chart = drawn()
    assert (chart.views, chart.key, chart.empty) == ((), (), "Nothing.")
