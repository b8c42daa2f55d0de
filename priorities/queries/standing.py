"""How every initiative of a plan stands as of a moment: one statement for the whole plan."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple, cast

from django.db import connection
from django.db.models import IntegerField, OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Cast

from priorities.assessment.freshness import Freshness, Timetable, Window
from priorities.assessment.initiative_status import (
    InitiativeStanding,
    Reported,
    initiative_state,
)
from priorities.assessment.periods import AsOf
from priorities.enums import Calendar, Health, InitiativeState, Lifecycle, PlanState, Visibility
from priorities.models import Initiative, StatusUpdate
from priorities.queries.prepared import JsonRow, day_of, prepared, utc_moment
from priorities.queries.publication import Document, Undo

#: The columns of a plan's list; the rest of an initiative's wording is read with its own page.
COLUMNS = (
    "code",
    "name",
    "summary",
    "priority",
    "lead_division",
    "start",
    "end",
    "ongoing",
    "districts",
    "citywide",
    "visibility",
    "cadence",
    "order",
    "provenance",
    "recorded_at",
)
PATHS = {"priority": "priority__code", "lead_division": "lead_division__code"}
#: Columns that come as text and are read here: the same few values stand in many thousand rows.
READ_AS_TEXT = ("start", "end", "districts", "recorded_at")
START, END, DISTRICTS, RECORDED = map(COLUMNS.index, READ_AS_TEXT)
#: Columns whose yes or no comes as a number, which costs no conversion a row.
FLAGS = ("ongoing", "citywide")
ONGOING, CITYWIDE = map(COLUMNS.index, FLAGS)
#: What the newest published update of each says, in the order of the JSON array.
SAID = (
    "pk", "period_end", "lifecycle", "health", "percent_complete", "closed_on", "published_at",
    "provenance",
)  # fmt: skip


LIFECYCLES = {code.value: code for code in Lifecycle}
HEALTHS: dict[str, Health | None] = {"": None} | {code.value: code for code in Health}
CALENDARS = {code.value: code for code in Calendar}


class Latest(NamedTuple):
    """The newest published update of an initiative, without its texts."""

    pk: int
    period_end: dt.date
    lifecycle: Lifecycle
    health: Health | None
    percent_complete: int | None
    closed_on: dt.date | None
    published_at: dt.datetime
    provenance: str


class InitiativeRow(NamedTuple):
    """One initiative in a plan's list, and what it shows.

    ``priority`` and ``lead_division`` are codes; ``priority`` is the code within the plan.
    """

    pk: int
    code: str
    name: str
    summary: str
    priority: str
    lead_division: str | None
    start: dt.date | None
    end: dt.date | None
    ongoing: bool
    districts: tuple[int, ...]
    citywide: bool
    cadence: Calendar
    order: int
    provenance: str
    recorded_at: dt.datetime
    latest: Latest | None
    standing: InitiativeStanding
    freshness: Freshness

    @property
    def state(self) -> InitiativeState:
        """What it shows."""
        return self.standing.state


def latest_update(as_of: AsOf, *fields: str) -> Subquery:
    """For the initiative outside: the newest published update of the latest period, as an array.

    Measured against windows, DISTINCT ON, LATERAL and self-joins: the fastest on both databases,
    by the index ``status_update_latest``.
    """
    newest = (
        StatusUpdate.objects.filter(initiative=OuterRef("pk"), published_at__lte=as_of.moment)
        .order_by("-period_end", "-published_at", "-id")
        .values(said=Cast(JsonRow(*fields), TextField()))
    )
    return Subquery(newest[:1], output_field=TextField())


def closing_day(plan: Document) -> dt.date:
    """The day as of which a plan is judged for good.

    Closed by its agency: the day it was closed. Else it runs out on the day after the reports of
    its last period were due: until then they are asked for, and on that day silence shows.
    """
    closed = plan["state"] in (PlanState.CLOSED, PlanState.ARCHIVED)
    if closed and plan["closed_on"]:
        return cast(dt.date, plan["closed_on"])
    return cast(dt.date, plan["period_end"]) + dt.timedelta(days=plan["grace_days"] + 1)


def is_closed(plan: Document, day: dt.date) -> bool:
    """Is the plan over on that day: closed by its agency, or run out?"""
    closed = plan["state"] in (PlanState.CLOSED, PlanState.ARCHIVED)
    return day > closing_day(plan) or (closed and day >= closing_day(plan))


def expected_from(start: dt.date | None, recorded_at: dt.datetime, tz: dt.tzinfo) -> dt.date:
    """The first day of which a report on an initiative is expected.

    When its work starts, and not before the record knew of it: nobody can be silent about what
    was added later.
    """
    known = recorded_at.astimezone(tz).date()
    return known if start is None else max(start, known)


def timetables(periods: Iterable[Document], *, on: dt.date) -> dict[Calendar, Timetable]:
    """A timetable for each calendar that the plan has laid out periods for."""
    windows: dict[Calendar, list[Window]] = {}
    for period in periods:
        window = Window(period["start"], period["end"], period["due_on"])
        windows.setdefault(Calendar(period["calendar"]), []).append(window)
    return {calendar: Timetable(each, on=on) for calendar, each in windows.items()}


def standings(
    *,
    plan: Document,
    priorities: Mapping[str, Document],
    periods: Iterable[Document],
    as_of: AsOf,
    undo: Undo,
    tz: dt.tzinfo,
) -> tuple[InitiativeRow, ...]:
    """Every public initiative of a plan with what it shows, in the plan's order.

    ``undo``: what ``later_changes`` gave for ``Initiative``; ``priorities``: by item code, as of
    the same moment. Queries: one, whatever the size.
    """
    on = as_of.judged_on(closing_day(plan))
    tables = timetables(periods, on=on)
    silent = Timetable((), on=on)
    rows: list[InitiativeRow] = []
    with connection.cursor() as cursor:
        cursor.execute(*_statement(plan=plan["code"], moment=as_of.moment))
        for pk, *values, said in cursor:
            changed = undo.get((Initiative.ITEM_TYPE, pk))
            row = _row(pk, values, _latest(said), changed, tables, silent, tz)
            if row is not None:
                rows.append(row)
    # Sorted here, since databases collate codes differently and the order itself has a history.
    places = {document["code"]: document["order"] for document in priorities.values()}
    rows.sort(key=lambda row: (places.get(row.priority, 0), row.priority, row.order, row.code))
    return tuple(rows)


@prepared
def _statement(*, plan: str, moment: dt.datetime) -> QuerySet[Any]:
    """The one statement: a plan's initiatives, each with its newest published update."""
    return (
        Initiative.objects.filter(plan__code=plan, recorded_at__lte=moment)
        .annotate(said=latest_update(AsOf(moment, moment.date()), *SAID))
        .order_by()
        .annotate(**{f"_{name}": Cast(name, TextField()) for name in READ_AS_TEXT})
        .annotate(**{f"_{name}": Cast(name, IntegerField()) for name in FLAGS})
        .values_list("pk", *map(_path, COLUMNS), "said")
    )


def _path(column: str) -> str:
    """Where the statement finds a column."""
    return f"_{column}" if column in (*READ_AS_TEXT, *FLAGS) else PATHS.get(column, column)


@lru_cache(maxsize=4096)
def _numbers(text: str) -> tuple[int, ...]:
    return tuple(json.loads(text))


def _row(
    pk: int,
    values: list[Any],
    latest: Latest | None,
    changed: Mapping[str, Any] | None,
    tables: Mapping[Calendar, Timetable],
    silent: Timetable,
    tz: dt.tzinfo,
) -> InitiativeRow | None:
    """One row judged; None when the public could not see it."""
    values[START] = values[START] and day_of(values[START])
    values[END] = values[END] and day_of(values[END])
    values[DISTRICTS] = _numbers(values[DISTRICTS])
    values[RECORDED] = utc_moment(values[RECORDED])
    values[ONGOING], values[CITYWIDE] = bool(values[ONGOING]), bool(values[CITYWIDE])
    if changed:
        before = dict(zip(COLUMNS, values, strict=True)) | {
            name: value for name, value in changed.items() if name in COLUMNS
        }
        if "priority" in changed:
            before["priority"] = before["priority"].rpartition("/")[2]
        values = list(before.values())
    (code, name, summary, priority, division, start, end, ongoing, districts, citywide,
     visibility, cadence, order, provenance, recorded_at) = values  # fmt: skip
    if visibility != Visibility.PUBLIC:
        return None
    calendar = CALENDARS[cadence]
    freshness = tables.get(calendar, silent).freshness(
        latest.period_end if latest else None, expected_from(start, recorded_at, tz)
    )
    return InitiativeRow(
        pk, code, name, summary, priority, division, start, end, ongoing, tuple(districts),
        citywide, calendar, order, provenance, recorded_at, latest,
        initiative_state(reported(latest, tz), freshness), freshness,
    )  # fmt: skip


def reported(latest: Latest | None, tz: dt.tzinfo, reason: str = "") -> Reported | None:
    """What the rule needs of an update; its day is the agency's, not UTC's."""
    if latest is None:
        return None
    return Reported(
        lifecycle=latest.lifecycle,
        health=latest.health,
        percent=latest.percent_complete,
        closed_on=latest.closed_on,
        reason=reason,
        period_end=latest.period_end,
        published_on=latest.published_at.astimezone(tz).date(),
    )


def _latest(said: str | None) -> Latest | None:
    """The newest update, from the statement's array."""
    if said is None:
        return None
    pk, period_end, lifecycle, health, percent, closed_on, published_at, trust = json.loads(said)
    return Latest(
        pk,
        day_of(period_end),
        LIFECYCLES[lifecycle],
        HEALTHS[health],
        percent,
        day_of(closed_on) if closed_on else None,
        utc_moment(published_at),
        trust,
    )
