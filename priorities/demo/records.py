"""What has been built so far, by code, for the steps that refer to it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from accounts.models import User
from priorities.actions.recording import Actor
from priorities.demo.notation import Span
from priorities.demo.rows import Dataset, MetricData, Source
from priorities.enums import Provenance, Role
from priorities.labels import label
from priorities.models import (
    Assignment,
    Dimension,
    Division,
    Initiative,
    Meeting,
    Metric,
    Milestone,
    Observation,
    Organization,
    Plan,
    Priority,
    Question,
    ReportingPeriod,
)


@dataclass(slots=True)
class Records:
    """The data, who enters it, and the rows that exist so far."""

    data: Dataset
    by: Actor
    password: str
    organization: Organization | None = None
    divisions: dict[str, Division] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    plans: dict[str, Plan] = field(default_factory=dict)
    priorities: dict[str, Priority] = field(default_factory=dict)
    initiatives: dict[str, Initiative] = field(default_factory=dict)
    metrics: dict[str, Metric] = field(default_factory=dict)
    periods: dict[str, ReportingPeriod] = field(default_factory=dict)
    milestones: dict[str, Milestone] = field(default_factory=dict)
    dimensions: dict[str, Dimension] = field(default_factory=dict)
    assignments: dict[tuple[str, str], Assignment] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)
    meetings: dict[dt.date, Meeting] = field(default_factory=dict)
    observations: dict[tuple[str, Span, str], Observation] = field(default_factory=dict)

    @property
    def agency(self) -> Organization:
        """The agency, which the first step enters."""
        if self.organization is None:
            raise LookupError("The agency is not entered yet.")
        return self.organization

    def source(self, key: str) -> Source:
        """A source by its key."""
        return self.data.sources[key]

    def owner(self, email: str) -> Actor:
        """A person of the demonstration as the log names them: by role."""
        person = next(person for person in self.data.people if person.email == email)
        role = str(label(Role(person.role)))
        return Actor(name=person.name, role=role, door=self.by.door)

    def metric_appeared(self, metric: MetricData) -> dt.date:
        """The day of a metric's first figure, or the adoption of the current plan if earlier.

        One that is made up may come later than the plan: on the day that its file says.
        """
        if metric.added_on and metric.provenance == Provenance.ILLUSTRATIVE:
            return metric.added_on
        days = [day for day in (metric.added_on, metric.first_public) if day]
        adopted = next(plan.adopted_on for plan in self.data.plans if plan.adopted_on)
        return min([*days, adopted])
