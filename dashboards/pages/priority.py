"""Stub."""
from typing import Any

from dashboards.visit import PageNotFound


def build_priority_page(**given: Any) -> Any:
    raise PageNotFound("priority")
