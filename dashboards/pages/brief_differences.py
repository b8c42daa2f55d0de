"""What differs between the two ends of a brief: complete, because it is a difference of two states.

A state is what the JSON twins of a plan say at a moment, item by item: the plan, its priorities,
initiatives with what they show, milestones, metrics with what their numbers say, meetings and
reporting periods. Both ends are stated and set against each other by ``assessment.diff``; facts
are only ever added, so theirs are those published in between. Nothing is told by sentences about
events, so nothing can be forgotten: an event that left no difference is no difference.

What was published or planned in between is told, also of an item that was added since. What such
an item brought along from before the first date, and what one that left took with it, is no
difference of its own. A link is compared where both of its ends are public at both dates: else
the other item tells it.
Days overdue, next due dates, late milestones and disagreements follow from what is listed here and
from the calendar, and are no differences of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from dashboards.pages.brief_span import End, Ends
from dashboards.pages.cards import RatedMetric
from dashboards.pages.meetings import meetings_json
from dashboards.pages.milestones import milestone_json
from dashboards.pages.plan_facts import periods_json
from dashboards.pages.raw import raw
from priorities.assessment.diff import ItemChange, diff
from priorities.models import (
    Baseline,
    BudgetLine,
    Metric,
    Milestone,
    Observation,
    StatusUpdate,
    Target,
)
from priorities.queries.between import Rated, ratings_that_may_differ
from priorities.queries.publication import Document
from priorities.queries.published import COLUMNS, NewFact, published_between
from priorities.queries.standing import InitiativeRow

State = dict[str, dict[str, Any]]

PLAN = ("title", "tagline", "vision", "mission", "period_start", "period_end", "adopted_on",
        "state", "closed_on", "source_url", "grace_days", "note", "provenance")  # fmt: skip
PRIORITY = ("order", "name", "summary", "description", "retired_on", "provenance")
INITIATIVE = ("name", "summary", "description", "priority", "related_priorities", "lead_division",
              "supporting_divisions", "start", "start_precision", "end", "end_precision",
              "ongoing", "districts", "citywide", "tags", "links", "source_url", "cadence",
              "provenance")  # fmt: skip
METRIC = tuple(
    name
    for name in Metric.LOGGED
    if name not in ("code", "priorities", "initiatives", "order", "visibility")
)
#: The kinds of fact by their table, and the kind of item that each is about.
FACTS: Mapping[Any, tuple[str, str]] = {
    StatusUpdate: ("report", "initiative"),
    BudgetLine: ("budget_line", "initiative"),
    Observation: ("observation", "metric"),
    Target: ("target", "metric"),
    Baseline: ("baseline", "metric"),
}


@dataclass(frozen=True, slots=True)
class Differing:
    """One item that differs. ``what`` is added, removed or changed.

    ``code`` is its own within the plan, or the key of a fact; ``about`` is the code of the
    initiative or metric that a part belongs to. ``fields`` are old and new, as JSON has them;
    ``fact`` is what was published.
    """

    kind: str
    code: str
    what: str
    about: str = ""
    fields: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    fact: NewFact | None = None

    def data(self) -> dict[str, Any]:
        """The difference in raw values."""
        told: dict[str, Any] = {"kind": self.kind, "item": self.code, "what": self.what}
        if self.about:
            told["about"] = self.about
        if self.fields:
            told["fields"] = {name: list(moved) for name, moved in self.fields.items()}
        if self.fact is not None:
            before = self.fact.before
            names = COLUMNS[self.fact.model]
            told["new"] = raw({name: self.fact.values[name] for name in names})
            told["old"] = None if before is None else raw({name: before[name] for name in names})
            told["replaces"] = None if before is None else before["pk"]
            told["published_at"] = raw(self.fact.published_at)
        return told


def differences(ends: Ends) -> tuple[Differing, ...]:
    """Everything that differs between the two ends, each thing once.

    Queries: two (the ratings, and the facts that were published); none when both ends
    are the same moment.
    """
    if ends.is_empty:
        return ()
    span = ends.since.moment, ends.until.moment
    ratings = ratings_that_may_differ(ends.now.plan.code, *span)
    then, now = _states(ends, ratings)
    found, milestones = diff(then, now), _milestones(ends.now)
    return (
        *(_whole(key, "added") for key in found.added),
        *(_whole(key, "removed") for key in found.removed),
        *(_changed(milestones, each) for each in found.changed),
        *_first_ratings(ends, ratings),
        *_new_milestones(ends),
        *_questions(ends),
        *_facts(ends),
    )


def _whole(key: str, what: str) -> Differing:
    kind, _slash, code = key.partition("/")
    return Differing(kind, code, what)


def _changed(milestones: Mapping[str, Document], change: ItemChange) -> Differing:
    kind, _slash, code = change.code.partition("/")
    about = ""
    if kind == "milestone":
        about = milestones[code]["initiative"].partition("/")[2]
    fields = {moved.name: (moved.old, moved.new) for moved in change.fields}
    return Differing(kind, code, "changed", about, fields)


# ── The two states ───────────────────────────────────────────────────────────────────────────


def _states(ends: Ends, ratings: Iterable[Rated]) -> tuple[State, State]:
    """Both states, without the items that cannot differ."""
    now = _items(ends.now, ends.now)
    if ends.then is None:
        return {}, now | _rows(ends.now.plan.snapshot.rows)
    then, after = ends.then, ends.now
    both = _both(then, after)
    before, now = _items(then, after), _items(after, then)
    for state, end, other in ((before, then, after), (now, after, then)):
        state |= _initiatives(end, other, ratings) | _metrics(end, both)
    found = _milestones(after)
    for code, one in _milestones(then).items():
        if code in found and {_parent(one), _parent(found[code])} <= both:
            before[f"milestone/{code}"] = _milestone(then, one)
            now[f"milestone/{code}"] = _milestone(after, found[code])
    return before, now


def _milestone(end: End, milestone: Document) -> dict[str, Any]:
    """A milestone as the page of its initiative shows it at one end."""
    row = end.plan.snapshot.by_code.get(_parent(milestone))
    is_over = row is not None and row.standing.closed_on is not None
    return milestone_json(milestone, end.plan.judged_on, is_over=is_over)


def _both(then: End, now: End) -> frozenset[str]:
    """The initiatives that are public at both ends: only between these is a link compared."""
    return then.items & now.items


def _items(end: End, other: End) -> State:
    """The plan, its priorities, meetings, periods, and that there is a metric."""
    plan, code = end.plan, end.plan.code
    before = plan.plan["predecessor"]
    shown = before in plan.found["plan"] and before in other.plan.found["plan"]
    state: State = {
        f"plan/{code}": _picked(plan.plan, PLAN) | {"predecessor": before if shown else None}
    }
    for own, priority in plan.priorities.items():
        state[f"priority/{own}"] = _picked(priority, PRIORITY)
    state |= {f"meeting/{each['id']}": each for each in meetings_json(plan.found, code)}
    state |= {f"reporting_period/{each['id']}": each for each in periods_json(plan)}
    if end is other:
        state |= {f"metric/{own}": {} for own in end.metrics}
    return state


def _metrics(end: End, both: frozenset[str]) -> State:
    """The metrics of the plan, and what their numbers say."""
    return {f"metric/{code}": _metric(end, each, both) for code, each in end.metrics.items()}


def _metric(end: End, rated: RatedMetric, both: frozenset[str]) -> dict[str, Any]:
    metric, standing, head = rated.metric, rated.standing, f"{end.plan.code}/"
    own = (code.removeprefix(head) for code in metric["initiatives"] if code.startswith(head))
    return _picked(metric, METRIC) | {
        "priorities": sorted(c for c in metric["priorities"] if c.startswith(head)),
        "initiatives": sorted(f"{head}{code}" for code in own if code in both),
        "state": standing.state.value,
        "last_said": raw(standing.last_said),
    }


def _initiatives(end: End, other: End, ratings: Iterable[Rated]) -> State:
    """The initiatives whose wording, status or rating may differ, and those at this end alone."""
    both = _both(end, other)
    head, found = f"{end.plan.code}/", end.worded
    mine, others = end.plan.snapshot.by_code, other.plan.snapshot.by_code
    said = _ratings(end, ratings)
    state = _rows(row for code, row in mine.items() if code not in both)
    for code, row in mine.items():
        if code not in both:
            continue
        worded, rated, shown = f"{head}{code}" in found, row.pk in said, _shown(row)
        if worded or rated or shown != _shown(others[code]):
            fields = dict(zip(SHOWN, shown, strict=True))
            if worded:
                fields |= _worded(found[f"{head}{code}"], both, head)
            state[f"initiative/{code}"] = fields | (said[row.pk] if rated else {})
    return state


def _rows(rows: Iterable[InitiativeRow]) -> State:
    """Initiatives that are told as a whole."""
    return {f"initiative/{row.code}": {} for row in rows}


#: What an initiative shows.
SHOWN = ("state", "last_said", "closed_on")


def _shown(row: InitiativeRow) -> tuple[Any, ...]:
    standing = row.standing
    return standing.state.value, raw(standing.last_said), raw(standing.closed_on)


def _worded(document: Document, both: frozenset[str], head: str) -> dict[str, Any]:
    before = document["carried_from"] or ""
    shown = before.startswith(head) and before.removeprefix(head) in both
    return _picked(document, INITIATIVE) | {"carried_from": before if shown else None}


def _ratings(end: End, ratings: Iterable[Rated]) -> dict[int, dict[str, Any]]:
    """What the reviewer says at one end, of each initiative that was rated anew in between."""
    found: dict[int, dict[str, Any]] = {}
    moment = end.plan.visit.as_of.moment
    for each in ratings:
        said = found.setdefault(each.initiative, {})
        if each.published_at <= moment and not said:
            said |= {
                "reviewer_rating": each.rating,
                "reviewer_reason": each.reason,
                "reviewer_period_end": raw(each.period_end),
            }
    return found


def _milestones(end: End) -> dict[str, Document]:
    """Milestones by their key, as text."""
    return {str(each["pk"]): each for each in end.plan.found["milestone"].values()}


def _parent(milestone: Document) -> str:
    return str(milestone["initiative"].partition("/")[2])


def _picked(document: Document, names: Iterable[str]) -> dict[str, Any]:
    return {name: raw(document[name]) for name in names}


# ── What was only ever added ─────────────────────────────────────────────────────────────────


def _first_ratings(ends: Ends, ratings: Iterable[Rated]) -> Iterator[Differing]:
    """What reviewers say in between of the initiatives that were added since."""
    before = ends.then.items if ends.then else frozenset()
    said = _ratings(ends.now, ratings)
    for row in ends.now.plan.snapshot.rows:
        if row.pk in said and row.code not in before:
            fields = {name: (None, value) for name, value in said[row.pk].items()}
            yield Differing("initiative", row.code, "changed", fields=fields)


def _new_milestones(ends: Ends) -> Iterator[Differing]:
    """Milestones planned in between."""
    for code, each in _milestones(ends.now).items():
        if each["recorded_at"] > ends.since.moment and _parent(each) in ends.now.items:
            yield Differing(Milestone.ITEM_TYPE, code, "added", _parent(each))


def _questions(ends: Ends) -> Iterator[Differing]:
    """Questions asked, answered and closed in between."""
    known = ends.then.questions if ends.then else ()
    before = {each.question["pk"]: each.question for each in known}
    since = ends.since.moment
    for asked in ends.now.questions:
        question, about = asked.question, about_of(asked.question)
        code, was = str(question["pk"]), before.get(question["pk"])
        if was is not None and was["closed_on"] != question["closed_on"]:
            moved = raw(was["closed_on"]), raw(question["closed_on"])
            yield Differing("question", code, "changed", about, {"closed_on": moved})
        elif question["recorded_at"] > since:
            yield Differing("question", code, "added", about)
        for answer in asked.answers:
            if answer["published_at"] > since:
                yield Differing("answer", str(answer["pk"]), "added", about)


def about_of(question: Document) -> str:
    """The code of the initiative or the metric that a question is about."""
    return str(question["metric"] or question["initiative"].partition("/")[2])


def _facts(ends: Ends) -> Iterator[Differing]:
    """Facts published in between, of items that are public at the later end."""
    initiatives = {row.pk: row.code for row in ends.now.plan.snapshot.rows}
    metrics = {each.metric["pk"]: code for code, each in ends.now.metrics.items()}
    span = ends.since.moment, ends.until.moment
    for fact in published_between(ends.now.plan.code, list(metrics), *span):
        kind, subject = FACTS[fact.model]
        owners = initiatives if subject == "initiative" else metrics
        if fact.about in owners:
            yield Differing(kind, str(fact.pk), "added", owners[fact.about], fact=fact)
