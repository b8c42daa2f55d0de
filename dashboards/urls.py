"""The public addresses. They are permanent, because codes never change."""

from django.urls import URLPattern

from dashboards import briefs, event_log, feeds, views
from dashboards.http import page, public_path

app_name = "dashboards"

PLAN = "plans/<slug:plan>/"

urlpatterns: list[URLPattern] = [
    *page("", views.home, name="home"),
    *page("plans/", views.plans, name="plans"),
    *page("plans/<slug:plan>/", views.plan, name="plan"),
    *page("plans/<slug:plan>/history/", views.plan_history, name="plan-history"),
    *page("plans/<slug:plan>/priorities/<slug:priority>/", views.priority, name="priority"),
    *page(
        "plans/<slug:plan>/priorities/<slug:priority>/history/",
        views.priority_history,
        name="priority-history",
    ),
    *page("plans/<slug:plan>/initiatives/", views.initiatives, name="initiatives"),
    *page("plans/<slug:plan>/initiatives/<slug:initiative>/", views.initiative, name="initiative"),
    *page(
        "plans/<slug:plan>/initiatives/<slug:initiative>/history/",
        views.initiative_history,
        name="initiative-history",
    ),
    *page("plans/<slug:plan>/changes/", views.changes, name="changes"),
    *page(f"{PLAN}brief/", views.brief, name="brief"),
    public_path(f"{PLAN}brief.pdf", briefs.paper, name="brief-pdf"),
    *page(f"{PLAN}briefs/", briefs.frozen_briefs, name="frozen-briefs"),
    *page(f"{PLAN}briefs/<slug:brief>/", briefs.frozen_brief, name="frozen-brief"),
    public_path(f"{PLAN}briefs/<slug:brief>.pdf", briefs.frozen_paper, name="frozen-brief-pdf"),
    *page(f"{PLAN}compare/", views.plan_compare, name="plan-compare"),
    *page(
        f"{PLAN}priorities/<slug:priority>/compare/",
        views.priority_compare,
        name="priority-compare",
    ),
    *page(
        f"{PLAN}initiatives/<slug:initiative>/compare/",
        views.initiative_compare,
        name="initiative-compare",
    ),
    *page("metrics/<slug:metric>/compare/", views.metric_compare, name="metric-compare"),
    public_path(f"{PLAN}feed.atom", feeds.plan_feed, name="plan-feed"),
    public_path(
        f"{PLAN}priorities/<slug:priority>/feed.atom", feeds.priority_feed, name="priority-feed"
    ),
    public_path(
        f"{PLAN}initiatives/<slug:initiative>/feed.atom",
        feeds.initiative_feed,
        name="initiative-feed",
    ),
    public_path("metrics/<slug:metric>/feed.atom", feeds.metric_feed, name="metric-feed"),
    *page("divisions/<slug:division>/", views.division, name="division"),
    *page("metrics/", views.metrics, name="metrics"),
    *page("metrics/<slug:metric>/", views.metric, name="metric"),
    *page("metrics/<slug:metric>/history/", views.metric_history, name="metric-history"),
    *page("search/", views.search, name="search"),
    *page("follow/", views.follow, name="follow"),
    *page("method/", views.method, name="method"),
    *page("data/", views.data, name="data"),
    public_path("data/events.jsonl", event_log.events, name="events"),
    public_path("data/check_history.py", event_log.script, name="check-history"),
    *page("accessibility/", views.accessibility, name="accessibility"),
]
