"""What is internal to the review of a plan, as of a moment: nothing here is for the public."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Q

from priorities.assessment.periods import AsOf
from priorities.enums import UpdateState, Visibility
from priorities.models import (
    Answer,
    ChangeEvent,
    Initiative,
    Metric,
    Question,
    ReviewRating,
    StatusUpdate,
)
from priorities.queries.publication import (
    Document,
    documents,
    later_changes,
    touched_since,
)

TABLES = (Initiative, Metric, StatusUpdate, Question, Answer, ReviewRating)


@dataclass(frozen=True, slots=True)
class Internal:
    """The internal rows of a plan, oldest first.

    Items that are not public, updates that wait to be published, and what reviewers say among
    themselves. ``answers`` are by the key of their question, ``names`` of the items by their code.
    """

    initiatives: tuple[Document, ...]
    metrics: tuple[Document, ...]
    submitted: tuple[Document, ...]
    questions: tuple[Document, ...]
    answers: dict[int, list[Document]]
    ratings: tuple[Document, ...]
    names: dict[str, str]


def internal_of(
    plan_code: str, metrics: Collection[int], *, since: dt.datetime, as_of: AsOf
) -> Internal:
    """What is internal to a plan and to some metrics. ``since``: of the ratings only newer ones.

    Queries: two.
    """
    undo = later_changes(*TABLES, as_of=as_of)
    inside = Visibility.INTERNAL.value
    own = Q(initiative__plan__code=plan_code)
    hidden_metrics = Q(initiatives__plan__code=plan_code) | Q(priorities__plan__code=plan_code)
    linked = Metric.objects.filter(hidden_metrics | Q(pk__in=list(metrics))).values("pk")
    about = own | Q(metric__in=linked)
    # A public question about what is hidden now is told to reviewers alone, like the item.
    hidden = Q(initiative__visibility=inside) | Q(metric__visibility=inside)
    asked = Question.objects.filter(about, Q(visibility=inside) | hidden)
    found = documents(
        Initiative.objects.filter(
            Q(visibility=inside) | Q(pk__in=touched_since(Initiative, as_of)),
            plan__code=plan_code,
        ),
        Metric.objects.filter(
            Q(visibility=inside) | Q(pk__in=touched_since(Metric, as_of)), pk__in=linked
        ),
        StatusUpdate.objects.filter(
            own, Q(state=UpdateState.SUBMITTED.value) | Q(pk__in=touched_since(StatusUpdate, as_of))
        ),
        asked,
        Answer.objects.filter(question__in=asked.order_by().values("pk")),
        ReviewRating.objects.filter(about, visibility=inside, published_at__gt=since),
        as_of=as_of,
        undo=undo,
    )
    answers: dict[int, list[Document]] = {}
    for answer in sorted(found["answer"].values(), key=lambda each: each["pk"]):
        answers.setdefault(int(answer["question"]), []).append(answer)
    items = {**found["initiative"], **found["metric"]}

    def rows(kind: str) -> tuple[Document, ...]:
        return tuple(sorted(found[kind].values(), key=lambda each: each["pk"]))

    return Internal(
        initiatives=tuple(e for e in rows("initiative") if e["visibility"] == inside),
        metrics=tuple(e for e in rows("metric") if e["visibility"] == inside),
        submitted=tuple(
            e for e in rows("status_update") if e["state"] == UpdateState.SUBMITTED.value
        ),
        questions=rows("question"),
        answers=answers,
        ratings=rows("review_rating"),
        names={code: str(each["name"]) for code, each in items.items()},
    )


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """That an item was taken back from the public: when, why, and by whom."""

    at: dt.datetime
    reason: str
    actor: str
    actor_role: str


def withdrawals(
    items: Mapping[str, Collection[int]], *, since: dt.datetime, until: dt.datetime
) -> dict[tuple[str, int], Withdrawal]:
    """The newest withdrawal of each of some items between two moments, by its type and key.

    ``items``: keys by type. One that is public again, or never was withdrawn, is not there.
    Queries: one.
    """
    about = Q(pk__in=())
    for item_type, pks in items.items():
        about |= Q(item_type=item_type, item_id__in=list(pks))
    found = ChangeEvent.objects.filter(
        about, at__gt=since, at__lte=until, fields__has_key="visibility"
    ).order_by("sequence")
    withdrawn: dict[tuple[str, int], Withdrawal] = {}
    columns = ("item_type", "item_id", "fields", "at", "reason", "actor", "actor_role")
    for item_type, pk, fields, *told in found.values_list(*columns):
        if fields["visibility"][1] == Visibility.INTERNAL:
            withdrawn[item_type, pk] = Withdrawal(*told)
        else:
            withdrawn.pop((item_type, pk), None)
    return withdrawn
