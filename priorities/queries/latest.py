"""Which update speaks for an initiative now: the newest published one of the latest period.

What an action finds in force, what a form was typed over and what a list shows is asked here, so
that they cannot disagree. ``standing.latest_update`` asks the same as of a day.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import OuterRef, QuerySet, Subquery

from priorities.models import Initiative, StatusUpdate


def published_updates(initiative: Initiative | OuterRef) -> QuerySet[StatusUpdate]:
    """What is published of an initiative; the first is the one that speaks for it. Queries: one.

    In the order of the index ``status_update_latest``.
    """
    rows: QuerySet[StatusUpdate] = StatusUpdate.objects.filter(
        initiative=initiative, published_at__isnull=False
    )
    return rows.order_by("-period_end", "-published_at", "-id")


def latest_of_each(initiatives: Iterable[int]) -> QuerySet[StatusUpdate]:
    """The one update that speaks for each initiative, in no order. Queries: one."""
    newest = published_updates(OuterRef("pk")).values("pk")[:1]
    chosen = Initiative.objects.filter(pk__in=list(initiatives)).order_by()
    rows: QuerySet[StatusUpdate] = StatusUpdate.objects.filter(
        pk__in=chosen.values(newest=Subquery(newest))
    )
    return rows.order_by()
