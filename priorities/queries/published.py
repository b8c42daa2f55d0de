"""The facts that became public between two moments, each with what it replaces.

Facts are never changed, so what is new of them is what was published in between.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import connection, models
from django.db.models import CharField, QuerySet, TextField, Value
from django.db.models.functions import Cast, JSONArray

from priorities.models import (
    Baseline,
    BudgetLine,
    Initiative,
    Observation,
    StatusUpdate,
    Target,
)
from priorities.models.base import Fact
from priorities.queries.prepared import Statement, day_of, prepared, utc_moment
from priorities.queries.series import plain

#: The columns of each kind of fact; long texts are read for those that are shown.
COLUMNS: Mapping[type[Fact], tuple[str, ...]] = {
    StatusUpdate: (
        "period_end",
        "lifecycle",
        "health",
        "percent_complete",
        "nothing_changed",
        "closed_on",
        "provenance",
    ),
    Observation: (
        "period_start",
        "period_end",
        "categories",
        "value",
        "missing_reason",
        "quality",
        "note",
        "reason",
        "provenance",
    ),
    Target: (
        "period_start",
        "period_end",
        "value",
        "low",
        "high",
        "adopted_on",
        "authority",
        "authority_url",
        "reason",
        "provenance",
    ),
    Baseline: ("on", "value", "source", "reason", "provenance"),
    BudgetLine: ("fiscal_year", "amount", "kind", "source", "reason", "provenance"),
}
#: Where each kind of fact says what it is about.
ABOUT: Mapping[type[Fact], str] = {
    StatusUpdate: "initiative",
    Observation: "metric",
    Target: "metric",
    Baseline: "metric",
    BudgetLine: "initiative",
}


@dataclass(frozen=True, slots=True)
class NewFact:
    """A fact published in between, and what stood in its place before; None when it is a first.

    ``about`` is the primary key of its initiative or metric. ``values`` and ``before`` are by
    column.
    """

    model: type[Fact]
    pk: int
    about: int
    published_at: dt.datetime
    values: Mapping[str, Any]
    before: Mapping[str, Any] | None


def published_between(
    plan_code: str, metrics: Collection[int], since: dt.datetime, until: dt.datetime
) -> tuple[NewFact, ...]:
    """The facts about a plan's initiatives and some metrics that were published in between.

    After ``since`` and up to ``until``; kind by kind, in the order in which they were recorded.
    Queries: one.
    """
    branches = [_branches(model, plan_code, metrics, since, until) for model in COLUMNS]
    statement = " UNION ALL ".join(sql for sql, _values in branches)
    found: dict[str, dict[int, dict[str, Any]]] = {each.ITEM_TYPE: {} for each in COLUMNS}
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for _sql, values in branches for value in values])
        for kind, told in cursor:
            row = _row(kind, json.loads(told) if isinstance(told, str) else told)
            found[kind][row["pk"]] = row
    return tuple(
        NewFact(
            model,
            row["pk"],
            row["about"],
            row["published_at"],
            row,
            found[model.ITEM_TYPE].get(row["supersedes"]),
        )
        for model in COLUMNS
        for row in sorted(found[model.ITEM_TYPE].values(), key=lambda row: row["pk"])
        if row["published_at"] > since
    )


def _branches(
    model: type[Fact],
    plan_code: str,
    metrics: Collection[int],
    since: dt.datetime,
    until: dt.datetime,
) -> Statement:
    """One kind of fact: what was published in between, and what that supersedes."""
    select, fixed = _select(model, connection.vendor)
    table = connection.ops.quote_name(model._meta.db_table)
    span = [connection.ops.adapt_datetimefield_value(moment) for moment in (since, until)]
    new: str = "published_at > %s AND published_at <= %s"
    values: list[Any] = [*span]
    if ABOUT[model] == "metric":
        new += f" AND metric_id IN ({', '.join(['%s'] * len(metrics)) or 'NULL'})"
        values = [*values, *metrics]
    else:
        keys, own = _initiatives_of(plan=plan_code)
        new += f" AND initiative_id IN ({keys})"
        values += own
    # The rows that are superseded come by a branch of their own: an OR would cost an index.
    older = f"SELECT supersedes_id FROM {table} WHERE {new}"  # noqa: S608 - no value is in it
    sql = f"{select} WHERE {new} UNION ALL {select} WHERE {table}.id IN ({older})"
    return sql, [*fixed, *values, *fixed, *values]


@prepared
def _initiatives_of(*, plan: str) -> QuerySet[Any]:
    return Initiative.objects.filter(plan__code=plan).order_by().values("pk")


@cache
def _select(model: Any, vendor: str) -> Statement:
    """All rows of a kind of fact as JSON, up to the condition; made once a database."""
    columns = ("pk", f"{ABOUT[model]}_id", "published_at", "supersedes_id", *COLUMNS[model])
    rows = model._default_manager.order_by().annotate(
        _kind=Value(model.ITEM_TYPE, output_field=CharField()),
        _told=Cast(JSONArray(*columns), TextField()),
    )
    sql, values = rows.values_list("_kind", "_told").query.sql_with_params()
    return sql, list(values)


def _row(kind: str, told: list[Any]) -> dict[str, Any]:
    """A fact by column, in Python values."""
    pk, about, published_at, supersedes, *values = told
    row = {"pk": pk, "about": about, "supersedes": supersedes}
    row["published_at"] = utc_moment(published_at)
    for (name, reading), value in zip(_readings(kind), values, strict=True):
        row[name] = value if reading is None or value is None else reading(value)
    return row


@cache
def _readings(kind: str) -> tuple[tuple[str, Callable[[Any], Any] | None], ...]:
    """How each column of a kind of fact is read from JSON."""
    model = next(each for each in COLUMNS if kind == each.ITEM_TYPE)
    fields = ((name, model._meta.get_field(name)) for name in COLUMNS[model])
    return tuple((name, _reading(field)) for name, field in fields)


def _reading(field: Any) -> Callable[[Any], Any] | None:
    match field:
        case models.DateField():
            return day_of
        case models.DecimalField():
            return lambda value: plain(Decimal(str(value)))
        case models.BooleanField():
            return bool
    return None
