"""The page of one plan: how it stands, its priorities, headline metrics, changes, what comes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q

from dashboards.charts.bars import StackedBar
from dashboards.charts.printable import Printable
from dashboards.memory import key_of
from dashboards.pages import elements, words
from dashboards.pages.cards import RatedMetric, metric_cards, metric_json, rated_metrics
from dashboards.pages.changes_said import is_named
from dashboards.pages.chrome import (
    build_chrome,
    current_plans,
    history_link,
    marks_url,
    public_plans,
)
from dashboards.pages.coming import Coming, coming_json, coming_up, due_ahead, upcoming
from dashboards.pages.elements import (
    Fact,
    LegendEntry,
    Link,
    Mark,
    MetricCard,
    Notice,
    PriorityCard,
    Progress,
    Upcoming,
)
from dashboards.pages.headline import Headline, headline
from dashboards.pages.layout import Chrome
from dashboards.pages.meetings import meetings_json
from dashboards.pages.plan_facts import (
    about_plan,
    closed_notice,
    facts_of,
    period_of,
    periods_json,
    priority_name,
    successor_of,
)
from dashboards.pages.plans import PlansPage, build_plans_page
from dashboards.pages.portal import changed_since, read_portal
from dashboards.pages.raw import picked, raw
from dashboards.pages.reading import Reading, read_plan, reading
from dashboards.pages.scope import Scope, scope_of
from dashboards.pages.states import counts_json, state_bar, state_legend
from dashboards.pages.stepping import Steps, steps
from dashboards.pages.telling import Names, tell
from dashboards.pages.telling_json import change_json
from dashboards.remembered import Remembered
from dashboards.visit import Visit
from priorities.enums import InitiativeState
from priorities.models import Metric, Milestone, Priority, ReportingPeriod
from priorities.queries.changes import Change, changes
from priorities.queries.publication import (
    Document,
    due_in_part,
    first_of_year,
    metrics_of_plan,
    touched_since,
    upcoming_milestones,
)
from priorities.queries.standing import InitiativeRow
from priorities.saying import gettext as _

#: How many changes and coming dates the page shows, and how far it looks ahead.
MOST_CHANGES = 5
AHEAD = dt.timedelta(days=180)
#: How many metrics stand for the plan when none is marked as a headline metric.
SOME_METRICS = 6


@dataclass(frozen=True, slots=True)
class Known:
    """What the page of a plan speaks of, before anything is spelled.

    ``metrics`` by priority, all of them under ""; ``rated``: the headline metrics.
    """

    plan: Reading
    metrics: Mapping[str, Sequence[Document]]
    rated: Sequence[RatedMetric]
    told: Sequence[Change]
    coming: Sequence[Coming]


#: What a worker knows of the plans that were asked for last: a few megabytes each.
KNOWN: Remembered[Known] = Remembered(16)


@dataclass(frozen=True, slots=True)
class PlanPage(Printable):
    """Every string of the plan's page."""

    chrome: Chrome
    eyebrow: str
    title: str
    marks: tuple[Mark, ...]
    headline: Headline
    scope: str
    closed: Notice | None
    period: Progress
    facts: tuple[Fact, ...]
    bar: StackedBar
    legend: tuple[LegendEntry, ...]
    legend_label: str
    priorities: tuple[PriorityCard, ...]
    priorities_marks: tuple[Mark, ...]
    all_initiatives: Link
    metrics: tuple[MetricCard, ...]
    all_metrics: Link
    changes: tuple[elements.Change, ...]
    changes_ways: tuple[Link, ...]
    coming: tuple[Upcoming, ...]
    about: tuple[Fact, ...]
    all_history: Link
    steps: Steps
    data: Callable[[], dict[str, Any]]

    def public_json(self) -> dict[str, Any]:
        """The plan in raw values."""
        return self.data()


def build_home_page(*, visit: Visit) -> PlanPage | PlansPage:
    """The current plan; the list of plans when several are in force, or none.

    Queries: as for the plan's page; it loads what all plans have, because only the documents tell
    which plan was in force on the day.
    """
    undo = changed_since(visit)
    day = visit.as_of.day
    due = Q(due_on__range=(day, day + AHEAD)) | due_in_part(first_of_year(day), day)
    found = read_portal(
        visit,
        Priority.objects.all(),
        ReportingPeriod.objects.all(),
        Metric.objects.all(),
        Milestone.objects.filter(due | Q(pk__in=touched_since(Milestone, visit.as_of))),
        undo=undo,
    )
    plans = current_plans(found, visit.as_of.day) or public_plans(found)
    if len(plans) != 1:
        return build_plans_page(visit=visit, found=found)
    return _page(visit, _known(reading(visit, found, undo, plans[0])))


def build_plan_page(*, visit: Visit, plan_code: str) -> PlanPage:
    """The page of one plan.

    Queries: at most five beside the revision: what to undo, documents, standings, the figures of
    the headline metrics, recent changes; none when this worker has read the plan for another
    address of the page: its JSON twin, another language or compression.
    """
    return _page(
        visit,
        KNOWN.recall(
            key_of(visit.revision, plan_code, visit.as_of),
            lambda: _known(_read(visit, plan_code)),
        ),
    )


def _read(visit: Visit, plan_code: str) -> Reading:
    until = visit.as_of.day + AHEAD
    milestones = upcoming_milestones(plan_code, visit.as_of, until)
    return read_plan(visit, plan_code, metrics_of_plan(plan_code, visit.as_of), milestones)


def _known(plan: Reading) -> Known:
    """What the page says beyond the plan's documents and standings. Queries: two."""
    visit = plan.visit
    until = visit.as_of.day + AHEAD
    plan = replace(plan, found={**plan.found, "milestone": due_ahead(plan, until=until)})
    metrics = metrics_under(plan)
    shown = [each for each in metrics[""] if each["headline"]] or metrics[""][:SOME_METRICS]
    rated = rated_metrics(visit, plan.found, shown)
    told = changes(
        until=visit.as_of.moment, plan_code=plan.code, notable=True, limit=3 * MOST_CHANGES
    )
    return Known(plan, metrics, rated, told, coming_up(plan, until=until))


def metrics_under(plan: Reading) -> dict[str, list[Document]]:
    """The metrics that inform each priority, by themselves or by an initiative; "" has them all."""
    initiatives, head, day = plan.snapshot.by_code, f"{plan.code}/", plan.judged_on
    found: dict[str, list[Document]] = {"": []}
    for metric in plan.found["metric"].values():
        if metric["retired_on"] and metric["retired_on"] <= day:
            continue
        own = (code.removeprefix(head) for code in metric["priorities"] if code.startswith(head))
        moved = (initiatives.get(code.removeprefix(head)) for code in metric["initiatives"])
        informed = {*own, *(row.priority for row in moved if row is not None)}
        for code in ("", *informed) if informed else ():
            found.setdefault(code, []).append(metric)
    return found


def _page(visit: Visit, known: Known) -> PlanPage:
    plan = replace(known.plan, visit=visit)
    metrics, rated, told, coming = known.metrics, known.rated, known.told, known.coming
    document, counts, scope = plan.plan, plan.snapshot.counts(), scope_of(plan)
    said = headline(counts, closed=plan.is_closed)
    initiatives = visit.link("initiatives", plan=plan.code)
    total = len(plan.snapshot.rows)
    names = Names(plan.found, plan.snapshot.by_code, plan.code)
    told = [change for change in told if is_named(visit, names, change)]
    priorities = _priorities(visit, plan, metrics)
    alike = words.alike([each.marks for each in priorities])
    return PlanPage(
        chrome=build_chrome(
            visit=visit,
            found=plan.found,
            title=document["title"],
            description=said.text,
            current="plan",
            plan=document,
        ),
        eyebrow=document["title"] if document["tagline"] else _("Strategic plan"),
        title=document["tagline"] or document["title"],
        marks=words.marks(document["provenance"], url=marks_url(visit)),
        headline=said,
        scope=scope.words,
        closed=closed_notice(visit, plan),
        period=period_of(plan),
        facts=facts_of(plan),
        bar=state_bar("plan-states", _("Initiatives by status"), counts),
        legend=state_legend(visit, counts, _bare(initiatives)),
        legend_label=_("Initiatives by status"),
        priorities=tuple(replace(each, marks=()) if alike else each for each in priorities),
        priorities_marks=alike,
        all_initiatives=Link(
            _("All %(initiatives)s") % {"initiatives": words.initiatives_counted(total)},
            initiatives,
        ),
        metrics=metric_cards(visit, plan.found, rated),
        all_metrics=Link(
            _("All %(metrics)s") % {"metrics": words.metrics_counted(len(metrics[""]))},
            visit.link("metrics", query={"plan": plan.code}),
        ),
        changes=tell(visit, names, told)[:MOST_CHANGES],
        changes_ways=(
            Link(_("Brief since the last meeting"), visit.link("brief", plan=plan.code)),
            Link(_("Compare two dates"), visit.link("changes", plan=plan.code)),
        ),
        coming=upcoming(visit, plan, coming),
        about=about_plan(visit, plan),
        all_history=history_link(visit, "plan", plan=plan.code),
        steps=steps(visit, plan),
        data=lambda: _json(plan, counts, scope, metrics, rated, told, coming),
    )


def _bare(url: str) -> str:
    return url.partition("?")[0]


def _priorities(
    visit: Visit, plan: Reading, metrics: Mapping[str, Sequence[Document]]
) -> tuple[PriorityCard, ...]:
    updated = plan.snapshot.once("updated", lambda: _updated(plan.snapshot.rows))
    return tuple(
        _priority(visit, plan, document, len(metrics.get(code, ())), updated.get(code))
        for code, document in plan.priorities.items()
    )


def _updated(rows: Sequence[InitiativeRow]) -> dict[str, dt.datetime]:
    """When the newest report under each priority was published."""
    updated: dict[str, dt.datetime] = {}
    for row in rows:
        if row.latest is not None:
            newest = updated.get(row.priority)
            if newest is None or row.latest.published_at > newest:
                updated[row.priority] = row.latest.published_at
    return updated


def _priority(
    visit: Visit,
    plan: Reading,
    document: Document,
    informing: int,
    updated: dt.datetime | None,
) -> PriorityCard:
    code = document["code"]
    counts = plan.snapshot.counts(code)
    total = sum(counts.values())
    numbers = [words.initiatives_counted(total)]
    if informing:
        numbers.append(words.metrics_counted(informing))
    when = ""
    if updated is not None:
        day = words.short_day(updated.astimezone(visit.tz).date(), today=visit.as_of.day)
        when = _("Updated %(day)s") % {"day": day}
    return PriorityCard(
        url=visit.link("priority", plan=plan.code, priority=code),
        eyebrow=priority_name(document),
        title=document["name"],
        summary=document["summary"],
        bar=state_bar(f"priority-{code}-states", document["name"], counts),
        counts=" · ".join(numbers),
        updated=when,
        marks=words.marks(document["provenance"], url=marks_url(visit)),
    )


def _json(
    plan: Reading,
    counts: Mapping[InitiativeState, int],
    scope: Scope,
    metrics: Mapping[str, Sequence[Document]],
    rated: Sequence[RatedMetric],
    told: Sequence[Change],
    coming: Sequence[Coming],
) -> dict[str, Any]:
    after = successor_of(plan)
    names = Names(plan.found, plan.snapshot.by_code, plan.code)
    return {
        "plan": {
            **picked(plan.plan, *PLAN_FIELDS),
            "predecessor": plan.plan["predecessor"]
            if plan.plan["predecessor"] in plan.found["plan"]
            else None,
            "successor": after["code"] if after else None,
            "closed": plan.is_closed,
            "judged_on": raw(plan.judged_on),
        },
        "initiatives": {"total": len(plan.snapshot.rows), "by_state": counts_json(counts)},
        "scope": scope.data,
        "priorities": [
            {
                **picked(document, "code", "name", "summary", "provenance"),
                "initiatives": sum(plan.snapshot.counts(code).values()),
                "by_state": counts_json(plan.snapshot.counts(code)),
                "metrics": [metric["code"] for metric in metrics.get(code, ())],
            }
            for code, document in plan.priorities.items()
        ],
        "metrics": [metric["code"] for metric in metrics[""]],
        "headline_metrics": [metric_json(each) for each in rated],
        "changes": [change_json(names, change) for change in told[:MOST_CHANGES]],
        "coming_up": [coming_json(each) for each in coming],
        "meetings": meetings_json(plan.found, plan.code),
        "periods": periods_json(plan),
    }


PLAN_FIELDS = (
    "code",
    "title",
    "tagline",
    "vision",
    "mission",
    "period_start",
    "period_end",
    "adopted_on",
    "state",
    "closed_on",
    "predecessor",
    "source_url",
    "grace_days",
    "note",
    "provenance",
)
