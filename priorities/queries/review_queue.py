"""Updates that wait for a review, each beside what it would replace in public."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, QuerySet

from priorities.enums import UpdateState
from priorities.models import Initiative, StatusUpdate
from priorities.models.base import Json, encode
from priorities.queries.latest import latest_of_each

#: What a reader of the public page sees of an update.
SHOWN = (
    "lifecycle",
    "health",
    "percent_complete",
    "narrative",
    "next_steps",
    "cause",
    "recovery_step",
    "recovery_on",
    "closed_on",
    "successor_id",
    "nothing_changed",
)
#: With the initiative, and all that a page says of it.
RELATED = (
    "initiative__plan",
    "initiative__lead_division",
    "period",
    "successor",
)


@dataclass(frozen=True, slots=True)
class Pending:
    """One submitted update, and the published one that stands until then, if any."""

    update: StatusUpdate
    before: StatusUpdate | None

    @property
    def fingerprint(self) -> str:
        """Tells what was looked at from what it has become: the text, and what it replaces."""
        return fingerprint(self.update, self.before)

    @property
    def changed(self) -> tuple[str, ...]:
        """The fields that the public would see change."""
        return tuple(
            name
            for name in SHOWN
            if getattr(self.update, name) != (getattr(self.before, name) if self.before else None)
        )


def fingerprint(update: StatusUpdate, before: StatusUpdate | None) -> str:
    """The same for the same update over the same published one, and for no other."""
    said: list[Json] = [encode(getattr(update, name)) for name in SHOWN]
    state = [update.pk, update.state, str(update.period_id), said, before.pk if before else None]
    return hashlib.sha256(json.dumps(state).encode()).hexdigest()[:20]


def pending_updates(initiatives: QuerySet[Initiative]) -> tuple[Pending, ...]:
    """What was submitted of some initiatives: by division, then by plan and name. Queries: two."""
    found = (
        StatusUpdate.objects.filter(
            state=UpdateState.SUBMITTED.value, initiative__in=initiatives.order_by().values("pk")
        )
        .select_related(*RELATED)
        .order_by(
            F("initiative__lead_division__name").asc(nulls_last=True),
            "initiative__lead_division",
            "initiative__plan__code",
            "initiative__name",
            "pk",
        )
    )
    return with_before(found)


def pending_count(initiatives: QuerySet[Initiative]) -> int:
    """How many updates of some initiatives wait for a review. Queries: one."""
    mine = initiatives.order_by().values("pk")
    state = UpdateState.SUBMITTED.value
    return StatusUpdate.objects.filter(state=state, initiative__in=mine).count()


def with_before(updates: Iterable[StatusUpdate]) -> tuple[Pending, ...]:
    """Updates beside what is published of their initiatives. Queries: two."""
    rows = tuple(updates)
    before = {row.initiative_id: row for row in published(row.initiative_id for row in rows)}
    return tuple(Pending(row, before.get(row.initiative_id)) for row in rows)


def published(initiatives: Iterable[int]) -> QuerySet[StatusUpdate]:
    """The newest published update of the latest period, of each initiative. Queries: one."""
    return latest_of_each(initiatives).select_related("successor", "period")
