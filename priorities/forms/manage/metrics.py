"""Metrics, their targets and baselines: what is asked."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from priorities import spelling
from priorities.assessment.periods import next_period, period_containing
from priorities.enums import Calendar, Direction, PlanState
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
from priorities.models import Initiative, Metric, Organization, Priority

#: How many periods of its calendar a target can be chosen for, beginning a year back.
PERIODS_OFFERED = {Calendar.MONTH: 36, Calendar.QUARTER: 20}

#: States of plans to which a metric can be linked anew.
LIVE = (PlanState.DRAFT.value, PlanState.ACTIVE.value)

QUALITY = ("source", "verification", "accuracy_needed", "known_limits", "limits_handling")


class MetricForm(ItemForm):
    """A measured quantity: what it is, how it is judged, when it is due, how good the data are."""

    STRUCTURE = frozenset(
        {
            "kind",
            "decimals",
            "direction",
            "tolerance",
            "path",
            "calendar",
            "accumulation",
            "grace_days",
            "started_on",
            "stage",
            "lead_division",
            "priorities",
            "initiatives",
            "headline",
            "visibility",
            "retired_on",
        }
    )
    LATER = ("retired_on",)
    groups = (
        Group(
            gettext_lazy("What is measured"),
            ("name", "code", "definition", ("unit", "unit_plural", "symbol"), ("kind", "decimals")),
            gettext_lazy(
                "Prefer what residents notice to what is easy to count, and define it so that "
                "two people count the same."
            ),
        ),
        Group(
            gettext_lazy("How it is judged"),
            ("direction", "tolerance", "path", "stage"),
            gettext_lazy(
                "These decide the status that the public sees. State which way is better; it is "
                "never guessed."
            ),
        ),
        Group(
            gettext_lazy("When it is reported"),
            ("calendar", "accumulation", ("grace_days", "started_on")),
        ),
        Group(
            gettext_lazy("Where it belongs"),
            ("lead_division", "priorities", "initiatives", "headline"),
        ),
        Group(
            gettext_lazy("Data quality"),
            QUALITY,
            gettext_lazy(
                "The public reads all five. Saying what is weak makes the rest believable."
            ),
        ),
        Group(
            gettext_lazy("On the public site"),
            ("visibility", "retired_on"),
            gettext_lazy("A retired metric keeps its page and values; nothing more is expected."),
        ),
        WHY,
    )

    class Meta:
        model = Metric
        formfield_callback = drawn
        fields = (
            "name",
            "code",
            "definition",
            "unit",
            "unit_plural",
            "symbol",
            "kind",
            "decimals",
            "direction",
            "tolerance",
            "path",
            "stage",
            "calendar",
            "accumulation",
            "grace_days",
            "started_on",
            "lead_division",
            "priorities",
            "initiatives",
            "headline",
            *QUALITY,
            "visibility",
            "retired_on",
        )
        help_texts: ClassVar = {
            "definition": gettext_lazy(
                "What is counted, and what is not: “calls that an operator answers, of all calls "
                "to 3-1-1, without those given up within ten seconds”."
            ),
            "decimals": gettext_lazy("As many as the source is exact to."),
            "stage": gettext_lazy(
                "Input: what it takes. Output: what is done. Outcome: what residents notice of "
                "it. A plan needs some outcomes."
            ),
            "calendar": gettext_lazy(
                "As often as the value really changes and can be had without extra work."
            ),
            "accumulation": gettext_lazy("What one value stands for."),
            "headline": gettext_lazy("Among the first on the plan’s page. Five to eight are read."),
            "source": gettext_lazy("Which system or report, so that another person finds it."),
            "verification": gettext_lazy("Who checks the value before it is entered, and how."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, order in (
            ("priorities", ("-plan__period_start", "order", "code")),
            ("initiatives", ("-plan__period_start", "priority__order", "order", "code")),
        ):
            field: Any = self.fields[name]
            choosable = Q(plan__state__in=LIVE)
            if self.instance.pk:
                choosable |= Q(pk__in=getattr(self.instance, name).values("pk"))
            field.queryset = (
                field.queryset.filter(choosable).select_related("plan").order_by(*order)
            )
            field.label_from_instance = _with_plan
        not_ended(self.fields["lead_division"], self.instance.lead_division_id)
        for name in QUALITY:
            self.fields[name].widget.attrs["rows"] = 2


def _with_plan(row: Priority | Initiative) -> str:
    """An item as a choice among those of several plans."""
    return f"{row.name} ({row.plan.title})"


class TargetForm(PlainForm):
    """A new target: how much, for which period, from when, because, by authority of."""

    groups = (
        Group(
            gettext_lazy("The new target"),
            ("value", ("low", "high"), ("period", "by_date")),
            gettext_lazy(
                "Choose a period for a yearly or quarterly target, or a date by which it is to be "
                "reached."
            ),
        ),
        Group(
            gettext_lazy("From, because, by authority of"),
            ("adopted_on", "reason", "authority", "authority_url", "note"),
            gettext_lazy(
                "Readers trust a target that says who set it and why. An earlier one for the same "
                "period stays on the chart and in the list."
            ),
        ),
    )
    value = forms.DecimalField(label=gettext_lazy("Target"), max_digits=20, decimal_places=6)
    low = forms.DecimalField(label=gettext_lazy("Lowest"), max_digits=20, decimal_places=6)
    high = forms.DecimalField(label=gettext_lazy("Highest"), max_digits=20, decimal_places=6)
    period = forms.ChoiceField(label=gettext_lazy("For the period"), required=False)
    by_date = forms.DateField(
        label=gettext_lazy("or by the date"), required=False, widget=day_input()
    )
    adopted_on = forms.DateField(label=gettext_lazy("Set a new target from"), widget=day_input())
    reason = reason_field(
        required=True,
        label=gettext_lazy("Because"),
        help_text=gettext_lazy("Why this number, or why it changes."),
    )
    authority = forms.CharField(
        label=gettext_lazy("By authority of"),
        max_length=300,
        help_text=gettext_lazy("Who decided: e.g. Budget 2022-23, Council file, General manager."),
    )
    authority_url = forms.URLField(
        label=gettext_lazy("Address of the document"),
        required=False,
        max_length=500,
        assume_scheme="https",
    )
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, metric: Metric, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_range = metric.direction == Direction.MAINTAIN_RANGE
        self.without(("value",) if is_range else ("low", "high"))
        if metric.unit_plural or metric.symbol:
            name = "low" if is_range else "value"
            self.fields[name].help_text = metric.symbol or metric.unit_plural
        field: Any = self.fields["period"]
        offered = offered_periods(metric, today)
        field.choices = [("", _("A date instead")), *offered]
        field.initial = next((span for span, _name in offered if span[11:] >= str(today)), "")
        self.fields["adopted_on"].initial = today

    def clean(self) -> dict[str, Any]:
        """A period or a date, one of them; a range in its order."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        both_or_none = bool(cleaned.get("period")) == bool(cleaned.get("by_date"))
        if both_or_none and not {"period", "by_date"} & set(self.errors):
            self.add_error("period", _("Choose a period, or enter a date: one of them."))
        low, high = cleaned.get("low"), cleaned.get("high")
        if low is not None and high is not None and low > high:
            self.add_error("high", _("The highest is below the lowest."))
        return cleaned

    def values(self) -> dict[str, Any]:
        """The fields as ``set_target`` takes them."""
        names = ("value", "low", "high", "adopted_on", "reason", "authority", "authority_url")
        given = {name: self.cleaned_data[name] for name in (*names, "note") if name in self.fields}
        if span := self.cleaned_data["period"]:
            start, end = span.split("/")
            return given | {
                "period_start": dt.date.fromisoformat(start),
                "period_end": dt.date.fromisoformat(end),
            }
        return given | {"period_end": self.cleaned_data["by_date"]}


def offered_periods(metric: Metric, today: dt.date) -> list[tuple[str, str]]:
    """The periods of a metric's calendar from a year back, as choices. Queries: one."""
    calendar = Calendar(metric.calendar)
    first = Organization.objects.values_list("fiscal_year_start_month", flat=True).first() or 1
    begin = dt.date(today.year - 1, today.month, 1)
    period = period_containing(begin, calendar, fiscal_start_month=first)
    found: list[tuple[str, str]] = []
    while period is not None and len(found) < PERIODS_OFFERED.get(calendar, 8):
        words = spelling.period_of(period, fiscal_start_month=first)
        found.append((f"{period.start}/{period.end}", words))
        period = next_period(period)
    return found


class BaselineForm(PlainForm):
    """Where a metric stood before the work began."""

    groups = (
        Group(
            gettext_lazy("Where it started"),
            (("value", "on"), "source", "source_url", "note"),
            gettext_lazy(
                "The last value known before the work began. Moving it makes progress look "
                "different, so the earlier one stays readable."
            ),
        ),
        WHY,
    )
    value = forms.DecimalField(label=gettext_lazy("Value"), max_digits=20, decimal_places=6)
    on = forms.DateField(label=gettext_lazy("On which day"), widget=day_input())
    source = forms.CharField(label=gettext_lazy("Source"), max_length=300, required=False)
    source_url = forms.URLField(
        label=gettext_lazy("Address of the source"),
        required=False,
        max_length=500,
        assume_scheme="https",
    )
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    reason = reason_field()

    def __init__(self, *args: Any, replaces: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = replaces
