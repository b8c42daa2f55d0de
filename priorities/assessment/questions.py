"""Whom a reviewer's question waits for, and by how many days its answer is late."""

from dataclasses import dataclass
from datetime import date

from priorities.enums import QuestionState


@dataclass(frozen=True, slots=True)
class QuestionStanding:
    """How a question stands on a day.

    ``days_late``: how long after its due day it was answered, or how long it has been waiting
    since; it stays counted when the question is closed.
    """

    state: QuestionState
    days_late: int = 0

    @property
    def is_waiting(self) -> bool:
        """Is an answer awaited?"""
        return self.state in (QuestionState.OPEN, QuestionState.LATE)


def question_standing(
    *,
    due_on: date,
    on: date,
    answered_on: date | None = None,
    continued: bool = False,
    closed_on: date | None = None,
) -> QuestionStanding:
    """How a question stands on a day: closed, asked on, answered, late or open.

    The first answer counts, and one that comes on its due day is in time. A question that was
    closed without an answer was late for as long as it waited.

    >>> due = date(2022, 5, 1)
    >>> question_standing(due_on=due, on=date(2022, 5, 1))
    QuestionStanding(state=<QuestionState.OPEN: 'open'>, days_late=0)
    >>> question_standing(due_on=due, on=date(2022, 5, 4))
    QuestionStanding(state=<QuestionState.LATE: 'late'>, days_late=3)
    >>> question_standing(due_on=due, on=date(2022, 6, 30), answered_on=date(2022, 5, 3))
    QuestionStanding(state=<QuestionState.ANSWERED: 'answered'>, days_late=2)
    >>> question_standing(due_on=due, on=date(2022, 6, 30), closed_on=date(2022, 5, 2)).days_late
    1
    """
    ended = answered_on or (closed_on if closed_on is not None and closed_on <= on else None)
    days_late = max(0, ((ended or on) - due_on).days)
    if closed_on is not None and closed_on <= on:
        return QuestionStanding(QuestionState.CLOSED, days_late)
    if continued:
        return QuestionStanding(QuestionState.CONTINUED, days_late)
    if answered_on is not None:
        return QuestionStanding(QuestionState.ANSWERED, days_late)
    return QuestionStanding(QuestionState.LATE if days_late else QuestionState.OPEN, days_late)
