"""The base of every admin page: what is saved goes through an action, or comes back as an error.

A save runs inside one transaction. When an action refuses, everything of that save is undone and
the same form is shown again with all that was typed and the refusal beside it: the form is built
and validated a second time, with the refusal attached, so it cannot be saved.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, TypedDict

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from priorities import clock
from priorities.actions.recording import Actor, as_actor

Values = dict[str, Any]


class Who(TypedDict):
    """What every action asks for."""

    by: Actor
    now: dt.datetime


@dataclass(frozen=True, slots=True)
class Act:
    """One save: by whom, when, and why."""

    by: Actor
    now: dt.datetime
    reason: str = ""

    @property
    def who(self) -> Who:
        """The arguments that every action takes."""
        return {"by": self.by, "now": self.now}

    def because(self, reason: str) -> Act:
        """The same save, with the reason that one of its forms gives."""
        return dataclasses.replace(self, reason=reason or self.reason)


def act_of(request: HttpRequest) -> Act:
    """The save of this request: one moment for all that it changes."""
    actor = as_actor(request.user)  # type: ignore[arg-type]
    role = actor.role or _("System administrator")
    return Act(by=dataclasses.replace(actor, role=role, door="admin"), now=clock.now())


class Refused(Exception):
    """An action refused what the form with this prefix asked for."""

    def __init__(self, error: ValidationError, prefix: str | None) -> None:
        self.error = error
        self.prefix = prefix
        super().__init__(str(error))


@contextmanager
def refusing(prefix: str | None) -> Iterator[None]:
    """Name the form that asked, when an action refuses."""
    try:
        yield
    except ValidationError as error:
        raise Refused(error, prefix) from error


def attach(form: forms.BaseForm, error: ValidationError) -> None:
    """Put a refusal beside the fields it names, and the rest on top of the form."""
    by_field: Mapping[Any, Any] = {None: error}
    if hasattr(error, "error_dict"):
        by_field = error.error_dict
    for name, errors in by_field.items():
        form.add_error(name if name in form.fields else None, errors)


class Refusable(forms.BaseForm):
    """A form that shows why the action refused what it asked for."""

    refused: ClassVar[Refused | None] = None

    def full_clean(self) -> None:
        """Validate, then attach the refusal."""
        super().full_clean()
        if self.is_bound and self.refused is not None and self.refused.prefix == self.prefix:
            attach(self, self.refused.error)


class ActionForm(Refusable, forms.ModelForm):
    """Asks for a row's fields and, on a change, for the reason."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        help_text=gettext_lazy("Kept in the public record beside the change."),
    )


class PlainForm(Refusable, forms.ModelForm):
    """Asks for a row's fields; the row carries its own reason, or needs none."""


class ActionFormSet(BaseInlineFormSet):
    """Rows below a row; shows why the action refused one of them."""

    def __init__(self, *args: Any, refused: Refused | None = None, **kwargs: Any) -> None:
        self.refused = refused
        super().__init__(*args, **kwargs)

    def clean(self) -> None:
        """Attach the refusal to the row that asked."""
        super().clean()
        for form in self.forms:
            if self.refused is not None and form.prefix == self.refused.prefix:
                attach(form, self.refused.error)


def given(form: forms.BaseForm, model: Any) -> Values:
    """What a form says of the model's own fields, as an action takes it."""
    names = {field.name for field in (*model._meta.fields, *model._meta.many_to_many)}
    return {
        name: value
        for name, value in form.cleaned_data.items()
        if name in names and name != model._meta.pk.name
    }


def changed(form: forms.BaseForm, model: Any) -> Values:
    """What a form changes of the model's own fields."""
    names = set(form.changed_data)
    return {name: value for name, value in given(form, model).items() if name in names}
