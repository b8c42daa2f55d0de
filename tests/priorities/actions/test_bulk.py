"""Values by the thousand are recorded by the same rules, and told in the same words, as one."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from priorities.actions.bulk import CHUNK, KEPT, NewValue, RowRefused, record_observations
from priorities.actions.observations import correct_observation, record_observation
from priorities.enums import MissingReason, Quality
from priorities.models import ChainHead, ChangeEvent, Observation
from priorities.queries.history import verify
from tests import factories as make

pytestmark = pytest.mark.django_db

NOW = make.at(2022, 7, 15)
ACT: dict[str, Any] = {"by": "a test", "now": NOW}
Q1 = {"period_start": dt.date(2022, 1, 1), "period_end": dt.date(2022, 3, 31)}
TOLD = ("kind", "public", "actor", "entered_by", "reason", "at", "subject_code")


def said(row: Observation) -> dict[str, Any]:
    """All of a row but what is its own: its key and the metric that it is of."""
    own = {"id", "metric_id", "supersedes_id"}
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields} | dict.fromkeys(
        own
    )


def last_event() -> ChangeEvent:
    return ChangeEvent.objects.latest("sequence")


GOOD: dict[str, dict[str, Any]] = {
    "a value": {"value": Decimal("12.50")},
    "zero": {"value": Decimal(0)},
    "none, and why": {"missing_reason": MissingReason.NOT_COLLECTED},
    "all that can be said": {
        "value": Decimal("-3"),
        "quality": Quality.PROVISIONAL,
        "categories": "district=4",
        "note": "Counted by hand.",
        "source": "Monthly report",
        "source_url": "https://data.example.org/a",
    },
}


@pytest.mark.parametrize("values", GOOD.values(), ids=GOOD)
def test_one_row_through_bulk_is_the_row_of_the_single_action(values: dict[str, Any]) -> None:
    metric = make.metric()
    other = make.metric()
    single = record_observation(metric=metric, **Q1, **values, **ACT)
    event = last_event()
    (pk,) = record_observations(rows=[NewValue(metric=other, **Q1, **values)], **ACT)
    many = Observation.objects.get(pk=pk)
    assert said(many) == said(Observation.objects.get(pk=single.pk))
    alike = last_event()
    assert {name: getattr(alike, name) for name in TOLD[:-1]} == {
        name: getattr(event, name) for name in TOLD[:-1]
    }
    assert alike.fields | {"metric": 0} == event.fields | {"metric": 0}
    assert alike.subject_code == other.code
    assert verify().count == 0


def test_a_correction_through_bulk_is_that_of_the_single_action() -> None:
    first, second = make.observation(10), make.observation(10, metric=make.metric())
    values: dict[str, Any] = {"value": Decimal(11), "reason": "Counted again."}
    single = correct_observation(observation=first, **values, **ACT)
    event = last_event()
    row = NewValue(metric=second.metric, **Q1, quality=Quality.REVISED, supersedes=second, **values)
    (pk,) = record_observations(rows=[row], **ACT)
    assert said(Observation.objects.get(pk=pk)) == said(Observation.objects.get(pk=single.pk))
    alike = last_event()
    own = {"metric": 0, "supersedes": 0}
    assert (
        (alike.kind, alike.reason) == (event.kind, event.reason) == ("corrected", values["reason"])
    )
    assert alike.fields | own == event.fields | own
    assert verify().count == 0


BAD: dict[str, dict[str, Any]] = {
    "neither value nor reason": {},
    "value and reason": {"value": Decimal(1), "missing_reason": MissingReason.SUPPRESSED},
    "ends before it starts": {"value": Decimal(1), "period_end": dt.date(2021, 12, 31)},
    "too many digits": {"value": Decimal("1234567890.123456")},
    "too many decimals": {"value": Decimal("0.1234567")},
    "no address": {"value": Decimal(1), "source_url": "javascript:alert(1)"},
    "too long": {"value": Decimal(1), "source": "x" * 301},
    "there already": {"value": Decimal(1), "period_end": dt.date(2022, 6, 30)},
    "a character zero": {"value": Decimal(1), "note": "half\x00done"},
    "half a character": {"value": Decimal(1), "source": "half\ud800done"},
    "days of no calendar": {
        "value": Decimal(1),
        "period_start": dt.date(1850, 1, 1),
        "period_end": dt.date(1850, 3, 31),
    },
}


@pytest.mark.parametrize("values", BAD.values(), ids=BAD)
def test_what_the_single_action_refuses_bulk_refuses_in_the_same_words(
    values: dict[str, Any],
) -> None:
    metric = make.metric()
    make.observation(5, metric=metric, end=dt.date(2022, 6, 30))
    before = (Observation.objects.count(), ChainHead.objects.get().sequence)
    with pytest.raises(ValidationError) as single:
        record_observation(metric=metric, **(Q1 | values), **ACT)
    good = NewValue(metric=make.metric(now=NOW), value=Decimal(1), **Q1)
    with pytest.raises(RowRefused) as many:
        record_observations(rows=[good, NewValue(metric=metric, **(Q1 | values))], **ACT)
    assert many.value.messages == single.value.messages
    assert many.value.at == 1
    # One event more: the metric of the good row. Of the values none was kept, the good one neither.
    assert Observation.objects.count() == before[0]
    assert ChainHead.objects.get().sequence == before[1] + 1


def test_a_correction_needs_a_reason_and_corrects_the_newest() -> None:
    first = make.observation(10)
    correct_observation(observation=first, value=Decimal(11), reason="Counted again.", **ACT)
    again = NewValue(metric=first.metric, **Q1, value=Decimal(12), reason="So.", supersedes=first)
    with pytest.raises(RowRefused, match="corrected before"):
        record_observations(rows=[again], **ACT)
    newest = Observation.objects.get(supersedes=first)
    silent = NewValue(metric=first.metric, **Q1, value=Decimal(12), supersedes=newest)
    with pytest.raises(RowRefused, match="A correction says why"):
        record_observations(rows=[silent], **ACT)


def test_the_same_period_twice_in_one_call_is_refused() -> None:
    row = NewValue(metric=make.metric(), value=Decimal(1), **Q1)
    with pytest.raises(RowRefused, match="has a value already") as refusal:
        record_observations(rows=[row, row], **ACT)
    assert refusal.value.at == 1


def test_every_constraint_of_the_table_is_asked() -> None:
    assert set(KEPT) == {constraint.name for constraint in Observation._meta.constraints}


def test_a_metric_hidden_meanwhile_is_not_told() -> None:
    metric = make.metric()
    stale = type(metric).objects.get(pk=metric.pk)
    make.metrics.revise_metric(metric=metric, changes={"visibility": "internal"}, **ACT)
    record_observations(rows=[NewValue(metric=stale, value=Decimal(1), **Q1)], **ACT)
    assert last_event().public is False


def months(count: int) -> list[dict[str, dt.date]]:
    days = [dt.date(1900 + n // 12, n % 12 + 1, 1) for n in range(count)]
    return [{"period_start": day, "period_end": day.replace(day=28)} for day in days]


def test_what_is_asked_of_the_database_does_not_grow_with_the_rows() -> None:
    counts = []
    for size in (10, 200):
        metric = make.metric()
        rows = [NewValue(metric=metric, value=Decimal(1), **period) for period in months(size)]
        with CaptureQueriesContext(connection) as asked:
            record_observations(rows=rows, **ACT)
        counts.append(len([one for one in asked if not one["sql"].startswith("INSERT")]))
    assert counts[0] == counts[1]


def test_more_than_one_chunk_is_one_act_and_one_chain() -> None:
    metric = make.metric()
    rows = [NewValue(metric=metric, value=Decimal(1), **period) for period in months(CHUNK + 1)]
    heard: list[int] = []
    keys = record_observations(rows=iter(rows), told=heard.append, **ACT)
    assert heard == [CHUNK, CHUNK + 1]
    assert len(set(keys)) == CHUNK + 1
    assert verify().count == 0
    broken = [*rows[:CHUNK], rows[0]]
    metric_again = make.metric(now=NOW)
    with pytest.raises(RowRefused):
        record_observations(
            rows=[NewValue(metric=metric_again, value=Decimal(1), **p) for p in months(CHUNK)]
            + broken[-1:],
            **ACT,
        )
    assert not Observation.objects.filter(metric=metric_again).exists()


def test_thousands_of_corrections_of_corrections_are_whole() -> None:
    """SQLite refuses a search for more than a thousand references at once."""
    metric = make.metric()
    record_observations(
        rows=[NewValue(metric=metric, value=Decimal(1), **one) for one in months(1100)], **ACT
    )
    for value in (2, 3):
        newest = Observation.objects.filter(superseded_by=None).order_by("pk")
        again = [
            NewValue(
                metric=metric,
                period_start=row.period_start,
                period_end=row.period_end,
                value=Decimal(value),
                reason="Again.",
                supersedes=row,
            )
            for row in newest
        ]
        record_observations(rows=again, **ACT)
    assert Observation.objects.filter(superseded_by=None, value=3).count() == 1100
    assert verify().count == 0
