"""What of a plan goes on in the next one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from priorities.enums import PlanState
from priorities.forms.manage.base import Group, PlainForm, day_input, reason_field
from priorities.models import Initiative, Metric, Plan, Priority
from priorities.queries.structure import CLOSED, metrics_of, with_lifecycle

#: The choice of a plan that is not there yet.
NEW = "new"
#: What a new plan needs.
OF_NEW = ("title", "period_start", "period_end")


@dataclass(frozen=True, slots=True)
class Choice:
    """One box: what it stands for, whether it is ticked, and what is to be known of it."""

    name: str
    pk: int
    label: str
    ticked: bool
    note: str


@dataclass(frozen=True, slots=True)
class Branch:
    """A priority with its initiatives."""

    top: Choice
    work: tuple[Choice, ...]


class CarryOverForm(PlainForm):
    """Into which plan, and what goes on: priorities, initiatives, metrics."""

    say_optional = False
    groups = (
        Group(
            gettext_lazy("Into which plan?"),
            ("into", "title", "code", ("period_start", "period_end")),
            gettext_lazy("A new plan begins as a draft: nothing of it is public until you say so."),
        ),
    )
    into = forms.ChoiceField(label=gettext_lazy("Plan"), widget=forms.RadioSelect, initial=NEW)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200, required=False)
    code = forms.SlugField(
        label=gettext_lazy("Code"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Part of the public address. Empty: made from the title."),
    )
    period_start = forms.DateField(
        label=gettext_lazy("Begins on"), required=False, widget=day_input()
    )
    period_end = forms.DateField(label=gettext_lazy("Ends on"), required=False, widget=day_input())
    priorities: Any = forms.ModelMultipleChoiceField(
        queryset=Priority.objects.none(), label=gettext_lazy("Priorities"), required=False
    )
    initiatives: Any = forms.ModelMultipleChoiceField(
        queryset=Initiative.objects.none(), label=gettext_lazy("Initiatives"), required=False
    )
    metrics: Any = forms.ModelMultipleChoiceField(
        queryset=Metric.objects.none(), label=gettext_lazy("Metrics"), required=False
    )
    reason = reason_field()

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        others = Plan.objects.filter(state=PlanState.DRAFT.value).exclude(pk=plan.pk)
        into: Any = self.fields["into"]
        into.choices = [
            (NEW, _("A new plan")),
            *((str(other.pk), str(other)) for other in others.order_by("title")),
        ]
        for name, found in (
            ("priorities", plan.priorities.order_by("order", "code")),
            (
                "initiatives",
                Initiative.objects.filter(plan=plan)
                .select_related("priority__plan", "plan", "lead_division")
                .prefetch_related("supporting_divisions", "related_priorities"),
            ),
            ("metrics", metrics_of(plan).prefetch_related("priorities", "initiatives")),
        ):
            field: Any = self.fields[name]
            field.queryset = found

    def clean(self) -> dict[str, Any]:
        """A new plan has a title and a time; something goes on."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("into") == NEW:
            for name in OF_NEW:
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Needed for a new plan."))
            if not cleaned.get("code"):
                cleaned["code"] = slugify(str(cleaned.get("title") or ""))[:60].strip("-")
        if not (cleaned.get("priorities") or cleaned.get("initiatives")):
            self.add_error(None, _("Choose at least one priority or initiative."))
        return cleaned

    def target(self) -> Plan | dict[str, Any]:
        """The plan that is there, or the fields of the new one."""
        if self.cleaned_data["into"] != NEW:
            return Plan.objects.get(pk=self.cleaned_data["into"])
        return {name: self.cleaned_data[name] for name in (*OF_NEW, "code")}

    def tree(self) -> Iterator[Branch]:
        """The priorities with their initiatives as boxes. Queries: two."""
        work: dict[int, list[Choice]] = {}
        for row in with_lifecycle(Initiative.objects.filter(plan=self.plan)):
            is_closed = row.last_lifecycle in CLOSED
            note = _("closed") if is_closed else ""
            ticked = self._ticked("initiatives", row.pk, default=not is_closed)
            work.setdefault(row.priority_id, []).append(
                Choice("initiatives", row.pk, row.name, ticked, note)
            )
        for row in self.plan.priorities.order_by("order", "code"):
            note = _("retired") if row.retired_on else ""
            ticked = self._ticked("priorities", row.pk, default=not row.retired_on)
            top = Choice("priorities", row.pk, row.name, ticked, note)
            yield Branch(top, tuple(work.get(row.pk, ())))

    def measures(self) -> list[Choice]:
        """The metrics as boxes. Queries: one."""
        return [
            Choice(
                "metrics",
                row.pk,
                row.name,
                self._ticked("metrics", row.pk, default=not row.retired_on),
                _("retired") if row.retired_on else "",
            )
            for row in metrics_of(self.plan).order_by("order", "code")
        ]

    def _ticked(self, name: str, pk: int, *, default: bool) -> bool:
        """As it was sent; as suggested before that."""
        if not self.is_bound:
            return default
        return str(pk) in self.data.getlist(name)  # type: ignore[attr-defined]
