"""What an overseer asks of a whole plan: who owns what, what waits, and which dates moved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

from django.db.models import Case, F, Q, QuerySet, Subquery, Value, When
from django.db.models.fields.json import KT

from priorities.assessment.periods import AsOf
from priorities.enums import EventKind, UpdateState
from priorities.models import ChainHead, ChangeEvent, Initiative, Milestone, StatusUpdate
from priorities.queries.accepted import answerable

#: For each kind of item the field that holds what was promised.
PROMISED = {Milestone.ITEM_TYPE: "due_on", Initiative.ITEM_TYPE: "end"}


def owners(plan_code: str, as_of: AsOf) -> dict[int, str]:
    """Who owned each initiative of a plan, by its key; those that nobody owned are not there.

    Of today only active people own anything; of a past day it is not known who was active then.
    Queries: one.
    """
    found = answerable(plan_code, ())
    named = (
        (pk, found.owner((kind, pk), as_of.day, today=as_of.is_now)) for kind, pk in found.rows
    )
    return {pk: name for pk, name in named if name}


def waiting(plan_code: str) -> int:
    """How many updates of a plan are submitted and not public yet. Queries: one."""
    submitted = StatusUpdate.objects.filter(state=UpdateState.SUBMITTED.value)
    return submitted.filter(initiative__plan__code=plan_code).order_by().count()


@dataclass(frozen=True, slots=True)
class Promise:
    """A date that was promised and moved: of a milestone, or the end of an initiative.

    ``initiative`` is the item code of the initiative that it belongs to; ``first`` is the date
    that was promised first, ``now`` the last one. ``reason`` is that of the last move.
    """

    item_type: str
    item_id: int
    initiative: str
    moves: int
    first: dt.date
    now: dt.date
    reason: str

    @property
    def days(self) -> int:
        """By how many days it is later than first promised; less than none for earlier."""
        return (self.now - self.first).days


def moved_promises(plan_code: str, as_of: AsOf) -> tuple[Promise, ...]:
    """Every public date of a plan that moved up to a moment, the most often moved first.

    A date that was set for the first time has not moved, nor has one that was taken away. A
    milestone that came into the record with an older promise has moved once before. Queries: one.
    """
    columns = ("sequence", "item_type", "item_id", "subject_code", "kind", "fields", "reason")
    events = sorted(_moves(plan_code, as_of).values_list(*columns), key=itemgetter(0))
    found: dict[tuple[str, int], Promise] = {}
    for _sequence, item_type, item_id, subject, kind, fields, reason in events:
        old, new = fields[PROMISED[item_type]]
        if kind == EventKind.CREATED:
            old = fields["original_due_on"][1]
        if old is None or new is None or old == new:
            continue
        before = found.get((item_type, item_id))
        found[item_type, item_id] = Promise(
            item_type=item_type,
            item_id=item_id,
            initiative=subject,
            moves=before.moves + 1 if before else 1,
            first=before.first if before else dt.date.fromisoformat(old),
            now=dt.date.fromisoformat(new),
            reason=reason,
        )
    return tuple(
        sorted(found.values(), key=lambda one: (-one.moves, -one.days, one.item_type, one.item_id))
    )


def _moves(plan_code: str, as_of: AsOf) -> QuerySet[ChangeEvent]:
    """The events that may have moved a promise of a plan."""
    created = Q(kind=EventKind.CREATED.value)
    moved = Q()
    for item_type, field in PROMISED.items():
        moved |= ~created & Q(item_type=item_type, fields__has_key=field)
    first, due = KT("fields__original_due_on__1"), KT("fields__due_on__1")
    moved |= created & Q(item_type=Milestone.ITEM_TYPE) & ~Q(first=F("due"))
    # The plan as a CASE, so that a database takes the index of these few types of item, and not
    # that of the plan's whole history; for the same reason they are put in order afterwards.
    mine = Case(When(plan_code=plan_code, then=Value(1)), default=Value(0))
    told = ChangeEvent.objects.told().filter(item_type__in=tuple(PROMISED), at__lte=as_of.moment)
    return told.annotate(mine=mine, first=first, due=due).filter(moved, mine=1).order_by()


def newest_events(moments: Sequence[dt.datetime]) -> tuple[int, ...]:
    """The sequence of the newest event at each of some moments; 0 where the record is empty.

    What was known at a moment is a function of it, since the record never runs backward.
    Queries: one, or none.
    """
    if not moments:
        return ()
    newest = {
        f"at_{place}": Subquery(
            ChangeEvent.objects.filter(at__lte=moment)
            .order_by("-at", "-sequence")
            .values("sequence")[:1]
        )
        for place, moment in enumerate(moments)
    }
    row = ChainHead.objects.annotate(**newest).values_list(*newest).get()
    return tuple(sequence or 0 for sequence in row)
