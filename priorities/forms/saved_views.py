"""The form that gives a view its name."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from priorities.models import SavedView

LONGEST_NAME = SavedView._meta.get_field("name").max_length


class SaveViewForm(forms.Form):
    """What the view is called, and who sees it."""

    name = forms.CharField(
        label=_("Name of the view"),
        help_text=_("For example: At risk, by division."),
        max_length=LONGEST_NAME,
        error_messages={"required": _("Give the view a name.")},
    )
    shared = forms.TypedChoiceField(
        label=_("Who sees it"),
        choices=((0, _("Only I")), (1, _("Everyone who may review"))),
        coerce=lambda value: bool(int(value)),
        initial=0,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who sees the view.")},
    )
