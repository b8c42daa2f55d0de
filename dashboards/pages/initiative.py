"""Stub."""
from typing import Any

from dashboards.visit import PageNotFound


def build_initiative_page(**given: Any) -> Any:
    raise PageNotFound("initiative")
