"""The event log in the admin: to search, never to touch."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Field
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from priorities.admin.base import ReadOnlyAdmin
from priorities.models import RECORDED, ChainHead, ChangeEvent

MODELS: dict[str, Any] = {model.ITEM_TYPE: model for model in RECORDED} | {"person": User}
NONE = "—"


def field_of(item_type: str, name: str) -> Field[Any, Any] | None:
    """The field that an event names; none when a later version has dropped it."""
    model = MODELS.get(item_type)
    found = {} if model is None else {field.name: field for field in model._meta.get_fields()}
    return found.get(name)


def in_words(field: Any, value: Any) -> str:
    """One value of an event as a person reads it."""
    match value:
        case None | "" | []:
            return NONE
        case bool():
            return _("Yes") if value else _("No")
        case list():
            return ", ".join(in_words(field, one) for one in value)
        case dict():
            return ", ".join(f"{key}: {one}" for key, one in value.items())
        case _:
            choices = dict(getattr(field, "flatchoices", ()) or ())
            return str(choices.get(value, value))


def differences(event: ChangeEvent) -> list[tuple[str, str, str]]:
    """What differs: the field's name, the old value, the new one, in words."""
    rows = []
    for name, (old, new) in event.fields.items():
        field: Any = field_of(event.item_type, name)
        before, after = in_words(field, old), in_words(field, new)
        if before != after:
            words = getattr(field, "verbose_name", name.replace("_", " "))
            rows.append((capfirst(str(words)), before, after))
    return rows


def page_of(event: ChangeEvent) -> str | None:
    """The admin page of the row that the event tells of."""
    model = MODELS.get(event.item_type)
    if model is None:
        return None
    try:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
        return reverse(name, args=(event.item_id,))
    except NoReverseMatch:
        return None


def kind_of(event: ChangeEvent) -> str:
    """What sort of row it is, in words."""
    model = MODELS.get(event.item_type)
    return capfirst(str(model._meta.verbose_name if model else event.item_type))


class ItemTypeFilter(admin.SimpleListFilter):
    """Events of one sort of row."""

    title = gettext_lazy("sort")
    parameter_name = "item_type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Every sort that the log can tell of."""
        return [(key, capfirst(str(model._meta.verbose_name))) for key, model in MODELS.items()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """The events of the chosen sort."""
        return queryset.filter(item_type=self.value()) if self.value() else queryset


@admin.register(ChangeEvent)
class ChangeEventAdmin(ReadOnlyAdmin):
    """Who changed what, from what to what, when and why."""

    list_display = ("sequence", "at", "kind", "sort", "item", "changes", "actor", "public")
    list_filter = ("kind", "public", ItemTypeFilter, "entered_by", "plan_code")
    search_fields = ("item_code", "subject_code", "actor", "reason")
    search_help_text = gettext_lazy("Code of an item, name of a person, or words of a reason.")
    date_hierarchy = "at"
    ordering = ("-sequence",)
    fields = (
        "sequence",
        "at",
        "kind",
        "sort",
        "item",
        "table",
        "reason",
        "actor",
        "actor_role",
        "public",
        "entered_at",
        "entered_by",
        "hash",
    )
    readonly_fields = ("sort", "item", "table")

    @admin.display(description=gettext_lazy("sort"))
    def sort(self, event: ChangeEvent) -> str:
        """What sort of row it is."""
        return kind_of(event)

    @admin.display(description=gettext_lazy("item"), ordering="item_code")
    def item(self, event: ChangeEvent) -> str:
        """The row, linked."""
        page = page_of(event)
        return (
            format_html('<a href="{}">{}</a>', page, event.item_code) if page else event.item_code
        )

    @admin.display(description=gettext_lazy("what changed"))
    def changes(self, event: ChangeEvent) -> str:
        """The first differences, in one line."""
        rows = differences(event)
        said = "; ".join(f"{name}: {old} → {new}" for name, old, new in rows[:3])
        return Truncator(said).chars(120)

    @admin.display(description=gettext_lazy("what changed"))
    def table(self, event: ChangeEvent) -> SafeString:
        """All differences."""
        head = format_html(
            "<tr><th>{}</th><th>{}</th><th>{}</th></tr>", _("Field"), _("Old"), _("New")
        )
        rows = format_html_join(
            "", "<tr><th>{}</th><td>{}</td><td>{}</td></tr>", differences(event)
        )
        return format_html("<table><thead>{}</thead><tbody>{}</tbody></table>", head, rows)


@admin.register(ChainHead)
class ChainHeadAdmin(ReadOnlyAdmin):
    """The newest link of the chain."""

    list_display = ("sequence", "at", "revision", "hash")
