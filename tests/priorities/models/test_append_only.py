"""Published facts and events are there for good: the database itself refuses to change them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, models, transaction
from django_test_migrations.migrator import Migrator
from pytest_django import DjangoDbBlocker

from priorities.models import RECORDED, ChangeEvent, Fact, Observation, StatusUpdate
from tests import factories as make

pytestmark = pytest.mark.django_db

FACTS: dict[str, tuple[Callable[[], Any], str, object]] = {
    "status_update": (make.report, "narrative", "Otherwise."),
    "observation": (make.observation, "value", Decimal(99)),
    "target": (make.target, "value", Decimal(1)),
    "baseline": (make.baseline, "value", Decimal(1)),
    "budget_line": (make.budget_line, "amount", Decimal(1)),
    "review_rating": (make.rating, "rating", "on_track"),
    "answer": (make.answer, "text", "Otherwise."),
    "frozen_brief": (make.frozen_brief, "content", "{}"),
}


def refuses(act: Callable[[], object]) -> bool:
    """Does the database refuse, in words that say why?"""
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        act()
    return "append-only" in str(refusal.value)


def raw(sql: str, *values: object) -> None:
    """A statement past all code."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_every_kind_of_fact_is_listed_here() -> None:
    facts = {model.ITEM_TYPE for model in RECORDED if issubclass(model, Fact)}
    assert facts == set(FACTS)


@pytest.mark.parametrize("kind", FACTS)
def test_a_published_fact_never_changes(kind: str) -> None:
    build, name, value = FACTS[kind]
    row = build()
    table = row._meta.db_table
    setattr(row, name, value)
    rows = type(row)._base_manager.filter(pk=row.pk)
    assert refuses(row.save)
    assert refuses(lambda: rows.update(**{name: value}))
    assert refuses(lambda: raw(f"UPDATE {table} SET provenance = 'inferred'"))
    assert refuses(lambda: raw(f"UPDATE {table} SET published_at = NULL"))
    assert getattr(rows.get(), name) != value


@pytest.mark.parametrize("kind", FACTS)
def test_a_fact_is_never_deleted(kind: str) -> None:
    row = FACTS[kind][0]()
    model: type[models.Model] = type(row)
    with pytest.raises(TypeError, match="record a correction"):
        model._default_manager.all().delete()
    assert refuses(row.delete)
    assert refuses(lambda: raw(f"DELETE FROM {row._meta.db_table}"))
    assert model._default_manager.count() == 1


def test_a_draft_changes_and_is_not_deleted_either() -> None:
    draft = make.draft()
    draft.narrative = "Another word."
    draft.save()
    assert refuses(draft.delete)
    assert StatusUpdate.objects.get().narrative == "Another word."


def test_an_event_never_changes_and_never_goes() -> None:
    make.division()
    event = ChangeEvent.objects.get()
    event.reason = "Another reason."
    assert refuses(event.save)
    assert refuses(lambda: ChangeEvent.objects.update(public=False))
    assert refuses(event.delete)
    assert refuses(lambda: raw("DELETE FROM priorities_changeevent"))
    with pytest.raises(TypeError, match="never deleted"):
        ChangeEvent.objects.all().delete()
    assert ChangeEvent.objects.get().reason == ""


def test_an_item_with_history_is_not_deleted() -> None:
    observation = make.observation()
    with pytest.raises(models.ProtectedError):
        observation.metric.delete()


def protected(alias: str) -> set[str]:
    """The triggers that stand in a database."""
    sql = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if connections[alias].vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connections[alias].cursor() as cursor:
        cursor.execute(sql)
        return {name for (name,) in cursor.fetchall()}


@pytest.fixture
def alias(db: None, django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> Iterator[str]:
    """A database whose migrations may be run: PostgreSQL runs them inside the test's transaction,
    SQLite only in a database of its own.
    """
    if connection.vendor == "postgresql":
        yield "default"
        return
    settings = {**connection.settings_dict, "NAME": str(tmp_path / "migrated.sqlite3")}
    connections.settings["migrated"] = settings
    with django_db_blocker.unblock():
        yield "migrated"
        connections["migrated"].close()
    del connections["migrated"], connections.settings["migrated"]


def test_protection_can_be_taken_away_and_put_back(alias: str) -> None:
    later = {"priorities_frozenbrief"}  # protected by the migration that makes the table
    facts = {model._meta.db_table for model in RECORDED if issubclass(model, Fact)}
    triggers = {
        f"{table}_no_{act}"
        for table in (*(facts - later), ChangeEvent._meta.db_table)
        for act in ("update", "delete")
    }
    migrator = Migrator(alias)
    migrator.apply_tested_migration(("priorities", "0001_tables"))
    assert protected(alias) == set()
    state = migrator.apply_tested_migration(("priorities", "0002_append_only"))
    assert protected(alias) == triggers
    heads = state.apps.get_model("priorities", "ChainHead").objects.using(alias)
    assert [(head.id, head.sequence) for head in heads.all()] == [(1, 0)]
    migrator.apply_tested_migration(("priorities", "0001_tables"))
    assert protected(alias) == set()


def test_a_correction_stands_beside_what_it_corrects() -> None:
    first = make.observation(89)
    make.observation(95, end=dt.date(2022, 6, 30))
    assert Observation.objects.published(make.moment()).count() == 2
    assert Observation.objects.published(make.at(2021, 1, 1)).count() == 0
    assert first.is_public
