"""Steps that enter the agency, its people, the plans and what stands in them."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from priorities.actions import initiatives, people, plans
from priorities.demo.notation import parse_span
from priorities.demo.records import Records
from priorities.demo.rows import (
    BudgetData,
    InitiativeData,
    MilestoneData,
    PersonData,
    PlanData,
    PriorityData,
    Revision,
    Row,
    Source,
)
from priorities.demo.timeline import Rank, Timeline
from priorities.enums import Calendar, PlanState, Provenance, Role


def add_structure(timeline: Timeline, records: Records) -> None:
    """Note every step that the facts and reports stand on."""
    data = records.data
    first = data.organization["entered_on"]
    timeline.add(first, Rank.ORGANIZATION, partial(_organization, records))
    for change in data.organization_revisions:
        timeline.add(change["on"], Rank.ORGANIZATION, partial(_revise, records, change))
    for row in data.divisions:
        on = data.division_appeared(row["code"])
        timeline.add(on, Rank.DIVISION, partial(_division, records, row))
    for person in data.people:
        on = data.division_appeared(person.division) if person.division else first
        timeline.add(on, Rank.PERSON, partial(_person, records, person))
    for plan in data.plans:
        _add_plan(timeline, records, plan)
    order: dict[str, int] = {}
    for priority in data.priorities:
        order[priority.plan] = order.get(priority.plan, 0) + 1
        on = next(plan.added_on for plan in data.plans if plan.code == priority.plan)
        write = partial(_priority, records, priority, order[priority.plan])
        timeline.add(on, Rank.PRIORITY, write)
    for number, initiative in enumerate(data.initiatives, start=1):
        _add_initiative(timeline, records, initiative, number)


def _add_plan(timeline: Timeline, records: Records, plan: PlanData) -> None:
    timeline.add(plan.added_on, Rank.PLAN, partial(_plan, records, plan))
    if plan.reporting:
        timeline.add(plan.added_on, Rank.PERIOD, partial(_periods, records, plan))
    timeline.add(plan.closing_entered_on, Rank.CLOSING, partial(_close, records, plan))


def _add_initiative(timeline: Timeline, records: Records, row: InitiativeData, number: int) -> None:
    appeared = records.data.appeared(row)
    timeline.add(appeared, Rank.INITIATIVE, partial(_initiative, records, row, number))
    for revision in row.revisions:
        timeline.add(revision.on, Rank.WORDING, partial(_reword, records, row, revision))
    for step in row.milestones:
        on = max(appeared, step.added_on or appeared)
        timeline.add(on, Rank.MILESTONE, partial(_milestone, records, row, step))
    for line in row.budget:
        on = max(appeared, records.source(line.source).published_on)
        timeline.add(on, Rank.BUDGET, partial(_budget_line, records, row, line))


def _organization(records: Records, now: dt.datetime) -> None:
    own_words = ("entered_on", "source")
    row = {name: v for name, v in records.data.organization.items() if name not in own_words}
    records.organization = plans.create_organization(**row, by=records.by, now=now)


def _revise(records: Records, change: Row, now: dt.datetime) -> None:
    records.organization = plans.revise_organization(
        organization=records.agency,
        changes=change["changes"],
        reason=change["reason"],
        by=records.by,
        now=now,
    )


def _division(records: Records, row: Row, now: dt.datetime) -> None:
    fields = {name: value for name, value in row.items() if name != "source"}
    if "parent" in fields:
        fields["parent"] = records.divisions[fields["parent"]]
    records.divisions[row["code"]] = plans.create_division(**fields, by=records.by, now=now)


def _person(records: Records, row: PersonData, now: dt.datetime) -> None:
    person = people.create_person(
        email=row.email,
        name=row.name,
        password=records.password if row.signs_in else None,
        is_staff=row.superuser,
        is_superuser=row.superuser,
        by=records.by,
        now=now,
    )
    people.grant_role(
        person=person,
        role=Role(row.role),
        division=records.divisions[row.division] if row.division else None,
        on=now.date(),
        provenance=Provenance.ILLUSTRATIVE.value,
        by=records.by,
        now=now,
    )
    records.people[row.email] = person


def _plan(records: Records, row: PlanData, now: dt.datetime) -> None:
    records.plans[row.code] = plans.create_plan(
        code=row.code,
        organization=records.agency,
        title=row.title,
        tagline=row.tagline,
        period_start=row.start,
        period_end=row.end,
        adopted_on=row.adopted_on,
        source_url=records.source(row.source).url,
        state=PlanState.ACTIVE.value,
        predecessor=records.plans[row.predecessor] if row.predecessor else None,
        note=row.note,
        provenance=row.provenance,
        by=records.by,
        now=now,
    )


def _periods(records: Records, row: PlanData, now: dt.datetime) -> None:
    periods = plans.open_periods(
        plan=records.plans[row.code],
        calendar=Calendar.QUARTER,
        provenance=Provenance.ILLUSTRATIVE.value,
        by=records.by,
        now=now,
    )
    records.periods.update({f"{row.code}/{period.end}": period for period in periods})


def _close(records: Records, row: PlanData, now: dt.datetime) -> None:
    records.plans[row.code] = plans.close_plan(
        plan=records.plans[row.code],
        closed_on=row.closed_on,
        reason=row.closing_reason,
        by=records.by,
        now=now,
    )


def _priority(records: Records, row: PriorityData, order: int, now: dt.datetime) -> None:
    records.priorities[f"{row.plan}/{row.code}"] = plans.create_priority(
        plan=records.plans[row.plan],
        code=row.code,
        order=order,
        name=row.name,
        summary=row.summary,
        description=row.description,
        provenance=row.provenance,
        by=records.by,
        now=now,
    )


def _initiative(records: Records, row: InitiativeData, number: int, now: dt.datetime) -> None:
    start = parse_span(row.start) if row.start else None
    end = parse_span(row.end) if row.end else None
    fields: dict[str, Any] = {
        "plan": records.plans[row.plan],
        "priority": records.priorities[f"{row.plan}/{row.priority}"],
        "code": row.code,
        "order": number,
        "name": row.name,
        "summary": row.summary,
        "description": row.description,
        "lead_division": records.divisions[row.lead] if row.lead else None,
        "start": start.start if start else None,
        "start_precision": start.precision.value if start else None,
        "ongoing": row.ongoing,
        "end": end.end if end else None,
        "end_precision": end.precision.value if end else None,
        "tags": row.tags,
        "carried_from": records.initiatives.get(row.carried_from),
        "provenance": row.provenance,
        **_cited(records.source(row.source)),
    }
    fields = {name: value for name, value in fields.items() if value is not None}
    records.initiatives[f"{row.plan}/{row.code}"] = initiatives.create_initiative(
        **fields,
        related_priorities=[records.priorities[f"{row.plan}/{code}"] for code in row.related],
        supporting_divisions=[records.divisions[code] for code in row.supporting],
        by=records.by,
        now=now,
    )


def _reword(records: Records, row: InitiativeData, revision: Revision, now: dt.datetime) -> None:
    changes = revision.changes
    if revision.source:
        changes = changes | _cited(records.source(revision.source))
    code = f"{row.plan}/{row.code}"
    records.initiatives[code] = initiatives.revise_initiative(
        initiative=records.initiatives[code], changes=changes, by=records.by, now=now
    )


def _cited(source: Source) -> Row:
    """Where an initiative is told of, as fields."""
    return {"links": [{"label": source.title, "url": source.url}], "source_url": source.url}


def _milestone(
    records: Records, row: InitiativeData, step: MilestoneData, now: dt.datetime
) -> None:
    due = parse_span(step.due)
    milestone = initiatives.add_milestone(
        initiative=records.initiatives[f"{row.plan}/{row.code}"],
        name=step.name,
        due_on=due.end,
        due_precision=due.precision.value,
        done_on=parse_span(step.done).end if step.done else None,
        source_url=records.source(step.source).url if step.source else "",
        provenance=step.provenance,
        by=records.by,
        now=now,
    )
    if step.key:
        records.milestones[f"{row.plan}/{row.code}/{step.key}"] = milestone


def _budget_line(records: Records, row: InitiativeData, line: BudgetData, now: dt.datetime) -> None:
    source = records.source(line.source)
    initiatives.add_budget_line(
        initiative=records.initiatives[f"{row.plan}/{row.code}"],
        fiscal_year=line.fiscal_year,
        amount=line.amount,
        kind=line.kind,
        source=source.title,
        source_url=source.url,
        note=line.note,
        provenance=Provenance.PUBLISHED.value,
        by=records.by,
        now=now,
    )
