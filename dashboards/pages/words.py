"""How pages spell things: dates, periods, numbers with their unit, states.

Everything a template prints is made here, once, in the language of the reader; templates only
place it. Dates and numbers are spelled as staff pages spell them (``priorities.spelling``).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.utils.translation import ngettext

from dashboards.pages.elements import Mark, Pill
from priorities.enums import (
    Direction,
    Health,
    InitiativeState,
    MetricState,
    Provenance,
)
from priorities.labels import label
from priorities.saying import gettext as _
from priorities.saying import language
from priorities.spelling import (
    DOLLARS,
    MINUS,
    PERCENT,
    TIGHT,
    Amount,
    Number,
    Unit,
    amount,
    count,
    counted_days,
    dated,
    day,
    days_meant,
    difference,
    dollars,
    fiscal_year,
    initiatives_counted,
    joined,
    lowered,
    metrics_counted,
    missing,
    moment,
    month,
    number,
    period,
    period_of,
    quantity,
    short_day,
    span,
    tight,
)

__all__ = [
    "DOLLARS",
    "MINUS",
    "PERCENT",
    "TIGHT",
    "Amount",
    "Number",
    "Unit",
    "amount",
    "count",
    "counted_days",
    "dated",
    "day",
    "days_meant",
    "difference",
    "dollars",
    "fiscal_year",
    "initiative_pill",
    "initiatives_counted",
    "joined",
    "last_said",
    "lowered",
    "marks",
    "metric_pill",
    "metrics_counted",
    "missing",
    "moment",
    "month",
    "number",
    "period",
    "period_of",
    "quantity",
    "short_day",
    "span",
    "state_pill",
    "tight",
    "way",
]


# ── States and marks ─────────────────────────────────────────────────────────────────────────


def state_pill(state: InitiativeState | MetricState | Health, *, days_overdue: int = 0) -> Pill:
    """The shape, color and word of a state; an overdue one says by how many days."""
    return _pill(type(state).__name__, state.value, days_overdue, language())


@lru_cache(maxsize=2048)
def _pill(kind: str, code: str, days: int, language: str | None) -> Pill:
    state = {each.__name__: each for each in (InitiativeState, MetricState, Health)}[kind](code)
    if code == "overdue" and days:
        words = ngettext("Overdue %(days)s day", "Overdue %(days)s days", days)
        return Pill(code, words % {"days": count(days)})
    return Pill(code, label(state))


def initiative_pill(standing: Any) -> Pill:
    """What an initiative shows, from its standing."""
    return state_pill(standing.state, days_overdue=standing.days_overdue)


def metric_pill(standing: Any) -> Pill:
    """What the numbers say, from a metric's standing."""
    return state_pill(standing.state, days_overdue=standing.days_overdue)


def last_said(state: InitiativeState | MetricState | Health | None) -> str:
    """What an overdue item said before it fell silent: "Last said: near target"."""
    if state is None:
        return ""
    return _("Last said: %(state)s") % {"state": lowered(label(state))}


def marks(provenance: str, *, url: str) -> tuple[Mark, ...]:
    """The mark of a row that is neither the agency's own record nor published; else none.

    None, too, where nothing is known of it.
    """
    if provenance in ("", Provenance.RECORDED, Provenance.PUBLISHED):
        return ()
    return _marks(provenance, url, language())


@lru_cache(maxsize=256)
def _marks(provenance: str, url: str, language: str | None) -> tuple[Mark, ...]:
    code = Provenance(provenance)
    why = {
        Provenance.INFERRED: _("Concluded from published sources, not stated in one."),
        Provenance.LOW_CONFIDENCE: _("The source is weak or contradicted."),
        Provenance.ILLUSTRATIVE: _("Made up to show how the portal works; not a City record."),
    }[code]
    return (Mark(code.value, label(code), why, url),)


def alike(marks: Sequence[tuple[Mark, ...]]) -> tuple[Mark, ...]:
    """The marks that several rows have in common, which then stand once above them."""
    return marks[0] if len(marks) > 1 and len(set(marks)) == 1 else ()


def way(direction: str) -> str:
    """Which way is better, as a reader is told it."""
    if direction == Direction.MAINTAIN_RANGE:
        return _("Best within its range")
    return label(Direction(direction))
