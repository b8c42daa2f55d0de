"""What reviewers say of initiatives and metrics, internal ratings too: for staff alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from priorities.assessment.periods import AsOf
from priorities.enums import Health, Visibility
from priorities.models import Assignment, Initiative, Metric, ReviewRating
from priorities.queries.ownership import Kind


@dataclass(frozen=True, slots=True)
class Given:
    """The newest rating of an item: by whom, of which period, why, and who may read it."""

    rating: Health
    reason: str
    reviewer: str
    period_end: dt.date
    is_public: bool


def of_reviewers(rows: QuerySet[ReviewRating]) -> QuerySet[ReviewRating]:
    """Without the ratings of who answered for the item themselves on the day they rated it.

    The door takes none of them (ADR 27); one that came in otherwise is no reviewer's word. Only
    what was so on that day counts, so that a past page stays as it was.
    """
    on = OuterRef("published_at__date")
    held = Assignment.objects.ever_accepted().filter(
        Q(initiative=OuterRef("initiative")) | Q(metric=OuterRef("metric")),
        Q(ended_on__isnull=True) | Q(ended_on__gt=on),
        person=OuterRef("reviewer"),
        answered_on__lte=on,
    )
    return rows.filter(~Exists(held))


def newest_ratings(plan_code: str, as_of: AsOf) -> dict[tuple[Kind, int], Given]:
    """The newest rating of each initiative of a plan, and of each metric, by its key.

    Of several reviewers it is the one who rated the latest period last. Queries: one.
    """
    rows = of_reviewers(
        ReviewRating.objects.filter(
            Q(initiative__plan__code=plan_code) | Q(metric__isnull=False),
            published_at__lte=as_of.moment,
        )
    ).select_related("reviewer")
    found: dict[tuple[Kind, int], Given] = {}
    for row in rows.order_by("period_end", "published_at", "pk"):
        key: tuple[Kind, int]
        if row.initiative_id is not None:
            key = ("initiative", row.initiative_id)
        else:
            key = ("metric", row.metric_id)  # type: ignore[assignment]
        found[key] = _given(row)
    return found


def newest_rating_of(item: Initiative | Metric, as_of: AsOf) -> Given | None:
    """The same of one item; none when no reviewer has rated it. Queries: one."""
    own = {"initiative": item} if isinstance(item, Initiative) else {"metric": item}
    rows = ReviewRating.objects.filter(**own, published_at__lte=as_of.moment)
    newest = of_reviewers(rows).select_related("reviewer")
    row = newest.order_by("-period_end", "-published_at", "-pk").first()
    return None if row is None else _given(row)


def _given(row: ReviewRating) -> Given:
    return Given(
        rating=Health(row.rating),
        reason=row.reason,
        reviewer=str(row.reviewer),
        period_end=row.period_end,
        is_public=row.visibility == Visibility.PUBLIC,
    )
