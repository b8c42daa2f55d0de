"""The sentences beside an initiative's status: how far it is, what was said, what comes next."""

from __future__ import annotations

from collections.abc import Iterator

from dashboards.charts.timeline_data import MilestoneState
from dashboards.pages import words
from dashboards.pages.initiative_known import Known
from dashboards.pages.initiative_reports import ReportEntry
from dashboards.pages.milestones import state_of
from dashboards.pages.telling import shortened
from priorities.assessment.initiative_status import DecidedBy, InitiativeStanding
from priorities.saying import gettext as _


def stands(
    known: Known, standing: InitiativeStanding, newest: ReportEntry | None
) -> tuple[str, ...]:
    """How an initiative stands, in whole sentences; none for a closed one, whose notice says it.

    What an owner wrote before falling silent is no news, so an overdue one only says that.
    """
    if standing.closed_on is not None:
        return ()
    return tuple(filter(None, _sentences(known, standing, newest)))


def _sentences(
    known: Known, standing: InitiativeStanding, newest: ReportEntry | None
) -> Iterator[str]:
    if newest is None:
        yield _("Nothing has been reported yet.")
    elif standing.decided_by == DecidedBy.OVERDUE:
        yield f"{words.last_said(standing.last_said)}, {_for_period(newest)}."
    else:
        if newest.percent:
            yield f"{newest.percent}, {_for_period(newest)}."
        yield shortened(newest.narrative)
    yield _next_step(known)


def _for_period(newest: ReportEntry) -> str:
    return _("as reported for %(period)s") % {"period": newest.period}


def _next_step(known: Known) -> str:
    """The next milestone that is planned, and by when."""
    planned = MilestoneState.PLANNED
    step = next((each for each in known.milestones if state_of(each, known.on) == planned), None)
    if step is None:
        return ""
    when = words.dated(step["due_on"], step["due_precision"])
    return _("Next: %(milestone)s, %(when)s.") % {"milestone": step["name"], "when": when}
