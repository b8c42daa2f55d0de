"""The addresses of reviewers. They stand before the public ones."""

from django.urls import URLPattern, path

from itaportal.review import overview

app_name = "review"

urlpatterns: list[URLPattern] = [
    path("review/", overview.overview, name="overview"),
]
