"""What one worker keeps between visits, forgotten."""

from __future__ import annotations

from dashboards.memory import MEMORY


def forget() -> None:
    """Forget everything that a worker keeps between visits."""
    MEMORY.forget()
