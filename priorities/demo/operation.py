"""Steps that enter the made-up operation: owners, updates, moved milestones, questions, ratings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial
from typing import Any

from priorities.actions import assignments, initiatives, reviews, updates
from priorities.demo.notation import parse_span
from priorities.demo.records import Records
from priorities.demo.rows import MilestoneChange, Row, UpdateData
from priorities.demo.timeline import Rank, Timeline
from priorities.enums import AssignmentRole, Health, Lifecycle, Provenance, Visibility
from priorities.models import Initiative, Metric, StatusUpdate

MARK = Provenance.ILLUSTRATIVE
REVIEWER = "reviewer@example.org"


def add_operation(timeline: Timeline, records: Records) -> None:
    """Note every made-up step."""
    data = records.data
    for row in _handshakes(records):
        _add_handshake(timeline, records, row)
    for update in data.updates:
        timeline.add(update.on, Rank.UPDATE, partial(_update, records, update))
    for change in data.milestone_changes:
        timeline.add(change.on, Rank.MILESTONE_CHANGE, partial(_move, records, change))
    for row in data.questions:
        _add_question(timeline, records, row)
    for row in data.ratings:
        timeline.add(row["on"], Rank.REVIEW, partial(_rate, records, row))


def _item(records: Records, row: Row) -> Initiative | Metric:
    if "metric" in row:
        return records.metrics[row["metric"]]
    return records.initiatives[_code(records, row)]


def _code(records: Records, row: Row) -> str:
    return str(row.get("metric") or f"{records.data.handshakes['plan']}/{row['initiative']}")


# ── Who answers for what ─────────────────────────────────────────────────────────────────────


def _handshakes(records: Records) -> Iterator[Row]:
    """Every offer with its days: owners of initiatives and metrics, then the odd ones."""
    data = records.data
    plan = data.handshakes["plan"]
    usual = {
        "offered_on": data.handshakes["owners_offered_on"],
        "accepted_on": data.handshakes["owners_accept_on"],
    }
    odd = {(row.get("initiative"), row["person"]) for row in data.assignments}
    appeared = {f"{row.plan}/{row.code}": data.appeared(row) for row in data.initiatives}
    for code, person in data.owners.items():
        short = code.removeprefix(f"{plan}/")
        if (short, person) not in odd:
            since = appeared[code]
            days = {name: max(day, since) for name, day in usual.items()}
            yield {"initiative": short, "person": person, **days}
    for metric in data.metrics:
        if metric.owner:
            since = records.metric_appeared(metric)
            days = {name: max(day, since) for name, day in usual.items()}
            yield {"metric": metric.code, "person": metric.owner, **days}
    for row in data.assignments:
        yield {"offered_on": usual["offered_on"], **row}


def _add_handshake(timeline: Timeline, records: Records, row: Row) -> None:
    timeline.add(row["offered_on"], Rank.ASSIGNMENT, partial(_offer, records, row))
    if "accepted_on" in row:
        timeline.add(row["accepted_on"], Rank.ASSIGNMENT, partial(_accept, records, row))
    if "declined_on" in row:
        timeline.add(row["declined_on"], Rank.ASSIGNMENT, partial(_decline, records, row))
    if "ended_on" in row:
        timeline.add(row["ended_on"], Rank.ASSIGNMENT, partial(_end, records, row))


def _offer(records: Records, row: Row, now: dt.datetime) -> None:
    key = (_code(records, row), row["person"])
    records.assignments[key] = assignments.offer_assignment(
        person=records.people[row["person"]],
        item=_item(records, row),
        role=AssignmentRole(row.get("role", AssignmentRole.OWNER)),
        on=now.date(),
        provenance=MARK,
        by=records.by,
        now=now,
    )


def _accept(records: Records, row: Row, now: dt.datetime) -> None:
    key = (_code(records, row), row["person"])
    records.assignments[key] = assignments.accept_assignment(
        assignment=records.assignments[key],
        on=now.date(),
        by=records.owner(row["person"]),
        now=now,
    )


def _decline(records: Records, row: Row, now: dt.datetime) -> None:
    assignments.decline_assignment(
        assignment=records.assignments[_code(records, row), row["person"]],
        reason=row["reason"],
        on=now.date(),
        by=records.owner(row["person"]),
        now=now,
    )


def _end(records: Records, row: Row, now: dt.datetime) -> None:
    assignments.end_assignment(
        assignment=records.assignments[_code(records, row), row["person"]],
        reason=row["reason"],
        on=now.date(),
        by=records.by,
        now=now,
    )


# ── What owners report ───────────────────────────────────────────────────────────────────────


def _update(records: Records, row: UpdateData, now: dt.datetime) -> None:
    plan, _, _ = row.initiative.partition("/")
    common: dict[str, Any] = {
        "initiative": records.initiatives[row.initiative],
        "period": records.periods[f"{plan}/{parse_span(row.period).end}"],
        "provenance": MARK.value,
        "by": records.owner(row.owner),
        "now": now,
    }
    if row.nothing_changed:
        updates.report_nothing_changed(**common)
    elif row.close:
        updates.close_initiative(
            lifecycle=Lifecycle(row.close),
            closed_on=row.closed_on,  # type: ignore[arg-type]
            reason=row.said,
            successor=records.initiatives[row.continued_in] if row.continued_in else None,
            percent_complete=100 if row.close == Lifecycle.COMPLETED else row.percent,
            **common,
        )
    elif row.draft:
        said = _said(row) | {"lifecycle": row.lifecycle, "health": row.health}
        updates.draft_update(**common, **said)
    else:
        updates.report(
            lifecycle=Lifecycle(row.lifecycle),
            health=Health(row.health) if row.health else None,
            **common,
            **_said(row),
        )


def _said(row: UpdateData) -> dict[str, Any]:
    return {
        "percent_complete": row.percent,
        "narrative": row.said,
        "next_steps": row.next,
        "cause": row.cause,
        "recovery_step": row.recovery,
        "recovery_on": row.recovery_on,
    }


def _move(records: Records, row: MilestoneChange, now: dt.datetime) -> None:
    changes: dict[str, object] = {}
    if row.due:
        due = parse_span(row.due)
        changes |= {"due_on": due.end, "due_precision": due.precision.value}
    if row.done:
        changes["done_on"] = parse_span(row.done).end
    key = f"{row.initiative}/{row.key}"
    records.milestones[key] = initiatives.revise_milestone(
        milestone=records.milestones[key],
        changes=changes,
        reason=row.reason,
        by=records.owner(records.data.owners[row.initiative]),
        now=now,
    )


# ── What reviewers ask ───────────────────────────────────────────────────────────────────────


def _add_question(timeline: Timeline, records: Records, row: Row) -> None:
    timeline.add(row["on"], Rank.REVIEW, partial(_ask, records, row))
    for answer in row.get("answers", []):
        timeline.add(answer["on"], Rank.REVIEW, partial(_answer, records, row, answer))
    if "closed_on" in row:
        timeline.add(row["closed_on"], Rank.REVIEW, partial(_content, records, row))


def _ask(records: Records, row: Row, now: dt.datetime) -> None:
    common: dict[str, Any] = {
        "text": row["text"],
        "answer_due_on": row["due"],
        "provenance": MARK.value,
        "by": records.owner(REVIEWER),
        "now": now,
    }
    if "follows" in row:
        asked = reviews.ask_on(question=records.questions[row["follows"]], **common)
    else:
        asked = reviews.ask(
            item=_item(records, row),
            asker=records.people[REVIEWER],
            visibility=Visibility(row["visibility"]),
            status_update=_report(records, row),
            **common,
        )
    records.questions[row["text"]] = asked


def _report(records: Records, row: Row) -> StatusUpdate | None:
    """The report that a question is about, if it is about one."""
    if "report" not in row:
        return None
    return StatusUpdate.objects.get(
        initiative=records.initiatives[_code(records, row)],
        period_end=parse_span(row["report"]).end,
        published_at__isnull=False,
    )


def _answer(records: Records, row: Row, answer: Row, now: dt.datetime) -> None:
    reviews.answer(
        question=records.questions[row["text"]],
        author=records.people[answer["person"]],
        text=answer["text"],
        provenance=MARK.value,
        by=records.owner(answer["person"]),
        now=now,
    )


def _content(records: Records, row: Row, now: dt.datetime) -> None:
    reviews.close_question(
        question=records.questions[row["text"]],
        on=now.date(),
        by=records.owner(REVIEWER),
        now=now,
    )


def _rate(records: Records, row: Row, now: dt.datetime) -> None:
    reviews.rate(
        item=_item(records, row),
        reviewer=records.people[REVIEWER],
        rating=Health(row["rating"]),
        reason=row["reason"],
        period_end=parse_span(row["period"]).end,
        visibility=Visibility(row["visibility"]),
        provenance=MARK.value,
        by=records.owner(REVIEWER),
        now=now,
    )
