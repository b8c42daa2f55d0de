"""Pages in tests: a clock that stands still, and what a page costs."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboards.http import PAGES_SENT
from tests.worker import forget

#: The moment of every visit, unless a test travels on.
NOW = dt.datetime(2022, 8, 20, 19, tzinfo=dt.UTC)


@pytest.fixture
def summer() -> Iterator[time_machine.Traveller]:
    """It is 20 Aug 2022, noon in Los Angeles."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def read(client: Client) -> Callable[[str], dict[str, Any]]:
    """The JSON twin at an address."""

    def _read(path: str) -> dict[str, Any]:
        response = client.get(path)
        assert response.status_code == 200, response.content
        found: dict[str, Any] = response.json()
        return found

    return _read


@pytest.fixture
def queries(client: Client) -> Callable[[str], int]:
    """How many statements an uncached page takes in a worker that knows the agency's zone."""

    def _queries(path: str) -> int:
        forget()
        client.get("/plans/")
        PAGES_SENT.forget()
        with CaptureQueriesContext(connection) as captured:
            response = client.get(path)
        assert response.status_code == 200, response.content
        return len(captured)

    return _queries
