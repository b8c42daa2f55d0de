"""Passwords, one's own and another's, set through the action so that the log tells of it."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.forms import AdminPasswordChangeForm
from django.contrib.auth.forms import AdminPasswordChangeForm as OtherPasswordForm

from accounts.models import User
from priorities.actions import people
from priorities.admin.acting import Act


class OwnPasswordForm(AdminPasswordChangeForm):
    """Asks for the old password and twice for the new one."""

    def __init__(self, *args: Any, act: Act, **kwargs: Any) -> None:
        self.act = act
        super().__init__(*args, **kwargs)

    def save(self, commit: bool = True) -> User:
        """Set it; the session's user gets the new hash, so the session goes on."""
        return _set(self.user, self.cleaned_data["new_password1"], self.act)


class PersonPasswordForm(OtherPasswordForm):
    """Asks twice for a new password, or takes the password away."""

    def __init__(self, *args: Any, act: Act, **kwargs: Any) -> None:
        self.act = act
        super().__init__(*args, **kwargs)

    def save(self, commit: bool = True) -> User:
        """Set it, or take it away."""
        usable = self.cleaned_data["set_usable_password"]
        return _set(self.user, self.cleaned_data["password1"] if usable else None, self.act)


def _set(person: Any, password: str | None, act: Act) -> User:
    person.password = people.set_password(person=person, password=password, **act.who).password
    return person
