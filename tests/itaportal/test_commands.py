"""`make demo` from an untouched copy to a page, and its one clear sentence when it cannot."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
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


def test_every_verb_of_the_makefile_says_what_it_does() -> None:
    makefile = (ROOT / "Makefile").read_text()
    verbs = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE)) - {"environment"}
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(re.findall(r"^  make ([a-z-]+) ", told.stdout, re.MULTILINE)) == verbs
    assert {"demo", "demo-reset", "test", "lint", "bench", "lock", "css"} <= verbs
