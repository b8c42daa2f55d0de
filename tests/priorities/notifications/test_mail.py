"""How mail reaches people: once, retried when refused, and said when there is no server."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.db import IntegrityError, transaction
from django.test import override_settings

from accounts.models import User
from priorities.actions import mailing as mailings
from priorities.enums import MailKind, MailStep, Role
from priorities.models import Mailing
from priorities.notifications import links
from priorities.notifications.run import due_digests
from priorities.queries.reminders import reminding
from priorities.queries.workload import due_items
from tests import factories as make
from tests.priorities.notifications.broken import Line
from tests.priorities.notifications.reminding import (
    CHOOSY,
    CONSOLE,
    DAY_BEFORE,
    DOWN,
    HANGS_UP,
    as_of,
    member,
    owner,
    run,
    stand,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _standing(monkeypatch: pytest.MonkeyPatch) -> None:
    stand(monkeypatch, DAY_BEFORE)


# ── Once ─────────────────────────────────────────────────────────────────────────────────────


def test_a_person_gets_one_mail_of_all_that_is_theirs() -> None:
    person = owner(name="Olga", code="cloud")
    make.owner(item=make.initiative(name="Second"), person=person)
    make.initiative(name="Nobody's")
    assert "Olga <olga@example.org>: 2 updates are due by 15 Apr 2022 (A day before)" in run()
    [message] = mail.outbox
    assert message.to == ["Olga <olga@example.org>"]
    assert "- Cloud: Q1 2022, due 15 Apr 2022, in 1 day" in message.body
    assert ("Second" in message.body, "Nobody's" in message.body) == (True, False)
    row = Mailing.objects.get()
    assert (row.day, row.round_end, row.steps) == (
        dt.date(2022, 4, 14),
        dt.date(2022, 3, 31),
        ["day_before"],
    )
    assert (row.sent_at, row.claimed_at) == (DAY_BEFORE, None)
    # What is kept reads the same, but nobody can use the person's links.
    assert row.text == links.without_tokens(message.body) != message.body
    assert f"/{person.pk}:" not in row.text


def test_a_second_run_sends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    owner()
    run()
    assert run() == "0 mails were sent.\n"
    stand(monkeypatch, make.at(2022, 4, 15, 23))
    run()
    assert len(mail.outbox) == 1
    stand(monkeypatch, make.at(2022, 4, 16, 0, 1))
    run()
    assert [message.subject for message in mail.outbox] == [
        "1 update is due by 15 Apr 2022",
        "Your update is overdue",
    ]


def test_a_mail_that_another_run_has_claimed_is_left_to_it() -> None:
    """As when two runs have found the same people due and come to the first of them."""
    owner()
    [digest] = due_digests(as_of(DAY_BEFORE))
    claim = {
        "person_pk": digest.person.pk,
        "day": digest.day,
        "round_end": digest.round_end,
        "steps": digest.steps,
        "now": DAY_BEFORE,
    }
    assert mailings.claim_reminder(**claim) is not None
    assert mailings.claim_reminder(**claim) is None
    run()
    assert mail.outbox == []
    assert (Mailing.objects.get().tries, Mailing.objects.get().sent_at) == (1, None)


def test_a_mail_cut_off_in_the_middle_is_not_sent_again_that_day_but_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    person = owner()
    mailings.claim_reminder(
        person_pk=person.pk,
        day=DAY_BEFORE.date(),
        round_end=None,
        steps=[MailStep.DAY_BEFORE],
        now=DAY_BEFORE,
    )
    run()
    assert mail.outbox == []
    stand(monkeypatch, make.at(2022, 4, 15))
    run()
    assert len(mail.outbox) == 1


def test_a_dry_run_sends_and_keeps_nothing() -> None:
    owner()
    said = run("--dry-run")
    assert said == (
        "Olga <olga@example.org>: 1 update is due by 15 Apr 2022 (A day before)\n"
        "Nothing was sent: this was a dry run.\n"
    )
    assert (mail.outbox, Mailing.objects.count()) == ([], 0)


# ── Retried ──────────────────────────────────────────────────────────────────────────────────


def test_when_the_mail_server_is_down_the_next_run_sends_it_once() -> None:
    owner()
    with override_settings(EMAIL_BACKEND=DOWN), pytest.raises(CommandError) as refusal:
        run()
    assert "1 mail waits for the next run" in str(refusal.value)
    row = Mailing.objects.get()
    assert (row.sent_at, row.claimed_at) == (None, None)
    assert row.error == "ConnectionRefusedError: [Errno 111] Connection refused"
    run()
    run()
    row.refresh_from_db()
    assert (len(mail.outbox), row.error, row.tries) == (1, "", 2)


def test_one_address_that_is_refused_keeps_nobody_else_from_their_mail() -> None:
    owner("Hal")
    owner("Olga")
    with override_settings(EMAIL_BACKEND=CHOOSY), pytest.raises(CommandError, match="Hal: SMTP"):
        run()
    assert [message.to for message in mail.outbox] == [["Olga <olga@example.org>"]]
    kept = Mailing.objects.order_by("person__name").values_list("person__name", "error")
    assert [(name, bool(error)) for name, error in kept] == [("Hal", True), ("Olga", False)]


def test_a_mail_server_that_hangs_up_on_one_mail_gets_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("Abe", "Hal", "Olga", "Pia"):
        owner(name)
    monkeypatch.setattr(Line, "taken", [])
    with override_settings(EMAIL_BACKEND=HANGS_UP), pytest.raises(CommandError, match="Hal: SMTP"):
        run()
    assert Line.taken == [["abe@example.org"], ["olga@example.org", "pia@example.org"]]
    assert [row.person.name for row in Mailing.objects.filter(sent_at=None)] == ["Hal"]


def test_a_name_cannot_smuggle_a_header_into_a_mail() -> None:
    owner("Olga")
    User.objects.filter(name="Olga").update(name="Olga\r\nBcc: all@example.org")
    run()
    [message] = mail.outbox
    assert message.recipients() == ['"Olga Bcc: all@example.org" <olga@example.org>']


# ── Who and when ─────────────────────────────────────────────────────────────────────────────


def test_nobody_inactive_is_written_to_and_their_items_go_up_the_chain() -> None:
    division = make.division()
    member("Ed", Role.DIVISION_EDITOR, division=division)
    person = owner(lead_division=division)
    make.people.revise_person(
        person=person, changes={"is_active": False}, by="a test", now=make.moment()
    )
    run()
    [message] = mail.outbox
    assert message.to == ["Ed <ed@example.org>"]
    assert "WITHOUT AN OWNER" in message.body


@pytest.mark.parametrize(
    ("utc", "told"),
    [
        # 14 April begins in Los Angeles at seven in the morning, UTC, in daylight saving time.
        (dt.datetime(2022, 4, 14, 6, 59, tzinfo=dt.UTC), "A week before"),
        (dt.datetime(2022, 4, 14, 7, 0, tzinfo=dt.UTC), "A day before"),
    ],
)
def test_a_day_is_the_agencys(utc: dt.datetime, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    owner()
    stand(monkeypatch, utc)
    assert f"({told})" in run("--dry-run")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # Clocks go forward on 13 March and back on 6 November 2022; the periods are months.
        (make.at(2022, 3, 12, 23, 59), make.at(2022, 3, 13, 0, 0)),
        (make.at(2022, 11, 5, 23, 59), make.at(2022, 11, 6, 0, 0)),
    ],
)
def test_a_day_of_23_or_25_hours_is_one_day(
    before: dt.datetime, after: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The offer is told on the day it was made and again a week later, at midnight sharp."""
    offered = after.date() - dt.timedelta(days=7)
    make.offer(person=member("Olga"), on=offered)
    stand(monkeypatch, make.at(offered.year, offered.month, offered.day))
    run()
    stand(monkeypatch, before)
    run()
    assert len(mail.outbox) == 1
    stand(monkeypatch, after)
    run()
    stand(monkeypatch, after + dt.timedelta(hours=22))
    run()
    assert len(mail.outbox) == 2


def test_the_last_day_of_a_period_is_not_yet_the_next_round(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    owner()
    stand(monkeypatch, make.at(2022, 3, 31, 23, 59))
    assert run("--dry-run") == "Nothing was sent: this was a dry run.\n"
    stand(monkeypatch, make.at(2022, 4, 1, 0, 0))
    assert "(A round opens)" in run("--dry-run")


@pytest.mark.parametrize("count", [1, 3])
def test_finding_who_is_due_asks_the_same_however_many_there_are(
    count: int, django_assert_num_queries: Any
) -> None:
    for n in range(count):
        owner(f"Person {n}")
        make.offer(person=member(f"Asked {n}"), item=make.metric())
    day = as_of(DAY_BEFORE)
    items = due_items(as_of=day)
    assert len(items) >= count
    with django_assert_num_queries(7):
        assert len(reminding(day.day).people) == 2 * count


# ── Without a mail server ────────────────────────────────────────────────────────────────────


@override_settings(EMAIL_BACKEND=CONSOLE)
def test_without_a_mail_server_it_is_written_here_and_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    owner()
    said = run()
    assert said.startswith("No mail server is set (EMAIL_URL): mail is written here, nothing is")
    assert "Subject: 1 update is due by 15 Apr 2022" in capsys.readouterr().out
    assert Mailing.objects.get().error == "Written to the console: no mail server is set."


# ── What the database holds ──────────────────────────────────────────────────────────────────


def test_the_database_refuses_a_second_reminder_of_a_day_and_a_second_notice() -> None:
    person = member("Olga")
    day = DAY_BEFORE.date()
    reminder = {"person": person, "kind": MailKind.DIGEST.value, "day": day}
    notice = {"person": person, "kind": MailKind.RETURNED.value, "about": "update:1@x"}
    Mailing.objects.create(**reminder)
    Mailing.objects.create(**notice, day=day)
    Mailing.objects.create(**reminder | {"day": day + dt.timedelta(days=1)})
    for again, message in (
        (Mailing(**reminder), "This person has a reminder of that day already."),
        (
            Mailing(**notice, day=day + dt.timedelta(days=1)),
            "This person was told of that already.",
        ),
    ):
        with pytest.raises(ValidationError, match=message):
            again.validate_constraints()
        with pytest.raises(IntegrityError), transaction.atomic():
            again.save()
