"""What the page of a metric is made from: the metric as worded then, its facts, its standing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from dashboards.pages import words
from dashboards.pages.portal import before_the_record
from dashboards.pages.questions import Asked, public_questions, rows_about
from dashboards.pages.rating import newest_rating, rating_rows
from dashboards.pages.reading import fiscal_start_month, metric_judge, missing
from dashboards.pages.words import Unit
from dashboards.visit import Visit
from priorities.assessment.freshness import Freshness
from priorities.assessment.metric_status import MetricStanding, covered_until
from priorities.models import Answer, Category, Dimension, Initiative, Metric, Priority, Question
from priorities.queries.changes import Change, changes
from priorities.queries.metric_facts import FactRow, MetricFacts, metric_facts
from priorities.queries.publication import (
    Document,
    Documents,
    documents,
    frame,
    later_changes,
    public_items,
)
from priorities.queries.reports import Rating
from priorities.saying import gettext as _

#: As many events of its history as the page tells.
MOST_CHANGES = 20


@dataclass(frozen=True, slots=True)
class Known:
    """A metric as known at the visit's moment."""

    visit: Visit
    found: Documents
    metric: Document
    unit: Unit
    facts: MetricFacts
    standing: MetricStanding
    freshness: Freshness
    fiscal_start_month: int
    questions: tuple[Asked, ...]
    rating: Rating | None
    history: tuple[Change, ...]

    def period(self, start: dt.date | None, end: dt.date) -> str:
        """The name of a period of this metric."""
        return words.period(start or end, end, fiscal_start_month=self.fiscal_start_month)

    def value(self, row: FactRow) -> str:
        """A row's value with its unit, or why it has none."""
        if row.value is None:
            return words.missing(row.missing)
        return words.quantity(row.value, self.unit)

    def targets_named(self) -> dict[int, str]:
        """What each target is called where a question points at it."""
        return {
            row.pk: _("About the target for %(period)s")
            % {"period": self.period(row.start, row.end) if row.start else words.month(row.end)}
            for row in self.facts.targets
        }

    def published_on(self, row: FactRow) -> dt.date:
        """The day on which a row became public, in the agency's time zone."""
        return row.published_at.astimezone(self.visit.tz).date()


def know_metric(visit: Visit, code: str) -> Known:
    """A metric with everything that its page tells.

    Queries: six (what to undo, documents, three tables of facts, its history).
    Errors: ``PageNotFound`` for a code that was not public then.
    """
    as_of = visit.as_of
    models = (Metric, Initiative, Priority, Dimension, Category, Question, Answer)
    undo = later_changes(*models, *(queryset.model for queryset in frame()), as_of=as_of)
    linked = Metric.initiatives.through.objects.filter(metric__code=code).values("initiative")
    # Links that were taken away since are known from the log alone.
    once = {item.rpartition("/")[2] for old in undo.values() for item in old.get("initiatives", ())}
    found = documents(
        *frame(),
        Metric.objects.filter(code=code),
        Priority.objects.all(),
        Initiative.objects.filter(Q(pk__in=linked) | Q(code__in=once)),
        Dimension.objects.all(),
        Category.objects.all(),
        *rows_about(metric__code=code),
        rating_rows(metric__code=code),
        as_of=as_of,
        undo=undo,
    )
    if visit.is_past and not found["organization"]:
        raise before_the_record(visit)
    found = public_items(found)
    metric = found["metric"].get(code)
    if metric is None:
        raise missing(visit, Metric, code)
    judge = metric_judge(visit, found)
    facts = metric_facts(metric["pk"], as_of=as_of)
    observed = facts.observed()
    return Known(
        visit=visit,
        found=found,
        metric=metric,
        unit=Unit.of(metric),
        facts=facts,
        standing=facts.standing(metric, judge),
        freshness=judge.freshness(
            metric,
            observed[0].start if observed else None,
            covered_until(observed, judge.judged_on(metric)),
        ),
        fiscal_start_month=fiscal_start_month(found),
        questions=public_questions(visit, found),
        rating=newest_rating(found),
        history=changes(
            until=as_of.moment, subject=(Metric.ITEM_TYPE, code), limit=MOST_CHANGES + 1
        ),
    )
