"""The accessibility statement."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("summer")]


def test_it_says_where_to_write(client: Client) -> None:
    make.organization(contact_email="help@example.org")
    shown = client.get("/accessibility/").content.decode()
    assert '<a href="mailto:help@example.org">help@example.org</a>' in shown
    for heading in ("aim", "tested", "gaps", "contact"):
        assert f'<h2 id="{heading}">' in shown
    assert client.get("/accessibility.json").json()["aim"] == "WCAG 2.2 AA"


def test_without_an_address_none_is_shown(client: Client) -> None:
    make.organization()
    assert "mailto:" not in client.get("/accessibility/").content.decode()


@pytest.mark.parametrize("query", ["", "?as_of=2022-08-01"])
def test_three_statements(query: str, queries: Callable[[str], int]) -> None:
    make.plan()
    assert queries(f"/accessibility/{query}") == 3


def test_before_the_record_begins_there_is_nothing(client: Client) -> None:
    make.plan()
    assert client.get("/accessibility/?as_of=2001-01-01").status_code == 404
