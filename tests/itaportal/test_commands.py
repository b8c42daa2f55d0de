"""`make demo` from an untouched copy to a page, and its one clear sentence when it cannot."""

import datetime as dt
import hashlib
import os
import re
import runpy
import shutil
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
NEEDED = ("bin", "deploy", "accounts", "dashboards", "itaportal", "priorities", "templates")
NEEDED += ("static", "locale", "manage.py", "requirements.txt", "requirements-dev.txt")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def command(copy: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bin/with-python", *arguments],
        cwd=copy,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree without its data, sharing the environment."""
    folder = tmp_path_factory.mktemp("copy")
    for name in NEEDED:
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "node_modules")
            shutil.copytree(source, folder / name, ignore=ignored)
        else:
            shutil.copy(source, folder / name)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    return folder


class Demo:
    """A demonstration that was started and answers."""

    def __init__(self, copy: Path) -> None:
        self.port = free_port()
        self.said = copy / "said.txt"
        with self.said.open("w") as out:
            self.process = subprocess.Popen(
                ["bin/with-python", "demo.py"],
                cwd=copy,
                env={**os.environ, "PORT": str(self.port), "WEB_CONCURRENCY": "1"},
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        until = time.monotonic() + 300  # seconds when nothing else runs; a busy machine is slow
        while "Ctrl-C stops it" not in self.said.read_text():
            if self.process.poll() is not None or time.monotonic() > until:
                self.stop()
                raise AssertionError(self.said.read_text())
            time.sleep(0.1)

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{self.port}{path}", timeout=20
            ) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


@pytest.fixture(scope="module")
def demo(copy: Path) -> Iterator[Demo]:
    running = Demo(copy)
    yield running
    running.stop()


@pytest.mark.alone
def test_the_demonstration_shows_the_plan(demo: Demo) -> None:
    status, page = demo.get("/")
    assert status == 200
    assert "Strategic Plan" in page
    assert demo.get("/readyz")[0] == 200


@pytest.mark.alone
def test_its_static_files_are_fingerprinted_and_served(demo: Demo) -> None:
    _, page = demo.get("/")
    sheets = re.findall(r'href="(/static/[^"]+\.css)"', page)
    assert sheets
    for sheet in sheets:
        assert re.search(r"\.[0-9a-f]{12}\.css$", sheet)
        assert demo.get(sheet)[0] == 200


@pytest.mark.alone
def test_it_is_the_production_stack(demo: Demo) -> None:
    status, page = demo.get("/no-such-page/")
    assert (status, "DEBUG" in page) == (404, False)


@pytest.mark.alone
def test_it_says_what_to_open_and_as_whom(demo: Demo) -> None:
    said = demo.said.read_text()
    assert f"http://127.0.0.1:{demo.port}/" in said
    assert "administrator@example.org" in said
    assert "date is 7 Jul 2023" in said


@pytest.mark.alone
def test_its_secret_is_its_own_and_private(demo: Demo, copy: Path) -> None:
    kept = copy / "var" / "demo.env"
    assert kept.stat().st_mode & 0o077 == 0
    assert re.search(r"^SECRET_KEY=\S{50,}$", kept.read_text(), re.MULTILINE)


@pytest.mark.alone
def test_it_is_not_wiped_while_it_is_served(demo: Demo, copy: Path) -> None:
    done = command(copy, "demo.py", "--reset", PORT=str(free_port()))
    assert done.returncode == 1
    assert done.stderr.strip() == (
        "The demonstration is already being prepared or served. Stop that one first."
    )


@pytest.mark.alone
def test_a_second_run_keeps_data_and_clock(demo: Demo, copy: Path) -> None:
    database, kept = copy / "var" / "demo.sqlite3", copy / "var" / "demo.env"
    before = (database.stat().st_ino, kept.read_text())
    again = Demo(copy)
    try:
        assert again.get("/")[0] == 200
    finally:
        again.stop()
    assert (database.stat().st_ino, kept.read_text()) == before
    assert "Loading" not in again.said.read_text()


@pytest.mark.parametrize("month", [1, 7])
def test_its_clock_stands_at_nine_whether_loaded_in_winter_or_in_summer(
    month: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "bin"))
    demo = runpy.run_path(str(ROOT / "bin" / "demo.py"))
    now = dt.datetime(2026, month, 15, 12, 0, tzinfo=dt.UTC).timestamp()
    stands = dt.datetime.fromtimestamp(now + demo["_offset"](now), demo["STANDS_AT"].tzinfo)
    assert f"{stands:%d %b %Y %H:%M}" == "07 Jul 2023 09:00"


def test_a_port_in_use_gets_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = command(ROOT, "demo.py", PORT=port)
    assert (done.returncode, done.stderr.strip()) == (
        1,
        f"Port {port} is in use. Stop what uses it, or take another: PORT=8123 make demo",
    )


@pytest.mark.parametrize("port", ["eight", "0", "65536", "-1"])
def test_a_port_that_is_none_gets_one_sentence(port: str) -> None:
    done = command(ROOT, "demo.py", PORT=port)
    assert done.stderr.strip() == (
        f"PORT must be a number from 1 to 65535, not '{port}': PORT=8123 make demo"
    )


def test_a_missing_python_gets_one_sentence() -> None:
    done = command(ROOT, "demo.py", PYTHON="no-such-python")
    assert done.returncode == 1
    assert done.stderr.startswith("Python 3.11, 3.12 or 3.13 is needed (found: none).")


def test_an_environment_that_does_not_work_is_made_anew(tmp_path: Path) -> None:
    """Here making one fails as well, so that the sentence is seen and nothing is downloaded."""
    shutil.copytree(ROOT / "bin", tmp_path / "bin")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to("/no/such/python")
    (tmp_path / "venv.py").write_text("raise SystemExit('no venv here')")
    done = command(tmp_path, "environment.py", PYTHONPATH=str(tmp_path))
    assert done.returncode == 1
    assert "making it anew" in done.stdout
    assert "cannot make a virtual environment" in done.stderr
    assert not (tmp_path / ".venv").exists()


#: A Python of an environment that is whole, but for what a test lets fail.
STANDING_IN = """#!/bin/sh
case "$*" in
    {fails}) {how} ;;
    manage.py*) mkdir -p "$STATIC_ROOT" ;;
    *) exec {python} "$@" ;;
esac
"""


def stood_in(folder: Path, fails: str, how: str) -> Path:
    """A demonstration that was made before, whose Python fails at some of what it is asked."""
    shutil.copytree(ROOT / "bin", folder / "bin")
    lock = folder / "requirements.txt"
    shutil.copy(ROOT / lock.name, lock)
    python = folder / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(STANDING_IN.format(fails=fails, how=how, python=sys.executable))
    python.chmod(0o755)
    (folder / ".venv" / "pyvenv.cfg").write_text("home = here")
    stamp = hashlib.sha256(lock.read_bytes() + b"home = here").hexdigest()
    (folder / ".venv" / ".filled-from-requirements.txt").write_text(stamp)
    (folder / "var").mkdir()
    (folder / "var" / "demo.sqlite3").touch()
    (folder / "var" / "demo.env").write_text("SECRET_KEY=secret\nCLOCK_OFFSET_SECONDS=-5\n")
    return folder


def test_a_server_that_does_not_start_gets_one_sentence(tmp_path: Path) -> None:
    lacking = "echo 'No module named gunicorn' >&2; exit 1"
    copy = stood_in(tmp_path, "'-m gunicorn'*", lacking)
    done = command(copy, "demo.py", PORT=str(free_port()))
    assert (done.returncode, done.stderr.strip()) == (
        1,
        "The portal's server ended by itself; var/demo.log says why. If it lacks a package, "
        "remove .venv and run `make demo` again.",
    )
    assert (copy / "var" / "demo.log").read_text() == "No module named gunicorn\n"


def test_a_command_that_fails_gets_one_sentence_with_the_reason(tmp_path: Path) -> None:
    trace = "Traceback (most recent call last):\nDatabaseError: file is not a database\n"
    copy = stood_in(tmp_path, "'manage.py migrate'*", f"printf '{trace}' >&2; exit 1")
    done = command(copy, "demo.py", PORT=str(free_port()))
    assert (done.returncode, done.stderr.strip()) == (
        1,
        "`manage.py migrate --noinput --verbosity 0` failed (DatabaseError: file is not a "
        "database; all of it is in var/demo.log). `make demo-reset` starts over; if that fails "
        "too, remove .venv and try again.",
    )
    assert (copy / "var" / "demo.log").read_text() == trace


def test_a_command_that_lacks_a_package_asks_for_an_environment_and_not_for_the_data(
    tmp_path: Path,
) -> None:
    lacking = "echo \"ModuleNotFoundError: No module named 'asgiref'\" >&2; exit 1"
    copy = stood_in(tmp_path, "'manage.py migrate'*", lacking)
    done = command(copy, "demo.py", PORT=str(free_port()))
    assert done.stderr.strip() == (
        "`manage.py migrate --noinput --verbosity 0` failed (ModuleNotFoundError: No module named "
        "'asgiref'; all of it is in var/demo.log). Remove .venv and run `make demo` again."
    )


@pytest.mark.parametrize("kept", [None, "", "SECRET_KEY=secret\nCLOCK_OFFSET_SECONDS=soon\n"])
def test_data_without_their_secret_and_clock_get_one_sentence(
    tmp_path: Path, kept: str | None
) -> None:
    copy = stood_in(tmp_path, "nothing", "exit 1")
    if kept is None:
        (copy / "var" / "demo.env").unlink()
    else:
        (copy / "var" / "demo.env").write_text(kept)
    done = command(copy, "demo.py", PORT=str(free_port()))
    assert (done.returncode, done.stderr.strip()) == (
        1,
        "var/demo.env, which has the secret and the clock of the demonstration's data, is "
        "missing or damaged. Put it back, or start over: make demo-reset",
    )
    assert (copy / "var" / "demo.sqlite3").exists()


def test_an_environment_that_has_lost_packages_is_made_anew(tmp_path: Path) -> None:
    """Without its packages Python still starts; making an environment fails here, as above."""
    copy = stood_in(tmp_path, "*find_spec*", f'exec {sys.executable} -S "$@"')
    (copy / "venv.py").write_text("raise SystemExit('no venv here')")
    done = command(copy, "environment.py", "--production", PYTHONPATH=str(copy))
    assert done.stdout.startswith("The environment in .venv has lost allauth, brotli, ")
    assert "cannot make a virtual environment" in done.stderr
    assert not (copy / ".venv").exists()


def test_a_link_to_an_environment_is_removed_without_what_it_leads_to(tmp_path: Path) -> None:
    copy = stood_in(tmp_path / "copy", "*find_spec*", f'exec {sys.executable} -S "$@"')
    (copy / ".venv").rename(tmp_path / "elsewhere")
    (copy / ".venv").symlink_to(tmp_path / "elsewhere")
    (copy / "venv.py").write_text("raise SystemExit('no venv here')")
    command(copy, "environment.py", "--production", PYTHONPATH=str(copy))
    assert not (copy / ".venv").is_symlink()
    assert (tmp_path / "elsewhere" / "bin" / "python").exists()


def test_what_the_environment_is_looked_through_for_is_what_was_asked_for() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    wanted = {re.split(r"[\[>=<]", line)[0].lower() for line in asked}
    known = packages_distributions()
    packages = runpy.run_path(str(ROOT / "bin" / "environment.py"))["PACKAGES"]
    looked_for = {known[package][0].lower() for package in packages}
    assert looked_for - {"brotli"} == wanted  # whitenoise[brotli] asks for it


def test_every_verb_of_the_makefile_says_what_it_does() -> None:
    makefile = (ROOT / "Makefile").read_text()
    verbs = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(re.findall(r"^  make ([a-z-]+) ", told.stdout, re.MULTILINE)) == verbs
    assert {"demo", "demo-reset", "test", "lint", "bench", "lock", "css", "environment"} <= verbs
