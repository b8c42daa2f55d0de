"""Plans, their priorities and their reporting periods in the admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from priorities.actions import plans
from priorities.admin.acting import Act, ActionForm, Values, act_of
from priorities.admin.base import RECORD, ActionAdmin, Below
from priorities.enums import Calendar, PlanState
from priorities.models import Meeting, Plan, Priority, ReportingPeriod


class PlanForm(ActionForm):
    """A plan; closing it asks for the day and the reason."""

    def clean(self) -> dict[str, Any]:
        """Refuse to close without saying when and why."""
        cleaned = super().clean() or self.cleaned_data
        closing = "state" in self.changed_data and cleaned.get("state") == PlanState.CLOSED
        if closing and self.instance.pk and not cleaned.get("reason"):
            self.add_error("reason", _("Say why the plan is closed."))
        if cleaned.get("state") == PlanState.CLOSED and not cleaned.get("closed_on"):
            self.add_error("closed_on", _("A closed plan needs the day on which it was closed."))
        return cleaned


class PriorityBelowForm(forms.ModelForm):
    """A priority as a row of its plan; its code is permanent."""

    class Meta:
        widgets = {
            "code": forms.TextInput(attrs={"size": 4}),
            "name": forms.TextInput(attrs={"size": 24}),
            "summary": forms.TextInput(attrs={"size": 32}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "code" in self.fields:
            self.fields["code"].disabled = True


class PrioritiesBelow(Below):
    """The priorities of a plan, in their order."""

    model = Priority
    form = PriorityBelowForm
    fields = ("order", "code", "name", "summary", "retired_on")
    ordering = ("order", "code")


@admin.register(Plan)
class PlanAdmin(ActionAdmin):
    """Plans, with their priorities in place."""

    form = PlanForm
    list_display = ("title", "code", "state", "period_start", "period_end", "public_page")
    list_filter = ("state", "provenance")
    search_fields = ("title", "code", "tagline")
    date_hierarchy = "period_start"
    autocomplete_fields = ("predecessor",)
    inlines = (PrioritiesBelow,)
    actions = ("lay_out_quarters",)
    fieldsets = [
        (None, {"fields": ["organization", "title", "code", "tagline"]}),
        (
            gettext_lazy("Time and state"),
            {
                "fields": [
                    ("period_start", "period_end"),
                    "adopted_on",
                    ("state", "closed_on"),
                    "predecessor",
                ],
                "description": gettext_lazy(
                    "A draft is not public. Setting the state to Active publishes the plan with "
                    "all its public items. A closed plan stays readable and is judged as of the "
                    "day on which it was closed."
                ),
            },
        ),
        (gettext_lazy("Wording"), {"fields": ["vision", "mission", "note", "source_url"]}),
        (
            gettext_lazy("How it is kept"),
            {"fields": ["grace_days", "requires_review", "priority_label", "initiative_label"]},
        ),
        RECORD,
    ]

    def create(self, act: Act, values: Values) -> Plan:
        """Add a plan."""
        return plans.create_plan(**values, **act.who)

    def revise(self, act: Act, row: Any, changes: Values) -> Plan:
        """Change a plan; publishing and closing are acts of their own in the log."""
        state = changes.get("state")
        if state == PlanState.ACTIVE:
            row = plans.activate_plan(plan=row, reason=act.reason, **act.who)
            changes = {n: v for n, v in changes.items() if n not in ("state", "closed_on")}
        elif state == PlanState.CLOSED:
            closed_on = changes.get("closed_on", row.closed_on)
            row = plans.close_plan(plan=row, closed_on=closed_on, reason=act.reason, **act.who)
            changes = {n: v for n, v in changes.items() if n not in ("state", "closed_on")}
        return plans.revise_plan(plan=row, changes=changes, reason=act.reason, **act.who)

    @admin.action(description=gettext_lazy("Lay out the quarterly reporting periods"))
    def lay_out_quarters(self, request: HttpRequest, queryset: QuerySet[Plan]) -> None:
        """Add the periods that are missing; those there are stay as they are."""
        act, made = act_of(request), 0
        try:
            for plan in queryset.select_related("organization"):
                made += len(plans.open_periods(plan=plan, calendar=Calendar.QUARTER, **act.who))
        except ValidationError as refused:
            self.message_user(request, " ".join(refused.messages), messages.ERROR)
            return
        words = ngettext("%(n)d period was added.", "%(n)d periods were added.", made)
        self.message_user(request, words % {"n": made}, messages.SUCCESS)


@admin.register(Priority)
class PriorityAdmin(ActionAdmin):
    """Priorities of all plans."""

    list_display = ("name", "code", "plan", "order", "retired_on", "public_page")
    list_filter = ("plan", ("retired_on", admin.EmptyFieldListFilter))
    list_select_related = ("plan",)
    search_fields = ("name", "code", "summary", "plan__title", "plan__code")
    autocomplete_fields = ("plan",)
    fieldsets = [
        (None, {"fields": ["plan", "code", "order", "name", "summary", "description"]}),
        (
            gettext_lazy("Retiring"),
            {
                "fields": ["retired_on"],
                "description": gettext_lazy("A retired priority stays listed with its day."),
            },
        ),
        RECORD,
    ]

    def create(self, act: Act, values: Values) -> Priority:
        """Add a priority."""
        return plans.create_priority(**values, **act.who)

    def revise(self, act: Act, row: Any, changes: Values) -> Priority:
        """Reword, move or retire a priority."""
        return plans.revise_priority(priority=row, changes=changes, reason=act.reason, **act.who)


@admin.register(ReportingPeriod)
class ReportingPeriodAdmin(ActionAdmin):
    """Reporting periods; a plan's own page lays them out, here their days are moved."""

    may_add = False
    permanent = ("plan", "calendar", "start", "end")
    list_display = ("plan", "calendar", "start", "end", "opens_on", "due_on", "closes_on")
    list_display_links = ("start", "end")
    list_filter = ("plan", "calendar")
    list_select_related = ("plan",)
    search_fields = ("plan__title", "plan__code")
    date_hierarchy = "end"
    fieldsets = [
        (None, {"fields": ["plan", "calendar", ("start", "end")]}),
        (gettext_lazy("Reports"), {"fields": ["opens_on", "due_on", "closes_on"]}),
        RECORD,
    ]

    def revise(self, act: Act, row: Any, changes: Values) -> ReportingPeriod:
        """Move the opening, due or closing day."""
        return plans.revise_period(period=row, changes=changes, reason=act.reason, **act.who)


@admin.register(Meeting)
class MeetingAdmin(ActionAdmin):
    """The days on which a plan is reviewed."""

    permanent = ("plan",)
    list_display = ("held_on", "name", "plan", "called_off")
    list_filter = ("plan", "called_off")
    list_select_related = ("plan",)
    search_fields = ("name", "plan__title", "plan__code")
    date_hierarchy = "held_on"
    fieldsets = [
        (None, {"fields": ["plan", ("held_on", "called_off"), "name", "agenda_url"]}),
        RECORD,
    ]

    def create(self, act: Act, values: Values) -> Meeting:
        """Note a meeting."""
        return plans.schedule_meeting(**values, **act.who)

    def revise(self, act: Act, row: Any, changes: Values) -> Meeting:
        """Move, rename or call off a meeting."""
        return plans.revise_meeting(meeting=row, changes=changes, reason=act.reason, **act.who)
