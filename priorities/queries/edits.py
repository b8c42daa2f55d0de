"""Who wrote an item since a form of it was opened, told from the event log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Q

from accounts.models import User
from priorities.models import ChangeEvent, Recorded
from priorities.models.base import Json

#: Digits of a number that no event has.
LONGEST_STAMP = 19


@dataclass(frozen=True, slots=True)
class Watch:
    """The events that would make a form stale: those of one row, or of an item's rows of a kind."""

    condition: Q

    @classmethod
    def row(cls, row: Recorded) -> Watch:
        """Changes of the row itself."""
        return cls(Q(item_type=row.ITEM_TYPE, item_id=row.pk))

    @classmethod
    def below(cls, item: Recorded, kind: type[Recorded]) -> Watch:
        """New or changed rows of a kind that belong to an item, e.g. the targets of a metric."""
        of, code = item.subject
        return cls(Q(subject_type=of, subject_code=code, item_type=kind.ITEM_TYPE))

    @classmethod
    def plan(cls, code: str, kind: type[Recorded]) -> Watch:
        """New or changed rows of a kind in a plan, e.g. its priorities."""
        return cls(Q(plan_code=code, item_type=kind.ITEM_TYPE))


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What others did to one field: what it was before them, what it is now, who and when."""

    before: Json
    now: Json
    actor: str
    at: dt.datetime


def stamp(watch: Watch) -> str:
    """What a form carries to be compared with later: the newest event. Queries: one."""
    newest = (
        ChangeEvent.objects.filter(watch.condition)
        .order_by("-sequence")
        .values_list("sequence", flat=True)
        .first()
    )
    return str(newest or 0)


def sequence_of(seen: str) -> int:
    """The event that a stamp names; the beginning for what is no stamp.

    >>> sequence_of("12"), sequence_of(""), sequence_of("9" * 5_000)
    (12, 0, 0)
    """
    return int(seen) if seen.isdecimal() and len(seen) < LONGEST_STAMP else 0


def meanwhile(watch: Watch, seen: str) -> Mapping[str, Meanwhile]:
    """Field → what others did to it since the stamp ``seen``. Queries: one."""
    since = sequence_of(seen)
    found: dict[str, Meanwhile] = {}
    events = ChangeEvent.objects.filter(watch.condition, sequence__gt=since).order_by("sequence")
    for event in events:
        for name, (old, new) in event.fields.items():
            before = found[name].before if name in found else old
            found[name] = Meanwhile(before, new, event.actor, event.at)
    return found


def authors(watch: Watch, seen: str) -> frozenset[str]:
    """The names of those who wrote since the stamp ``seen``. Queries: one."""
    since = ChangeEvent.objects.filter(watch.condition, sequence__gt=sequence_of(seen))
    return frozenset(since.values_list("actor", flat=True))


def wrote_alone(person: User, actors: Collection[str]) -> bool:
    """Are all these authors of events this person?

    The log keeps names, and two people may have the same: then nobody can tell. Queries: one, or
    none when another name is among them.
    """
    return set(actors) == {str(person)} and not (
        User.objects.filter(name=person.name).exclude(pk=person.pk).exists()
    )
