"""`manage.py renew_secrets`: second factors outlive a new `SECRET_KEY` and the end of the old."""

from __future__ import annotations

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.accounts.signing import SECRET, give_app, member, signed_in

pytestmark = pytest.mark.django_db


def run() -> str:
    out = StringIO()
    call_command("renew_secrets", stdout=out)
    return out.getvalue()


def with_app_and_codes() -> None:
    person = member()
    client: Client = signed_in(person)
    give_app(person)
    client.post(reverse("mfa_generate_recovery_codes"))


def test_what_is_renewed_needs_the_former_key_no_more(settings: Settings) -> None:
    with_app_and_codes()
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "new" * 20
    assert run() == "2 secrets are encrypted anew.\n"
    settings.SECRET_KEY_FALLBACKS = []
    assert decrypt(Authenticator.objects.get(type="totp").data["secret"]) == SECRET
    assert len(Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()) == 10


def test_a_secret_that_no_key_opens_is_named_and_nothing_changed(settings: Settings) -> None:
    with_app_and_codes()
    before = list(Authenticator.objects.order_by("pk").values_list("data", flat=True))
    settings.SECRET_KEY = "other" * 20
    with pytest.raises(CommandError, match="No key opens the second factor of ana@example"):
        run()
    assert list(Authenticator.objects.order_by("pk").values_list("data", flat=True)) == before
