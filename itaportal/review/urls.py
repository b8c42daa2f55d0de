"""The addresses of reviewers."""

from django.urls import URLPattern, path

from itaportal.review import (
    briefs,
    disagreements,
    overview,
    saved,
    table,
    timeline,
)

app_name = "review"

BRIEFS = "review/briefs/<slug:plan>/"

urlpatterns: list[URLPattern] = [
    path("review/disagreements/", disagreements.disagreements, name="disagreements"),
    path("review/", overview.overview, name="overview"),
    path("review/table/", table.table, name="table"),
    path("review/table.csv", table.table_csv, name="table-csv"),
    path("review/table.xlsx", table.table_xlsx, name="table-xlsx"),
    path("review/table/metrics/", table.metrics, name="metrics"),
    path("review/table/metrics.csv", table.metrics_csv, name="metrics-csv"),
    path("review/table/metrics.xlsx", table.metrics_xlsx, name="metrics-xlsx"),
    path("review/timeline/", timeline.timeline, name="timeline"),
    path("review/views/", saved.views, name="views"),
    path("review/views/new/", saved.view_new, name="view-new"),
    path("review/views/<int:pk>/", saved.view, name="view"),
    path("review/views/<int:pk>/share/", saved.view_share, name="view-share"),
    path("review/views/<int:pk>/delete/", saved.view_forget, name="view-forget"),
    path("review/briefs/", briefs.newest_plan, name="briefs"),
    path(BRIEFS, briefs.frozen_briefs, name="frozen-briefs"),
    path(f"{BRIEFS}now.pdf", briefs.paper, name="brief-pdf"),
    path(f"{BRIEFS}now.json", briefs.values, name="brief-json"),
    path(f"{BRIEFS}new/", briefs.freeze_brief, name="freeze-brief"),
    path(f"{BRIEFS}<slug:brief>/", briefs.frozen_brief, name="frozen-brief"),
    path(f"{BRIEFS}<slug:brief>.json", briefs.frozen_content, name="frozen-brief-json"),
    path(f"{BRIEFS}<slug:brief>.pdf", briefs.frozen_paper, name="frozen-brief-pdf"),
]
