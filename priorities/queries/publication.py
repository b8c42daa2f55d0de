"""The gate: what was public as of a moment.

Facts are told by ``published_at``. Wording is told by replaying the event log backward: the rows
as they stand now, with every later change undone. The same statements run for today and for any
past moment; today there is merely nothing to undo.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Concat

from priorities.assessment.periods import AsOf
from priorities.enums import DatePrecision, EventKind, PlanState, Visibility
from priorities.models import (
    ChangeEvent,
    Division,
    Meeting,
    Metric,
    Milestone,
    Organization,
    Plan,
    Recorded,
)
from priorities.queries.prepared import JsonList, JsonRow, Statement, day_of, prepared, utc_moment

#: One row in words: field name → Python value; related items by their codes; ``pk`` besides.
Document = dict[str, Any]
#: Documents by item type, then by item code, in their own order and else by code.
Documents = dict[str, dict[str, Document]]
#: (item type, item id) → field → what it was at the moment asked for.
Undo = dict[tuple[str, int], dict[str, Any]]
#: From a value of the database's JSON to Python's.
Reading = Callable[[Any], Any]


class Chosen(NamedTuple):
    """Some rows of a table: the condition that they meet, as SQL and its values."""

    model: type[Recorded]
    condition: str
    values: list[Any]


def chosen(queryset: QuerySet[Any] | Chosen) -> Chosen:
    """The rows of a queryset; no condition for all rows of a table."""
    if isinstance(queryset, Chosen):
        return queryset
    if not queryset.query.where:
        return Chosen(queryset.model, "", [])
    try:
        sql, values = queryset.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:  # the framework sees that nothing can match, such as one of no ids
        return Chosen(queryset.model, "1 = 0", [])
    return with_keys(queryset.model, (sql, list(values)))


def with_keys(model: type[Recorded], keys: Statement, name: str = "id") -> Chosen:
    """The rows of which a column, the primary key unless named, is among those of a statement."""
    sql, values = keys
    return Chosen(
        model, f"{connection.ops.quote_name(model._meta.db_table)}.{name} IN ({sql})", values
    )


def documents(*querysets: QuerySet[Any] | Chosen, as_of: AsOf, undo: Undo) -> Documents:
    """The rows of several tables as they stood, hidden ones included, in one statement.

    ``undo`` is what ``later_changes`` gave for their item types. Callers that show the result to
    the public take it through ``public_items``.
    """
    found: Documents = {queryset.model.ITEM_TYPE: {} for queryset in querysets}
    models_by_type = {queryset.model.ITEM_TYPE: queryset.model for queryset in querysets}
    branches = [_branch(chosen(queryset), as_of) for queryset in querysets]
    statement = " UNION ALL ".join(sql for sql, _values in branches)
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for _sql, values in branches for value in values])
        rows = cursor.fetchall()
    for item_type, pk, raw in rows:
        document = decode(models_by_type[item_type], raw)
        document.update(undo.get((item_type, pk), {}))
        document["pk"] = pk
        found[item_type][document["item_code"]] = document
    # Sorted here: databases collate codes differently, and the order itself has a history.
    return {
        item_type: dict(sorted(items.items(), key=lambda item: (item[1].get("order", 0), item[0])))
        for item_type, items in found.items()
    }


def _branch(rows: Chosen, as_of: AsOf) -> Statement:
    """One table's part of the statement: (item type, primary key, JSON of its logged fields)."""
    select, fixed = _select(rows.model, connection.vendor)
    table = connection.ops.quote_name(rows.model._meta.db_table)
    moment = connection.ops.adapt_datetimefield_value(as_of.moment)
    sql = f"{select} WHERE {table}.recorded_at <= %s"
    if rows.condition:
        sql = f"{sql} AND {rows.condition}"
    return sql, [*fixed, moment, *rows.values]


@cache
def _select(model: type[Recorded], vendor: str) -> tuple[str, tuple[Any, ...]]:
    """All rows of a table as JSON: the same text each time, so it is made once a database."""
    rows = (
        model._default_manager.order_by()
        .annotate(_type=Value(model.ITEM_TYPE, output_field=CharField()), _json=_json_of(model))
        .values_list("_type", "pk", "_json")
    )
    return rows.query.sql_with_params()


def _json_of(model: type[Recorded]) -> Cast:
    """The database expression for a row as JSON: the values of ``_columns``, in their order."""
    own = [_expression(model, name) for name in model.LOGGED]
    row = JsonRow(*own, code_expression(model, ""), F("recorded_at"))
    return Cast(row, models.TextField())


@cache
def _columns(model: type[Recorded]) -> tuple[str, ...]:
    """What a row as JSON holds."""
    return (*model.LOGGED, "item_code", "recorded_at")


def _expression(model: type[Recorded], name: str) -> Any:
    """The database expression for one logged field: a column, a code, or a list of codes."""
    field = model._meta.get_field(name)
    if isinstance(field, models.ManyToManyField):
        through: Any = field.remote_field.through
        own, other = field.m2m_field_name(), field.m2m_reverse_field_name()
        return Subquery(
            through._default_manager.filter(**{own: OuterRef("pk")})
            .order_by()
            .values(own)
            .annotate(codes=JsonList(code_expression(field.related_model, f"{other}__")))
            .values("codes")
        )
    if isinstance(field, models.ForeignKey):
        code = code_expression(field.related_model, f"{name}__")
        return Case(When(**{f"{name}__isnull": False}, then=code)) if field.null else code
    return F(name)


def code_expression(model: Any, prefix: str) -> Any:
    """The database expression for the item code of a row reached by ``prefix``."""
    if not hasattr(model, "CODE"):
        return F(f"{prefix}email")
    paths = [F(f"{prefix}{path}") for path in model.CODE]
    if len(paths) == 1:
        return paths[0]
    parts: list[Any] = []
    for path in paths:
        parts += [Value("/"), Cast(path, CharField())]
    return Concat(*parts[1:], output_field=CharField())


def decode(model: type[Recorded], raw: str) -> Document:
    """A row from its JSON, in Python values."""
    values = dict(zip(_columns(model), json.loads(raw), strict=True))
    for name, reading in _readings(model):
        values[name] = reading(values[name])
    return values


@cache
def _readings(model: type[Recorded]) -> tuple[tuple[str, Reading], ...]:
    """The logged fields of a table whose JSON is not their value yet, with how each is read."""
    fields = [model._meta.get_field(name) for name in model.LOGGED]
    fields.append(model._meta.get_field("recorded_at"))
    found = ((field.name, _reading(field)) for field in fields)
    return tuple((name, reading) for name, reading in found if reading is not None)


def decode_value(field: Any, value: Any) -> Any:
    """One value from the database's JSON or from the event log, as Python has it."""
    reading = _reading(field)
    return value if reading is None else reading(value)


def _reading(field: Any) -> Reading | None:
    """How a field's value is read from JSON; None where it stands as it is."""
    match field:
        case models.ManyToManyField():
            return _codes
        case models.ForeignKey():
            return None
        case models.DateTimeField():
            return _moment
        case models.DateField():
            return _day
        case models.DecimalField():
            return _decimal
        case models.BooleanField():
            return _flag
        case models.JSONField():
            return _json
    return None


def _codes(value: Any) -> list[str]:
    return sorted(json.loads(value) if isinstance(value, str) else value or [])


def _day(text: str | None) -> dt.date | None:
    return None if text is None else day_of(text)


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _flag(value: Any) -> bool | None:
    return None if value is None else bool(value)


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _moment(text: str | None) -> dt.datetime | None:
    return None if text is None else utc_moment(text)


def later_changes(*models_: type[Recorded], as_of: AsOf, plan_code: str | None = None) -> Undo:
    """What to undo: for each row changed since, each changed field's value at the moment.

    Rows made since are left out by their ``recorded_at``, so creations need no undoing. With
    ``plan_code``, only changes of that plan's rows, of plans and of what all plans share.
    Queries: one, over the index (item type, at); it finds nothing when asked for now.
    """
    by_type = {model.ITEM_TYPE: model for model in models_}
    about = {} if plan_code is None else {"plan": plan_code}
    sql, values = _later(tuple(by_type), of_plan=bool(about))(moment=as_of.moment, **about)
    undo: Undo = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        for item_type, item_id, fields in cursor:
            changed = undo.setdefault((item_type, item_id), {})
            model = by_type[item_type]
            for name, (old, _new) in _json(fields).items():
                changed[name] = decode_value(model._meta.get_field(name), old)
    return undo


@cache
def _later(item_types: tuple[str, ...], *, of_plan: bool) -> Callable[..., Statement]:
    """The statement for some types of item, of one plan or of all."""

    @prepared
    def events(*, moment: dt.datetime, plan: str = "") -> QuerySet[ChangeEvent, Any]:
        found = ChangeEvent.objects.filter(item_type__in=item_types, at__gt=moment)
        if of_plan:
            # As a CASE, so that no database takes the index of a plan's whole history: what
            # changed since is found by time, and mostly there is none.
            mine = Q(plan_code__in=("", plan)) | Q(item_type=Plan.ITEM_TYPE)
            found = found.annotate(mine=Case(When(mine, then=Value(1)), default=Value(0)))
            found = found.filter(mine=1)
        found = found.exclude(kind=EventKind.CREATED.value).order_by("-sequence")
        return found.values_list("item_type", "item_id", "fields")

    return events


def touched(model: type[Recorded], moment: dt.datetime) -> QuerySet[ChangeEvent, Any]:
    """The ids of rows changed after a moment, which did not begin then."""
    return (
        ChangeEvent.objects.filter(item_type=model.ITEM_TYPE, at__gt=moment)
        .exclude(kind=EventKind.CREATED.value)
        .order_by()
        .values("item_id")
    )


def touched_since(model: type[Recorded], as_of: AsOf) -> Subquery:
    """The ids of rows changed since: what a filter on a column that changes must let through."""
    return Subquery(touched(model, as_of.moment))


def is_public_plan(plan: Document) -> bool:
    """Was the plan more than a draft?"""
    return bool(plan["state"] != PlanState.DRAFT)


def public_items(found: Documents) -> Documents:
    """Only what the public may see: no draft plan and nothing in one, nothing internal.

    A row whose plan or initiative was not loaded with it is taken to be public: its caller has
    chosen it by one that is.
    """
    plans = {code: plan for code, plan in found.get("plan", {}).items() if is_public_plan(plan)}
    hidden_plans = set(found.get("plan", {})) - set(plans)

    def is_public(item_type: str, document: Document) -> bool:
        if item_type == "plan":
            return document["code"] in plans
        if document.get("plan") in hidden_plans:
            return False
        return bool(document.get("visibility", Visibility.PUBLIC) == Visibility.PUBLIC)

    shown: Documents = {
        item_type: {code: d for code, d in items.items() if is_public(item_type, d)}
        for item_type, items in found.items()
    }
    if "initiative" in found and "milestone" in found:
        shown["milestone"] = {
            code: d
            for code, d in shown["milestone"].items()
            if d["initiative"] in shown["initiative"]
        }
    return shown


#: What the header and the links of every public page need.
def frame() -> tuple[QuerySet[Any], ...]:
    """The tables that every public page needs: the agency, plans, their meetings, divisions."""
    return (
        Organization.objects.all(),
        Plan.objects.all(),
        Meeting.objects.all(),
        Division.objects.all(),
    )


def of_plan(model: type[Recorded], plan_code: str) -> Chosen:
    """Rows of one plan."""
    return with_keys(model, _plan(code=plan_code), "plan_id")


@prepared
def _plan(*, code: str) -> QuerySet[Any]:
    return Plan.objects.filter(code=code).order_by().values("pk")


def upcoming_milestones(plan_code: str, as_of: AsOf, until: dt.date) -> Chosen:
    """Milestones that may fall due by ``until``: by their date now, or touched since."""
    found = _upcoming(
        plan=plan_code,
        moment=as_of.moment,
        january=first_of_year(as_of.day),
        since=as_of.day,
        until=until,
    )
    return with_keys(Milestone, found)


def first_of_year(day: dt.date) -> dt.date:
    """From when on a date that names a month, a quarter or a year may be over only after a day."""
    return day.replace(month=1, day=1)


def due_in_part(january: dt.date, since: dt.date) -> Q:
    """Milestones whose date is before a day, but names a stretch that may end after it."""
    return Q(due_on__range=(january, since)) & ~Q(due_precision=DatePrecision.DAY.value)


@prepared
def _upcoming(
    *, plan: str, moment: dt.datetime, january: dt.date, since: dt.date, until: dt.date
) -> QuerySet[Milestone, Any]:
    own = Milestone.objects.filter(initiative__plan__code=plan).order_by().values("pk")
    # Searches side by side: an index serves each of them, and none serves their "or".
    touched = own.filter(pk__in=touched_since(Milestone, AsOf(moment, since)))
    in_part = own.filter(due_in_part(january, since))
    return own.filter(due_on__range=(since, until)).union(in_part, touched)


def metrics_of_plan(plan_code: str, as_of: AsOf) -> Chosen:
    """Metrics that may inform the plan: linked to it now, or touched since.

    What their documents say of the moment decides: ``informs_plan``.
    """
    return with_keys(Metric, _of_metrics(plan=plan_code, moment=as_of.moment))


@prepared
def _of_metrics(*, plan: str, moment: dt.datetime) -> QuerySet[Any]:
    priorities = Metric.priorities.through.objects.filter(priority__plan__code=plan)
    initiatives = Metric.initiatives.through.objects.filter(initiative__plan__code=plan)
    return (
        priorities.order_by()
        .values("metric")
        .union(
            initiatives.order_by().values("metric"),
            touched(Metric, moment),
        )
    )


def informs_plan(metric: Document, plan_code: str) -> bool:
    """Did the metric inform a priority or an initiative of the plan?"""
    links = (*metric["priorities"], *metric["initiatives"])
    return any(code.startswith(f"{plan_code}/") for code in links)


def first_public_moment() -> dt.datetime | None:
    """The moment of the first public event: before it there was nothing to show."""
    return ChangeEvent.objects.told().order_by("sequence").values_list("at", flat=True).first()
