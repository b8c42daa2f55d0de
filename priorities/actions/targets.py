"""Set targets and baselines; what they replace stays on record and on the chart."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from priorities.actions.recording import Actor, recording
from priorities.actions.writing import insert
from priorities.enums import EventKind
from priorities.models import Baseline, Metric, Target

if TYPE_CHECKING:
    from accounts.models import User


def set_target(
    *,
    metric: Metric,
    period_end: dt.date,
    period_start: dt.date | None = None,
    value: Decimal | None = None,
    low: Decimal | None = None,
    high: Decimal | None = None,
    adopted_on: dt.date,
    authority: str,
    reason: str = "",
    by: Actor | User | str,
    now: dt.datetime,
    **values: Any,
) -> Target:
    """Set the target of a period, or by a date when there is no ``period_start``.

    A target in force for the same period is superseded, which needs a reason.
    """
    with recording(by=by, now=now) as log:
        before = Target.objects.filter(
            metric=metric,
            period_start=period_start,
            period_end=period_end,
            superseded_by__isnull=True,
        ).first()
        row = Target(
            metric=metric,
            period_start=period_start,
            period_end=period_end,
            value=value,
            low=low,
            high=high,
            adopted_on=adopted_on,
            authority=authority,
            reason=reason,
            supersedes=before,
            recorded_by=log.actor.name,
            published_at=log.now,
            **values,
        )
        kind = EventKind.CORRECTED if before else EventKind.RECORDED
        return insert(log, row, kind=kind, before=before, reason=reason)


def set_baseline(
    *,
    metric: Metric,
    on: dt.date,
    value: Decimal,
    reason: str = "",
    by: Actor | User | str,
    now: dt.datetime,
    **values: Any,
) -> Baseline:
    """Set where the metric started; an earlier baseline is superseded, which needs a reason."""
    with recording(by=by, now=now) as log:
        before = Baseline.objects.filter(metric=metric, superseded_by__isnull=True).first()
        row = Baseline(
            metric=metric,
            on=on,
            value=value,
            reason=reason,
            supersedes=before,
            recorded_by=log.actor.name,
            published_at=log.now,
            **values,
        )
        kind = EventKind.CORRECTED if before else EventKind.RECORDED
        return insert(log, row, kind=kind, before=before, reason=reason)
