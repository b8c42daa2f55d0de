"""Signing in, and what a stranger learns by trying: nothing."""

from __future__ import annotations

import re
from smtplib import SMTPException
from threading import Event
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from priorities.actions import people
from priorities.enums import Role
from priorities.models import ChangeEvent
from tests import factories as make
from tests.accounts.signing import PASSWORD, member, sign_in, signed_in, who

pytestmark = pytest.mark.django_db
NEW = "Harbor-2024-demo"


def plain(html: str) -> str:
    """A page without what differs from request to request."""
    return re.sub(r'value="[^"]*"', "", html)


# ── In and out ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("email", ["ana@example.org", "ANA@Example.org", " ana@example.org "])
def test_an_address_and_its_password_open_the_account(email: str) -> None:
    person, client = member(), Client()
    sign_in(client, email)
    assert who(client) == str(person.pk)


@pytest.mark.parametrize(
    ("role", "goes"),
    [(None, "/"), (Role.REVIEWER, "/review/"), (Role.MANAGER, "/updates/")],
)
def test_after_the_sign_in_one_is_at_ones_work(role: Role | None, goes: str) -> None:
    person = member()
    if role:
        make.grant(role, person=person)
    assert sign_in(Client())["Location"] == goes


def test_a_system_administrator_begins_in_the_admin() -> None:
    member(is_staff=True)
    assert sign_in(Client())["Location"] == "/admin/"


@pytest.mark.parametrize(
    ("wanted", "goes"), [("/metrics/", "/metrics/"), ("https://evil.example.org/", "/")]
)
def test_one_comes_back_to_where_one_wanted_to_go(wanted: str, goes: str) -> None:
    member()
    assert sign_in(Client(), next=wanted)["Location"] == goes


def test_the_browser_forgets_the_pages_of_everyone_that_it_kept() -> None:
    member()
    answer = sign_in(Client())
    assert answer.headers["Clear-Site-Data"] == '"cache"'


def test_leaving_takes_a_post() -> None:
    client = signed_in(member())
    assert client.get(reverse("account_logout")).status_code == 200
    assert who(client) is not None
    assert client.post(reverse("account_logout"))["Location"] == "/"
    assert who(client) is None


def test_the_admin_has_no_sign_in_of_its_own() -> None:
    response = Client().get("/admin/priorities/plan/", follow=True)
    assert response.redirect_chain[-1][0].startswith(
        "/accounts/login/?next=/admin/priorities/plan/"
    )


def test_forms_are_refused_without_their_token() -> None:
    member()
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client).status_code == 403
    assert who(client) is None


@pytest.mark.parametrize("name", ["account_signup", "account_email", "socialaccount_connections"])
def test_there_is_no_sign_up_and_no_change_of_address(name: str) -> None:
    from django.urls import NoReverseMatch

    with pytest.raises(NoReverseMatch):
        reverse(name)


# ── What a stranger learns ───────────────────────────────────────────────────────────────────


def test_a_wrong_password_an_unknown_address_and_a_closed_account_look_alike() -> None:
    member()
    member("closed@example.org", is_active=False) if False else None
    closed = member("closed@example.org")
    people.revise_person(person=closed, changes={"is_active": False}, by="t", now=make.moment())
    member("invited@example.org", password=None)
    answers = {
        plain(sign_in(Client(), email, password).content.decode())
        for email, password in (
            ("ana@example.org", "wrong"),
            ("nobody@example.org", "wrong"),
            ("closed@example.org", PASSWORD),
            ("closed@example.org", "wrong"),
            ("invited@example.org", "wrong"),
        )
    }
    assert len(answers) == 1
    assert "The e-mail address or the password is not right." in answers.pop()


def test_asking_for_a_new_password_gives_one_answer_and_mail_only_to_who_has_one() -> None:
    member()
    closed = member("closed@example.org")
    people.revise_person(person=closed, changes={"is_active": False}, by="t", now=make.moment())
    member("invited@example.org", password=None)
    answers = []
    for name in ("ana", "closed", "invited", "nobody"):
        address = reverse("account_reset_password")
        response = Client().post(address, {"email": f"{name}@example.org"}, follow=True)
        answers.append((response.redirect_chain, plain(response.content.decode())))
    assert answers == [answers[0]] * 4
    assert [message.to for message in mail.outbox] == [["ana@example.org"]]


def test_a_mail_server_that_is_down_tells_nobody_either(monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_args: Any, **_kwargs: Any) -> None:
        raise SMTPException("down")

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", down)
    member()
    address = reverse("account_reset_password")
    answers = [Client().post(address, {"email": f"{name}@example.org"}) for name in ("ana", "no")]
    assert [answer["Location"] for answer in answers] == [address + "done/"] * 2


def test_the_page_does_not_wait_for_the_mail(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    """Else the time that it takes would tell who has an account."""
    settings.SEND_MAIL_BESIDE_REQUEST = True
    may_go, sent = Event(), Event()

    def slow(*_args: Any, **_kwargs: Any) -> None:
        may_go.wait(30)
        sent.set()

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", slow)
    member()
    answer = Client().post(reverse("account_reset_password"), {"email": "ana@example.org"})
    assert (answer.status_code, sent.is_set()) == (302, False)
    may_go.set()
    assert sent.wait(30)


def test_after_five_wrong_passwords_the_right_one_has_to_wait_for_known_and_unknown_alike() -> None:
    member()
    for email in ("ana@example.org", "nobody@example.org"):
        for _ in range(5):
            sign_in(Client(), email, "wrong")
        answer = sign_in(Client(), email).content.decode()
        assert "Too many tries. Wait five minutes" in answer


def test_a_machine_that_tries_many_addresses_is_stopped() -> None:
    codes = [sign_in(Client(), f"no{n}@example.org", "wrong").status_code for n in range(121)]
    assert (codes[0], codes[-1]) == (200, 429)


def test_tries_are_counted_where_all_workers_see_them(settings: Settings) -> None:
    from accounts.models import SharedCacheRow

    sign_in(Client(), "nobody@example.org", "wrong")
    assert SharedCacheRow.objects.filter(cache_key__contains="login_failed").count() == 2
    assert settings.CACHES["default"]["LOCATION"] == SharedCacheRow._meta.db_table


# ── Passwords ────────────────────────────────────────────────────────────────────────────────


def reset_link() -> str:
    """The path of the link in the newest mail."""
    found = re.search(
        r"https?://[^/]+(/accounts/password/reset/key/\S+)", str(mail.outbox[-1].body)
    )
    assert found
    return found[1]


def asked_for_a_link() -> tuple[User, Client, str]:
    person, client = member(), Client()
    client.post(reverse("account_reset_password"), {"email": person.email})
    return person, client, client.get(reset_link())["Location"]


def test_a_forgotten_password_is_replaced_once_and_the_log_tells_it() -> None:
    person, client, form = asked_for_a_link()
    link = reset_link()
    response = client.post(form, {"password1": NEW, "password2": NEW})
    assert response["Location"] == reverse("account_reset_password_from_key_done")
    assert who(client) is None
    event = ChangeEvent.objects.latest("sequence")
    assert (event.item_type, event.fields) == ("person", {"password": [None, "set"]})
    assert (event.actor, event.entered_by, event.public) == ("Ana", "web", False)
    sign_in(client, password=NEW)
    assert who(client) == str(person.pk)
    assert "This link no longer works" in Client().get(link).content.decode()


def test_the_link_for_a_new_password_is_not_kept_in_the_address() -> None:
    _person, _client, form = asked_for_a_link()
    assert form.endswith("-set-password/")


def test_a_forged_link_opens_nothing() -> None:
    member()
    page = Client().get("/accounts/password/reset/key/1-c0ffee-0123456789abcdef/")
    assert "This link no longer works" in page.content.decode()


def test_changing_the_password_is_an_event_and_ends_the_other_sessions() -> None:
    person = member()
    here, elsewhere = signed_in(person), signed_in(person)
    data = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert here.post(reverse("account_change_password"), data)["Location"] == "/accounts/"
    assert here.get("/accounts/").status_code == 200
    assert elsewhere.get("/accounts/").status_code == 302
    assert ChangeEvent.objects.latest("sequence").fields == {"password": [None, "set"]}
    assert "Your password was changed." in str(mail.outbox[-1].body)


@pytest.mark.parametrize("password", ["short", "123456789012345", "password1234"])
def test_a_weak_password_is_refused_with_the_reason(password: str) -> None:
    client = signed_in(member())
    data = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    page = client.post(reverse("account_change_password"), data)
    assert page.status_code == 200
    assert 'id="id_password1_error"' in page.content.decode()


def test_a_person_is_known_by_one_address_only() -> None:
    """The library's table of further addresses stays empty: an old address opens nothing."""
    person, client, form = asked_for_a_link()
    client.post(form, {"password1": NEW, "password2": NEW})
    sign_in(client, password=NEW)
    people.revise_person(
        person=person, changes={"email": "new@example.org"}, by="t", now=make.moment()
    )
    assert EmailAddress.objects.count() == 0
    other = Client()
    sign_in(other, "ana@example.org", NEW)
    assert who(other) is None
    sign_in(other, "new@example.org", NEW)
    assert who(other) == str(person.pk)


# ── Out at once ──────────────────────────────────────────────────────────────────────────────


def test_who_is_deactivated_is_out_at_once() -> None:
    person = member()
    client = signed_in(person)
    assert client.get("/accounts/").status_code == 200
    people.revise_person(person=person, changes={"is_active": False}, by="t", now=make.moment())
    assert client.get("/accounts/")["Location"] == "/accounts/login/?next=/accounts/"


def test_one_can_sign_out_everywhere_else() -> None:
    person = member()
    here, elsewhere = signed_in(person), signed_in(person)
    assert "Sign out everywhere else" in here.get(reverse("usersessions_list")).content.decode()
    here.post(reverse("usersessions_list"))
    assert here.get("/accounts/").status_code == 200
    assert elsewhere.get("/accounts/").status_code == 302
