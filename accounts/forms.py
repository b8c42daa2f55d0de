"""The forms of sign-in, in plain words: labels instead of placeholders, help where it is needed."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as factor
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as passkey
from django import forms
from django.utils.translation import gettext_lazy as _

LABELS = {
    "login": _("E-mail address"),
    "email": _("E-mail address"),
    "password": _("Password"),
    "oldpassword": _("Your password now"),
    "password1": _("New password"),
    "password2": _("New password again"),
    "code": _("Code"),
    "name": _("Name of the passkey"),
}
#: What is said when nothing was typed.
MISSING = {
    "login": _("Type your e-mail address."),
    "email": _("Type your e-mail address."),
    "password": _("Type your password."),
    "oldpassword": _("Type the password that you have now."),
    "password1": _("Type a new password."),
    "password2": _("Type the new password again."),
    "code": _("Type the code."),
    "name": _("Type a name."),
}
LONGEST_CODE = 20


class Plain(forms.Form):
    """A form of the library with our words; no placeholders, which vanish when one types."""

    hints: dict[str, Any] = {}
    say_optional = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = LABELS.get(name, field.label)
            if name in MISSING:
                field.error_messages["required"] = MISSING[name]
            if name in self.hints or name in ("password", "oldpassword"):
                field.help_text = self.hints.get(name, "")
        if "code" in self.fields:
            self.fields["code"].widget.attrs |= {"inputmode": "numeric", "maxlength": LONGEST_CODE}


class SignInForm(Plain, account.LoginForm):
    """E-mail address and password."""


class PasswordAgainForm(Plain, account.ReauthenticateForm):
    """The password once more, before something that matters."""


class ForgottenForm(Plain, account.ResetPasswordForm):
    """The address that a link for a new password is sent to."""


class NewPasswordForm(Plain, account.ResetPasswordKeyForm):
    """A new password, after following the link."""


class ChangePasswordForm(Plain, account.ChangePasswordForm):
    """The old password and a new one."""


class SetPasswordForm(Plain, account.SetPasswordForm):
    """A first password, for who has none yet."""


class CodeForm(Plain, factor.AuthenticateForm):
    """The code of the second factor."""

    hints = {"code": _("The six digits that your app shows now, or one of your recovery codes.")}


class CodeAgainForm(Plain, factor.ReauthenticateForm):
    """The code once more, before something that matters."""

    hints = CodeForm.hints


class ActivateAppForm(Plain, totp.ActivateTOTPForm):
    """The first code of an app, which proves that it has the key."""

    hints = {"code": _("The six digits that the app shows now.")}


class AddPasskeyForm(Plain, passkey.AddWebAuthnForm):
    """A name for a passkey, and what it is for."""

    hints = {
        "name": _("So that you know it again, for example “Office laptop”."),
        "passwordless": _("Sign in with it alone. It then asks for your finger, face or PIN."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].label = _("Use it instead of the password")
        self.fields["passwordless"].initial = True


class RenamePasskeyForm(Plain, passkey.EditWebAuthnForm):
    """Another name for a passkey."""
