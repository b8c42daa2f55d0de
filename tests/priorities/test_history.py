"""`manage.py verify_history` names what was changed behind the record's back."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from priorities.actions import assignments, people, plans, updates
from priorities.enums import Health, Lifecycle
from priorities.models import ChainHead, ChangeEvent, Observation
from priorities.queries.history import BreakCode, verify
from tests import factories as make

pytestmark = pytest.mark.django_db

APPEND_ONLY = ("priorities_changeevent", "priorities_observation", "priorities_statusupdate")


def run(*arguments: str) -> str:
    """What the command says when all is well."""
    out = StringIO()
    call_command("verify_history", *arguments, stdout=out)
    return out.getvalue()


def complaint() -> str:
    """What the command says when something is not."""
    with pytest.raises(CommandError) as failure:
        run()
    assert failure.value.returncode == 1
    return str(failure.value)


@contextmanager
def behind_its_back(table: str) -> Iterator[Callable[..., None]]:
    """A prompt in the database without the triggers of one table."""
    with connection.cursor() as cursor:
        for act in ("update", "delete"):
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {table}_no_{act}{on}")
        yield lambda sql, *values: cursor.execute(sql, values)


@pytest.fixture
def record() -> None:
    """A bit of everything, through the actions."""
    organization = make.organization()
    division = make.division(name="Customer Engagement")
    priority = make.priority(name="Customer service", description="# Why\n\n“Quoted” — naïve")
    initiative = make.initiative(
        code="myla311",
        tags=("cloud", "311"),
        districts=[1, 14],
        links=[{"label": "Report", "url": "https://example.org/"}],
        related_priorities=[priority],
        supporting_divisions=[division],
    )
    milestone = make.milestone()
    make.dimension()
    make.category()
    make.metric(code="calls", tolerance=Decimal("0.50"), initiatives=[initiative])
    make.baseline("63.00")
    make.target("90")
    make.observation("89.000", source="Budget")
    make.report()
    draft = make.draft(period=make.period(dt.date(2022, 6, 30)), narrative="Almost.")
    updates.revise_draft(update=draft, changes={"narrative": "Done."}, by="a", now=make.moment())
    updates.publish_update(update=draft, by="a", now=make.at(2022, 7, 3))
    make.draft(period=make.period(dt.date(2022, 9, 30)))
    make.budget_line(amount=Decimal("1500000.50"))
    owner = make.person(name="Initiative owner", email="owner@example.org")
    make.grant(person=owner)
    offered = make.offer(person=owner)
    assignments.accept_assignment(
        assignment=offered, on=dt.date(2022, 7, 4), by="a", now=make.moment()
    )
    people.revise_person(
        person=owner, changes={"email": "lead@example.org"}, by="a", now=make.moment()
    )
    make.rating()
    make.rating(Health.OFF_TRACK, reviewer=owner)
    make.answer()
    make.frozen_brief()
    plans.revise_division(
        division=division, changes={"name": "Customer Care"}, by="a", now=make.at(2022, 8, 1)
    )
    plans.revise_organization(
        organization=organization, changes={"languages": ["en", "es"]}, by="a", now=make.moment()
    )
    assert milestone.original_due_on == milestone.due_on


@pytest.mark.usefixtures("record")
def test_a_whole_record_is_said_in_one_line() -> None:
    events = ChangeEvent.objects.count()
    rows = sum(
        model._default_manager.count()
        for model in apps.get_models()
        if hasattr(model, "LOGGED") or model._meta.label == "accounts.User"
    )
    assert run() == f"The record is whole: {events} events and {rows} rows were checked.\n"
    assert run("--quiet") == ""


def test_an_empty_record_is_whole() -> None:
    assert run() == "The record is whole: 0 events and 0 rows were checked.\n"


@pytest.mark.usefixtures("record")
def test_an_altered_fact_is_named_with_both_values() -> None:
    row = Observation.objects.get()
    with behind_its_back("priorities_observation") as sql:
        sql("UPDATE priorities_observation SET value = 95 WHERE id = %s", row.pk)
    event = ChangeEvent.objects.get(item_type="observation")
    assert complaint() == (
        f"The observation calls/2022-03-31/{row.pk} (row {row.pk}) was altered: its value is "
        f"“95” in the table, and “89” by event {event.sequence}."
    )


@pytest.mark.usefixtures("record")
def test_a_blank_made_of_a_value_is_named() -> None:
    with behind_its_back("priorities_observation") as sql:
        sql("UPDATE priorities_observation SET value = NULL, missing_reason = 'not_published'")
    assert "its value is nothing in the table, and “89” by" in complaint()
    assert complaint().endswith("1 more place does not hold.")


@pytest.mark.parametrize(("column", "value"), [("content", "{}"), ("pdf", b"%PDF-")])
def test_what_is_too_long_for_the_log_is_known_by_its_hash(column: str, value: object) -> None:
    row = make.frozen_brief(pdf=b"%PDF-1.7")
    held = {"content": row.sha256, "pdf": row.pdf_sha256}[column]
    with behind_its_back("priorities_frozenbrief") as sql:
        sql(f"UPDATE priorities_frozenbrief SET {column} = %s", value)
    assert f"its {column} is “" in complaint()
    assert f"and “{held}” by event" in complaint()


@pytest.mark.usefixtures("record")
def test_an_altered_event_is_named_by_its_link() -> None:
    event = ChangeEvent.objects.get(item_type="observation")
    event.fields["value"][1] = "95"
    with behind_its_back("priorities_changeevent"):
        ChangeEvent.objects.filter(pk=event.pk).update(fields=event.fields)
    assert complaint().startswith(
        f"Event {event.sequence} (of the observation {event.item_code}) was altered, or does not "
        f"follow the one before it: its hash should be “{event.chained_to(before(event))}”"
    )
    assert [found.code for found in verify().breaks] == [
        BreakCode.LINK_BROKEN,
        BreakCode.FIELD_ALTERED,
    ]


def before(event: ChangeEvent) -> str:
    """The hash of the link before."""
    return ChangeEvent.objects.get(sequence=event.sequence - 1).hash


@pytest.mark.usefixtures("record")
@pytest.mark.parametrize(
    "change",
    [
        {"actor": "someone else"},
        {"actor_role": "Reviewer"},
        {"at": make.at(2022, 1, 1)},
        {"entered_at": make.at(2022, 1, 1)},
        {"entered_by": "admin"},
        {"kind": "revised"},
        {"item_code": "calls/2022-03-31/99"},
        {"plan_code": "ita-2022-2023"},
        {"subject_code": "other"},
        {"reason": "No reason at all."},
        {"public": False},
        {"salt": "00"},
    ],
)
def test_every_part_of_an_event_is_in_its_hash(change: dict[str, object]) -> None:
    event = ChangeEvent.objects.get(item_type="observation")
    with behind_its_back("priorities_changeevent"):
        ChangeEvent.objects.filter(pk=event.pk).update(**change)
    assert verify().breaks[0].code == BreakCode.LINK_BROKEN
    assert verify().breaks[0].sequence == event.sequence


@pytest.mark.usefixtures("record")
def test_a_deleted_event_is_named() -> None:
    with behind_its_back("priorities_changeevent") as sql:
        sql("DELETE FROM priorities_changeevent WHERE sequence = 5")
    assert complaint().startswith("Event 5 is missing: after event 4 comes event 6.")


@pytest.mark.usefixtures("record")
def test_the_newest_event_cannot_vanish_either() -> None:
    newest = ChangeEvent.objects.latest("sequence").sequence
    with behind_its_back("priorities_changeevent") as sql:
        sql("DELETE FROM priorities_changeevent WHERE sequence = %s", newest)
    assert complaint().startswith(
        f"The head of the event log was moved: its sequence should be {newest - 1} and is {newest}."
    )


@pytest.mark.usefixtures("record")
def test_swapped_events_are_named() -> None:
    with behind_its_back("priorities_changeevent") as sql:
        for old, new in ((6, 0), (7, 6), (0, 7)):
            sql("UPDATE priorities_changeevent SET sequence = %s WHERE sequence = %s", new, old)
    assert complaint().startswith("Event 6 (of the ")
    links = [f.sequence for f in verify().breaks if f.code == BreakCode.LINK_BROKEN]
    assert links == [6, 7, 8]


@pytest.mark.usefixtures("record")
def test_altered_wording_is_named() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE priorities_division SET name = 'Sales' WHERE name = 'Customer Care'")
    assert re.fullmatch(
        r"The division division-1 \(row \d+\) was altered: its name is “Sales” in the table, "
        r"and “Customer Care” by event \d+\.",
        complaint(),
    )


@pytest.mark.usefixtures("record")
def test_altered_links_between_items_are_named() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM priorities_initiative_related_priorities")
    assert "its related_priorities is [] in the table, and ['ita-2022-2023/1'] by" in complaint()


@pytest.mark.usefixtures("record")
def test_an_altered_moment_of_recording_is_named() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE priorities_milestone SET recorded_at = %s", [make.at(2021, 1, 1, 0)])
    assert "its recorded_at is “2021-01-01T08:00:00+00:00” in the table" in complaint()


@pytest.mark.usefixtures("record")
def test_a_row_without_an_event_is_named() -> None:
    Observation.objects.bulk_create(
        [
            Observation(
                metric=Observation.objects.get().metric,
                period_start=dt.date(2022, 4, 1),
                period_end=dt.date(2022, 6, 30),
                value=Decimal(99),
                recorded_at=make.moment(),
                published_at=make.moment(),
                recorded_by="nobody",
            )
        ]
    )
    pk = Observation.objects.latest("pk").pk
    assert complaint() == (
        f"The observation calls/2022-06-30/{pk} (row {pk}) stands in its table, "
        "but no event tells of it."
    )


@pytest.mark.usefixtures("record")
def test_a_row_that_is_gone_is_named() -> None:
    event = ChangeEvent.objects.get(item_type="observation")
    with behind_its_back("priorities_observation") as sql:
        sql("DELETE FROM priorities_observation")
    assert complaint() == (
        f"The observation {event.item_code} (row {event.item_id}) is gone from its table; "
        f"event {event.sequence} made it."
    )


@pytest.mark.usefixtures("record")
@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"sequence": 3}, "sequence"),
        ({"hash": "0" * 64}, "hash"),
        ({"at": make.at(2021, 1, 1)}, "at"),
        ({"revision": 1}, "revision"),
    ],
)
def test_a_moved_head_is_named(change: dict[str, object], name: str) -> None:
    ChainHead.objects.update(**change)
    assert complaint().startswith(f"The head of the event log was moved: its {name} should be ")


@pytest.mark.usefixtures("record")
def test_rights_given_behind_the_record_are_named() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_user SET is_superuser = %s WHERE email = 'lead@example.org'", [True]
        )
    assert "its is_superuser is True in the table, and False by event" in complaint()


@pytest.mark.usefixtures("record")
def test_an_account_made_behind_the_record_is_named() -> None:
    from accounts.models import User

    User.objects.create_user("ghost@example.org", name="Ghost")
    assert "The person ghost@example.org (row " in complaint()


@pytest.mark.usefixtures("record")
def test_an_address_handed_on_stands_for_its_holder_at_the_time() -> None:
    """The owner changed the address; a second person takes the old one: nothing is confused."""
    second = make.person(name="Second", email="owner@example.org", now=make.at(2022, 9, 1))
    make.grant(person=second)
    assert verify().count == 0


@pytest.mark.usefixtures("record")
def test_a_closed_and_reopened_initiative_is_whole() -> None:
    period = make.period(dt.date(2022, 9, 30))
    make.close(Lifecycle.COMPLETED, period=period, now=make.at(2022, 10, 1))
    updates.reopen_initiative(
        initiative=period.plan.initiatives.get(),
        period=period,
        health=Health.ON_TRACK,
        reason="One step was missing.",
        by="a",
        now=make.at(2022, 10, 2),
    )
    assert verify().count == 0


@pytest.mark.usefixtures("record")
def test_more_rows_ask_no_more_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(QUERIES):
        verify()
    for day in (1, 2, 3):
        initiative = make.initiative()
        make.report(initiative=initiative)
        make.observation(start=dt.date(2022, 5, day), end=dt.date(2022, 5, day))
    with django_assert_num_queries(QUERIES):
        verify()


#: Two over the log, one for the head and one for strange kinds; one a table, one a relation, and
#: one for each column that is sealed by its hash.
QUERIES = 91
