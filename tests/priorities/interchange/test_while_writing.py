"""While somebody writes for long, everybody else can read."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from django.db import connection
from django.db.utils import ConnectionHandler


@pytest.mark.skipif(connection.vendor != "sqlite", reason="where SQLite is the database")
def test_a_new_connection_knows_json_while_the_database_is_locked(tmp_path: Path) -> None:
    """Django tries it in a transaction, which waits for the writer and then fails for good."""
    path = tmp_path / "a.sqlite3"
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("CREATE TABLE a (b)")
    writer.execute("BEGIN IMMEDIATE")
    mode = {"transaction_mode": "IMMEDIATE", "timeout": 0}
    engine = "django.db.backends.sqlite3"
    handler = ConnectionHandler({"default": {"ENGINE": engine, "NAME": str(path), "OPTIONS": mode}})
    reader = handler["default"]
    assert reader.features.supports_json_field
    reader.close()
    writer.close()
