"""The doors of `priorities/urls/questions.py`: each name, what its address needs, who gets what."""

from __future__ import annotations

from typing import Any

from tests import factories as make
from tests.doors.coverage import nobody
from tests.doors.table import Row, those_from

#: A reviewer reads, asks about and rates every item: none is foreign to them.
OF_EVERY_REVIEWER = tuple(
    f"priorities:{name}"
    for name in ("question", "ask-initiative", "ask-metric", "rate-initiative", "rate-metric")
)


def rows(world: dict[str, Any]) -> dict[str, Row]:
    """The rows of the permission matrix, by the address's name without its namespace."""
    division = make.division(code="questions-elsewhere")
    elsewhere = make.initiative(
        code="questions-foreign", plan=world["plan"], lead_division=division
    )
    asked = {"pk": world["question"].pk}
    foreign = {"pk": make.question(item=elsewhere).pk}
    item, metric = {"plan": "ita-2022-2023", "initiative": "cloud"}, {"metric": "calls"}
    other = {"plan": "ita-2022-2023", "initiative": elsewhere.code}
    # The editor's division leads both items, and nobody reviews their own work.
    of_others = those_from("reviewer") | {"division editor": 403}
    # Who asked may close and ask on, and nobody else.
    return {
        "questions": Row(those_from("reviewer")),
        "question": Row(those_from("reviewer"), asked, foreign=foreign),
        "question-answer": Row(those_from("division editor"), asked, foreign=foreign),
        "question-close": Row(nobody(), asked, method="post", foreign=foreign),
        "question-ask-on": Row(nobody(), asked, foreign=foreign),
        "ask": Row(those_from("reviewer")),
        "ask-initiative": Row(those_from("reviewer"), item, foreign=other),
        "ask-metric": Row(those_from("reviewer"), metric, foreign=metric),
        "rate-initiative": Row(of_others, item, foreign=other),
        # It has a value, so there is a period to rate.
        "rate-metric": Row(of_others, metric, foreign=metric),
    }
