"""What may differ between two moments: rows whose wording was touched, and what was said of them.

Wording is told by the event log, so what can differ of it is what was touched in between.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from priorities.enums import DatePrecision, EventKind, Visibility
from priorities.models import (
    ChangeEvent,
    Initiative,
    Meeting,
    Milestone,
    Plan,
    Priority,
    ReportingPeriod,
    ReviewRating,
    StatusUpdate,
    Target,
)
from priorities.models.base import Recorded
from priorities.queries.prepared import day_of, prepared, utc_moment
from priorities.queries.publication import Chosen, with_keys
from priorities.queries.ratings import of_reviewers

#: The tables whose wording belongs to one plan.
WORDED: tuple[type[Recorded], ...] = (
    Plan,
    Priority,
    Initiative,
    Milestone,
    Meeting,
    ReportingPeriod,
)
#: The longest stretch that a date of less than a day's precision stands for.
LONGEST = dt.timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Touch:
    """One event that changed wording in between. ``public``: may its words be told?"""

    at: dt.datetime
    item_type: str
    item_id: int
    kind: str
    fields: Mapping[str, list[Any]]
    reason: str
    public: bool


def touches(plan_code: str, since: dt.datetime, until: dt.datetime) -> tuple[Touch, ...]:
    """The events that made or changed a plan's wording, internal ones among them, oldest first.

    Queries: one.
    """
    with connection.cursor() as cursor:
        cursor.execute(*_touches(plan=plan_code, since=since, until=until))
        return tuple(
            Touch(utc_moment(at), item_type, item_id, kind, _fields(fields), reason, bool(public))
            for at, item_type, item_id, kind, fields, reason, public in cursor
        )


@prepared
def _touches(*, plan: str, since: dt.datetime, until: dt.datetime) -> QuerySet[Any, Any]:
    events = ChangeEvent.objects.filter(
        Q(plan_code=plan) | Q(item_type="metric"),
        item_type__in=[*(model.ITEM_TYPE for model in WORDED), "metric"],
        at__gt=since,
        at__lte=until,
    )
    columns = ("at", "item_type", "item_id", "kind", "fields", "reason", "public")
    return events.order_by("sequence").values_list(*columns)


def _fields(raw: Any) -> Mapping[str, list[Any]]:
    found: Mapping[str, list[Any]] = json.loads(raw) if isinstance(raw, str) else raw
    return found


def touched(model: type[Recorded], since: dt.datetime) -> QuerySet[Any]:
    """The ids of rows of a table that were changed after a moment."""
    return (
        ChangeEvent.objects.filter(item_type=model.ITEM_TYPE, at__gt=since)
        .exclude(kind=EventKind.CREATED.value)
        .values("item_id")
    )


def initiatives_that_may_differ(plan_code: str, since: dt.datetime) -> Chosen:
    """Initiatives of a plan whose wording was touched after a moment."""
    return with_keys(Initiative, _initiatives(plan=plan_code, since=since))


@prepared
def _initiatives(*, plan: str, since: dt.datetime) -> QuerySet[Any]:
    found = Initiative.objects.filter(plan__code=plan, pk__in=touched(Initiative, since))
    return found.order_by().values("pk")


def milestones_that_may_differ(
    plan_code: str, since: dt.datetime, first: dt.date, last: dt.date
) -> Chosen:
    """Milestones of a plan that were touched after a moment, or that a day alone moved on.

    One that nobody touched is late, done or dropped from another day on; those days lie between
    ``first`` and ``last``.
    """
    wide = first - LONGEST
    found = _milestones(plan=plan_code, since=since, first=first, last=last, wide=wide)
    return with_keys(Milestone, found)


@prepared
def _milestones(
    *, plan: str, since: dt.datetime, first: dt.date, last: dt.date, wide: dt.date
) -> QuerySet[Any]:
    days = (first, last)
    exact = Q(due_precision=DatePrecision.DAY.value, due_on__range=days)
    rough = Q(due_on__range=(wide, last)) & ~Q(due_precision=DatePrecision.DAY.value)
    # One whose end is recorded for a day ahead is late until then.
    open_ = Q(done_on=None) | Q(done_on__gt=first)
    kept = Q(dropped_on=None) | Q(dropped_on__gt=first)
    by_the_day = (
        (open_ & kept & (exact | rough)) | Q(done_on__range=days) | Q(dropped_on__range=days)
    )
    anew = Q(pk__in=touched(Milestone, since)) | Q(recorded_at__gt=since)
    return (
        Milestone.objects.filter(anew | by_the_day, initiative__plan__code=plan)
        .order_by()
        .values("pk")
    )


@dataclass(frozen=True, slots=True)
class Rated:
    """A reviewer's public rating of an initiative."""

    pk: int
    initiative: int
    rating: str
    reason: str
    period_end: dt.date
    published_at: dt.datetime


def ratings_that_may_differ(
    plan_code: str, since: dt.datetime, until: dt.datetime
) -> tuple[Rated, ...]:
    """The public ratings of each initiative that was rated anew in between, newest first.

    Queries: one.
    """
    with connection.cursor() as cursor:
        cursor.execute(*_ratings(plan=plan_code, since=since, until=until))
        return tuple(
            Rated(pk, initiative, rating, reason, _day(period_end), utc_moment(published_at))
            for pk, initiative, rating, reason, period_end, published_at in cursor
        )


@prepared
def _ratings(*, plan: str, since: dt.datetime, until: dt.datetime) -> QuerySet[Any, Any]:
    public = of_reviewers(
        ReviewRating.objects.filter(
            initiative__plan__code=plan,
            visibility=Visibility.PUBLIC.value,
            published_at__lte=until,
        )
    )
    anew = public.filter(published_at__gt=since).order_by().values("initiative")
    rows = public.filter(initiative__in=anew).order_by("-period_end", "-published_at", "-id")
    return rows.values_list("pk", "initiative_id", "rating", "reason", "period_end", "published_at")


def _day(value: dt.date | str) -> dt.date:
    """A date as a statement's row holds it; SQLite keeps it as text."""
    return day_of(value) if isinstance(value, str) else value


def moves_of_dates(
    ids: Mapping[str, Collection[int]], until: dt.datetime
) -> dict[tuple[str, int, str], list[Touch]]:
    """Every public change of a promised date of some items, by (type, id, field), oldest first.

    Queries: one.
    """
    fields = {"milestone": "due_on", "initiative": "end"}
    wanted = Q(pk__in=[])
    for item_type, pks in ids.items():
        wanted |= Q(item_type=item_type, item_id__in=list(pks))
    events = (
        ChangeEvent.objects.told()
        .filter(wanted, at__lte=until)
        .exclude(kind=EventKind.CREATED.value)
        .order_by("sequence")
    )
    found: dict[tuple[str, int, str], list[Touch]] = {}
    columns = ("at", "item_type", "item_id", "kind", "fields", "reason", "public")
    for at, item_type, item_id, kind, raw, reason, public in events.values_list(*columns):
        touch = Touch(at, item_type, item_id, kind, _fields(raw), reason, public)
        name = fields[touch.item_type]
        old, new = touch.fields.get(name, (None, None))
        if old != new and old is not None:
            found.setdefault((touch.item_type, touch.item_id, name), []).append(touch)
    return found


@dataclass(frozen=True, slots=True)
class Told:
    """What an owner says in a report: the texts of it."""

    pk: int
    narrative: str
    cause: str
    recovery_step: str
    recovery_on: dt.date | None
    successor: str | None


def texts_of(reports: Iterable[int]) -> dict[int, Told]:
    """The texts of some published reports, by primary key. Queries: one."""
    rows = StatusUpdate.objects.filter(pk__in=list(reports), published_at__isnull=False)
    names = ("pk", "narrative", "cause", "recovery_step", "recovery_on")
    found = rows.values_list(*names, "successor__plan__code", "successor__code")
    return {
        pk: Told(pk, narrative, cause, step, on, f"{plan}/{code}" if code else None)
        for pk, narrative, cause, step, on, plan, code in found
    }


@dataclass(frozen=True, slots=True)
class Promise:
    """One target of a metric as it was set; ``replaces`` is the key of the one before it."""

    pk: int
    metric: int
    start: dt.date | None
    end: dt.date
    value: Any
    low: Any
    high: Any
    replaces: int | None


def promises(metrics: Collection[int], until: dt.datetime) -> dict[int, list[Promise]]:
    """All targets of some metrics that were public by a moment, by metric. Queries: one."""
    rows = Target.objects.filter(metric__in=list(metrics), published_at__lte=until)
    names = ("pk", "metric_id", "period_start", "period_end", "value", "low", "high")
    found: dict[int, list[Promise]] = {}
    for row in rows.order_by("pk").values_list(*names, "supersedes_id"):
        found.setdefault(row[1], []).append(Promise(*row))
    return found
