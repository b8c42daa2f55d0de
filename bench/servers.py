"""The servers of the benchmark, on loopback and for its time only."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var" / "bench"

#: The micro-cache of deploy/nginx.conf.template, without TLS and on a loopback port.
NGINX = """
worker_processes auto; pid {run}/nginx.pid; error_log {run}/error.log; daemon off;
events {{ worker_connections 1024; }}
http {{
    access_log off; client_body_temp_path {run}/body; proxy_temp_path {run}/proxy;
    fastcgi_temp_path {run}/f; uwsgi_temp_path {run}/u; scgi_temp_path {run}/s;
    keepalive_requests 1000000;
    proxy_cache_path {run}/cache keys_zone=pages:10m;
    upstream portal {{ server 127.0.0.1:{upstream}; keepalive 16; }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://portal; proxy_http_version 1.1; proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            proxy_cache pages; proxy_cache_valid 200 5s; proxy_cache_lock on;
            proxy_ignore_headers Cache-Control Vary;
            proxy_cache_key $request_uri$http_accept_encoding;
            proxy_cache_use_stale updating error timeout;
        }}
    }}
}}
"""


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def portal(env: dict[str, str]) -> Iterator[int]:
    """The production server; yields its port."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py"]
    command += ["itaportal.wsgi:application"]
    settings = {**env, "BIND": f"127.0.0.1:{port}"}
    with _running(command, settings, f"http://127.0.0.1:{port}/healthz"):
        yield port


@contextlib.contextmanager
def proxy(upstream: int) -> Iterator[int | None]:
    """nginx with the micro-cache in front; yields its port, or None where nginx is missing."""
    binary = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if binary is None:
        yield None
        return
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as run:
        os.chmod(run, 0o777)
        config = Path(run) / "nginx.conf"
        config.write_text(NGINX.format(run=run, port=port, upstream=upstream))
        command = [binary, "-c", str(config), "-e", f"{run}/error.log"]
        with _running(command, dict(os.environ), f"http://127.0.0.1:{port}/healthz"):
            yield port


@contextlib.contextmanager
def _running(command: list[str], env: dict[str, str], url: str) -> Iterator[None]:
    """A server that answers; ended by its own process id."""
    server = subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(url, timeout=2).close()
                break
            if server.poll() is not None:
                raise SystemExit(f"{Path(command[0]).name} did not start.")
            time.sleep(0.1)
        yield
    finally:
        server.terminate()
        server.wait(30)


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[str | None]:
    """A PostgreSQL cluster that stays in a folder; yields the URL of its server, or None."""
    sys.path.insert(0, str(ROOT / "bin"))
    import throwaway

    binaries = throwaway.server_binaries()
    if binaries is None:
        yield None
        return
    owner = throwaway._owner()
    folder.mkdir(parents=True, exist_ok=True)
    # The server may run as another account, which has to reach its folder.
    home = Path(tempfile.gettempdir()) / f"portal-bench-pg-{os.getuid()}-{folder.name}"
    data = home / "data"
    if not (data / "PG_VERSION").exists():
        home.mkdir(parents=True, exist_ok=True)
        if owner:
            shutil.chown(home, owner["user"], owner["group"])
        throwaway._run_initdb(binaries, data, owner)
    port = free_port()
    command = [str(binaries / "postgres"), "-D", str(data), "-k", str(home)]
    command += ["-c", f"port={port}", "-c", "listen_addresses=127.0.0.1"]
    command += ["-c", "shared_buffers=512MB", "-c", "synchronous_commit=off", "-c", "jit=off"]
    log = home / "log"
    with log.open("ab") as out:
        server = subprocess.Popen(command, stdout=out, stderr=out, cwd=home, **owner)
    try:
        throwaway._wait_until_ready(data, server, log)
        yield f"postgres://postgres@127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(60)
