"""Mail about questions: to whom, once, retried when refused; what is due and late in the digest."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError
from django.test import Client, override_settings

from accounts.models import User
from priorities.actions.assignments import end_assignment
from priorities.actions.people import revoke_role
from priorities.actions.reviews import close_question
from priorities.enums import MailKind, Role, Visibility
from priorities.models import Assignment, Initiative, Mailing, Question
from priorities.notifications.questions import notify_answered, notify_asked
from priorities.notifications.run import due_digests
from tests import factories as make
from tests.priorities.notifications.reminding import DOWN, as_of, member, run, stand

pytestmark = pytest.mark.django_db

#: Nothing of a round is due then.
NOW = make.at(2022, 2, 14)


@pytest.fixture(autouse=True)
def _standing(monkeypatch: pytest.MonkeyPatch) -> None:
    stand(monkeypatch, NOW)


def asked(**values: Any) -> Question:
    """A question about what Olga owns, due on 1 March."""
    item = make.initiative(name="Cloud")
    make.owner(item=item, person=member("Olga"))
    defaults = {"asker": member("Rita", Role.REVIEWER), "answer_due_on": dt.date(2022, 3, 1)}
    return make.question(item=item, **(defaults | values))


def known(**values: Any) -> Question:
    """The same, and Olga has had the notice of it."""
    question = asked(**values)
    notice = {"kind": MailKind.QUESTION.value, "about": f"question:{question.pk}"}
    olga = User.objects.get(name="Olga")
    Mailing.objects.create(person=olga, day=NOW.date(), sent_at=NOW, tries=1, **notice)
    return question


def told(question: Question, commits: Any) -> list[list[str]]:
    with commits(execute=True):
        notify_asked(question, now=NOW)
    return [message.to for message in mail.outbox]


def test_a_question_is_told_once(django_capture_on_commit_callbacks: Any) -> None:
    question = asked()
    for _time in range(2):
        told(question, django_capture_on_commit_callbacks)
    [message] = mail.outbox
    assert message.to == ["Olga <olga@example.org>"]
    assert "Internal: only staff and reviewers read" in message.body
    assert "Rita asks, and waits for your answer until 1 Mar 2022." in message.body
    assert f"/review/questions/{question.pk}/" in message.body
    row = Mailing.objects.get()
    assert (row.kind, row.about) == (MailKind.QUESTION, f"question:{question.pk}")


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (Visibility.PUBLIC, "Public: everyone reads the question and your answer."),
        (Visibility.INTERNAL, "Internal for as long as the item is: then everyone reads"),
    ],
)
def test_the_mail_says_that_an_answer_will_be_public(
    item: Visibility, words: str, django_capture_on_commit_callbacks: Any
) -> None:
    asked(visibility=Visibility.PUBLIC)
    Initiative.objects.update(visibility=item.value)
    told(Question.objects.get(), django_capture_on_commit_callbacks)
    [message] = mail.outbox
    assert words in message.body


def test_nobody_is_told_who_could_not_answer(django_capture_on_commit_callbacks: Any) -> None:
    question = asked()
    User.objects.filter(name="Olga").update(is_active=False)
    member("Ada", Role.PLAN_ADMINISTRATOR)
    assert told(question, django_capture_on_commit_callbacks) == [["Ada <ada@example.org>"]]


def test_nobody_is_told_of_their_own_question(django_capture_on_commit_callbacks: Any) -> None:
    ada = member("Ada", Role.PLAN_ADMINISTRATOR)
    question = make.question(item=make.initiative(), asker=ada)
    assert told(question, django_capture_on_commit_callbacks) == []


def test_what_was_refused_is_sent_by_the_next_run(django_capture_on_commit_callbacks: Any) -> None:
    question = asked()
    with override_settings(EMAIL_BACKEND=DOWN):
        told(question, django_capture_on_commit_callbacks)
    assert Mailing.objects.get().sent_at is None
    run()
    assert [message.subject for message in mail.outbox] == ["A question about Cloud"]
    assert Mailing.objects.get().tries == 2


def test_what_was_answered_or_closed_meanwhile_is_not_told_any_more(
    django_capture_on_commit_callbacks: Any,
) -> None:
    question = asked()
    with override_settings(EMAIL_BACKEND=DOWN):
        told(question, django_capture_on_commit_callbacks)
    close_question(question=question, on=NOW.date(), by="a", now=make.moment())
    run()
    assert mail.outbox == []


def test_an_answer_is_told_to_who_asked_and_not_to_who_wrote_it(
    django_capture_on_commit_callbacks: Any,
) -> None:
    question = asked(visibility=Visibility.PUBLIC)
    answers = [
        make.answer(question=question, text="It rained.", author=member("Otto")),
        make.answer(question=question, author=question.asker),
    ]
    with django_capture_on_commit_callbacks(execute=True):
        for answer in answers:
            notify_answered(answer, now=NOW)
    [message] = mail.outbox
    assert message.to == ["Rita <rita@example.org>"]
    assert "Otto answered. Close the question, or ask a follow-up." in message.body
    assert "It rained." in message.body


def refused_answer(commits: Any, **values: Any) -> Question:
    """The notice of an answer for Rita that the mail server has refused."""
    question = asked(**values)
    answer = make.answer(question=question, text="It rained.", author=member("Otto"))
    with override_settings(EMAIL_BACKEND=DOWN), commits(execute=True):
        notify_answered(answer, now=NOW)
    assert Mailing.objects.get().sent_at is None
    return question


def leave(person: User) -> None:
    """Take all roles of a person away."""
    for grant in person.role_grants.filter(revoked_on__isnull=True):
        revoke_role(grant=grant, on=NOW.date(), by=make.BY, now=make.moment())


@pytest.mark.parametrize(
    ("visibility", "item", "subjects"),
    [
        (Visibility.INTERNAL, Visibility.PUBLIC, []),
        (Visibility.PUBLIC, Visibility.INTERNAL, []),
        (Visibility.PUBLIC, Visibility.PUBLIC, ["Your question about Cloud is answered"]),
    ],
)
def test_who_may_no_longer_read_an_answer_is_not_sent_it(
    visibility: Visibility,
    item: Visibility,
    subjects: list[str],
    django_capture_on_commit_callbacks: Any,
) -> None:
    question = refused_answer(django_capture_on_commit_callbacks, visibility=visibility)
    Initiative.objects.update(visibility=item.value)
    leave(question.asker)
    run()
    assert [message.subject for message in mail.outbox] == subjects


def test_who_still_reads_inside_is_sent_what_is_internal(
    django_capture_on_commit_callbacks: Any,
) -> None:
    refused_answer(django_capture_on_commit_callbacks)
    run()
    assert [message.to for message in mail.outbox] == [["Rita <rita@example.org>"]]


def test_a_question_that_goes_to_another_meanwhile_is_not_sent_to_the_former_owner(
    django_capture_on_commit_callbacks: Any,
) -> None:
    question = asked(visibility=Visibility.PUBLIC)
    with override_settings(EMAIL_BACKEND=DOWN):
        told(question, django_capture_on_commit_callbacks)
    [assignment] = Assignment.objects.all()
    end_assignment(assignment=assignment, on=NOW.date(), by=make.BY, now=make.moment())
    run()
    assert mail.outbox == []


def test_a_name_of_two_lines_breaks_no_header(django_capture_on_commit_callbacks: Any) -> None:
    asked()
    Initiative.objects.update(name="Cloud\r\nBcc: x@example.org")
    told(Question.objects.get(), django_capture_on_commit_callbacks)
    [message] = mail.outbox
    assert message.subject == "A question about Cloud Bcc: x@example.org"


# ── In the digest ────────────────────────────────────────────────────────────────────────────


def subjects(monkeypatch: pytest.MonkeyPatch, *days: int) -> dict[int, list[str]]:
    """The mails of some days of February and March, counted from the first of March."""
    found = {}
    for day in days:
        moment = make.at(2022, 3, 1) + dt.timedelta(days=day)
        stand(monkeypatch, moment)
        mail.outbox.clear()
        run()
        found[day] = [str(message.subject) for message in mail.outbox]
    return found


def test_it_is_reminded_of_before_it_is_due_and_while_it_is_late(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known()
    one = ["1 question waits for your answer"]
    assert subjects(monkeypatch, -2, -1, 0, 1, 2, 8) == {
        -2: [],
        -1: one,
        0: [],
        1: one,
        2: [],
        8: one,
    }


def test_the_digest_says_how_late_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    known(text="Why?\n" + "word " * 60)
    stand(monkeypatch, make.at(2022, 3, 4))
    assert "1 question waits for your answer (Question to answer)" in run()
    [message] = mail.outbox
    assert "QUESTIONS TO ANSWER" in message.body
    assert "about Cloud, answer late by 3 days" in message.body
    assert "Why? word" in message.body
    assert "cannot be switched off" in message.body
    assert "…" in message.body


def test_a_reminder_by_hand_holds_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    asked()
    administrator = make.grant(Role.PLAN_ADMINISTRATOR).person
    make.periods()
    olga = User.objects.get(name="Olga")
    client = Client()
    client.force_login(administrator)
    item = make.initiative(name="Due")
    make.owner(item=item, person=olga)
    stand(monkeypatch, make.at(2022, 4, 20))
    client.post("/manage/coverage/remind/", {"person": str(olga.pk)})
    [message] = mail.outbox
    assert "QUESTIONS TO ANSWER" in message.body


def test_what_is_answered_is_reminded_of_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    make.answer(question=asked())
    assert subjects(monkeypatch, 1) == {1: []}


@pytest.mark.parametrize("count", [1, 3])
def test_finding_what_waits_asks_the_same_however_much_there_is(
    count: int, django_assert_num_queries: Any
) -> None:
    for at in range(count):
        make.question(item=make.initiative(), text=f"Question {at}?")
    with django_assert_num_queries(18):
        due_digests(as_of(NOW))


def test_a_mail_server_that_is_down_keeps_the_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    known()
    stand(monkeypatch, make.at(2022, 3, 2))
    with override_settings(EMAIL_BACKEND=DOWN), pytest.raises(CommandError, match="1 mail waits"):
        run()
    run()
    assert len(mail.outbox) == 1


# ── Who got the item since ───────────────────────────────────────────────────────────────────


def addressed() -> list[tuple[str, str]]:
    """To whom something was sent, and what."""
    return [(message.to[0].partition(" ")[0], message.subject) for message in mail.outbox]


ASKED = "A question about Cloud"


def test_a_new_owner_is_told_of_what_waits_once() -> None:
    question = known()
    run()
    assert addressed() == []
    [held] = Assignment.objects.all()
    end_assignment(assignment=held, on=NOW.date(), by="a", now=make.moment())
    make.owner(item=question.initiative, person=member("Nora"))
    for _run in range(2):
        run()
    assert addressed() == [("Nora", ASKED)]
    rows = Mailing.objects.order_by("pk").values_list("person__name", "about")
    assert list(rows) == [(name, f"question:{question.pk}") for name in ("Olga", "Nora")]


def test_who_stands_in_for_an_owner_is_told_too_but_nobody_of_their_own() -> None:
    ada, bea = (member(name, Role.PLAN_ADMINISTRATOR) for name in ("Ada", "Bea"))
    make.question(item=make.initiative(name="Cloud"), asker=bea)
    run()
    assert addressed() == [("Ada", ASKED)]
    assert Mailing.objects.get().person == ada


def test_what_needs_no_answer_any_more_is_told_to_no_new_owner() -> None:
    make.answer(question=asked())
    question = make.question(item=make.initiative(), asker=member("Rolf", Role.REVIEWER))
    close_question(question=question, on=NOW.date(), by="a", now=make.moment())
    member("Ada", Role.PLAN_ADMINISTRATOR)
    run()
    assert addressed() == []


def test_a_mail_server_that_is_down_keeps_a_new_owner_waiting() -> None:
    asked()
    with override_settings(EMAIL_BACKEND=DOWN), pytest.raises(CommandError, match="1 mail waits"):
        run()
    run()
    assert addressed() == [("Olga", ASKED)]
