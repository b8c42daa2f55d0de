"""Statements whose text is made once: only their values differ from visit to visit.

Writing the SQL of a query takes the framework longer than many a database takes to answer it. The
text depends on the shape of the question alone, so it is made the first time and kept; each visit
puts its own values in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable
from functools import lru_cache, wraps
from typing import Any

from django.db import connection
from django.db.models import Aggregate, Func, JSONField, QuerySet

#: A statement ready to be run: its text and its values.
Statement = tuple[str, list[Any]]


class JsonList(Aggregate):
    """Values of related rows as one list of a ``JsonRow``, in no order."""

    function = "JSON_GROUP_ARRAY"
    output_field = JSONField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """PostgreSQL turns its own lists into JSON's, faster than it gathers JSON."""
        return super().as_sql(compiler, connection, function="ARRAY_AGG", **context)


class JsonRow(Func):
    """Some values as one JSON list, in their order.

    The framework's own asks PostgreSQL for its binary JSON, which is parsed and indexed first and
    takes half as long again to make.
    """

    function = "JSON_ARRAY"
    output_field = JSONField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """PostgreSQL's name for it, in all its versions."""
        return super().as_sql(compiler, connection, function="JSON_BUILD_ARRAY", **context)


def prepared(make: Callable[..., QuerySet[Any]]) -> Callable[..., Statement]:
    """Turn a function from values to a queryset into one from values to its statement.

    ``make`` takes strings, dates and moments by keyword and hands each to the queryset as it is:
    it may not look at them, since it is called once a database, with stand-ins. A value that does
    not turn up in the statement is a mistake in ``make``: ValueError.
    """
    texts: dict[str, tuple[str, list[tuple[str | None, Any]]]] = {}

    @wraps(make)
    def statement(**values: Any) -> Statement:
        text = texts.get(connection.vendor)
        if text is None:
            text = texts[connection.vendor] = _text(make, values)
        sql, places = text
        adapted = {name: _adapted(value) for name, value in values.items()}
        return sql, [fixed if name is None else adapted[name] for name, fixed in places]

    return statement


@lru_cache(maxsize=16_384)
def day_of(text: str) -> dt.date:
    """A date from a statement's text: a few hundred of them stand in many thousand rows."""
    return dt.date.fromisoformat(text)


@lru_cache(maxsize=16_384)
def utc_moment(value: dt.datetime | str) -> dt.datetime:
    """A moment as a statement's row holds it; SQLite keeps UTC as text, without saying so."""
    moment = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _text(
    make: Callable[..., QuerySet[Any]], values: dict[str, Any]
) -> tuple[str, list[tuple[str | None, Any]]]:
    """The text, and for each of its places the name of the value there, or what always stands."""
    markers = {name: _marker(at, value) for at, (name, value) in enumerate(values.items(), 1)}
    sql, given = make(**markers).query.sql_with_params()
    names = {_adapted(marker): name for name, marker in markers.items()}
    # What cannot be hashed, such as a path into a JSON value, is never a stand-in.
    places = [(names.get(value) if isinstance(value, Hashable) else None, value) for value in given]
    if missing := set(markers) - {name for name, _value in places}:
        raise ValueError(f"{', '.join(sorted(missing))} is not handed to the statement as it is.")
    return sql, places


def _marker(at: int, value: Any) -> Any:
    """A stand-in of the value's own kind that no query holds of itself."""
    if isinstance(value, dt.datetime):
        return dt.datetime(3, 1, at, tzinfo=dt.UTC)
    if isinstance(value, dt.date):
        return dt.date(2, 1, at)
    return f"\x00{at}"


def _adapted(value: Any) -> Any:
    """A value as the database's driver takes it."""
    if isinstance(value, dt.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, dt.date):
        return connection.ops.adapt_datefield_value(value)
    return value
