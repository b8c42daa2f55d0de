"""The coverage page: counts with what they are of, whom to remind now, and what was sent."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.test import Client, override_settings

from accounts.models import User
from priorities import clock
from priorities.actions.recording import as_actor
from priorities.enums import Role
from priorities.models import Division, Mailing
from priorities.queries.coverage import Coverage
from priorities.views.coverage import headline, overview
from priorities.views.doors import Act
from tests import factories as make

pytestmark = pytest.mark.django_db

#: In the round of the second quarter of 2022; the first was due on 15 April.
NOW = make.at(2022, 7, 5)


@pytest.fixture(autouse=True)
def _standing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda newest=None: NOW)


def member(name: str, role: Role = Role.MANAGER, **values: Any) -> User:
    return make.grant(role, person=make.person(name=name), **values).person


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def act(person: User) -> Act:
    return Act(person, as_actor(person), NOW, make.LOS_ANGELES)


def said(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def two_divisions() -> tuple[Division, Division]:
    """Five items: owned and reported, owned and late, owned by nobody, waiting; one elsewhere."""
    plan = make.plan()
    make.periods(plan=plan)
    make.priority(plan=plan)
    here, there = make.division(name="Here"), make.division(name="There")
    first, second = make.period(plan=plan), make.period(dt.date(2022, 6, 30), plan=plan)
    reported = make.initiative(name="Reported", lead_division=here)
    make.owner(item=reported, person=member("Olga"))
    late = make.initiative(name="Late", lead_division=here)
    make.owner(item=late, person=member("Hal"))
    make.initiative(name="Nobody's", lead_division=here)
    waiting = make.initiative(name="Waiting", lead_division=here)
    make.initiative(name="Elsewhere", lead_division=there)
    make.report(initiative=reported, period=second, now=make.at(2022, 7, 1))
    make.report(initiative=waiting, period=first, now=make.at(2022, 7, 1))
    make.plans.revise_plan(
        plan=plan, changes={"requires_review": True}, by="a test", now=make.moment()
    )
    draft = make.draft(initiative=waiting, period=second)
    make.updates.submit_update(update=draft, by="a test", now=make.moment())
    return here, there


def counts(row: Any) -> tuple[int, ...]:
    return (row.total, row.owned, row.fresh, row.overdue, row.never_reported, row.waiting)


def test_each_division_has_its_counts_and_what_they_are_of() -> None:
    two_divisions()
    response = browser(member("Ada", Role.PLAN_ADMINISTRATOR)).get("/manage/coverage/")
    seen = response.context["seen"]
    assert {row.name: counts(row) for row in seen.rows} == {
        "Here": (4, 2, 2, 2, 2, 1),
        "There": (1, 0, 0, 1, 1, 0),
    }
    assert counts(seen.total) == (5, 2, 2, 3, 3, 1)
    page = response.content.decode()
    said = "2 of 5 items have an owner. 3 are overdue and were never reported."
    assert f"<h1>{said}</h1>" in page
    assert "up to 81 days" in page


@pytest.mark.parametrize(
    ("overdue", "silent", "never", "words"),
    [
        (14, 1, 1, "14 are overdue, 1 of them never reported."),
        (1, 1, 1, "1 is overdue and was never reported."),
        (2, 0, 0, "2 are overdue."),
        (0, 0, 0, "None is overdue."),
        (0, 0, 1, "None is overdue; 1 that is not due yet was never reported."),
        (3, 1, 3, "3 are overdue, 1 of them never reported; 2 that are not due yet were never "
                  "reported."),
    ],
)  # fmt: skip
def test_the_headline_counts_no_item_twice(
    overdue: int, silent: int, never: int, words: str
) -> None:
    total = Coverage(
        name="All",
        code="",
        total=35,
        owned=25,
        fresh=35 - overdue - never + silent,
        overdue=overdue,
        never_reported=never,
        silent=silent,
        waiting=0,
        days_overdue=0,
    )
    assert headline(total) == f"25 of 35 items have an owner. {words}"


def test_an_editor_sees_their_divisions_and_nothing_else() -> None:
    here, _there = two_divisions()
    editor = member("Ed", Role.DIVISION_EDITOR, division=here)
    response = browser(editor).get("/manage/coverage/")
    seen = response.context["seen"]
    assert [row.name for row in seen.rows] == ["Here"]
    assert ("There" in response.content.decode(), seen.total.total) == (False, 4)
    assert "/manage/mail/" not in response.content.decode()


def test_deactivating_an_owner_shows_at_once() -> None:
    two_divisions()
    client = browser(member("Ada", Role.PLAN_ADMINISTRATOR))
    person = User.objects.get(name="Hal")
    make.people.revise_person(
        person=person, changes={"is_active": False}, by="a test", now=make.moment()
    )
    seen = client.get("/manage/coverage/").context["seen"]
    assert (seen.total.owned, [one.name for one in seen.people]) == (1, ["Ada"])


def test_items_that_nobody_can_be_reminded_of_are_said() -> None:
    here, _there = two_divisions()
    User.objects.filter(name="Hal").update(is_active=False)
    editor = member("Ed", Role.DIVISION_EDITOR, division=here)
    assert overview(act(editor)).unreachable == 0
    outside = make.person(name="Root", is_staff=True, is_superuser=True)
    seen = overview(act(outside))
    assert (seen.unreachable, [one.name for one in seen.people]) == (1, ["Ed"])
    page = browser(outside).get("/manage/coverage/").content.decode()
    assert "1 open item has nobody to remind" in page


def test_who_has_only_an_offer_to_answer_can_be_reminded_too() -> None:
    here, there = two_divisions()
    item = make.metric(lead_division=there)
    make.offer(item=item, person=member("Asked"))
    names = {
        division.name: {one.name: one.offers for one in overview(act(editor)).people}
        for division in (here, there)
        for editor in [member(division.name, Role.DIVISION_EDITOR, division=division)]
    }
    assert names == {"Here": {"Hal": 0, "Here": 0}, "There": {"There": 0, "Asked": 1}}


# ── Remind now ───────────────────────────────────────────────────────────────────────────────


def test_a_person_is_reminded_now_and_once_a_day() -> None:
    two_divisions()
    client = browser(member("Ada", Role.PLAN_ADMINISTRATOR))
    person = User.objects.get(name="Hal")
    sent = client.post("/manage/coverage/remind/", {"person": person.pk}, follow=True)
    assert said(sent) == ["1 reminder was sent."]
    [message] = mail.outbox
    assert (message.to, message.subject) == (["Hal <hal@example.org>"], "Your update is overdue")
    row = Mailing.objects.get()
    assert (row.asked_by, row.steps) == ("Ada", ["by_hand"])
    again = client.post("/manage/coverage/remind/", {"person": person.pk}, follow=True)
    assert said(again) == ["They have had their reminder of today, or nothing is open."]
    assert len(mail.outbox) == 1


def test_all_are_reminded_in_one_click_but_who_was_today() -> None:
    two_divisions()
    client = browser(member("Ada", Role.PLAN_ADMINISTRATOR))
    client.post("/manage/coverage/remind/", {"person": User.objects.get(name="Hal").pk})
    client.post("/manage/coverage/remind/", {"person": "all"})
    assert [message.to[0].split()[0] for message in mail.outbox] == ["Hal", "Ada"]


def test_an_editor_reminds_nobody_of_another_division() -> None:
    _here, there = two_divisions()
    stranger = browser(member("Ed", Role.DIVISION_EDITOR, division=there))
    for person in (User.objects.get(name="Hal").pk, "x", ""):
        stranger.post("/manage/coverage/remind/", {"person": person})
    assert mail.outbox == []


def test_a_mail_server_that_is_down_is_said_and_the_mail_kept() -> None:
    two_divisions()
    client = browser(member("Ada", Role.PLAN_ADMINISTRATOR))
    with override_settings(EMAIL_BACKEND="tests.priorities.notifications.broken.Down"):
        answer = client.post("/manage/coverage/remind/", {"person": "all"}, follow=True)
    [message] = said(answer)
    assert message.endswith("Connection refused. It will be tried again.")
    assert Mailing.objects.get().sent_at is None
    client.post("/manage/coverage/remind/", {"person": "all"})
    assert len(mail.outbox) == 2


# ── What was sent ────────────────────────────────────────────────────────────────────────────


def test_the_list_of_mails_says_what_became_of_each() -> None:
    day, person = NOW.date(), member("Olga")
    rows: list[dict[str, Any]] = [
        {"sent_at": NOW, "subject": "Sent one", "text": "Hello", "steps": ["opening"]},
        {"claimed_at": NOW, "subject": "Cut off", "steps": ["weekly"]},
        {"error": "Refused by the server", "subject": "Refused", "steps": ["weekly"]},
    ]
    for n, row in enumerate(rows):
        made = {"person": person, "kind": "digest", "day": day - dt.timedelta(days=n)}
        Mailing.objects.create(**made, **row)
    client = browser(member("Ada", Role.PLAN_ADMINISTRATOR))
    mails = client.get("/manage/mail/").context["mails"]
    assert [(one.subject, one.state, one.why, one.error) for one in mails] == [
        ("Sent one", "Sent", "A round opens", ""),
        ("Cut off", "Cut off while it was being sent: it may have arrived", "Overdue", ""),
        ("Refused", "Not taken yet; the next run tries again", "Overdue", "Refused by the server"),
    ]
    failed = client.get("/manage/mail/?failed=1").context["mails"]
    assert [one.subject for one in failed] == ["Cut off", "Refused"]


def test_the_list_of_mails_has_pages() -> None:
    person = member("Olga")
    Mailing.objects.bulk_create(
        Mailing(person=person, kind="digest", day=NOW.date() - dt.timedelta(days=n))
        for n in range(51)
    )
    client = browser(member("Ada", Role.PLAN_ADMINISTRATOR))
    assert len(client.get("/manage/mail/").context["mails"]) == 50
    assert len(client.get("/manage/mail/?page=2").context["mails"]) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_overview_asks_the_same_however_much_is_due(
    count: int, django_assert_num_queries: Any
) -> None:
    make.periods()
    for n in range(count):
        item = make.initiative(lead_division=make.division())
        make.owner(item=item, person=member(f"Person {n}"))
    administrator = act(member("Ada", Role.PLAN_ADMINISTRATOR))
    with django_assert_num_queries(18):
        assert overview(administrator).total.total == count


def test_owners_of_nothing_are_not_counted() -> None:
    page = browser(member("Max", Role.PLAN_ADMINISTRATOR)).get("/manage/owners/").content.decode()
    assert "There are no items yet." in page
    assert "0 of 0" not in page
