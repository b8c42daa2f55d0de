"""Lists of the admin cost the same for one row and for three; the log is read in words."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from priorities.enums import Role
from priorities.models import ChangeEvent
from tests import factories as make
from tests.priorities.admin.browsing import change_page, list_page

pytestmark = pytest.mark.django_db

#: model → how to make one more row of it.
LISTED: list[tuple[str, Callable[[int], Any]]] = [
    ("division", lambda n: make.division(parent=make.division())),
    ("plan", lambda n: make.plan(code=f"plan-{n}")),
    ("priority", lambda n: make.priority(plan=make.plan(code=f"plan-{n}"))),
    ("initiative", lambda n: make.initiative(lead_division=make.division())),
    ("meeting", lambda n: make.meeting(held_on=dt.date(2022, 5, n))),
    ("frozenbrief", lambda n: make.frozen_brief(note=f"Note {n}")),
    ("milestone", lambda n: make.milestone(initiative=make.initiative())),
    ("metric", lambda n: make.metric(lead_division=make.division())),
    ("dimension", lambda n: make.dimension()),
    ("category", lambda n: make.category(dimension=make.dimension())),
    ("observation", lambda n: make.observation(metric=make.metric())),
    ("target", lambda n: make.target(metric=make.metric())),
    ("baseline", lambda n: make.baseline(metric=make.metric())),
    ("budgetline", lambda n: make.budget_line(initiative=make.initiative())),
    ("statusupdate", lambda n: make.report(initiative=make.initiative())),
    ("rolegrant", lambda n: make.grant()),
    ("assignment", lambda n: make.offer(item=make.initiative())),
    ("reviewrating", lambda n: make.rating(item=make.initiative())),
    ("question", lambda n: make.question(item=make.metric())),
    ("answer", lambda n: make.answer()),
    ("changeevent", lambda n: make.plan(code=f"plan-{n}")),
]


def queries_of(door: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert door.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize(("model", "add"), LISTED, ids=[row[0] for row in LISTED])
def test_a_list_costs_the_same_for_one_row_and_three(
    door: Client, model: str, add: Callable[[int], Any]
) -> None:
    add(1)
    address = list_page(model)
    queries_of(door, address)
    one = queries_of(door, address)
    add(2)
    add(3)
    assert queries_of(door, address) == one


def test_reporting_periods_are_listed_at_constant_cost(door: Client) -> None:
    make.periods()
    first = queries_of(door, list_page("reportingperiod"))
    make.periods(plan=make.plan(code="other"))
    assert queries_of(door, list_page("reportingperiod")) == first


def test_people_are_listed_at_constant_cost(door: Client) -> None:
    address = list_page("user", "accounts")
    queries_of(door, address)
    one = queries_of(door, address)
    make.person()
    make.person()
    assert queries_of(door, address) == one


@pytest.mark.parametrize("query", ["calls", "Calls"])
def test_a_search_finds_by_code_and_name(door: Client, query: str) -> None:
    make.metric(code="calls", name="Calls answered")
    make.metric(code="wait", name="Wait")
    page = door.get(list_page("metric") + f"?q={query}").content.decode()
    assert ("Calls answered" in page, ">Wait<" in page) == (True, False)


def test_facts_in_force_are_told_from_superseded_ones(door: Client) -> None:
    make.target(90)
    make.target(80, reason="Fewer staff.")
    listing = list_page("target")
    counts = [
        door.get(f"{listing}?in_force={side}").context["cl"].result_count
        for side in ("yes", "no", "maybe")
    ]
    assert counts == [1, 1, 2]


def test_the_log_says_old_and_new_in_words(door: Client) -> None:
    row = make.metric(name="Calls")
    make.metrics.revise_metric(
        metric=row,
        changes={"direction": "decrease", "headline": True, "tolerance": None},
        by="a test",
        now=make.moment(),
        reason="Stated wrongly.",
    )
    event = ChangeEvent.objects.latest("sequence")
    page = door.get(change_page(event)).content.decode()
    for words in ("Higher is better", "Lower is better", "Headline metric", "Stated wrongly."):
        assert words in page
    assert change_page(row) in page
    listing = door.get(list_page("changeevent") + "?q=metric-1").content.decode()
    assert "Direction: Higher is better → Lower is better" in listing


def test_the_log_outlives_a_field_and_a_kind_that_are_gone(door: Client) -> None:
    make.plan()
    last = ChangeEvent.objects.latest("sequence")
    ChangeEvent.objects.create(
        sequence=last.sequence + 1,
        at=last.at,
        entered_at=last.at,
        entered_by="code",
        actor="a test",
        kind="revised",
        item_type="gone",
        item_code="x",
        item_id=1,
        subject_type="gone",
        subject_code="x",
        fields={"old_name": [None, {"a": 1}]},
        public=False,
        hash="0" * 64,
    )
    event = ChangeEvent.objects.latest("sequence")
    assert "Old name" in door.get(change_page(event)).content.decode()
    assert door.get(list_page("changeevent")).status_code == 200


def test_the_history_of_a_row_is_the_log(door: Client) -> None:
    make.plan()
    row = make.initiative(code="first")
    answer = door.get(change_page(row).replace("/change/", "/history/"), follow=True)
    assert [event.item_code for event in answer.context["cl"].result_list] == [
        "ita-2022-2023/first"
    ]


def test_the_public_page_is_linked_when_it_is_public(door: Client) -> None:
    row = make.initiative(code="first")
    hidden = make.initiative(code="second", visibility="internal")
    listing = door.get(list_page("initiative")).content.decode()
    assert f'href="{row.get_absolute_url()}"' in listing
    assert f'href="{hidden.get_absolute_url()}"' not in listing
    assert row.get_absolute_url() in door.get(change_page(row)).content.decode()
    assert hidden.get_absolute_url() not in door.get(change_page(hidden)).content.decode()


def test_a_metric_leads_to_adding_its_facts(door: Client) -> None:
    row = make.metric()
    for number in range(15):
        make.observation(
            number, start=make.dt.date(2000 + number, 1, 1), end=make.dt.date(2000 + number, 3, 31)
        )
    answer = door.get(change_page(row))
    page = answer.content.decode()
    assert f"/admin/priorities/observation/add/?metric={row.pk}" in page
    assert f"/admin/priorities/target/add/?metric={row.pk}" in page
    below = answer.context["inline_admin_formsets"][0].formset
    assert len(below.forms) == 12


def test_the_first_page_shows_the_newest_changes(door: Client) -> None:
    make.plan(code="ita-2022-2023")
    assert "ita-2022-2023" in door.get("/admin/").content.decode()


def test_the_admin_is_closed_to_a_known_person_and_asks_a_stranger(client: Client) -> None:
    assert client.get("/admin/").status_code == 302
    person = make.grant(Role.PLAN_ADMINISTRATOR).person
    client.force_login(person)
    assert client.get("/admin/").status_code == 403
    assert client.get("/admin/priorities/plan/").status_code == 403
    assert client.post("/admin/logout/").status_code in (200, 302)


def test_staff_may_do_all_but_make_superusers(client: Client) -> None:
    staff = User.objects.create_user("staff@example.org", "a long one", name="S", is_staff=True)
    client.force_login(staff)
    page = client.get(change_page(staff)).content.decode()
    assert 'name="is_active"' in page
    assert 'name="is_superuser"' not in page
    client.post(change_page(staff), {"email": staff.email, "name": "S", "is_superuser": "on"})
    staff.refresh_from_db()
    assert staff.is_superuser is False
    assert client.get(list_page("plan")).status_code == 200
    root = User.objects.create_superuser("root@example.org", "a long one", name="Root")
    assert client.post(change_page(root), {"email": staff.email}).status_code in (200, 403)
    assert client.get(f"/admin/accounts/user/{root.pk}/password/").status_code == 403
    root.refresh_from_db()
    assert root.email == "root@example.org"


def test_the_admin_has_the_icon_of_the_portal(door: Client) -> None:
    """Without one the browser asks for an address that is not there."""
    for address in ("/admin/", list_page("initiative"), "/admin/password_change/"):
        assert '<link rel="icon" href="/static/img/mark.svg"' in door.get(address).content.decode()


def test_no_page_of_the_admin_carries_inline_style_or_script(door: Client) -> None:
    row = make.initiative()
    make.milestone()
    pages = ["/admin/", list_page("initiative"), change_page(row), list_page("changeevent")]
    for address in pages:
        response = door.get(address)
        assert response.status_code == 200
        page = response.content.decode()
        assert 'style="' not in page
        assert "<style" not in page
        assert re.findall(r"<script\b", page)
        assert re.findall(r"<script\b(?![^>]*\ssrc=)[^>]*>", page) == []
        assert "onclick=" not in page
