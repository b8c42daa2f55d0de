"""The sample of a brief in docs/ comes out of the demonstration as it lies there, to the byte.

After a change of the demonstration, of the words or of the look:
``WRITE_SAMPLES=1 .venv/bin/python -m pytest tests/test_samples.py`` writes it anew; look at it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.dashboards.test_paper import children, kinds, needs_pdfinfo, pdfinfo, said, tree
from tests.portal import ROOT, demonstration, environment

SAMPLES = ROOT / "docs" / "samples"
#: From a meeting of the committee to the one after two quarters: much moved between them.
SPAN = ("--from", "2022-07-20", "--to", "2023-01-18")
WRITE = bool(os.environ.get("WRITE_SAMPLES"))


@pytest.mark.parametrize("name", ["committee-brief.pdf", "committee-brief.json"])
def test_the_sample_is_what_the_demonstration_gives(
    name: str, shared: Path, tmp_path: Path
) -> None:
    database = tmp_path / "demo.sqlite3"
    shutil.copy(demonstration(shared) / "demo.sqlite3", database)
    made = tmp_path / name
    subprocess.run(
        [sys.executable, "manage.py", "make_brief", "ita-2022-2023", *SPAN, "--output", str(made)],
        cwd=ROOT,
        env=environment(database, tmp_path) | {"PORTAL_URL": "https://priorities.example.org"},
        check=True,
        capture_output=True,
    )
    if WRITE:
        shutil.copy(made, SAMPLES / name)
    same = made.read_bytes() == (SAMPLES / name).read_bytes()
    assert same, f"docs/samples/{name} is not what it is made from; see the top of this file."


def sample(name: str) -> bytes:
    return (SAMPLES / f"committee-brief.{name}").read_bytes()


# ── What it shows: all that a brief can tell ─────────────────────────────────────────────────


def changes(section: str) -> list[dict[str, Any]]:
    """What the JSON of the sample says of one of its sections."""
    found = {each["code"]: each["changes"] for each in json.loads(sample("json"))["sections"]}
    return found[section]


def test_the_sample_tells_each_kind_of_change() -> None:
    assert [each["item"] for each in changes("scope") if each["what"] == "added"] == [
        "311-app-requests-by-language"
    ]
    moved = [each for each in changes("dates") if "due_on" in each.get("fields", {})]
    assert {each["about"]: each["fields"]["due_on"] for each in moved} == {
        "it-workforce-plan": ["2023-01-31", "2023-04-07"],
        "myla311-replacement": ["2022-09-30", "2022-12-16"],
        "radio-infrastructure-repairs": ["2022-09-30", "2022-11-30"],
    }
    anew = [each for each in changes("targets") if each.get("old")]
    assert [(each["old"]["value"], each["new"]["value"]) for each in anew] == [(90, 120)]
    restated = [each for each in changes("values") if each.get("old")]
    assert [(each["old"]["value"], each["new"]["value"]) for each in restated] == [(171, 183)]


@needs_pdfinfo
def test_the_paper_tells_a_third_move_and_a_restated_value() -> None:
    text = said(sample("pdf")).lower()
    assert text.count("moved for the third time") == 1
    assert "restated" in text


# ── Its structure, as a screen reader finds it ───────────────────────────────────────────────


@needs_pdfinfo
def test_its_headings_go_down_one_step_at_a_time() -> None:
    levels = [int(kind[1]) for kind in kinds(sample("pdf")) if re.fullmatch("H[1-6]", kind)]
    assert (levels[0], levels.count(1), levels.count(2)) == (1, 1, 9)
    assert [pair for pair in pairwise(levels) if pair[1] - pair[0] > 1] == []


@needs_pdfinfo
def test_each_column_of_its_tables_has_a_header() -> None:
    pdf = sample("pdf")
    found = kinds(pdf)
    assert children(pdf, "Table") == {"THead", "TBody"}
    assert (children(pdf, "THead"), children(pdf, "TBody")) == ({"TR"}, {"TR"})
    assert children(pdf, "TR") == {"TH", "TD"}
    assert found.count("Table") == found.count("THead") > 9
    assert len(re.findall(r"/Scope /Column", pdfinfo(pdf, "-struct"))) == found.count("TH")
    rows = " ".join(each for each in found if each in ("Table", "TR", "TH", "TD"))
    tables = [each.split("TR") for each in rows.split("Table")[1:]]
    for _before, head, *body in tables:
        assert {row.count("TD") for row in body} == {head.count("TH")}
        assert {row.count("TH") for row in body} == {0}


@needs_pdfinfo
def test_each_of_its_pictures_says_what_it_shows() -> None:
    pdf = sample("pdf")
    told = re.findall(rb"/Alt ?[(<]([^)>]+)", pdf)
    assert len(told) == kinds(pdf).count("Figure") > 5
    assert sum(b" From " in each for each in told) > 1


@needs_pdfinfo
def test_its_headings_are_read_in_the_order_in_which_they_stand() -> None:
    pdf = sample("pdf")
    told = headings(pdf)
    assert [each[0] for each in told if each[0].isdigit()] == list("123456789")
    seen = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    text = " ".join(seen.stdout.decode().split())
    # The first of the sections stands in the contents, too.
    at = text.index(told[1], text.index(told[1]) + 1)
    lost = []
    for each in told[1:]:
        found = text.find(each, at)
        lost += [each] if found < 0 else []
        at = max(at, found)
    assert lost == []


def headings(pdf: bytes) -> list[str]:
    """The texts of its headings, in the order of its tags."""
    found: list[str] = []
    within = 0
    for depth, kind in tree(pdf):
        if kind.startswith('"') and within and depth > within:
            found[-1] += kind.strip('"')
        else:
            within = depth if re.fullmatch("H[1-6]", kind) else 0
            found += [""] if within else []
    return [" ".join(each.split()) for each in found]
