"""Operations can ask whether the process lives and whether the portal can serve."""

from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.test import Client


def test_healthz_answers_without_a_database(client: Client) -> None:
    """No database mark here: touching the database would fail the test."""
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_readyz_says_ready_when_every_migration_is_there(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"ready": True, "checks": {"database": "ok", "migrations": "ok"}}


def test_readyz_says_503_when_the_database_does_not_answer(client: Client) -> None:
    with patch("itaportal.health._unapplied_migrations", side_effect=OperationalError("down")):
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["database"] == "does not answer"


def test_readyz_names_the_remedy_when_migrations_are_missing(client: Client) -> None:
    with patch("itaportal.health._unapplied_migrations", return_value=2):
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["migrations"] == "2 not applied; run: python manage.py migrate"


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_health_check_cannot_be_posted_to(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
