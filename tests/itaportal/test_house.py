"""The floors of docs/architecture.md hold: who may name whom."""

import re
import subprocess
import sys
from pathlib import Path

import grimp
import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)

#: What the read side may use of the write side, and nothing else.
OPEN_TO_DASHBOARDS = (
    "priorities.queries",
    "priorities.models",
    "priorities.labels",
    "priorities.saying",
    "priorities.spelling",
    "priorities.assessment",
    "priorities.enums",
    "priorities.clock",
    "priorities.interchange.exporting",
)


def sources(folder: str, *endings: str) -> list[Path]:
    return [path for path in (ROOT / folder).rglob("*") if path.suffix in endings]


def test_the_contracts_between_rooms_are_kept() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_the_read_side_uses_only_what_is_open_to_it() -> None:
    graph = grimp.build_graph("dashboards", "priorities", cache_dir=None)
    beyond = {
        (importer, imported)
        for importer in graph.modules
        if importer.startswith("dashboards")
        for imported in graph.find_modules_directly_imported_by(importer)
        if imported.startswith("priorities.") and not imported.startswith(OPEN_TO_DASHBOARDS)
    }
    assert beyond == set()


def test_the_domain_does_not_know_who_reads_it() -> None:
    """Public links are wired from outside, by ABSOLUTE_URL_OVERRIDES."""
    naming = [
        str(path.relative_to(ROOT))
        for path in sources("priorities", ".py", ".html", ".toml", ".json")
        if "dashboards" in path.read_text()
    ]
    assert naming == []


def test_the_read_side_has_no_table() -> None:
    assert not (ROOT / "dashboards" / "migrations").exists()
    assert not (ROOT / "dashboards" / "models.py").exists()


#: The clock is read at the doors; below them `as_of` or `now` is an argument.
DOORS = ("priorities/clock.py", "priorities/admin", "priorities/management", "priorities/views")
DOORS += ("priorities/forms", "priorities/api.py", "dashboards/views.py", "dashboards/api")
DOORS += ("dashboards/feeds.py", "dashboards/archive.py")
READS_CLOCK = re.compile(r"timezone\.now\(|datetime\.now\(|date\.today\(|clock\.(real_)?now\(")


@pytest.mark.parametrize("floor", ["priorities", "dashboards"])
def test_only_doors_read_the_clock(floor: str) -> None:
    reading = [
        str(path.relative_to(ROOT))
        for path in sources(floor, ".py")
        if not str(path.relative_to(ROOT)).startswith(DOORS)
        and READS_CLOCK.search(path.read_text())
    ]
    assert reading == []


def test_no_template_carries_inline_style_or_script() -> None:
    """The content policy would drop it silently."""
    inline = re.compile(
        r"""\sstyle=["']|\son[a-z]+=["']|<style|<script(?![^>]*\ssrc=)|javascript:"""
    )
    data_only = re.compile(r"""<script[^>]*type="application/(?:ld\+)?json"[^>]*>""")
    carrying = [
        str(path.relative_to(ROOT))
        for path in sources("templates", ".html", ".svg")
        if inline.search(data_only.sub("", path.read_text()))
    ]
    assert carrying == []
