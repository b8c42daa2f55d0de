"""The stacked bar."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.charts import Segment, StackedBar, stacked_bar


def bar(*counts: int) -> StackedBar:
    keys = ("on_track", "at_risk", "off_track", "paused")
    segments = [Segment(keys[index % 4], count) for index, count in enumerate(counts)]
    return stacked_bar(id="b", title="Title", summary="Summary.", segments=segments)


def test_counts_share_the_width_in_order() -> None:
    drawn = bar(3, 1)
    assert [(each.x, each.width) for each in drawn.segments] == [("0", "75%"), ("75%", "25%")]
    assert drawn.segments[0].css == "chart-bar__segment chart-bar__segment--on-track"
    assert [(each.x1, each.x2) for each in drawn.textures] == [("0", "75%"), ("75%", "100%")]


def test_a_state_without_items_takes_no_room() -> None:
    assert [each.x for each in bar(0, 2, 0).segments] == ["0"]


def test_a_tiny_count_stays_visible() -> None:
    drawn = bar(9999, 1)
    assert [each.width for each in drawn.segments] == ["98.5%", "1.5%"]


@pytest.mark.parametrize("counts", [(), (0,), (0, 0)])
def test_nothing_counted_draws_no_segment(counts: tuple[int, ...]) -> None:
    assert bar(*counts).segments == ()


@given(st.lists(st.integers(0, 100_000), max_size=90))
def test_segments_fill_the_bar_and_none_vanishes(counts: list[int]) -> None:
    drawn = bar(*counts)
    widths = [float(each.width.rstrip("%")) for each in drawn.segments]
    assert len(widths) == sum(count > 0 for count in counts)
    if widths:
        assert sum(widths) == pytest.approx(100, abs=0.01 * len(widths))
        assert min(widths) >= min(1.5, 100 / len(widths)) - 0.01
