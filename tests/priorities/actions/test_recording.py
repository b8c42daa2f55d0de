"""A write and its event come together or not at all, and the record runs forward only."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import signals
from pytest_django import DjangoDbBlocker

from priorities.actions import initiatives, metrics, people, plans
from priorities.actions.recording import (
    Actor,
    WriteRefused,
    as_actor,
    entered_by,
    recording,
)
from priorities.actions.writing import insert
from priorities.clock import SKEW
from priorities.enums import PlanState, Role, Visibility
from priorities.models import GENESIS, ChainHead, ChangeEvent, Division
from priorities.queries.history import verify
from tests import factories as make

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)


def newest() -> ChangeEvent:
    return ChangeEvent.objects.latest("sequence")


def newest_two() -> list[ChangeEvent]:
    return list(ChangeEvent.objects.order_by("-sequence")[:2])[::-1]


def test_a_failure_leaves_neither_row_nor_event() -> None:
    def fail_halfway() -> None:
        with recording(by="a", now=make.START) as log:
            insert(log, Division(code="half", name="Half"))
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        fail_halfway()
    assert (Division.objects.count(), ChangeEvent.objects.count()) == (0, 0)
    assert ChainHead.objects.get().hash == GENESIS


def test_a_refused_row_leaves_the_rest_of_the_act_unwritten() -> None:
    def two_with_one_code() -> None:
        with recording(by="a", now=make.START) as log:
            insert(log, Division(code="same", name="One"))
            insert(log, Division(code="same", name="Two"))

    with pytest.raises(ValidationError, match="already exists"):
        two_with_one_code()
    assert (Division.objects.count(), ChangeEvent.objects.count()) == (0, 0)


def test_an_outer_transaction_that_fails_takes_the_event_with_it() -> None:
    def outer() -> None:
        with transaction.atomic():
            make.division()
            raise RuntimeError("later")

    with pytest.raises(RuntimeError, match="later"):
        outer()
    assert ChainHead.objects.get().sequence == ChangeEvent.objects.count() == 0
    make.division()
    assert verify().count == 0


def test_an_act_in_which_nothing_happens_leaves_no_trace() -> None:
    with recording(by="a", now=make.START):
        pass
    assert ChainHead.objects.get().at is None


def test_history_is_entered_in_order() -> None:
    make.division(now=make.at(2022, 6, 1))
    with pytest.raises(WriteRefused, match="Enter history in chronological order"):
        make.division(now=make.at(2022, 6, 1) - SKEW - SECOND)
    assert Division.objects.count() == 1


def test_a_clock_slightly_behind_takes_the_newest_moment() -> None:
    make.division(now=make.at(2022, 6, 1))
    row = make.division(now=make.at(2022, 6, 1) - SKEW)
    assert row.recorded_at == newest().at == make.at(2022, 6, 1)


def test_a_moment_needs_a_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        make.division(now=dt.datetime(2022, 6, 1))


def test_the_chain_begins_at_the_first_event_and_the_head_follows() -> None:
    make.division()
    event, head = newest(), ChainHead.objects.get()
    assert event.hash == event.chained_to(GENESIS)
    assert (head.sequence, head.hash, head.at, head.revision) == (1, event.hash, make.START, 1)


def test_an_event_tells_when_and_where_it_was_really_entered() -> None:
    before = dt.datetime.now(dt.UTC)
    token = entered_by.set("import")
    try:
        make.division(now=make.at(2022, 1, 1))
    finally:
        entered_by.reset(token)
    event = newest()
    assert (event.entered_by, event.actor, event.at) == ("import", make.BY, make.at(2022, 1, 1))
    assert before <= event.entered_at <= dt.datetime.now(dt.UTC)


def test_an_actor_is_named_with_the_highest_role_held() -> None:
    person = make.person(name="Ana")
    assert as_actor(person) == Actor(name="Ana", role="", door="code")
    make.grant(Role.MANAGER, person=person)
    make.grant(Role.DIVISION_EDITOR, person=person, division=make.division())
    admin = make.grant(Role.PLAN_ADMINISTRATOR, person=person)
    make.grant(Role.PLAN_ADMINISTRATOR)
    assert as_actor(person).role == "Plan administrator"
    people.revoke_role(grant=admin, on=dt.date(2022, 2, 1), by="a", now=make.moment())
    assert as_actor(person).role == "Division editor"
    make.division(by=person)
    assert (newest().actor, newest().actor_role) == ("Ana", "Division editor")
    given = Actor(name="load_demo", role="Owner", door="command")
    assert as_actor(given) is given


def test_every_event_has_a_salt_of_its_own() -> None:
    make.division()
    assert (newest().public, len(newest().salt)) == (True, 32)
    make.initiative(visibility=Visibility.INTERNAL.value)
    first = newest()
    assert (first.public, len(first.salt)) == (False, 32)
    make.initiative(visibility=Visibility.INTERNAL.value)
    assert newest().salt != first.salt


def test_only_what_the_public_may_know_moves_the_portals_revision() -> None:
    initiative = make.initiative()
    revision = ChainHead.objects.get().revision
    draft = make.plan(state=PlanState.DRAFT.value)
    make.initiative(plan=draft)
    make.person()
    make.draft(initiative=initiative, period=make.period(plan=initiative.plan))
    periods = 8
    assert ChainHead.objects.get().revision == revision + 4 + periods
    make.offer(item=initiative)
    make.question(item=initiative)
    assert ChainHead.objects.get().revision == revision + 4 + periods
    plans.activate_plan(plan=draft, by="a", now=make.moment())
    assert ChainHead.objects.get().revision == ChainHead.objects.get().sequence


def test_who_is_told_goes_by_the_record_not_by_what_the_caller_loaded() -> None:
    loaded = make.initiative()
    initiatives.revise_initiative(
        initiative=loaded,
        changes={"visibility": Visibility.INTERNAL.value},
        by="a",
        now=make.moment(),
    )
    assert loaded.visibility == Visibility.PUBLIC
    make.milestone(initiative=loaded)
    assert newest().public is False
    draft = make.plan(state=PlanState.DRAFT.value)
    priority = make.priority(plan=draft)
    plans.activate_plan(plan=draft, by="a", now=make.moment())
    draft.state = PlanState.DRAFT.value
    make.initiative(plan=draft, priority=priority)
    assert newest().public is True


def test_everything_of_a_draft_plan_is_internal() -> None:
    draft = make.plan(state=PlanState.DRAFT.value)
    start = newest().sequence
    priority = make.priority(plan=draft)
    initiative = make.initiative(plan=draft)
    make.milestone(initiative=initiative)
    make.report(initiative=initiative)
    make.budget_line(initiative=initiative)
    plans.revise_priority(priority=priority, changes={"name": "New"}, by="a", now=make.moment())
    assert not ChangeEvent.objects.filter(sequence__gte=start, public=True).exists()


def test_hiding_and_showing_is_told_and_nothing_else_with_it() -> None:
    initiative = make.initiative(name="Cloud")
    hidden = {"visibility": Visibility.INTERNAL.value, "name": "A secret name"}
    initiatives.revise_initiative(initiative=initiative, changes=hidden, by="a", now=make.moment())
    kept, told = newest_two()
    assert (kept.public, kept.fields) == (False, {"name": ["Cloud", "A secret name"]})
    assert (told.public, told.fields) == (True, {"visibility": ["public", "internal"]})
    assert ChainHead.objects.get().revision == told.sequence
    shown = {"visibility": Visibility.PUBLIC.value, "name": "Cloud again"}
    initiatives.revise_initiative(initiative=initiative, changes=shown, by="a", now=make.moment())
    kept, told = newest_two()
    assert (kept.public, kept.fields) == (False, {"name": ["A secret name", "Cloud again"]})
    assert (told.public, told.fields) == (True, {"visibility": ["internal", "public"]})
    assert verify().count == 0


def test_what_is_written_while_hidden_stays_internal() -> None:
    metric = make.metric(visibility=Visibility.INTERNAL.value)
    make.observation(metric=metric)
    metrics.revise_metric(metric=metric, changes={"name": "Kept"}, by="a", now=make.moment())
    assert not ChangeEvent.objects.filter(public=True).exists()


def test_no_signal_is_used() -> None:
    """Nothing happens behind an action's back: each change stands where it is made."""
    ours = [
        receiver
        for signal in (signals.pre_save, signals.post_save, signals.m2m_changed, signals.pre_delete)
        for (_id, _sender), receiver, *_rest in signal.receivers
        if any(word in repr(receiver) for word in ("priorities", "dashboards", "accounts"))
    ]
    assert ours == []


@pytest.fixture(scope="module", autouse=True)
def _head_put_back(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test below empties the database when it is done, the head of the chain included."""
    yield
    with django_db_blocker.unblock():
        ChainHead.objects.get_or_create(id=1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="two writers at once: needs PostgreSQL"
)
def test_two_writers_queue_up() -> None:
    ChainHead.objects.get_or_create(id=1)
    start = threading.Barrier(2)
    failures: list[BaseException] = []

    def write(name: str) -> None:
        try:
            start.wait(timeout=10)
            for number in range(10):
                make.division(code=f"{name}-{number}", now=make.START)
        except BaseException as failure:
            failures.append(failure)
            raise
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=(name,)) for name in ("one", "two")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(timeout=60)
    assert failures == []
    assert (verify().count, verify().events, Division.objects.count()) == (0, 20, 20)
