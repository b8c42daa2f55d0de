"""The metric chart."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.charts import (
    Actual,
    Baseline,
    ForecastPoint,
    LineChart,
    LineInput,
    Note,
    Period,
    PeriodTarget,
    TargetCourse,
    line_chart,
)
from dashboards.charts.marks import View
from dashboards.charts.place import Box, Spot, text_box
from dashboards.charts.sample import WORDS, fiscal_year, lines, month
from dashboards.charts.spots import NARROW, WIDE


def chart(**options: Any) -> LineChart:
    """A chart of these numbers, with plain words."""
    return line_chart(
        LineInput(
            **{
                "id": "c",
                "title": "Title",
                "summary": "Summary.",
                "words": WORDS,
                "format_value": lambda value: f"{value:g}",
                "format_tick": lambda value, decimals: f"{value:.{decimals}f}",
                **options,
            }
        )
    )


def years(*values: float | None, provisional: bool = False) -> tuple[Actual, ...]:
    """A value for each fiscal year from 2014; the last may be an estimate."""
    return tuple(
        Actual(
            period=fiscal_year(2014 + index),
            value=value,
            provisional=provisional and index == len(values) - 1,
        )
        for index, value in enumerate(values)
    )


def paths(view: View, css: str) -> list[str]:
    return [shape.d for shape in view.shapes if shape.css == css]


def texts(view: View) -> list[str]:
    return [label.text for label in view.labels]


def points(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path)]


def test_small_case_to_the_coordinate() -> None:
    view = chart(actuals=years(0, 10)).views[0]
    # "10.0" is 2.41 em of 14.5 wide; ten more and the plot begins, ten more and the values do.
    assert paths(view, "chart-actual") == ["M54.9 287L702 26.5"]
    assert paths(view, "chart-dots") == ["M54.9 287h0M702 26.5h0"]
    assert paths(view, "chart-grid chart-grid--zero") == ["M44.9 287H706"]


def test_two_views_with_ids_of_their_own() -> None:
    wide, narrow = chart(actuals=years(1, 2)).views
    assert (wide.view_box, narrow.view_box) == ("0 0 720 320", "0 0 320 270")
    assert len({wide.title_id, wide.desc_id, narrow.title_id, narrow.desc_id}) == 4


def test_no_line_crosses_a_missing_period_and_the_period_is_marked() -> None:
    drawn = chart(actuals=years(1, 2, None, 4, 5))
    (line,) = paths(drawn.views[0], "chart-actual")
    assert line.count("M") == 2
    assert len(paths(drawn.views[0], "chart-missing")) == 1
    assert "chart-key--missing" in [item.css for item in drawn.key]


def test_no_line_crosses_a_period_that_was_left_out() -> None:
    ends = (2014, 2015, 2018, 2019)
    actuals = tuple(Actual(period=fiscal_year(end), value=end) for end in ends)
    assert paths(chart(actuals=actuals).views[0], "chart-actual")[0].count("M") == 2
    joined = chart(actuals=actuals, regular=False)
    assert paths(joined.views[0], "chart-actual")[0].count("M") == 1


def test_a_value_alone_is_a_dot_without_a_line() -> None:
    view = chart(actuals=years(24000)).views[0]
    assert paths(view, "chart-actual") == []
    assert len(paths(view, "chart-dots")) == 1
    assert "24000" in texts(view)


def test_an_estimate_is_open_and_says_so() -> None:
    drawn = chart(actuals=years(80, 90, 89, provisional=True))
    assert [circle.css for circle in drawn.views[0].circles] == ["chart-estimate"]
    assert "estimate" in texts(drawn.views[0])
    assert [item.text for item in drawn.key] == ["Actual", "Estimate"]


def test_a_decrease_falls_and_a_rank_has_one_on_top() -> None:
    falling = points(paths(chart(actuals=years(300, 120)).views[0], "chart-actual")[0])
    assert falling[0][1] < falling[1][1]
    rank = chart(actuals=years(7, 1), rank=True)
    rising = points(paths(rank.views[0], "chart-actual")[0])
    assert rising[0][1] > rising[1][1]
    assert rank.remarks == ("Rank 1 is at the top.",)


def test_an_axis_away_from_zero_is_said() -> None:
    assert chart(actuals=years(99.8, 100), ceiling=100).remarks == (
        "The scale starts at 99.80, not at zero.",
    )
    assert chart(actuals=years(0, 100)).remarks == ()


def test_superseded_targets_stay_dashed() -> None:
    period = fiscal_year(2014)
    drawn = chart(
        actuals=years(80, 81),
        targets=(
            PeriodTarget(period=period, value=90, label="Target 90"),
            PeriodTarget(period=period, value=94, superseded=True),
        ),
    )
    view = drawn.views[0]
    assert len(paths(view, "chart-target")) == len(paths(view, "chart-target chart-target--old"))
    assert "Target 90" in texts(view)
    assert [item.text for item in drawn.key] == ["Actual", "Target of the period", "Earlier target"]


def test_the_target_of_a_period_lies_around_its_value() -> None:
    view = chart(
        actuals=years(80, 81, 82),
        targets=tuple(
            PeriodTarget(period=fiscal_year(y), value=y - 1930) for y in (2014, 2015, 2016)
        ),
    ).views[0]
    values = points(paths(view, "chart-actual")[0])
    start, end = re.findall(r"M([\d.]+) [\d.]+H([\d.]+)", paths(view, "chart-target")[1])[0]
    assert (float(start) + float(end)) / 2 == pytest.approx(values[1][0], abs=0.2)


def test_equal_targets_of_neighboring_periods_are_one_line() -> None:
    def drawn(*ends: int) -> int:
        targets = tuple(PeriodTarget(period=fiscal_year(end), value=90) for end in ends)
        return len(
            paths(chart(actuals=years(1, 2, 3, 4), targets=targets).views[0], "chart-target")
        )

    assert drawn(2014, 2015, 2016) == 1
    assert drawn(2014, 2016) == 2


def test_a_yearly_target_over_months_covers_its_year() -> None:
    actuals = tuple(Actual(period=month(index), value=index) for index in range(24))
    year = Period(start=date(2014, 1, 1), end=date(2014, 12, 31), label="2014")
    view = chart(actuals=actuals, targets=(PeriodTarget(period=year, value=5),)).views[0]
    values = points(paths(view, "chart-actual")[0])
    start, end = re.findall(r"M([\d.]+) [\d.]+H([\d.]+)", paths(view, "chart-target")[0])[0]
    assert float(start) == pytest.approx(values[11][0], abs=0.1)
    assert float(end) == pytest.approx(values[23][0], abs=0.1)


def test_a_straight_course_and_a_step() -> None:
    dated = ((date(2014, 6, 30), 40.0), (date(2016, 6, 30), 100.0))
    actuals = years(40, 60, 80)
    straight = chart(actuals=actuals, courses=(TargetCourse(points=dated),)).views[0]
    stepped = chart(actuals=actuals, courses=(TargetCourse(points=dated, stepped=True),)).views[0]
    (line,), (steps,) = paths(straight, "chart-course"), paths(stepped, "chart-course")
    assert len(points(line)) == 2
    assert [y for _, y in points(steps)][0:2] == [points(line)[0][1]] * 2
    assert len(points(steps)) == 3


def test_a_dated_target_alone_is_a_diamond() -> None:
    goal = TargetCourse(points=((date(2016, 6, 30), 100.0),), label="Goal 100")
    drawn = chart(actuals=years(40, 60), courses=(goal,))
    assert len(paths(drawn.views[0], "chart-goal")) == 1
    assert "Goal 100" in texts(drawn.views[0])


def test_the_forecast_fans_out_from_the_last_value() -> None:
    view = chart(
        actuals=years(80, 90),
        forecast=(ForecastPoint(period=fiscal_year(2016), mean=91, low=85, high=97),),
        forecast_label=("80% range", "85–97"),
    ).views[0]
    last = points(paths(view, "chart-actual")[0])[-1]
    assert points(paths(view, "chart-mean")[0])[0] == last
    band = points(paths(view, "chart-band")[0])
    assert band[0] == band[-1] == last
    assert "85–97" in texts(view)


def test_notes_are_numbered_in_the_order_of_dates() -> None:
    drawn = chart(
        actuals=years(80, 81, 82),
        notes=(
            Note(on=date(2016, 6, 30), text="Second."),
            Note(on=date(2014, 6, 30), text="First.", value=80),
        ),
    )
    assert [(note.number, note.text) for note in drawn.notes] == [("1", "First."), ("2", "Second.")]
    assert [badge.label.text for badge in drawn.views[0].badges] == ["1", "2"]


def test_too_many_notes_share_marks_and_none_is_lost() -> None:
    notes = tuple(Note(on=date(2014, 1, 1) + timedelta(i), text=str(i)) for i in range(60))
    drawn = chart(actuals=years(1, 2), notes=notes)
    for view in drawn.views:
        marks = [badge.label.text for badge in view.badges]
        assert marks[0].startswith("1")
        assert marks[-1].endswith("60")
    assert len(drawn.notes) == 60


def test_a_baseline_at_a_value_gets_no_second_mark() -> None:
    baseline = Baseline(on=date(2014, 6, 30), value=63, label="Baseline 63")
    with_value = chart(actuals=years(63, 80), baseline=baseline).views[0]
    assert paths(with_value, "chart-baseline") == []
    assert "Baseline 63" in texts(with_value)
    alone = chart(actuals=years(70, 80), baseline=baseline).views[0]
    assert len(paths(alone, "chart-baseline")) == 1


def test_no_values_is_a_state_of_its_own() -> None:
    nothing = chart()
    assert (nothing.views, nothing.empty) == ((), "No values yet")
    only_target = chart(targets=(PeriodTarget(period=fiscal_year(2023), value=80, label="80"),))
    assert len(only_target.views) == 2
    assert only_target.empty == "No values yet"
    assert all("No values yet" in " ".join(texts(view)) for view in only_target.views)
    assert chart(actuals=years(None, None)).views == ()


def test_zero_is_drawn_as_a_value() -> None:
    drawn = chart(actuals=years(0))
    assert drawn.empty == ""
    assert "0" in texts(drawn.views[0])


@pytest.mark.parametrize("drawn", lines(), ids=lambda drawn: str(drawn.id))
def test_the_newest_value_and_its_axis_are_always_written(drawn: LineChart) -> None:
    for view in drawn.views:
        css = [label.css for label in view.labels]
        if not drawn.empty:
            assert "chart-label chart-label--value" in css
        assert css.count("chart-label chart-label--tick") >= 3


def assert_sound(view: View) -> None:
    """Every label and badge in the box and apart from the others; every number finite."""
    size = WIDE if view.css.endswith("wide") else NARROW
    frame = Box(0, 0, size.width, size.height)
    boxes = [
        text_box(
            [label.text],
            Spot(float(label.x), float(label.y), label.anchor),
            size.text - 0.4,
            bold=label.css.endswith("value"),
        )
        for label in view.labels
    ]
    for badge in view.badges:
        left, top = float(badge.box.x), float(badge.box.y)
        right, bottom = left + float(badge.box.width), top + float(badge.box.height)
        boxes.append(Box(left, top, right, bottom))
    for index, box in enumerate(boxes):
        assert Box(box.left + 0.1, box.top + 0.1, box.right - 0.1, box.bottom - 0.1).inside(frame)
        lower = boxes[index + 1 :]
        assert not any(box.overlaps(other, -0.5) for other in lower), (box, lower)
    for shape in view.shapes:
        assert "nan" not in shape.d
        assert "inf" not in shape.d
        for x, y in points(re.split(r"[a-z]", shape.d)[0]):
            assert -0.5 <= x <= size.width + 0.5
            assert -0.5 <= y <= size.height + 0.5


NUMBERS = st.floats(min_value=-1e6, max_value=1e6).map(lambda value: round(value, 2))


@st.composite
def inputs(draw: st.DrawFn) -> dict[str, Any]:
    """Charts of any mix of values, gaps, targets, forecast and notes."""
    monthly = draw(st.booleans())
    make = month if monthly else lambda index: fiscal_year(2010 + index)
    values = draw(st.lists(st.none() | NUMBERS, max_size=40 if monthly else 14))
    count = len(values)
    actuals = tuple(
        Actual(period=make(index), value=value, provisional=draw(st.booleans()))
        for index, value in enumerate(values)
    )
    targets = tuple(
        PeriodTarget(
            period=make(index),
            value=value,
            high=value + 5 if draw(st.booleans()) else None,
            superseded=draw(st.booleans()),
            label=f"Target {value}",
        )
        for index, value in draw(
            st.lists(st.tuples(st.integers(0, count + 2), NUMBERS), max_size=6)
        )
    )
    forecast = tuple(
        ForecastPoint(period=make(count + index), mean=mean, low=mean - 9, high=mean + 9)
        for index, mean in enumerate(draw(st.lists(NUMBERS, max_size=3)))
    )
    on = st.dates(date(2009, 1, 1), date(2026, 1, 1))
    course = draw(
        st.lists(st.tuples(on, NUMBERS), min_size=0, max_size=4, unique_by=lambda x: x[0])
    )
    return {
        "actuals": actuals,
        "targets": targets,
        "courses": (TargetCourse(points=tuple(sorted(course)), label="Goal"),) if course else (),
        "baseline": draw(
            st.none() | st.builds(Baseline, on=on, value=NUMBERS, label=st.just("Baseline 63%"))
        ),
        "forecast": forecast,
        "forecast_label": ("80% range", "78–98%"),
        "notes": tuple(
            Note(on=day, text="Why.", value=value)
            for day, value in draw(st.lists(st.tuples(on, st.none() | NUMBERS), max_size=30))
        ),
        "rank": False,
        "regular": draw(st.booleans()),
    }


@settings(max_examples=50, deadline=None)
@given(inputs())
def test_labels_never_collide_or_leave_the_box(options: dict[str, Any]) -> None:
    for view in chart(**options).views:
        assert_sound(view)


@pytest.mark.parametrize("drawn", lines(), ids=lambda drawn: str(drawn.id))
def test_the_samples_are_sound(drawn: LineChart) -> None:
    for view in drawn.views:
        assert_sound(view)
