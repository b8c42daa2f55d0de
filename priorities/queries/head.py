"""What every page begins with: the newest public event, and where a day begins."""

from __future__ import annotations

import datetime as dt
from time import monotonic
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from priorities.queries.prepared import utc_moment


class Head(NamedTuple):
    """What every public page begins with: the newest public event, and where a day begins."""

    revision: int
    zone: ZoneInfo
    at: dt.datetime | None


#: Another object after each write: what was read before it is not taken for what stands now. An
#: object and no count, since two threads that raise a count at once may leave it where it was.
_written = object()
#: The head as last read, until when it is taken as read, and after which write that began.
_kept: tuple[float, object, Head] | None = None


def head() -> Head:
    """The number of the newest public event, the agency's time zone, the newest event's moment.

    Read at most once in ``REVISION_KEPT_SECONDS``, so another worker's publication is seen within
    that time and this worker's own at once (ADR 3). What is read inside a transaction may be undone
    with it, so it is not kept; and what was written over while it was read serves this request
    alone. Queries: one, of one row, without the ORM: it is most of the work of a 304; or none.
    """
    global _kept
    kept, present, written = _kept, monotonic(), _written
    if kept is not None and present < kept[0] and kept[1] is written:
        return kept[2]
    found = _read_head()
    if not connection.in_atomic_block:
        _kept = (present + settings.REVISION_KEPT_SECONDS, written, found)
    return found


def forget_head() -> None:
    """Read the head anew the next time: something was written."""
    global _written
    _written = object()


def _read_head() -> Head:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT revision, (SELECT time_zone FROM priorities_organization ORDER BY id LIMIT 1),"
            ' "at" FROM priorities_chainhead WHERE id = 1'
        )
        newest, zone, at = cursor.fetchone()
    moment = None if at is None else utc_moment(at)
    return Head(int(newest), ZoneInfo(zone or settings.TIME_ZONE), moment)
