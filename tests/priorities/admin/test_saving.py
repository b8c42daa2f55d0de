"""Each save in the admin is one event that tells old and new, who and why."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Model
from django.http import HttpResponse

from accounts.models import User
from priorities.enums import EventKind, Role
from priorities.models import (
    Assignment,
    Baseline,
    BudgetLine,
    Category,
    ChangeEvent,
    Dimension,
    Division,
    Initiative,
    Metric,
    Milestone,
    Observation,
    Organization,
    Plan,
    Priority,
    RoleGrant,
    Target,
)
from tests import factories as make
from tests.priorities.admin.browsing import add_page, change_page, errors_of, newest_event

pytestmark = pytest.mark.django_db

Send = Callable[..., HttpResponse]


def world() -> None:
    """What new rows belong to."""
    make.initiative(code="first")
    make.division(code="operations", name="Operations")
    make.metric(code="calls")
    make.dimension(code="district")
    make.person(name="Ann Other")
    make.periods()


def pk(model: type[Model]) -> int:
    row = model._default_manager.order_by("pk").first()
    assert row is not None
    return int(row.pk)


#: model → what is typed to add one, and a field of the event with its new value.
ADDED: list[tuple[type[Model], Callable[[], dict[str, Any]], str, Any]] = [
    (Division, lambda: {"name": "Data", "code": "data"}, "name", "Data"),
    (
        Plan,
        lambda: {
            "organization": pk(Organization),
            "title": "Next plan",
            "code": "next",
            "period_start": "2024-01-01",
            "period_end": "2025-12-31",
        },
        "state",
        "draft",
    ),
    (Priority, lambda: {"plan": pk(Plan), "code": "9", "name": "Trust"}, "name", "Trust"),
    (
        Initiative,
        lambda: {
            "plan": pk(Plan),
            "priority": pk(Priority),
            "name": "Cloud",
            "code": "cloud",
            "districts": "14, 1",
            "tags": "cloud, data, cloud",
            "links": "Page | https://www.example.org/cloud",
            "supporting_divisions": [pk(Division)],
        },
        "links",
        [{"label": "Page", "url": "https://www.example.org/cloud"}],
    ),
    (
        Milestone,
        lambda: {"initiative": pk(Initiative), "name": "Go live", "due_on": "2022-09-30"},
        "original_due_on",
        "2022-09-30",
    ),
    (
        Metric,
        lambda: {
            "name": "Wait",
            "code": "wait",
            "kind": "duration",
            "direction": "decrease",
            "calendar": "quarter",
            "priorities": [pk(Priority)],
        },
        "priorities",
        ["ita-2022-2023/1"],
    ),
    (Dimension, lambda: {"name": "Language", "code": "language"}, "name", "Language"),
    (
        Category,
        lambda: {"dimension": pk(Dimension), "code": "4", "name": "District 4"},
        "dimension",
        "district",
    ),
    (
        Observation,
        lambda: {
            "metric": pk(Metric),
            "period_start": "2022-01-01",
            "period_end": "2022-03-31",
            "value": "0",
        },
        "value",
        "0",
    ),
    (
        Target,
        lambda: {
            "metric": pk(Metric),
            "period_end": "2022-12-31",
            "value": "0",
            "adopted_on": "2022-01-01",
            "authority": "The plan",
        },
        "value",
        "0",
    ),
    (
        Baseline,
        lambda: {"metric": pk(Metric), "on": "2021-12-31", "value": "-3.5"},
        "value",
        "-3.5",
    ),
    (
        BudgetLine,
        lambda: {
            "initiative": pk(Initiative),
            "fiscal_year": "2022",
            "amount": "1200.50",
            "kind": "adopted",
        },
        "amount",
        "1200.5",
    ),
    (
        RoleGrant,
        lambda: {"person": pk(User), "role": "division_editor", "division": pk(Division)},
        "division",
        "operations",
    ),
    (
        Assignment,
        lambda: {"person": pk(User), "metric": pk(Metric), "role": "owner"},
        "metric",
        "calls",
    ),
]


@pytest.mark.parametrize(
    ("model", "typed", "field", "value"), ADDED, ids=[row[0].__name__ for row in ADDED]
)
def test_adding_is_one_event(
    send: Send,
    model: type[Model],
    typed: Callable[[], dict[str, Any]],
    field: str,
    value: Any,
) -> None:
    world()
    before = ChangeEvent.objects.count()
    answer = send(add_page(model._meta.model_name or ""), **typed())
    assert errors_of(answer) == ""
    assert ChangeEvent.objects.count() == before + 1
    event = newest_event()
    assert event.fields[field] == [None, value]
    assert (event.actor, event.actor_role, event.entered_by) == (
        "Root",
        "System administrator",
        "admin",
    )
    assert event.item_id == model._default_manager.latest("pk").pk


def test_lists_are_typed_in_words(send: Send) -> None:
    world()
    typed = next(row[1]() for row in ADDED if row[0] is Initiative)
    send(add_page("initiative"), **typed)
    row = Initiative.objects.get(code="cloud")
    assert (row.districts, row.tags) == ([1, 14], ["cloud", "data"])
    assert [division.code for division in row.supporting_divisions.all()] == ["operations"]


#: what is changed, what is typed, and the fields of the event.
CHANGED: list[tuple[Callable[[], Any], dict[str, Any], dict[str, Any]]] = [
    (make.organization, {"short_name": "IT"}, {"short_name": ["ITA", "IT"]}),
    (
        lambda: make.division(name="Data"),
        {"ended_on": "2022-06-30"},
        {"ended_on": [None, "2022-06-30"]},
    ),
    (make.plan, {"grace_days": "20"}, {"grace_days": [15, 20]}),
    (make.priority, {"name": "Trust"}, {"name": ["Priority 1", "Trust"]}),
    (
        lambda: make.periods()[0],
        {"closes_on": "2022-05-31"},
        {"closes_on": [None, "2022-05-31"]},
    ),
    (
        lambda: make.initiative(tags=["a"]),
        {"tags": "a, b", "citywide": None},
        {"tags": [["a"], ["a", "b"]], "citywide": [True, False]},
    ),
    (make.milestone, {"done_on": "2022-06-29"}, {"done_on": [None, "2022-06-29"]}),
    (make.metric, {"tolerance": "0"}, {"tolerance": [None, "0"]}),
    (make.dimension, {"name": "Ward"}, {"name": ["Council district", "Ward"]}),
    (make.category, {"order": "2"}, {"order": [0, 2]}),
    (
        make.grant,
        {"revoked_on": "2022-06-30"},
        {"revoked_on": [None, "2022-06-30"]},
    ),
    (lambda: make.person(name="Ann Other"), {"name": "Ann"}, {"name": ["Ann Other", "Ann"]}),
    (
        make.offer,
        {"state": "accepted", "on": "2022-02-01"},
        {"state": ["offered", "accepted"], "answered_on": [None, "2022-02-01"]},
    ),
]


@pytest.mark.parametrize(("row", "typed", "fields"), CHANGED, ids=range(len(CHANGED)))
def test_a_change_is_one_event_of_what_differs(
    send: Send, row: Callable[[], Any], typed: dict[str, Any], fields: dict[str, Any]
) -> None:
    kept = row()
    before = ChangeEvent.objects.count()
    answer = send(change_page(kept), **typed)
    assert errors_of(answer) == ""
    assert ChangeEvent.objects.count() == before + 1
    assert newest_event().fields == fields


@pytest.mark.parametrize("row", [row[0] for row in CHANGED], ids=range(len(CHANGED)))
def test_saving_without_a_change_is_no_event(send: Send, row: Callable[[], Any]) -> None:
    kept = row()
    before = ChangeEvent.objects.count()
    assert errors_of(send(change_page(kept))) == ""
    assert ChangeEvent.objects.count() == before


def test_the_reason_is_kept(send: Send) -> None:
    row = make.initiative()
    send(change_page(row), name="New name", reason="The council renamed it.")
    assert newest_event().reason == "The council renamed it."


def test_links_to_many_are_part_of_the_same_event(send: Send) -> None:
    row = make.metric()
    first, second = make.initiative(code="a"), make.initiative(code="b")
    send(change_page(row), initiatives=[first.pk, second.pk], name="Calls")
    assert newest_event().fields == {
        "initiatives": [[], ["ita-2022-2023/a", "ita-2022-2023/b"]],
        "name": ["Metric 1", "Calls"],
    }
    send(change_page(row), initiatives=[second.pk])
    assert newest_event().fields == {
        "initiatives": [["ita-2022-2023/a", "ita-2022-2023/b"], ["ita-2022-2023/b"]]
    }


def test_publishing_and_closing_a_plan_are_acts_of_their_own(send: Send) -> None:
    row = make.plan(state="draft")
    send(change_page(row), state="active")
    assert (newest_event().kind, newest_event().fields) == (
        EventKind.PUBLISHED,
        {"state": ["draft", "active"]},
    )
    send(change_page(row), state="closed", closed_on="2023-12-31", reason="Its time is over.")
    assert (newest_event().kind, newest_event().reason) == (EventKind.CLOSED, "Its time is over.")


def test_rows_below_are_events_of_their_own(send: Send) -> None:
    plan = make.plan()
    make.priority(plan=plan, code="1")
    before = ChangeEvent.objects.count()
    answer = send(
        change_page(plan),
        **{
            "tagline": "For all",
            "priorities-0-order": "5",
            "priorities-TOTAL_FORMS": "2",
            "priorities-1-order": "6",
            "priorities-1-code": "2",
            "priorities-1-name": "Second",
        },
    )
    assert errors_of(answer) == ""
    said = [
        (event.item_type, event.item_code, event.kind)
        for event in ChangeEvent.objects.filter(sequence__gt=before).order_by("sequence")
    ]
    assert said == [
        ("plan", "ita-2022-2023", "revised"),
        ("priority", "ita-2022-2023/1", "revised"),
        ("priority", "ita-2022-2023/2", "created"),
    ]


def test_a_code_is_permanent(send: Send) -> None:
    row = make.initiative(code="first")
    before = ChangeEvent.objects.count()
    send(change_page(row), code="second")
    row.refresh_from_db()
    assert (row.code, ChangeEvent.objects.count()) == ("first", before)


def test_reporting_periods_are_laid_out_from_the_list_of_plans(door: Any) -> None:
    plan = make.plan()
    data = {"action": "lay_out_quarters", "_selected_action": [plan.pk]}
    door.post("/admin/priorities/plan/", data)
    assert plan.periods.count() == 8


def test_an_account_is_added_with_a_password_or_none(send: Send) -> None:
    typed = {
        "email": "New.Person@example.org",
        "name": "New Person",
        "usable_password": "true",
        "password1": "a fairly long phrase",
        "password2": "a fairly long phrase",
    }
    before = ChangeEvent.objects.count()
    assert errors_of(send(add_page("user", app="accounts"), **typed)) == ""
    person = User.objects.get(email="new.person@example.org")
    assert person.check_password("a fairly long phrase")
    assert ChangeEvent.objects.count() == before + 1
    assert "password" not in newest_event().fields
    assert newest_event().public is False


def test_setting_a_password_is_told_without_it(send: Send) -> None:
    person = make.person(name="Ann Other")
    answer = send(
        f"/admin/accounts/user/{person.pk}/password/",
        usable_password="true",
        password1="a fairly long phrase",
        password2="a fairly long phrase",
        **{"set-password": "1"},
    )
    assert answer.status_code == 302
    person.refresh_from_db()
    assert person.check_password("a fairly long phrase")
    event = newest_event()
    assert (event.item_code, event.fields) == (person.email, {"password": [None, "set"]})


def test_ones_own_password_is_changed_through_the_action(
    door: Any, system_administrator: User
) -> None:
    answer = door.post(
        "/admin/password_change/",
        {
            "old_password": "a long password",
            "new_password1": "another long phrase",
            "new_password2": "another long phrase",
        },
    )
    assert answer.status_code == 302
    assert newest_event().fields == {"password": [None, "set"]}
    assert door.get("/admin/").status_code == 200


def test_a_role_is_given_below_its_person(send: Send) -> None:
    person = make.person()
    answer = send(
        change_page(person),
        **{
            "role_grants-TOTAL_FORMS": "1",
            "role_grants-0-role": Role.MANAGER.value,
            "role_grants-0-granted_on": "2022-02-01",
        },
    )
    assert errors_of(answer) == ""
    assert newest_event().kind == EventKind.GRANTED
    assert RoleGrant.objects.get(person=person).granted_on == dt.date(2022, 2, 1)
