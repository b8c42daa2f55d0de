"""The second factor: who must have one, what they can do before, and how it is used."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from itaportal.signin import SecondFactorAdapter
from priorities.enums import Role
from tests import factories as make
from tests.accounts.signing import SECRET, code, factors, give_app, member, sign_in, signed_in, who

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _required(settings: Settings) -> None:
    """As in production."""
    settings.REQUIRE_SECOND_FACTOR = True


def of_role(name: str) -> Any:
    """A person of that role, without a second factor."""
    if name == "system administrator":
        return member(is_staff=True)
    person = member()
    scope = {"division": make.division(code="operations")} if name == "division_editor" else {}
    if name:
        make.grant(Role(name), person=person, **scope)
    return person


STAFF_PAGES = ("/updates/", "/admin/", "/manage/people/")


@pytest.mark.parametrize("role", ["division_editor", "plan_administrator", "system administrator"])
def test_those_who_must_have_one_can_do_nothing_else_before(role: str) -> None:
    make.plan()
    client = signed_in(of_role(role))
    for address in STAFF_PAGES:
        answer = client.get(address)
        assert (address, answer.status_code, answer["Location"]) == (address, 302, "/accounts/")
        assert client.post(address, {}).status_code == 302
    page = client.get("/accounts/").content.decode()
    assert page.count("Set up a second factor first.") == 1
    assert client.get("/metrics/").status_code == 200
    assert client.post(reverse("account_logout"))["Location"] == "/"


@pytest.mark.parametrize("role", ["", "reviewer", "manager"])
def test_the_others_may_have_one(role: str) -> None:
    client = signed_in(of_role(role))
    assert client.get("/admin/").status_code == 403


def test_with_one_the_pages_open() -> None:
    person = of_role("system administrator")
    client = signed_in(person)
    give_app(person)
    assert client.get("/admin/").status_code == 200


def test_recovery_codes_alone_are_none() -> None:
    person = of_role("system administrator")
    client = signed_in(person)
    Authenticator.objects.create(user=person, type="recovery_codes", data={})
    assert client.get("/admin/")["Location"] == "/accounts/"


def test_it_can_be_left_out_by_the_setting(settings: Settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = False
    assert signed_in(of_role("system administrator")).get("/admin/").status_code == 200


# ── An app ───────────────────────────────────────────────────────────────────────────────────


def test_an_app_is_set_up_with_recovery_codes_and_a_mail_tells_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    person = of_role("plan_administrator")
    client = signed_in(person)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    assert '<svg class="qr-code" role="img"' in page
    shown = re.search(r"<code>([A-Z2-7]+)</code>", page)
    assert shown
    # The mail goes out after the commit, which a test never reaches.
    monkeypatch.setattr("django.db.transaction.on_commit", lambda act: act())
    answer = client.post(reverse("mfa_activate_totp"), {"code": code(shown[1])})
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    assert factors(person) == ["recovery_codes", "totp"]
    codes = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert len(re.findall(r"<code>\d{8}</code>", codes)) == 10
    assert "An app that makes codes was set up" in str(mail.outbox[0].body)


def test_a_wrong_code_sets_up_nothing() -> None:
    person = of_role("manager")
    page = signed_in(person).post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert "This code is not right." in page.content.decode()
    assert factors(person) == []


def test_with_an_app_the_password_alone_opens_nothing() -> None:
    person = of_role("system administrator")
    give_app(person)
    client = Client()
    assert sign_in(client)["Location"] == reverse("mfa_authenticate")
    assert who(client) is None
    assert client.get("/admin/").status_code == 302
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert who(client) is None
    assert client.post(reverse("mfa_authenticate"), {"code": code()})["Location"] == "/admin/"
    assert who(client) == str(person.pk)


def test_a_code_works_once() -> None:
    give_app(member())
    first, second = Client(), Client()
    used = code()
    for client in (first, second):
        sign_in(client)
        client.post(reverse("mfa_authenticate"), {"code": used})
    assert (who(first) is None, who(second) is None) == (False, True)


def test_a_recovery_code_works_once() -> None:
    person = member()
    client = signed_in(person)
    give_app(person)
    client.post(reverse("mfa_generate_recovery_codes"))
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    spare = re.findall(r"<code>(\d{8})</code>", page)[0]
    opened = []
    for _ in range(2):
        later = Client()
        sign_in(later)
        later.post(reverse("mfa_authenticate"), {"code": spare})
        opened.append(who(later) is not None)
    assert opened == [True, False]


def test_codes_cannot_be_guessed_for_long() -> None:
    give_app(member())
    client = Client()
    sign_in(client)
    for number in range(5):
        client.post(reverse("mfa_authenticate"), {"code": f"{number:06}"})
    client.post(reverse("mfa_authenticate"), {"code": code()})
    assert who(client) is None


def test_removing_it_asks_once_more_who_one_is_if_the_sign_in_is_long_ago() -> None:
    person = member()
    client = signed_in(person)
    give_app(person)
    session = client.session
    for record in (records := session["account_authentication_methods"]):
        record["at"] -= 600
    session["account_authentication_methods"] = records
    session.save()
    answer = client.post(reverse("mfa_deactivate_totp"))
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert factors(person) == ["totp"]


def test_secrets_are_kept_encrypted_and_outlive_a_new_secret_key(
    settings: Settings,
) -> None:
    person = member()
    give_app(person)
    kept = Authenticator.objects.get(user=person).data["secret"]
    assert SECRET not in kept
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "new" * 20
    assert SecondFactorAdapter().decrypt(kept) == SECRET


def test_another_persons_passkey_is_not_found() -> None:
    other = member("other@example.org")
    data = {"name": "Key", "credential": {}}
    key = Authenticator.objects.create(user=other, type="webauthn", data=data)
    client = signed_in(member())
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        assert client.post(reverse(name, kwargs={"pk": key.pk})).status_code == 404
    assert Authenticator.objects.count() == 1


def test_what_a_passkey_is_asked_stands_in_the_page_and_not_in_a_script() -> None:
    page = signed_in(member()).get(reverse("mfa_add_webauthn")).content.decode()
    assert 'data-options="{&quot;publicKey&quot;' in page
    assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []
