"""Reviewers' questions, for staff: how each stands, whom it waits for, how often it was late."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from priorities.assessment.questions import QuestionStanding, question_standing
from priorities.enums import AssignmentRole, AssignmentState, Visibility
from priorities.models import Answer, Assignment, Question
from priorities.queries.ownership import Kind
from priorities.queries.prepared import prepared
from priorities.queries.publication import Chosen, with_keys


def public_questions_of(plan_code: str) -> tuple[Chosen, Chosen]:
    """The public questions about a plan's initiatives and about metrics, and their answers.

    Metrics belong to no plan: whoever asks for one plan leaves out those that do not inform it.
    """
    return (
        with_keys(Question, _public_questions(plan=plan_code)),
        with_keys(Answer, _their_answers(plan=plan_code)),
    )


@prepared
def _public_questions(*, plan: str) -> QuerySet[Any, Any]:
    about = Q(initiative__plan__code=plan) | Q(metric__isnull=False)
    found = Question.objects.filter(about, visibility=Visibility.PUBLIC.value)
    return found.order_by().values("pk")


@prepared
def _their_answers(*, plan: str) -> QuerySet[Any, Any]:
    about = Q(question__initiative__plan__code=plan) | Q(question__metric__isnull=False)
    found = Answer.objects.filter(about, question__visibility=Visibility.PUBLIC.value)
    return found.order_by().values("pk")


@dataclass(frozen=True, slots=True)
class Tally:
    """Questions of one division, or of all, each counted once: it waits, is answered, or neither.

    ``unanswered`` were closed without an answer. Of each, ``late`` are past their due day, or were
    when they were answered or closed.
    """

    name: str
    asked: int = 0
    waiting: int = 0
    late_now: int = 0
    answered: int = 0
    answered_late: int = 0
    unanswered: int = 0
    unanswered_late: int = 0


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """What a list of questions is chosen and counted by."""

    pk: int
    text: str
    item_name: str
    division: str
    asker_pk: int
    is_public: bool
    due_on: dt.date
    is_answered: bool
    standing: QuestionStanding


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question that waits for its answer, with who answers for its item."""

    pk: int
    text: str
    item_name: str
    due_on: dt.date
    is_public: bool
    asker_pk: int | None
    division_pk: int | None
    owner_pk: int | None
    contributor_pks: frozenset[int]

    def days_late(self, day: dt.date) -> int:
        """How long it is past its due day; 0 when it is not."""
        return max(0, (day - self.due_on).days)


def with_facts(rows: QuerySet[Question] | None = None) -> QuerySet[Question]:
    """Questions with the moment of their first answer, and whether they were asked on."""
    rows = Question.objects.all() if rows is None else rows
    answers = Answer.objects.filter(question=OuterRef("pk")).order_by("published_at", "pk")
    return rows.annotate(
        first_answer_at=Subquery(answers.values("published_at")[:1]),
        continued=Exists(Question.objects.filter(follows=OuterRef("pk"))),
    )


def standing_of(question: Any, *, on: dt.date, tz: ZoneInfo) -> QuestionStanding:
    """How a question of ``with_facts`` stands on a day."""
    return _standing(
        question.answer_due_on,
        question.first_answer_at,
        question.closed_on,
        continued=question.continued,
        on=on,
        tz=tz,
    )


def _standing(
    due_on: dt.date,
    answered_at: dt.datetime | None,
    closed_on: dt.date | None,
    *,
    continued: bool,
    on: dt.date,
    tz: ZoneInfo,
) -> QuestionStanding:
    return question_standing(
        due_on=due_on,
        on=on,
        answered_on=answered_at.astimezone(tz).date() if answered_at else None,
        continued=continued,
        closed_on=closed_on,
    )


def all_questions(*, on: dt.date, tz: ZoneInfo) -> tuple[QuestionRow, ...]:
    """Every question, the newest first, as it stands on a day. Queries: one."""
    rows = with_facts().annotate(
        item_name=Coalesce(F("initiative__name"), F("metric__name")),
        division=Coalesce(F("initiative__lead_division__name"), F("metric__lead_division__name")),
    )
    columns = ("pk", "text", "item_name", "division", "asker_id", "visibility", "answer_due_on",
               "first_answer_at", "closed_on", "continued")  # fmt: skip
    return tuple(
        QuestionRow(
            pk=pk,
            text=text,
            item_name=item,
            division=division or "",
            asker_pk=asker,
            is_public=visibility == Visibility.PUBLIC,
            due_on=due,
            is_answered=first is not None,
            standing=_standing(due, first, closed, continued=continued, on=on, tz=tz),
        )
        for pk, text, item, division, asker, visibility, due, first, closed, continued in (
            rows.order_by("-recorded_at", "-pk").values_list(*columns)
        )
    )


def tally(name: str, rows: Iterable[QuestionRow]) -> Tally:
    """How many of some questions wait, are answered or neither, and how many of each late."""
    rows = list(rows)
    waiting = [row for row in rows if row.standing.is_waiting]
    answered = [row for row in rows if row.is_answered]
    rest = [row for row in rows if not row.is_answered and not row.standing.is_waiting]
    return Tally(
        name=name,
        asked=len(rows),
        waiting=len(waiting),
        late_now=sum(row.standing.days_late > 0 for row in waiting),
        answered=len(answered),
        answered_late=sum(row.standing.days_late > 0 for row in answered),
        unanswered=len(rest),
        unanswered_late=sum(row.standing.days_late > 0 for row in rest),
    )


def tallies(rows: Collection[QuestionRow]) -> tuple[Tally, ...]:
    """The same by lead division, by name; what no division leads comes last."""
    by_division: defaultdict[str, list[QuestionRow]] = defaultdict(list)
    for row in rows:
        by_division[row.division].append(row)
    ordered = sorted(by_division, key=lambda name: (not name, name))
    return tuple(tally(name, by_division[name]) for name in ordered)


# ── What waits for an answer ─────────────────────────────────────────────────────────────────


def of_items_of(person_pk: int | None, divisions: Collection[int]) -> Q:
    """Questions about what a person has accepted, or what some divisions lead."""
    mine = Assignment.objects.filter(person=person_pk, state=AssignmentState.ACCEPTED.value)
    own = mine.order_by()
    return (
        Q(initiative__in=own.filter(initiative__isnull=False).values("initiative"))
        | Q(metric__in=own.filter(metric__isnull=False).values("metric"))
        | Q(initiative__lead_division__in=divisions)
        | Q(metric__lead_division__in=divisions)
    )


def open_questions(among: Q | None = None) -> tuple[OpenQuestion, ...]:
    """Questions without an answer, the soonest due first. Queries: two, and one for none.

    Who answers for an item has accepted it and is active.
    """
    rows = list(
        Question.objects.filter(among or Q(), closed_on__isnull=True, answers__isnull=True)
        .select_related("initiative", "metric")
        .order_by("answer_due_on", "pk")
    )
    if not rows:
        return ()
    owners, contributors = _answering(rows)
    return tuple(_open(row, owners, contributors) for row in rows)


def open_of_item(question: Question) -> OpenQuestion:
    """One question, saved or only drafted, with who answers for its item. Queries: one."""
    return _open(question, *_answering([question]))


Owners = dict[tuple[Kind, int], int]
Contributors = dict[tuple[Kind, int], set[int]]


def _answering(rows: Iterable[Question]) -> tuple[Owners, Contributors]:
    """Who answers for the items of some questions. Queries: one."""
    rows = list(rows)
    about = Q(initiative__in=[row.initiative_id for row in rows if row.initiative_id])
    about |= Q(metric__in=[row.metric_id for row in rows if row.metric_id])
    owners: Owners = {}
    contributors: defaultdict[tuple[Kind, int], set[int]] = defaultdict(set)
    found = Assignment.objects.answering().filter(about).order_by("pk")
    for initiative, metric, role, person in found.values_list(
        "initiative_id", "metric_id", "role", "person_id"
    ):
        key: tuple[Kind, int] = ("initiative", initiative) if initiative else ("metric", metric)
        if role == AssignmentRole.OWNER:
            owners[key] = person
        else:
            contributors[key].add(person)
    return owners, contributors


def _open(row: Question, owners: Owners, contributors: Contributors) -> OpenQuestion:
    item: Any = row.initiative or row.metric
    kind: Kind = "initiative" if row.initiative_id else "metric"
    key: tuple[Kind, int] = (kind, item.pk)
    return OpenQuestion(
        pk=row.pk or 0,
        text=row.text,
        item_name=item.name,
        due_on=row.answer_due_on,
        is_public=row.visibility == Visibility.PUBLIC,
        asker_pk=row.asker_id,
        division_pk=item.lead_division_id,
        owner_pk=owners.get(key),
        contributor_pks=frozenset(contributors.get(key, ())),
    )


# ── One question and what was asked before and after it ──────────────────────────────────────


def thread_of(question: Question) -> tuple[Question, ...]:
    """The question with what it follows and what follows it, in order. Queries: two."""
    about = {"initiative_id": question.initiative_id, "metric_id": question.metric_id}
    rows = with_facts(Question.objects.filter(**about)).select_related(
        "asker", "target", "status_update__period"
    )
    found = {row.pk: row for row in rows.prefetch_related("answers__author")}
    after = {row.follows_id: row for row in found.values() if row.follows_id}
    first = found[question.pk]
    while first.follows_id:
        first = found[first.follows_id]
    chain = [first]
    while (following := after.get(chain[-1].pk)) is not None:
        chain.append(following)
    return tuple(chain)
