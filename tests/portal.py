"""The portal as it is served: gunicorn, the production settings, the demonstration plan.

The data are made once for all processes of a test run; each process serves its own copy, on a
loopback port that the system chose, and ends it with all that it started.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import gzip
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

import brotli

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
TIME_ZONE = "America/Los_Angeles"
#: Where the clock stands when the server starts: a quarter has just ended, its reports are due.
STANDS_AT = dt.datetime(2023, 7, 7, 9, 0, tzinfo=ZoneInfo(TIME_ZONE))
TODAY = STANDS_AT.date()
SECONDS_TO_START = 60
#: A brief that is frozen in the demonstration, as `bin/demo.py` does it.
BRIEF = ("ita-2022-2023", "--from", "2023-04-19", "--to", "2023-06-07", "--freeze")


@dataclass(frozen=True)
class Reply:
    """One answer, as it came over the wire."""

    status: int
    headers: Message
    raw: bytes

    @cached_property
    def text(self) -> str:
        """The body, unpacked."""
        encoding = self.headers.get("Content-Encoding", "")
        unpack = {"br": brotli.decompress, "gzip": gzip.decompress}.get(encoding, bytes)
        return unpack(self.raw).decode()


class _Stay(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer like another."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        """Follow none."""


@dataclass(frozen=True)
class Portal:
    """A running portal, and the SQLite file that it serves."""

    url: str
    database: Path = Path()

    def get(self, path: str, *, encoding: str = "br", **headers: str) -> Reply:
        """Ask for a path as a visitor without cookies; redirects are not followed."""
        request = urllib.request.Request(
            self.url + path, headers={"Accept-Encoding": encoding, **headers}
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay)
        try:
            with opener.open(request, timeout=30) as answer:
                return Reply(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Reply(error.code, error.headers, error.read())


@contextlib.contextmanager
def served(folder: Path, shared: Path, **settings: str) -> Iterator[Portal]:
    """A portal over the demonstration data; `settings` change its environment.

    ``folder`` is this process's own, ``shared`` that of all processes of the run.
    """
    made = demonstration(shared)
    database = folder / f"portal-{len(list(folder.iterdir()))}.sqlite3"
    shutil.copy(made / "demo.sqlite3", database)
    port = _free_port()
    env = environment(database, made / "static") | {"BIND": f"{HOST}:{port}"} | settings
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "itaportal.wsgi"]
    log = database.with_suffix(".log")
    with log.open("w") as out:
        server = subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=out, stderr=out, start_new_session=True
        )
        try:
            portal = Portal(f"http://{HOST}:{port}", database)
            _wait(portal, server, log)
            yield portal
        finally:
            _end(server)


def demonstration(shared: Path) -> Path:
    """The folder with the demonstration's database and static files, made by whoever is first."""
    made = shared / "demonstration"
    with (shared / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            making = shared / "demonstration-in-the-making"
            making.mkdir()
            env = environment(making / "demo.sqlite3", making / "static")
            for arguments in (
                ("migrate", "--noinput", "--verbosity", "0"),
                ("load_demo", "--verbosity", "0"),
                ("make_brief", *BRIEF),
                ("collectstatic", "--noinput", "--ignore", "src", "--verbosity", "0"),
            ):
                subprocess.run(
                    [sys.executable, "manage.py", *arguments], cwd=ROOT, env=env, check=True
                )
            making.rename(made)
    return made


def environment(database: Path, static: Path) -> dict[str, str]:
    """The production settings for a loopback address over plain HTTP."""
    offset = round(STANDS_AT.timestamp() - time.time())
    return {
        **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
        "DJANGO_SETTINGS_MODULE": "itaportal.settings",
        "DEBUG": "false",
        "SECRET_KEY": "only-for-tests-" + "x" * 50,
        "CLOCK_OFFSET_SECONDS": str(offset),
        "DATABASE_URL": f"sqlite:////{str(database).lstrip('/')}",
        "ALLOWED_HOSTS": HOST,
        "HTTPS": "false",
        "REQUIRE_SECOND_FACTOR": "false",
        "TIME_ZONE": TIME_ZONE,
        "STATIC_ROOT": str(static),
        "RELEASE": "test",
        "LOG_LEVEL": "WARNING",
        "WEB_CONCURRENCY": "1",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait(portal: Portal, server: subprocess.Popen[bytes], log: Path) -> None:
    """Return once the portal is ready; an early end or a minute's silence is an error."""
    until = time.monotonic() + SECONDS_TO_START
    while server.poll() is None and time.monotonic() < until:
        with contextlib.suppress(OSError):
            if portal.get("/readyz").status == 200:
                return
        time.sleep(0.1)
    raise RuntimeError(f"The portal did not start:\n{log.read_text()[-3000:]}")


def _end(server: subprocess.Popen[bytes]) -> None:
    """Stop the server and all that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGTERM)
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
