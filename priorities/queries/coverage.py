"""How far the round is covered, by division: counts of what is due, each with what it is of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from priorities.models import Division
from priorities.queries.workload import DueItem


@dataclass(frozen=True, slots=True)
class Coverage:
    """One division's items of the round. All counts are of ``total``; nothing is averaged.

    ``fresh``: reported, and not overdue. ``silent``: overdue, and never reported, so counted in
    ``overdue`` and in ``never_reported``. ``waiting``: submitted, for an editor to publish.
    """

    name: str
    code: str
    total: int
    owned: int
    fresh: int
    overdue: int
    never_reported: int
    silent: int
    waiting: int
    days_overdue: int

    @classmethod
    def of(cls, items: Collection[DueItem], *, name: str, code: str = "") -> Coverage:
        """Count some items."""
        return cls(
            name=name,
            code=code,
            total=len(items),
            owned=sum(item.owner_pk is not None for item in items),
            fresh=sum(not item.never_reported and not item.days_overdue for item in items),
            overdue=sum(item.days_overdue > 0 for item in items),
            never_reported=sum(item.never_reported for item in items),
            silent=sum(item.never_reported and item.days_overdue > 0 for item in items),
            waiting=sum(item.state == "submitted" for item in items),
            days_overdue=max((item.days_overdue for item in items), default=0),
        )


def within(items: Iterable[DueItem], divisions: Collection[int] | None) -> tuple[DueItem, ...]:
    """The items that some divisions lead; all of them for None."""
    if divisions is None:
        return tuple(items)
    return tuple(item for item in items if item.division_pk in divisions)


def by_division(items: Iterable[DueItem]) -> tuple[Coverage, ...]:
    """The items of each division that leads any, by name; those that none leads come last.

    Queries: one.
    """
    found: defaultdict[int | None, list[DueItem]] = defaultdict(list)
    for item in items:
        found[item.division_pk].append(item)
    known: Mapping[int, Division] = {
        row.pk: row for row in Division.objects.filter(pk__in=[pk for pk in found if pk])
    }
    rows = [
        Coverage.of(found[pk], name=row.name, code=row.code)
        for pk, row in sorted(known.items(), key=lambda entry: entry[1].name)
    ]
    if None in found:
        rows.append(Coverage.of(found[None], name=_("No division"), code="none"))
    return tuple(rows)
