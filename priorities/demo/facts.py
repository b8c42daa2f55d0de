"""Steps that enter the metrics, their values, targets and baselines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import partial

from priorities.actions import metrics, observations, targets
from priorities.demo.records import Records
from priorities.demo.rows import BaselineFigure, Figure, MetricData, Row, TargetFigure
from priorities.demo.timeline import Rank, Timeline
from priorities.enums import Provenance


def add_metrics(timeline: Timeline, records: Records) -> None:
    """Note every step about metrics."""
    data = records.data
    adopted = next(plan.adopted_on for plan in data.plans if plan.adopted_on)
    for row in data.dimensions:
        timeline.add(adopted, Rank.METRIC, partial(_dimension, records, row))
    for metric in data.metrics:
        appeared = records.metric_appeared(metric)
        timeline.add(appeared, Rank.METRIC, partial(_metric, records, metric))
        if metric.division and (known := data.division_appeared(metric.division)) > appeared:
            timeline.add(known, Rank.LINK, partial(_lead, records, metric))
        for revision in metric.revisions:
            write = partial(_reword, records, metric, revision.changes)
            timeline.add(revision.on, Rank.WORDING, write)
        for on, links in _links(records, metric):
            timeline.add(on, Rank.LINK, partial(_link, records, metric, links))
        if metric.baseline:
            write = partial(_baseline, records, metric, metric.baseline)
            timeline.add(metric.baseline.published_on, Rank.BASELINE, write)
        for target in metric.targets:
            write = partial(_target, records, metric, target)
            timeline.add(target.adopted_on, Rank.TARGET, write)
        for figure in metric.observations:
            write = partial(_observation, records, metric, figure)
            timeline.add(figure.published_on, Rank.OBSERVATION, write)


def _links(
    records: Records, metric: MetricData
) -> Iterable[tuple[dt.date, tuple[list[str], list[str]]]]:
    """What a metric informs, each time that grows: (day, (priorities, initiatives))."""
    data = records.data
    current = next(plan for plan in data.plans if plan.adopted_on)
    begun = {plan.code: plan.added_on for plan in data.plans}
    days: dict[str, dt.date] = {}
    for code in metric.priorities:
        days[f"priority {current.code}/{code}"] = current.added_on
    for priority in data.priorities:
        if metric.code in priority.metrics:
            days[f"priority {priority.plan}/{priority.code}"] = begun[priority.plan]
    for row in data.initiatives:
        if row.plan == current.code and row.code in metric.initiatives:
            days[f"initiative {row.plan}/{row.code}"] = data.appeared(row)
    appeared = records.metric_appeared(metric)
    days = {link: max(day, appeared) for link, day in days.items()}
    for day in sorted(set(days.values())):
        known = [link.split(" ", 1) for link, since in days.items() if since <= day]
        yield (
            day,
            (
                [code for kind, code in known if kind == "priority"],
                [code for kind, code in known if kind == "initiative"],
            ),
        )


def _dimension(records: Records, row: Row, now: dt.datetime) -> None:
    mark = Provenance.ILLUSTRATIVE.value
    made = metrics.create_dimension(
        code=row["code"], name=row["name"], provenance=mark, by=records.by, now=now
    )
    records.dimensions[row["code"]] = made
    for order, category in enumerate(row["categories"], start=1):
        metrics.create_category(
            dimension=made, order=order, provenance=mark, by=records.by, now=now, **category
        )


def _metric(records: Records, row: MetricData, now: dt.datetime) -> None:
    records.metrics[row.code] = metrics.create_metric(
        code=row.code,
        lead_division=records.divisions.get(row.division),
        dimensions=[records.dimensions[code] for code in row.dimensions],
        provenance=row.provenance.value,
        by=records.by,
        now=now,
        **row.fields,
    )


def _lead(records: Records, row: MetricData, now: dt.datetime) -> None:
    """The division that the budget names later than the measure."""
    _reword(records, row, {"lead_division": records.divisions[row.division]}, now)


def _reword(records: Records, row: MetricData, changes: Row, now: dt.datetime) -> None:
    records.metrics[row.code] = metrics.revise_metric(
        metric=records.metrics[row.code], changes=changes, by=records.by, now=now
    )


def _link(
    records: Records, row: MetricData, links: tuple[list[str], list[str]], now: dt.datetime
) -> None:
    priorities, initiatives = links
    changes = {
        "priorities": [records.priorities[code] for code in priorities],
        "initiatives": [records.initiatives[code] for code in initiatives],
    }
    _reword(records, row, changes, now)


def _cited(records: Records, key: str) -> dict[str, str]:
    """The source of a figure as a fact's fields; made-up figures say that they are."""
    if not key:
        return {"source": "Illustrative", "source_url": ""}
    source = records.source(key)
    return {"source": source.title, "source_url": source.url}


def _baseline(records: Records, row: MetricData, line: BaselineFigure, now: dt.datetime) -> None:
    targets.set_baseline(
        metric=records.metrics[row.code],
        on=line.on,
        value=line.value,
        note=line.note,
        provenance=line.provenance.value,
        by=records.by,
        now=now,
        **_cited(records, line.source),
    )


def _target(records: Records, row: MetricData, line: TargetFigure, now: dt.datetime) -> None:
    targets.set_target(
        metric=records.metrics[row.code],
        period_start=line.span.start if line.span else None,
        period_end=line.by,
        value=line.value,
        low=line.low,
        high=line.high,
        adopted_on=line.adopted_on,
        authority=line.authority,
        authority_url=records.source(line.source).url if line.source else "",
        reason=line.reason,
        note=line.note,
        provenance=line.provenance.value,
        by=records.by,
        now=now,
    )


def _observation(records: Records, row: MetricData, line: Figure, now: dt.datetime) -> None:
    key = (row.code, line.span, line.categories)
    before = records.observations.get(key)
    if before is None:
        made = observations.record_observation(
            metric=records.metrics[row.code],
            period_start=line.span.start,
            period_end=line.span.end,
            categories=line.categories,
            value=line.value,
            missing_reason=line.missing,
            quality=line.quality,
            note=line.note,
            provenance=line.provenance.value,
            by=records.by,
            now=now,
            **_cited(records, line.source),
        )
    else:
        made = observations.correct_observation(
            observation=before,
            reason=line.reason,
            value=line.value,
            missing_reason=line.missing,
            quality=line.quality,
            note=line.note,
            provenance=line.provenance.value,
            by=records.by,
            now=now,
            **_cited(records, line.source),
        )
    records.observations[key] = made
