"""The doors of the read side: each asks a builder for its page."""

from __future__ import annotations

from dashboards.http import Answer, public_page
from dashboards.pages.accessibility import build_accessibility_page
from dashboards.pages.brief import build_brief_page
from dashboards.pages.changes import build_changes_page
from dashboards.pages.compare import build_compare_page
from dashboards.pages.data import build_data_page
from dashboards.pages.division import build_division_page
from dashboards.pages.follow import build_follow_page
from dashboards.pages.history import build_history_page
from dashboards.pages.initiative import build_initiative_page
from dashboards.pages.initiatives import build_initiatives_page
from dashboards.pages.method import build_method_page
from dashboards.pages.metric import build_metric_page
from dashboards.pages.metrics import build_metrics_page
from dashboards.pages.plan import build_home_page, build_plan_page
from dashboards.pages.plans import PlansPage, build_plans_page
from dashboards.pages.priority import build_priority_page
from dashboards.pages.search import build_search_page
from dashboards.visit import Visit

# ── The plan and what is in it ───────────────────────────────────────────────────────────────


@public_page
def home(visit: Visit) -> Answer:
    """The current plan; the list of plans when there are several, or none."""
    page = build_home_page(visit=visit)
    template = "plans" if isinstance(page, PlansPage) else "plan"
    return Answer(f"dashboards/{template}.html", page)


@public_page
def plans(visit: Visit) -> Answer:
    """Every public plan."""
    return Answer("dashboards/plans.html", build_plans_page(visit=visit))


@public_page
def plan(visit: Visit, plan: str) -> Answer:
    """One plan: how it stands, its priorities, its headline metrics, what changed."""
    return Answer("dashboards/plan.html", build_plan_page(visit=visit, plan_code=plan))


@public_page
def priority(visit: Visit, plan: str, priority: str) -> Answer:
    """One priority: its initiatives and its metrics."""
    page = build_priority_page(visit=visit, plan_code=plan, code=priority)
    return Answer("dashboards/priority.html", page)


@public_page
def initiatives(visit: Visit, plan: str) -> Answer:
    """The initiatives of a plan, searched, filtered and sorted."""
    page = build_initiatives_page(visit=visit, plan_code=plan)
    return Answer("dashboards/initiatives.html", page)


@public_page
def initiative(visit: Visit, plan: str, initiative: str) -> Answer:
    """One initiative: how it stands and why, its steps, its reports, its history."""
    page = build_initiative_page(visit=visit, plan_code=plan, code=initiative)
    return Answer("dashboards/initiative.html", page)


@public_page
def brief(visit: Visit, plan: str) -> Answer:
    """What is different in a plan between two dates, in nine sections."""
    page = build_brief_page(visit=visit, plan_code=plan)
    return Answer("dashboards/brief.html", page)


@public_page
def division(visit: Visit, division: str) -> Answer:
    """What a division answers for, and how fresh it is."""
    page = build_division_page(visit=visit, code=division)
    return Answer("dashboards/division.html", page)


# ── Metrics and changes ──────────────────────────────────────────────────────────────────────


@public_page
def metrics(visit: Visit) -> Answer:
    """All metrics, as cards or as a table."""
    return Answer("dashboards/metrics.html", build_metrics_page(visit=visit))


@public_page
def metric(visit: Visit, metric: str) -> Answer:
    """One metric: its course, its status and why, its targets and revisions."""
    return Answer("dashboards/metric.html", build_metric_page(visit=visit, code=metric))


@public_page
def changes(visit: Visit, plan: str) -> Answer:
    """What changed in a plan between two dates."""
    return Answer("dashboards/changes.html", build_changes_page(visit=visit, plan_code=plan))


# ── Every public event about an item ─────────────────────────────────────────────────────────


def _history(visit: Visit, kind: str, **codes: str) -> Answer:
    page = build_history_page(visit=visit, kind=kind, codes=codes)
    return Answer("dashboards/history.html", page)


@public_page
def plan_history(visit: Visit, plan: str) -> Answer:
    """Every public event about a plan."""
    return _history(visit, "plan", plan=plan)


@public_page
def priority_history(visit: Visit, plan: str, priority: str) -> Answer:
    """Every public event about a priority."""
    return _history(visit, "priority", plan=plan, priority=priority)


@public_page
def initiative_history(visit: Visit, plan: str, initiative: str) -> Answer:
    """Every public event about an initiative."""
    return _history(visit, "initiative", plan=plan, initiative=initiative)


@public_page
def metric_history(visit: Visit, metric: str) -> Answer:
    """Every public event about a metric."""
    return _history(visit, "metric", metric=metric)


# ── An item at two dates ─────────────────────────────────────────────────────────────────────


def _compare(visit: Visit, kind: str, **codes: str) -> Answer:
    page = build_compare_page(visit=visit, kind=kind, codes=codes)
    return Answer("dashboards/compare.html", page)


@public_page
def plan_compare(visit: Visit, plan: str) -> Answer:
    """A plan at two dates."""
    return _compare(visit, "plan", plan=plan)


@public_page
def priority_compare(visit: Visit, plan: str, priority: str) -> Answer:
    """A priority at two dates."""
    return _compare(visit, "priority", plan=plan, priority=priority)


@public_page
def initiative_compare(visit: Visit, plan: str, initiative: str) -> Answer:
    """An initiative at two dates."""
    return _compare(visit, "initiative", plan=plan, initiative=initiative)


@public_page
def metric_compare(visit: Visit, metric: str) -> Answer:
    """A metric at two dates."""
    return _compare(visit, "metric", metric=metric)


# ── Search, and how it all works ─────────────────────────────────────────────────────────────


@public_page
def search(visit: Visit) -> Answer:
    """What the portal knows about some words."""
    return Answer("dashboards/search.html", build_search_page(visit=visit))


@public_page
def follow(visit: Visit) -> Answer:
    """How to be told when something changes."""
    return Answer("dashboards/follow.html", build_follow_page(visit=visit))


@public_page
def method(visit: Visit) -> Answer:
    """How status is decided, with the live bands."""
    return Answer("dashboards/method.html", build_method_page(visit=visit))


@public_page
def data(visit: Visit) -> Answer:
    """What can be downloaded."""
    return Answer("dashboards/data.html", build_data_page(visit=visit))


@public_page
def accessibility(visit: Visit) -> Answer:
    """The accessibility statement."""
    return Answer("dashboards/accessibility.html", build_accessibility_page(visit=visit))
