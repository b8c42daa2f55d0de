"""The typed rows of the data files: one class for each kind of row."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from priorities.demo.notation import Span
from priorities.enums import Lifecycle, MissingReason, Provenance, Quality

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where figures come from, and since when that was public."""

    key: str
    title: str
    url: str
    published_on: dt.date
    dated_by_us: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One published value of a metric, or the reason why there is none."""

    span: Span
    value: Decimal | None
    missing: MissingReason | None
    quality: Quality
    categories: str
    source: str
    published_on: dt.date
    reason: str
    note: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetFigure:
    """One target; without a span it is for a date."""

    span: Span | None
    by: dt.date
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    adopted_on: dt.date
    authority: str
    source: str
    reason: str
    note: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineFigure:
    """Where a metric started."""

    on: dt.date
    value: Decimal
    source: str
    published_on: dt.date
    note: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What an item says from a day on, and the page that says so, if one does."""

    on: dt.date
    source: str
    changes: Row


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricData:
    """A metric with all its figures. ``fields`` go to the model as they are."""

    code: str
    fields: Row
    division: str
    priorities: tuple[str, ...]
    initiatives: tuple[str, ...]
    dimensions: tuple[str, ...]
    owner: str
    added_on: dt.date | None
    provenance: Provenance
    observations: tuple[Figure, ...]
    targets: tuple[TargetFigure, ...]
    baseline: BaselineFigure | None
    revisions: tuple[Revision, ...]

    @property
    def first_public(self) -> dt.date | None:
        """The day of its first figure, if it has any."""
        days = [f.published_on for f in self.observations] + [t.adopted_on for t in self.targets]
        if self.baseline:
            days.append(self.baseline.published_on)
        return min(days, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneData:
    """A dated step; ``key`` is what later changes refer to."""

    name: str
    due: str
    key: str = ""
    done: str = ""
    added_on: dt.date | None = None
    source: str = ""
    provenance: str = Provenance.PUBLISHED.value


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetData:
    """Money for an initiative in one fiscal year."""

    fiscal_year: int
    amount: str
    kind: str
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiativeData:
    """An initiative as its source and our placement have it."""

    code: str
    priority: str
    name: str
    summary: str
    source: str
    plan: str
    description: str = ""
    related: list[str] = field(default_factory=list)
    start: str = ""
    end: str = ""
    ongoing: bool = False
    added_on: dt.date | None = None
    lead: str = ""
    supporting: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    carried_from: str = ""
    budget: list[BudgetData] = field(default_factory=list)
    milestones: list[MilestoneData] = field(default_factory=list)
    revisions: list[Revision] = field(default_factory=list)
    provenance: str = Provenance.INFERRED.value


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityData:
    """A strategic priority."""

    plan: str
    code: str
    name: str
    summary: str
    source: str
    provenance: str
    description: str = ""
    metrics: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanData:
    """A plan, with the days on which it appeared and was closed."""

    code: str
    title: str
    start: dt.date
    end: dt.date
    added_on: dt.date
    closed_on: dt.date
    closing_entered_on: dt.date
    closing_reason: str
    source: str
    provenance: str
    note: str
    tagline: str = ""
    adopted_on: dt.date | None = None
    predecessor: str = ""
    reporting: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateData:
    """An illustrative status update, or the closing of an initiative."""

    initiative: str
    owner: str
    period: str
    on: dt.date
    lifecycle: str = Lifecycle.IN_PROGRESS.value
    health: str = ""
    percent: int | None = None
    said: str = ""
    next: str = ""
    cause: str = ""
    recovery: str = ""
    recovery_on: dt.date | None = None
    nothing_changed: bool = False
    close: str = ""
    closed_on: dt.date | None = None
    continued_in: str = ""
    draft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneChange:
    """A milestone that was done or moved."""

    initiative: str
    key: str
    on: dt.date
    due: str = ""
    done: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonData:
    """An account of the demonstration; no real person."""

    email: str
    name: str
    role: str
    division: str = ""
    superuser: bool = False
    signs_in: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """All the files, read."""

    sources: dict[str, Source]
    organization: Row
    organization_revisions: list[Row]
    divisions: list[Row]
    people: list[PersonData]
    plans: list[PlanData]
    priorities: list[PriorityData]
    initiatives: list[InitiativeData]
    metrics: list[MetricData]
    dimensions: list[Row]
    updates: list[UpdateData]
    owners: dict[str, str]
    milestone_changes: list[MilestoneChange]
    handshakes: Row
    assignments: list[Row]
    questions: list[Row]
    ratings: list[Row]
    meetings: Row

    def appeared(self, initiative: InitiativeData) -> dt.date:
        """The day on which an initiative came into its plan."""
        plan = next(plan for plan in self.plans if plan.code == initiative.plan)
        return initiative.added_on or plan.added_on

    def division_appeared(self, code: str) -> dt.date:
        """The day since which a division is known: that of its source."""
        row = next(row for row in self.divisions if row["code"] == code)
        return max(self.sources[row["source"]].published_on, self.organization["entered_on"])
