"""The form that freezes a brief: which dates, which sections, for whom, with which cover note."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboards.pages.brief import titles
from dashboards.pages.brief_parts import SECTIONS
from priorities.actions.briefs import MOST_LETTERS
from priorities.forms.manage.base import day_input
from priorities.forms.questions import ReadersField


class FreezeForm(forms.Form):
    """Everything that a frozen brief is made from besides the record."""

    since = forms.DateField(label=gettext_lazy("From the end of"), widget=day_input())
    until = forms.DateField(label=gettext_lazy("To the end of"), widget=day_input())
    visibility = ReadersField(
        public=gettext_lazy("Everyone: it holds what is public, and the cover note"),
        internal=gettext_lazy("Only staff and reviewers: also what is internal to the review"),
    )
    note = forms.CharField(
        label=gettext_lazy("Cover note"),
        required=False,
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Stands on the first page. An empty line begins a new paragraph."),
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for code, title in titles().items():
            self.fields[field_of(code)] = forms.BooleanField(
                label=title, required=False, initial=True
            )

    @property
    def asked(self) -> list[BoundField]:
        """The fields besides the sections."""
        return [self[name] for name in self.base_fields]

    @property
    def sections(self) -> list[BoundField]:
        """The boxes of the sections, in their order."""
        return [self[field_of(code)] for code in SECTIONS]

    @property
    def included(self) -> tuple[str, ...]:
        """The sections that are to stand in it, in their order."""
        return tuple(code for code in SECTIONS if self.cleaned_data[field_of(code)])

    def clean(self) -> None:
        """Two days in order, none ahead, and something to say between them."""
        super().clean()
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if until and until > self.today:
            self.add_error("until", _("This day is ahead. The newest is today."))
        elif since and until and since >= until:
            self.add_error("since", _("The first day must be before the second."))
        if not self.included:
            raise ValidationError(_("Choose at least one section."))


def field_of(section: str) -> str:
    """The name of the box that asks for a section."""
    return f"section_{section}"
