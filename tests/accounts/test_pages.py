"""The pages of accounts and people: valid, nothing inline, errors in words beside the field."""

from __future__ import annotations

import re
from typing import Any

import html5lib
import pytest
from django.test import Client
from django.urls import reverse

from priorities.enums import Role
from priorities.views.doors import KEPT
from tests import factories as make
from tests.accounts.signing import code, give_app, member, sign_in, signed_in

pytestmark = pytest.mark.django_db

STRANGERS = (
    "/accounts/login/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/1-a-b/",
    "/accounts/password/reset/key/done/",
    "/accounts/oidc/cancelled/",
    "/accounts/oidc/error/",
    "/accounts/invitation/",
)
ONES_OWN = (
    "/accounts/",
    "/accounts/logout/",
    "/accounts/password/change/",
    "/accounts/reauthenticate/",
    "/accounts/sessions/",
    "/accounts/second-factor/totp/activate/",
    "/accounts/second-factor/webauthn/add/",
    "/accounts/second-factor/recovery-codes/generate/",
    "/manage/people/",
    "/manage/people/invite/",
    "/manage/people/invite-all/",
)
WITH_FACTOR = (
    "/accounts/",
    "/accounts/second-factor/totp/deactivate/",
    "/accounts/second-factor/recovery-codes/",
    "/accounts/second-factor/reauthenticate/",
)


def check(response: Any) -> None:
    """A page is valid, in our frame, kept by nobody, and has nothing inline."""
    html = response.content.decode()
    html5lib.HTMLParser(strict=True).parse(html)
    assert "css/staff.css" in html
    assert html.count("<h1") == 1
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", html) == []
    assert re.search(r"<title>[^<]+ · |<title>[^<]+</title>", html)


@pytest.mark.parametrize("path", STRANGERS)
def test_pages_for_strangers(path: str) -> None:
    check(Client().get(path))


def administrator() -> Client:
    person = member()
    make.grant(Role.PLAN_ADMINISTRATOR, person=person)
    return signed_in(person)


@pytest.mark.parametrize("path", ONES_OWN)
def test_pages_of_ones_own(path: str) -> None:
    check(administrator().get(path))


@pytest.mark.parametrize("path", WITH_FACTOR)
def test_pages_of_who_has_a_second_factor(path: str) -> None:
    person = member()
    client = signed_in(person)
    give_app(person)
    client.post(reverse("mfa_generate_recovery_codes"))
    check(client.get(path))


@pytest.mark.parametrize("name", ["person", "person-close", "person-second-factor"])
def test_pages_of_a_person(name: str) -> None:
    client = administrator()
    other = make.grant(Role.REVIEWER, person=make.person(name="Ben")).person
    check(client.get(reverse(f"priorities:{name}", kwargs={"pk": other.pk})))


def test_the_page_that_asks_for_the_second_factor() -> None:
    give_app(member())
    client = Client()
    sign_in(client)
    check(client.get(reverse("mfa_authenticate")))
    check(client.post(reverse("mfa_authenticate"), {"code": "1"}))


def test_too_many_tries_look_like_the_portal() -> None:
    for _ in range(120):
        sign_in(Client(), "no@example.org", "wrong")
    answer = sign_in(Client(), "no@example.org", "wrong")
    assert answer.status_code == 429
    check(answer)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/accounts/login/", ["Type your e-mail address.", "Type your password."]),
        ("/accounts/password/reset/", ["Type your e-mail address."]),
        (
            "/accounts/password/change/",
            [
                "Type the password that you have now.",
                "Type a new password.",
                "Type the new password again.",
            ],
        ),
        ("/manage/people/invite/", ["Type the name.", "Type the e-mail address."]),
    ],
)
def test_what_is_missing_is_said_in_words_and_in_the_title(path: str, said: list[str]) -> None:
    client = Client() if "login" in path or "reset" in path else administrator()
    page = client.post(path, {"role": "manager"})
    check(page)
    html = page.content.decode()
    assert re.findall(r"Error: </span>([^<]+)</p>", html) == said
    assert "<title>Error:" in " ".join(html.split())


def test_a_form_sent_after_the_session_has_ended_waits_for_its_author() -> None:
    """Through the sign-in with both factors, and for nobody else."""
    person = member()
    make.grant(Role.PLAN_ADMINISTRATOR, person=person)
    give_app(person)
    client = Client()
    sent = {"name": "Typed before", "form_of": str(person.pk)}
    asked = client.post("/manage/people/invite/", sent)["Location"]
    assert asked.startswith("/accounts/login/?next=/manage/people/invite/")
    sign_in(client, next="/manage/people/invite/")
    client.post(reverse("mfa_authenticate"), {"code": code()})
    assert 'value="Typed before"' in client.get("/manage/people/invite/").content.decode()


def test_a_stranger_leaves_few_forms(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "keep_form": "2/h/ip"}
    kept = []
    for _number in range(3):
        client = Client()
        client.post("/manage/people/invite/", {"name": "x"})
        kept.append(KEPT in client.session)
    assert kept == [True, True, False]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"name": "x" * 199_996}, True),
        ({"name": "x" * 199_997}, False),
        ({f"{number:03}" + "x" * 497: "" for number in range(400)}, True),
        ({f"{number:03}" + "x" * 498: "" for number in range(400)}, False),
        ({f"{number}": "" for number in range(401)}, False),
    ],
)
def test_a_form_with_more_than_any_of_ours_is_not_kept(sent: dict[str, str], kept: bool) -> None:
    """Names count too: they take the same room."""
    client = Client()
    assert client.post("/manage/people/invite/", sent).status_code == 302
    assert (KEPT in client.session) is kept
