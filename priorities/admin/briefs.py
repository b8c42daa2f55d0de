"""Briefs as they were delivered, to look at: they are frozen on the reviewers' own pages."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from priorities.admin.base import ReadOnlyAdmin
from priorities.models import FrozenBrief


@admin.register(FrozenBrief)
class FrozenBriefAdmin(ReadOnlyAdmin):
    """Frozen briefs; what they say is read under their own address."""

    list_display = ("code", "plan", "since", "until", "visibility", "recorded_by", "published_at")
    list_filter = ("plan", "visibility")
    list_select_related = ("plan",)
    search_fields = ("code", "note", "plan__title", "plan__code")
    date_hierarchy = "published_at"
    exclude = ("content", "pdf")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Without what makes a row heavy."""
        return super().get_queryset(request).defer("content", "pdf")
