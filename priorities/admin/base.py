"""What all admin pages share: who may use them, saving through actions, the way to the history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import Field, Model, URLField
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from priorities.actions.rehearsal import Overtaken, unless_overtaken
from priorities.admin.acting import (
    Act,
    ActionForm,
    ActionFormSet,
    Refused,
    Values,
    act_of,
    changed,
    given,
    refusing,
)
from priorities.admin.meanwhile import SEEN, item_type_of, overtaken, watch_of
from priorities.permissions import Permission, can
from priorities.queries.edits import Watch, stamp

Fieldsets = list[Any]

WHY: Any = (gettext_lazy("Why"), {"fields": ["reason"]})
RECORD: Any = (
    gettext_lazy("Record"),
    {"fields": ["provenance"], "classes": ["collapse"]},
)


class Guarded:
    """For system administrators; nothing is ever deleted."""

    formfield_overrides: ClassVar[Mapping[type[Field[Any, Any]], Mapping[str, Any]]] = {
        URLField: {"assume_scheme": "https"}
    }
    may_add: ClassVar[bool] = True
    may_change: ClassVar[bool] = True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """System administrators see everything."""
        return can(request.user, Permission.OPEN_ADMIN)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """System administrators see everything."""
        return can(request.user, Permission.OPEN_ADMIN)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Unless rows of this kind come about otherwise."""
        return self.may_add and can(request.user, Permission.OPEN_ADMIN)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Unless rows of this kind never change."""
        return self.may_change and can(request.user, Permission.OPEN_ADMIN)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: history stays. Things are retired, closed, ended or corrected."""
        return False


class RecordAdmin(Guarded, admin.ModelAdmin):
    """A page for rows that the event log tells of."""

    change_form_template = "admin/priorities/change_form.html"
    show_full_result_count = False
    list_per_page = 50

    @admin.display(description=gettext_lazy("public page"))
    def public_page(self, row: Any) -> str:
        """A link to where the public reads it, or that it does not."""
        if not row.is_public:
            return _("Not public")
        return format_html('<a href="{}">{}</a>', row.get_absolute_url(), _("View on site"))

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        """The public page, when there is one and the public may see it."""
        if obj is None or not hasattr(obj, "get_absolute_url") or not obj.is_public:
            return None
        return obj.get_absolute_url()

    def tools(self, request: HttpRequest, row: Any) -> list[tuple[str, str]]:
        """Further buttons of a row's page: words and addresses."""
        return []

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Hand the buttons to the template."""
        row = context.get("original")
        context["tools"] = [] if row is None else self.tools(request, row)
        return super().render_change_form(request, context, *args, **kwargs)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """The row's history is what the event log says of it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        query = urlencode({"item_type": item_type_of(self.model), "item_id": object_id})
        return HttpResponseRedirect(
            reverse("admin:priorities_changeevent_changelist") + f"?{query}"
        )

    # The admin's own log would be a second, weaker history beside the event log.
    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """Noted in the event log, and nowhere else."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """Noted in the event log, and nowhere else."""

    def construct_change_message(self, *args: Any, **kwargs: Any) -> list[Any]:
        """Said by the event log."""
        return []


class ReadOnlyAdmin(RecordAdmin):
    """Rows to look at."""

    may_add = False
    may_change = False


class ActionAdmin(RecordAdmin):
    """Rows that are added and changed through actions: ``create`` and ``revise`` name them."""

    form: type[Any] = ActionForm
    #: Fields that stay as they were first given.
    permanent: ClassVar[tuple[str, ...]] = ("code", "plan")

    def create(self, act: Act, values: Values) -> Model:
        """Add a row through its action."""
        raise NotImplementedError

    def revise(self, act: Act, row: Any, changes: Values) -> Model:
        """Change a row through its action. ``row`` is as the database has it."""
        raise NotImplementedError

    def given(self, form: Any) -> Values:
        """What a form for a new row says, as ``create`` takes it."""
        return given(form, self.model)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """What is permanent is shown, not asked, once the row exists."""
        fixed = list(super().get_readonly_fields(request, obj))
        if obj is not None:
            names = {field.name for field in self.model._meta.fields}
            fixed += [name for name in self.permanent if name in names]
        return fixed

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """Below a new row there is nothing to look at yet."""
        inlines = super().get_inlines(request, obj)
        return [one for one in inlines if obj is not None or getattr(one, "may_add", True)]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        """A code is suggested from the name once; then it is permanent."""
        return {} if obj is not None else super().get_prepopulated_fields(request, obj)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Fieldsets:
        """A change asks for its reason, last."""
        fieldsets: Fieldsets = list(super().get_fieldsets(request, obj))
        if obj is not None and self.has_change_permission(request, obj):
            fieldsets.append(WHY)
        return fieldsets

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """The form, with the refusal of this request if there was one."""
        form: Any = super().get_form(request, obj, **kwargs)
        form.refused = getattr(request, "refused", None)
        return form

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Any, inline: InlineModelAdmin, prefix: str
    ) -> dict[str, Any]:
        """The rows below, with the refusal of this request if there was one."""
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if issubclass(inline.formset, ActionFormSet):
            kwargs["refused"] = getattr(request, "refused", None)
        return kwargs

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponseBase:
        """Save all or nothing; a refusal shows the form again, with what was typed."""
        context = {**(extra_context or {}), SEEN: self.seen(request, object_id)}
        try:
            return super().changeform_view(request, object_id, form_url, context)
        except Refused as refused:
            request.refused = refused  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, context)

    def seen(self, request: HttpRequest, object_id: str | None) -> str:
        """The newest event of what a page of changes edits; it stays while the page is refused.

        Asked for before the row is read: what is written in between is then noticed.
        """
        if request.method == "POST":
            return request.POST.get(SEEN, "")
        known = self.may_change and object_id is not None and object_id.isdecimal()
        return stamp(self.watch(int(object_id))) if known and object_id else ""

    def watch(self, pk: int) -> Watch:
        """The events that make a page stale: of the row, and of the rows it edits in place."""
        below = [one for one in self.inlines if getattr(one, "may_change", True)]
        return watch_of(self.model, pk, below)

    def refuse_if_overtaken(self, request: HttpRequest, row: Any, form: Any) -> None:
        """Refuse to write over what was written meanwhile.

        The head of the record stays held until the whole save ends, which is one transaction.
        """
        watch, seen = self.watch(row.pk), request.POST.get(SEEN, "")
        try:
            with unless_overtaken(watch=watch, seen=seen):
                return
        except Overtaken:
            person: Any = request.user
            raise Refused(overtaken(self.model, watch, seen, person), form.prefix) from None

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Add or change the row through its action."""
        if change:
            self.refuse_if_overtaken(request, obj, form)
        act = act_of(request).because(form.cleaned_data.get("reason", ""))
        with refusing(form.prefix):
            if not change:
                row = self.create(act, self.given(form))
            elif changes := changed(form, self.model):
                row = self.revise(act, self.as_kept(obj), changes)
            else:
                return
        obj.__dict__.update(row.__dict__)

    def as_kept(self, obj: Any) -> Any:
        """The row as the database has it: the form has written on the one at hand."""
        return self.model._default_manager.get(pk=obj.pk)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the rows below; links to many were part of the action."""
        for formset in formsets:
            self.save_formset(request, form, formset, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Add or change each row below through the actions of its own page."""
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
        owner: Any = self.admin_site._registry[formset.model]
        reason = form.cleaned_data.get("reason", "")
        for below in formset.forms:
            if not below.has_changed():
                continue
            why = below.cleaned_data.get("reason", "") or reason
            act = act_of(request).because(why)
            with refusing(below.prefix):
                if below.instance._state.adding:
                    values = owner.given(below) | {formset.fk.name: form.instance}
                    owner.create(act, values)
                elif changes := changed(below, formset.model):
                    owner.revise(act, owner.as_kept(below.instance), changes)


class Below(Guarded, admin.TabularInline):
    """Rows below a row, added and changed in place."""

    formset = ActionFormSet
    extra = 0
    show_change_link = True


class LookBelow(Below):
    """The newest rows below a row, to look at; each leads to its own page."""

    may_add = False
    may_change = False
    can_delete = False
    classes = ("collapse",)
