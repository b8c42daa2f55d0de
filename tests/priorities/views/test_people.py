"""People: invited, come in, given roles, closed and opened; every write in the event log."""

from __future__ import annotations

import datetime as dt
import re
from smtplib import SMTPException
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client, override_settings
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Invitation, User
from priorities.actions import assignments
from priorities.actions.invitations import invite_again
from priorities.actions.people import revise_person
from priorities.assessment.periods import AsOf
from priorities.enums import Role
from priorities.models import ChangeEvent, RoleGrant
from priorities.notifications import mail as mailing
from priorities.queries.history import verify
from priorities.queries.people import people_rows
from priorities.queries.workload import due_items
from priorities.views import people as view
from tests import factories as make
from tests.priorities.notifications.broken import Line
from tests.priorities.notifications.reminding import DOWN, HANGS_UP

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2024, 3, 5, 16, 0, tzinfo=dt.UTC)
PASSWORD = "Harbor-2024-demo"
PEOPLE = "/manage/people/"
INVITE = "/manage/people/invite/"
INVITE_ALL = "/manage/people/invite-all/"
NEW = {"name": "Ben", "email": "Ben@Example.org", "role": "manager", "division": ""}
#: Every door of the page of a person.
DOORS = (
    "person",
    "person-role",
    "person-role-end",
    "person-second-factor",
    "person-close",
    "person-open",
    "person-invite",
)


@pytest.fixture(autouse=True)
def clock() -> Any:
    """Every test happens at one moment, unless it moves it."""
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


def administrator(name: str = "Ada") -> Client:
    """A plan administrator's browser."""
    client = Client()
    client.force_login(make.grant(Role.PLAN_ADMINISTRATOR, person=make.person(name=name)).person)
    return client


def link() -> str:
    """The path of the link in the newest mail."""
    found = re.search(r"https?://[^/]+(/accounts/invitation/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def invited() -> tuple[Client, User]:
    """An administrator who has invited Ben, and Ben."""
    client = administrator()
    client.post(INVITE, NEW)
    return client, User.objects.get(email="ben@example.org")


def follow(path: str) -> Any:
    """A new browser that opens a link."""
    client = Client()
    return client, client.get(path, follow=True)


def accept(client: Client, name: str = "Ben B", password: str = PASSWORD) -> Any:
    data = {"name": name, "password1": password, "password2": password}
    return client.post(reverse("priorities:invitation-accept"), data)


def told(count: int) -> list[tuple[str, str, Any]]:
    """The newest events: kind, item, fields."""
    events = ChangeEvent.objects.order_by("-sequence")[:count]
    return [(event.kind, event.item_type, event.fields) for event in reversed(events)]


# ── Inviting ─────────────────────────────────────────────────────────────────────────────────


def test_inviting_adds_an_account_with_a_role_and_sends_a_link() -> None:
    client = administrator()
    assert client.post(INVITE, NEW)["Location"] == PEOPLE
    person = User.objects.get(email="ben@example.org")
    assert (person.name, person.has_usable_password()) == ("Ben", False)
    assert list(person.role_grants.values_list("role", "division")) == [("manager", None)]
    message = mail.outbox[0]
    assert message.to == ["ben@example.org"]
    assert "Ada invites you" in str(message.body)
    assert "until 12 Mar 2024" in str(message.body)
    assert [(kind, item) for kind, item, _fields in told(2)] == [
        ("created", "person"),
        ("granted", "role_grant"),
    ]
    assert ChangeEvent.objects.latest("sequence").actor == "Ada"
    assert verify().breaks == ()


def test_the_database_keeps_no_link() -> None:
    _client, person = invited()
    token = link().rstrip("/").rpartition("/")[2]
    row = Invitation.objects.get(person=person)
    assert token not in (row.digest, str(told(2)))
    assert len(token) >= 43


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "ada@example.org"}, "email"),
        ({"email": "ADA@example.org"}, "email"),
        ({"email": "ben"}, "email"),
        ({"name": ""}, "name"),
        ({"role": "king"}, "role"),
        ({"role": "division_editor"}, "division"),
    ],
)
def test_a_mistake_is_said_beside_its_field_and_writes_nothing(
    change: dict[str, str], field: str
) -> None:
    client = administrator()
    before = ChangeEvent.objects.count()
    page = client.post(INVITE, NEW | change)
    assert page.status_code == 200
    assert f'id="id_{field}_error"' in page.content.decode()
    assert (ChangeEvent.objects.count(), mail.outbox) == (before, [])


def test_a_division_editor_is_invited_for_a_division() -> None:
    division = make.division(code="operations")
    administrator().post(INVITE, NEW | {"role": "division_editor", "division": division.pk})
    assert RoleGrant.objects.get(person__email="ben@example.org").division == division


def test_a_mail_server_that_is_down_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_args: Any, **_kwargs: Any) -> None:
        raise SMTPException("down")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", down)
    page = administrator().post(INVITE, NEW, follow=True)
    assert "the mail could not be sent" in page.content.decode()
    assert User.objects.filter(email="ben@example.org").count() == 1


# ── Coming in ────────────────────────────────────────────────────────────────────────────────


def test_the_link_sets_name_and_password_and_signs_in() -> None:
    _client, person = invited()
    browser, page = follow(link())
    assert page.redirect_chain == [("/accounts/invitation/", 302)]
    assert "ben@example.org" in page.content.decode()
    assert accept(browser)["Location"] == "/updates/"
    person.refresh_from_db()
    assert (person.name, person.check_password(PASSWORD)) == ("Ben B", True)
    assert browser.session["_auth_user_id"] == str(person.pk)
    fields = {
        "password": [None, "set"],
        "invitation": ["sent", "accepted"],
        "name": ["Ben", "Ben B"],
    }
    assert told(1) == [("revised", "person", fields)]
    assert verify().breaks == ()


def test_opening_the_link_uses_nothing_up() -> None:
    invited()
    for _ in range(3):
        follow(link())
    browser, _page = follow(link())
    assert accept(browser).status_code == 302


def test_the_link_works_once() -> None:
    invited()
    first, second = follow(link())[0], follow(link())[0]
    assert accept(first).status_code == 302
    answer = accept(second, password="Another-2024-demo")
    assert (answer.status_code, "_auth_user_id" in second.session) == (410, False)
    assert follow(link())[1].status_code == 410


@pytest.mark.parametrize(("days", "status"), [(6.99, 200), (7, 410), (30, 410)])
def test_the_link_ends(clock: Any, days: float, status: int) -> None:
    invited()
    clock.shift(dt.timedelta(days=days))
    assert follow(link())[1].status_code == status


def test_how_long_it_works_is_a_setting(clock: Any, settings: Settings) -> None:
    settings.INVITATION_DAYS = 1
    invited()
    clock.shift(dt.timedelta(days=2))
    assert follow(link())[1].status_code == 410


def test_the_portals_moved_clock_does_not_move_its_end(clock: Any, settings: Settings) -> None:
    settings.CLOCK_OFFSET_SECONDS = 86_400 * 30
    invited()
    clock.shift(dt.timedelta(days=6))
    assert follow(link())[1].status_code == 200


def test_it_ends_between_opening_and_sending(clock: Any) -> None:
    _client, person = invited()
    browser, _page = follow(link())
    clock.shift(dt.timedelta(days=8))
    assert accept(browser).status_code == 410
    person.refresh_from_db()
    assert not person.has_usable_password()


@pytest.mark.parametrize("token", ["x", "a" * 43, "' or 1=1 --", "%00"])
def test_a_forged_link_opens_nothing_and_begins_no_session(token: str) -> None:
    invited()
    sessions = Session.objects.count()
    assert follow(f"/accounts/invitation/{token}/")[1].status_code == 410
    assert Session.objects.count() == sessions


def test_sending_it_again_makes_the_former_link_worthless(clock: Any) -> None:
    client, person = invited()
    former = link()
    clock.shift(dt.timedelta(days=8))
    client.force_login(User.objects.get(name="Ada"))
    client.post(reverse("priorities:person-invite", kwargs={"pk": person.pk}))
    assert len(mail.outbox) == 2
    assert follow(former)[1].status_code == 410
    assert follow(link())[1].status_code == 200
    assert told(1) == [("revised", "person", {"invitation": [None, "sent"]})]


def test_those_who_came_with_an_import_are_invited_together() -> None:
    client, _invited = invited()
    for name in ("Cleo", "Dan"):
        make.person(name=name)
    make.person(name="Root", is_staff=True)
    closed = make.person(name="Eve")
    close(client, closed)
    User.objects.filter(name="Ada").update(last_login=NOW)
    page = client.get(INVITE_ALL).content.decode()
    assert "Send 2 invitations" in page
    assert len(mail.outbox) == 1
    client.post(INVITE_ALL)
    to = [address for message in mail.outbox[1:] for address in message.to]
    assert to == ["cleo@example.org", "dan@example.org"]
    assert [fields for _kind, _item, fields in told(2)] == [{"invitation": [None, "sent"]}] * 2
    client.post(INVITE_ALL)
    assert len(mail.outbox) == 3


def test_who_cannot_be_invited_keeps_nobody_else_from_their_mail(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = administrator()
    User.objects.filter(name="Ada").update(last_login=NOW)
    cleo, _dan = make.person(name="Cleo"), make.person(name="Dan")

    def meanwhile() -> Any:
        close(client, cleo)
        return mailing.open_connection()

    monkeypatch.setattr(view, "open_connection", meanwhile)
    page = client.post(INVITE_ALL, follow=True).content.decode()
    assert [message.to for message in mail.outbox] == [["dan@example.org"]]
    assert "1 invitation is on its way." in page
    assert "1 person was not invited: The account is closed." in page
    assert list(Invitation.objects.values_list("person__name", flat=True)) == ["Dan"]


def test_they_are_invited_over_one_line_and_over_another_when_it_breaks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = administrator()
    User.objects.filter(name="Ada").update(last_login=NOW)
    for name in ("Ben", "Cleo", "Hal", "Olga", "Pia"):
        make.person(name=name)
    monkeypatch.setattr(Line, "taken", [])
    with override_settings(EMAIL_BACKEND=HANGS_UP):
        page = client.post(INVITE_ALL, follow=True).content.decode()
    assert Line.taken == [
        ["ben@example.org", "cleo@example.org"],
        ["olga@example.org", "pia@example.org"],
    ]
    assert "4 invitations are on their way." in page
    assert "1 mail could not be sent." in page


def test_nobody_is_invited_while_the_mail_server_is_down() -> None:
    client = administrator()
    make.person(name="Cleo")
    before = ChangeEvent.objects.count()
    with override_settings(EMAIL_BACKEND=DOWN):
        page = client.post(INVITE_ALL, follow=True).content.decode()
    assert "The mail server cannot be reached, so nobody was invited." in page
    assert (Invitation.objects.count(), ChangeEvent.objects.count()) == (0, before)


def test_who_has_come_is_not_invited_again() -> None:
    client, person = invited()
    accept(follow(link())[0])
    address = reverse("priorities:person-invite", kwargs={"pk": person.pk})
    assert "has a password already" in client.post(address, follow=True).content.decode()
    assert len(mail.outbox) == 1


def test_the_link_of_a_closed_account_opens_nothing() -> None:
    client, person = invited()
    close(client, person)
    assert follow(link())[1].status_code == 410


@pytest.mark.parametrize(
    ("first", "second", "field"),
    [
        ("short", "short", "password1"),
        ("ben@example.org", "ben@example.org", "password1"),
        (PASSWORD, "Something-else-2", "password2"),
        ("", "", "password1"),
    ],
)
def test_a_weak_or_mistyped_password_is_refused_and_the_link_stays(
    first: str, second: str, field: str
) -> None:
    invited()
    browser, _page = follow(link())
    data = {"name": "Ben", "password1": first, "password2": second}
    page = browser.post(reverse("priorities:invitation-accept"), data)
    assert f'id="id_{field}_error"' in page.content.decode()
    assert accept(browser).status_code == 302


def test_an_invited_editor_sets_up_a_second_factor_first(settings: Settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    make.grant(Role.PLAN_ADMINISTRATOR, person=make.person(name="Ada"))
    division = make.division()
    make.person(name="Ben")
    ben = User.objects.get(name="Ben")
    make.grant(Role.DIVISION_EDITOR, person=ben, division=division)
    times = {"sent_at": NOW, "ends_at": NOW + dt.timedelta(days=1)}
    invite_again(person=ben, token="a-token", **times, by="t", now=make.moment())
    browser, _page = follow("/accounts/invitation/a-token/")
    accept(browser)
    assert browser.get("/updates/")["Location"] == "/accounts/"


def test_an_invitation_ends_after_it_is_sent() -> None:
    row = Invitation(person=make.person(), digest="x", sent_at=NOW, ends_at=NOW)
    with pytest.raises(ValidationError, match="An invitation ends after it is sent"):
        row.full_clean()


def test_no_log_holds_the_link(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="itaportal.access")
    Client().get("/accounts/invitation/a-secret-token/?x=1")
    Client().get("/accounts/password/reset/key/1-another-secret/")
    paths = [record.__dict__["path"] for record in caplog.records]
    assert paths == ["/accounts/invitation/…/", "/accounts/password/reset/key/…/"]
    assert "secret" not in caplog.text


# ── Roles, name and address ──────────────────────────────────────────────────────────────────


def test_a_role_is_given_and_taken_away_on_record() -> None:
    client, person = invited()
    give = reverse("priorities:person-role", kwargs={"pk": person.pk})
    client.post(give, {"new-role": "reviewer", "new-division": ""})
    grant = person.role_grants.get(role="reviewer")
    end = reverse("priorities:person-role-end", kwargs={"pk": person.pk, "grant": grant.pk})
    client.post(end)
    grant.refresh_from_db()
    assert grant.revoked_on == dt.date(2024, 3, 5)
    assert [kind for kind, _item, _fields in told(2)] == ["granted", "revoked"]


def test_the_same_role_twice_is_refused_in_words() -> None:
    client, person = invited()
    give = reverse("priorities:person-role", kwargs={"pk": person.pk})
    page = client.post(give, {"new-role": "manager", "new-division": ""})
    assert "This person has that role already." in page.content.decode()


def test_nobody_takes_the_administrators_role_from_themselves() -> None:
    client = administrator()
    grant = RoleGrant.objects.get()
    kwargs = {"pk": grant.person_id, "grant": grant.pk}
    client.post(reverse("priorities:person-role-end", kwargs=kwargs))
    grant.refresh_from_db()
    assert grant.revoked_on is None


def test_a_role_of_somebody_else_is_not_found_under_a_person() -> None:
    client, person = invited()
    grant = make.grant(person=make.person(name="Eve"))
    kwargs = {"pk": person.pk, "grant": grant.pk}
    assert client.post(reverse("priorities:person-role-end", kwargs=kwargs)).status_code == 404


def test_name_and_address_are_changed_with_an_event() -> None:
    client, person = invited()
    address = reverse("priorities:person", kwargs={"pk": person.pk})
    client.post(address, {"name": "Benjamin", "email": "b@example.org"})
    fields = {"name": ["Ben", "Benjamin"], "email": ["ben@example.org", "b@example.org"]}
    assert told(1) == [("revised", "person", fields)]
    page = client.post(address, {"name": "Benjamin", "email": "ada@example.org"})
    assert "There is already an account" in page.content.decode()


@pytest.mark.parametrize(
    "name", ["person", "person-close", "person-second-factor", "person-open", "person-invite"]
)
def test_a_system_administrators_account_is_out_of_reach(name: str) -> None:
    root = make.person(name="Root", is_staff=True)
    address = reverse(f"priorities:{name}", kwargs={"pk": root.pk})
    assert administrator().post(address, {"reason": "x"}).status_code == 403
    root.refresh_from_db()
    assert root.is_active


@pytest.mark.parametrize("name", DOORS)
@pytest.mark.parametrize(("other", "status"), [("staff", 403), ("superuser", 302)])
def test_a_superusers_account_is_changed_by_superusers_only(
    name: str, other: str, status: int
) -> None:
    """Else whoever may open the admin could take one over: a new address, no second factor."""
    root = make.person(name="Root", is_staff=True, is_superuser=True)
    grant = make.grant(person=root)
    Authenticator.objects.create(user=root, type="totp", data={})
    client = Client()
    client.force_login(make.person(name="Ada", is_staff=True, is_superuser=other == "superuser"))
    pks = {"pk": root.pk, "grant": grant.pk} if name == "person-role-end" else {"pk": root.pk}
    sent = {"email": "mine@example.org", "name": "Root", "reason": "x", "new-role": "reviewer"}
    before = ChangeEvent.objects.count()
    answer = client.post(reverse(f"priorities:{name}", kwargs=pks), sent)
    assert answer.status_code == status
    assert (ChangeEvent.objects.count() == before) is (status == 403 or name == "person-open")
    assert Authenticator.objects.exists() is (status == 403 or name != "person-second-factor")


@pytest.mark.parametrize("name", ["person", "person-close", "person-second-factor"])
def test_nor_do_others_read_that_page(name: str) -> None:
    root = make.person(name="Root", is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(make.person(name="Ada", is_staff=True))
    assert client.get(reverse(f"priorities:{name}", args=[root.pk])).status_code == 403


@pytest.mark.parametrize("name", ["person-close", "person-second-factor"])
def test_nobody_closes_their_own_account(name: str) -> None:
    client = administrator()
    address = reverse(f"priorities:{name}", kwargs={"pk": User.objects.get().pk})
    assert client.post(address, {"reason": "x"}).status_code == 403


# ── Closing and opening ──────────────────────────────────────────────────────────────────────


def close(client: Client, person: User, reason: str = "Left the agency") -> Any:
    return client.post(
        reverse("priorities:person-close", kwargs={"pk": person.pk}), {"reason": reason}
    )


def test_closing_asks_for_a_reason_and_says_what_it_does() -> None:
    client, person = invited()
    initiative = make.initiative()
    offer = make.offer(person=person, item=initiative)
    assignments.accept_assignment(assignment=offer, on=NOW.date(), by="t", now=make.moment())
    page = client.get(reverse("priorities:person-close", kwargs={"pk": person.pk}))
    assert "1 item that they own has no owner." in page.content.decode()
    assert "Say why." in close(client, person, "").content.decode()
    close(client, person)
    event = ChangeEvent.objects.latest("sequence")
    assert (event.fields, event.reason) == ({"is_active": [True, False]}, "Left the agency")


def test_a_closed_account_is_out_at_once_and_its_items_have_no_owner() -> None:
    plan = make.plan(period_end=dt.date(2025, 12, 31))
    initiative = make.initiative(priority=make.priority(plan=plan))
    make.periods()
    client, person = invited()
    browser, _page = follow(link())
    accept(browser)
    offer = make.offer(person=person, item=initiative)
    assignments.accept_assignment(assignment=offer, on=NOW.date(), by="t", now=make.moment())
    present = AsOf.now(NOW, make.LOS_ANGELES)
    assert {item.owner_pk for item in due_items(as_of=present)} == {person.pk}
    close(client, person)
    assert browser.get("/accounts/").status_code == 302
    assert {item.owner_pk for item in due_items(as_of=present)} == {None}


def test_an_account_is_opened_again_with_what_it_had() -> None:
    client, person = invited()
    close(client, person)
    client.post(reverse("priorities:person-open", kwargs={"pk": person.pk}))
    person.refresh_from_db()
    assert person.is_active
    assert person.role_grants.filter(revoked_on=None).count() == 1
    assert told(1) == [("revised", "person", {"is_active": [False, True]})]


@pytest.mark.parametrize("name", ["person-close", "person-open", "people-invite-all"])
def test_a_clock_behind_the_record_is_said_and_nothing_is_written(clock: Any, name: str) -> None:
    client = administrator()
    ben = make.person(name="Ben")
    close(client, ben if name == "person-open" else make.person(name="Eve"))
    before = ChangeEvent.objects.count()
    clock.move_to(NOW - dt.timedelta(hours=1))
    client.force_login(User.objects.get(name="Ada"))
    pks = {} if name == "people-invite-all" else {"pk": ben.pk}
    address = reverse(f"priorities:{name}", kwargs=pks)
    page = client.post(address, {"reason": "x"}, follow=True)
    said = "The record already holds a change of"
    assert (page.status_code, said in page.content.decode()) == (200, True)
    assert (ChangeEvent.objects.count(), mail.outbox) == (before, [])


def test_an_account_without_a_name_says_why_it_is_not_closed() -> None:
    client = administrator()
    ben = make.person(name="Ben")
    User.objects.filter(pk=ben.pk).update(name="")
    page = close(client, ben)
    assert (page.status_code, "This field cannot be blank." in page.content.decode()) == (200, True)
    ben.refresh_from_db()
    assert ben.is_active


def test_a_lost_second_factor_is_taken_off_with_a_reason() -> None:
    client, person = invited()
    address = reverse("priorities:person-second-factor", kwargs={"pk": person.pk})
    assert (
        "has no second factor"
        in client.post(address, {"reason": "Lost"}, follow=True).content.decode()
    )
    for kind in ("totp", "recovery_codes"):
        Authenticator.objects.create(user=person, type=kind, data={})
    client.post(address, {"reason": "Lost phone"})
    assert Authenticator.objects.count() == 0
    event = ChangeEvent.objects.latest("sequence")
    assert (event.fields, event.reason) == ({"second_factor": ["set", "taken"]}, "Lost phone")


# ── The list ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Ada", "Ben"]),
        ("?q=ben", ["Ben"]),
        ("?q=example.org ada", ["Ada"]),
        ("?show=manager", ["Ben"]),
        ("?show=invited", ["Ben"]),
        ("?show=closed", []),
    ],
)
def test_people_are_found(query: str, names: list[str]) -> None:
    client, _person = invited()
    page = client.get(PEOPLE + query).content.decode()
    assert re.findall(r'<a href="/manage/people/\d+/">([^<]+)</a>', page) == names


def test_the_list_says_where_each_person_stands(clock: Any) -> None:
    client, person = invited()
    User.objects.filter(name="Ada").update(last_login=NOW)
    make.person(name="Cleo")
    words = ("Invited, until 12 Mar 2024", "Not invited", "Active")
    page = client.get(PEOPLE).content.decode()
    assert [word in page for word in words] == [True] * 3
    clock.shift(dt.timedelta(days=8))
    client.force_login(User.objects.get(name="Ada"))
    assert "Invitation ended" in client.get(PEOPLE).content.decode()
    close(client, person)
    assert "Closed" in client.get(PEOPLE).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_five_statements(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        make.grant(person=make.person(name=f"P{number}"))
    with django_assert_num_queries(5):
        assert len(people_rows(User.objects.all(), now=NOW)) == count


@pytest.mark.parametrize("rights", [{"is_staff": True}, {"is_superuser": True}])
def test_a_closed_account_of_a_system_administrator_is_out_of_reach_too(
    rights: dict[str, bool],
) -> None:
    """Else it could be given another address and opened again, by whom that address belongs to."""
    client = administrator()
    root = make.person(name="Root", **rights)
    revise_person(person=root, changes={"is_active": False}, by="test", now=make.moment())
    new = {"name": "Root", "email": "mine@example.org"}
    changed = client.post(reverse("priorities:person", args=[root.pk]), new)
    opened = client.post(reverse("priorities:person-open", args=[root.pk]))
    root.refresh_from_db()
    assert (changed.status_code, opened.status_code) == (403, 403)
    assert (root.email == "mine@example.org", root.is_active) == (False, False)


def test_a_link_that_went_to_a_wrong_address_ends_with_the_address() -> None:
    client, ben = invited()
    path = link()
    right = {"name": "Ben", "email": "right@example.org"}
    client.post(reverse("priorities:person", args=[ben.pk]), right)
    _stranger, page = follow(path)
    ben.refresh_from_db()
    assert (ben.email, page.status_code) == ("right@example.org", 410)
    client.post(reverse("priorities:person-invite", args=[ben.pk]))
    _ben, page = follow(link())
    assert (mail.outbox[-1].to, page.status_code) == (["right@example.org"], 200)
