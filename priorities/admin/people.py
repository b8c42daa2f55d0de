"""People, their roles and what they answer for in the admin."""

from __future__ import annotations

import copy
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget
from django.contrib.auth import admin as auth_admin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from priorities import labels
from priorities.actions import assignments, people
from priorities.actions.recording import WriteRefused
from priorities.admin.acting import Act, ActionForm, PlainForm, Refusable, Values, act_of
from priorities.admin.base import ActionAdmin, Below, LookBelow
from priorities.admin.facts import today
from priorities.admin.passwords import PersonPasswordForm
from priorities.enums import AssignmentRole, AssignmentState, Provenance, Role
from priorities.models import Assignment, RoleGrant
from priorities.models.base import Recorded

# Roles say who may do what; groups would be a second way, and one without a record.
if admin.site.is_registered(Group):
    admin.site.unregister(Group)

#: Rights that only those who hold them may give.
RIGHTS = ("is_staff", "is_superuser")


class NewPersonForm(Refusable, AdminUserCreationForm):
    """Asks for the address, the name and a password, or none."""

    class Meta:
        model = User
        fields = ("email", "name")


class PersonForm(Refusable, UserChangeForm):
    """Who a person is, and whether they may sign in; passwords have their own page."""

    reason = ActionForm.base_fields["reason"]

    class Meta:
        model = User
        fields = "__all__"


class RoleGrantForm(ActionForm):
    """A role: given with all that it says, later only taken away."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = self.instance.pk is not None
        for name, field in self.fields.items():
            if name not in ("reason", "revoked_on"):
                field.disabled = there
        if "granted_on" in self.fields:
            self.fields["granted_on"].initial = today
        if "revoked_on" in self.fields and (not there or self.instance.revoked_on):
            self.fields["revoked_on"].disabled = True


class RolesBelow(Below):
    """The roles of a person."""

    model = RoleGrant
    form = RoleGrantForm
    fk_name = "person"
    fields = ("role", "division", "granted_on", "revoked_on")
    autocomplete_fields = ("division",)


class AssignmentsBelow(LookBelow):
    """What a person answers for."""

    model = Assignment
    fields = readonly_fields = ("initiative", "metric", "role", "state", "offered_on", "ended_on")

    def get_queryset(self, request: HttpRequest) -> Any:
        """With the items, which are named."""
        related = ("initiative", "metric", "person")
        return super().get_queryset(request).select_related(*related)


@admin.register(User)
class PersonAdmin(ActionAdmin, auth_admin.UserAdmin):
    """People, found by name or address, with their roles in place."""

    form = PersonForm
    add_form = NewPersonForm
    ordering = ("name", "email")
    list_display = ("name", "email", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "role_grants__role")
    search_fields = ("name", "email")
    date_hierarchy = "date_joined"
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ()
    inlines = (RolesBelow, AssignmentsBelow)
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        (
            gettext_lazy("May"),
            {
                "fields": ("is_active", "is_staff", "is_superuser"),
                "description": gettext_lazy(
                    "What a person may do on the portal is said by the roles below. Nobody is "
                    "deleted: an account that is not active cannot sign in."
                ),
            },
        ),
        (gettext_lazy("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),
    )

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """Roles are given once the account exists."""
        return super().get_inlines(request, obj) if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A superuser's account and password are changed by superusers only."""
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not above and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Only a superuser makes another."""
        fixed = super().get_readonly_fields(request, obj)
        return fixed if request.user.is_superuser else [*fixed, *RIGHTS]

    def given(self, form: Any) -> Values:
        """An account, with a password or none."""
        said = form.cleaned_data
        password = said["password1"] if said.get("set_usable_password", True) else None
        return {"email": said["email"], "name": said["name"], "password": password}

    def create(self, act: Act, values: Values) -> User:
        """Add an account."""
        return people.create_person(**values, **act.who)

    def revise(self, act: Act, row: Any, changes: Values) -> User:
        """Change a name, an address or what the account may do."""
        return people.revise_person(person=row, changes=changes, reason=act.reason, **act.who)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:
        """Set another person's password through the action.

        The page belongs to the framework; a copy of this admin hands it a form that acts.
        """
        acting: Any = copy.copy(self)
        acting.change_password_form = partial(PersonPasswordForm, act=act_of(request))
        # The framework reads the names of the fields from the class.
        acting.change_password_form.base_fields = PersonPasswordForm.base_fields
        view: Any = auth_admin.UserAdmin.user_change_password
        answer: HttpResponse = view(acting, request, id, form_url)
        return answer


@admin.register(RoleGrant)
class RoleGrantAdmin(ActionAdmin):
    """Who holds which role; given and taken away, never deleted."""

    form = RoleGrantForm
    permanent = ("person", "role", "division", "granted_on")
    list_display = ("person", "role", "division", "granted_on", "revoked_on")
    list_filter = ("role", ("revoked_on", admin.EmptyFieldListFilter), "division")
    list_select_related = ("person", "division")
    search_fields = ("person__name", "person__email", "division__name")
    date_hierarchy = "granted_on"
    autocomplete_fields = ("person", "division")
    fieldsets = [
        (
            None,
            {
                "fields": ["person", "role", "division", "granted_on", "revoked_on"],
                "description": gettext_lazy(
                    "A division editor has a division, no other role has. Each role may do all "
                    "that the roles before it may."
                ),
            },
        )
    ]

    def create(self, act: Act, values: Values) -> RoleGrant:
        """Give a role."""
        return people.grant_role(
            person=values["person"],
            role=Role(values["role"]),
            division=values.get("division"),
            on=values["granted_on"],
            **act.who,
        )

    def revise(self, act: Act, row: Any, changes: Values) -> RoleGrant:
        """Take a role away."""
        return people.revoke_role(grant=row, on=changes["revoked_on"], reason=act.reason, **act.who)


class OfferForm(PlainForm):
    """Asks a person to answer for an item."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "offered_on" in self.fields:
            self.fields["offered_on"].initial = today


class AnswerForm(ActionForm):
    """What became of an assignment."""

    state = forms.ChoiceField(label=gettext_lazy("State"), choices=labels.choices(AssignmentState))
    on = forms.DateField(label=gettext_lazy("On"), initial=today, widget=AdminDateWidget)


@admin.register(Assignment)
class AssignmentAdmin(ActionAdmin):
    """Who answers for what: offered, accepted, declined, ended."""

    form = AnswerForm
    permanent = ("person", "initiative", "metric", "role", "offered_on")
    list_display = ("person", "initiative", "metric", "role", "state", "offered_on")
    list_filter = ("state", "role", "provenance")
    list_select_related = ("person", "initiative", "metric")
    search_fields = ("person__name", "person__email", "initiative__name", "metric__name")
    date_hierarchy = "offered_on"
    autocomplete_fields = ("person", "initiative", "metric")
    offer = ["person", "initiative", "metric", "role", "offered_on"]

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """An offer first; then what became of it."""
        return super().get_form(request, obj, form=AnswerForm if obj else OfferForm, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """An offer first; then what became of it."""
        if obj is None:
            words = _("Choose an initiative or a metric. The person accepts or declines.")
            return [(None, {"fields": self.offer, "description": words})]
        words = _("Enter what the person said. Declining needs a reason.")
        happened = {"fields": ["state", "on", "reason"], "description": words}
        return [(None, {"fields": self.offer}), (_("What became of it"), happened)]

    def create(self, act: Act, values: Values) -> Assignment:
        """Offer an item to a person."""
        item: Recorded | None = values["initiative"] or values["metric"]
        if item is None or (values["initiative"] and values["metric"]):
            raise WriteRefused(_("Assign an initiative or a metric, one of them."))
        return assignments.offer_assignment(
            person=values["person"],
            item=item,  # type: ignore[arg-type]
            role=AssignmentRole(values["role"]),
            on=values["offered_on"],
            provenance=Provenance(values.get("provenance", Provenance.RECORDED)),
            **act.who,
        )

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The day is the form's, not the row's: which column it fills depends on the state."""
        if change:
            obj.on = form.cleaned_data["on"]
        super().save_model(request, obj, form, change)

    def as_kept(self, obj: Any) -> Any:
        """The row, with the day that the form gives."""
        kept = super().as_kept(obj)
        kept.on = obj.on
        return kept

    def revise(self, act: Act, row: Any, changes: Values) -> Assignment:
        """Accept, decline or end, as the person said."""
        said = AssignmentState(changes["state"])
        if said is AssignmentState.ACCEPTED:
            return assignments.accept_assignment(assignment=row, on=row.on, **act.who)
        if said is AssignmentState.DECLINED:
            return assignments.decline_assignment(
                assignment=row, on=row.on, reason=act.reason, **act.who
            )
        if said is AssignmentState.ENDED:
            return assignments.end_assignment(
                assignment=row, on=row.on, reason=act.reason, **act.who
            )
        raise WriteRefused(_("An answered offer is not offered again; make a new one."))
