"""One item of a round: what is due, how far its report is, and who answers for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from priorities.enums import UpdateState

Kind = Literal["initiative", "metric"]
State = Literal["due", "overdue", "draft", "submitted", "returned", "done"]

#: What an update that is not published yet makes of its item.
ON_ITS_WAY: Mapping[str, State] = {
    UpdateState.DRAFT.value: "draft",
    UpdateState.SUBMITTED.value: "submitted",
    UpdateState.RETURNED.value: "returned",
}


@dataclass(frozen=True, slots=True)
class DueItem:
    """One initiative or metric in the round of its newest ended period.

    ``days_overdue`` counts from the oldest report missed, also when a draft lies there; it is 0
    for what is not overdue. ``last_period_end`` and ``last_on`` tell of the last word: its period,
    and the day on which it was published.
    """

    kind: Kind
    pk: int
    code: str
    plan_code: str
    name: str
    division_pk: int | None
    period_start: dt.date
    period_end: dt.date
    due_on: dt.date
    period_pk: int | None
    state: State
    days_overdue: int
    owner_pk: int | None
    contributor_pks: frozenset[int]
    last_period_end: dt.date | None
    last_on: dt.date | None
    never_reported: bool

    @property
    def form(self) -> str:
        """The name under which what is typed of it is kept as a draft."""
        return f"{self.kind}:{self.pk}:{self.period_end.isoformat()}"

    @property
    def is_to_go(self) -> bool:
        """Is something left to do for who reports it? Not when it waits for a review."""
        return self.state not in ("submitted", "done")

    @property
    def urgency(self) -> tuple[Any, ...]:
        """The most urgent first: overdue longest, then by due date; what is handed in last."""
        places = {"submitted": 1, "done": 2}
        place = places.get(self.state, 0)
        kind = 0 if self.kind == "initiative" else 1
        return place, -self.days_overdue, self.due_on, kind, self.name, self.pk
