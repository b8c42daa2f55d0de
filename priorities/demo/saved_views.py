"""The questions that the reviewer of the demonstration asks before each meeting."""

from __future__ import annotations

import datetime as dt

from priorities.actions.saved_views import save_view
from priorities.demo.records import Records
from priorities.demo.timeline import Rank, Timeline

REVIEWER = "reviewer@example.org"
#: The day after a meeting of the committee, when the next one is prepared.
SAVED_ON = dt.date(2023, 6, 8)
#: Name, page, question.
VIEWS = (
    (
        "What needs attention",
        "table",
        "columns=status%2Coverdue%2Csaid%2Crating%2Cowner%2Cmoves%2Cslip&sort=status",
    ),
    ("Who has not reported", "table", "columns=status%2Coverdue%2Cowner%2Cdivision&overdue=1"),
    ("Priority 3 on one axis", "timeline", "priority=3"),
)


def add_saved_views(timeline: Timeline, records: Records) -> None:
    """Keep each of them, shown to everyone who may review."""
    timeline.add(SAVED_ON, Rank.REVIEW, lambda now: _save(records, now))


def _save(records: Records, now: dt.datetime) -> None:
    for name, page, query in VIEWS:
        save_view(
            person=records.people[REVIEWER],
            name=name,
            page=page,
            query=query,
            shared=True,
            now=now,
        )
