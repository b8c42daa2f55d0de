"""My updates: what is due, and what was said."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
