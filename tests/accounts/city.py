"""Starting the identity provider of the tests, in a process of its own."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.portal import ROOT, _end


@contextlib.contextmanager
def provider_at(port: int, folder: Path, redirect_uri: str) -> Iterator[str]:
    """A running provider that leads back to one address; its own address."""
    module = "tests.accounts.provider"
    command = [sys.executable, "-m", module, str(port), str(folder), redirect_uri]
    log = folder / "log"
    with log.open("w") as errors:
        server = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, start_new_session=True
        )
        try:
            assert server.stdout
            assert server.stdout.readline() == b"ready\n", log.read_text()[-3000:]
            yield f"http://127.0.0.1:{port}"
        finally:
            _end(server)
            if server.stdout:
                server.stdout.close()
