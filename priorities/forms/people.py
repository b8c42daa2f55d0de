"""Forms about people: whom to invite, as what; and how one comes in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import (
    password_validators_help_text_html,
    validate_password,
)
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from priorities import labels
from priorities.enums import Role
from priorities.models import Division

#: Longest name and reason that are taken.
LONGEST_NAME, LONGEST_REASON = 150, 1000

ADDRESS_ERRORS = {
    "required": _("Type the e-mail address."),
    "invalid": _("This is no e-mail address. It reads like name@example.org."),
}


class RoleForm(forms.Form):
    """A role; a division editor has a division."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=labels.choices(Role),
        widget=forms.RadioSelect,
        initial=Role.MANAGER.value,
        help_text=_("Each may do all that those before it may."),
    )
    division = forms.ModelChoiceField(
        label=_("Division, for a division editor"),
        help_text=_("They edit what this division and those below it lead."),
        queryset=Division.objects.order_by("name"),
        required=False,
        empty_label=_("None"),
    )

    def clean(self) -> dict[str, Any]:
        """A division editor has a division, no other role has."""
        said = super().clean() or {}
        is_editor = said.get("role") == Role.DIVISION_EDITOR.value
        if is_editor and not said.get("division") and "division" not in self.errors:
            self.add_error("division", _("Choose the division that they edit."))
        if not is_editor:
            said["division"] = None
        return said


class InviteForm(RoleForm):
    """Whom to invite, and as what."""

    name = forms.CharField(
        label=_("Name"),
        help_text=_("As colleagues know it."),
        max_length=LONGEST_NAME,
        error_messages={"required": _("Type the name.")},
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("The invitation is sent there."),
        max_length=254,
        error_messages=ADDRESS_ERRORS,
    )
    field_order = ("name", "email", "role", "division")

    def clean_email(self) -> str:
        """An address that has no account yet."""
        email = User.objects.normalize_email(self.cleaned_data["email"])
        if User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(_("There is already an account with this e-mail address."))
        return email


class PersonForm(forms.Form):
    """Name and address of a person."""

    name = InviteForm.base_fields["name"]
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("They sign in with it."),
        max_length=254,
        error_messages=ADDRESS_ERRORS,
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        self.person = person
        kwargs.setdefault("initial", {"name": person.name, "email": person.email})
        super().__init__(*args, **kwargs)

    def clean_email(self) -> str:
        """An address that nobody else has."""
        email = User.objects.normalize_email(self.cleaned_data["email"])
        others = User.objects.exclude(pk=self.person.pk)
        if others.filter(email__iexact=email).exists():
            raise forms.ValidationError(_("There is already an account with this e-mail address."))
        return email


class WhyForm(forms.Form):
    """Why an account is closed, or a second factor taken off."""

    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("It stays on record; the public does not see it."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why.")},
    )


class AcceptForm(forms.Form):
    """The name and a password of one's own, by the link of an invitation."""

    name = forms.CharField(
        label=_("Your name"),
        help_text=_("As colleagues know it. It stands beside what you write, for staff."),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password1 = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=_("Password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        self.person = person
        kwargs.setdefault("initial", {"name": person.name})
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = password_validators_help_text_html()

    def clean(self) -> dict[str, Any]:
        """Twice the same password, and a good one."""
        said = super().clean() or {}
        first, second = said.get("password1"), said.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("This is not the same password."))
        elif first:
            try:
                validate_password(first, self.person)
            except forms.ValidationError as error:
                self.add_error("password1", error)
        return said
