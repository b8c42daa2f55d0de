"""The portal's clock."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from priorities.clock import SKEW, now

PRESENT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("newest", "expected"),
    [
        (None, PRESENT),
        (PRESENT - MINUTE, PRESENT),
        (PRESENT + MINUTE, PRESENT + MINUTE),
        (PRESENT + SKEW, PRESENT + SKEW),
        (PRESENT + SKEW + MINUTE, PRESENT),
    ],
)
def test_what_a_faster_clock_just_wrote_is_the_present(
    newest: dt.datetime | None, expected: dt.datetime
) -> None:
    with time_machine.travel(PRESENT, tick=False):
        assert now(newest) == expected
