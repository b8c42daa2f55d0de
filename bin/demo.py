"""The demonstration: from nothing to a running portal, or from last time to running, in seconds.

`make demo` keeps the data and the clock between runs; `make demo-reset` (--reset) starts over.
Everything it keeps is in var/: demo.sqlite3, demo.env (secret, clock), demo-static/, demo.log.
Stdlib only.
"""

import contextlib
import fcntl
import hashlib
import os
import secrets
import shlex
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from environment import PYTHON, ROOT, VAR, ensure, in_environment, stop

HOST = "127.0.0.1"
TIME_ZONE = "America/Los_Angeles"
#: Where the demonstration's clock stands when its data are loaded: a quarter has just ended.
STANDS_AT = datetime(2023, 7, 7, 9, 0, tzinfo=ZoneInfo(TIME_ZONE))
DATABASE = VAR / "demo.sqlite3"
LOADING = VAR / "demo-loading.sqlite3"
KEPT = VAR / "demo.env"
STATIC = VAR / "demo-static"
#: What the server says, and why a command failed; begun anew at each start.
LOG = VAR / "demo.log"
ACCOUNTS = VAR / "demo-accounts.txt"
#: The brief that the committee had before it at its last meeting, frozen as it was delivered.
BRIEF = ("ita-2022-2023", "--from", "2023-04-19", "--to", "2023-06-07", "--freeze")
#: What makes a page: when a file of these changes, pages kept from before are not used.
FOLDERS = ("accounts", "dashboards", "itaportal", "locale", "priorities", "static", "templates")


def main() -> None:
    """Prepare what is missing, then serve until stopped."""
    port = _port()
    _refuse_taken(port)
    ensure(development=False)
    with _held(exclusive="--reset" in sys.argv[1:] or not DATABASE.exists()):
        if "--reset" in sys.argv[1:]:
            _forget()
        if not DATABASE.exists():
            _load()
        env = _environment(DATABASE, port)
        _manage(env, "migrate", "--noinput", "--verbosity", "0")
        _collect_static(env)
    with _held(exclusive=False):
        sys.exit(_serve(env, port))


def _port() -> int:
    """The port asked for by PORT, 8000 if none."""
    asked = os.environ.get("PORT") or "8000"
    if not asked.isdigit() or not 0 < int(asked) < 65536:
        stop(f"PORT must be a number from 1 to 65535, not {asked!r}: PORT=8123 make demo")
    return int(asked)


def _refuse_taken(port: int) -> None:
    """Say so at once when the port cannot be listened on, before any work is done."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            stop(f"Port {port} needs special rights. Take another: PORT=8123 make demo")
        except OSError:
            stop(f"Port {port} is in use. Stop what uses it, or take another: PORT=8123 make demo")


@contextlib.contextmanager
def _held(*, exclusive: bool) -> Iterator[None]:
    """Hold the demonstration's data: alone while they are replaced, shared while served."""
    with (VAR / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except OSError:
            stop("The demonstration is already being prepared or served. Stop that one first.")
        yield


def _forget() -> None:
    """Remove data, clock and secret of last time."""
    for path in (DATABASE, LOADING):
        _remove_database(path)
    KEPT.unlink(missing_ok=True)
    ACCOUNTS.unlink(missing_ok=True)


def _remove_database(path: Path) -> None:
    """Remove a SQLite database with its companions."""
    for ending in ("", "-wal", "-shm", "-journal"):
        Path(f"{path}{ending}").unlink(missing_ok=True)


def _load() -> None:
    """Build the demonstration beside its place and put it there whole.

    Whoever kills this half way leaves no half demonstration: the next run builds it again.
    """
    print("Loading the demonstration plan ...", flush=True)
    _remove_database(LOADING)
    offset = _offset(time.time())
    secret = secrets.token_urlsafe(50)
    # The file is private to this person, and whole or absent.
    fresh = KEPT.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(f"SECRET_KEY={secret}\nCLOCK_OFFSET_SECONDS={offset}\n")
    fresh.replace(KEPT)
    env = _environment(LOADING, _port())
    _manage(env, "migrate", "--noinput", "--verbosity", "0")
    ACCOUNTS.write_text(_manage(env, "load_demo"))
    _manage(env, "make_brief", *BRIEF)
    with contextlib.closing(sqlite3.connect(LOADING)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode=DELETE")
    LOADING.replace(DATABASE)


def _offset(now: float) -> int:
    """Seconds from a moment to where the demonstration's clock stands.

    Of two times of one zone Python subtracts what the clocks on the wall say, an hour wrong from
    winter to summer; of moments it does not.
    """
    return round(STANDS_AT.timestamp() - now)


def _environment(database: Path, port: int) -> dict[str, str]:
    """The production settings for a loopback address over plain HTTP."""
    secret, offset = _kept()
    return in_environment(
        DJANGO_SETTINGS_MODULE="itaportal.settings",
        DEBUG="false",
        SECRET_KEY=secret,
        CLOCK_OFFSET_SECONDS=offset,
        DATABASE_URL=f"sqlite:////{str(database).lstrip('/')}",
        ALLOWED_HOSTS=f"{HOST},localhost",
        PORTAL_URL=f"http://{HOST}:{port}",
        HTTPS="false",
        BEHIND_PROXY="false",
        # Anyone can try the accounts of the demonstration, without setting anything up.
        REQUIRE_SECOND_FACTOR="false",
        TIME_ZONE=TIME_ZONE,
        STATIC_ROOT=str(STATIC),
        RELEASE=f"demo-{_fingerprint()[:12]}",
        LOG_LEVEL=os.environ.get("LOG_LEVEL", "WARNING"),
        BIND=f"{HOST}:{port}",
        WEB_CONCURRENCY=os.environ.get("WEB_CONCURRENCY", str(os.cpu_count() or 1)),
        PYTHONUNBUFFERED="1",
    )


def _kept() -> tuple[str, str]:
    """The secret and the clock that belong to the data.

    Neither is made anew: with another secret no second factor would work any more, and another
    clock may stand before the newest event, where nothing can be written.
    """
    text = KEPT.read_text() if KEPT.exists() else ""
    kept = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    try:
        return kept["SECRET_KEY"], str(int(kept["CLOCK_OFFSET_SECONDS"]))
    except (KeyError, ValueError):
        stop(
            "var/demo.env, which has the secret and the clock of the demonstration's data, is "
            "missing or damaged. Put it back, or start over: make demo-reset"
        )


def _fingerprint(*folders: str) -> str:
    """Changes when a file of these folders does, of all that make a page if none is named."""
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for folder in folders or FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()


def _manage(env: dict[str, str], *arguments: str) -> str:
    """Run one management command and return what it printed; of a failure the last line is told."""
    command = [str(PYTHON), "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        LOG.write_text(done.stdout + done.stderr)
        reason = _last_line()
        remedy = "`make demo-reset` starts over; if that fails too, remove .venv and try again."
        if "No module named" in reason:  # no reason to lose the data
            remedy = "Remove .venv and run `make demo` again."
        stop(
            f"`manage.py {shlex.join(arguments)}` failed ({reason}; all of it is in "
            f"var/demo.log). {remedy}"
        )
    sys.stderr.write(done.stderr)
    return done.stdout


def _last_line() -> str:
    """The last line of the log, where Python names the reason of a failure."""
    lines = LOG.read_text(errors="replace").splitlines()
    return next((line.strip().rstrip(".") for line in reversed(lines) if line.strip()), "no reason")


def _collect_static(env: dict[str, str]) -> None:
    """Gather, fingerprint and compress the static files, unless that was done for these files."""
    stamp = STATIC / ".made-from"
    wanted = _fingerprint("static")
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print("Compressing the static files ...", flush=True)
    shutil.rmtree(STATIC, ignore_errors=True)
    _manage(env, "collectstatic", "--noinput", "--ignore", "src", "--verbosity", "0")
    stamp.write_text(wanted)


def _serve(env: dict[str, str], port: int) -> int:
    """Run gunicorn until Ctrl-C or a signal; say what to open once it answers."""
    command = [str(PYTHON), "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "itaportal.wsgi"]
    LOG.write_text("")
    # Two that serve the same data write into it in turn.
    with LOG.open("a") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=env, stderr=log)
    asked_to_stop = False

    def end(*_: object) -> None:
        nonlocal asked_to_stop
        asked_to_stop = True
        server.terminate()

    signal.signal(signal.SIGTERM, end)
    try:
        if _answers(server, f"http://{HOST}:{port}/readyz"):
            _announce(env, port)
        elif server.poll() is None:
            server.terminate()
            stop("The portal did not become ready within 60 seconds; its log is var/demo.log.")
        code = server.wait()
    except KeyboardInterrupt:
        server.wait()
        print("\nStopped. The data are kept; `make demo` goes on with them.")
        return 0
    if code and not asked_to_stop:
        stop(
            "The portal's server ended by itself; var/demo.log says why. If it lacks a package, "
            "remove .venv and run `make demo` again."
        )
    return code


def _answers(server: subprocess.Popen[bytes], url: str) -> bool:
    """True once the portal says that it is ready; False when it ended or a minute passed."""
    until = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    return False


def _announce(env: dict[str, str], port: int) -> None:
    """What to open, and as whom to sign in."""
    now = time.time() + int(env["CLOCK_OFFSET_SECONDS"])
    today = datetime.fromtimestamp(now, STANDS_AT.tzinfo)
    print(f"\n  ITA Priorities is running: http://{HOST}:{port}/")
    print(f"  The demonstration's date is {today.day} {today:%b %Y}; the clock goes on from there.")
    if ACCOUNTS.exists():
        print()
        print("\n".join(f"  {line}" for line in ACCOUNTS.read_text().splitlines()))
        print("  Managers begin at /updates/, reviewers at /review/, editors and administrators at")
        print("  /manage/. The plan administrator may open /admin/, too.")
    print("\n  What the server logs is in var/demo.log.")
    print("  Ctrl-C stops it; the data are kept. `make demo-reset` starts over.\n", flush=True)


if __name__ == "__main__":
    main()
