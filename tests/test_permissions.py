"""Who may do what: the predicate, the list and ``has_perm`` say the same for every role."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from priorities.enums import AssignmentRole, Role
from priorities.models import Initiative, Metric
from priorities.permissions import (
    ADDED,
    PERMISSIONS,
    PUBLIC,
    Permission,
    allowed,
    can,
    demand,
    editable_by,
    requires,
)
from tests import factories as make

pytestmark = pytest.mark.django_db

P = Permission


def people() -> dict[str, Any]:
    """One of each role. The editor's division is "services", above "desk", beside "data"."""
    services = make.division(code="services")
    make.division(code="desk", parent=services)
    make.division(code="data")
    return {
        "anonymous": AnonymousUser(),
        "nobody in particular": make.person(name="No Role"),
        "reviewer": make.grant(Role.REVIEWER).person,
        "manager": make.grant(Role.MANAGER).person,
        "division editor": make.grant(Role.DIVISION_EDITOR, division=services).person,
        "plan administrator": make.grant(Role.PLAN_ADMINISTRATOR).person,
        "system administrator": make.person(name="Root", is_staff=True, is_superuser=True),
    }


def items(manager: User) -> dict[str, Any]:
    """An initiative and a metric of each division, and one of none that the manager owns."""
    found: dict[str, Any] = {}
    for code in ("services", "desk", "data"):
        division = make.Division.objects.get(code=code)
        found[f"initiative of {code}"] = make.initiative(lead_division=division)
        found[f"metric of {code}"] = make.metric(lead_division=division)
    found["own initiative"] = make.owner(item=make.initiative(), person=manager).initiative
    found["own metric"] = make.owner(item=make.metric(), person=manager).metric
    found["offered initiative"] = make.offer(item=make.initiative(), person=manager).initiative
    return found


OF_DIVISION = {
    f"{kind} of {code}" for kind in ("initiative", "metric") for code in ("services", "desk")
}
OWN = {"own initiative", "own metric"}
ALL = {
    *OF_DIVISION,
    *OWN,
    "initiative of data",
    "metric of data",
    "offered initiative",
}

#: permission → role → the items to which the answer is yes.
EXPECTED: dict[Permission, dict[str, set[str]]] = {
    P.READ: dict.fromkeys(
        (
            "anonymous",
            "nobody in particular",
            "reviewer",
            "manager",
            "division editor",
            "plan administrator",
            "system administrator",
        ),
        ALL,
    ),
    # Nobody reviews their own work.
    P.RATE: {
        "reviewer": ALL,
        "manager": ALL - OWN,
        "division editor": ALL - OF_DIVISION,
        "plan administrator": ALL,
        "system administrator": ALL,
    },
    P.REPORT: {
        "manager": OWN,
        "division editor": OF_DIVISION,
        "plan administrator": ALL,
        "system administrator": ALL,
    },
    P.EDIT: {
        "division editor": OF_DIVISION,
        "plan administrator": ALL,
        "system administrator": ALL,
    },
    P.REVIEW_UPDATES: {
        "division editor": OF_DIVISION,
        "plan administrator": ALL,
        "system administrator": ALL,
    },
    P.SET_TARGETS: {"plan administrator": ALL, "system administrator": ALL},
    P.OPEN_ADMIN: {"system administrator": ALL},
}


@pytest.mark.parametrize("permission", EXPECTED)
def test_each_role_may_what_the_domain_says(permission: Permission) -> None:
    who = people()
    about = items(who["manager"])
    said = {
        role: {name for name, item in about.items() if can(user, permission, item)}
        for role, user in who.items()
    }
    assert {role: names for role, names in said.items() if names} == EXPECTED[permission]


#: An offer is answered as an assignment, never as one of a list of items.
OF_LISTS = [permission for permission in Permission if permission is not P.ANSWER_OFFER]


@pytest.mark.parametrize("permission", OF_LISTS)
def test_the_list_is_the_predicate_for_every_role(permission: Permission) -> None:
    who = people()
    items(who["manager"])
    for user, model in itertools.product(who.values(), (Initiative, Metric)):
        rows = set(allowed(user, permission, model.objects.all()))
        assert rows == {row for row in model.objects.all() if can(user, permission, row)}


def test_what_is_editable_is_what_has_perm_says() -> None:
    who = people()
    items(who["manager"])
    for user in who.values():
        rows = {
            row
            for row in Initiative.objects.all()
            if user.has_perm("priorities.change_initiative", row)
        }
        assert set(editable_by(user)) == rows


def test_a_metric_is_asked_for_in_the_same_way() -> None:
    who = people()
    about = items(who["manager"])
    editor = who["division editor"]
    assert set(editable_by(editor, Metric.objects.all())) == {
        about["metric of services"],
        about["metric of desk"],
    }


def test_rights_follow_the_row_to_what_it_belongs_to() -> None:
    who = people()
    about = items(who["manager"])
    milestone = make.milestone(initiative=about["own initiative"])
    other = make.milestone(initiative=about["initiative of desk"])
    question = make.question(item=about["own metric"])
    answer = make.answer(question=question)
    manager, editor = who["manager"], who["division editor"]
    assert [can(manager, P.REPORT, row) for row in (milestone, other)] == [True, False]
    assert [can(editor, P.EDIT, row) for row in (milestone, other)] == [False, True]
    assert [can(manager, P.ANSWER, row) for row in (question, answer)] == [True, True]
    assert can(editor, P.ANSWER, question) is False


def test_what_was_submitted_is_reviewed_in_the_divisions_that_one_edits() -> None:
    who = people()
    about = items(who["manager"])
    reviewers = {
        name: {
            role
            for role, user in who.items()
            if can(user, P.REVIEW_UPDATES, make.draft(initiative=about[name]))
        }
        for name in ("initiative of desk", "initiative of data", "own initiative")
    }
    everywhere = {"plan administrator", "system administrator"}
    assert reviewers == {
        "initiative of desk": {"division editor", *everywhere},
        "initiative of data": everywhere,
        "own initiative": everywhere,
    }


def test_an_offer_is_answered_by_the_one_asked() -> None:
    who = people()
    offered = make.offer(person=who["manager"], item=make.initiative())
    other = make.grant(Role.MANAGER).person
    assert can(who["manager"], P.ANSWER_OFFER, offered) is True
    assert can(other, P.ANSWER_OFFER, offered) is False


def test_what_is_not_public_is_read_by_roles_and_a_draft_by_its_writers() -> None:
    who = people()
    hidden = make.initiative(visibility="internal")
    make.owner(item=hidden, person=who["manager"])
    draft = make.draft(initiative=hidden)
    readers = [role for role, user in who.items() if can(user, P.READ, hidden)]
    assert readers == [
        "reviewer",
        "manager",
        "division editor",
        "plan administrator",
        "system administrator",
    ]
    writers = [role for role, user in who.items() if can(user, P.READ, draft)]
    assert writers == ["manager", "plan administrator", "system administrator"]


def test_a_role_that_was_taken_away_gives_nothing() -> None:
    make.grant(Role.PLAN_ADMINISTRATOR)  # somebody has to stay
    grant = make.grant(Role.PLAN_ADMINISTRATOR)
    assert can(grant.person, P.MANAGE_PLANS) is True
    make.people.revoke_role(grant=grant, on=make.dt.date(2022, 1, 4), by="a test", now=make.START)
    assert can(grant.person, P.MANAGE_PLANS) is False


def test_an_ended_assignment_gives_nothing() -> None:
    who = people()
    held = make.owner(item=make.initiative(), person=who["manager"])
    make.assignments.end_assignment(
        assignment=held, on=make.dt.date(2022, 2, 1), by="a test", now=make.moment()
    )
    assert can(who["manager"], P.REPORT, held.initiative) is False


@pytest.mark.parametrize("role", ["plan administrator", "system administrator", "reviewer"])
@pytest.mark.parametrize("as_what", AssignmentRole)
def test_nobody_rates_what_they_have_accepted_whatever_their_role(
    role: str, as_what: AssignmentRole
) -> None:
    person = people()[role]
    for make_item in (make.initiative, make.metric):
        item = make_item()
        offered = make.offer(item=item, person=person, role=as_what)
        assert can(person, P.RATE, item) is True
        held = make.assignments.accept_assignment(
            assignment=offered, on=offered.offered_on, by="a test", now=make.moment()
        )
        rating = make.rating(item=item)
        assert [can(person, P.RATE, row) for row in (item, rating)] == [False, False]
        assert item not in allowed(person, P.RATE, type(item).objects.all())
        # Once it is another's work, it is theirs to review again.
        make.assignments.end_assignment(
            assignment=held, on=offered.offered_on, by="a test", now=make.moment()
        )
        assert can(person, P.RATE, item) is True


def test_an_inactive_account_is_a_stranger() -> None:
    person = make.person(is_staff=True, is_superuser=True)
    person.is_active = False
    assert can(person, P.EDIT) is False
    assert list(editable_by(person)) == []


def test_roles_add_up() -> None:
    so_far = PUBLIC
    for role in Role:
        assert PERMISSIONS[role] == so_far | ADDED[role]
        so_far = PERMISSIONS[role]
    assert so_far | {P.OPEN_ADMIN} == frozenset(Permission)


def test_the_answer_costs_three_queries_at_most_whatever_there_is() -> None:
    who = people()
    items(who["manager"])
    item = Initiative.objects.select_related("plan").get(lead_division__code="data")
    for count in (1, 3):
        for _ in range(count):
            make.owner(item=make.initiative(), person=who["manager"])
            make.division(parent=make.Division.objects.get(code="desk"))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            can(who["division editor"], P.REPORT, item)
        assert len(asked) == 3
        with CaptureQueriesContext(connection) as listed:
            list(editable_by(who["division editor"]))
        assert len(listed) == 3


# ── Doors ────────────────────────────────────────────────────────────────────────────────────


def test_a_stranger_finds_nothing_and_a_known_person_is_refused() -> None:
    who = people()
    hidden = make.initiative(visibility="internal")
    with pytest.raises(Http404):
        demand(who["anonymous"], P.READ, hidden)
    with pytest.raises(PermissionDenied):
        demand(who["nobody in particular"], P.READ, hidden)
    demand(who["reviewer"], P.READ, hidden)


def found(code: str) -> Initiative:
    return Initiative.objects.get(code=code)


@requires(P.EDIT, item=found)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """A door of one item."""
    return HttpResponse(code)


@requires(P.MANAGE_PEOPLE)
def manage(request: HttpRequest) -> HttpResponse:
    """A door of no item."""
    return HttpResponse("people")


def test_a_door_asks_before_its_view_runs(rf: RequestFactory) -> None:
    who = people()
    item = items(who["manager"])["initiative of desk"]
    passed = []
    for role, user in who.items():
        request = rf.get("/")
        request.user = user
        for view, kwargs in ((edit, {"code": item.code}), (manage, {})):
            try:
                answer = view(request, **kwargs)
            except Http404:
                assert role == "anonymous"
            except PermissionDenied:
                assert role != "anonymous"
            else:
                passed.append((role, answer.content.decode()))
    assert passed == [
        ("division editor", item.code),
        ("plan administrator", item.code),
        ("plan administrator", "people"),
        ("system administrator", item.code),
        ("system administrator", "people"),
    ]
