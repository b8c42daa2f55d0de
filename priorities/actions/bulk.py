"""Record the values of metrics by the thousand, by the same rules as one.

The single action asks the database about each rule of each row. Here the rules are asked in
Python, and about what is there already once for many rows; the database's own constraints still
have the last word. A test holds the two ways equal.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from priorities.actions.recording import Actor, Log, recording
from priorities.actions.writing import refuse_inexact, refuse_unkeepable
from priorities.enums import EventKind, MissingReason, Provenance, Quality
from priorities.models import Metric, Observation

if TYPE_CHECKING:
    from accounts.models import User

#: So many rows are held at a time; SQLite refuses to look for more than a thousand references.
CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class NewValue:
    """A value to be recorded; with ``supersedes`` a correction, which has a reason."""

    metric: Metric
    period_start: dt.date
    period_end: dt.date
    value: Decimal | None = None
    missing_reason: MissingReason | None = None
    quality: Quality = Quality.FINAL
    categories: str = ""
    note: str = ""
    source: str = ""
    source_url: str = ""
    reason: str = ""
    supersedes: Observation | None = None
    provenance: Provenance = Provenance.RECORDED


class RowRefused(ValidationError):
    """One of many rows breaks a rule; ``at`` counts the rows before it."""

    def __init__(self, at: int, error: ValidationError) -> None:
        super().__init__(error)
        self.at = at


def record_observations(
    *,
    rows: Iterable[NewValue],
    by: Actor | User | str,
    now: dt.datetime,
    told: Callable[[int], None] = lambda _done: None,
) -> list[int]:
    """Publish many values and corrections, all or none; their keys in the order of the rows.

    ``told`` hears after each chunk how many rows are written. Memory: a chunk, whatever their
    number. Errors: ``RowRefused`` with the message that the single action gives.
    Queries: about ten a chunk, besides the insertions.
    """
    made: list[int] = []
    with transaction.atomic():
        for chunk in chunks(rows, CHUNK):
            with recording(by=by, now=now) as log:
                made += _record(log, chunk, len(made))
            told(len(made))
    return made


def chunks(rows: Iterable[NewValue], size: int) -> Iterator[list[NewValue]]:
    """The rows in lists of a size."""
    waiting = iter(rows)
    while chunk := list(islice(waiting, size)):
        yield chunk


def _record(log: Log, given: list[NewValue], before: int) -> list[int]:
    """Check and write some rows, each with its event."""
    _refresh_gates({row.metric for row in given})
    rows = [_row(log, one) for one in given]
    known = _Known.of(given)
    for at, row in enumerate(rows):
        try:
            check(row, known)
        except ValidationError as error:
            raise RowRefused(before + at, error) from None
    Observation.objects.bulk_create(rows, batch_size=250)
    old = [row.supersedes for row in rows if row.supersedes is not None]
    prefetch_related_objects(old, "metric", "supersedes__metric")
    for row in rows:
        kind = EventKind.RECORDED if row.supersedes is None else EventKind.CORRECTED
        reason = "" if row.supersedes is None else row.reason
        log.created(row, kind=kind, before=row.supersedes, reason=reason)
    return [row.pk for row in rows]


def _refresh_gates(metrics: set[Metric]) -> None:
    """Read again who may see the metrics; they may have been hidden since they were loaded."""
    pks = [metric.pk for metric in metrics]
    now = dict(Metric.objects.filter(pk__in=pks).values_list("pk", "visibility"))
    for metric in metrics:
        metric.visibility = now[metric.pk]


def _row(log: Log, given: NewValue) -> Observation:
    return Observation(
        metric=given.metric,
        period_start=given.period_start,
        period_end=given.period_end,
        categories=given.categories,
        value=given.value,
        missing_reason=given.missing_reason.value if given.missing_reason else "",
        quality=given.quality.value,
        note=given.note,
        source=given.source,
        source_url=given.source_url,
        reason=given.reason,
        supersedes=given.supersedes,
        provenance=given.provenance.value,
        recorded_by=log.actor.name,
        recorded_at=log.now,
        published_at=log.now,
    )


# ── The rules of one row, without asking the database ────────────────────────────────────────

Key = tuple[int, dt.date, dt.date, str]


def _key(row: Observation | NewValue) -> Key:
    return (row.metric.pk, row.period_start, row.period_end, row.categories)


@dataclass(slots=True)
class _Known:
    """What the database holds that a row may collide with."""

    periods: set[Key] = field(default_factory=set)
    corrected: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, rows: list[NewValue]) -> _Known:
        """For some rows. Queries: two."""
        first = [row for row in rows if row.supersedes is None]
        corrected = [row.supersedes.pk for row in rows if row.supersedes is not None]
        found = Observation.objects.filter(
            supersedes__isnull=True,
            metric__in={row.metric.pk for row in first},
            period_end__in={row.period_end for row in first},
        )
        keys = found.order_by().values_list("metric", "period_start", "period_end", "categories")
        later = Observation.objects.filter(supersedes__in=corrected).order_by()
        corrected_before = later.values_list("supersedes_id", flat=True)
        return cls(set(keys.iterator()), {pk for pk in corrected_before if pk is not None})


#: Each constraint of the table by its name: does the row keep it?
KEPT: Mapping[str, Callable[[Observation, _Known], bool]] = {
    "observation_value_or_reason": lambda row, _known: (
        (row.value is None) == bool(row.missing_reason)
    ),
    "observation_period_in_order": lambda row, _known: row.period_end >= row.period_start,
    "observation_correction_has_reason": lambda row, _known: (
        row.supersedes is None or row.reason != ""
    ),
    "observation_withdrawn_was_published": lambda row, _known: (
        row.supersedes is not None or row.missing_reason != MissingReason.WITHDRAWN.value
    ),
    "observation_first_of_period_once": lambda row, known: (
        row.supersedes is not None or _key(row) not in known.periods
    ),
}

#: What the table says when a constraint is broken.
SAYS = {
    constraint.name: constraint.get_violation_error_message
    for constraint in Observation._meta.constraints
}


def check(row: Observation, known: _Known) -> None:
    """Refuse a row that breaks a rule, and remember it for those after it."""
    if row.supersedes is not None:
        if row.supersedes.pk in known.corrected:
            raise ValidationError(
                _("This has been corrected before; correct the newest one."), code="corrected"
            )
        known.corrected.add(row.supersedes.pk)
    refuse_unkeepable(row)
    row.clean_fields(exclude={"metric", "supersedes"})
    broken = [SAYS[name]() for name, kept in KEPT.items() if not kept(row, known)]
    if broken:
        raise ValidationError({NON_FIELD_ERRORS: broken})
    refuse_inexact(row)
    if row.supersedes is None:
        known.periods.add(_key(row))
