"""Signing in as people do, for the tests of accounts."""

from __future__ import annotations

import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests import factories as make

PASSWORD = "Angeles-2023-demo"
SECRET = "JBSWY3DPEHPK3PXP"


def member(email: str = "ana@example.org", password: str | None = PASSWORD, **values: Any) -> User:
    """A person who can sign in."""
    return make.person(name="Ana", email=email, password=password, **values)


def sign_in(
    client: Client, email: str = "ana@example.org", password: str = PASSWORD, **extra: str
) -> Any:
    """Send the form of the sign-in."""
    address = reverse("account_login")
    return client.post(address, {"login": email, "password": password, **extra})


def signed_in(person: User) -> Client:
    """A client after the sign-in with the password."""
    client = Client()
    assert sign_in(client, person.email).status_code == 302
    return client


def give_app(person: User) -> None:
    """Set up an app that makes codes."""
    TOTP.activate(person, SECRET)


def code(secret: str = SECRET) -> str:
    """The code that an app with this key shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def who(client: Client) -> str | None:
    """The id of who is signed in, as the session knows it."""
    found = client.session.get("_auth_user_id")
    return str(found) if found else None


def factors(person: User) -> list[str]:
    """The kinds of second factors of a person."""
    return sorted(Authenticator.objects.filter(user=person).values_list("type", flat=True))
