"""What stands in a mail, where its links lead, and how an author hears of a return."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import Client, override_settings

from accounts.models import User
from priorities.enums import MailKind
from priorities.models import Mailing, MailPreference, RoleGrant
from priorities.notifications.run import notify_returned
from tests import factories as make
from tests.priorities.notifications.reminding import (
    DAY_BEFORE,
    DOWN,
    member,
    owner,
    run,
    stand,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _standing(monkeypatch: pytest.MonkeyPatch) -> None:
    stand(monkeypatch, DAY_BEFORE)


# ── What stands in it ────────────────────────────────────────────────────────────────────────


def test_a_mail_has_a_text_an_html_and_the_headers_of_a_machine() -> None:
    make.organization(name="Information & Technology")
    owner(name="O'Hara", code="cloud")
    run()
    message: Any = mail.outbox[0]
    [(html, kind)] = message.alternatives
    assert (kind, "<b>Cloud</b>" in html, "O&#x27;Hara" in html) == ("text/html", True, True)
    assert "Hello O'Hara," in message.body
    assert "Information &amp; Technology" in html
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    assert message.extra_headers["Message-ID"] == f"<mail-{Mailing.objects.get().pk}@testserver>"
    assert "List-Unsubscribe" not in message.extra_headers


def link(text: str, path: str) -> str:
    """The address in a mail that leads to a path, without its host."""
    [line] = [line for line in text.split() if f"/{path}/" in line]
    return line.partition("//testserver")[2]


def test_the_link_opens_my_updates_after_the_sign_in() -> None:
    person = owner()
    run()
    address = link(mail.outbox[0].body, "mail/open")
    assert Client().get(address).headers["Location"] == "/updates/"
    assert Client().get("/updates/offers/").status_code == 302
    other = Client()
    other.force_login(member("Other"))
    assert other.get(address).headers["Location"] == "/updates/"
    shown = other.get("/updates/offers/").content.decode()
    assert "That mail was written to somebody else." in shown
    mine = Client()
    mine.force_login(person)
    mine.get(address)
    assert "somebody else" not in mine.get("/updates/offers/").content.decode()


@pytest.mark.parametrize("path", ["mail/open", "mail/unsubscribe"])
def test_a_link_that_we_did_not_sign_leads_nowhere(path: str) -> None:
    person = owner()
    for token in (str(person.pk), f"{person.pk}:{'x' * 43}", "x"):
        assert Client().post(f"/{path}/{token}/").status_code in (404, 405)
        assert Client().get(f"/{path}/{token}/").status_code == 404
    assert MailPreference.objects.count() == 0


def test_one_click_ends_optional_mail_without_a_sign_in_and_opening_the_link_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    person = owner()
    stand(monkeypatch, make.at(2022, 4, 1))
    run()
    [message] = mail.outbox
    headers: dict[str, str] = message.extra_headers  # type: ignore[attr-defined]
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = headers["List-Unsubscribe"].strip("<>").partition("//testserver")[2]
    strict = Client(enforce_csrf_checks=True)
    assert "Switch off optional mail?" in strict.get(address).content.decode()
    assert MailPreference.objects.count() == 0
    done = strict.post(address, {"List-Unsubscribe": "One-Click"})
    assert (done.status_code, person.email in done.content.decode()) == (200, False)
    kept = MailPreference.objects.get()
    assert (kept.person, kept.early, kept.summary) == (person, False, False)
    stand(monkeypatch, make.at(2022, 4, 8))
    run()
    assert len(mail.outbox) == 1
    stand(monkeypatch, make.at(2022, 4, 14))
    run()
    assert len(mail.outbox) == 2


def test_a_link_to_unsubscribe_cannot_open_and_the_other_way_round() -> None:
    owner()
    run()
    token = link(mail.outbox[0].body, "mail/open").split("/")[3]
    assert Client().post(f"/mail/unsubscribe/{token}/").status_code == 404


def test_a_person_says_what_they_want() -> None:
    person = owner()
    client = Client()
    client.force_login(person)
    assert client.get("/updates/mail/").content.decode().count(" checked") == 2
    client.post("/updates/mail/", {"summary": "on", "save": "1"})
    kept = MailPreference.objects.get()
    assert (kept.early, kept.summary) == (False, True)


# ── Returned updates ─────────────────────────────────────────────────────────────────────────


def returned() -> Any:
    """An update of Olga's that its reviewer has handed back."""
    plan = make.plan(requires_review=True)
    item = make.initiative(plan=plan, priority=make.priority(plan=plan))
    person = member("Olga")
    make.owner(item=item, person=person)
    update = make.draft(initiative=item, by=person)
    make.updates.submit_update(update=update, by=person, now=make.moment())
    return make.updates.return_update(
        update=update, comment="Which vendor?", by="Ada", now=make.moment()
    )


def test_the_author_is_told_of_a_return_after_the_transaction_and_once(
    django_capture_on_commit_callbacks: Any,
) -> None:
    update = returned()
    with django_capture_on_commit_callbacks() as callbacks:
        notify_returned(update, now=DAY_BEFORE)
        notify_returned(update, now=DAY_BEFORE)
        assert mail.outbox == []
    for callback in callbacks:
        callback()
    [message] = mail.outbox
    assert message.to == ["Olga <olga@example.org>"]
    assert message.subject == f"Your update was returned: {update.initiative.name}"
    assert "- Which vendor?" in message.body
    assert Mailing.objects.get().kind == MailKind.RETURNED.value


def test_a_return_that_the_mail_server_did_not_take_is_told_by_the_next_run(
    django_capture_on_commit_callbacks: Any,
) -> None:
    update = returned()
    down = override_settings(EMAIL_BACKEND=DOWN)
    with down, django_capture_on_commit_callbacks(execute=True):
        notify_returned(update, now=DAY_BEFORE)
    assert (mail.outbox, Mailing.objects.get().sent_at) == ([], None)
    run()
    run()
    subjects = [message.subject for message in mail.outbox]
    assert subjects.count(f"Your update was returned: {update.initiative.name}") == 1


def test_an_author_who_has_left_is_not_told() -> None:
    update = returned()
    person = User.objects.get(name="Olga")
    make.people.revise_person(
        person=person, changes={"is_active": False}, by="a test", now=make.moment()
    )
    notify_returned(update, now=DAY_BEFORE)
    assert mail.outbox == []


def test_an_author_who_may_not_read_it_any_more_is_not_told_by_the_next_run(
    django_capture_on_commit_callbacks: Any,
) -> None:
    update = returned()
    down = override_settings(EMAIL_BACKEND=DOWN)
    with down, django_capture_on_commit_callbacks(execute=True):
        notify_returned(update, now=DAY_BEFORE)
    [grant] = RoleGrant.objects.all()
    make.people.revoke_role(grant=grant, on=DAY_BEFORE.date(), by="a test", now=make.moment())
    run()
    assert mail.outbox == []
    assert Mailing.objects.get(kind=MailKind.RETURNED.value).tries == 1
