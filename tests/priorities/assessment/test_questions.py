"""How a question stands, on the days around its due day."""

import datetime as dt

import pytest

from priorities.assessment.questions import QuestionStanding, question_standing
from priorities.enums import QuestionState

DUE = dt.date(2022, 5, 1)
BEFORE, AFTER, MUCH_LATER = dt.date(2022, 4, 30), dt.date(2022, 5, 2), dt.date(2022, 7, 1)


@pytest.mark.parametrize(
    ("facts", "on", "expected"),
    [
        ({}, BEFORE, (QuestionState.OPEN, 0)),
        ({}, DUE, (QuestionState.OPEN, 0)),
        ({}, AFTER, (QuestionState.LATE, 1)),
        ({"answered_on": DUE}, MUCH_LATER, (QuestionState.ANSWERED, 0)),
        ({"answered_on": AFTER}, MUCH_LATER, (QuestionState.ANSWERED, 1)),
        ({"answered_on": AFTER, "continued": True}, MUCH_LATER, (QuestionState.CONTINUED, 1)),
        ({"answered_on": DUE, "closed_on": MUCH_LATER}, MUCH_LATER, (QuestionState.CLOSED, 0)),
        ({"closed_on": AFTER}, MUCH_LATER, (QuestionState.CLOSED, 1)),
        # On a day before it is closed, it is not.
        ({"closed_on": MUCH_LATER}, AFTER, (QuestionState.LATE, 1)),
    ],
)
def test_whom_it_waits_for(facts: dict, on: dt.date, expected: tuple) -> None:
    standing = question_standing(due_on=DUE, on=on, **facts)
    assert (standing.state, standing.days_late) == expected


def test_only_open_and_late_questions_wait() -> None:
    waiting = {state for state in QuestionState if QuestionStanding(state).is_waiting}
    assert waiting == {QuestionState.OPEN, QuestionState.LATE}
