"""Why an initiative shows what it shows: the rule that decided, with its dates."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import ngettext

from dashboards.pages import words
from priorities.assessment.freshness import Freshness
from priorities.assessment.initiative_status import (
    DecidedBy,
    Disagreement,
    DisagreementCode,
    InitiativeStanding,
    LateMilestones,
)
from priorities.labels import label
from priorities.saying import gettext as _


def why(standing: InitiativeStanding, freshness: Freshness) -> Iterator[str]:
    """The reasons in the order in which the rule asks for them (4.4)."""
    said = standing.reported
    match standing.decided_by:
        case DecidedBy.CLOSED if standing.closed_on is not None:
            yield _("Closed on %(day)s: %(state)s. Nothing is due any more.") % {
                "day": words.day(standing.closed_on),
                "state": words.lowered(label(standing.state)),
            }
            return
        case DecidedBy.NEVER_REPORTED:
            yield _("No report on it has been published.")
        case DecidedBy.OVERDUE:
            yield from _overdue(standing, freshness)
        case DecidedBy.PAUSED:
            yield _("Its owner reported that the work is paused.")
        case DecidedBy.HEALTH:
            yield _("Its owner reported “%(state)s”.") % {"state": label(standing.state)}
    if said is not None and said.published_on is not None and said.period_end is not None:
        yield _("Newest report: for the period that ended %(end)s, published %(day)s.") % {
            "end": words.day(said.period_end),
            "day": words.day(said.published_on),
        }
    if standing.decided_by == DecidedBy.NEVER_REPORTED and standing.overdue_since is not None:
        yield _("The first report was due on %(day)s, %(days)s ago.") % {
            "day": words.day(standing.overdue_since),
            "days": words.counted_days(standing.days_overdue),
        }
    elif freshness.next_due is not None:
        yield _("The next report is due on %(day)s.") % {"day": words.day(freshness.next_due)}


def _overdue(standing: InitiativeStanding, freshness: Freshness) -> Iterator[str]:
    """Silence is counted from the oldest report missed."""
    missed = freshness.oldest_missed
    if missed is not None:
        yield _("The report for %(period)s was due on %(day)s and is not there: %(days)s late.") % {
            "period": words.period_of(missed),
            "day": words.day(missed.due_on),
            "days": words.counted_days(standing.days_overdue),
        }
    if freshness.missed > 1:
        yield _("Reports missed in all: %(n)s.") % {"n": freshness.missed}
    if standing.last_said is not None:
        yield words.last_said(standing.last_said) + "."


def late_words(late: LateMilestones) -> str:
    """Which milestones are late: "2 milestones are late, one by 40 days"."""
    if not late.count:
        return ""
    sentence = ngettext(
        "%(n)s milestone is late, by %(days)s.",
        "%(n)s milestones are late, the longest by %(days)s.",
        late.count,
    )
    return sentence % {"n": late.count, "days": words.counted_days(late.worst_days)}


def disagreement_words(found: Disagreement | None) -> list[str]:
    """Where the owner's word differs from the numbers or from the reviewer."""
    if found is None:
        return []
    health = {"health": words.lowered(label(found.health))}
    numbers = {**health, "off": found.off_target, "rated": found.rated}
    said: list[str] = []
    for code in found.codes:
        match code:
            case DisagreementCode.OWNER_ABOVE_METRICS:
                text = _(
                    "The owner says %(health)s; %(off)s of its %(rated)s rated metrics off target."
                )
                said.append(text % numbers)
            case DisagreementCode.OWNER_BELOW_METRICS:
                text = _("The owner says %(health)s; all %(rated)s rated metrics are on target.")
                said.append(text % numbers)
            case _:
                reviewer = words.lowered(label(found.reviewer)) if found.reviewer else ""
                text = _("The owner says %(health)s; the reviewer says %(reviewer)s.")
                said.append(text % {**health, "reviewer": reviewer})
    return said
