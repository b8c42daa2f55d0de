"""Metrics and what they may be broken down by in the admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from priorities.actions import metrics
from priorities.admin.acting import Act, Values
from priorities.admin.base import RECORD, ActionAdmin, Below
from priorities.admin.facts import FactsBelow
from priorities.models import Baseline, Category, Dimension, Metric, Observation, Target


class ObservationsBelow(FactsBelow):
    """The newest values."""

    model = Observation
    fields = readonly_fields = (
        "period_start",
        "period_end",
        "number",
        "missing_reason",
        "quality",
        "in_force",
    )


class TargetsBelow(FactsBelow):
    """The newest targets."""

    model = Target
    fields = readonly_fields = (
        "period_end",
        "number",
        "lowest",
        "highest",
        "adopted_on",
        "in_force",
    )


class BaselinesBelow(FactsBelow):
    """The baselines."""

    model = Baseline
    fields = readonly_fields = ("on", "number", "source", "in_force")


@admin.register(Metric)
class MetricAdmin(ActionAdmin):
    """Metrics, with their newest facts and the ways to add more."""

    list_display = (
        "name",
        "code",
        "kind",
        "direction",
        "calendar",
        "lead_division",
        "headline",
        "retired_on",
        "public_page",
    )
    list_filter = (
        "headline",
        "kind",
        "direction",
        "calendar",
        "stage",
        ("lead_division", admin.RelatedOnlyFieldListFilter),
        ("retired_on", admin.EmptyFieldListFilter),
        "visibility",
        "provenance",
    )
    list_select_related = ("lead_division",)
    search_fields = ("name", "code", "definition")
    autocomplete_fields = ("lead_division", "priorities", "initiatives", "dimensions")
    prepopulated_fields = {"code": ("name",)}
    inlines = (ObservationsBelow, TargetsBelow, BaselinesBelow)
    fieldsets = [
        (None, {"fields": ["name", "code", "definition", ("headline", "order")]}),
        (
            gettext_lazy("What is measured"),
            {"fields": [("kind", "decimals"), ("unit", "unit_plural", "symbol"), "stage"]},
        ),
        (
            gettext_lazy("How it is judged"),
            {
                "fields": ["direction", "tolerance", "path"],
                "description": gettext_lazy(
                    "These decide the status that the public sees, so a change is told publicly."
                ),
            },
        ),
        (
            gettext_lazy("When it is reported"),
            {"fields": ["calendar", "accumulation", "grace_days", "started_on"]},
        ),
        (
            gettext_lazy("Where it belongs"),
            {"fields": ["lead_division", "priorities", "initiatives", "dimensions"]},
        ),
        (
            gettext_lazy("Data quality"),
            {
                "fields": [
                    "source",
                    "verification",
                    "accuracy_needed",
                    "known_limits",
                    "limits_handling",
                ],
                "classes": ["collapse"],
            },
        ),
        (
            gettext_lazy("On the public site"),
            {
                "fields": ["visibility", "retired_on"],
                "description": gettext_lazy(
                    "A retired metric keeps its page and its values; nothing more is expected."
                ),
            },
        ),
        RECORD,
    ]

    def tools(self, request: HttpRequest, row: Any) -> list[tuple[str, str]]:
        """The ways to add facts."""
        ways = (
            ("observation", _("Record a value")),
            ("target", _("Set a target")),
            ("baseline", _("Set a baseline")),
        )
        return [
            (words, reverse(f"admin:priorities_{name}_add") + f"?metric={row.pk}")
            for name, words in ways
        ]

    def create(self, act: Act, values: Values) -> Metric:
        """Add a metric."""
        return metrics.create_metric(**values, **act.who)

    def revise(self, act: Act, row: Any, changes: Values) -> Metric:
        """Change a metric."""
        return metrics.revise_metric(metric=row, changes=changes, reason=act.reason, **act.who)


class CategoryBelowForm(forms.ModelForm):
    """A category as a row of its dimension; its code is permanent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "code" in self.fields:
            self.fields["code"].disabled = True


class CategoriesBelow(Below):
    """The categories of a dimension, in their order."""

    model = Category
    form = CategoryBelowForm
    fields = ("order", "code", "name")
    ordering = ("order", "code")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        """With the dimension, which names them in the log."""
        return super().get_queryset(request).select_related("dimension")


@admin.register(Dimension)
class DimensionAdmin(ActionAdmin):
    """Dimensions, with their categories in place."""

    list_display = ("name", "code")
    search_fields = ("name", "code")
    prepopulated_fields = {"code": ("name",)}
    inlines = (CategoriesBelow,)
    fieldsets = [(None, {"fields": ["name", "code"]}), RECORD]

    def create(self, act: Act, values: Values) -> Dimension:
        """Add a dimension."""
        return metrics.create_dimension(**values, **act.who)

    def revise(self, act: Act, row: Any, changes: Values) -> Dimension:
        """Rename a dimension."""
        return metrics.revise_dimension(
            dimension=row, changes=changes, reason=act.reason, **act.who
        )


@admin.register(Category)
class CategoryAdmin(ActionAdmin):
    """Categories of all dimensions."""

    permanent = ("code", "dimension")
    list_display = ("name", "code", "dimension", "order")
    list_filter = ("dimension",)
    list_select_related = ("dimension",)
    search_fields = ("name", "code", "dimension__name")
    autocomplete_fields = ("dimension",)
    fieldsets = [(None, {"fields": ["dimension", "code", "name", "order"]}), RECORD]

    def create(self, act: Act, values: Values) -> Category:
        """Add a category."""
        return metrics.create_category(**values, **act.who)

    def revise(self, act: Act, row: Any, changes: Values) -> Category:
        """Rename a category or move it in its order."""
        return metrics.revise_category(category=row, changes=changes, reason=act.reason, **act.who)
