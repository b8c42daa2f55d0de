"""What must be true of the data before anything is loaded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from priorities.demo.notation import Span, parse_span
from priorities.demo.rows import BaselineFigure, Dataset, Figure, MetricData, TargetFigure
from priorities.enums import (
    AssignmentRole,
    BudgetKind,
    Health,
    Lifecycle,
    Provenance,
    Role,
    Visibility,
)


def problems(data: Dataset) -> Iterator[str]:
    """What is wrong with the data, a sentence each; nothing when it may be loaded."""
    for metric in data.metrics:
        yield from _problems_of_metric(metric, data)
    initiatives = {f"{row.plan}/{row.code}" for row in data.initiatives}
    people = {person.email for person in data.people}
    for row in data.initiatives:
        for source in [row.source, *(line.source for line in row.budget)]:
            if source not in data.sources:
                yield f"{row.code}: unknown source {source!r}."
        for step in row.milestones:
            if step.provenance != Provenance.ILLUSTRATIVE and step.source not in data.sources:
                yield f"{row.code}: the milestone {step.name!r} has no source."
        yield from _unknown(row.code, [BudgetKind], (line.kind for line in row.budget))
    for update in data.updates:
        if update.initiative not in initiatives:
            yield f"Update of an unknown initiative {update.initiative!r}."
        if update.owner not in people:
            yield f"{update.initiative}: unknown owner {update.owner!r}."
        troubled = update.health not in ("", Health.ON_TRACK)
        if troubled and not (update.cause and update.recovery and update.recovery_on):
            yield f"{update.initiative} {update.period}: trouble without cause and way back."
        words = [word for word in (update.health,) if word]
        yield from _unknown(update.initiative, [Health], words)
        yield from _unknown(update.initiative, [Lifecycle], [update.close or update.lifecycle])
    for person in data.people:
        yield from _unknown(person.email, [Role], [person.role])
    for offer in data.assignments:
        yield from _unknown("assignment", [AssignmentRole], [offer.get("role", "owner")])
    if data.meetings["plan"] not in {plan.code for plan in data.plans}:
        yield f"Meetings of an unknown plan {data.meetings['plan']!r}."
    if data.meetings["person"] not in people:
        yield f"Meetings set by an unknown person {data.meetings['person']!r}."
    yield from _problems_of_time(data)
    asked: dict[str, str] = {}
    for question in data.questions:
        yield from _unknown("question", [Visibility], [question["visibility"]])
        before = question.get("follows")
        if before is not None and asked.get(before) != question["visibility"]:
            yield f"{question['text']!r} follows a question that is not there, or for others."
        asked[question["text"]] = question["visibility"]


def _problems_of_metric(metric: MetricData, data: Dataset) -> Iterator[str]:
    made_up = metric.provenance == Provenance.ILLUSTRATIVE
    rows: list[Figure | TargetFigure | BaselineFigure] = [*metric.observations, *metric.targets]
    if metric.baseline:
        rows.append(metric.baseline)
    for row in rows:
        if made_up != (row.provenance == Provenance.ILLUSTRATIVE):
            yield f"{metric.code}: published and illustrative figures are mixed."
        if not made_up and row.source not in data.sources:
            yield f"{metric.code}: a figure without a source."
    seen: set[tuple[Span, str]] = set()
    for figure in metric.observations:
        if (figure.value is None) == (figure.missing is None):
            yield f"{metric.code} {figure.span.end}: give a value, or why there is none."
        key = (figure.span, figure.categories)
        if (key in seen) != bool(figure.reason):
            yield f"{metric.code} {figure.span.end}: a replaced value has a reason, no other has."
        seen.add(key)


def _problems_of_time(data: Dataset) -> Iterator[str]:
    """What is told before it was known: a page shows what was public by the end of its day."""

    def early(where: str, source: str, on: dt.date) -> Iterator[str]:
        if source in data.sources and data.sources[source].published_on > on:
            yield f"{where}: its source {source!r} came later than {on}."

    for row in data.initiatives:
        appeared = data.appeared(row)
        yield from early(f"{row.plan}/{row.code}", row.source, appeared)
        for revision in row.revisions:
            yield from early(f"{row.plan}/{row.code}", revision.source, revision.on)
        for step in row.milestones:
            on = max(appeared, step.added_on or appeared)
            if step.done and parse_span(step.done).end > on:
                yield f"{row.plan}/{row.code}: {step.name!r} is told on {on}, before it was done."
    for metric in data.metrics:
        for revision in metric.revisions:
            yield from early(metric.code, revision.source, revision.on)
    for change in data.organization_revisions:
        yield from early("organization", change["source"], change["on"])
    for update in data.updates:
        if update.closed_on and update.closed_on > update.on:
            yield f"{update.initiative}: closed on {update.closed_on}, told on {update.on}."
    for move in data.milestone_changes:
        if move.done and parse_span(move.done).end > move.on:
            yield f"{move.initiative}: {move.key!r} is told on {move.on}, before it was done."


def _unknown(where: str, enums: list[type], words: Iterable[str]) -> Iterator[str]:
    for word in words:
        if not any(word in set(enum) for enum in enums):  # type: ignore[call-overload]
            yield f"{where}: {word!r} is no {enums[0].__name__}."
