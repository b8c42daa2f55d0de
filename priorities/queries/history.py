"""Is the record whole? The chain of events, and the tables beside what the events say.

Two passes over the log, both streamed, so that memory does not grow with it: by sequence for the
links of the chain, and by item for the *fold*, the last value that the log tells of each field.
What the fold and a table's row disagree on was changed behind the record's back. (Who can rewrite
every event, every hash and the head leaves no trace here; a hash published elsewhere gives that
away.)
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from itertools import groupby
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection, models, transaction

from priorities.models import GENESIS, RECORDED, ChainHead, ChangeEvent, Recorded, logged_form
from priorities.models.base import LOGGED_OF_PERSON, Json, encode

#: How many rows are held at a time.
BATCH = 2000
#: Rows whose references are fetched at once; SQLite refuses to look for more than a thousand.
REFERENCES = 500
#: How many breaks are kept to be told; the others are counted.
KEPT = 20

PERSON = "person"


class BreakCode(StrEnum):
    """What is wrong at one place of the record."""

    NUMBER_MISSING = "number_missing"
    LINK_BROKEN = "link_broken"
    HEAD_MOVED = "head_moved"
    TYPE_UNKNOWN = "type_unknown"
    ROW_UNTOLD = "row_untold"
    ROW_GONE = "row_gone"
    FIELD_ALTERED = "field_altered"


@dataclass(frozen=True, slots=True)
class Break:
    """One place where the record does not hold.

    ``sequence`` is the event concerned: the broken link, or the one that told the field last.
    ``told`` is what the log says (for a link: what it should be), ``found`` what is there.
    """

    code: BreakCode
    sequence: int | None = None
    item_type: str = ""
    item_code: str = ""
    item_id: int | None = None
    name: str = ""
    told: Json = None
    found: Json = None


@dataclass(frozen=True, slots=True)
class Verification:
    """What was checked, and what does not hold: the first breaks, and how many there are."""

    events: int
    rows: int
    breaks: tuple[Break, ...]
    count: int


@dataclass(slots=True)
class Told:
    """What the log tells of one item: each field's last value and the event that told it."""

    item_id: int
    first_at: dt.datetime
    first: int
    code: str = ""
    fields: dict[str, tuple[Json, int]] = field(default_factory=dict)


@dataclass(slots=True)
class Findings:
    """Counts while the two passes run."""

    events: int = 0
    rows: int = 0
    count: int = 0
    breaks: list[Break] = field(default_factory=list)
    #: E-mail address → (since event, person): an address stands for a person in the log.
    people: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    def add(self, found: Break) -> None:
        """Count a break, and keep it when it is among the first."""
        self.count += 1
        if len(self.breaks) < KEPT:
            self.breaks.append(found)

    def person_called(self, email: Json, sequence: int) -> Json:
        """The person whom an address stood for at an event; the address itself if nobody."""
        known = self.people.get(str(email), ())
        return next((pk for since, pk in reversed(known) if since <= sequence), email)


@contextmanager
def one_moment() -> Iterator[None]:
    """Read everything as of one moment, while others go on writing."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def verify() -> Verification:
    """Check every link of the chain and every row of the tables against the log.

    Queries: two over the log, and for each table one per ``BATCH`` rows and relation.
    """
    findings = Findings()
    with one_moment():
        check_chain(findings)
        check_types(findings)
        for model in RECORDED:
            check_table(model, findings)
        check_people(findings)
    return Verification(findings.events, findings.rows, tuple(findings.breaks), findings.count)


# ── The chain ────────────────────────────────────────────────────────────────────────────────


def check_chain(findings: Findings) -> None:
    """Walk the links: numbers without a gap, each hash following the one before, the head last.

    After a break the walk goes on from the hash that is there, so that one alteration is told
    once.
    """
    previous, expected, at, revision = GENESIS, 1, None, 0
    for event in ChangeEvent.objects.order_by("sequence").iterator(chunk_size=BATCH):
        findings.events += 1
        if event.sequence != expected:
            findings.add(
                Break(BreakCode.NUMBER_MISSING, expected, told=expected, found=event.sequence)
            )
        elif (link := event.chained_to(previous)) != event.hash:
            findings.add(
                Break(
                    BreakCode.LINK_BROKEN,
                    event.sequence,
                    event.item_type,
                    event.item_code,
                    event.item_id,
                    told=link,
                    found=event.hash,
                )
            )
        previous, expected, at = event.hash, event.sequence + 1, event.at
        revision = event.sequence if event.public else revision
        if event.item_type == PERSON:
            note_person(event, findings)
    told = {"sequence": expected - 1, "hash": previous, "at": at, "revision": revision}
    head = ChainHead.objects.filter(id=1).values(*told).first() or dict.fromkeys(told)
    for name, value in told.items():
        if head[name] != value:
            findings.add(
                Break(BreakCode.HEAD_MOVED, name=name, told=encode(value), found=encode(head[name]))
            )


def note_person(event: ChangeEvent, findings: Findings) -> None:
    """Remember whom an address stands for from this event on."""
    if "email" in event.fields:
        address = str(event.fields["email"][1])
        findings.people.setdefault(address, []).append((event.sequence, event.item_id))


def check_types(findings: Findings) -> None:
    """Every event tells of a kind of item that there is."""
    known = {model.ITEM_TYPE for model in RECORDED} | {PERSON}
    strange = ChangeEvent.objects.exclude(item_type__in=known).order_by("sequence")
    for sequence, item_type, code, pk in strange.values_list(
        "sequence", "item_type", "item_code", "item_id"
    ):
        findings.add(Break(BreakCode.TYPE_UNKNOWN, sequence, item_type, code, pk))


# ── The fold and the tables ──────────────────────────────────────────────────────────────────


def told_items(item_type: str) -> Iterator[Told]:
    """What the log tells of each item of a kind, in the order of their ids.

    Only new values count: beside those of a correction or a published update stand the old
    values of the row before it, which is another row.
    """
    events = (
        ChangeEvent.objects.filter(item_type=item_type)
        .order_by("item_id", "sequence")
        .values_list("item_id", "sequence", "at", "item_code", "fields")
        .iterator(chunk_size=BATCH)
    )
    for item_id, group in groupby(events, key=lambda event: event[0]):
        told: Told | None = None
        for _item, sequence, at, code, fields in group:
            told = told or Told(item_id, at, sequence)
            told.code = code
            told.fields.update((name, (new, sequence)) for name, (_old, new) in fields.items())
        if told is not None:
            yield told


def check_table(model: type[Recorded], findings: Findings) -> None:
    """Walk a table and its part of the log side by side, both in the order of ids."""
    rows = (
        model._base_manager.order_by("pk")
        .defer(*model.SEALED)
        .prefetch_related(*relations(model))
        .iterator(chunk_size=REFERENCES)
    )
    for row, told in side_by_side(rows, told_items(model.ITEM_TYPE)):
        findings.rows += row is not None
        if told is None:
            findings.add(untold(model.ITEM_TYPE, row.item_code, row.pk))
        elif row is None:
            findings.add(gone(model.ITEM_TYPE, told))
        else:
            check_row(row, told, findings)
            check_seals(row, told, findings)


def relations(model: type[Recorded]) -> list[str]:
    """What ``logged_form`` follows: each related row, and on to what its code is made of."""
    paths: list[str] = []
    for name in model.LOGGED:
        remote = model._meta.get_field(name).related_model
        if not isinstance(remote, type):
            continue
        paths.append(name)
        if issubclass(remote, Recorded):
            paths += [f"{name}__{code.rpartition('__')[0]}" for code in remote.CODE if "__" in code]
    return paths


def side_by_side(rows: Iterator[Any], items: Iterator[Told]) -> Iterator[tuple[Any, Told | None]]:
    """Pairs of a row and what is told of it; None where one side lacks an id."""
    row, told = next(rows, None), next(items, None)
    while row is not None or told is not None:
        if told is None or (row is not None and row.pk < told.item_id):
            yield row, None
            row = next(rows, None)
        elif row is None or told.item_id < row.pk:
            yield None, told
            told = next(items, None)
        else:
            yield row, told
            row, told = next(rows, None), next(items, None)


def check_row(row: Recorded, told: Told, findings: Findings) -> None:
    """Each field holds what the log told last; a field the log never told holds its default."""
    form = logged_form(row)
    for name, value in form.items():
        column = row._meta.get_field(name)
        if name in told.fields:
            says, sequence = told.fields[name]
        else:
            says, sequence = default_of(column), told.first
        holds = value
        if isinstance(column, models.ForeignKey) and column.related_model is get_user_model():
            same = findings.person_called(says, sequence) in (getattr(row, column.attname), value)
        else:
            same = says == holds
        if not same:
            findings.add(altered(row.ITEM_TYPE, row.item_code, told, name, sequence, says, holds))
    if row.recorded_at != told.first_at:
        says, holds = encode(told.first_at), encode(row.recorded_at)
        code = row.item_code
        findings.add(altered(row.ITEM_TYPE, code, told, "recorded_at", told.first, says, holds))


def check_seals(row: Recorded, told: Told, findings: Findings) -> None:
    """What is too long for the log has the hash that the log keeps. Queries: one for each."""
    for name, seal in row.SEALED.items():
        held = type(row)._base_manager.values_list(name, flat=True).get(pk=row.pk)
        found = sha256(held.encode() if isinstance(held, str) else bytes(held)).hexdigest()
        says, sequence = told.fields.get(seal, ("", told.first))
        if found != says:
            code = row.item_code
            findings.add(altered(row.ITEM_TYPE, code, told, name, sequence, says, found))


def default_of(column: Any) -> Json:
    """What a row holds in a column that was added after its last event."""
    if isinstance(column, models.ManyToManyField):
        return []
    return encode(column.to_python(column.get_default()))


def check_people(findings: Findings) -> None:
    """Accounts too are made and changed through actions only; passwords are not in the log."""
    people = get_user_model()._base_manager.order_by("pk").iterator(chunk_size=BATCH)
    for person, told in side_by_side(people, told_items(PERSON)):
        findings.rows += person is not None
        if told is None:
            findings.add(untold(PERSON, person.email, person.pk))
            continue
        if person is None:
            findings.add(gone(PERSON, told))
            continue
        for name in LOGGED_OF_PERSON:
            says, sequence = told.fields.get(name, (None, told.first))
            if says != (holds := encode(getattr(person, name))):
                findings.add(altered(PERSON, told.code, told, name, sequence, says, holds))


def untold(item_type: str, code: str, pk: int) -> Break:
    """A row that no event tells of."""
    return Break(BreakCode.ROW_UNTOLD, item_type=item_type, item_code=code, item_id=pk)


def gone(item_type: str, told: Told) -> Break:
    """An item of the log that no table holds."""
    return Break(BreakCode.ROW_GONE, told.first, item_type, told.code, told.item_id)


def altered(
    item_type: str, code: str, told: Told, name: str, sequence: int, says: Json, holds: Json
) -> Break:
    """A field that holds another value than the log told."""
    return Break(
        BreakCode.FIELD_ALTERED, sequence, item_type, code, told.item_id, name, says, holds
    )
