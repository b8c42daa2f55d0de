"""What reviewers do: rate, ask, and close; what owners do: answer."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from priorities.actions.recording import Actor, WriteRefused, recording
from priorities.actions.second_click import just_recorded
from priorities.actions.writing import insert, revise
from priorities.enums import EventKind, Health, Visibility
from priorities.models import Answer, Initiative, Metric, Question, ReviewRating

if TYPE_CHECKING:
    from accounts.models import User


def rate(
    *,
    item: Initiative | Metric,
    reviewer: User,
    rating: Health,
    reason: str,
    period_end: dt.date,
    visibility: Visibility = Visibility.INTERNAL,
    by: Actor | User | str,
    now: dt.datetime,
    **values: Any,
) -> ReviewRating:
    """Set a reviewer's own rating for a period; the same reviewer's earlier one is superseded.

    Only one for the same readers: the event of a public one would tell that there was an internal
    one, and an internal one cannot overrule what the public goes on reading. The same rating by a
    second click is the first.
    """
    about = _about(item)
    with recording(by=by, now=now) as log:
        own = ReviewRating.objects.filter(reviewer=reviewer, period_end=period_end, **about)
        newest = just_recorded(own, log.now)
        said = (rating.value, reason, visibility.value)
        if newest is not None and (newest.rating, newest.reason, newest.visibility) == said:
            return newest
        alike = own.filter(visibility=visibility.value, superseded_by__isnull=True)
        before = alike.order_by("-pk").first()
        row = ReviewRating(
            reviewer=reviewer,
            rating=rating.value,
            reason=reason,
            period_end=period_end,
            visibility=visibility.value,
            supersedes=before,
            recorded_by=log.actor.name,
            published_at=log.now,
            **about,
            **values,
        )
        return insert(log, row, kind=EventKind.RATED, before=before, reason=reason)


def ask(
    *,
    item: Initiative | Metric,
    asker: User,
    text: str,
    answer_due_on: dt.date,
    visibility: Visibility = Visibility.INTERNAL,
    by: Actor | User | str,
    now: dt.datetime,
    **values: Any,
) -> Question:
    """Ask about an initiative or a metric; ``values`` may name its target or status update.

    The same question by a second click is the first. Errors: ``WriteRefused`` for a target or an
    update of another item, and for a public question about an update that is not public.
    """
    with recording(by=by, now=now) as log:
        row = Question(
            asker=asker,
            text=text,
            answer_due_on=answer_due_on,
            visibility=visibility.value,
            **_about(item),
            **values,
        )
        if (first := _asked_before(row, log.now)) is not None:
            return first
        _refuse_foreign(row)
        return insert(log, row, kind=EventKind.ASKED)


def ask_on(
    *,
    question: Question,
    text: str,
    answer_due_on: dt.date,
    by: Actor | User | str,
    now: dt.datetime,
    **values: Any,
) -> Question:
    """The answer leaves something open: ask again, about the same and for the same readers.

    The same by a second click is the first. Errors: ``WriteRefused`` when the question has no
    answer yet, is closed, or was asked on before.
    """
    with recording(by=by, now=now) as log:
        row = Question(
            asker=question.asker,
            text=text,
            answer_due_on=answer_due_on,
            visibility=question.visibility,
            initiative=question.initiative,
            metric=question.metric,
            target=question.target,
            status_update=question.status_update,
            follows=question,
            **values,
        )
        if (first := _asked_before(row, log.now)) is not None:
            return first
        _refuse_ended(question)
        if not question.answers.exists():
            raise WriteRefused(_("The question has no answer yet."))
        return insert(log, row, kind=EventKind.ASKED)


def answer(
    *,
    question: Question,
    author: User,
    text: str,
    by: Actor | User | str,
    now: dt.datetime,
    **values: Any,
) -> Answer:
    """Answer a question; the same answer by a second click is the first.

    Errors: ``WriteRefused`` when the asker has closed it, or has asked on.
    """
    with recording(by=by, now=now) as log:
        same = Answer.objects.filter(question=question, author=author, text=text)
        if (first := just_recorded(same, log.now)) is not None:
            return first
        _refuse_ended(question)
        row = Answer(
            question=question,
            author=author,
            text=text,
            recorded_by=log.actor.name,
            published_at=log.now,
            **values,
        )
        return insert(log, row, kind=EventKind.ANSWERED)


def close_question(
    *, question: Question, on: dt.date, by: Actor | User | str, now: dt.datetime
) -> Question:
    """The asker is content: no more answers are awaited.

    Errors: ``WriteRefused`` when it is closed already, or was asked on.
    """
    with recording(by=by, now=now) as log:
        _refuse_ended(question)
        return revise(log, question, {"closed_on": on}, kind=EventKind.CLOSED)


def _about(item: Initiative | Metric) -> dict[str, Any]:
    return {
        "initiative": item if isinstance(item, Initiative) else None,
        "metric": item if isinstance(item, Metric) else None,
    }


def _asked_before(row: Question, now: dt.datetime) -> Question | None:
    """The question that a first click has just asked and that still waits. Queries: one."""
    said = ("asker_id", "text", "answer_due_on", "visibility", "follows_id")
    about = ("initiative_id", "metric_id", "target_id", "status_update_id")
    alike = {name: getattr(row, name) for name in (*said, *about)}
    waiting = Question.objects.filter(closed_on__isnull=True, answers__isnull=True)
    return just_recorded(waiting.filter(**alike), now)


def _refuse_ended(question: Question) -> None:
    """Refuse what comes after the end of a question. Queries: two."""
    question.refresh_from_db(fields=["closed_on"])
    if question.closed_on is not None:
        raise WriteRefused(_("The question is closed."))
    if Question.objects.filter(follows=question).exists():
        raise WriteRefused(_("It was followed up; go on with the newest question."))


def _refuse_foreign(question: Question) -> None:
    """Refuse a question about the target of one item and the name of another."""
    target, update = question.target, question.status_update
    if target is not None and target.metric_id != question.metric_id:
        raise WriteRefused(_("The target belongs to another metric."))
    if update is not None and update.initiative_id != question.initiative_id:
        raise WriteRefused(_("The update belongs to another initiative."))
    if (
        update is not None
        and update.published_at is None
        and question.visibility == Visibility.PUBLIC
    ):
        raise WriteRefused(_("The report is not public yet, so the question cannot be."))
