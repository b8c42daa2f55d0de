"""Save a whole grid of values: each row by itself, all in one transaction.

A row that breaks a rule is given back with its message and the others are saved: who types forty
values and has one wrong should not have to send forty again, and nothing depends on the order.
Nothing is ever half a row, and a process that dies in the middle has saved none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from priorities.actions.observations import correct_observation, record_observation
from priorities.actions.recording import Actor, recording
from priorities.assessment.periods import Period
from priorities.enums import MissingReason, Quality
from priorities.models import Metric, Observation

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueEntry:
    """One value as a person enters it: a number, or the reason why there is none.

    With ``corrects`` it takes the place of that row, which has a ``reason``.
    """

    metric: Metric
    period: Period
    value: Decimal | None = None
    missing_reason: MissingReason | None = None
    provisional: bool = False
    note: str = ""
    source: str = ""
    corrects: Observation | None = None
    reason: str = ""


def record_values(
    *, entries: Sequence[ValueEntry], by: Actor | User | str, now: dt.datetime
) -> list[Observation | ValidationError]:
    """Publish many values; for each, in order, the new row or what is wrong with it.

    What is wrong with one row leaves the others as they are. Errors: ``WriteRefused`` only for
    what is wrong with all of them, a moment before the newest event.
    """
    results: list[Observation | ValidationError] = []
    with recording(by=by, now=now) as log:
        for entry in entries:
            try:
                results.append(enter_value(entry=entry, by=log.actor, now=log.now))
            except ValidationError as error:
                results.append(error)
    return results


def enter_value(*, entry: ValueEntry, by: Actor | User | str, now: dt.datetime) -> Observation:
    """Publish one value, or a correction of what it names.

    Errors: ``ValidationError`` as of ``record_observation`` and ``correct_observation``.
    """
    if entry.corrects is not None:
        return correct_observation(
            observation=entry.corrects,
            reason=entry.reason,
            value=entry.value,
            missing_reason=entry.missing_reason,
            quality=Quality.PROVISIONAL if entry.provisional else Quality.REVISED,
            note=entry.note,
            source=entry.source,
            by=by,
            now=now,
        )
    return record_observation(
        metric=entry.metric,
        period_start=entry.period.start,
        period_end=entry.period.end,
        value=entry.value,
        missing_reason=entry.missing_reason,
        quality=Quality.PROVISIONAL if entry.provisional else Quality.FINAL,
        note=entry.note,
        source=entry.source,
        by=by,
        now=now,
    )
