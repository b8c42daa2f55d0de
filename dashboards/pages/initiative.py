"""The page of one initiative: how it stands and why, its steps, reports, metrics and history."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from dashboards.charts.printable import Printable
from dashboards.charts.timeline import Timeline
from dashboards.pages import elements, words
from dashboards.pages.cards import metric_cards, metric_json
from dashboards.pages.chrome import build_chrome, history_link, marks_url, method_url, plan_crumb
from dashboards.pages.elements import Fact, Link, Mark, MetricCard, Notice, Pill, Table
from dashboards.pages.initiative_facts import about_initiative, budget_table, closing_notice
from dashboards.pages.initiative_known import Known, read_initiative
from dashboards.pages.initiative_reports import ReportEntry, report_entries, report_json
from dashboards.pages.initiative_stands import stands
from dashboards.pages.layout import Chrome
from dashboards.pages.milestones import (
    lateness,
    milestone_chart,
    milestone_json,
    milestone_table,
)
from dashboards.pages.plan_facts import priority_name
from dashboards.pages.prose import prose
from dashboards.pages.questions import QuestionEntry, question_entries, question_json
from dashboards.pages.rating import rating_json, rating_words
from dashboards.pages.raw import picked, raw
from dashboards.pages.standing_words import disagreement_words, late_words, why
from dashboards.pages.telling import Names, tell
from dashboards.pages.telling_json import change_json
from dashboards.visit import Visit
from priorities.assessment.initiative_status import (
    Disagreement,
    InitiativeStanding,
    disagreement,
)
from priorities.assessment.voices import speaks_of
from priorities.labels import label
from priorities.queries.reports import Money
from priorities.saying import gettext as _


@dataclass(frozen=True, slots=True)
class InitiativePage(Printable):
    """Every string of the initiative's page."""

    chrome: Chrome
    eyebrow: str
    title: str
    summary: str
    marks: tuple[Mark, ...]
    pill: Pill
    stands: tuple[str, ...]
    stands_marks: tuple[Mark, ...]
    closed: Notice | None
    why_title: str
    reasons: tuple[str, ...]
    beside: tuple[str, ...]
    method: Link
    description: SafeString
    facts: tuple[Fact, ...]
    links: tuple[Link, ...]
    timeline: Timeline
    milestones: Table
    reports: tuple[ReportEntry, ...]
    metrics: tuple[MetricCard, ...]
    budget: Table | None
    questions: tuple[QuestionEntry, ...]
    history: tuple[elements.Change, ...]
    all_history: Link
    data: dict[str, Any]

    def public_json(self) -> dict[str, Any]:
        """The initiative in raw values."""
        return self.data


def build_initiative_page(*, visit: Visit, plan_code: str, code: str) -> InitiativePage:
    """The page of one initiative.

    Queries: seven beside the revision: what to undo, documents, reports, budget, the reviewer's
    rating, the figures of its metrics, its public history.
    Errors: ``PageNotFound`` when it is not public at that moment.
    """
    return page_of(read_initiative(visit, plan_code, code))


def page_of(known: Known) -> InitiativePage:
    """The page, from what is known."""
    visit, initiative, standing = known.visit, known.initiative, known.standing
    priority = known.found["priority"][initiative["priority"]]
    plan_code, url = known.plan["code"], marks_url(visit)
    entries = report_entries(visit, known.reports)
    pill = words.initiative_pill(standing)
    way = Link(
        priority_name(priority), visit.link("priority", plan=plan_code, priority=priority["code"])
    )
    return InitiativePage(
        chrome=build_chrome(
            visit=visit,
            found=known.found,
            title=initiative["name"],
            description=initiative["summary"],
            current="initiatives",
            plan=known.plan,
            item=("initiative", {"plan": plan_code, "initiative": initiative["code"]}),
            breadcrumb=(
                plan_crumb(visit, known.plan),
                way,
                Link(initiative["name"], "", current=True),
            ),
        ),
        eyebrow=f"{way.label} · {priority['name']}",
        title=initiative["name"],
        summary=initiative["summary"],
        marks=words.marks(initiative["provenance"], url=url),
        pill=pill,
        stands=stands(known, standing, entries[0] if entries else None),
        stands_marks=entries[0].marks if entries else (),
        closed=closing_notice(known),
        why_title=_("Why “%(state)s”?") % {"state": words.lowered(label(standing.state))},
        reasons=tuple(why(standing, known.freshness)),
        beside=_beside(known, standing),
        method=Link(_("How status is decided"), method_url(visit, "initiatives")),
        description=prose(initiative["description"]),
        facts=about_initiative(known),
        links=tuple(Link(each["label"], each["url"]) for each in initiative["links"]),
        timeline=milestone_chart(
            initiative, known.milestones, known.on, closed_on=standing.closed_on
        ),
        milestones=milestone_table(
            known.milestones, known.on, url, is_over=standing.closed_on is not None
        ),
        reports=entries,
        metrics=metric_cards(visit, known.found, known.metrics),
        budget=budget_table(known) if known.budget else None,
        questions=question_entries(visit, known.questions, _reports_named(known)),
        history=tell(visit, Names(known.found, {}, plan_code), known.told, own=True),
        all_history=history_link(
            visit, "initiative", plan=plan_code, initiative=initiative["code"]
        ),
        data=_json(known, standing),
    )


def _beside(known: Known, standing: InitiativeStanding) -> tuple[str, ...]:
    """What stands beside the status: late milestones, and who disagrees."""
    if standing.closed_on is not None:
        return ()
    late = late_words(lateness(known.milestones, known.on))
    rated = rating_words(known.rating, _reported_to(known))
    return (*filter(None, (late, rated)), *disagreement_words(_differs(known)))


def _differs(known: Known) -> Disagreement | None:
    """Does the owner's newest word differ from the metrics, or from the reviewer?

    A rating of an earlier period than that word is not compared with it.
    """
    newest, rated = known.reports[0] if known.reports else None, known.rating
    compared = rated is not None and speaks_of(rated.period_end, _reported_to(known))
    return disagreement(
        newest.health if newest else None,
        [each.standing.state for each in known.metrics],
        rated.rating if rated is not None and compared else None,
    )


def _reported_to(known: Known) -> dt.date | None:
    """The end of the period that the owner reported last."""
    return known.reports[0].period_end if known.reports else None


def _reports_named(known: Known) -> dict[int, str]:
    """What each public report is called where a question points at it."""
    return {
        each.pk: _("About the report for %(period)s")
        % {"period": words.period(each.period_start, each.period_end)}
        for each in known.reports
    }


FIELDS = (
    "code",
    "plan",
    "name",
    "summary",
    "description",
    "priority",
    "related_priorities",
    "lead_division",
    "supporting_divisions",
    "start",
    "start_precision",
    "end",
    "end_precision",
    "ongoing",
    "districts",
    "citywide",
    "tags",
    "links",
    "source_url",
    "cadence",
    "carried_from",
    "provenance",
)


def _json(known: Known, standing: InitiativeStanding) -> dict[str, Any]:
    freshness, is_over = known.freshness, standing.closed_on is not None
    late = lateness(known.milestones, known.on, is_over=is_over)
    differs = None if is_over else _differs(known)
    names = Names(known.found)
    before = known.initiative["carried_from"]
    return {
        "initiative": picked(known.initiative, *FIELDS)
        | {"carried_from": before if before in known.found["initiative"] else None},
        "standing": {
            "state": standing.state.value,
            "decided_by": standing.decided_by.value,
            "last_said": raw(standing.last_said),
            "days_overdue": standing.days_overdue,
            "overdue_since": raw(standing.overdue_since),
            "closed_on": raw(standing.closed_on),
            "judged_on": raw(known.on),
            "next_due": raw(freshness.next_due),
            "missed_reports": freshness.missed,
            "late_milestones": {"count": late.count, "worst_days": late.worst_days},
            "disagreement": [code.value for code in differs.codes] if differs else [],
        },
        "milestones": [
            milestone_json(each, known.on, is_over=is_over) for each in known.milestones
        ],
        "reports": [report_json(names, each) for each in known.reports],
        "metrics": [metric_json(each) for each in known.metrics],
        "budget": [_money_json(each) for each in known.budget],
        "reviewer": rating_json(known.rating),
        "questions": [question_json(each, _reports_named(known)) for each in known.questions],
        "history": [change_json(names, each) for each in known.told],
    }


def _money_json(money: Money) -> dict[str, Any]:
    return {
        "id": money.pk,
        "fiscal_year": money.fiscal_year,
        "amount_usd": raw(money.amount),
        "kind": money.kind.value,
        "source": money.source,
        "source_url": money.source_url,
        "note": money.note,
        "reason": money.reason,
        "published_at": raw(money.published_at),
        "in_force": money.in_force,
        "provenance": money.provenance,
    }
