"""The first sentence of a page: the state of things in words, made from the counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import ngettext

from dashboards.pages.words import count, initiatives_counted, joined
from priorities.assessment.rollup import SET_ASIDE, Rollup
from priorities.enums import InitiativeState as State
from priorities.saying import gettext as _


@dataclass(frozen=True, slots=True)
class Headline:
    """The sentence in two parts: ``lead`` is set strong, ``rest`` follows it."""

    lead: str
    rest: str = ""

    @property
    def text(self) -> str:
        """The whole sentence."""
        return f"{self.lead}{self.rest}"


def headline(counts: Mapping[State, int], *, closed: bool = False) -> Headline:
    """How a plan, a priority or a division stands.

    "15 of 24 initiatives are on track or complete", ", 3 are at risk and 2 are off track. 4 are
    overdue. Besides these, 1 was cancelled." Cancelled is never counted as complete, and what was
    set aside is not in the denominator. A closed plan speaks of its last day.
    """
    found = Rollup({state: counts.get(state, 0) for state in State})
    if not found.total:
        return Headline(_("No initiatives have been published yet."))
    lead = _lead(found.counts[State.COMPLETED], found.counts[State.ON_TRACK], found.of, closed)
    trouble = joined(_told(found.counts, _TROUBLE, closed))
    silent = joined(_told(found.counts, _SILENT, closed))
    aside = joined(_told(found.counts, SET_ASIDE, closed))
    rest = f", {trouble}." if trouble else "."
    if silent:
        rest += f" {silent}."
    if aside:
        rest += " " + _("Besides these, %(clauses)s.") % {"clauses": aside}
    return Headline(lead, rest)


_TROUBLE = (State.AT_RISK, State.OFF_TRACK, State.PAUSED)
_SILENT = (State.OVERDUE, State.NEVER_REPORTED)


def _lead(complete: int, on_track: int, total: int, closed: bool) -> str:
    """The first clause, with its denominator."""
    n = complete + on_track
    if closed:
        words = ngettext(
            "%(n)s of %(initiatives)s was complete or on track when the plan closed",
            "%(n)s of %(initiatives)s were complete or on track when the plan closed",
            n,
        )
    elif on_track and complete:
        words = ngettext(
            "%(n)s of %(initiatives)s is on track or complete",
            "%(n)s of %(initiatives)s are on track or complete",
            n,
        )
    elif complete:
        words = ngettext(
            "%(n)s of %(initiatives)s is complete", "%(n)s of %(initiatives)s are complete", n
        )
    else:
        words = ngettext(
            "%(n)s of %(initiatives)s is on track", "%(n)s of %(initiatives)s are on track", n
        )
    return words % {"n": count(n), "initiatives": initiatives_counted(total)}


def _told(n: Mapping[State, int], states: tuple[State, ...], closed: bool) -> list[str]:
    """One clause for each state that occurs."""
    return [_clause(state, n[state], closed) for state in states if n[state]]


def _clause(state: State, n: int, closed: bool) -> str:
    """E.g. "3 are at risk"; of a closed plan "3 were at risk"."""
    if closed:
        words = {
            State.AT_RISK: ngettext("%(n)s was at risk", "%(n)s were at risk", n),
            State.OFF_TRACK: ngettext("%(n)s was off track", "%(n)s were off track", n),
            State.OVERDUE: ngettext("%(n)s was overdue", "%(n)s were overdue", n),
            State.PAUSED: ngettext("%(n)s was paused", "%(n)s were paused", n),
            State.NEVER_REPORTED: ngettext(
                "%(n)s had never been reported", "%(n)s had never been reported", n
            ),
        }
    else:
        words = {
            State.AT_RISK: ngettext("%(n)s is at risk", "%(n)s are at risk", n),
            State.OFF_TRACK: ngettext("%(n)s is off track", "%(n)s are off track", n),
            State.OVERDUE: ngettext("%(n)s is overdue", "%(n)s are overdue", n),
            State.PAUSED: ngettext("%(n)s is paused", "%(n)s are paused", n),
            State.NEVER_REPORTED: ngettext(
                "%(n)s has never been reported", "%(n)s have never been reported", n
            ),
        }
    words |= {
        State.CANCELLED: ngettext("%(n)s was cancelled", "%(n)s were cancelled", n),
        State.MERGED: ngettext("%(n)s was merged into another", "%(n)s were merged into others", n),
        State.SUPERSEDED: ngettext("%(n)s was superseded", "%(n)s were superseded", n),
    }
    return words[state] % {"n": count(n)}
