"""What is told of an item at one of two dates, fact by fact, to be set against the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import models

from dashboards.charts.printable import Printable
from dashboards.pages import initiative_known, metric_known, moves, words
from dashboards.pages.cards import rated_metrics
from dashboards.pages.elements import Link, Pill
from dashboards.pages.headline import headline
from dashboards.pages.history_known import MODELS
from dashboards.pages.metric_known import know_metric
from dashboards.pages.metric_tables import target_text
from dashboards.pages.milestones import milestone_json
from dashboards.pages.plan import PLAN_FIELDS, metrics_under
from dashboards.pages.raw import raw
from dashboards.pages.reading import Reading, missing, read_plan
from dashboards.pages.states import ORDER
from dashboards.pages.telling import Names, category_words
from dashboards.visit import Visit
from priorities.enums import DatePrecision
from priorities.labels import label
from priorities.models import Priority
from priorities.queries.metric_facts import FactRow
from priorities.queries.publication import Document, Documents, metrics_of_plan
from priorities.queries.standing import InitiativeRow
from priorities.saying import gettext as _

PRIORITY = ("name", "summary", "description", "order", "retired_on", "provenance")
INITIATIVE = ("name", "summary", "description", "priority", "related_priorities", "lead_division",
              "supporting_divisions", "start", "end", "ongoing", "districts", "citywide", "tags",
              "source_url", "cadence", "provenance")  # fmt: skip
METRIC = ("name", "definition", "unit", "unit_plural", "symbol", "kind", "decimals", "direction",
          "path", "accumulation", "calendar", "grace_days", "stage", "tolerance", "lead_division",
          "priorities", "initiatives", "headline", "source", "verification", "accuracy_needed",
          "known_limits", "limits_handling", "started_on", "retired_on",
          "provenance")  # fmt: skip
#: More metrics than this are not rated for both dates at once.
MOST_METRICS = 200
#: Days that are known only to the month, the quarter or the year.
PRECISE = frozenset({"start", "end"})


@dataclass(frozen=True, slots=True)
class Told(Printable):
    """One fact: under which heading, what it is called, what it says, in words and raw.

    ``way``: the kind and the codes of the item that it is about, when that has a page of its own.
    """

    group: str
    label: str
    text: str
    raw: Any
    pill: Pill | None = None
    way: tuple[str, Mapping[str, str]] | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """An item at one date. ``said`` is its state in a sentence or, where there is one, a pill.

    ``rows`` are the initiatives of a plan or a priority: of ten thousand only those that moved are
    put into words. ``unrated`` is how many metrics are too many to be rated here.
    """

    visit: Visit
    found: Documents
    plan: Document | None
    item: Link
    said: str
    pill: Pill | None
    facts: Mapping[str, Told]
    rows: Mapping[str, InitiativeRow] = field(default_factory=dict)
    unrated: int = 0


def told_row(side: Side, row: InitiativeRow) -> Told:
    """How an initiative of a plan stood."""
    pill = words.initiative_pill(row.standing)
    plan = str(side.plan["code"]) if side.plan else ""
    codes = {"plan": plan, "initiative": row.code}
    return Told("initiatives", row.name, pill.label, row.state.value, pill, ("initiative", codes))


def read_side(visit: Visit, kind: str, codes: Mapping[str, str]) -> Side:
    """An item as of the visit's moment. Queries: constant for each kind of item.

    Errors: ``PageNotFound`` when it was not public then.
    """
    if kind == "initiative":
        return _initiative(visit, codes["plan"], codes["initiative"])
    if kind == "metric":
        return _metric(visit, codes["metric"])
    plan = read_plan(visit, codes["plan"], metrics_of_plan(codes["plan"], visit.as_of))
    if kind == "plan":
        return _of_plan(plan, plan.plan, "", dict(_wording(plan, "plan", plan.plan, PLAN_FIELDS)))
    document = plan.priorities.get(codes["priority"])
    if document is None:
        raise missing(visit, Priority, "/".join(codes.values()))
    said = _wording(plan, "priority", document, PRIORITY)
    return _of_plan(plan, document, codes["priority"], dict(said))


# ── A plan and a priority ────────────────────────────────────────────────────────────────────


def _wording(
    plan: Reading, kind: str, document: Document, names: Iterable[str]
) -> Iterator[tuple[str, Told]]:
    return wording(plan.visit, Names(plan.found, {}, plan.code), kind, document, names)


def _of_plan(plan: Reading, document: Document, code: str, said: dict[str, Told]) -> Side:
    """How many initiatives are in each state, each of them, and the metrics."""
    visit, counts = plan.visit, plan.snapshot.counts(code or None)
    facts: dict[str, Told] = {
        f"count:{state.value}": Told(
            "counts", label(state), words.count(counts.get(state, 0)), counts.get(state, 0)
        )
        for state in ORDER
    }
    rows = plan.snapshot.of_priority(code) if code else plan.snapshot.rows
    metrics = metrics_under(plan).get(code, ())
    unrated = len(metrics) if len(metrics) > MOST_METRICS else 0
    for each in rated_metrics(visit, plan.found, () if unrated else metrics):
        pill, own = words.metric_pill(each.standing), each.metric["code"]
        way = ("metric", {"metric": own})
        facts[f"metric:{own}"] = Told(
            "metrics", each.metric["name"], pill.label, each.standing.state.value, pill, way
        )
    name = document["name"] if code else document["title"]
    where = {"plan": plan.code} | ({"priority": code} if code else {})
    item = Link(name, visit.link("priority" if code else "plan", query=None, **where))
    text = headline(counts, closed=plan.is_closed).text
    shown = {row.code: row for row in rows}
    return Side(visit, plan.found, plan.plan, item, text, None, {**facts, **said}, shown, unrated)


# ── An initiative ────────────────────────────────────────────────────────────────────────────


def _initiative(visit: Visit, plan_code: str, code: str) -> Side:
    known = initiative_known.read_initiative(visit, plan_code, code)
    pill = words.initiative_pill(known.standing)
    facts: dict[str, Told] = {
        "state": Told("state", _("Status"), pill.label, known.standing.state.value, pill),
        **dict(_reports(known)),
        **dict(_milestones(known)),
        **dict(_money(known)),
        **dict(wording(visit, Names(known.found), "initiative", known.initiative, INITIATIVE)),
    }
    url = visit.link("initiative", plan=plan_code, initiative=code)
    item = Link(known.initiative["name"], url)
    return Side(visit, known.found, known.plan, item, "", pill, facts)


def _reports(known: initiative_known.Known) -> Iterator[tuple[str, Told]]:
    """What the newest report says, and what a reviewer says publicly."""
    if known.reports:
        newest = known.reports[0]
        period = words.period(newest.period_start, newest.period_end)
        percent = newest.percent_complete
        yield "report:period", Told("state", _("Newest report"), period, raw(newest.period_end))
        if percent is not None:
            yield "report:percent", Told("state", _("Complete"), f"{percent}%", percent)
        for name, title, text in (
            ("narrative", _("What the owner says"), newest.narrative),
            ("cause", _("Cause"), newest.cause),
            ("recovery", _("Recovery"), newest.recovery_step),
        ):
            if text:
                yield f"report:{name}", Told("state", title, text, text)
        if newest.recovery_on:
            on = words.day(newest.recovery_on)
            yield "report:recovery_on", Told("state", _("Recovery by"), on, raw(newest.recovery_on))
    if known.rating:
        pill = words.state_pill(known.rating.rating)
        value = known.rating.rating.value
        yield "rating", Told("state", _("Reviewer’s rating"), pill.label, value, pill)


def _milestones(known: initiative_known.Known) -> Iterator[tuple[str, Told]]:
    """Each milestone: due, done or dropped."""
    for each in known.milestones:
        if each["dropped_on"]:
            text = _("dropped on %(day)s") % {"day": words.day(each["dropped_on"])}
        elif each["done_on"]:
            text = _("done on %(day)s") % {"day": words.day(each["done_on"])}
        else:
            due = words.dated(each["due_on"], each["due_precision"])
            text = _("due %(day)s") % {"day": due}
        data = milestone_json(each, known.on)
        fixed = {name: data[name] for name in data if name != "state"}
        yield f"milestone:{each['pk']}", Told("milestones", each["name"], text, fixed)


def _money(known: initiative_known.Known) -> Iterator[tuple[str, Told]]:
    """The budget by fiscal year and kind."""
    sums: dict[tuple[int, Any], Decimal] = {}
    for each in known.budget:
        if each.in_force:
            key = each.fiscal_year, each.kind
            sums[key] = sums.get(key, Decimal(0)) + each.amount
    for (year, kind), amount in sums.items():
        name = f"{words.fiscal_year(year)}, {words.lowered(label(kind))}"
        yield (
            f"budget:{year}:{kind.value}",
            Told("budget", name, words.dollars(amount), raw(amount)),
        )


# ── A metric ─────────────────────────────────────────────────────────────────────────────────


def _metric(visit: Visit, code: str) -> Side:
    known = know_metric(visit, code)
    pill = words.metric_pill(known.standing)
    shown = {
        "priorities": [c for c in known.metric["priorities"] if c in known.found["priority"]],
        "initiatives": [c for c in known.metric["initiatives"] if c in known.found["initiative"]],
    }
    document = known.metric | shown
    facts: dict[str, Told] = {
        "state": Told("state", _("Status"), pill.label, known.standing.state.value, pill),
        **dict(_figures(known)),
        **dict(wording(visit, Names(known.found), "metric", document, METRIC)),
    }
    item = Link(known.metric["name"], visit.link("metric", metric=code))
    return Side(visit, known.found, None, item, "", pill, facts)


def _figures(known: metric_known.Known) -> Iterator[tuple[str, Told]]:
    """Values, targets and the baseline in force, newest first."""
    for row in reversed(known.facts.observations):
        if row.in_force:
            name = known.period(row.start, row.end)
            if row.categories:
                name = f"{name}, {category_words(known.found, row.categories)}"
            data = {"value": raw(row.value), "missing": row.missing, "quality": row.quality}
            yield f"value:{_key(row)}", Told("values", name, _value(known, row), data)
    for row in reversed(known.facts.targets):
        if row.in_force:
            name = known.period(row.start, row.end) if row.start else words.month(row.end)
            data = {name: raw(getattr(row, name)) for name in ("value", "low", "high")}
            yield f"target:{_key(row)}", Told("targets", name, target_text(known, row), data)
    baseline = known.facts.baseline()
    if baseline is not None:
        text = words.quantity(baseline.value, known.unit)
        data = {"on": raw(baseline.on), "value": raw(baseline.value)}
        name = _("Baseline, %(day)s") % {"day": words.day(baseline.on)}
        yield "baseline", Told("targets", name, text, data)


def _value(known: metric_known.Known, row: FactRow) -> str:
    text = known.value(row)
    return _("%(value)s (estimate)") % {"value": text} if row.quality == "provisional" else text


def _key(row: FactRow) -> str:
    return f"{raw(row.start) or ''}/{raw(row.end)}/{row.categories}"


# ── Wording ──────────────────────────────────────────────────────────────────────────────────


def wording(
    visit: Visit, names: Names, kind: str, document: Document, fields: Iterable[str]
) -> Iterator[tuple[str, Told]]:
    """The fields of a row as a reader is told them; texts whole, since their ends may differ."""
    for name in fields:
        field: Any = MODELS[kind]._meta.get_field(name)
        value = document[name]
        data = raw(value)
        if name in PRECISE and value is not None:
            precision = document[f"{name}_precision"]
            text, data = words.dated(value, DatePrecision(precision)), [data, precision]
        elif isinstance(field, models.TextField) and value:
            text = str(value)
        else:
            text = moves.said(visit, names, field, data)
        yield f"field:{name}", Told("wording", moves.field_name(field), text, data)
