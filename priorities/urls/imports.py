"""Files in and out, and values that machines send."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
