"""Have a document set: one at a time in each worker of the server, and none for ever."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

WORKER = Path(__file__).parent / "worker.py"
#: Seconds that a document may take; one of a thousand initiatives takes a few.
MOST_SECONDS = 30
#: Seconds that a reader waits for another's document before being asked to come again.
PATIENCE = 2
#: Set one at a time: each takes a core and some hundred megabytes while it lasts.
_TURN = threading.BoundedSemaphore(1)


class Busy(Exception):
    """Others are being served; whoever asks again in a while gets it."""


class NotSet(Exception):
    """The typesetter refused the document, or took too long: ours to put right."""


def set_document(template: Path, document: Mapping[str, Any]) -> bytes:
    """A document as PDF/UA-1; the same document always gives the same bytes.

    Errors: ``Busy`` when others' documents take too long; ``NotSet`` with the typesetter's words.
    """
    with _turn():
        return _run(template, json.dumps(document).encode())


@contextmanager
def _turn() -> Iterator[None]:
    """One's turn; who waits keeps a thread of the server from its pages, so not for long."""
    if not _TURN.acquire(timeout=PATIENCE):
        raise Busy
    try:
        yield
    finally:
        _TURN.release()


def _run(template: Path, document: bytes) -> bytes:
    """What the worker makes of a document."""
    try:
        done = subprocess.run(  # noqa: S603 - our own script, by its path; the text is its input
            [sys.executable, "-I", str(WORKER), str(template)],
            input=document,
            capture_output=True,
            timeout=MOST_SECONDS,
            check=False,
            env={"PYTHONUTF8": "1"},
        )
    except subprocess.TimeoutExpired:
        raise NotSet(f"It took longer than {MOST_SECONDS} seconds.") from None
    if done.returncode:
        raise NotSet(done.stderr.decode(errors="replace").strip()[-4000:])
    return done.stdout
