"""What the page of an initiative is made from: its wording, facts and history on the day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from dashboards.pages.cards import RatedMetric, rated_metrics
from dashboards.pages.milestones import (
    ordered,
)
from dashboards.pages.questions import Asked, public_questions, rows_about
from dashboards.pages.reading import TABLES, missing
from dashboards.visit import Visit
from priorities.assessment.freshness import Freshness, Timetable
from priorities.assessment.initiative_status import (
    InitiativeStanding,
    initiative_state,
)
from priorities.enums import Calendar, Visibility
from priorities.models import (
    Answer,
    Initiative,
    Metric,
    Milestone,
    Priority,
    Question,
    ReportingPeriod,
)
from priorities.queries.changes import Change, changes
from priorities.queries.publication import (
    Document,
    Documents,
    documents,
    frame,
    is_public_plan,
    later_changes,
    of_plan,
    public_items,
    touched_since,
)
from priorities.queries.reports import (
    Money,
    Rating,
    Report,
    budget_of,
    continued,
    rating_of,
    reports_of,
)
from priorities.queries.standing import closing_day, expected_from, timetables

#: Of a long history the page tells the newest part.
MOST_CHANGES = 100


@dataclass(frozen=True, slots=True)
class Known:
    """What is known about an initiative on the day."""

    visit: Visit
    found: Documents
    plan: Document
    initiative: Document
    reports: tuple[Report, ...]
    budget: tuple[Money, ...]
    rating: Rating | None
    metrics: tuple[RatedMetric, ...]
    questions: tuple[Asked, ...]
    told: tuple[Change, ...]
    milestones: list[Document]
    on: dt.date

    @property
    def freshness(self) -> Freshness:
        """How far it is reported."""
        periods = self.found["reporting_period"].values()
        calendar = Calendar(self.initiative["cadence"])
        table = timetables(periods, on=self.on).get(calendar, Timetable((), on=self.on))
        newest = self.reports[0].period_end if self.reports else None
        start, known = self.initiative["start"], self.initiative["recorded_at"]
        return table.freshness(newest, expected_from(start, known, self.visit.tz))

    @property
    def standing(self) -> InitiativeStanding:
        """What it shows, and which fact decided."""
        newest = self.reports[0].reported(self.visit.tz) if self.reports else None
        return initiative_state(newest, self.freshness)


def read_initiative(visit: Visit, plan_code: str, code: str) -> Known:
    """An initiative as of the visit's moment.

    Queries: seven. Errors: ``PageNotFound`` when it is not public at that moment.
    """
    undo = later_changes(*TABLES, Question, Answer, as_of=visit.as_of)
    item = f"{plan_code}/{code}"
    informing = Metric.initiatives.through.objects.filter(
        initiative__plan__code=plan_code, initiative__code=code
    )
    found = documents(
        *frame(),
        of_plan(Priority, plan_code),
        ReportingPeriod.objects.filter(plan__code=plan_code),
        continued(plan_code, code),
        Milestone.objects.filter(initiative__plan__code=plan_code, initiative__code=code),
        Metric.objects.filter(
            Q(pk__in=informing.values("metric")) | Q(pk__in=touched_since(Metric, visit.as_of))
        ),
        *rows_about(initiative__plan__code=plan_code, initiative__code=code),
        as_of=visit.as_of,
        undo=undo,
    )
    plan, initiative = found["plan"].get(plan_code), found["initiative"].get(item)
    if (
        plan is None
        or initiative is None
        or not is_public_plan(plan)
        or initiative["visibility"] != Visibility.PUBLIC
    ):
        raise missing(visit, Initiative, item)
    found = public_items(found)
    metrics = [each for each in found["metric"].values() if item in each["initiatives"]]
    pk = initiative["pk"]
    return Known(
        visit=visit,
        found=found,
        plan=plan,
        initiative=initiative,
        reports=reports_of(pk, as_of=visit.as_of),
        budget=budget_of(pk, as_of=visit.as_of),
        rating=rating_of(pk, as_of=visit.as_of),
        metrics=rated_metrics(visit, found, metrics),
        questions=public_questions(visit, found),
        told=changes(
            until=visit.as_of.moment, subject=(Initiative.ITEM_TYPE, item), limit=MOST_CHANGES
        ),
        milestones=ordered(m for m in found["milestone"].values() if m["initiative"] == item),
        on=visit.as_of.judged_on(closing_day(plan)),
    )
