"""How long an import takes: ``python -m bench.importing [ROWS]``, on SQLite and on PostgreSQL.

Each step runs in a process of its own, whose time and largest memory are told: looking at the
rows, applying them all, and checking the record afterwards.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg2

from bench.servers import ROOT, VAR, postgres

METRICS = 100
PREPARE = """
import datetime as dt
from django.utils import timezone
from priorities.actions import metrics, plans
who = {"by": "bench", "now": timezone.now()}
plans.create_organization(code="ita", name="Agency", short_name="ITA", **who)
for number in range(%d):
    metrics.create_metric(
        code=f"m{number}", name=f"Metric {number}", kind="count", direction="increase",
        calendar="month", **who,
    )
"""


def main() -> None:
    """Both databases."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    VAR.mkdir(parents=True, exist_ok=True)
    file = VAR / "values.csv"
    file.write_text(values(rows))
    database = VAR / "import.sqlite3"
    for path in VAR.glob("import.sqlite3*"):
        path.unlink()
    show("SQLite", f"sqlite:///{database.relative_to(ROOT)}", file)
    with postgres(VAR / "pg-import") as server:
        if server is None:
            print("PostgreSQL is not installed; left out.")
        else:
            show("PostgreSQL", fresh(server), file)


def fresh(server: str) -> str:
    """An empty database of a server."""
    connection = psycopg2.connect(f"{server}/postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE IF EXISTS import_bench")
        cursor.execute("CREATE DATABASE import_bench")
    connection.close()
    return f"{server}/import_bench"


def values(rows: int) -> str:
    """So many values, by metric and month."""
    months = -(-rows // METRICS)
    lines = [
        f"m{metric},{1990 + month // 12}-{month % 12 + 1:02},{metric * 7 + month}.5,Monthly count"
        for metric in range(METRICS)
        for month in range(months)
    ]
    return "\n".join(["metric,period,value,note", *lines[:rows]]) + "\n"


def show(name: str, url: str, file: Path) -> None:
    """The time and memory of each step on one database."""
    env = {**os.environ, "DATABASE_URL": url, "DEBUG": "true", "CLOCK_OFFSET_SECONDS": "0"}
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "migrate", "--verbosity", "0"], cwd=ROOT, env=env, check=True)
    subprocess.run([*manage, "shell", "-c", PREPARE % METRICS], cwd=ROOT, env=env, check=True)
    print(name)
    for words, command in (
        ("look at the rows", ["import_observations", str(file), "--dry-run"]),
        ("apply all of them", ["import_observations", str(file)]),
        ("look again: unchanged", ["import_observations", str(file), "--dry-run"]),
        ("check the record", ["verify_history"]),
    ):
        seconds, megabytes = timed([*manage, *command], env)
        print(f"  {words:<24}{seconds:6.1f} s   {megabytes:4.0f} MB")


def timed(command: list[str], env: dict[str, str]) -> tuple[float, float]:
    """How long a process takes, and the most memory that it holds."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


if __name__ == "__main__":
    main()
