"""The process is killed in the middle of an import: nothing is half-applied, the chain verifies."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

pytestmark = pytest.mark.alone

SETUP = """
import datetime as dt, json, os, signal, threading
import django
django.setup()
from django.core.management import call_command
from django.utils import timezone
from priorities.actions import bulk, imports, metrics, people, recording
from priorities.enums import ImportKind, ImportState
from priorities.interchange import importing, tabular
from priorities.models import ImportRun, Observation
from priorities.queries.history import verify
from priorities.views import import_work
now = timezone.now()
by = recording.Actor(name="Ana", door="test")
what = {"by": by, "now": now, "day": now.date()}
"""

PREPARE = (
    SETUP
    + """
call_command("migrate", verbosity=0)
metrics.create_metric(code="calls", name="Calls", kind="count", direction="increase",
                      calendar="month", by=by, now=now)
person = people.create_person(email="ana@example.org", name="Ana", by=by, now=now)
months = [f"calls,{1900 + n // 12}-{n % 12 + 1:02},{n}" for n in range(1200)]
data = "\\n".join(["metric,period,value", *months]).encode()
table = tabular.read(data, "a.csv")
run = importing.uploaded(ImportKind.OBSERVATIONS, data, "a.csv", table, person=person, at=now)
given = importing.incoming(ImportKind.OBSERVATIONS, table)
columns = {str(at): name for at, name in given.mapping.items()}
imports.keep_mapping(run=run, mapping={"columns": columns}, decimal_mark="")
importing.previewed(run, now.date())
"""
)

#: The first rows are written, their events chained; nothing is committed yet.
KILLED = (
    SETUP
    + """
run = ImportRun.objects.get()
assert imports.claim(run=run, state=ImportState.APPLYING, at=now)
record = bulk.record_observations
def dying(**given):
    def told(done):
        assert Observation.objects.count() == bulk.CHUNK
        os.kill(os.getpid(), signal.SIGKILL)
    return record(**given | {"told": told})
import priorities.interchange.observations as rows
rows.record_observations = dying
importing.applied(run, **what)
"""
)

FOUND = (
    SETUP
    + """
run = ImportRun.objects.get()
found = {"state": run.state, "values": Observation.objects.count(), "breaks": verify().count}
found["taken over at once"] = imports.claim(run=run, state=ImportState.APPLYING, at=now)
later = now + imports.DEAD_AFTER * 2
found["taken over later"] = imports.claim(run=run, state=ImportState.APPLYING, at=later)
# As the page does it: beside the request, on a connection of its own.
import_work.start(importing.applied, run, **what)
for thread in threading.enumerate():
    if thread.name.startswith("import-"):
        thread.join()
run.refresh_from_db()
found["then"] = [run.state, Observation.objects.count(), verify().count]
print(json.dumps(found))
"""
)


def play(script: str, database: Path) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own, on a database of its own."""
    env = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{database}",
        "TEST_DATABASE_URL": f"sqlite:///{database}",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=settings.BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_a_killed_import_leaves_nothing_and_can_be_taken_over(tmp_path: Path) -> None:
    database = tmp_path / "portal.sqlite3"
    prepared = play(PREPARE, database)
    assert prepared.returncode == 0, prepared.stderr
    assert play(KILLED, database).returncode == -signal.SIGKILL
    after = play(FOUND, database)
    assert after.returncode == 0, after.stderr
    found: dict[str, Any] = json.loads(after.stdout)
    assert found == {
        "state": "applying",
        "values": 0,
        "breaks": 0,
        "taken over at once": False,
        "taken over later": True,
        "then": ["applied", 1200, 0],
    }
