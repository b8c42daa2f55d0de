"""The history of an item at its public address, for reviewers: with the names of who wrote it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import URLPattern, resolve, reverse

from accounts.models import User
from itaportal.review import public_urls
from priorities.actions import initiatives, metrics, plans
from priorities.enums import Role
from tests import factories as make

pytestmark = pytest.mark.django_db

PLAN = "/plans/ita-2022-2023/"
OF = {
    "plan": f"{PLAN}history",
    "priority": f"{PLAN}priorities/1/history",
    "initiative": f"{PLAN}initiatives/a/history",
    "metric": "/metrics/calls/history",
}
EVERY = pytest.mark.parametrize("path", OF.values(), ids=list(OF))
NAME = "Zelda Zebra"


@pytest.fixture(autouse=True)
def _summer() -> Iterator[None]:
    """It is 20 Aug 2022."""
    with time_machine.travel(make.at(2022, 8, 20, 12), tick=False):
        yield


@pytest.fixture(autouse=True)
def reviewer() -> User:
    """Somebody who reads what is internal; an administrator has changed one item of each kind."""
    zelda = make.grant(Role.PLAN_ADMINISTRATOR, person=make.person(name=NAME)).person
    act = {"by": zelda, "now": make.at(2022, 5, 10)}
    plan, top = make.plan(), make.priority(code="1")
    item = make.initiative(code="a", name="Apple", plan=plan, priority=top)
    metric = make.metric(code="calls", name="Calls")
    plans.revise_plan(plan=plan, changes={"tagline": "Anew."}, **act)
    plans.revise_priority(priority=top, changes={"name": "Anew"}, **act)
    initiatives.revise_initiative(initiative=item, changes={"summary": "Anew."}, **act)
    metrics.revise_metric(metric=metric, changes={"definition": "Anew."}, **act)
    return make.grant(Role.REVIEWER, person=make.person(name="Rita Reviewer")).person


@EVERY
def test_a_reviewer_reads_the_name_beside_the_role(
    path: str, client: Client, reviewer: User
) -> None:
    client.force_login(reviewer)
    response = client.get(f"{path}/")
    text = response.content.decode()
    assert f"By {NAME} (Plan administrator) ·" in text
    assert "With the names of staff, for reviewers." in text
    assert {"private", "no-store"} <= set(response.headers["Cache-Control"].split(", "))
    assert "Cookie" in response.headers["Vary"]
    assert "ETag" not in response.headers


@EVERY
@pytest.mark.parametrize("query", ["", "?as_of=2022-06-01"])
def test_a_stranger_reads_the_role_alone_and_the_page_is_cached(
    path: str, query: str, client: Client, reviewer: User
) -> None:
    own = Client()
    own.force_login(reviewer)
    assert NAME in own.get(f"{path}/{query}").content.decode()
    public = client.get(f"{path}/{query}")
    assert "By Plan administrator ·" in public.content.decode()
    assert "Zebra" not in public.content.decode()
    assert "With the names of staff" not in public.content.decode()
    assert public.headers["Cache-Control"].startswith("public")
    assert public.headers["Vary"] == "Accept-Encoding"


@EVERY
def test_the_twin_names_nobody_to_anyone(path: str, client: Client, reviewer: User) -> None:
    public = client.get(f"{path}.json")
    client.force_login(reviewer)
    own = client.get(f"{path}.json")
    assert own.content == public.content
    assert "Zebra" not in public.content.decode()
    assert public.json()["events"][0]["by"] == "Plan administrator"


@EVERY
def test_who_holds_no_role_gets_the_public_page(path: str, client: Client) -> None:
    stranger = client.get(f"{path}/").content
    client.force_login(make.person(name="Nora Nobody"))
    assert client.get(f"{path}/").content == stranger


def test_an_unknown_item_is_unknown_to_reviewers_too(client: Client, reviewer: User) -> None:
    client.force_login(reviewer)
    assert client.get(f"{PLAN}initiatives/none/history/").status_code == 404
    assert client.get(f"{PLAN}history/?page=9").status_code == 404


@pytest.mark.parametrize("door", public_urls.urlpatterns, ids=lambda door: door.name)
def test_each_door_of_reviewers_is_found_before_the_public_one(door: URLPattern) -> None:
    """The list of addresses lets only those pass that end as it expects."""
    codes = dict.fromkeys(door.pattern.converters, "some-code")
    public = reverse(f"dashboards:{door.name}", kwargs=codes)
    assert resolve(public).namespace == "instead"
