"""Record the values of metrics; a correction is a new row that says why."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from priorities.actions.recording import Actor, recording
from priorities.actions.writing import insert, refuse_if_corrected
from priorities.enums import EventKind, MissingReason, Quality
from priorities.models import Metric, Observation

if TYPE_CHECKING:
    from accounts.models import User


def record_observation(
    *,
    metric: Metric,
    period_start: dt.date,
    period_end: dt.date,
    value: Decimal | None = None,
    missing_reason: MissingReason | None = None,
    quality: Quality = Quality.FINAL,
    categories: str = "",
    by: Actor | User | str,
    now: dt.datetime,
    **values: Any,
) -> Observation:
    """Publish the value of one period, or the reason why there is none.

    Errors: ``ValidationError`` when the period has a value already (correct that one), and when
    neither or both of value and reason are given.
    """
    with recording(by=by, now=now) as log:
        row = Observation(
            metric=metric,
            period_start=period_start,
            period_end=period_end,
            value=value,
            missing_reason=missing_reason.value if missing_reason else "",
            quality=quality.value,
            categories=categories,
            recorded_by=log.actor.name,
            published_at=log.now,
            **values,
        )
        return insert(log, row, kind=EventKind.RECORDED)


def correct_observation(
    *,
    observation: Observation,
    reason: str,
    value: Decimal | None = None,
    missing_reason: MissingReason | None = None,
    quality: Quality = Quality.REVISED,
    by: Actor | User | str,
    now: dt.datetime,
    **values: Any,
) -> Observation:
    """Publish a new value for the period of an earlier one, which stays on record.

    Errors: ``WriteRefused`` when that one has been corrected before (correct the newest), and
    ``ValidationError`` without a reason.
    """
    with recording(by=by, now=now) as log:
        refuse_if_corrected(observation)
        row = Observation(
            metric=observation.metric,
            period_start=observation.period_start,
            period_end=observation.period_end,
            categories=observation.categories,
            value=value,
            missing_reason=missing_reason.value if missing_reason else "",
            quality=quality.value,
            reason=reason,
            supersedes=observation,
            recorded_by=log.actor.name,
            published_at=log.now,
            **values,
        )
        return insert(log, row, kind=EventKind.CORRECTED, before=observation, reason=reason)
