"""Ownership as people meet it: asked, accepted, declined with a reason, handed over, ended."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from priorities import clock
from priorities.enums import AssignmentRole, Role
from priorities.models import Assignment, Division
from priorities.queries.ownership import offers_to, ownership_notice
from priorities.views.owners import items_of
from tests import factories as make

pytestmark = pytest.mark.django_db


def member(role: Role = Role.MANAGER, division: Division | None = None, **values: Any) -> User:
    return make.grant(role, division=division, person=make.person(**values)).person


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def said(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_an_offer_is_accepted_in_one_click() -> None:
    person = member(name="Asked")
    offer = make.offer(person=person)
    address = f"/updates/offers/{offer.pk}/accept/"
    page = browser(person).get("/updates/offers/").content.decode()
    assert (f'action="{address}"' in page, offer.initiative.name in page) == (True, True)
    response = browser(person).post(address, {"return_to": "/updates/offers/"}, follow=True)
    offer.refresh_from_db()
    assert (offer.state, said(response)) == ("accepted", [f"You own {offer.initiative.name}."])
    assert offers_to(person) == ()


@pytest.mark.parametrize(
    ("path", "made"), [("offers/{}/decline", make.offer), ("not-mine/{}", make.owner)]
)
def test_giving_back_asks_why(path: str, made: Any) -> None:
    person = member()
    row = made(person=person)
    address = f"/updates/{path.format(row.pk)}/"
    client = browser(person)
    empty = client.post(address, {"reason": " "})
    row.refresh_from_db()
    assert "Say why it is not yours." in empty.content.decode()
    assert 'href="#id_reason"' in empty.content.decode()
    assert row.state in ("offered", "accepted")
    client.post(address, {"reason": "It moved to Operations."})
    row.refresh_from_db()
    assert (row.state, row.reason) == ("declined", "It moved to Operations.")


def test_what_was_answered_before_is_not_asked_again() -> None:
    person = member()
    owner = make.owner(person=person)
    answer = browser(person).post(
        f"/updates/offers/{owner.pk}/decline/",
        {"reason": "No.", "return_to": "/updates/offers/"},
        follow=True,
    )
    assert said(answer) == ["This has been answered before."]
    again = browser(person).post(
        f"/updates/offers/{owner.pk}/accept/", {"return_to": "/updates/offers/"}, follow=True
    )
    assert said(again) == ["The assignment is Accepted, so this can no longer be done."]


def test_nobody_answers_for_somebody_else_whatever_their_rights() -> None:
    offer, owner = make.offer(), make.owner(item=make.metric())
    client = browser(member(Role.PLAN_ADMINISTRATOR))
    answers = [
        client.post(f"/updates/offers/{offer.pk}/accept/"),
        client.post(f"/updates/offers/{offer.pk}/decline/", {"reason": "No."}),
        client.post(f"/updates/not-mine/{owner.pk}/", {"reason": "No."}),
        client.get("/updates/not-mine/999999/"),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 403, 404]
    assert [row.state for row in Assignment.objects.order_by("pk")] == ["offered", "accepted"]


def test_an_owner_hands_over_to_somebody_who_can_answer() -> None:
    person, successor = member(name="Now"), member(name="Next")
    make.grant(Role.REVIEWER, person=make.person(name="Council"))
    owner = make.owner(person=person)
    address, client = f"/updates/hand-over/{owner.pk}/", browser(person)
    people = client.get(address).context["form"].fields["person"].queryset
    assert list(people) == [successor]
    client.post(address, {"person": successor.pk})
    asking = client.get(f"/updates/not-mine/{owner.pk}/").content.decode()
    assert f'href="{address}' in asking
    [offer] = offers_to(successor)
    assert (offer.takes_over_from, offer.asked_as) == ("Now", "owner")
    assert list(Assignment.objects.owning()) == [owner]
    browser(successor).post(f"/updates/offers/{offer.pk}/accept/")
    assert [row.person for row in Assignment.objects.owning()] == [successor]


def test_a_reason_typed_as_the_session_ended_is_there_after_signing_in() -> None:
    person = member()
    owner = make.owner(person=person)
    address = f"/updates/not-mine/{owner.pk}/"
    client = Client()
    sent = {"reason": "It moved.", "form_of": str(person.pk), "return_to": address}
    assert client.post(address, sent).status_code == 302
    client.force_login(person)
    assert "It moved.</textarea>" in client.get(address).content.decode()
    owner.refresh_from_db()
    assert owner.state == "accepted"


@pytest.mark.parametrize("away", ["https://evil.example.org/", "//evil.example.org", ""])
def test_an_answer_leads_to_no_other_site(away: str) -> None:
    person = member()
    offer = make.offer(person=person)
    answer = browser(person).post(f"/updates/offers/{offer.pk}/accept/", {"return_to": away})
    assert answer.headers["Location"] == "/updates/"


# ── Offering ─────────────────────────────────────────────────────────────────────────────────


def test_an_editor_offers_several_items_of_the_division_in_one_act() -> None:
    division = make.division(code="here")
    below = make.division(code="below", parent=division)
    items = [
        make.initiative(name="First", lead_division=division),
        make.metric(name="Second", lead_division=below),
    ]
    make.initiative(name="Foreign", lead_division=make.division(code="there"))
    client = browser(member(Role.DIVISION_EDITOR, division))
    asked = member(name="Asked")
    page = client.get("/manage/owners/").content.decode()
    assert [name in page for name in ("First", "Second", "Foreign")] == [True, True, False]
    values = [f"initiative:{items[0].pk}", f"metric:{items[1].pk}"]
    answer = client.post("/manage/owners/", {"items": values, "person": asked.pk}, follow=True)
    assert said(answer) == ["2 items were offered to Asked."]
    assert [offer.name for offer in offers_to(asked)] == ["First", "Second"]
    again = client.post("/manage/owners/", {"items": values[:1], "person": asked.pk}, follow=True)
    assert said(again) == [
        "0 items were offered to Asked. 1 was left out: they own it or were asked before."
    ]


def test_an_editor_offers_nothing_of_another_division() -> None:
    foreign = make.initiative(lead_division=make.division(code="there"))
    client = browser(member(Role.DIVISION_EDITOR, make.division(code="here")))
    asked = member()
    answer = client.post(
        "/manage/owners/", {"items": [f"initiative:{foreign.pk}"], "person": asked.pk}
    )
    assert (answer.status_code, Assignment.objects.count()) == (200, 0)
    assert "is not one of the available choices" in answer.content.decode()


def test_an_offer_without_items_or_person_says_so_and_keeps_what_was_ticked() -> None:
    item = make.initiative()
    client = browser(member(Role.PLAN_ADMINISTRATOR))
    page = client.post("/manage/owners/", {"items": [f"initiative:{item.pk}"]}).content.decode()
    assert 'href="#id_person"' in page
    assert f'value="initiative:{item.pk}" checked' in page
    empty = client.post("/manage/owners/", {"person": member().pk}).content.decode()
    assert ("Tick at least one item." in empty, 'href="#id_items"' in empty) == (True, True)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["Free", "Owned", "Loose"]),
        ("?without=1", ["Free", "Loose"]),
        ("?division=here", ["Free", "Owned"]),
        ("?division=here&without=1", ["Free"]),
        ("?division=none", ["Loose"]),
        ("?division=nowhere", []),
    ],
)
def test_the_table_of_owners_is_filtered(query: str, shown: list[str]) -> None:
    division = make.division(code="here")
    make.initiative(name="Free", lead_division=division)
    make.owner(item=make.metric(name="Owned", lead_division=division))
    make.metric(name="Loose")
    make.metric(name="Retired", retired_on=make.START.date())
    make.close(initiative=make.initiative(name="Over"))
    page = browser(member(Role.PLAN_ADMINISTRATOR)).get(f"/manage/owners/{query}")
    names = [row.name for row in page.context["rows"]]
    assert sorted(names) == sorted(shown)
    assert (page.context["without_owner"], page.context["total"]) == (2, 3)


@pytest.mark.parametrize("count", [1, 3])
def test_the_table_asks_the_same_however_long_it_is(
    count: int, django_assert_num_queries: Any
) -> None:
    division = make.division(code="here")
    for _ in range(count):
        make.owner(item=make.initiative(lead_division=division))
        make.offer(item=make.metric(lead_division=division))
    person = member(Role.DIVISION_EDITOR, division)
    with django_assert_num_queries(7):
        assert len(items_of(person)) == 2 * count


def test_the_page_of_an_item_offers_and_ends() -> None:
    item = make.initiative()
    address = f"/manage/owners/initiatives/{item.plan.code}/{item.code}/"
    client, asked = browser(member(Role.PLAN_ADMINISTRATOR)), member(name="Asked")
    client.post(address, {"person": asked.pk, "role": "contributor"})
    client.post(address, {"person": asked.pk, "role": "owner"})
    twice = client.post(address, {"person": asked.pk, "role": "owner"}).content.decode()
    assert "Asked has been asked for this already." in twice
    roles = list(Assignment.objects.order_by("pk").values_list("role", flat=True))
    assert roles == [AssignmentRole.CONTRIBUTOR, AssignmentRole.OWNER]
    row = Assignment.objects.latest("pk")
    end = f"/manage/owners/end/{row.pk}/"
    assert "Say why it ends." in client.post(end, {"reason": ""}).content.decode()
    client.post(end, {"reason": "A mistake."})
    row.refresh_from_db()
    assert (row.state, row.reason) == ("ended", "A mistake.")


# ── What an item without an owner says ───────────────────────────────────────────────────────


def test_an_item_without_an_owner_says_so_and_why() -> None:
    item = make.initiative()
    assert ownership_notice(item) == "Nobody owns this."
    offer = make.offer(item=item, person=make.person(name="Asked"))
    assert ownership_notice(item) == "Nobody owns this. Asked was asked and has not answered."
    make.assignments.accept_assignment(
        assignment=offer, on=make.START.date(), by="a test", now=make.moment()
    )
    assert ownership_notice(item) == ""
    make.people.revise_person(
        person=offer.person, changes={"is_active": False}, by="a test", now=make.moment()
    )
    assert ownership_notice(item) == "Nobody owns this. Asked's account is not active."


def test_an_item_without_an_owner_says_who_declined_it_last_and_why() -> None:
    item = make.initiative()
    for name, reason in (("First", "Not my field."), ("Second", "It moved.")):
        offer = make.offer(item=item, person=make.person(name=name))
        make.assignments.decline_assignment(
            assignment=offer, reason=reason, on=make.START.date(), by="a test", now=make.moment()
        )
    assert ownership_notice(item) == "Nobody owns this. Second declined: “It moved.”"
    make.owner(item=item)
    assert ownership_notice(item) == ""


def test_my_updates_say_which_item_has_no_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda newest=None: make.at(2022, 4, 4))
    division = make.division(code="here")
    item = make.initiative(lead_division=division)
    make.periods()
    editor = member(Role.DIVISION_EDITOR, division)
    page = browser(editor).get("/updates/").content.decode()
    assert "Nobody owns this." in page
    assert f'href="/manage/owners/initiatives/{item.plan.code}/{item.code}/"' in page
    make.owner(item=item, person=editor)
    assert "Nobody owns this." not in browser(editor).get("/updates/").content.decode()
