"""Stub."""
from typing import Any

from dashboards.visit import PageNotFound


def build_division_page(**given: Any) -> Any:
    raise PageNotFound("division")
