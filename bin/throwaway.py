"""A PostgreSQL cluster for one test run, in a temporary folder, gone afterwards. Stdlib only."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

#: Where servers lie when they are not on the PATH; the newest is taken.
PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)

#: Speed for safety: the data live for minutes. The socket is in a folder nobody else may enter.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "jit": "off",
}


def server_binaries() -> Path | None:
    """The folder with `initdb` and `postgres`, or None where no server is installed."""
    on_path = shutil.which("initdb")
    if on_path and (Path(on_path).parent / "postgres").exists():
        return Path(on_path).parent
    found = [
        folder
        for place in PLACES
        for folder in Path("/").glob(place.lstrip("/"))
        if (folder / "initdb").exists() and (folder / "postgres").exists()
    ]
    return max(found, key=_version, default=None)


def _version(folder: Path) -> int:
    """The major version in a folder's name, e.g. 15 of /usr/lib/postgresql/15/bin."""
    digits = "".join(sign for sign in str(folder) if sign.isdigit())
    return int(digits or 0)


@contextlib.contextmanager
def cluster(binaries: Path) -> Iterator[str]:
    """A running cluster; yields its database URL. Torn down however the block ends."""
    owner = _owner()
    # A socket's path must be short, so the folder lies in /tmp whatever TMPDIR says.
    folder = Path(tempfile.mkdtemp(prefix="portal-pg-", dir="/tmp"))
    server: subprocess.Popen[bytes] | None = None
    try:
        if owner:
            shutil.chown(folder, owner["user"], owner["group"])
        data = folder / "data"
        _run_initdb(binaries, data, owner)
        command = [str(binaries / "postgres"), "-D", str(data), "-k", str(folder)]
        for name, value in SETTINGS.items():
            command += ["-c", f"{name}={value}"]
        log = folder / "log"
        with log.open("wb") as out:
            server = subprocess.Popen(command, stdout=out, stderr=out, cwd=folder, **owner)
        _wait_until_ready(data, server, log)
        yield f"postgres://postgres@{str(folder).replace('/', '%2F')}/portal"
    finally:
        if server and server.poll() is None:
            server.send_signal(signal.SIGINT)  # "fast": ends sessions, then itself
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _owner() -> dict[str, Any]:
    """As whom the server runs: PostgreSQL refuses root, so root lends it another account."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            account = pwd.getpwnam(name)
            return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    raise SystemExit("PostgreSQL does not run as root, and there is no account postgres or nobody.")


def _run_initdb(binaries: Path, data: Path, owner: dict[str, Any]) -> None:
    """Lay the cluster's files: UTF-8, the same order of letters everywhere."""
    command = [str(binaries / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust"]
    done = subprocess.run(
        [*command, "-E", "UTF8", "--no-locale", "--no-sync"],
        capture_output=True,
        text=True,
        cwd=data.parent,
        check=False,
        **owner,
    )
    if done.returncode:
        raise SystemExit(f"PostgreSQL could not lay a cluster:\n{done.stdout}{done.stderr}")


def _wait_until_ready(data: Path, server: subprocess.Popen[bytes], log: Path) -> None:
    """Return when it takes connections; half a minute is enough or something is wrong.

    The server writes its own state as the last line of its pid file.
    """
    state = data / "postmaster.pid"
    until = time.monotonic() + 30
    while time.monotonic() < until and server.poll() is None:
        if state.exists() and state.read_text().rstrip().endswith("ready"):
            return
        time.sleep(0.1)
    raise SystemExit(f"PostgreSQL did not start:\n{log.read_text()[-2000:]}")
