"""`make test`: everything, on each database and in a browser, as far as this machine has them.

What was left out is said at the end with the way to enable it. With REQUIRE_ALL=1, as in CI,
leaving anything out is a failure. Arguments go to pytest: `bin/with-python prove.py -k audit`.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from environment import PYTHON, ROOT, VAR, ensure, in_environment
from throwaway import cluster, server_binaries

RESULTS = VAR / "test-results"
REQUIRE_ALL = os.environ.get("REQUIRE_ALL", "") not in ("", "0", "false")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NOTHING_COLLECTED = 5


@dataclass
class Tally:
    """What a run, or all of them, came to."""

    passed: set[str] = field(default_factory=set)
    failed: list[str] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)
    count: int = 0

    def add(self, run: str, report: Path) -> None:
        """Take in one run's JUnit file."""
        for case in ElementTree.parse(report).iter("testcase"):
            test = f"{case.get('classname')}::{case.get('name')}"
            skip = case.find("skipped")
            if case.find("failure") is not None or case.find("error") is not None:
                self.failed.append(f"{test} ({run})")
            elif skip is not None:
                self.skipped[test] = skip.get("message", "")
            else:
                self.passed.add(test)
                self.count += 1

    def never_ran(self) -> dict[str, str]:
        """Tests that were skipped in each run they were in, with the reason."""
        return {test: why for test, why in self.skipped.items() if test not in self.passed}


def main() -> int:
    """0 when all passed and, under REQUIRE_ALL, nothing was left out."""
    signal.signal(signal.SIGTERM, _end)
    begun = time.monotonic()
    ensure(development=True)
    shutil.rmtree(RESULTS, ignore_errors=True)
    RESULTS.mkdir(parents=True)
    tally, left_out = Tally(), []
    browser = _browser()
    if not browser:
        left_out.append(
            "Browser tests: no Chromium found. Install it (Debian: apt-get install chromium) "
            "or name it: CHROMIUM=/path/to/chromium make test"
        )
    within_reach = "" if browser else " and not browser"
    _run("SQLite", "not alone" + within_reach, tally, workers=2, CHROMIUM=browser)
    _run("SQLite, one by one", "alone" + within_reach, tally, workers=0, CHROMIUM=browser)
    with _postgresql() as url:
        if url:
            _run("PostgreSQL", "not alone and not browser", tally, workers=2, TEST_DATABASE_URL=url)
        else:
            left_out.append(
                "PostgreSQL: no server found. Install one (Debian: apt-get install postgresql) "
                "or name a server: TEST_DATABASE_URL=postgres://user@host/name make test"
            )
    return _summarize(tally, left_out, time.monotonic() - begun)


def _end(*_: object) -> None:
    """Told to stop: tear down what was started. `make` passes a signal on, so it comes twice."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(143)


def _browser() -> str:
    """The path of a Chromium, or nothing."""
    named = os.environ.get("CHROMIUM", "")
    return named or next((path for name in BROWSERS if (path := shutil.which(name))), "")


@contextlib.contextmanager
def _postgresql() -> Iterator[str]:
    """The URL of a PostgreSQL for the second run: the one given, or a throwaway one, or nothing."""
    given = os.environ.get("TEST_DATABASE_URL", "")
    binaries = server_binaries()
    if given.startswith(("postgres://", "postgresql://")):
        yield given
    elif binaries:
        with cluster(binaries) as url:
            yield url
    else:
        yield ""


def _run(name: str, marks: str, tally: Tally, *, workers: int, **extra: str) -> None:
    """One pytest run; its results go into the tally, its output to the person."""
    print(f"\n── {name} " + "─" * (70 - len(name)), flush=True)
    report = RESULTS / f"{name.lower().replace(', ', '-').replace(' ', '-')}.xml"
    env = in_environment(**{"TEST_DATABASE_URL": "", **extra})
    if not env["TEST_DATABASE_URL"]:
        del env["TEST_DATABASE_URL"]
    parallel = ["-n", str(workers), "--dist", "worksteal"] if workers else []
    command = [str(PYTHON), "-m", "pytest", "-q", "-m", marks, f"--junitxml={report}"]
    done = subprocess.run([*command, *parallel, *sys.argv[1:]], cwd=ROOT, env=env, check=False)
    if report.exists():
        tally.add(name, report)
    if done.returncode not in (0, NOTHING_COLLECTED) and not tally.failed:
        tally.failed.append(f"the run on {name} itself (pytest ended with {done.returncode})")


def _summarize(tally: Tally, left_out: list[str], seconds: float) -> int:
    """Say what failed, what was left out and how to enable it; the last line is the count."""
    never_ran = tally.never_ran()
    print("\n── All of it " + "─" * 60)
    for test in tally.failed:
        print(f"FAILED   {test}")
    for test, why in never_ran.items():
        print(f"SKIPPED  {test}: {why}")
    for what in left_out:
        print(f"LEFT OUT {what}")
    if not left_out and not never_ran:
        print("Nothing was left out.")
    failures = len(tally.failed)
    if REQUIRE_ALL and (left_out or never_ran):
        print("REQUIRE_ALL is set, so what was left out counts as failed.")
        failures += len(left_out) + len(never_ran)
    if not tally.count:
        print("No test ran.")
        failures += 1
    print(f"In {seconds / 60:.1f} minutes:")
    print(f"{tally.count} passed, {failures} failed", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
