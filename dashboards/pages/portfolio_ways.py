"""Where the pages of the review room stand: the door knows, and tells the builders."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ways:
    """The paths of the room's pages."""

    overview: str
    table: str
    metrics: str
    timeline: str
    disagreements: str
    questions: str
    ask: str
