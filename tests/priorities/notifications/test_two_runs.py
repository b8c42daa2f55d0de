"""Two copies of the command at once: both have found who is due, and each mail is sent once."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests import portal

#: A run in two halves: it waits for a word between finding who is due and sending.
RUN = """
import json, sys
import django
django.setup()
from priorities import clock
from priorities.assessment.periods import AsOf
from priorities.notifications.mail import send_digest
from priorities.notifications.run import due_digests
from priorities.queries.head import head
now = clock.now()
found = due_digests(AsOf.now(now, head().zone))
print(len(found), file=sys.stderr, flush=True)
sys.stdin.readline()
said = [(one.person.email, send_digest(one, now=now).state) for one in found]
print(json.dumps(said), file=sys.stderr, flush=True)
"""


def half_a_run(env: dict[str, str]) -> subprocess.Popen[str]:
    """A process that is about to find who is due."""
    return subprocess.Popen(
        [sys.executable, "-c", RUN],
        cwd=portal.ROOT,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.alone
def test_two_runs_at_once_send_each_mail_once(tmp_path: Path, shared: Path) -> None:
    database = tmp_path / "portal.sqlite3"
    shutil.copy(portal.demonstration(shared) / "demo.sqlite3", database)
    env = portal.environment(database, tmp_path)
    with contextlib.ExitStack() as stack:
        runs = [stack.enter_context(half_a_run(env)) for _ in range(2)]
        found = [int(run.stderr.readline()) for run in runs if run.stderr]
        for run in runs:
            assert run.stdin is not None
            run.stdin.write("go\n")
            run.stdin.flush()
        said = [json.loads(run.communicate(timeout=60)[1].splitlines()[-1]) for run in runs]
    assert found[0] == found[1] >= 5
    states = sorted(state for outcomes in said for _person, state in outcomes)
    assert states == ["sent"] * found[0] + ["taken"] * found[0]
    sent = [person for outcomes in said for person, state in outcomes if state == "sent"]
    assert len(set(sent)) == found[0]
    with sqlite3.connect(database) as connection:
        rows = connection.execute(
            "SELECT count(*), count(sent_at), sum(tries) FROM priorities_mailing"
        ).fetchone()
    assert rows == (found[0], found[0], found[0])
