"""What reviewers say of initiatives and metrics, internal ratings too: for staff alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from priorities.assessment.periods import AsOf
from priorities.enums import Health, Visibility
from priorities.models import ReviewRating
from priorities.queries.ownership import Kind


@dataclass(frozen=True, slots=True)
class Given:
    """The newest rating of an item: by whom, of which period, why, and who may read it."""

    rating: Health
    reason: str
    reviewer: str
    period_end: dt.date
    is_public: bool


def newest_ratings(plan_code: str, as_of: AsOf) -> dict[tuple[Kind, int], Given]:
    """The newest rating of each initiative of a plan, and of each metric, by its key.

    Of several reviewers it is the one who rated the latest period last. Queries: one.
    """
    rows = ReviewRating.objects.filter(
        Q(initiative__plan__code=plan_code) | Q(metric__isnull=False),
        published_at__lte=as_of.moment,
    ).select_related("reviewer")
    found: dict[tuple[Kind, int], Given] = {}
    for row in rows.order_by("period_end", "published_at", "pk"):
        key: tuple[Kind, int]
        if row.initiative_id is not None:
            key = ("initiative", row.initiative_id)
        else:
            key = ("metric", row.metric_id)  # type: ignore[assignment]
        found[key] = Given(
            rating=Health(row.rating),
            reason=row.reason,
            reviewer=str(row.reviewer),
            period_end=row.period_end,
            is_public=row.visibility == Visibility.PUBLIC,
        )
    return found
