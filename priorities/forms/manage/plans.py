"""Plans, priorities, divisions and reporting periods: what is asked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from priorities import labels
from priorities.enums import Calendar, PlanState
from priorities.forms.manage.base import Group, ItemForm, PlainForm, day_input, drawn, reason_field
from priorities.models import Division, Plan, Priority, ReportingPeriod

WHY = Group(gettext_lazy("Why"), ("reason",))


class PlanForm(ItemForm):
    """A plan's wording, its time and how it is kept; its state is changed on a page of its own."""

    named_by = "title"
    groups = (
        Group(gettext_lazy("Name"), ("title", "code", "tagline", "organization")),
        Group(
            gettext_lazy("Time"),
            (("period_start", "period_end"), "adopted_on", "predecessor"),
            gettext_lazy("Three to five years is usual. What goes on later is carried over."),
        ),
        Group(
            gettext_lazy("Wording"),
            ("vision", "mission", "note", "source_url"),
            gettext_lazy(
                "Write for residents: what will be different for them, in words that need no "
                "explanation."
            ),
        ),
        Group(
            gettext_lazy("How it is kept"),
            ("grace_days", "requires_review", ("priority_label", "initiative_label")),
        ),
        WHY,
    )

    class Meta:
        model = Plan
        formfield_callback = drawn
        fields = (
            "title",
            "code",
            "tagline",
            "organization",
            "period_start",
            "period_end",
            "adopted_on",
            "predecessor",
            "vision",
            "mission",
            "note",
            "source_url",
            "grace_days",
            "requires_review",
            "priority_label",
            "initiative_label",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agency: Any = self.fields["organization"]
        if agency.queryset.count() == 1:
            agency.initial = self.initial.setdefault("organization", agency.queryset.get().pk)
            agency.disabled = True
            agency.widget = forms.HiddenInput()
        if self.instance.pk:
            before: Any = self.fields["predecessor"]
            before.queryset = before.queryset.exclude(pk=self.instance.pk)
        else:
            self.without(["reason"])

    def given(self) -> dict[str, Any]:
        """With the agency, which is not asked where there is one."""
        given = super().given()
        if not self.instance.pk:
            given["organization"] = self.cleaned_data["organization"]
        return given


#: What a plan in a state may become: its next state, and what the person reads.
MOVES: dict[str, tuple[tuple[str, Any], ...]] = {
    PlanState.DRAFT: (
        (PlanState.ACTIVE.value, gettext_lazy("Publish it: the plan and all its public items")),
    ),
    PlanState.ACTIVE: (
        (
            PlanState.CLOSED.value,
            gettext_lazy("Close it: from then on it is judged as of its closing day, for good"),
        ),
    ),
    PlanState.CLOSED: (
        (PlanState.ARCHIVED.value, gettext_lazy("Archive it: it stays readable")),
        (PlanState.ACTIVE.value, gettext_lazy("Open it again")),
    ),
    PlanState.ARCHIVED: (),
}


class PlanStateForm(PlainForm):
    """Where a plan goes next: published, closed, archived or open again."""

    groups = (
        Group(gettext_lazy("What should happen"), ("state", "closed_on")),
        WHY,
    )
    state = forms.ChoiceField(label=gettext_lazy("Next"), widget=forms.RadioSelect)
    closed_on = forms.DateField(
        label=gettext_lazy("Closed on"),
        required=False,
        widget=day_input(),
        help_text=gettext_lazy("Only for closing. The last day on which the plan is judged."),
    )
    reason = reason_field()

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.was = plan.state
        moves = MOVES[plan.state]
        field: Any = self.fields["state"]
        field.choices = moves
        if len(moves) == 1:
            field.initial = moves[0][0]
        if PlanState.CLOSED not in dict(moves):
            self.without(["closed_on"])

    def clean(self) -> dict[str, Any]:
        """Closing says when and why; opening again says why."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        closes = cleaned.get("state") == PlanState.CLOSED
        opens_again = self.was == PlanState.CLOSED and cleaned.get("state") == PlanState.ACTIVE
        if closes and not cleaned.get("closed_on") and "closed_on" not in self.errors:
            self.add_error("closed_on", _("Enter the day on which the plan is closed."))
        if (closes or opens_again) and not cleaned.get("reason"):
            self.add_error("reason", _("Say why."))
        return cleaned


class PriorityForm(ItemForm):
    """The top level of a plan."""

    LATER = ("retired_on", "reason")
    groups = (
        Group(
            gettext_lazy("Wording"),
            ("name", "code", "summary", "description"),
            gettext_lazy(
                "Three to seven priorities are what people remember. Name the result, not the "
                "activity: “Residents reach us the way they like”."
            ),
        ),
        Group(
            gettext_lazy("Retire"),
            ("retired_on",),
            gettext_lazy("A retired priority stays listed with its day; its initiatives stay."),
        ),
        WHY,
    )

    class Meta:
        model = Priority
        formfield_callback = drawn
        fields = ("name", "code", "summary", "description", "retired_on")


class DivisionForm(ItemForm):
    """A part of the agency."""

    LATER = ("ended_on", "reason")
    groups = (
        Group(gettext_lazy("Name"), (("name", "short_name"), "code", "parent", "purpose")),
        Group(
            gettext_lazy("End"),
            ("ended_on",),
            gettext_lazy("A division that is no more keeps its page, with the day."),
        ),
        WHY,
    )

    class Meta:
        model = Division
        formfield_callback = drawn
        fields = ("name", "short_name", "code", "parent", "purpose", "ended_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            above: Any = self.fields["parent"]
            above.queryset = above.queryset.exclude(pk=self.instance.pk)


class CalendarForm(PlainForm):
    """Which calendar's periods are laid out over a plan."""

    groups = (Group(gettext_lazy("Calendar"), ("calendar",)),)
    calendar = forms.ChoiceField(
        label=gettext_lazy("How often initiatives report"),
        choices=[
            (one.value, labels.WORDS[Calendar][one])
            for one in Calendar
            if one is not Calendar.IRREGULAR
        ],
        initial=Calendar.QUARTER.value,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Every quarter is what most agencies keep up. Periods that are there stay as they are."
        ),
    )


class PeriodForm(ItemForm):
    """The days of one reporting period; what it covers is permanent."""

    groups = (
        Group(
            gettext_lazy("Days"),
            (("opens_on", "due_on"), "closes_on"),
            gettext_lazy("After the due day, an initiative without a report shows as overdue."),
        ),
        WHY,
    )

    class Meta:
        model = ReportingPeriod
        formfield_callback = drawn
        fields = ("opens_on", "due_on", "closes_on")
