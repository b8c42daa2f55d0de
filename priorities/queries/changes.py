"""What changed, told from the event log: only what was public when it happened."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Case, Count, Max, Min, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from priorities.enums import EventKind
from priorities.models import ChangeEvent, Metric
from priorities.models.event import SEALED
from priorities.queries.prepared import Statement, prepared, utc_moment

#: Changes that a reader of a plan looks for first: states, numbers, promises, scope.
NOTABLE = Q(
    item_type__in=("status_update", "target", "observation", "baseline", "budget_line")
) | Q(
    item_type__in=("milestone", "initiative", "plan"), kind__in=("revised", "published", "closed")
)
#: From more items than this on, events are looked for in the order of the log.
FEW_SUBJECTS = 200
COLUMNS = (
    "sequence",
    "at",
    "kind",
    "item_type",
    "item_code",
    "item_id",
    "subject_type",
    "subject_code",
    "plan_code",
    "fields",
    "reason",
    "actor",
    "actor_role",
    "hash",
    "provenance",
)


@dataclass(frozen=True, slots=True)
class Change:
    """One public event. ``fields`` maps a name to (old, new) in the logged form.

    ``subject`` is the item whose page tells of it; names are taken from that page's wording.
    ``provenance``: how sure the record was of the item at the moment asked for; empty for an item
    that has none, such as a question.
    """

    sequence: int
    at: dt.datetime
    kind: EventKind
    item_type: str
    item_code: str
    item_id: int
    subject_type: str
    subject_code: str
    plan_code: str
    fields: dict[str, list[Any]]
    reason: str
    actor: str
    actor_role: str
    hash: str
    provenance: str

    def old(self, name: str) -> Any:
        """What a field was before; None when it was nothing."""
        return self.fields.get(name, (None, None))[0]

    def new(self, name: str) -> Any:
        """What a field became."""
        return self.fields.get(name, (None, None))[1]

    def moved(self, name: str) -> bool:
        """Did the field change?"""
        return name in self.fields and self.old(name) != self.new(name)


@dataclass(frozen=True, slots=True)
class Span:
    """How long the history of an item is, and from when to when; no moments when it is empty."""

    count: int
    first: dt.datetime | None
    last: dt.datetime | None


def changes(
    *,
    until: dt.datetime,
    since: dt.datetime | None = None,
    plan_code: str | None = None,
    metric_codes: Iterable[str] = (),
    subject: tuple[str, str] | None = None,
    notable: bool = False,
    item_types: Iterable[str] = (),
    offset: int = 0,
    limit: int,
) -> tuple[Change, ...]:
    """Public events after ``since`` and up to ``until``, newest first, at most ``limit``.

    With ``plan_code``: of that plan and of ``metric_codes``, the metrics that informed it. With
    ``subject``: of one item. With ``item_types``: of those alone. ``notable``: without the
    laying-out of structure. ``offset``: how many of the newest to leave out. Queries: one.
    """
    codes = tuple(metric_codes)
    asked: dict[str, dt.datetime | str] = {"until": until}
    if since is not None:
        asked["since"] = since
    if subject is not None:
        asked |= {"subject_type": subject[0], "subject_code": subject[1]}
    if plan_code is not None:
        asked["plan"] = plan_code
    asked |= {f"metric_{at}": code for at, code in enumerate(codes)}
    statement = _statement(tuple(asked), tuple(item_types), notable=notable)
    sql, values = statement(**asked)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} LIMIT %s OFFSET %s", [*values, limit, offset])
        rows = cursor.fetchall()
    return tuple(_change(dict(zip(COLUMNS, row, strict=True))) for row in rows)


@lru_cache(maxsize=64)
def _statement(
    asked: tuple[str, ...], item_types: tuple[str, ...], *, notable: bool
) -> Callable[..., Statement]:
    """The statement for one way of asking: which values are given, which types, how notable."""
    metrics = [name for name in asked if name.startswith("metric_")]

    @prepared
    def events(**given: Any) -> QuerySet[ChangeEvent, Any]:
        found = ChangeEvent.objects.told().filter(sequence__lte=_newest_by(given["until"]))
        if "since" in asked:
            found = found.filter(at__gt=given["since"])
        if "subject_type" in asked:
            own = {name: given[name] for name in ("subject_type", "subject_code")}
            found = found.filter(**own)
        if "plan" in asked:
            wanted = _about_plan(given["plan"], [given[name] for name in metrics])
            # As one CASE, so that a database walks back from the newest event and stops at the
            # limit, and does not gather a plan's whole history by several indexes first.
            mine = Case(When(wanted, then=Value(1)), default=Value(0))
            found = found.annotate(mine=mine).filter(mine=1) if metrics else found.filter(wanted)
        if notable:
            found = found.annotate(told=Case(When(NOTABLE, then=Value(1)), default=Value(0)))
            found = found.filter(told=1)
        if item_types:
            found = found.filter(item_type__in=item_types)
        found = found.annotate(provenance=_provenance(given["until"]))
        return found.order_by("-sequence").values_list(*COLUMNS)

    return events


def _provenance(until: dt.datetime) -> Subquery:
    """What the newest event of the same item that speaks of its provenance says, at a moment."""
    own = ChangeEvent.objects.filter(
        item_type=OuterRef("item_type"), item_id=OuterRef("item_id"), at__lte=until
    ).filter(fields__has_key="provenance")
    return Subquery(own.order_by("-sequence").values(said=KT("fields__provenance__1"))[:1])


def _change(row: dict[str, Any]) -> Change:
    """A row of the log as the public may read it."""
    fields = json.loads(row["fields"]) if isinstance(row["fields"], str) else row["fields"]
    row |= {
        "provenance": row["provenance"] or "",
        "at": utc_moment(row["at"]),
        "kind": EventKind(row["kind"]),
        "fields": {name: change for name, change in fields.items() if name not in SEALED},
    }
    return Change(**row)


def changes_of(
    subjects: Iterable[tuple[str, str]],
    *,
    until: dt.datetime,
    since: dt.datetime | None = None,
    limit: int,
) -> tuple[Change, ...]:
    """Public events of some items after ``since`` and up to ``until``, newest first.

    Queries: one; none for no items.
    """
    codes: dict[str, list[str]] = {}
    for item_type, code in subjects:
        codes.setdefault(item_type, []).append(code)
    if not codes:
        return ()
    own = Q()
    for item_type, some in codes.items():
        own |= Q(subject_type=item_type, subject_code__in=some)
    found = ChangeEvent.objects.told().filter(at__lte=until)
    if sum(map(len, codes.values())) > FEW_SUBJECTS:
        # As one CASE, so that a database walks back from the newest event and stops at the limit;
        # of a few items it finds the events by their index.
        found = found.annotate(own=Case(When(own, then=Value(1)), default=Value(0))).filter(own=1)
    else:
        found = found.filter(own)
    if since is not None:
        found = found.filter(at__gt=since)
    found = found.annotate(provenance=_provenance(until))
    rows = found.order_by("-sequence").values_list(*COLUMNS)[:limit]
    return tuple(_change(dict(zip(COLUMNS, row, strict=True))) for row in rows)


def count_changes(
    *, since: dt.datetime, until: dt.datetime, plan_code: str, metric_codes: Iterable[str]
) -> Counter[str]:
    """How many public events of each item type there are between two moments. Queries: one."""
    events = ChangeEvent.objects.told().filter(at__gt=since, at__lte=until)
    told = events.filter(_about_plan(plan_code, metric_codes)).order_by()
    return Counter(dict(told.values_list("item_type").annotate(n=Count("pk"))))


def history_span(subject: tuple[str, str], until: dt.datetime) -> Span:
    """How many public events tell of one item up to a moment, the first and the last of them.

    Queries: one.
    """
    item_type, code = subject
    own = ChangeEvent.objects.told().filter(subject_type=item_type, subject_code=code)
    found = own.filter(at__lte=until).order_by()
    return Span(**found.aggregate(count=Count("pk"), first=Min("at"), last=Max("at")))


def _newest_by(moment: dt.datetime) -> Combinable:
    """The sequence of the newest event at a moment: the log runs in the order of time."""
    newest = ChangeEvent.objects.filter(at__lte=moment).order_by("-at", "-sequence")
    return Coalesce(Subquery(newest.values("sequence")[:1]), Value(0))


def _about_plan(plan_code: str, metric_codes: Iterable[str]) -> Q:
    """Events of a plan's own items, and of the metrics that informed it."""
    return Q(plan_code=plan_code) | Q(
        plan_code="", subject_type=Metric.ITEM_TYPE, subject_code__in=list(metric_codes)
    )
