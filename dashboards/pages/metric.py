"""The page of one metric: its course, its status and why, its targets and every revision."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import ngettext

from dashboards.charts import LineChart
from dashboards.charts.printable import Printable
from dashboards.pages import elements, words
from dashboards.pages.chrome import (
    build_chrome,
    history_link,
    marks_url,
    menu_plan,
    method_url,
    plan_crumb,
    twin_url,
)
from dashboards.pages.elements import Fact, Link, Mark, Pill, Table
from dashboards.pages.layout import Chrome
from dashboards.pages.metric_about import (
    Figure,
    about_facts,
    bands,
    informs,
    lede,
    missing_text,
    newer_missing,
    newest_figure,
    side_figures,
    why_text,
)
from dashboards.pages.metric_chart import metric_chart
from dashboards.pages.metric_json import metric_data
from dashboards.pages.metric_known import MOST_CHANGES, Known, know_metric
from dashboards.pages.metric_tables import (
    breakdown_table,
    dimension_words,
    revisions_table,
    targets_table,
    values_table,
)
from dashboards.pages.outlook import held_text, outlook_text
from dashboards.pages.questions import QuestionEntry, question_entries
from dashboards.pages.rating import rating_words
from dashboards.pages.reasons import ReasonLine, lowered, reason_lines
from dashboards.pages.telling import Names, tell
from dashboards.visit import Visit
from priorities.assessment.forecast import Forecast, backtest
from priorities.queries.changes import Change
from priorities.queries.publication import Document
from priorities.saying import gettext as _


@dataclass(frozen=True, slots=True)
class MetricPage(Printable):
    """Everything the template of a metric prints, and the raw values for machines."""

    chrome: Chrome
    name: str
    lede: str
    marks: tuple[Mark, ...]
    headline: Figure | None
    missing: str
    newer_missing: str
    figures: tuple[Figure, ...]
    pill: Pill
    said: str
    chart: LineChart
    why_title: str
    why_text: str
    reasons: tuple[ReasonLine, ...]
    bands: tuple[str, ...]
    reviewer: str
    method: Link
    outlook: str
    held: str
    outlook_method: Link
    values: Table
    values_links: tuple[Link, ...]
    breakdown_title: str
    breakdown: Table | None
    revisions: Table | None
    targets: Table | None
    facts: tuple[Fact, ...]
    ways: tuple[Link, ...]
    informs: tuple[Link, ...]
    questions: tuple[QuestionEntry, ...]
    history: tuple[elements.Change, ...]
    all_changes: Link | None
    all_history: Link
    raw: dict[str, Any]

    def public_json(self) -> dict[str, Any]:
        """The metric, its facts and its standing as JSON values."""
        return self.raw


def build_metric_page(*, visit: Visit, code: str) -> MetricPage:
    """The page of a metric as known on a date.

    Queries: six, beside the revision.
    Errors: ``PageNotFound`` for a code that was not public then.
    """
    known = know_metric(visit, code)
    metric, unit, standing = known.metric, known.unit, known.standing
    pill, plan = words.metric_pill(standing), _plan(known)
    observed = standing.observation
    outlook = known.facts.outlook(metric)
    held = backtest(known.facts.observed()) if isinstance(outlook, Forecast) else None
    breakdown, revisions, targets = (
        breakdown_table(known),
        revisions_table(known),
        targets_table(known),
    )
    return MetricPage(
        chrome=build_chrome(
            visit=visit,
            found=known.found,
            title=metric["name"],
            description=lede(metric)[:300],
            current="metrics",
            plan=plan,
            item=("metric", {"metric": metric["code"]}),
            breadcrumb=_breadcrumb(known, plan),
        ),
        name=metric["name"],
        lede=lede(metric),
        marks=words.marks(metric["provenance"], url=marks_url(visit)),
        headline=newest_figure(known),
        missing=missing_text(known),
        newer_missing=newer_missing(known),
        figures=side_figures(known),
        pill=pill,
        said=words.last_said(standing.last_said),
        chart=metric_chart(
            metric=metric,
            unit=unit,
            facts=known.facts,
            standing=standing,
            outlook=outlook,
            tz=visit.tz,
            fiscal_start_month=known.fiscal_start_month,
        ),
        why_title=_("Why “%(state)s”?") % {"state": lowered(pill.label)},
        why_text=why_text(standing.state),
        reasons=reason_lines(standing, unit, fiscal_start_month=known.fiscal_start_month),
        bands=bands(standing.state, standing.direction),
        reviewer=rating_words(known.rating, observed.end if observed else None),
        method=Link(_("How status is decided"), method_url(visit, "metrics")),
        outlook=outlook_text(outlook, unit),
        held=held_text(held) if held is not None and held.tried else "",
        outlook_method=Link(_("How it is made"), method_url(visit, "forecast")),
        values=values_table(known),
        values_links=_values_links(visit, revisions),
        breakdown_title=_("By %(dimensions)s") % {"dimensions": dimension_words(known)}
        if breakdown
        else "",
        breakdown=breakdown,
        revisions=revisions,
        targets=targets,
        facts=about_facts(known),
        ways=_ways(known, targets),
        informs=informs(known),
        questions=question_entries(visit, known.questions, known.targets_named()),
        history=_history(known),
        all_changes=_all_changes(visit, plan, known),
        all_history=history_link(visit, "metric", metric=code),
        raw=metric_data(known, outlook, held),
    )


def _plan(known: Known) -> Document | None:
    """The plan that the page belongs to: the newest of those that the metric informs."""
    codes = (*known.metric["priorities"], *known.metric["initiatives"])
    mine = {code.partition("/")[0] for code in codes}
    own = {code: plan for code, plan in known.found["plan"].items() if code in mine}
    return menu_plan({**known.found, "plan": own}, known.visit.as_of.day)


def _breadcrumb(known: Known, plan: Document | None) -> tuple[Link, ...]:
    """The plan and the first of its priorities that the metric informs."""
    visit, end = known.visit, Link(known.metric["name"], "", current=True)
    if plan is None:
        return (Link(_("Metrics"), visit.link("metrics")), end)
    head = f"{plan['code']}/"
    for code in known.metric["priorities"]:
        priority = known.found["priority"].get(code)
        if priority is not None and code.startswith(head):
            url = visit.link("priority", plan=plan["code"], priority=priority["code"])
            return (plan_crumb(visit, plan), Link(priority["name"], url), end)
    return (plan_crumb(visit, plan), Link(_("Metrics"), visit.link("metrics")), end)


def _values_links(visit: Visit, revisions: Table | None) -> tuple[Link, ...]:
    """The values for machines, and those that were corrected."""
    links = [Link("JSON", twin_url(visit))]
    if revisions is not None:
        links.append(Link(_("All revisions"), "#revisions"))
    return tuple(links)


def _ways(known: Known, targets: Table | None) -> tuple[Link, ...]:
    """Ways on within the page."""
    links = []
    if targets is not None:
        n = len(targets.rows)
        text = ngettext("Target history (%(n)s)", "Target history (%(n)s)", n) % {"n": n}
        links.append(Link(text, "#targets"))
    if known.history:
        links.append(Link(_("What changed"), "#history"))
    return tuple(links)


def _history(known: Known) -> tuple[elements.Change, ...]:
    """What changed in the metric; its own name is left out of the sentences."""
    names = Names(known.found)
    return tuple(
        replace(told, item=None, before=_subject(change))
        for change in known.history[:MOST_CHANGES]
        for told in tell(known.visit, names, (change,))
    )


def _subject(change: Change) -> str:
    """What a sentence of the metric's own history begins with."""
    if change.item_type == "observation" and change.new("value") is None:
        return _("The metric")
    subjects = {
        "observation": _("Value"),
        "target": _("Target"),
        "baseline": _("Baseline"),
        "question": _("Question"),
        "answer": _("Question"),
    }
    return subjects.get(change.item_type, _("Metric"))


def _all_changes(visit: Visit, plan: Document | None, known: Known) -> Link | None:
    """Where older changes are told, when there are more than the page tells."""
    if plan is None:
        return None
    url = visit.link("changes", plan=plan["code"])
    if len(known.history) > MOST_CHANGES:
        return Link(_("Older changes are among those of the plan"), url)
    return Link(_("All changes of the plan"), url)
