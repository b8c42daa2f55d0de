"""The one clock of the portal.

Only doors (views, API, commands) read it; everything below takes ``as_of`` or ``now``. A
demonstration may set it back by a fixed offset, which the banner says; sign-in, sessions and
tokens use the real time.
"""

import datetime as dt

from django.conf import settings
from django.utils import timezone


def real_now() -> dt.datetime:
    """The time on the wall."""
    return timezone.now()


#: How far the clocks of two hosts may differ.
SKEW = dt.timedelta(minutes=5)


def now(newest: dt.datetime | None = None) -> dt.datetime:
    """The portal's time: the time on the wall, moved by ``CLOCK_OFFSET_SECONDS``.

    ``newest``: the moment of the newest event. Where another host's clock is ahead and wrote it,
    that is the present, else this host would not show what was just published.
    """
    present = real_now() + dt.timedelta(seconds=settings.CLOCK_OFFSET_SECONDS)
    if newest is not None and present < newest <= present + SKEW:
        return newest
    return present
