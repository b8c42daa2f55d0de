"""What can be downloaded: every address that is offered answers."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from dashboards.pages.data import CODES
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("summer")]

Read = Callable[[str], dict[str, Any]]


def test_every_file_that_is_offered_is_there(client: Client, read: Read) -> None:
    make.initiative(code="code", lead_division=make.division())
    make.observation(5)
    offered = read("/data.json")["downloads"]
    assert {each["kind"] for each in offered} == {
        "plans", "plan", "initiatives", "changes", "brief", "priority", "initiative",
        "initiative-history", "metrics", "metric", "division", "method",
    }  # fmt: skip
    for each in offered:
        answer = client.get(each["json"])
        assert answer.status_code == 200, each
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.json()
        assert client.get(each["page"]).status_code == 200, each


def test_addresses_keep_the_date(read: Read) -> None:
    make.initiative()
    for each in read("/data.json?as_of=2022-08-01")["downloads"]:
        assert each["json"].endswith("?as_of=2022-08-01")


def test_what_does_not_exist_is_called_not_yet(client: Client) -> None:
    make.plan()
    shown = client.get("/data/").content.decode()
    assert shown.index("Not yet") < shown.index("CSV")
    assert 'href="/data.csv' not in shown


def test_every_code_has_its_word(client: Client) -> None:
    make.plan()
    shown = client.get("/data/").content.decode()
    for enum in CODES.values():
        for code in enum:
            assert f"<td>{code.value}</td>" in shown


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("query", ["", "?as_of=2022-08-01"])
def test_three_statements_whatever_the_size(
    number: int, query: str, queries: Callable[[str], int]
) -> None:
    for _each in range(number):
        make.priority()
        make.metric()
    assert queries(f"/data/{query}") == 3


def test_before_the_record_begins_there_is_nothing(client: Client) -> None:
    make.plan()
    assert client.get("/data/?as_of=2001-01-01").status_code == 404
