"""Have a document set: by who has a turn, one at a time, and none for ever."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

WORKER = Path(__file__).parent / "worker.py"
#: Seconds that a document may take; one of a thousand initiatives takes a few.
MOST_SECONDS = 30


class Busy(Exception):
    """Others are being served; whoever asks again in a while gets it."""


class NotSet(Exception):
    """The typesetter refused the document, or took too long: ours to put right."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One document at a time in each worker: it takes a core and some hundred megabytes.

    Taken before a brief is built, so that who is refused costs nothing. ``patience``: how many
    seconds one waits for another's document before being asked to come again.
    """

    patience: float
    _free: threading.BoundedSemaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(1), repr=False
    )

    @contextmanager
    def taken(self) -> Iterator[None]:
        """One's turn. Errors: ``Busy``."""
        if not self._free.acquire(timeout=self.patience):
            raise Busy
        try:
            yield
        finally:
            self._free.release()


#: Of everyone: who waits keeps a thread of the server from its pages, so nobody does.
EVERYONES = Turn(patience=0)
#: Of reviewers, whom no stranger can keep from freezing a brief.
REVIEWERS = Turn(patience=10)


def set_document(template: Path, document: Mapping[str, Any]) -> bytes:
    """A document as PDF/UA-1, for who has a turn; the same document always gives the same bytes.

    Errors: ``NotSet`` with the typesetter's words.
    """
    return _run(template, json.dumps(document).encode())


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
