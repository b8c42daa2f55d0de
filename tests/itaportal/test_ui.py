"""The components: strict in what they take, silent about their surroundings, light, readable."""

import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import html5lib
import pytest
from django.conf import settings
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.test.signals import template_rendered

from dashboards.pages.elements import TONES, Cell, Column, Link, MetricCard, Pill, Table
from itaportal import ui
from itaportal.styleguide import styleguide

ROOT = Path(settings.BASE_DIR)
STATIC = ROOT / "static"
SHEET = STATIC / "css" / "portal.css"


def drawn(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


# ── Arguments ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", sorted(ui.register.tags))
def test_an_unknown_argument_is_an_error(name: str) -> None:
    with pytest.raises(TemplateSyntaxError, match="unexpected keyword argument 'colour'"):
        Template("{% load ui %}{% " + name + " colour=1 %}")


@pytest.mark.parametrize("name", sorted(ui.register.tags))
def test_arguments_are_named(name: str) -> None:
    with pytest.raises(TemplateSyntaxError, match="too many positional arguments"):
        Template("{% load ui %}{% " + name + " thing %}")


def test_the_context_of_the_page_does_not_reach_a_component() -> None:
    pill = Pill("on_track", "On track")
    alone = drawn("{% metric_cards cards=cards %}", cards=[MetricCard("/a", "A", "1", pill)])
    among = drawn(
        "{% metric_cards cards=cards %}",
        cards=[MetricCard("/a", "A", "1", pill)],
        card="leak",
        label="leak",
        chart="leak",
        missing="leak",
    )
    assert among == alone


# ── States ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("tone", TONES)
def test_a_pill_has_a_shape_and_a_word(tone: str) -> None:
    html = drawn("{% status_pill pill=pill %}", pill=Pill(tone, "Overdue 12 days"))
    assert html.count(f'<use href="#mark-{tone}"/>') == 1
    assert 'aria-hidden="true"' in html
    assert "Overdue 12 days</span>" in html


def test_every_tone_has_a_shape() -> None:
    marks = (ROOT / "templates" / "components" / "marks.html").read_text()
    assert {tone for tone in TONES if f'id="mark-{tone}"' not in marks} == set()


def test_a_value_of_zero_is_shown_and_a_blank_says_why() -> None:
    pill = Pill("no_data", "No data")
    zero = drawn("{% metric_cards cards=c %}", c=[MetricCard("/a", "A", "0", pill)])
    blank = drawn("{% metric_cards cards=c %}", c=[MetricCard("/a", "A", "", pill, missing="Why")])
    assert "<b>0</b>" in zero
    assert "<b>" not in blank
    assert ">Why<" in blank


def table(columns: int) -> str:
    """A table of one row: a head, a number, nothing, a dash with a word, then a state."""
    cells = (
        Cell("Fiber", head=True),
        Cell("7", numeric=True),
        Cell("–"),
        Cell("–", detail="No value yet"),
        Cell(pill=Pill("on_track", "On track")),
    )
    heads = tuple(Column(f"Head {number}") for number in range(columns))
    return drawn("{% data_table table=t %}", t=Table("Things", heads, (cells[:columns],)))


def test_a_table_of_four_columns_stays_one_when_its_rows_stack() -> None:
    html = table(5)
    roles = Counter(re.findall(r'role="([a-z]+)"', html))
    assert roles == {
        "group": 1, "table": 1, "rowgroup": 2, "row": 2, "columnheader": 5, "rowheader": 1,
        "cell": 4,
    }  # fmt: skip
    assert re.findall(r'data-label="([^"]+)"', html) == ["Head 1", "Head 3", "Head 4"]
    assert html.count("blank") == 1, "what says nothing is left away on a phone"


def test_a_table_of_three_columns_does_not_stack() -> None:
    html = table(3)
    assert re.findall(r'role="([a-z]+)"', html) == ["group"]
    assert re.findall("data-label|blank|stack-table", html) == []


def test_what_people_wrote_is_escaped() -> None:
    html = drawn("{% breadcrumb links=links %}", links=[Link("<b>x</b>", "/?a=1&b=2")])
    assert "&lt;b&gt;x&lt;/b&gt;" in html
    assert "/?a=1&amp;b=2" in html


# ── The gallery ──────────────────────────────────────────────────────────────────────────────


def gallery() -> str:
    return styleguide(RequestFactory().get("/styleguide/")).content.decode()


def test_the_gallery_shows_every_component() -> None:
    source = (ROOT / "templates" / "styleguide.html").read_text()
    source += (ROOT / "templates" / "base.html").read_text()
    assert [name for name in ui.register.tags if f"{{% {name} " not in source] == []


def test_the_gallery_draws_the_template_of_every_component() -> None:
    """Those of charts, which are included and not called, too."""
    drawn: set[str] = set()

    def take(template: Template, **_told: object) -> None:
        drawn.add(str(template.name))

    template_rendered.connect(take)
    try:
        gallery()
    finally:
        template_rendered.disconnect(take)
    templates = ROOT / "templates"
    files = (path for path in (templates / "components").rglob("*") if path.is_file())
    assert {str(path.relative_to(templates)) for path in files} - drawn == set()


def test_the_gallery_has_the_style_sheet_of_staff_too() -> None:
    """The bars of a Gantt chart are on pages of staff alone, and colored there."""
    sheets = re.findall(r'<link rel="stylesheet" href="/static/css/([^"]+)"', gallery())
    assert sheets == ["portal.css", "staff.css"]


def test_the_gallery_is_valid_html_without_anything_inline() -> None:
    html = gallery()
    parser = html5lib.HTMLParser(strict=True)
    parser.parse(html)
    assert re.findall(r"<script|<style|\sstyle=|\son[a-z]+=", html) == []
    assert re.findall(r'(?:src|href)="(?:https?:)?//', html) == []


def test_every_id_of_the_gallery_occurs_once_and_every_shape_exists() -> None:
    html = gallery()
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert {name for name in ids if ids.count(name) > 1} == set()
    assert {name for name in re.findall(r'<use href="#([^"]+)"', html) if name not in ids} == set()


# ── Weight and licences ──────────────────────────────────────────────────────────────────────


def test_the_style_sheet_weighs_at_most_20_kilobytes() -> None:
    assert len(brotli.compress(SHEET.read_bytes())) <= 20_000


def test_the_fonts_weigh_at_most_35_kilobytes() -> None:
    assert sum(path.stat().st_size for path in STATIC.rglob("*.woff2")) <= 35_000


def test_every_asset_that_the_style_sheet_names_is_there() -> None:
    named = re.findall(r'url\("?([^")]+)"?\)', SHEET.read_text())
    assert named != []
    assert [name for name in named if not (SHEET.parent / name).exists()] == []


def test_what_others_made_has_its_licence_beside_it() -> None:
    assert "SIL OPEN FONT LICENSE" in (STATIC / "fonts" / "LICENSE-public-sans.txt").read_text()
    assert "U.S. federal employees" in (STATIC / "img" / "LICENSE-uswds.md").read_text()


def test_the_style_sheet_names_no_source_map_and_no_other_host() -> None:
    sheet = SHEET.read_text()
    assert "sourceMappingURL" not in sheet
    assert re.findall(r"https?://", sheet) == []


@pytest.mark.skipif(
    not (ROOT / "node_modules").exists() or shutil.which("node") is None,
    reason="the sources are compiled only where Node and node_modules are at hand: `make css`",
)
def test_the_style_sheet_is_what_its_sources_make() -> None:
    done = subprocess.run([ROOT / "bin" / "css", "--check"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


# ── Contrast ─────────────────────────────────────────────────────────────────────────────────

GRAYS = ("paper", "panel")
TINTS = ("gray", "blue", "green", "amber", "red", "violet")
WORDS = [
    *((word, ground) for word in ("ink", "muted", "link", "link-strong") for ground in GRAYS),
    *((f"{tint}-text", tint) for tint in TINTS),
    ("accent-text", "paper"),
    ("error", "paper"),
    ("error", "panel"),
    ("brand-text", "brand"),
    ("brand-muted", "brand"),
    ("ink", "notice"),
    ("link", "notice"),
    ("ink", "blue"),
    ("link", "blue"),
    ("ink", "red"),
    ("paper", "link"),
]
MARKS = [
    *((f"{tint}-mark", tint) for tint in TINTS),
    *((f"{tint}-mark", "paper") for tint in TINTS),
    *(("glyph", f"{tint}-mark") for tint in ("blue", "green", "amber", "red", "violet")),
    ("edge", "paper"),
    ("edge", "panel"),
    ("accent", "paper"),
    ("focus", "paper"),
    ("accent-bright", "brand"),
]


def palette(mode: str) -> dict[str, str]:
    """The colors of one mode, from the source of the tokens."""
    source = (STATIC / "src" / "scss" / "_tokens.scss").read_text()
    block = source.split(f"@mixin {mode} {{")[1].split("}")[0]
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]+);", block))


def luminance(color: str) -> float:
    digits = color.lstrip("#")
    pairs = [c * 2 for c in digits] if len(digits) == 3 else re.findall("..", digits)
    parts = [int(pair, 16) / 255 for pair in pairs]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_wcag_says() -> None:
    assert contrast("#fff", "#000000") == 21


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_words_can_be_read(mode: str) -> None:
    colors = palette(mode)
    low = {pair: contrast(colors[pair[0]], colors[pair[1]]) for pair in WORDS}
    assert {pair: ratio for pair, ratio in low.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_marks_can_be_told_from_their_ground(mode: str) -> None:
    colors = palette(mode)
    low = {pair: contrast(colors[pair[0]], colors[pair[1]]) for pair in MARKS}
    assert {pair: ratio for pair, ratio in low.items() if ratio < 3} == {}


def test_both_modes_name_the_same_colors() -> None:
    assert palette("light").keys() == palette("dark").keys()
