"""The page on following: every feed, and that of one item first."""

import html
from collections.abc import Callable
from urllib.parse import quote, urlencode

import pytest
from django.test import Client

from priorities.enums import Visibility
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("summer")]

PLAN = "/plans/ita-2022-2023/"


def a_plan() -> None:
    make.plan(title="The plan")
    make.metric(name="Calls", initiatives=[make.initiative(name="Fiber")])


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, response.content
    return " ".join(html.unescape(response.content.decode()).split())


def test_it_names_the_feeds_of_plans_and_priorities(client: Client) -> None:
    a_plan()
    make.plan(code="draft", title="Secret plan", state="draft")
    found = page(client, "/follow/")
    assert f'<a href="{PLAN}feed.atom">The plan</a>' in found
    assert f'<a href="{PLAN}priorities/1/feed.atom">Priority 1</a>' in found
    assert '<a href="/accounts/login/?next=%2Ffollow%2Fmail%2F">Follow by mail' in found
    assert "Secret plan" not in found


@pytest.mark.parametrize(
    ("of", "name", "path"),
    [
        ("plan:ita-2022-2023", "The plan", PLAN),
        ("priority:ita-2022-2023/1", "Priority 1", f"{PLAN}priorities/1/"),
        ("initiative:ita-2022-2023/initiative-1", "Fiber", f"{PLAN}initiatives/initiative-1/"),
        ("metric:metric-1", "Calls", "/metrics/metric-1/"),
    ],
)
def test_every_page_of_an_item_leads_to_how_it_is_followed(
    client: Client, of: str, name: str, path: str
) -> None:
    a_plan()
    way = f"/follow/?of={of}"
    assert f'<a href="{way}">Follow</a>' in page(client, path)
    assert f'<a href="{way}">Follow</a>' in page(client, f"{path}history/?as_of=2022-08-01")
    found = page(client, way)
    assert f"<h1>Follow {name}</h1>" in found
    assert f'<a href="{path}feed.atom">http://testserver{path}feed.atom</a>' in found
    assert client.get(f"/follow.json?of={of}").json()["feed"] == f"http://testserver{path}feed.atom"
    by_mail = quote(f"/follow/mail/add/?{urlencode({'of': of})}", safe="")
    assert f'<a href="/accounts/login/?next={by_mail}">Follow by mail' in found


@pytest.mark.parametrize("of", ["metric:none", "person:1", "initiative:ita-2022-2023/secret", "x"])
def test_what_is_not_public_cannot_be_followed(client: Client, of: str) -> None:
    a_plan()
    make.initiative(code="secret", visibility=Visibility.INTERNAL.value)
    assert client.get("/follow/", {"of": of}).status_code == 400


@pytest.mark.parametrize("number", [1, 3])
def test_three_statements_whatever_the_size(number: int, queries: Callable[[str], int]) -> None:
    for _each in range(number):
        make.priority()
        make.initiative()
    assert queries("/follow/?of=initiative:ita-2022-2023/initiative-1") == 3
