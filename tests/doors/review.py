"""The doors of `itaportal/review/urls.py`: each name, what its address needs, who gets what."""

from __future__ import annotations

from typing import Any

from tests.doors.table import Row, those_from


def rows(world: dict[str, Any]) -> dict[str, Row]:
    """The rows of the permission matrix, by the address's name without its namespace."""
    return {
        "overview": Row(those_from("reviewer")),
        "table": Row(those_from("reviewer")),
        "table-csv": Row(those_from("reviewer")),
        "table-xlsx": Row(those_from("reviewer")),
    }
