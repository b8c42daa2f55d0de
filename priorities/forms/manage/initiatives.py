"""Initiatives and their milestones: what is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from priorities import labels, spelling
from priorities.enums import Health, Lifecycle
from priorities.forms.fields import LinksField, NumbersField, WordsField
from priorities.forms.manage.base import (
    Group,
    ItemForm,
    PlainForm,
    day_input,
    drawn,
    not_ended,
    reason_field,
)
from priorities.forms.manage.plans import WHY
from priorities.models import Initiative, Milestone, Plan, ReportingPeriod


class InitiativeForm(ItemForm):
    """Work under a priority; lists are typed, not written as JSON."""

    STRUCTURE = frozenset(
        {"priority", "related_priorities", "lead_division", "visibility", "cadence"}
    )
    groups = (
        Group(
            gettext_lazy("Wording"),
            ("name", "code", "summary", "description"),
            gettext_lazy(
                "The name says what is done, the summary in one sentence for whom and to what end."
            ),
        ),
        Group(
            gettext_lazy("Where it belongs"),
            ("priority", "related_priorities", "lead_division", "supporting_divisions"),
            gettext_lazy("One priority and one lead division: what is everybody's is nobody's."),
        ),
        Group(
            gettext_lazy("When"),
            (("start", "start_precision"), ("end", "end_precision"), "ongoing", "cadence"),
            gettext_lazy("Give a date only as exactly as it is known; do not invent a day."),
        ),
        Group(gettext_lazy("Where in the city"), ("citywide", "districts", "tags")),
        Group(
            gettext_lazy("On the public site"),
            ("visibility", "links", "source_url"),
            gettext_lazy("An internal initiative is not shown; that it was hidden is told."),
        ),
        WHY,
    )
    districts = NumbersField(
        label=gettext_lazy("Council districts"),
        help_text=gettext_lazy("Numbers with commas between, e.g. 1, 14. Empty if citywide."),
    )
    tags = WordsField(label=gettext_lazy("Tags"))
    links = LinksField(label=gettext_lazy("Links"))

    class Meta:
        model = Initiative
        formfield_callback = drawn
        fields = (
            "name",
            "code",
            "summary",
            "description",
            "priority",
            "related_priorities",
            "lead_division",
            "supporting_divisions",
            "start",
            "start_precision",
            "end",
            "end_precision",
            "ongoing",
            "cadence",
            "citywide",
            "districts",
            "tags",
            "visibility",
            "links",
            "source_url",
        )

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("priority", "related_priorities"):
            field: Any = self.fields[name]
            field.queryset = field.queryset.filter(plan=plan).order_by("order", "code")
        top: Any = self.fields["priority"]
        present = self.instance.priority_id
        top.queryset = top.queryset.filter(Q(retired_on__isnull=True) | Q(pk=present))
        not_ended(self.fields["lead_division"], self.instance.lead_division_id)
        lead: Any = self.fields["lead_division"]
        lead.help_text = _("Answers for it, and is asked first when it has no owner.")


class MilestoneForm(ItemForm):
    """A dated step; the date first promised is kept for good."""

    LATER = ("done_on", "dropped_on", "reason")
    ONCE = ()
    groups = (
        Group(
            gettext_lazy("Milestone"),
            ("name", ("due_on", "due_precision"), "source_url"),
            gettext_lazy("A step that anyone can see to be done: “Contract signed”."),
        ),
        Group(
            gettext_lazy("What became of it"),
            (("done_on", "dropped_on"),),
            gettext_lazy("The date first promised stays beside the new one for everyone to see."),
        ),
        WHY,
    )
    reason = reason_field(
        help_text=gettext_lazy("Needed when the date moves or the milestone is dropped.")
    )

    class Meta:
        model = Milestone
        formfield_callback = drawn
        fields = ("name", "due_on", "due_precision", "source_url", "done_on", "dropped_on")

    def clean(self) -> dict[str, Any]:
        """A new date and a dropped step say why."""
        cleaned = super().clean()
        moved = {"due_on", "dropped_on"}.intersection(self.changed_data)
        if self.instance.pk and moved and not cleaned.get("reason"):
            self.add_error("reason", _("Say why the date moves or the milestone is dropped."))
        return cleaned


def _named(period: ReportingPeriod) -> str:
    first = period.plan.organization.fiscal_year_start_month
    return spelling.period_of(period, fiscal_start_month=first)


class _InPeriod(PlainForm):
    """A form whose act is told in a reporting period of the initiative's plan."""

    period: Any = forms.ModelChoiceField(
        queryset=ReportingPeriod.objects.none(),
        label=gettext_lazy("Told in the reporting period"),
        empty_label=None,
    )

    def __init__(
        self,
        *args: Any,
        initiative: Initiative,
        today: dt.date,
        told: dt.date | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["period"]
        found = initiative.plan.periods.filter(calendar=initiative.cadence, start__lte=today)
        if told is not None:
            found = found.filter(end__gte=told)
        field.queryset = found.select_related("plan__organization").order_by("-end")
        field.label_from_instance = _named
        newest = field.queryset.first()
        field.initial = newest.pk if newest else None
        field.help_text = (
            ""
            if newest
            else _("The plan has no reporting period that has begun. Lay out its calendar first.")
        )


class CloseForm(_InPeriod):
    """How an initiative ends: done, dropped, or going on elsewhere."""

    groups = (
        Group(
            gettext_lazy("How it ends"),
            ("lifecycle", "successor", "closed_on", "period"),
            gettext_lazy(
                "It stays listed for good, with the day and the reason. Cancelled never counts as "
                "completed."
            ),
        ),
        WHY,
    )
    lifecycle = forms.ChoiceField(
        label=gettext_lazy("What happens"),
        widget=forms.RadioSelect,
        choices=[
            (Lifecycle.COMPLETED.value, gettext_lazy("Complete: what was promised is done")),
            (Lifecycle.CANCELLED.value, gettext_lazy("Cancelled: it will not be done")),
            (Lifecycle.MERGED.value, gettext_lazy("Merged: it goes on as part of another")),
            (Lifecycle.SUPERSEDED.value, gettext_lazy("Superseded: another takes its place")),
        ],
    )
    successor: Any = forms.ModelChoiceField(
        queryset=Initiative.objects.none(),
        label=gettext_lazy("Continued in"),
        required=False,
        help_text=gettext_lazy("For merged and superseded: the initiative that goes on."),
    )
    closed_on = forms.DateField(label=gettext_lazy("On which day"), widget=day_input())
    reason = reason_field(
        required=True, help_text=gettext_lazy("Stands on the public page, beside the day.")
    )

    def __init__(self, *args: Any, initiative: Initiative, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, initiative=initiative, today=today, **kwargs)
        self.fields["closed_on"].initial = today
        self.today = today
        others: Any = self.fields["successor"]
        # An heir that is not public would be told to the public by its link.
        others.queryset = (
            Initiative.objects.exclude(pk=initiative.pk)
            .filter(visibility=initiative.visibility)
            .select_related("plan")
            .order_by("plan__code", "name")
        )
        others.label_from_instance = lambda row: f"{row.name} ({row.plan.title})"

    def clean(self) -> dict[str, Any]:
        """What goes on elsewhere names where; the day is not in the future."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        goes_on = cleaned.get("lifecycle") in (Lifecycle.MERGED, Lifecycle.SUPERSEDED)
        if goes_on and not cleaned.get("successor"):
            self.add_error("successor", _("Choose the initiative in which it goes on."))
        if not goes_on and cleaned.get("successor"):
            self.add_error("successor", _("Only merged and superseded go on elsewhere."))
        if (day := cleaned.get("closed_on")) and day > self.today:
            self.add_error("closed_on", _("The day is in the future."))
        return cleaned


class ReopenForm(_InPeriod):
    """How a closed initiative stands when it is taken up again."""

    groups = (
        Group(
            gettext_lazy("How it stands"),
            ("health", "cause", "recovery_step", "recovery_on", "period"),
        ),
        WHY,
    )
    health = forms.ChoiceField(
        label=gettext_lazy("How it stands now"),
        widget=forms.RadioSelect,
        choices=labels.choices(Health),
        initial=Health.ON_TRACK.value,
    )
    cause = forms.CharField(
        label=gettext_lazy("What is putting it at risk"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("These three only when it is not on track."),
    )
    recovery_step = forms.CharField(
        label=gettext_lazy("What will bring it back"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    recovery_on = forms.DateField(label=gettext_lazy("By when"), required=False, widget=day_input())
    reason = reason_field(required=True)

    def clean(self) -> dict[str, Any]:
        """Trouble says its cause, its cure and by when."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        names: Sequence[str] = ("cause", "recovery_step", "recovery_on")
        if cleaned.get("health") in (Health.AT_RISK, Health.OFF_TRACK):
            for name in names:
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Needed when it is not on track."))
        return cleaned
