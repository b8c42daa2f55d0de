"""Words that keep apart."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from dashboards.charts.place import Box, Placer, Spot, spread, text_box
from dashboards.charts.text import text_width, wrap


def test_boxes_that_only_touch_do_not_overlap() -> None:
    assert not Box(0, 0, 10, 10).overlaps(Box(10, 0, 20, 10))
    assert Box(0, 0, 10, 10).overlaps(Box(10, 0, 20, 10), gap=1)
    assert Box(0, 0, 10, 10).overlaps(Box(9, 9, 20, 20))


def test_a_stroke_crosses_a_box_or_passes_by() -> None:
    box = Box(10, 10, 20, 20)
    assert box.crossed_by((0, 15, 30, 15))
    assert box.crossed_by((12, 12, 13, 13))
    assert not box.crossed_by((0, 0, 30, 5))
    assert not box.crossed_by((0, 25, 12, 21))
    assert not box.crossed_by((25, 0, 25, 30))


def test_a_text_box_lies_by_its_anchor() -> None:
    width = text_width("80%", 10)
    assert text_box(["80%"], Spot(50, 50, "end"), 10) == Box(50 - width, 42, 50, 52.5)
    assert text_box(["80%"], Spot(50, 50, "start"), 10) == Box(50, 42, 50 + width, 52.5)


def test_a_label_takes_the_first_free_place() -> None:
    placer = Placer(Box(0, 0, 100, 100))
    here, there = Spot(10, 20, "start"), Spot(10, 60, "start")
    assert placer.place(["a"], [here, there], 10) == here
    assert placer.place(["a"], [here, there], 10) == there
    assert placer.place(["a"], [here, there], 10) is None


def test_a_label_would_rather_not_cross_a_line() -> None:
    placer = Placer(Box(0, 0, 100, 100), strokes=[(0, 18, 100, 18)])
    assert placer.place(["a"], [Spot(10, 20, "start"), Spot(10, 60, "start")], 10) == Spot(
        10, 60, "start"
    )


def test_a_label_never_leaves_the_drawing() -> None:
    assert Placer(Box(0, 0, 100, 100)).place(["a long label"], [Spot(95, 50, "start")], 10) is None


@given(st.lists(st.floats(0, 300), max_size=12))
def test_marks_spread_side_by_side(centers: list[float]) -> None:
    placed = spread(sorted(centers), 20, 0, 300)
    assert all(two - one >= 20 - 1e-6 for one, two in pairwise(placed))
    assert all(10 - 1e-6 <= each <= 290 + 1e-6 for each in placed)


@given(st.text(max_size=200), st.floats(40, 300))
def test_wrapped_lines_fit(text: str, width: float) -> None:
    lines = wrap(text, 14, width)
    assert len(lines) <= 3
    assert all(text_width(line, 14) <= width for line in lines)


def test_wrapping_keeps_words_and_marks_what_is_cut() -> None:
    assert wrap("", 14, 100) == ()
    assert wrap("Citywide launch", 14, 300) == ("Citywide launch",)
    assert wrap("one two three four five six", 14, 60, most=2) == ("one two", "three…")
