"""Plan work: who sees and changes what, however the address is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from accounts.models import User
from priorities.models import ChangeEvent, Division, Initiative
from tests import factories as make
from tests.doors import manage as doors
from tests.priorities.views.managing import administrator, editor, save, signed_in, text
from tests.test_permission_matrix import world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _july_2022() -> Iterator[None]:
    with time_machine.travel(make.at(2022, 7, 15), tick=False):
        yield


def url(name: str, **kwargs: Any) -> str:
    return reverse(f"priorities:manage-{name}", kwargs=kwargs)


def of(row: Initiative) -> dict[str, str]:
    return {"plan": row.plan.code, "initiative": row.code}


def test_an_editor_sees_only_what_the_division_leads() -> None:
    mine, theirs = make.division(), make.division()
    make.initiative(name="Our work", lead_division=mine)
    row = make.initiative(name="Their work", lead_division=theirs)
    make.metric(name="Our metric", lead_division=mine)
    make.metric(name="Their metric", lead_division=theirs)
    client = editor(mine)
    pages = text(client.get(url("plan", plan=row.plan.code))) + text(client.get(url("metrics")))
    assert ("Our work" in pages, "Our metric" in pages) == (True, True)
    assert ("Their work" in pages, "Their metric" in pages) == (False, False)


def test_an_editor_changes_wording_and_no_structure() -> None:
    division = make.division()
    row = make.initiative(lead_division=division)
    address = url("initiative-edit", **of(row))
    save(editor(division), address, summary="New", visibility="internal", lead_division="")
    row.refresh_from_db()
    assert (row.summary, row.visibility, row.lead_division) == ("New", "public", division)


def test_an_editor_changes_no_rule_of_a_metric() -> None:
    division = make.division()
    row = make.metric(lead_division=division)
    address = url("metric-edit", metric=row.code)
    save(editor(division), address, definition="New", direction="decrease", tolerance="50")
    row.refresh_from_db()
    assert (row.definition, row.direction, row.tolerance) == ("New", "increase", None)


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_editor_elsewhere_gets_nothing_by_changing_the_address(method: str) -> None:
    """Every address that names an item, asked for with an item of another division."""
    rows = doors.rows(world())
    client = editor(Division.objects.get(code="operations"))
    before = ChangeEvent.objects.count()
    got = {
        name: getattr(client, method)(
            reverse(f"priorities:{name}", kwargs=row.foreign), {"step": "save", "name": "Mine"}
        ).status_code
        for name, row in rows.items()
        if row.foreign is not None
    }
    assert got == dict.fromkeys(got, 403)
    assert len(got) == 6
    assert ChangeEvent.objects.count() == before


def test_an_editor_saves_nothing_that_is_structure() -> None:
    rows = doors.rows(world())
    client = editor(Division.objects.get(code="operations"))
    structural = {
        name: client.post(reverse(f"priorities:{name}", kwargs=row.kwargs), {"step": "save"})
        for name, row in rows.items()
        if row.statuses is doors.ADMINISTRATORS
    }
    assert {response.status_code for response in structural.values()} == {403}


# ── Before there is an agency ────────────────────────────────────────────────────────────────

FIRST_PAGES = ("manage", "manage-plan-add")
AGENCY = 'href="/admin/priorities/organization/add/"'


@pytest.mark.parametrize("name", FIRST_PAGES)
def test_a_new_installation_leads_to_the_agency_first(name: str) -> None:
    root = User.objects.create_superuser("root@example.org", "a long password", name="Root")
    page = text(signed_in(root).get(reverse(f"priorities:{name}")))
    assert "First set up the agency." in page
    assert AGENCY in page
    assert "usa-button" not in page, "there is no plan to add yet, and no form to send"


@pytest.mark.parametrize("name", FIRST_PAGES)
def test_who_may_not_open_the_admin_is_told_whom_to_ask(name: str) -> None:
    page = text(administrator().get(reverse(f"priorities:{name}")))
    assert "A system administrator does that" in page
    assert AGENCY not in page


@pytest.mark.parametrize("name", FIRST_PAGES)
def test_once_there_is_an_agency_a_plan_is_added(name: str) -> None:
    make.organization()
    page = text(administrator().get(reverse(f"priorities:{name}")))
    assert "First set up the agency." not in page
    assert "usa-button" in page
