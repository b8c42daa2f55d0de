"""The milestone timeline."""

import re
from datetime import date, timedelta
from itertools import combinations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.charts import Milestone, MilestoneState, Timeline, TimelineInput, When, timeline
from dashboards.charts.marks import View
from dashboards.charts.place import Box, Spot, text_box
from dashboards.charts.sample import TIMELINE_WORDS, timelines

TODAY = date(2023, 7, 7)


def on(day: date, days: int = 0) -> When:
    return When(first=day, last=day + timedelta(days), label=f"{day:%d %b %Y}")


def drawn(*milestones: Milestone, **options: Any) -> Timeline:
    return timeline(
        TimelineInput(
            **{
                "id": "t",
                "title": "Title",
                "summary": "Summary.",
                "words": TIMELINE_WORDS,
                "today": TODAY,
                "today_label": "Today",
                "format_tick": lambda day, is_year: f"{day:%Y}" if is_year else f"{day:%b}",
                "milestones": milestones,
                **options,
            }
        )
    )


def step(state: MilestoneState, due: date, **options: Any) -> Milestone:
    return Milestone(name=f"Step {state}", state=state, due=on(due), detail="Due.", **options)


def css(view: View) -> set[str]:
    return {each.css for each in (*view.shapes, *view.circles)}


def test_nothing_dated_is_a_state_of_its_own() -> None:
    assert (drawn().views, drawn().empty) == ((), "No dates yet")


def test_each_state_has_a_shape_of_its_own_in_both_views() -> None:
    marks = {
        MilestoneState.DONE: "chart-done",
        MilestoneState.LATE: "chart-late",
        MilestoneState.PLANNED: "chart-planned",
        MilestoneState.DROPPED: "chart-dropped",
    }
    for state, mark in marks.items():
        for view in drawn(step(state, date(2023, 5, 1))).views:
            assert css(view) & set(marks.values()) == {mark}


def test_a_moved_milestone_keeps_its_original_date_and_an_arrow() -> None:
    moved = step(MilestoneState.PLANNED, date(2023, 12, 1), original=on(date(2023, 2, 1)))
    chart = drawn(moved)
    wide = chart.views[0]
    (original,) = (circle for circle in wide.circles if circle.css == "chart-original")
    (now,) = (circle for circle in wide.circles if circle.css == "chart-planned")
    (arrow,) = (shape.d for shape in wide.shapes if shape.css == "chart-moved")
    start, tip = (float(x) for x in re.findall(r"M([\d.]+) [\d.]+H([\d.]+)", arrow)[0])
    assert float(original.cx) < start < tip < float(now.cx)
    assert "chart-key--moved" in [item.css for item in chart.key]


def test_a_milestone_moved_forward_points_left() -> None:
    moved = step(MilestoneState.PLANNED, date(2023, 2, 1), original=on(date(2023, 12, 1)))
    (arrow,) = (s.d for s in drawn(moved).views[0].shapes if s.css == "chart-moved")
    start, tip = (float(x) for x in re.findall(r"M([\d.]+) [\d.]+H([\d.]+)", arrow)[0])
    assert start > tip


def test_a_vague_date_is_drawn_as_its_span() -> None:
    quarter = Milestone(
        name="Launch",
        state=MilestoneState.PLANNED,
        due=When(first=date(2023, 10, 1), last=date(2023, 12, 31), label="Q4 2023"),
        detail="Due Q4 2023",
    )
    assert "chart-vague" in css(drawn(quarter).views[0])


def test_the_narrow_list_is_in_the_order_of_dates_with_today_between() -> None:
    chart = drawn(
        step(MilestoneState.PLANNED, date(2023, 12, 1)),
        step(MilestoneState.LATE, date(2023, 5, 1)),
        start=on(date(2022, 1, 1)),
        end=on(date(2023, 12, 31)),
    )
    names = [
        label.text
        for label in chart.views[1].labels
        if label.css.endswith("name") or label.css.endswith("today")
    ]
    assert names == ["Start", "Step late", "Today", "Step planned", "End"]


def test_an_ongoing_initiative_has_an_open_end() -> None:
    wide = drawn(start=on(date(2022, 1, 1)), ongoing=True).views[0]
    assert "chart-course-open" in css(wide)
    assert "01 Jan 2022 – ongoing" in [label.text for label in wide.labels]


def test_today_far_from_the_plan_does_not_squeeze_it() -> None:
    long_ago = drawn(step(MilestoneState.DONE, date(2005, 1, 1)), start=on(date(2004, 1, 1)))
    assert "chart-today" not in css(long_ago.views[0])


def assert_sound(view: View) -> None:
    """No label over another or outside the drawing."""
    _, _, width, height = (float(each) for each in view.view_box.split())
    size = 14.1 if view.css.endswith("wide") else 13.1
    boxes = [
        text_box(
            [label.text],
            Spot(float(label.x), float(label.y), label.anchor),
            size,
            bold=label.css.endswith("name") or label.css.endswith("today"),
        )
        for label in view.labels
    ]
    for one, two in combinations(boxes, 2):
        assert not one.overlaps(two, -0.5)
    assert all(
        Box(b.left + 0.1, b.top, b.right - 0.1, b.bottom).inside(Box(0, 0, width, height))
        for b in boxes
    )
    for shape in view.shapes:
        assert "nan" not in shape.d


DAYS = st.dates(date(2015, 1, 1), date(2035, 1, 1))
WHENS = st.builds(on, DAYS, st.sampled_from([0, 30, 90, 365]))
STEPS = st.builds(
    Milestone,
    name=st.text("abc WM", min_size=1, max_size=90),
    state=st.sampled_from(MilestoneState),
    due=WHENS,
    detail=st.text("due 2023", max_size=120),
    original=st.none() | WHENS,
    done=st.none() | DAYS,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(STEPS, max_size=12), st.none() | WHENS, st.none() | WHENS, st.booleans(), DAYS)
def test_labels_never_collide_or_leave_the_box(
    milestones: list[Milestone], start: When | None, end: When | None, ongoing: bool, today: date
) -> None:
    chart = drawn(*milestones, start=start, end=end, ongoing=ongoing, today=today)
    for view in chart.views:
        assert_sound(view)


def test_the_samples_are_sound() -> None:
    for chart in timelines():
        for view in chart.views:
            assert_sound(view)
