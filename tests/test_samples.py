"""The sample of a brief in docs/ comes out of the demonstration as it lies there, to the byte.

After a change of the demonstration, of the words or of the look:
``WRITE_SAMPLES=1 .venv/bin/python -m pytest tests/test_samples.py`` writes it anew; look at it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.portal import ROOT, demonstration, environment

SAMPLES = ROOT / "docs" / "samples"
#: From one meeting of the committee to the next.
SPAN = ("--from", "2023-01-18", "--to", "2023-04-19")
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
