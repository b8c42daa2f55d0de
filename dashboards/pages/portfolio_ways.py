"""Where the pages of the review room stand: the door knows, and tells the builders."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ways:
    """The paths of the room's pages.

    ``ask`` and ``rate`` take the kind of an item and its codes; ``may_rate`` a kind and some keys,
    and gives those of items that are not the reader's own work.
    """

    overview: str
    table: str
    metrics: str
    timeline: str
    disagreements: str
    questions: str
    ask: Callable[..., str]
    rate: Callable[..., str]
    may_rate: Callable[[str, Collection[int]], Collection[int]]
