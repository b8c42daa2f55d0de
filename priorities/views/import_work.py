"""Long work of an import, beside the request that asked for it.

Nobody should wait a minute before a blank page, and nginx does not wait longer; an import of fifty
thousand rows may take that. So a thread of the same process does it, and the run tells how far it
is. If the process ends meanwhile, its transaction is rolled back, and the run is offered again
(ADR 21).
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

from django.db import connections
from django.utils import translation

from priorities.actions.recording import Actor
from priorities.models import ImportRun

#: ``importing.applied`` or ``importing.undone``.
Work = Callable[..., bool]


def start(work: Work, run: ImportRun, *, by: Actor, now: dt.datetime, day: dt.date) -> None:
    """Begin, and return at once."""
    spoken = translation.get_language() or "en"
    what = {"by": by, "now": now, "day": day}
    name = f"import-{run.pk}"
    # No daemon: a worker that is told to end waits for it, as long as it is let.
    threading.Thread(target=_beside, args=(work, run.pk, spoken, what), name=name).start()


def _beside(work: Work, pk: int, spoken: str, what: dict[str, Any]) -> None:
    """The work itself, with connections of its own."""
    try:
        with translation.override(spoken):
            work(ImportRun.objects.get(pk=pk), **what)
    finally:
        connections.close_all()
