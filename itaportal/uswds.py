"""Fields of forms as USWDS draws them: `{% load uswds %}`, for the template pack of the same name.

The pack in `templates/uswds/` serves `{{ form|crispy }}` and `{% crispy form %}`: label, hint and
error of each field tied to it, choices in a fieldset, and above all a summary of the errors whose
links lead to the fields.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField, BoundWidget
from django.forms.formsets import BaseFormSet
from django.utils.safestring import SafeString

register = template.Library()

#: The class of each kind of widget; the first that fits counts.
CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxInput, "usa-checkbox__input"),
    (forms.SelectDateWidget, "usa-select"),
    (forms.Select, "usa-select"),
    (forms.Textarea, "usa-textarea"),
    (forms.FileInput, "file-input"),
    (forms.Widget, "usa-input"),
)


@dataclass(frozen=True, slots=True)
class ErrorEntry:
    """One line of the summary: what is wrong with which field, and where that field is."""

    label: str
    message: str
    anchor: str


def kind_of(field: BoundField) -> str:
    """How a field is drawn: hidden, choices, checkbox, group (several inputs) or plain."""
    widget = field.field.widget
    if field.is_hidden:
        return "hidden"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    return "group" if field.use_fieldset else "plain"


register.filter("kind", kind_of)


@register.filter
def uswds(field: BoundField) -> SafeString:
    """The widget of a field with the classes that it needs; its own stay."""
    widget = field.field.widget
    drawn = next(name for kind, name in CLASSES if isinstance(widget, kind))
    classes = [widget.attrs.get("class", ""), drawn]
    if field.errors and drawn != "usa-checkbox__input":
        classes.append("usa-input--error")
    return field.as_widget(attrs={"class": " ".join(filter(None, classes))})


@register.filter
def options(field: BoundField) -> list[tuple[BoundWidget, SafeString]]:
    """Each choice of a field of radio buttons or boxes, and its input.

    A radio button is neither valid nor invalid, only its group is; the group's description says so.
    """
    drawn = []
    for option in field:
        attrs = option.data["attrs"]
        attrs["class"] = f"{option_class(field)}__input"
        if isinstance(field.field.widget, forms.RadioSelect):
            attrs.pop("aria-invalid", None)
        drawn.append((option, SafeString(option.tag())))
    return drawn


@register.filter
def option_class(field: BoundField) -> str:
    """What a choice is: a radio button, or a box."""
    many = isinstance(field.field.widget, forms.CheckboxSelectMultiple)
    return "usa-checkbox" if many else "usa-radio"


@register.filter
def is_optional(field: BoundField) -> bool:
    """Is the label to say that the field may stay empty? A form can set ``say_optional`` False."""
    return not field.field.required and getattr(field.form, "say_optional", True)


@register.filter
def anchor(field: BoundField) -> str:
    """The id of the first thing of a field that takes the focus; empty for a hidden one."""
    kind, widget = kind_of(field), field.field.widget
    if kind == "hidden":
        return ""
    if kind == "choices":
        first = next(iter(field), None)
        return str(first.id_for_label if first else field.auto_id)
    if isinstance(widget, forms.MultiWidget):
        return f"{field.auto_id}{widget.widgets_names[0]}"  # type: ignore[attr-defined]
    return str(field.id_for_label or field.auto_id)


@register.filter
def error_entries(form: Any) -> list[ErrorEntry]:
    """All that is wrong with a form or a formset, in the order of the fields."""
    if isinstance(form, BaseFormSet):
        whole = [ErrorEntry("", str(message), "") for message in form.non_form_errors()]
        return whole + [entry for one in form for entry in _of_form(one)]
    return list(_of_form(form))


def _of_form(form: forms.BaseForm) -> Iterator[ErrorEntry]:
    for message in form.non_field_errors():
        yield ErrorEntry("", str(message), "")
    for field in form:
        for message in field.errors:
            yield ErrorEntry(str(field.label or ""), str(message), anchor(field))
