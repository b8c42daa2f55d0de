"""How long rounds took: one's own last one, and the median of all without names."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from statistics import median

from accounts.models import User
from priorities.models import RoundTiming

#: Of fewer people nothing is said: a median of two tells one of them what the other took.
FEWEST = 3


@dataclass(frozen=True, slots=True)
class RoundTimes:
    """How long a round took: the median in seconds, and of how many people."""

    median_seconds: int
    people: int


def last_round_seconds(*, person: User, before: dt.date) -> int | None:
    """How long the person's last round took, of those before a period; none yet: None.

    Queries: one.
    """
    return (
        RoundTiming.objects.filter(person=person, period_end__lt=before, saves__gt=0)
        .order_by("-period_end")
        .values_list("counted_seconds", flat=True)
        .first()
    )


def round_times(*, period_end: dt.date) -> RoundTimes | None:
    """The median time of a round over all who saved something in it; None under ``FEWEST`` people.

    Queries: one.
    """
    seconds = list(
        RoundTiming.objects.filter(period_end=period_end, saves__gt=0)
        .order_by()
        .values_list("counted_seconds", flat=True)
    )
    if len(seconds) < FEWEST:
        return None
    return RoundTimes(round(median(seconds)), len(seconds))
