"""Values of metrics: the grid of what is due, and corrections."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
