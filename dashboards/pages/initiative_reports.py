"""The reports on an initiative: what its owner said, for which period, and the way out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboards.pages import words
from dashboards.pages.chrome import marks_url
from dashboards.pages.elements import Mark, Pill
from dashboards.pages.raw import raw
from dashboards.pages.telling import Names
from dashboards.pages.telling_json import is_public
from dashboards.visit import Visit
from priorities.assessment.initiative_status import initiative_state
from priorities.queries.reports import Report
from priorities.saying import gettext as _


@dataclass(frozen=True, slots=True)
class ReportEntry:
    """One report in words. ``details`` are its cause, its recovery and what is next."""

    when: str
    iso: str
    period: str
    pill: Pill
    percent: str
    narrative: str
    details: tuple[tuple[str, str], ...]
    note: str
    marks: tuple[Mark, ...]


def report_entries(visit: Visit, reports: Sequence[Report]) -> tuple[ReportEntry, ...]:
    """All reports in words, newest period first; a corrected one says so."""
    corrected = {report.corrects for report in reports}
    url = marks_url(visit)
    return tuple(_entry(visit, each, each.pk in corrected, url) for each in reports)


def _entry(visit: Visit, report: Report, corrected: bool, url: str) -> ReportEntry:
    on = report.published_at.astimezone(visit.tz).date()
    state = initiative_state(report.reported(visit.tz), None).state
    note = _("Corrected later.") if corrected else ""
    if report.corrects is not None:
        note = _("Corrects an earlier report.")
    narrative = report.narrative
    if report.nothing_changed and not narrative:
        narrative = _("Nothing changed since the report before.")
    percent = ""
    if report.percent_complete is not None:
        percent = _("%(percent)s%% complete") % {"percent": report.percent_complete}
    return ReportEntry(
        when=words.short_day(on, today=visit.as_of.day),
        iso=on.isoformat(),
        period=words.period(report.period_start, report.period_end),
        pill=words.state_pill(state),
        percent=percent,
        narrative=narrative,
        details=tuple(_details(report)),
        note=note,
        marks=words.marks(report.provenance, url=url),
    )


def _details(report: Report) -> list[tuple[str, str]]:
    """Why it is not on track, what is done about it, and what comes next."""
    details: list[tuple[str, str]] = []
    if report.cause:
        details.append((_("Cause"), report.cause))
    if report.recovery_step:
        label = _("Recovery")
        if report.recovery_on:
            label = _("Recovery by %(day)s") % {"day": words.day(report.recovery_on)}
        details.append((label, report.recovery_step))
    if report.next_steps:
        details.append((_("Next"), report.next_steps))
    return details


def report_json(names: Names, report: Report) -> dict[str, Any]:
    """One report in raw values; what continues the initiative only where it is public."""
    after = report.successor
    return {
        "id": report.pk,
        "period": {"start": raw(report.period_start), "end": raw(report.period_end)},
        "lifecycle": report.lifecycle.value,
        "health": raw(report.health),
        "percent_complete": report.percent_complete,
        "narrative": report.narrative,
        "next_steps": report.next_steps,
        "cause": report.cause,
        "recovery_step": report.recovery_step,
        "recovery_on": raw(report.recovery_on),
        "nothing_changed": report.nothing_changed,
        "closed_on": raw(report.closed_on),
        "successor": after if after and is_public(names, "initiative", after) else None,
        "published_at": raw(report.published_at),
        "is_correction": report.corrects is not None,
        "provenance": report.provenance,
    }
