"""Values for the JSON twins: codes, ISO dates and numbers, never prepared words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import Enum
from typing import Any

from priorities.queries.publication import Document


def raw(value: Any) -> Any:
    """A Python value as JSON has it.

    >>> raw({"on": dt.date(2022, 6, 30), "value": Decimal("89.50"), "n": (1, None)})
    {'on': '2022-06-30', 'value': 89.5, 'n': [1, None]}
    >>> raw(Decimal("-0.0")), raw(Decimal("14193095.000000")), raw(12.0)
    (0, 14193095, 12)
    """
    match value:
        case None | bool() | int() if not isinstance(value, Enum):
            return value
        case Enum():
            return value.value
        case str():
            return value
        case Decimal() | float():
            return int(value) if value == int(value) else float(value)
        case dt.datetime():
            return value.astimezone(dt.UTC).isoformat()
        case dt.date():
            return value.isoformat()
        case Mapping():
            return {str(key): raw(each) for key, each in value.items()}
        case Iterable():
            return [raw(each) for each in value]
    return str(value)


def picked(document: Document, *names: str) -> dict[str, Any]:
    """Some fields of a document as JSON values, under their own names."""
    return {name: raw(document[name]) for name in names}
