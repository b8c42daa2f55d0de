"""The doors of `priorities/urls/values.py`: each name, what its address needs, who gets what."""

from __future__ import annotations

from typing import Any

from tests import factories as make
from tests.doors.table import Row, those_from


def rows(world: dict[str, Any]) -> dict[str, Row]:
    """The rows of the permission matrix, by the address's name without its namespace."""
    division = make.division(code="values-elsewhere")
    foreign = make.metric(code="foreign-values", lead_division=division)
    # A manager may only what is assigned to them; nothing is to the manager of the matrix.
    own = those_from("division editor")
    return {
        "review-queue": Row(those_from("division editor")),
        "values": Row(those_from("manager")),
        "values-draft": Row(those_from("manager"), method="post"),
        "values-metric": Row(own, {"metric": "calls"}, foreign={"metric": foreign.code}),
    }
