"""Plan work: plans, priorities, initiatives, metrics, targets, periods."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
