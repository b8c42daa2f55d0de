"""Who answers for what, how fresh it is, and whom to remind."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
