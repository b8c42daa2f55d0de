"""Values of metrics: the grid of what is due, and corrections; review of submitted updates."""

from django.urls import URLPattern, path

from priorities.views import review_queue, values, values_metric

urlpatterns: list[URLPattern] = [
    path("updates/values/", values.values, name="values"),
    path("updates/values/draft/", values.values_draft, name="values-draft"),
    path("updates/metrics/<slug:metric>/", values_metric.metric_values, name="values-metric"),
    path("updates/review/", review_queue.review, name="review-queue"),
]
