"""``make bench``: build once, measure, print one table for each database and each point.

``SCALE=100000`` builds ten times as many initiatives and metrics. What was built stays in
``var/bench`` (SQLite) and a folder for temporary files (PostgreSQL) until the builder changes.
The points are those of ``docs/performance.md``. Compare ratios of one run; machines are noisy.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from bench import report
from bench.load import answers_a_second
from bench.servers import ROOT, VAR, portal, postgres, proxy

TURNS = 7
SCALE = int(os.environ.get("SCALE", "10000"))
DAY = dt.datetime(2024, 1, 20, 20, tzinfo=dt.UTC)
#: Where the demonstration's clock stands.
DEMONSTRATED = dt.datetime(2023, 7, 7, 16, tzinfo=dt.UTC)


def main() -> None:
    """Both databases, or the one that ``BENCH_DATABASE`` names (sqlite or postgresql)."""
    VAR.mkdir(parents=True, exist_ok=True)
    only = os.environ.get("BENCH_DATABASE", "")
    if only != "postgresql":
        url = f"sqlite:///var/bench/{SCALE}-{_shape()}.sqlite3"
        show("SQLite", measure(url))
    if only != "sqlite":
        with postgres(VAR / f"pg-{SCALE}") as server:
            if server is None:
                print("PostgreSQL was left out: install postgresql to measure it too.")
            else:
                show("PostgreSQL", measure(_database(server)))


def show(name: str, found: dict[str, Any]) -> None:
    """Print and keep what was measured."""
    kept = VAR / f"{name.lower()}-{SCALE}.json"
    kept.write_text(json.dumps(found, indent=1))
    print(report.table(name, found), flush=True)
    tenth = VAR / f"{name.lower()}-{SCALE // 10}.json"
    # How the roll-up grows is asked of PostgreSQL, on which so large a plan belongs.
    grown = name == "PostgreSQL" and tenth.exists()
    smaller = json.loads(tenth.read_text()) if grown else None
    print(report.points(found, smaller), flush=True)


def measure(url: str) -> dict[str, Any]:
    """Everything about one database."""
    env = _environment(url)
    _build(env, url)
    command = [sys.executable, "-m", "bench.measure"]
    done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    found["served"] = served(env)
    found["briefs"] = {"thousand": brief_of("bench-thousand", env), "demonstration": demonstrated()}
    return found


def demonstrated() -> dict[str, float]:
    """The brief of the demonstration, which is loaded once; on SQLite, as it is served."""
    database = VAR / "demonstration.sqlite3"
    env = _environment(f"sqlite:///{database.relative_to(ROOT)}", DEMONSTRATED)
    for ending in ("", "-wal", "-shm"):
        Path(f"{database}{ending}").unlink(missing_ok=True)
    for command in (("migrate", "--verbosity", "0"), ("load_demo", "--verbosity", "0")):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=True)
    return brief_of("ita-2022-2023", env)


def brief_of(plan: str, env: dict[str, str]) -> dict[str, float]:
    """The brief of a plan, as a page and as a PDF."""
    command = [sys.executable, "-m", "bench.briefs", plan]
    done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def served(env: dict[str, str]) -> dict[str, dict[str, float]]:
    """Answers a second from the production server, and from nginx in front of it.

    After a warming up, the kinds take turns. The machine's speed drifts, so what is compared is
    compared within a turn: ``of_hello`` is the median of a kind's share of the bare view's, and
    ``a_second`` the median of its answers.
    """
    page = "/plans/bench-typical/"
    with portal(env) as port, proxy(port) as front:
        tag = _etag(port, page)
        kinds: dict[str, Callable[[], float]] = {
            "hello": lambda: answers_a_second(port, "/healthz"),
            "uncached": lambda: answers_a_second(port, page, anew=True, Accept_Encoding="br"),
            "cached": lambda: answers_a_second(port, page, Accept_Encoding="br"),
            "unchanged": lambda: answers_a_second(port, page, If_None_Match=tag),
        }
        if front:
            kinds["microcache"] = lambda: answers_a_second(front, page, Accept_Encoding="br")
        turns = [{name: ask() for name, ask in kinds.items()} for _ in range(TURNS + 1)][1:]
    return {
        "a_second": {name: median(each[name] for each in turns) for name in kinds},
        "of_hello": {name: median(each[name] / each["hello"] for each in turns) for name in kinds},
    }


def _etag(port: int, page: str) -> str:
    import urllib.request

    with urllib.request.urlopen(f"http://127.0.0.1:{port}{page}", timeout=30) as answer:
        return str(answer.headers["ETag"])


def _environment(url: str, day: dt.datetime = DAY) -> dict[str, str]:
    """The production settings over plain HTTP on loopback, on the benchmark's day or another."""
    offset = round((day - dt.datetime.now(dt.UTC)).total_seconds())
    return {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "itaportal.settings",
        "SECRET_KEY": "benchmark-" + "x" * 50,
        "ALLOWED_HOSTS": "127.0.0.1",
        "DEBUG": "false",
        "HTTPS": "false",
        "LOG_LEVEL": "WARNING",
        # The admin's list is looked at by an account that has none.
        "REQUIRE_SECOND_FACTOR": "false",
        "CLOCK_OFFSET_SECONDS": str(offset),
        "STATIC_ROOT": str(VAR / "static"),
    }


def _build(env: dict[str, str], url: str) -> None:
    """Build the database unless it was built before by the same builder."""
    marker = VAR / f"built-{hashlib.sha256(_stable(url).encode()).hexdigest()[:16]}"
    manage = [sys.executable, "manage.py"]
    if marker.exists():
        # What was built by an older release is brought up to this one.
        subprocess.run([*manage, "migrate", "--verbosity", "0"], cwd=ROOT, env=env, check=True)
    else:
        if url.startswith("sqlite"):
            for ending in ("", "-wal", "-shm"):
                Path(ROOT / (url.removeprefix("sqlite:///") + ending)).unlink(missing_ok=True)
        print(f"Building {SCALE:,} initiatives ...", flush=True)
        subprocess.run([*manage, "migrate", "--verbosity", "0"], cwd=ROOT, env=env, check=True)
        code = (
            "import django; django.setup(); from bench.build import build;"
            f"build(size={SCALE}, updates=12, metrics={SCALE // 10}, observations=120)"
        )
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, check=True)
        marker.touch()
    command = [*manage, "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=env, check=True)


def _shape() -> str:
    """Changes when the builder does; new tables and columns are migrated to."""
    return hashlib.sha256((ROOT / "bench" / "build.py").read_bytes()).hexdigest()[:12]


def _stable(url: str) -> str:
    """The address without its port, which changes from run to run."""
    return url if url.startswith("sqlite") else f"postgresql/{SCALE}/{url.rpartition('/')[2]}"


def _database(server: str) -> str:
    """The database of this shape on the server, made when it is not there."""
    import psycopg2

    name = f"bench_{_shape()}"
    connection = psycopg2.connect(f"{server}/postgres".replace("postgres://", "postgresql://"))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() is None:
            cursor.execute(f'CREATE DATABASE "{name}"')
    connection.close()
    return f"{server}/{name}"


if __name__ == "__main__":
    main()
