"""The public addresses. They are permanent: codes are stable, renamed ones redirect."""

from django.urls import URLPattern, URLResolver

app_name = "dashboards"

urlpatterns: list[URLPattern | URLResolver] = []
