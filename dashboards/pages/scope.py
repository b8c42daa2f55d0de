"""The scope ledger: how many of what is in the plan now, and of what was adopted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import ngettext

from dashboards.pages import words
from dashboards.pages.reading import Reading
from priorities.assessment.periods import AsOf
from priorities.assessment.rollup import ScopeLedger, scope_ledger
from priorities.saying import gettext as _


@dataclass(frozen=True, slots=True)
class Scope:
    """The ledger in words, empty when nothing changed, and in raw values."""

    words: str
    data: dict[str, Any]


def scope_of(plan: Reading) -> Scope:
    """What changed in the plan's scope since its adoption.

    Adopted is what was on record at the end of the day of adoption, or of the day on which the
    plan itself was recorded, when that came later.
    """
    recorded = plan.plan["recorded_at"].astimezone(plan.visit.tz).date()
    day = max(plan.plan["adopted_on"] or recorded, recorded)
    until = AsOf.end_of(day, plan.visit.tz).moment
    rows = plan.snapshot.rows
    ledger = plan.snapshot.once(
        "scope",
        lambda: scope_ledger(
            {row.code for row in rows if row.recorded_at <= until},
            {row.code: row.standing.state for row in rows},
        ),
    )
    data = {
        "adopted_on": day.isoformat(),
        "on_track_or_complete": ledger.achieved,
        "of": ledger.of,
        "on_track_or_complete_of_adopted": ledger.achieved_of_adopted,
        "of_adopted": ledger.of_adopted,
        "added": list(ledger.added),
        "set_aside": list(ledger.set_aside),
    }
    return Scope(_in_words(ledger) if ledger.changed else "", data)


def _in_words(ledger: ScopeLedger) -> str:
    """On track or complete: 7 of 12 now; 7 of 10 at adoption. Since then 2 were added."""
    shares = _(
        "On track or complete: %(n)s of %(of)s in the plan now; "
        "%(n_adopted)s of the %(of_adopted)s at adoption."
    ) % {
        "n": words.count(ledger.achieved),
        "of": words.count(ledger.of),
        "n_adopted": words.count(ledger.achieved_of_adopted),
        "of_adopted": words.count(ledger.of_adopted),
    }
    added, set_aside = len(ledger.added), len(ledger.set_aside)
    clauses = []
    if added:
        clauses.append(ngettext("%(n)s was added", "%(n)s were added", added) % {"n": added})
    if set_aside:
        clauses.append(
            ngettext("%(n)s was set aside", "%(n)s were set aside", set_aside) % {"n": set_aside}
        )
    return shares + " " + _("Since then %(changes)s.") % {"changes": words.joined(clauses)}
