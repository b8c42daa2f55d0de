"""Build the benchmark's plans: as large as asked, shaped like real ones, verifiable.

Rows and events are made in bulk, a batch of each in one transaction, and chained like any other
write, so ``verify_history`` holds for them too.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from priorities.actions import initiatives, plans
from priorities.actions.recording import Log, recording
from priorities.enums import Calendar, EventKind, Health, Lifecycle, Quality, UpdateState
from priorities.models import (
    Baseline,
    Division,
    Initiative,
    Metric,
    Milestone,
    Observation,
    Organization,
    Plan,
    Priority,
    Recorded,
    ReportingPeriod,
    StatusUpdate,
    Target,
)

ZONE = ZoneInfo("America/Los_Angeles")
BEGIN = dt.date(2021, 1, 1)
#: The day the benchmark's pages are asked on, and the past day they are asked about.
TODAY = dt.date(2024, 1, 20)
PAST = dt.date(2023, 3, 1)
BY = "benchmark"
BATCH = 5000

Row = TypeVar("Row", bound=Recorded)


def build(*, size: int, updates: int, metrics: int, observations: int) -> None:
    """Fill an empty database with three plans.

    ``bench-large`` is as large as asked; ``bench-thousand`` has 1,000 initiatives, to see whether
    lists stay flat; ``bench-typical`` has 200 initiatives and 60 headline metrics of 120 months.
    """
    dice = random.Random(20_230_707)
    now = at(BEGIN)
    agency = plans.create_organization(
        code="bench", name="Agency of the benchmark", short_name="Bench", by=BY, now=now
    )
    divisions = [
        plans.create_division(code=f"division-{n}", name=f"Division {n}", by=BY, now=now)
        for n in range(1, 11)
    ]
    made = [
        _lay_out(agency, divisions, code, size, measured, updates, dice)
        for code, size, measured in (
            ("bench-thousand", 1000, 6),
            ("bench-large", size, metrics),
            ("bench-typical", 200, 60),
        )
    ]
    months = _months(observations)
    for each in made:
        _values(each, [month for month in months if month[1] < BEGIN], dice)
    # Quarter by quarter through all plans: the record runs in the order of time.
    for number in range(updates):
        for each in made:
            period = each.periods[number]
            _updates(each, period, dice)
            _values(each, [m for m in months if period.start <= m[1] <= period.end], dice)
        if number in (updates // 3, 2 * updates // 3):
            _rename(made, dice)
    _corrections(dice)


@dataclass
class Laid:
    """A plan as laid out, and the newest update and value of each of its items."""

    periods: list[ReportingPeriod]
    initiatives: list[Initiative]
    metrics: list[Metric]
    said: dict[int, StatusUpdate] = field(default_factory=dict)
    levels: dict[int, float] = field(default_factory=dict)


def _lay_out(
    agency: Organization,
    divisions: Sequence[Division],
    code: str,
    size: int,
    measured: int,
    updates: int,
    dice: random.Random,
) -> Laid:
    """A plan with its priorities, periods, initiatives, milestones and metrics."""
    plan, priorities, periods = _plan(agency, code, updates)
    made = _initiatives(plan, priorities, divisions, size, dice)
    _milestones(made, dice)
    return Laid(periods, made, _metrics(code, priorities, divisions, measured, dice))


def at(day: dt.date, hour: int = 9) -> dt.datetime:
    """A moment of a day in the agency's time zone."""
    return dt.datetime.combine(day, dt.time(hour), ZONE)


def _plan(
    agency: Organization, code: str, updates: int
) -> tuple[Plan, list[Priority], list[ReportingPeriod]]:
    """An active plan of four priorities and a quarter for each update."""
    now = newest()
    plan = plans.create_plan(
        code=code,
        organization=agency,
        title=f"Plan {code}",
        period_start=BEGIN,
        period_end=dt.date(BEGIN.year + max(3, updates // 4 + 1), 12, 31),
        by=BY,
        now=now,
    )
    plan = plans.activate_plan(plan=plan, by=BY, now=now)
    priorities = [
        plans.create_priority(
            code=str(n), order=n, plan=plan, name=f"Strategic priority {n}", by=BY, now=now
        )
        for n in range(1, 5)
    ]
    return plan, priorities, plans.open_periods(plan=plan, by=BY, now=now)


def _initiatives(
    plan: Plan,
    priorities: Sequence[Priority],
    divisions: Sequence[Division],
    size: int,
    dice: random.Random,
) -> list[Initiative]:
    """Initiatives spread over priorities, divisions and districts."""

    def rows(now: dt.datetime) -> Iterator[Initiative]:
        for n in range(1, size + 1):
            yield Initiative(
                code=f"initiative-{n}",
                plan=plan,
                priority=priorities[n % 4],
                order=n,
                name=f"Initiative {n}: {dice.choice(WORDS)} {dice.choice(WORDS)}",
                summary=f"Bring {dice.choice(WORDS)} to {dice.choice(WORDS)} everywhere.",
                lead_division=dice.choice(divisions),
                start=BEGIN,
                end=dt.date(2024, 6, 30),
                districts=[dice.randint(1, 15)] if n % 5 == 0 else [],
                citywide=n % 5 != 0,
                recorded_at=now,
            )

    return _write(rows, now=newest())


def _milestones(initiatives: Sequence[Initiative], dice: random.Random) -> None:
    """Two milestones each, over the plan's years."""

    def rows(now: dt.datetime) -> Iterator[Milestone]:
        for initiative in initiatives:
            for n in (1, 2):
                due = BEGIN + dt.timedelta(days=dice.randint(100, 1200))
                yield Milestone(
                    initiative=initiative,
                    name=f"Step {n}",
                    due_on=due,
                    original_due_on=due,
                    recorded_at=now,
                )

    _write(rows, now=newest())


def _updates(laid: Laid, period: ReportingPeriod, dice: random.Random) -> None:
    """One published update for each initiative; one in twenty is left out."""

    def rows(now: dt.datetime) -> Iterator[StatusUpdate]:
        for initiative in laid.initiatives:
            if dice.random() > 0.05:
                yield _update(initiative, period, now, dice)

    now = max(newest(), at(period.end + dt.timedelta(days=8)))
    for row in _write(rows, now=now, kind=EventKind.PUBLISHED, before=laid.said):
        laid.said[row.initiative_id] = row


def _rename(made: Sequence[Laid], dice: random.Random) -> None:
    """One initiative in fifty gets another name: what a past page has to undo."""
    for laid in made:
        for row in laid.initiatives:
            if dice.random() < 0.02:
                changes = {"name": f"{row.name}, renewed"}
                initiatives.revise_initiative(initiative=row, changes=changes, by=BY, now=newest())


def _update(
    initiative: Initiative, period: ReportingPeriod, now: dt.datetime, dice: random.Random
) -> StatusUpdate:
    health = dice.choices(list(Health), weights=(7, 2, 1))[0]
    trouble = health != Health.ON_TRACK
    return StatusUpdate(
        initiative=initiative,
        period=period,
        period_end=period.end,
        lifecycle=Lifecycle.IN_PROGRESS.value,
        health=health.value,
        percent_complete=dice.randint(0, 100),
        narrative=f"Work on {dice.choice(WORDS)} went on as planned with {dice.choice(WORDS)}.",
        cause="A supplier is late." if trouble else "",
        recovery_step="Order from another." if trouble else "",
        recovery_on=period.end + dt.timedelta(days=60) if trouble else None,
        state=UpdateState.PUBLISHED.value,
        recorded_at=now,
        published_at=now,
        recorded_by=BY,
    )


def _metrics(
    prefix: str,
    priorities: Sequence[Priority],
    divisions: Sequence[Division],
    size: int,
    dice: random.Random,
) -> list[Metric]:
    """Monthly metrics with a baseline and a target."""
    now = newest()

    def metric_rows(now: dt.datetime) -> Iterator[Metric]:
        for n in range(1, size + 1):
            yield Metric(
                code=f"{prefix}-metric-{n}",
                name=f"Metric {n}: {dice.choice(WORDS)} served",
                definition=f"How many {dice.choice(WORDS)} were served.",
                unit="request",
                unit_plural="requests",
                kind="count",
                direction="increase",
                calendar=Calendar.MONTH.value,
                lead_division=dice.choice(divisions),
                headline=n <= 60 and prefix != "bench-large",
                order=n,
                recorded_at=now,
            )

    links = Metric.priorities.through
    with recording(by=BY, now=now) as log:
        made = Metric.objects.bulk_create(list(metric_rows(log.now)), batch_size=BATCH)
        links.objects.bulk_create(
            [
                links(metric_id=metric.pk, priority_id=priorities[n % 4].pk)
                for n, metric in enumerate(made)
            ],
            batch_size=BATCH,
        )
        _note(log, made, EventKind.CREATED, {})
    _write(lambda now: _starts(made, now), now=newest(), kind=EventKind.RECORDED)
    _write(lambda now: _goals(made, now), now=newest(), kind=EventKind.RECORDED)
    return made


def _months(count: int) -> list[tuple[dt.date, dt.date]]:
    """The last months before the day the pages are asked on."""
    found: list[tuple[dt.date, dt.date]] = []
    end = dt.date(TODAY.year, TODAY.month, 1) - dt.timedelta(days=1)
    while len(found) < count:
        start = end.replace(day=1)
        found.append((start, end))
        end = start - dt.timedelta(days=1)
    return found[::-1]


def _starts(metrics: Sequence[Metric], now: dt.datetime) -> Iterator[Baseline]:
    for metric in metrics:
        yield Baseline(
            metric=metric,
            on=dt.date(2014, 1, 1),
            value=Decimal(400),
            recorded_at=now,
            published_at=now,
            recorded_by=BY,
        )


def _goals(metrics: Sequence[Metric], now: dt.datetime) -> Iterator[Target]:
    for metric in metrics:
        yield Target(
            metric=metric,
            period_end=dt.date(2024, 12, 31),
            value=Decimal(1000),
            adopted_on=BEGIN,
            authority="Budget",
            recorded_at=now,
            published_at=now,
            recorded_by=BY,
        )


def _values(laid: Laid, months: Sequence[tuple[dt.date, dt.date]], dice: random.Random) -> None:
    """The values of some months."""

    def rows(now: dt.datetime) -> Iterator[Observation]:
        for metric in laid.metrics:
            for start, end in months:
                level = laid.levels.get(metric.pk, 400.0) + dice.uniform(-15, 25)
                laid.levels[metric.pk] = level
                yield _value(metric, start, end, level, now)

    _write(rows, now=newest(), kind=EventKind.RECORDED)


def _value(
    metric: Metric, start: dt.date, end: dt.date, level: float, now: dt.datetime, **more: Any
) -> Observation:
    return Observation(
        metric=metric,
        period_start=start,
        period_end=end,
        value=Decimal(round(level)),
        recorded_at=now,
        published_at=now,
        recorded_by=BY,
        **more,
    )


def _corrections(dice: random.Random) -> None:
    """One value in twenty is restated."""
    first = Observation.objects.select_related("metric")

    def rows(now: dt.datetime) -> Iterator[Observation]:
        for row in first.iterator(chunk_size=BATCH):
            if dice.random() < 0.05 and row.supersedes_id is None:
                level = float(row.value or 0) + 3
                yield _value(
                    row.metric,
                    row.period_start,
                    row.period_end,
                    level,
                    now,
                    quality=Quality.REVISED.value,
                    reason="Late reports were added.",
                    supersedes_id=row.pk,
                )

    _write(rows, now=newest(), kind=EventKind.CORRECTED)


def _write(
    make: Any,
    *,
    now: dt.datetime,
    kind: EventKind = EventKind.CREATED,
    before: dict[int, Any] | None = None,
) -> list[Any]:
    """Rows and their events, a batch a transaction; returns the rows."""
    done: list[Any] = []
    for batch in _batches(make(now)):
        with recording(by=BY, now=now) as log:
            made = type(batch[0])._default_manager.bulk_create(batch, batch_size=BATCH)
            _note(log, made, kind, before or {})
        done += made
    return done


def _note(log: Log, rows: Iterable[Recorded], kind: EventKind, before: dict[int, Any]) -> None:
    for row in rows:
        log.created(row, kind=kind, before=before.get(getattr(row, "initiative_id", -1)))


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def newest() -> dt.datetime:
    """The moment of the newest event, from which the record goes on."""
    from priorities.models import ChainHead

    return ChainHead.objects.get(id=1).at or at(BEGIN)


WORDS = (
    "permits", "licenses", "call lines", "radio sites", "payments", "wireless links", "records",
    "street lights", "libraries", "inspections", "translations", "servers", "forms", "repairs",
    "hotspots", "badges", "purchases", "meetings", "maps", "alerts",
)  # fmt: skip
