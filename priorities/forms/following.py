"""What a person says about following: how often, and which plan or priority."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from priorities import labels
from priorities.enums import FollowPace, PlanState
from priorities.models import Plan, Priority


class PaceForm(forms.Form):
    """How often."""

    pace = forms.ChoiceField(
        label=_("How often"),
        choices=labels.choices(FollowPace),
        widget=forms.RadioSelect,
        help_text=_("And only when something has changed."),
    )


class FollowForm(forms.Form):
    """A plan or a priority; initiatives and metrics are followed from their pages."""

    of = forms.ChoiceField(
        label=_("Plan or priority"),
        error_messages={"required": _("Choose a plan or a priority.")},
        help_text=_("An initiative or a metric you follow from its page, under “Follow”."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        public = Plan.objects.exclude(state=PlanState.DRAFT.value).order_by("-period_start")
        tops: dict[int, list[Priority]] = {}
        for top in Priority.objects.filter(plan__in=public).select_related("plan"):
            tops.setdefault(top.plan_id, []).append(top)
        choices: list[tuple[str, Any]] = [("", _("Choose one"))]
        for plan in public:
            own: list[tuple[str, Any]] = [(f"plan:{plan.item_code}", _("The whole plan"))]
            own += [(f"priority:{top.item_code}", top.name) for top in tops.get(plan.pk, [])]
            choices.append((plan.title, own))
        field: Any = self.fields["of"]
        field.choices = choices
