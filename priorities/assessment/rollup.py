"""Counts and coverage, with the denominator named (rule 4.5). No averaged color, ever."""

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from decimal import Decimal

from priorities.enums import InitiativeState, MetricState

#: Left out of the denominator and listed apart: no longer work of the plan, and not done.
SET_ASIDE = (InitiativeState.CANCELLED, InitiativeState.MERGED, InitiativeState.SUPERSEDED)

#: States without a report for the newest due period.
UNREPORTED = (InitiativeState.OVERDUE, InitiativeState.NEVER_REPORTED)

#: Metric states that compare a fresh value with what was expected.
RATED = (MetricState.ON_TARGET, MetricState.NEAR_TARGET, MetricState.OFF_TARGET)


@dataclass(frozen=True, slots=True)
class Rollup:
    """How many initiatives show what; ``counts`` names every state, zero included."""

    counts: Mapping[InitiativeState, int]

    @property
    def total(self) -> int:
        """All of them, those set aside too."""
        return sum(self.counts.values())

    @property
    def set_aside(self) -> int:
        """Cancelled, merged and superseded."""
        return sum(self.counts[state] for state in SET_ASIDE)

    @property
    def of(self) -> int:
        """The denominator: all but the cancelled, merged and superseded."""
        return self.total - self.set_aside

    @property
    def on_track_or_complete(self) -> int:
        """On track or completed. Cancelled is never counted as completed."""
        return self.counts[InitiativeState.ON_TRACK] + self.counts[InitiativeState.COMPLETED]

    @property
    def unreported(self) -> int:
        """Overdue or never reported."""
        return sum(self.counts[state] for state in UNREPORTED)

    @property
    def reported(self) -> int:
        """The coverage: how many ``of`` have said how they stand."""
        return self.of - self.unreported

    @property
    def share_on_track_or_complete(self) -> Decimal | None:
        """On track or completed as a share of ``of``; None when there is nothing to divide by."""
        return _share(self.on_track_or_complete, self.of)

    @property
    def coverage(self) -> Decimal | None:
        """Reported as a share of ``of``."""
        return _share(self.reported, self.of)


def rollup(states: Iterable[InitiativeState]) -> Rollup:
    """How many initiatives show what.

    >>> ten = rollup([InitiativeState.ON_TRACK] * 7 + [InitiativeState.AT_RISK] * 2
    ...              + [InitiativeState.OVERDUE] + [InitiativeState.CANCELLED])
    >>> ten.on_track_or_complete, ten.of, ten.reported, ten.set_aside, ten.total
    (7, 10, 9, 1, 11)
    >>> ten.share_on_track_or_complete
    Decimal('0.7')
    """
    found = Counter(states)
    return Rollup({state: found[state] for state in InitiativeState})


@dataclass(frozen=True, slots=True)
class MetricRollup:
    """How many metrics say what; ``counts`` names every state, zero included."""

    counts: Mapping[MetricState, int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts.values())

    @property
    def of(self) -> int:
        """The denominator: those whose fresh value can be held against a target."""
        return sum(self.counts[state] for state in RATED)

    @property
    def unrated(self) -> int:
        """Overdue, without data or without a target."""
        return self.total - self.of

    @property
    def coverage(self) -> Decimal | None:
        """Rated as a share of all."""
        return _share(self.of, self.total)


def rollup_metrics(states: Iterable[MetricState]) -> MetricRollup:
    """How many metrics say what.

    >>> said = rollup_metrics([MetricState.ON_TARGET, MetricState.NO_DATA, MetricState.ON_TARGET])
    >>> said.counts[MetricState.ON_TARGET], said.of, said.total
    (2, 2, 3)
    """
    found = Counter(states)
    return MetricRollup({state: found[state] for state in MetricState})


@dataclass(frozen=True, slots=True)
class ScopeLedger:
    """The same success under both denominators: "7 of 12 now; 7 of 10 at adoption".

    ``added`` and ``set_aside``, by code, lead from the one to the other: ``of`` is ``of_adopted``
    and what was added without what was set aside. What was added and then set aside is in both.
    """

    achieved: int
    of: int
    achieved_of_adopted: int
    of_adopted: int
    added: tuple[str, ...]
    set_aside: tuple[str, ...]

    @property
    def changed(self) -> bool:
        """Was anything added or set aside? The same size may hide an exchange."""
        return bool(self.added or self.set_aside)


def scope_ledger(adopted: Set[str], now: Mapping[str, InitiativeState]) -> ScopeLedger:
    """How many are on track or complete: of those in scope now, and of those adopted.

    What was adopted stays in its denominator, cancelled or gone. What was set aside is out of
    today's scope.

    >>> today = {"a": InitiativeState.ON_TRACK, "b": InitiativeState.CANCELLED,
    ...          "c": InitiativeState.COMPLETED, "d": InitiativeState.MERGED}
    >>> ledger = scope_ledger({"a", "b"}, today)
    >>> ledger.achieved, ledger.of, ledger.achieved_of_adopted, ledger.of_adopted
    (2, 2, 1, 2)
    >>> ledger.added, ledger.set_aside
    (('c', 'd'), ('b', 'd'))
    """
    achieved = {
        code
        for code, state in now.items()
        if state in (InitiativeState.ON_TRACK, InitiativeState.COMPLETED)
    }
    in_scope = {code for code, state in now.items() if state not in SET_ASIDE}
    return ScopeLedger(
        achieved=len(achieved),
        of=len(in_scope),
        achieved_of_adopted=len(achieved & adopted),
        of_adopted=len(adopted),
        added=tuple(sorted(now.keys() - adopted)),
        set_aside=tuple(sorted((adopted | now.keys()) - in_scope)),
    )


def _share(part: int, whole: int) -> Decimal | None:
    return Decimal(part) / Decimal(whole) if whole else None
