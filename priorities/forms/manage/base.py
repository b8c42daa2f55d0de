"""What every form of plan work has: groups with a help text, a reason, a fingerprint, a refusal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from priorities.models import Recorded, encode
from priorities.models.base import Json, reference

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that are asked together; a tuple of names stands in one row."""

    title: Words
    fields: tuple[str | tuple[str, ...], ...]
    help: Words = ""


@dataclass(frozen=True, slots=True)
class DrawnGroup:
    """A group as the page draws it: rows of one or more fields."""

    title: Words
    help: Words
    rows: list[list[BoundField]]


def day_input() -> forms.DateInput:
    """A day, by the browser's own calendar."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def drawn(field: models.Field[Any, Any], **kwargs: Any) -> forms.Field | None:
    """The form field of a column, as plan work asks for it."""
    if isinstance(field, models.URLField):
        kwargs["assume_scheme"] = "https"
    if isinstance(field, models.DateField):
        kwargs["widget"] = day_input()
    if isinstance(field, models.TextField):
        kwargs["widget"] = forms.Textarea(attrs={"rows": 4})
    if isinstance(field, models.ManyToManyField):
        kwargs["widget"] = forms.CheckboxSelectMultiple()
    return field.formfield(**kwargs)


def reason_field(
    *, required: bool = False, label: Any = None, help_text: Any = None
) -> forms.CharField:
    """Why: kept beside the change for good."""
    return forms.CharField(
        label=label or gettext_lazy("Reason"),
        required=required,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=help_text
        or gettext_lazy(
            "Stands beside the change for good; the public reads it where the change is public. "
            "Write “The council renamed the program”, not “fix”."
        ),
    )


def not_ended(field: Any, present: int | None) -> None:
    """Offer no division that has ended, unless it is the present one."""
    still = models.Q(ended_on__isnull=True)
    field.queryset = field.queryset.filter(still | models.Q(pk=present))


class Asking(forms.BaseForm):
    """A form in groups, which an action may refuse."""

    groups: ClassVar[tuple[Group, ...]] = ()

    def drawn_groups(self) -> Iterator[DrawnGroup]:
        """The groups with those of their fields that this form asks."""
        for group in self.groups:
            rows = []
            for entry in group.fields:
                names = (entry,) if isinstance(entry, str) else entry
                if row := [self[name] for name in names if name in self.fields]:
                    rows.append(row)
            if rows:
                yield DrawnGroup(group.title, group.help, rows)

    def refuse(self, error: ValidationError) -> None:
        """Put an action's refusal beside the fields it names, and the rest on top."""
        by_field: Any = error.error_dict if hasattr(error, "error_dict") else {None: error}
        for name, errors in by_field.items():
            self.add_error(name if name in self.fields else None, errors)

    def without(self, names: Iterable[str]) -> None:
        """Do not ask some of the fields."""
        for name in names:
            self.fields.pop(name, None)

    @property
    def why(self) -> str:
        """Why the change is made."""
        return str(self.cleaned_data.get("reason", ""))

    def typed(self, name: str) -> Json:
        """What was typed into a field, in the form in which the log would hold it."""
        value = self.cleaned_data.get(name)
        if isinstance(value, models.QuerySet):
            return sorted(row.item_code for row in value)
        if isinstance(value, Recorded):
            return reference(value)
        return encode(value)

    def as_sent(self, name: str) -> list[str]:
        """What a browser sends for a field as it stands in an unbound form."""
        value = self[name].value()
        if value is None or value is False or value == "":
            return []
        if value is True:
            return ["on"]
        return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]


class PlainForm(Asking, forms.Form):
    """A form that is not of one row."""


class ItemForm(Asking, forms.ModelForm):
    """A form of one row: what may be asked depends on whether it is new and on who asks.

    ``STRUCTURE``: fields that only a plan administrator changes; others see them and no more.
    ``ONCE``: fields that are permanent once the row is there. ``LATER``: those of a row that is
    there already.
    """

    STRUCTURE: ClassVar[frozenset[str]] = frozenset()
    ONCE: ClassVar[tuple[str, ...]] = ("code",)
    LATER: ClassVar[tuple[str, ...]] = ()

    reason = reason_field()

    def __init__(self, *args: Any, structure: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_new = self.instance.pk is None
        self.without(self.LATER if is_new else self.ONCE)
        if is_new and "code" in self.fields:
            self.fields["code"].required = False
            self.fields["code"].help_text = _(
                "Part of the public address, and permanent. Leave it empty to make it from the "
                "name."
            )
        if not structure:
            for name in self.STRUCTURE & set(self.fields):
                self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        """Make the code of a new row from its name."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "code" in self.fields and not cleaned.get("code") and "code" not in self.errors:
            longest = self._meta.model._meta.get_field("code").max_length
            cleaned["code"] = slugify(str(cleaned.get(self.named_by) or ""))[:longest].strip("-")
            if not cleaned["code"]:
                self.add_error("code", _("Enter a code of letters, numbers and hyphens."))
        return cleaned

    #: From which field a code is made.
    named_by: ClassVar[str] = "name"

    def given(self) -> dict[str, Any]:
        """What the form says of the row's own fields, as an action takes it."""
        meta = self._meta.model._meta
        own = {field.name for field in (*meta.fields, *meta.many_to_many)}
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name in own and not self.fields[name].disabled
        }

    def changes(self) -> dict[str, Any]:
        """What the form changes of the row."""
        changed = set(self.changed_data)
        return {name: value for name, value in self.given().items() if name in changed}
