"""Nobody reaches another's item by writing its name or number into an address.

The rows of the permission matrix name, for each address of one item, the same address of an item
that another division leads or another person was asked about (``foreign``).
"""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from priorities.enums import Role
from tests import factories as make
from tests.doors.questions import OF_EVERY_REVIEWER
from tests.doors.table import Row
from tests.test_permission_matrix import matrix, world

pytestmark = pytest.mark.django_db

#: Doors that open to a secret in the address or the header, not to who is signed in.
SELF_EVIDENT = (
    "mail-open",
    "mail-unsubscribe",
    "follow-confirm",
    "follow-stop",
    "invitation",
    "intake-observation",
)
#: Doors that carry a secret of their own and read no cookie.
WITHOUT_A_COOKIE = ("intake-observation", "mail-unsubscribe", "follow-confirm", "follow-stop")


def staff_rows(rows: dict[str, Any]) -> dict[str, Row]:
    """The doors of staff that lead to one item; of review's, which all reviewers share, those
    whose items belong to one person."""
    return {
        name: row
        for name, row in matrix(rows).items()
        if (name.startswith("priorities:") and row.kwargs)
        or (name.startswith("review:") and row.foreign)
    }


def people(rows: dict[str, Any]) -> dict[str, Client]:
    """Who holds rights, but over other items: each signed in."""
    elsewhere = make.division(code="another-division")
    owner = make.owner(item=make.initiative(code="own", plan=rows["plan"])).person
    make.grant(Role.MANAGER, person=owner)
    those = {
        "reviewer": make.grant(Role.REVIEWER).person,
        "manager of another item": owner,
        "editor of another division": make.grant(Role.DIVISION_EDITOR, division=elsewhere).person,
    }
    clients = {}
    for name, person in those.items():
        clients[name] = Client(raise_request_exception=False)
        clients[name].force_login(person)
    return clients


def test_each_door_to_an_item_that_editors_may_open_names_a_foreign_one() -> None:
    missing = [
        name
        for name, row in staff_rows(world()).items()
        if row.foreign is None
        and not name.endswith(SELF_EVIDENT)
        and row.statuses["division editor"] not in (403, 404)
    ]
    assert [name for name in missing if name != "priorities:manage-plan"] == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_foreign_item_is_refused(method: str) -> None:
    rows = world()
    reached = []
    doors = staff_rows(rows)
    for who, client in people(rows).items():
        for name, row in doors.items():
            if name.endswith(SELF_EVIDENT):
                continue
            kwargs = row.foreign or row.kwargs
            status = getattr(client, method)(reverse(name, kwargs=kwargs)).status_code
            if name in OF_EVERY_REVIEWER:
                continue
            if status not in (403, 404, 405) and name != "priorities:manage-plan":
                reached.append((who, name, status))
    assert reached == []


def test_an_unknown_item_is_not_there_and_says_no_more() -> None:
    rows = world()
    client = Client(raise_request_exception=False)
    client.force_login(make.grant(Role.PLAN_ADMINISTRATOR).person)
    found = {}
    for name, row in matrix(rows).items():
        if name.endswith(SELF_EVIDENT) or not name.startswith(("priorities:", "review:")):
            continue
        for field, value in row.kwargs.items():
            unknown = 987_654_321 if isinstance(value, int) else "no-such-thing"
            kwargs = row.kwargs | {field: unknown}
            status = getattr(client, row.method)(reverse(name, kwargs=kwargs)).status_code
            if status not in (403, 404):
                found[name, field] = status
    assert found == {}


def test_nothing_is_sent_without_the_token_of_the_form() -> None:
    rows = world()
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(make.person(name="Root", is_staff=True, is_superuser=True))
    passed = {}
    for name, row in matrix(rows).items():
        if not name.startswith(("priorities:", "review:", "account", "mfa", "admin:")):
            continue
        if name.endswith(WITHOUT_A_COOKIE):
            continue
        status = client.post(reverse(name, kwargs=row.kwargs)).status_code
        if status not in (403, 404, 405):
            passed[name] = status
    assert passed == {}
