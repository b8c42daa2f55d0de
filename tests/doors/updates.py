"""The doors of `priorities/urls/updates.py`: each name, what its address needs, who gets what."""

from __future__ import annotations

from typing import Any

from tests import factories as make
from tests.doors.table import Row, those_from


def rows(world: dict[str, Any]) -> dict[str, Row]:
    """The rows of the permission matrix, by the address's name without its namespace."""
    division = make.division(code="updates-elsewhere")
    foreign = make.initiative(code="updates-foreign", plan=world["plan"], lead_division=division)
    one = {"plan": "ita-2022-2023", "initiative": "cloud"}
    other = {"plan": "ita-2022-2023", "initiative": foreign.code}
    # Nothing is assigned to the manager of the matrix; the editor's division leads the item.
    sent = those_from("division editor", 302)
    return {
        "updates": Row(those_from("manager")),
        "updates-item": Row(those_from("division editor"), one, foreign=other),
        "updates-save": Row(sent, one, method="post", foreign=other),
        "updates-repeat": Row(sent, one, method="post", foreign=other),
        "updates-draft": Row(sent, one, method="post", foreign=other),
        "updates-preview": Row(sent, one, method="post", foreign=other),
    }
