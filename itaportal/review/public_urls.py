"""The public addresses at which reviewers who are signed in get a page of their own."""

from django.urls import URLPattern, path

from itaportal.review import brief, history

app_name = "instead"

PLAN = "plans/<slug:plan>/"

urlpatterns: list[URLPattern] = [
    path(f"{PLAN}brief/", brief.brief, name="brief"),
    path(f"{PLAN}history/", history.plan, name="plan-history"),
    path(f"{PLAN}priorities/<slug:priority>/history/", history.priority, name="priority-history"),
    path(
        f"{PLAN}initiatives/<slug:initiative>/history/",
        history.initiative,
        name="initiative-history",
    ),
    path("metrics/<slug:metric>/history/", history.metric, name="metric-history"),
]
