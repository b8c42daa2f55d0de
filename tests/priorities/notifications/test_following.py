"""Following by mail: confirmed first, sent when there is news, once, and ended with one click."""

from __future__ import annotations

import datetime as dt
import re
from importlib import import_module
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from django.urls import reverse

from accounts.models import User
from dashboards.pages import feed
from priorities import clock
from priorities.actions import following, initiatives, people
from priorities.actions.people import revise_person
from priorities.actions.recording import WriteRefused
from priorities.enums import FollowPace, MailKind, PlanState, Role, Visibility
from priorities.models import FollowChoice, Following, Mailing
from priorities.notifications import following as mailing
from priorities.notifications import links
from tests import factories as make
from tests.priorities.notifications.broken import Line
from tests.priorities.notifications.reminding import DOWN, HANGS_UP, stand
from tests.worker import forget

pytestmark = pytest.mark.django_db

MINE, ADD = "/follow/mail/", "/follow/mail/add/"
LINK = re.compile(r"http://testserver(/mail/(?:confirm|unfollow)/\S+/)")


@pytest.fixture(autouse=True)
def _standing(monkeypatch: pytest.MonkeyPatch) -> None:
    # Pages take hold of the clock when they are first imported: not of one that stands.
    import_module(settings.ROOT_URLCONF)
    forget()
    stand(monkeypatch, make.at(2022, 4, 14))


def reviewer(name: str = "Rita") -> tuple[User, Client]:
    person = make.grant(Role.REVIEWER, person=make.person(name=name)).person
    client = Client()
    client.force_login(person)
    return person, client


def a_plan() -> None:
    make.plan(title="The plan", now=make.at(2022, 1, 5))
    work = make.initiative(name="Fiber", now=make.at(2022, 1, 6))
    make.metric(name="Calls", initiatives=[work], now=make.at(2022, 1, 7))
    make.periods(now=make.at(2022, 1, 8))


def run(*options: str) -> str:
    out = StringIO()
    call_command("send_news", *options, stdout=out)
    return out.getvalue()


def link(message: Any) -> str:
    found = LINK.findall(message.body)
    assert len(found) == 1
    return str(found[0])


def following_all(
    monkeypatch: pytest.MonkeyPatch,
    *items: str,
    name: str = "Rita",
    pace: FollowPace = FollowPace.DAILY,
) -> tuple[User, Client]:
    """A reviewer who follows some items since 14 Apr 2022, and has confirmed it."""
    person, client = reviewer(name)
    for of in items:
        assert client.post(ADD, {"of": of}).status_code == 302
    following.choose_pace(person=person, pace=pace)
    assert Client().post(link(mail.outbox[0])).status_code == 200
    mail.outbox.clear()
    return person, client


def on(monkeypatch: pytest.MonkeyPatch, *moment: int) -> dt.datetime:
    at = make.at(2022, *moment)
    stand(monkeypatch, at)
    return at


# ── Confirmed ────────────────────────────────────────────────────────────────────────────────


def test_nothing_is_sent_before_it_is_confirmed(monkeypatch: pytest.MonkeyPatch) -> None:
    a_plan()
    _person, client = reviewer()
    client.post(ADD, {"of": "plan:ita-2022-2023"})
    [message] = mail.outbox
    assert message.subject == "Confirm that you want mail about what you follow"
    assert "No mail is sent yet" in client.get(MINE).content.decode()
    now = on(monkeypatch, 4, 20)
    make.report(now=now)
    assert run() == "0 mails were sent.\n"
    assert Client().get(link(message)).status_code == 200
    assert FollowChoice.objects.get().confirmed_at is None


def test_the_link_confirms_by_a_button_and_works_for_a_week(
    monkeypatch: pytest.MonkeyPatch, time_machine: Any
) -> None:
    a_plan()
    _person, client = reviewer()
    time_machine.move_to(make.at(2022, 4, 14), tick=False)
    client.post(ADD, {"of": "plan:ita-2022-2023"})
    path = link(mail.outbox[0])
    time_machine.move_to(make.at(2022, 4, 22), tick=False)
    assert Client().post(path).status_code == 404
    time_machine.move_to(make.at(2022, 4, 20), tick=False)
    assert "Confirmed" in Client().post(path).content.decode()
    assert FollowChoice.objects.get().confirmed_at == clock.now()


def test_it_is_asked_once_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    a_plan()
    _person, client = reviewer()
    client.post(ADD, {"of": "plan:ita-2022-2023"})
    client.post(ADD, {"of": "metric:metric-1"})
    again = client.post(MINE, {"confirm": "1"}, follow=True)
    assert "A mail was sent to rita@example.org today already." in again.content.decode()
    assert len(mail.outbox) == 1
    on(monkeypatch, 4, 15)
    client.post(MINE, {"confirm": "1"})
    assert len(mail.outbox) == 2


def test_a_link_that_was_used_confirms_nothing_after_the_mail_was_ended() -> None:
    a_plan()
    person, client = reviewer()
    client.post(ADD, {"of": "plan:ita-2022-2023"})
    path = link(mail.outbox[0])
    for _click in range(2):
        assert Client().post(path).status_code == 200
    stop = links.unfollowing_url(person.pk).removeprefix("http://testserver")
    assert Client().post(stop).status_code == 200
    assert Client().post(path).status_code == 404
    assert FollowChoice.objects.get().confirmed_at is None


def test_after_the_end_it_is_asked_anew_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    a_plan()
    person, client = reviewer()
    client.post(ADD, {"of": "plan:ita-2022-2023"})
    following.stop_following(person=person)
    stand(monkeypatch, make.at(2022, 4, 14) + dt.timedelta(minutes=5))
    client.post(MINE, {"confirm": "1"})
    former, newest = (link(message) for message in mail.outbox)
    assert Client().post(former).status_code == 404
    assert Client().post(newest).status_code == 200
    assert FollowChoice.objects.get().confirmed_at == clock.now()


def test_a_new_address_confirms_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    a_plan()
    person, client = reviewer()
    client.post(ADD, {"of": "plan:ita-2022-2023"})
    path = link(mail.outbox[0])
    assert Client().post(path).status_code == 200
    changes = {"email": "rita.new@example.org"}
    revise_person(person=person, changes=changes, by=make.BY, now=clock.now())
    assert FollowChoice.objects.get().confirmed_at is None
    assert Client().post(path).status_code == 404
    client.post(MINE, {"confirm": "1"})
    assert Client().post(path).status_code == 404
    assert mail.outbox[-1].to == ["Rita <rita.new@example.org>"]
    assert Client().post(link(mail.outbox[-1])).status_code == 200


def test_a_link_of_one_address_is_none_of_another() -> None:
    a_plan()
    person, client = reviewer()
    client.post(ADD, {"of": "plan:ita-2022-2023"})
    User.objects.filter(pk=person.pk).update(email="rita.new@example.org")
    assert Client().post(link(mail.outbox[0])).status_code == 404


def test_a_new_name_leaves_the_mail_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    a_plan()
    person, _client = following_all(monkeypatch, "plan:ita-2022-2023")
    revise_person(person=person, changes={"name": "Rita Rey"}, by=make.BY, now=clock.now())
    assert FollowChoice.objects.get().confirmed_at is not None


def test_a_mail_server_that_is_down_is_said() -> None:
    a_plan()
    _person, client = reviewer()
    with override_settings(EMAIL_BACKEND=DOWN):
        said = client.post(ADD, {"of": "plan:ita-2022-2023"}, follow=True).content.decode()
    assert "The mail could not be sent. Ask for it again later." in said
    assert Following.objects.count() == 1


# ── News ─────────────────────────────────────────────────────────────────────────────────────


def test_what_is_new_is_told_once_with_the_nearest_item(monkeypatch: pytest.MonkeyPatch) -> None:
    a_plan()
    person, _client = following_all(
        monkeypatch, "plan:ita-2022-2023", "initiative:ita-2022-2023/initiative-1"
    )
    now = on(monkeypatch, 4, 15)
    make.report(narrative="The last mile is being dug.", now=now)
    make.observation(12, now=now)
    assert "Rita <rita@example.org>: 2 changes to what you follow" in run()
    [message] = mail.outbox
    body = message.body
    assert body.count("Fiber first report: On track: 15 Apr 2022. The last mile is being") == 1
    assert body.count("Calls for Q1 2022: 12\xa0calls") == 1
    assert body.index("FIBER") < body.index("THE PLAN")
    assert "http://testserver/plans/ita-2022-2023/initiatives/initiative-1/" in body
    path = "http://testserver/plans/ita-2022-2023/"
    assert f'<h2><a href="{path}">The plan</a></h2>' in message.alternatives[0].content
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    kept = Mailing.objects.get(kind=MailKind.FOLLOWING.value)
    assert (kept.person, kept.sent_at) == (person, now)
    assert f"/{person.pk}:" not in kept.text
    assert run() == "0 mails were sent.\n"
    on(monkeypatch, 4, 16)
    assert run() == "0 mails were sent.\n"
    assert len(mail.outbox) == 1


def test_one_item_gives_its_name_to_the_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    a_plan()
    following_all(monkeypatch, "metric:metric-1")
    make.report(now=on(monkeypatch, 4, 15))
    assert run() == "0 mails were sent.\n"
    make.observation(12)
    run()
    assert [message.subject for message in mail.outbox] == ["Calls: 1 change"]


def test_what_was_before_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    a_plan()
    _person, client = following_all(monkeypatch, "metric:metric-1")
    now = on(monkeypatch, 4, 20)
    make.report(now=now)
    on(monkeypatch, 4, 21)
    client.post(ADD, {"of": "plan:ita-2022-2023"})
    assert run() == "0 mails were sent.\n"


def test_weekly_is_a_week_apart_and_holds_the_whole_week(monkeypatch: pytest.MonkeyPatch) -> None:
    a_plan()
    following_all(monkeypatch, "plan:ita-2022-2023", pace=FollowPace.WEEKLY)
    make.report(now=on(monkeypatch, 4, 15))
    assert run() == "0 mails were sent.\n"
    make.observation(12, now=on(monkeypatch, 4, 20))
    assert run() == "0 mails were sent.\n"
    on(monkeypatch, 4, 21)
    run()
    assert [message.subject for message in mail.outbox] == ["The plan: 2 changes"]


def test_a_refused_mail_is_tried_again_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    a_plan()
    following_all(monkeypatch, "metric:metric-1")
    make.observation(12, now=on(monkeypatch, 4, 15))
    with override_settings(EMAIL_BACKEND=DOWN), pytest.raises(CommandError, match="reached"):
        run()
    make.observation(13, start=dt.date(2021, 10, 1), end=dt.date(2021, 12, 31))
    on(monkeypatch, 4, 16)
    run()
    assert [message.subject for message in mail.outbox] == ["Calls: 2 changes"]


def test_a_mail_server_that_hangs_up_on_one_mail_gets_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    a_plan()
    for name in ("Abe", "Hal", "Olga", "Pia"):
        following_all(monkeypatch, "metric:metric-1", name=name)
    make.observation(12, now=on(monkeypatch, 4, 15))
    monkeypatch.setattr(Line, "taken", [])
    with override_settings(EMAIL_BACKEND=HANGS_UP), pytest.raises(CommandError, match="Hal: SMTP"):
        run()
    assert Line.taken == [["abe@example.org"], ["olga@example.org", "pia@example.org"]]


def test_a_mail_that_another_run_has_claimed_is_left_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    a_plan()
    person, _client = following_all(monkeypatch, "metric:metric-1")
    now = on(monkeypatch, 4, 15)
    make.observation(12, now=now)
    Mailing.objects.create(
        person=person,
        kind=MailKind.FOLLOWING.value,
        about="following:2022-04-15",
        day=dt.date(2022, 4, 15),
        claimed_at=now,
    )
    assert run() == "0 mails were sent.\n"
    on(monkeypatch, 4, 16)
    run()
    assert [message.subject for message in mail.outbox] == ["Calls: 1 change"]


def values_of_quarters(count: int, now: dt.datetime) -> None:
    """One value of Calls for each of some quarters."""
    for at in range(count):
        start = dt.date(2020 + at // 4, 1 + at % 4 * 3, 1)
        end = (start + dt.timedelta(days=95)).replace(day=1) - dt.timedelta(days=1)
        make.observation(at, start=start, end=end, now=now)


@pytest.mark.parametrize(
    ("of", "count", "subject", "more"),
    [
        ("metric:metric-1", 2, "Calls: 2 changes", ""),
        ("metric:metric-1", 3, "Calls: more than 2 changes", "/metrics/metric-1/history/"),
        (
            "plan:ita-2022-2023",
            3,
            "The plan: more than 2 changes",
            "/plans/ita-2022-2023/changes/",
        ),
        (
            "priority:ita-2022-2023/1",
            3,
            "Priority 1: more than 2 changes",
            "/plans/ita-2022-2023/changes/",
        ),
    ],
)
def test_of_too_much_to_count_it_says_so_and_leads_to_all(
    of: str, count: int, subject: str, more: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_plan()
    following_all(monkeypatch, of)
    monkeypatch.setattr(feed, "MOST_ENTRIES", 2)
    monkeypatch.setattr(feed, "READ", 3)
    values_of_quarters(count, on(monkeypatch, 4, 15))
    run()
    [message] = mail.outbox
    assert message.subject == subject
    words = f"More than 2 changes: see all of them: http://testserver{more}\n"
    assert (words in message.body, "More than" in message.body) == (bool(more), bool(more))
    link_to_all = f'<a href="http://testserver{more}">More than 2 changes: see all of them</a>'
    assert (link_to_all in message.alternatives[0].content) == bool(more)
    if more:
        assert Client().get(more).status_code == 200


def test_more_than_can_be_counted_of_one_item_is_more_of_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    a_plan()
    following_all(monkeypatch, "metric:metric-1", "initiative:ita-2022-2023/initiative-1")
    monkeypatch.setattr(feed, "MOST_ENTRIES", 2)
    monkeypatch.setattr(feed, "READ", 3)
    now = on(monkeypatch, 4, 15)
    values_of_quarters(3, now)
    make.report(now=now)
    run()
    assert [message.subject for message in mail.outbox] == [
        "More than 3 changes to what you follow"
    ]


def test_what_is_written_while_the_mail_is_made_is_told_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    a_plan()
    following_all(monkeypatch, "metric:metric-1")
    now = on(monkeypatch, 4, 15)
    make.observation(12, now=now)
    find = mailing.to_be_told

    def meanwhile(day: dt.date) -> Any:
        make.observation(13, start=dt.date(2021, 10, 1), end=dt.date(2021, 12, 31), now=now)
        return find(day)

    with monkeypatch.context() as patched:
        patched.setattr(mailing, "to_be_told", meanwhile)
        run()
    on(monkeypatch, 4, 16)
    run()
    told = [re.findall(r"Calls for (Q\d \d{4})", message.body) for message in mail.outbox]
    assert told == [["Q1 2022"], ["Q4 2021"]]


def test_a_dry_run_sends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    a_plan()
    following_all(monkeypatch, "metric:metric-1")
    make.observation(12, now=on(monkeypatch, 4, 15))
    assert run("--dry-run") == (
        "Rita <rita@example.org>: Calls: 1 change\nNothing was sent: this was a dry run.\n"
    )
    assert mail.outbox == []


def test_nothing_internal_is_ever_told(monkeypatch: pytest.MonkeyPatch) -> None:
    a_plan()
    following_all(monkeypatch, "plan:ita-2022-2023", "initiative:ita-2022-2023/initiative-1")
    now = on(monkeypatch, 4, 15)
    make.initiative(name="Secret", visibility=Visibility.INTERNAL.value, now=now)
    assert run() == "0 mails were sent.\n"
    work = Following.objects.get(item_type="initiative")
    assert work.item_code == "ita-2022-2023/initiative-1"
    make.report(initiative=make.Initiative.objects.get(name="Fiber"), now=now)
    initiatives.revise_initiative(
        initiative=make.Initiative.objects.get(name="Fiber"),
        changes={"visibility": Visibility.INTERNAL.value},
        reason="Not ours.",
        by=make.BY,
        now=now,
    )
    run()
    assert [message.body for message in mail.outbox if "Fiber" in message.body] == []


# ── Ended ────────────────────────────────────────────────────────────────────────────────────


def test_one_click_ends_it_and_opening_the_address_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    a_plan()
    following_all(monkeypatch, "metric:metric-1")
    make.observation(12, now=on(monkeypatch, 4, 15))
    run()
    path = link(mail.outbox[0])
    Client().get(path)
    assert FollowChoice.objects.get().confirmed_at is not None
    assert Client(enforce_csrf_checks=True).post(path).status_code == 200
    assert FollowChoice.objects.get().confirmed_at is None
    make.observation(13, start=dt.date(2022, 4, 1), end=dt.date(2022, 6, 30))
    on(monkeypatch, 4, 20)
    assert run() == "0 mails were sent.\n"


@pytest.mark.parametrize("name", ["follow-confirm", "follow-stop"])
def test_a_link_that_was_not_signed_for_this_does_nothing(name: str) -> None:
    person, _client = reviewer()
    other = links.unsubscribe_url(person.pk).rstrip("/").rpartition("/")[2]
    for token in ("7:forged", other):
        path = reverse(f"priorities:{name}", args=[token])
        assert Client().post(path).status_code == 404


def test_who_left_gets_no_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    a_plan()
    person, _client = following_all(monkeypatch, "metric:metric-1")
    User.objects.filter(pk=person.pk).update(is_active=False)
    make.observation(12, now=on(monkeypatch, 4, 15))
    assert run() == "0 mails were sent.\n"


def test_whose_roles_were_all_taken_away_is_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    on(monkeypatch, 4, 14)
    a_plan()
    person, _client = following_all(monkeypatch, "plan:ita-2022-2023")
    now = on(monkeypatch, 4, 15)
    grant = person.role_grants.get()
    people.revoke_role(grant=grant, on=now.date(), by="a test", now=now)
    make.observation(12, now=now)
    assert run() == "0 mails were sent.\n"
    assert mail.outbox == []


def test_without_a_mail_server_nobody_is_told_that_a_mail_is_on_its_way() -> None:
    a_plan()
    _person, client = reviewer()
    console = "django.core.mail.backends.console.EmailBackend"
    with override_settings(EMAIL_BACKEND=console):
        page = client.post(ADD, {"of": "plan:ita-2022-2023"}, follow=True).content.decode()
    assert "No mail server is set up here: the mail was only written to" in page
    assert "We sent a mail" not in page


# ── The page ─────────────────────────────────────────────────────────────────────────────────


def test_the_page_lists_what_is_followed_and_ends_it() -> None:
    a_plan()
    _person, client = reviewer()
    client.post(ADD, {"of": "priority:ita-2022-2023/1"})
    client.post(ADD, {"of": "priority:ita-2022-2023/1"})
    [row] = Following.objects.all()
    found = client.get(MINE).content.decode()
    assert '<a href="/plans/ita-2022-2023/priorities/1/">Priority 1</a>' in found
    assert found.count(f'name="return_to" value="{MINE}"') == 2
    for opened in (f"{MINE}{row.pk}/end/", ADD):
        assert client.get(opened).headers["Location"] == MINE
    assert Following.objects.count() == 1
    _other, stranger = reviewer("Sam")
    assert stranger.post(f"{MINE}{row.pk}/end/").status_code == 404
    assert client.post(f"{MINE}{row.pk}/end/").status_code == 302
    assert Following.objects.count() == 0


@pytest.mark.parametrize(
    "of",
    [
        "",
        "plan",
        "plan:",
        "person:1",
        "plan:draft",
        "plan:ita-2022-2023/1",
        "initiative:ita-2022-2023/secret",
        "metric:no-such",
        "initiative:no-slash",
    ],
)
def test_only_what_is_public_can_be_followed(of: str) -> None:
    a_plan()
    make.initiative(code="secret", visibility=Visibility.INTERNAL.value)
    make.plan(code="draft", state=PlanState.DRAFT.value)
    _person, client = reviewer()
    assert client.get(ADD, {"of": of}).status_code == 404
    assert client.post(ADD, {"of": of}).status_code in (404, 302)
    assert Following.objects.count() == 0


def test_the_pace_is_kept() -> None:
    person, client = reviewer()
    client.post(MINE, {"save_pace": "1", "pace": "weekly"})
    assert FollowChoice.objects.get(person=person).pace == FollowPace.WEEKLY
    wrong = client.post(MINE, {"save_pace": "1", "pace": "hourly"})
    assert wrong.status_code == 422
    assert FollowChoice.objects.get().pace == FollowPace.WEEKLY


def test_nobody_follows_more_than_they_can_read(monkeypatch: pytest.MonkeyPatch) -> None:
    a_plan()
    person, client = reviewer()
    monkeypatch.setattr(following, "MOST_FOLLOWED", 1)
    client.post(ADD, {"of": "metric:metric-1"})
    said = client.post(ADD, {"of": "plan:ita-2022-2023"}, follow=True).content.decode()
    assert "You follow 1 items, which is the most." in said
    with pytest.raises(WriteRefused):
        following.follow(person=person, item=make.Plan.objects.get(), now=make.moment())


def test_a_form_without_its_token_is_refused() -> None:
    a_plan()
    person, _client = reviewer()
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    assert client.post(ADD, {"of": "metric:metric-1"}).status_code == 403
    assert client.post(MINE, {"confirm": "1"}).status_code == 403
