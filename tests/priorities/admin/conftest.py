"""Clients of the admin, signed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from tests.priorities.admin.browsing import read_form


@pytest.fixture
def system_administrator(db: None) -> User:
    return User.objects.create_superuser("root@example.org", "a long password", name="Root")


@pytest.fixture
def door(client: Client, system_administrator: User) -> Client:
    """A client signed in as a system administrator."""
    client.force_login(system_administrator)
    return client


@pytest.fixture
def send(door: Client) -> Callable[..., HttpResponse]:
    """Fetch a page, fill in what is given, save; returns the answer to the sending."""

    def act(address: str, **typed: Any) -> HttpResponse:
        page = door.get(address)
        assert page.status_code == 200, page.status_code
        data: dict[str, Any] = read_form(page) | typed
        return door.post(address, {name: v for name, v in data.items() if v is not None})

    return act
