"""What people follow by mail: the items behind the codes, and who is to be told on a day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import User
from priorities.enums import FollowPace
from priorities.models import (
    FollowChoice,
    Following,
    Initiative,
    Metric,
    Plan,
    Priority,
    Recorded,
)

#: What can be followed, in the order in which a mail tells of it: the nearest first.
FOLLOWED: Mapping[str, type[Recorded]] = {
    model.ITEM_TYPE: model for model in (Initiative, Metric, Priority, Plan)
}
DAYS: Mapping[FollowPace, int] = {FollowPace.DAILY: 1, FollowPace.WEEKLY: 7}


@dataclass(frozen=True, slots=True)
class Followed:
    """An item that a person follows; without a name when it is not public any more."""

    following: Following
    item: Recorded | None

    @property
    def kind(self) -> str:
        """What sort of item it is."""
        return str(FOLLOWED[self.following.item_type]._meta.verbose_name)


def public_item(item_type: str, code: str) -> Recorded | None:
    """An item by its type and code, if the public may read it. Queries: at most one."""
    if item_type not in FOLLOWED:
        return None
    return _items(item_type, [code]).get(code)


def _items(item_type: str, codes: Iterable[str]) -> dict[str, Recorded]:
    """Public items of one type by their codes. Queries: one."""
    model = FOLLOWED[item_type]
    wanted = Q(pk__in=())
    for code in codes:
        parts = code.split("/")
        if len(parts) == len(model.CODE):
            wanted |= Q(**dict(zip(model.CODE, parts, strict=True)))
    above = () if model in (Plan, Metric) else ("plan",)
    rows: QuerySet[Recorded] = model._default_manager.filter(wanted).select_related(*above)
    return {row.item_code: row for row in rows if row.is_public}


def followed_by(person: User) -> tuple[Followed, ...]:
    """What a person follows. Queries: one, and one for each kind of item."""
    rows = list(Following.objects.filter(person=person))
    codes: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        codes[row.item_type].append(row.item_code)
    items = {kind: _items(kind, some) for kind, some in codes.items()}
    order = list(FOLLOWED)
    rows.sort(key=lambda row: (-order.index(row.item_type), row.item_code))
    return tuple(Followed(row, items[row.item_type].get(row.item_code)) for row in rows)


def to_be_told(day: dt.date) -> tuple[tuple[FollowChoice, tuple[Following, ...]], ...]:
    """Who wants a mail on a day, if there is news, and of what: the nearest items first.

    They have confirmed it, and were not told too lately.

    Queries: two, whoever they are.
    """
    due = Q(pk__in=())
    for pace, days in DAYS.items():
        due |= Q(pace=pace.value, told_on__lte=day - dt.timedelta(days=days))
    found = FollowChoice.objects.filter(due, confirmed_at__isnull=False, person__is_active=True)
    choices = list(found.select_related("person").order_by("pk"))
    own: dict[int, list[Following]] = defaultdict(list)
    for row in Following.objects.filter(person__in=[choice.person_id for choice in choices]):
        own[row.person_id].append(row)
    order = list(FOLLOWED)
    for rows in own.values():
        rows.sort(key=lambda row: (order.index(row.item_type), row.item_code))
    return tuple((choice, tuple(own[choice.person_id])) for choice in choices)
