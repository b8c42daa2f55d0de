"""Facts in the admin: added and corrected, never changed.

A correction begins on the page of the fact it corrects: ``?supersedes=<id>`` fills the form for a
new one, holds what identifies the fact and asks for the reason.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from priorities import clock
from priorities.actions import initiatives, observations, targets
from priorities.admin.acting import Act, ActionFormSet, PlainForm, Values
from priorities.admin.base import RECORD, ActionAdmin, LookBelow, ReadOnlyAdmin
from priorities.enums import MissingReason, Quality
from priorities.models import (
    Baseline,
    BudgetLine,
    Fact,
    Observation,
    StatusUpdate,
    Target,
    encode,
)

#: Rows shown below a metric or an initiative; all of them have a page of their own.
SHOWN = 12


def number(value: Decimal | None) -> str:
    """A value without idle zeros; nothing for none."""
    return "" if value is None else str(encode(value))


class Numbers:
    """Columns for the numbers of facts."""

    @admin.display(description=gettext_lazy("value"), ordering="value")
    def number(self, row: Any) -> str:
        """The value, without idle zeros."""
        return number(row.value)

    @admin.display(description=gettext_lazy("lowest"), ordering="low")
    def lowest(self, row: Any) -> str:
        """The lowest of a range."""
        return number(row.low)

    @admin.display(description=gettext_lazy("highest"), ordering="high")
    def highest(self, row: Any) -> str:
        """The highest of a range."""
        return number(row.high)


class NewestFormSet(ActionFormSet):
    """The newest facts; a long history is read on its own page."""

    def get_queryset(self) -> Any:
        """A dozen rows."""
        return super().get_queryset()[:SHOWN]


class InForceFilter(admin.SimpleListFilter):
    """Facts in force, or those that a later fact has replaced."""

    title = gettext_lazy("in force")
    parameter_name = "in_force"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The two sides."""
        return [("yes", _("In force")), ("no", _("Superseded"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of the chosen side."""
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(superseded_by__isnull=self.value() == "yes")


class FactsBelow(Numbers, LookBelow):
    """The newest facts about a row, to look at."""

    formset = NewestFormSet

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what is needed to name each."""
        about = self.fk_name or ("initiative" if hasattr(self.model, "initiative") else "metric")
        return super().get_queryset(request).select_related(about, "superseded_by")

    @admin.display(description=gettext_lazy("in force"), boolean=True)
    def in_force(self, row: Any) -> bool:
        """Has no later fact taken its place?"""
        return not hasattr(row, "superseded_by")


class FactForm(PlainForm):
    """A new fact, or the correction of one."""

    #: The fact that is corrected, and the fields in which a correction cannot differ from it.
    corrected: ClassVar[Fact | None] = None
    identity: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.corrected is not None:
            self._take_over(self.corrected)

    def _take_over(self, fact: Fact) -> None:
        """Begin with what the corrected fact says; the reason is asked anew."""
        for name, field in self.fields.items():
            if name != "reason":
                stored: Any = fact._meta.get_field(name)
                value = stored.value_from_object(fact)
                self.initial[name] = encode(value) if isinstance(value, Decimal) else value
            field.disabled = name in self.identity
        if "reason" in self.fields:
            self.fields["reason"].required = True


class FactAdmin(Numbers, ActionAdmin):
    """Facts: seen, added, corrected."""

    may_change = False
    form = FactForm
    #: What a correction cannot change: that would be another fact.
    identity: ClassVar[tuple[str, ...]] = ()
    correct_label = gettext_lazy("Correct this")

    def corrected(self, request: HttpRequest) -> Fact | None:
        """The fact that this request is to correct. An unknown one is a 404."""
        if not (asked := request.GET.get("supersedes")):
            return None
        found = self.model._default_manager.filter(pk=asked) if asked.isdecimal() else None
        if found is None or (fact := found.first()) is None:
            raise Http404(_("There is no such entry to correct."))
        return fact

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """The form for a new fact or a correction."""
        form = super().get_form(request, obj, **kwargs)
        form.corrected = None if obj else self.corrected(request)
        form.identity = self.identity
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What the address prefills; ``supersedes`` is not a field."""
        initial = dict(super().get_changeform_initial_data(request))
        initial.pop("supersedes", None)
        return initial

    def given(self, form: Any) -> Values:
        """What is said, and which fact it corrects."""
        return super().given(form) | {"supersedes": form.corrected}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Say in the title that this is a correction."""
        if context.get("original") is None and (fact := self.corrected(request)) is not None:
            context["title"] = _("Correct: %(fact)s") % {"fact": fact}
        return super().render_change_form(request, context, *args, **kwargs)

    def tools(self, request: HttpRequest, row: Any) -> list[tuple[str, str]]:
        """The way to correct; from an old fact it leads to the newest."""
        newest = row
        while hasattr(newest, "superseded_by"):
            newest = newest.superseded_by
        add = reverse(f"admin:priorities_{self.opts.model_name}_add")
        return [(str(self.correct_label), f"{add}?supersedes={newest.pk}")]

    @admin.display(description=gettext_lazy("in force"), boolean=True)
    def in_force(self, row: Any) -> bool:
        """Has no later fact taken its place?"""
        return not hasattr(row, "superseded_by")


def today() -> Any:
    """The agency's day, by the portal's clock."""
    return timezone.localdate(clock.now())


class ObservationForm(FactForm):
    """A value, or the reason why there is none: an empty value is not a zero."""

    class Meta:
        help_texts = {"value": gettext_lazy("Empty is not zero: an empty value needs a reason.")}


@admin.register(Observation)
class ObservationAdmin(FactAdmin):
    """The values of metrics."""

    form = ObservationForm
    identity = ("metric", "period_start", "period_end", "categories")
    list_display = (
        "metric",
        "period_start",
        "period_end",
        "categories",
        "number",
        "missing_reason",
        "quality",
        "in_force",
        "published_at",
    )
    list_display_links = ("metric", "period_end")
    list_filter = (
        "quality",
        InForceFilter,
        "missing_reason",
        "provenance",
        ("metric", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("metric", "superseded_by")
    search_fields = ("metric__name", "metric__code", "note", "source")
    date_hierarchy = "period_end"
    autocomplete_fields = ("metric",)
    fieldsets = [
        (None, {"fields": ["metric", ("period_start", "period_end"), "categories"]}),
        (gettext_lazy("Value"), {"fields": ["value", "missing_reason", "quality"]}),
        (gettext_lazy("Where it comes from"), {"fields": ["source", "source_url", "note"]}),
        (
            gettext_lazy("Correction"),
            {
                "fields": ["reason"],
                "description": gettext_lazy(
                    "To correct a value, open it and choose “Correct this”. Both stay on record."
                ),
            },
        ),
        RECORD,
    ]

    def create(self, act: Act, values: Values) -> Observation:
        """Publish a value, or a correction of one."""
        values["quality"] = Quality(values["quality"])
        missing = values["missing_reason"]
        values["missing_reason"] = MissingReason(missing) if missing else None
        corrected = values.pop("supersedes")
        if corrected is None:
            return observations.record_observation(**values, **act.who)
        rest = {name: value for name, value in values.items() if name not in self.identity}
        return observations.correct_observation(observation=corrected, **rest, **act.who)


@admin.register(Target)
class TargetAdmin(FactAdmin):
    """Targets; a new one for the same period takes the place of the old, which stays on chart."""

    identity = ("metric", "period_start", "period_end")
    correct_label = gettext_lazy("Change this target")
    list_display = (
        "metric",
        "period_start",
        "period_end",
        "number",
        "lowest",
        "highest",
        "adopted_on",
        "in_force",
    )
    list_display_links = ("metric", "period_end")
    list_filter = (
        InForceFilter,
        "provenance",
        ("metric", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("metric", "superseded_by")
    search_fields = ("metric__name", "metric__code", "authority", "reason")
    date_hierarchy = "period_end"
    autocomplete_fields = ("metric",)
    fieldsets = [
        (None, {"fields": ["metric", ("period_start", "period_end")]}),
        (
            gettext_lazy("Target"),
            {
                "fields": ["value", ("low", "high")],
                "description": gettext_lazy("One value, or a lowest and a highest."),
            },
        ),
        (
            gettext_lazy("By whose decision"),
            {"fields": ["adopted_on", "authority", "authority_url"]},
        ),
        (
            gettext_lazy("When it replaces a target"),
            {
                "fields": ["reason", "note"],
                "description": gettext_lazy(
                    "A target of the same period is superseded, which needs a reason. "
                    "The old one stays on the chart."
                ),
            },
        ),
        RECORD,
    ]

    def create(self, act: Act, values: Values) -> Target:
        """Set a target; the action finds the one it supersedes."""
        values.pop("supersedes")
        return targets.set_target(**values, **act.who)


@admin.register(Baseline)
class BaselineAdmin(FactAdmin):
    """Baselines; the newest is in force."""

    identity = ("metric",)
    correct_label = gettext_lazy("Change this baseline")
    list_display = ("metric", "on", "number", "in_force", "published_at")
    list_filter = (
        InForceFilter,
        "provenance",
        ("metric", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("metric", "superseded_by")
    search_fields = ("metric__name", "metric__code", "source", "reason")
    date_hierarchy = "on"
    autocomplete_fields = ("metric",)
    fieldsets = [
        (None, {"fields": ["metric", "on", "value"]}),
        (gettext_lazy("Where it comes from"), {"fields": ["source", "source_url", "note"]}),
        (
            gettext_lazy("When it replaces a baseline"),
            {
                "fields": ["reason"],
                "description": gettext_lazy(
                    "A metric has one baseline in force; another one supersedes it and says why."
                ),
            },
        ),
        RECORD,
    ]

    def create(self, act: Act, values: Values) -> Baseline:
        """Set a baseline; the action finds the one it supersedes."""
        values.pop("supersedes")
        return targets.set_baseline(**values, **act.who)


@admin.register(BudgetLine)
class BudgetLineAdmin(FactAdmin):
    """Money for initiatives."""

    identity = ("initiative",)
    list_display = ("initiative", "fiscal_year", "amount", "kind", "in_force", "published_at")
    list_filter = (
        "fiscal_year",
        "kind",
        InForceFilter,
        "initiative__plan",
        "provenance",
    )
    list_select_related = ("initiative", "superseded_by")
    search_fields = ("initiative__name", "initiative__code", "source")
    date_hierarchy = "published_at"
    autocomplete_fields = ("initiative",)
    fieldsets = [
        (None, {"fields": ["initiative", "fiscal_year", "amount", "kind"]}),
        (gettext_lazy("Where it comes from"), {"fields": ["source", "source_url", "note"]}),
        (gettext_lazy("Correction"), {"fields": ["reason"]}),
        RECORD,
    ]

    def create(self, act: Act, values: Values) -> BudgetLine:
        """Record money, or a correction."""
        return initiatives.add_budget_line(**values, **act.who)


@admin.register(StatusUpdate)
class StatusUpdateAdmin(ReadOnlyAdmin):
    """Status updates, to look at: owners write them on their own page."""

    list_display = ("initiative", "period_end", "lifecycle", "health", "state", "published_at")
    list_filter = ("state", "lifecycle", "health", "nothing_changed", "provenance")
    list_select_related = ("initiative",)
    search_fields = ("initiative__name", "initiative__code", "narrative", "recorded_by")
    date_hierarchy = "period_end"
