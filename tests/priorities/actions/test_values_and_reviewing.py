"""A grid saved and a batch published: row by row, and nothing half-done when the process dies."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from priorities.actions import reviewing, updates, values
from priorities.actions.values import ValueEntry, record_values
from priorities.assessment.periods import Period
from priorities.enums import MissingReason
from priorities.models import ChangeEvent, Metric, Observation, StatusUpdate
from priorities.queries.history import verify
from priorities.queries.review_queue import with_before
from tests import factories as make

pytestmark = pytest.mark.django_db

Q1 = Period(dt.date(2022, 1, 1), dt.date(2022, 3, 31))
ACT: dict[str, Any] = {"by": "a test", "now": make.at(2022, 7, 15)}


def entry(metric: Metric, value: int | None = 1, **more: Any) -> ValueEntry:
    number = None if value is None else Decimal(value)
    return ValueEntry(metric=metric, period=Q1, value=number, **more)


def test_a_refused_row_comes_back_and_the_others_are_saved() -> None:
    taken = make.observation(7).metric
    free, silent = make.metric(), make.metric()
    results = record_values(
        entries=[
            entry(taken),
            entry(free, 0),
            entry(silent, None, missing_reason=MissingReason.NOT_COLLECTED),
        ],
        **ACT,
    )
    refused, zero, missing = results
    assert isinstance(refused, ValidationError)
    assert refused.messages == ["This period has a value already; record a correction of it."]
    assert isinstance(zero, Observation)
    assert isinstance(missing, Observation)
    assert (zero.value, missing.value, missing.missing_reason) == (0, None, "not_collected")
    assert Observation.objects.count() == 3
    assert verify().count == 0


def test_a_correction_in_the_grid_takes_the_place_of_what_was_seen() -> None:
    old = make.observation(7)
    (new,) = record_values(
        entries=[entry(old.metric, 8, corrects=old, reason="Counted twice.", provisional=True)],
        **ACT,
    )
    assert isinstance(new, Observation)
    assert (new.supersedes, new.reason, new.quality) == (old, "Counted twice.", "provisional")


def dies_at_the_second(monkeypatch: pytest.MonkeyPatch, room: Any, name: str) -> None:
    """Let an act's second call end as when the process is killed."""
    real, calls = getattr(room, name), []

    def act(**kwargs: Any) -> Any:
        calls.append(kwargs)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(**kwargs)

    monkeypatch.setattr(room, name, act)


def test_a_process_killed_in_the_middle_of_a_grid_has_saved_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    metrics = [make.metric(), make.metric()]
    before = ChangeEvent.objects.count()
    dies_at_the_second(monkeypatch, values, "enter_value")
    with pytest.raises(KeyboardInterrupt):
        record_values(entries=[entry(metric) for metric in metrics], **ACT)
    assert (Observation.objects.count(), ChangeEvent.objects.count()) == (0, before)
    assert verify().count == 0


def submitted(code: str) -> StatusUpdate:
    row = make.draft(initiative=make.initiative(code=code))
    return updates.submit_update(update=row, by="a test", now=make.moment())


def looked_at(*rows: StatusUpdate) -> dict[int, str]:
    return {each.update.pk: each.fingerprint for each in with_before(rows)}


def test_a_process_killed_in_the_middle_of_a_publish_has_published_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make.priority(plan=make.plan(requires_review=True))
    rows = [submitted("cloud"), submitted("phones")]
    before = ChangeEvent.objects.count()
    dies_at_the_second(monkeypatch, reviewing, "publish_update")
    with pytest.raises(KeyboardInterrupt):
        reviewing.publish_looked_at(looked_at=looked_at(*rows), **ACT)
    states = set(StatusUpdate.objects.values_list("state", "published_at"))
    assert states == {("submitted", None)}
    assert ChangeEvent.objects.count() == before
    assert verify().count == 0


def test_the_fingerprint_follows_every_field_that_the_public_reads() -> None:
    make.priority(plan=make.plan(requires_review=True))
    row = submitted("cloud")
    (seen,) = looked_at(row).values()
    changes = {
        "lifecycle": "paused",
        "health": "at_risk",
        "percent_complete": 1,
        "narrative": "x",
        "next_steps": "x",
        "cause": "x",
        "recovery_step": "x",
        "recovery_on": dt.date(2022, 9, 1),
        "closed_on": dt.date(2022, 9, 1),
        "successor_id": make.initiative(code="next").pk,
        "nothing_changed": True,
    }
    prints = set()
    for name, value in changes.items():
        other = StatusUpdate.objects.get(pk=row.pk)
        setattr(other, name, value)
        prints |= set(looked_at(other).values())
    assert len(prints | {seen}) == len(changes) + 1
