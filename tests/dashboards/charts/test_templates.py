"""The chart templates place the strings: well-formed, named, without inline style or script."""

import re
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string

from dashboards.charts import sample

DRAWN = [
    *(("line.html", chart) for chart in sample.lines()),
    *(("timeline.html", chart) for chart in sample.timelines()),
    *(("bar.svg", chart) for chart in sample.bars()),
    *(("spark.svg", chart) for chart in sample.sparks()),
]


@pytest.mark.parametrize(("template", "chart"), DRAWN, ids=[chart.id for _, chart in DRAWN])
def test_each_drawing_is_sound(template: str, chart: object) -> None:
    markup = render_to_string(f"components/charts/{template}", {"chart": chart})
    root = ElementTree.fromstring(f"<div>{markup}</div>")
    ids = re.findall(r' id="([^"]+)"', markup)
    assert len(ids) == len(set(ids))
    for svg in root.iter("svg"):
        assert svg.get("role") == "img"
        named = (svg.get("aria-labelledby") or "").split()
        assert len(named) == 2
        assert set(named) <= set(ids)
    assert not re.search(r"\sstyle=|<style|<script|\son\w+=|javascript:|href=", markup)


def test_words_are_escaped() -> None:
    chart = sample.sparkline(id="x", title="<b>", summary='"', values=[1])
    markup = render_to_string("components/charts/spark.svg", {"chart": chart})
    assert "<b>" not in markup
    assert "&lt;b&gt;" in markup
