"""Initiatives and their milestones in the admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from priorities.actions import initiatives
from priorities.admin.acting import Act, ActionForm, Values
from priorities.admin.base import RECORD, ActionAdmin, Below
from priorities.admin.facts import FactsBelow
from priorities.forms.fields import LinksField, NumbersField, WordsField
from priorities.models import BudgetLine, Initiative, Milestone, Priority, StatusUpdate


def named_with_plan(priority: Priority) -> str:
    """A priority as a choice among those of several plans."""
    return f"{priority.plan.code} · {priority.code} · {priority.name}"


class InitiativeForm(ActionForm):
    """An initiative; lists are typed, not written as JSON."""

    districts = NumbersField(
        label=gettext_lazy("Council districts"),
        help_text=gettext_lazy("Numbers separated by commas, e.g. 1, 14. Leave empty if citywide."),
    )
    tags = WordsField(label=gettext_lazy("Tags"))
    links = LinksField(label=gettext_lazy("Links"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        priorities = Priority.objects.select_related("plan")
        if self.instance.plan_id:
            priorities = priorities.filter(plan_id=self.instance.plan_id)
        for name in ("priority", "related_priorities"):
            field: Any = self.fields.get(name)
            if field is not None:
                field.queryset = priorities
                field.label_from_instance = named_with_plan


class MilestoneForm(ActionForm):
    """A milestone; moving or dropping it needs the reason."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        help_text=gettext_lazy("Needed when the due date moves or the milestone is dropped."),
    )


class MilestoneBelowForm(MilestoneForm):
    """A milestone as a row of its initiative."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 10}),
    )

    class Meta:
        widgets = {"name": forms.Textarea(attrs={"rows": 2, "cols": 12})}

    def clean_name(self) -> str:
        """One line, though it is typed in two."""
        return " ".join(self.cleaned_data["name"].split())


class MilestonesBelow(Below):
    """Milestones, added and changed in place; a new due date asks for its reason."""

    model = Milestone
    form = MilestoneBelowForm
    fields = (
        "name",
        "due_on",
        "due_precision",
        "original_due_on",
        "done_on",
        "dropped_on",
        "reason",
    )
    readonly_fields = ("original_due_on",)
    ordering = ("due_on", "id")


class BudgetLinesBelow(FactsBelow):
    """Money, to look at."""

    model = BudgetLine
    fields = readonly_fields = ("fiscal_year", "amount", "kind", "source", "in_force")


class UpdatesBelow(FactsBelow):
    """Status updates, to look at."""

    model = StatusUpdate
    fk_name = "initiative"
    fields = readonly_fields = ("period_end", "lifecycle", "health", "state", "in_force")


@admin.register(Initiative)
class InitiativeAdmin(ActionAdmin):
    """Initiatives of all plans, with their milestones in place."""

    form = InitiativeForm
    list_display = (
        "name",
        "plan",
        "priority",
        "lead_division",
        "visibility",
        "end",
        "public_page",
    )
    list_filter = (
        "plan",
        ("priority", admin.RelatedOnlyFieldListFilter),
        ("lead_division", admin.RelatedOnlyFieldListFilter),
        "visibility",
        "ongoing",
        "cadence",
        "provenance",
    )
    list_select_related = ("plan", "priority", "lead_division")
    search_fields = ("name", "code", "summary", "plan__code")
    date_hierarchy = "end"
    autocomplete_fields = ("plan", "lead_division", "carried_from")
    filter_horizontal = ("related_priorities", "supporting_divisions")
    prepopulated_fields = {"code": ("name",)}
    inlines = (MilestonesBelow, BudgetLinesBelow, UpdatesBelow)
    fieldsets = [
        (
            None,
            {
                "fields": ["plan", "priority", "name", "code", "summary", "description", "order"],
                "description": gettext_lazy(
                    "The code is part of the public address and never changes."
                ),
            },
        ),
        (
            gettext_lazy("Who and where"),
            {
                "fields": [
                    "lead_division",
                    "supporting_divisions",
                    "related_priorities",
                    ("citywide", "districts"),
                    "tags",
                ]
            },
        ),
        (
            gettext_lazy("When"),
            {
                "fields": [
                    ("start", "start_precision"),
                    ("end", "end_precision"),
                    "ongoing",
                    "cadence",
                ]
            },
        ),
        (
            gettext_lazy("On the public site"),
            {
                "fields": ["visibility", "links", "source_url", "carried_from"],
                "description": gettext_lazy(
                    "An internal initiative is not shown; that it was hidden is told publicly."
                ),
            },
        ),
        RECORD,
    ]

    def tools(self, request: HttpRequest, row: Any) -> list[tuple[str, str]]:
        """The way to add money."""
        add = reverse("admin:priorities_budgetline_add")
        return [(_("Add a budget line"), f"{add}?initiative={row.pk}")]

    def create(self, act: Act, values: Values) -> Initiative:
        """Add an initiative."""
        return initiatives.create_initiative(**values, **act.who)

    def revise(self, act: Act, row: Any, changes: Values) -> Initiative:
        """Change an initiative."""
        return initiatives.revise_initiative(
            initiative=row, changes=changes, reason=act.reason, **act.who
        )


@admin.register(Milestone)
class MilestoneAdmin(ActionAdmin):
    """Milestones of all initiatives, by date."""

    form = MilestoneForm
    permanent = ("initiative",)
    list_display = ("name", "initiative", "due_on", "original_due_on", "done_on", "dropped_on")
    list_filter = (
        "initiative__plan",
        ("done_on", admin.EmptyFieldListFilter),
        ("dropped_on", admin.EmptyFieldListFilter),
        "provenance",
    )
    list_select_related = ("initiative",)
    search_fields = ("name", "initiative__name", "initiative__code")
    date_hierarchy = "due_on"
    autocomplete_fields = ("initiative",)
    readonly_fields = ("original_due_on",)
    fieldsets = [
        (None, {"fields": ["initiative", "name", ("due_on", "due_precision")]}),
        (
            gettext_lazy("What became of it"),
            {
                "fields": ["original_due_on", "done_on", "dropped_on"],
                "description": gettext_lazy(
                    "The date first promised is kept for good and shown beside the new one."
                ),
            },
        ),
        (gettext_lazy("Source"), {"fields": ["source_url"]}),
        RECORD,
    ]

    def create(self, act: Act, values: Values) -> Milestone:
        """Add a milestone."""
        return initiatives.add_milestone(**values, **act.who)

    def revise(self, act: Act, row: Any, changes: Values) -> Milestone:
        """Re-date, tick off, drop or reword a milestone."""
        return initiatives.revise_milestone(
            milestone=row, changes=changes, reason=act.reason, **act.who
        )
