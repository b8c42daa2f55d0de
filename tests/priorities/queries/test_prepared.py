"""Statements whose text is made once."""

from __future__ import annotations

import datetime as dt
from threading import Thread
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, connections
from django.db.models import Q, QuerySet

from priorities.models import ChangeEvent, Initiative, Milestone
from priorities.queries import head as heads
from priorities.queries.head import Head, forget_head, head
from priorities.queries.prepared import prepared, utc_moment
from priorities.queries.publication import Chosen, chosen
from tests import factories as make


def fetched(statement: tuple[str, list[Any]]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.django_db
def test_the_text_is_made_once_and_each_visit_puts_its_own_values_in() -> None:
    made = []

    @prepared
    def due(*, plan: str, since: dt.date, until: dt.date) -> QuerySet[Any]:
        made.append(plan)
        rows = Milestone.objects.filter(due_on__range=(since, until), initiative__plan__code=plan)
        return rows.order_by("pk").values_list("name")

    plan = make.plan(code="first")
    item = make.initiative(plan=plan)
    make.milestone(initiative=item, name="Early", due_on=dt.date(2022, 3, 1))
    make.milestone(initiative=item, name="Late", due_on=dt.date(2022, 9, 1))
    spring = {"since": dt.date(2022, 1, 1), "until": dt.date(2022, 6, 30)}
    autumn = {"since": dt.date(2022, 7, 1), "until": dt.date(2022, 12, 31)}
    assert fetched(due(plan="first", **spring)) == ["Early"]
    assert fetched(due(plan="first", **autumn)) == ["Late"]
    assert fetched(due(plan="second", **spring)) == []
    assert len(made) == 1


@pytest.mark.django_db
def test_a_moment_is_compared_as_one() -> None:
    @prepared
    def later(*, moment: dt.datetime) -> QuerySet[Any]:
        return ChangeEvent.objects.filter(at__gt=moment).values_list("sequence")

    make.plan()
    newest = ChangeEvent.objects.latest("sequence")
    assert newest.sequence in fetched(later(moment=newest.at - dt.timedelta(seconds=1)))
    assert fetched(later(moment=newest.at)) == []


def test_a_value_that_is_looked_at_is_a_mistake() -> None:
    @prepared
    def found(*, code: str) -> QuerySet[Any]:
        return Initiative.objects.filter(code=code.upper() + "!").values_list("pk")

    with pytest.raises(ValueError, match="code is not handed to the statement as it is"):
        found(code="cloud")


def test_rows_of_no_ids_are_none_and_all_rows_need_no_condition() -> None:
    assert chosen(Initiative.objects.filter(pk__in=[])) == Chosen(Initiative, "1 = 0", [])
    assert chosen(Initiative.objects.all()) == Chosen(Initiative, "", [])
    some = chosen(Initiative.objects.filter(Q(code="cloud")))
    assert some.values == ["cloud"]


def test_a_moment_from_text_without_a_zone_is_utc() -> None:
    moment = dt.datetime(2022, 6, 30, 12, tzinfo=dt.UTC)
    assert utc_moment("2022-06-30 12:00:00") == moment
    assert utc_moment("2022-06-30T05:00:00-07:00") == moment
    assert utc_moment(moment) == moment


@pytest.mark.django_db
def test_the_head_is_read_once_in_its_time_and_anew_after_a_write(
    settings: Any, django_assert_num_queries: Any
) -> None:
    settings.REVISION_KEPT_SECONDS = 3600
    forget_head()
    database = connections["default"]
    database.in_atomic_block = False  # as where no test's transaction is around the reader
    try:
        with django_assert_num_queries(1):
            head()
            head()
        forget_head()
        with django_assert_num_queries(1):
            head()
    finally:
        database.in_atomic_block = True
        forget_head()


@pytest.mark.django_db
def test_a_write_of_this_worker_is_shown_at_once(settings: Any) -> None:
    settings.REVISION_KEPT_SECONDS = 3600
    make.plan()
    before = head().revision
    make.priority()
    assert head().revision > before


def test_what_was_read_before_a_write_is_not_kept_after_it(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One thread reads the head; before it keeps it, another commits and says so."""
    settings.REVISION_KEPT_SECONDS = 3600
    old, new = (Head(number, ZoneInfo("UTC"), None) for number in (1, 2))

    def overtaken() -> Head:
        monkeypatch.setattr(heads, "_read_head", lambda: new)
        writer = Thread(target=forget_head)
        writer.start()
        writer.join()
        return old

    monkeypatch.setattr(heads, "_read_head", overtaken)
    forget_head()
    assert (head(), head(), head()) == (old, new, new)
    forget_head()


@pytest.mark.django_db
def test_what_a_transaction_may_undo_is_not_kept(
    settings: Any, django_assert_num_queries: Any
) -> None:
    settings.REVISION_KEPT_SECONDS = 3600
    with django_assert_num_queries(2):
        head()
        head()
