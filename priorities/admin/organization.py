"""The agency and its divisions in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from priorities.actions import plans
from priorities.admin.acting import Act, ActionForm, Values
from priorities.admin.base import RECORD, ActionAdmin, LookBelow
from priorities.forms.fields import WordsField
from priorities.models import Division, Organization
from priorities.permissions import subtree


class OrganizationForm(ActionForm):
    """The agency's own data."""

    languages = WordsField(
        label=gettext_lazy("Languages"), help_text=gettext_lazy("Codes: en, es.")
    )


@admin.register(Organization)
class OrganizationAdmin(ActionAdmin):
    """The agency: one row."""

    form = OrganizationForm
    list_display = ("name", "short_name", "owner", "reviewing_body", "time_zone")
    search_fields = ("name", "short_name", "code")
    fieldsets = [
        (None, {"fields": ["name", "short_name", "code", "owner", "reviewing_body"]}),
        (
            gettext_lazy("Calendar and language"),
            {"fields": ["time_zone", "fiscal_year_start_month", "languages"]},
        ),
        (gettext_lazy("For the public"), {"fields": ["contact_email", "notice"]}),
        RECORD,
    ]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An installation has one agency."""
        return super().has_add_permission(request, obj) and not Organization.objects.exists()

    def create(self, act: Act, values: Values) -> Organization:
        """Enter the agency."""
        return plans.create_organization(**values, **act.who)

    def revise(self, act: Act, row: Any, changes: Values) -> Organization:
        """Change the agency's own data."""
        return plans.revise_organization(
            organization=row, changes=changes, reason=act.reason, **act.who
        )


class DivisionForm(ActionForm):
    """A division, which cannot be a part of what is below it."""

    def clean_parent(self) -> Division | None:
        """Refuse a circle."""
        parent: Division | None = self.cleaned_data["parent"]
        if parent and self.instance.pk and parent.pk in subtree({self.instance.pk}):
            raise ValidationError(_("A division cannot be part of a division below it."))
        return parent


class PartsBelow(LookBelow):
    """The divisions that are part of a division."""

    model = Division
    fields = readonly_fields = ("name", "short_name", "ended_on")
    verbose_name_plural = gettext_lazy("Parts of this division")


@admin.register(Division)
class DivisionAdmin(ActionAdmin):
    """Divisions, found by name; ended, never deleted."""

    form = DivisionForm
    list_display = ("name", "short_name", "parent", "ended_on", "public_page")
    list_filter = (("ended_on", admin.EmptyFieldListFilter), "provenance")
    list_select_related = ("parent",)
    search_fields = ("name", "short_name", "code")
    autocomplete_fields = ("parent",)
    prepopulated_fields = {"code": ("name",)}
    inlines = (PartsBelow,)
    fieldsets = [
        (None, {"fields": ["name", "short_name", "code", "parent", "purpose"]}),
        (
            gettext_lazy("Ending"),
            {
                "fields": ["ended_on"],
                "description": gettext_lazy(
                    "An ended division stays on record with all that it led."
                ),
            },
        ),
        RECORD,
    ]

    def create(self, act: Act, values: Values) -> Division:
        """Add a division."""
        return plans.create_division(**values, **act.who)

    def revise(self, act: Act, row: Any, changes: Values) -> Division:
        """Rename, move or end a division."""
        return plans.revise_division(division=row, changes=changes, reason=act.reason, **act.who)
