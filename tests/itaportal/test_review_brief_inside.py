"""What reviewers alone read in a brief: who answers, who asked whom, what was withdrawn."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from priorities.actions.assignments import accept_assignment, end_assignment
from priorities.actions.initiatives import revise_initiative
from priorities.actions.metrics import revise_metric
from priorities.actions.reviews import close_question
from priorities.enums import AssignmentRole, Role, Visibility
from priorities.models import Initiative, Metric
from tests import factories as make

pytestmark = pytest.mark.django_db

ASKED = "?from=2022-03-31&to=2022-06-30"
BRIEF = f"/plans/ita-2022-2023/brief/{ASKED}"
TWIN = f"/plans/ita-2022-2023/brief.json{ASKED}"
JSON = f"/review/briefs/ita-2022-2023/now.json{ASKED}"
EARLY, BETWEEN = make.at(2022, 1, 10), make.at(2022, 5, 10)


@pytest.fixture(autouse=True)
def _summer() -> Iterator[None]:
    """It is 20 Aug 2022."""
    with time_machine.travel(make.at(2022, 8, 20, 12), tick=False):
        yield


@pytest.fixture
def item() -> Initiative:
    """An initiative of a division that has not reported, in a plan with periods."""
    make.plan(now=EARLY)
    make.periods()
    make.priority(now=EARLY)
    division = make.division(name="Operations", now=EARLY)
    return make.initiative(code="late", name="Late", lead_division=division, now=EARLY)


@pytest.fixture
def own() -> Client:
    """Somebody who reviews."""
    client = Client()
    client.force_login(make.grant(Role.REVIEWER, person=make.person(name="Rita")).person)
    return client


def said(client: Client, path: str = BRIEF) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def block(client: Client, title: str) -> str:
    """The block of reviewers under a title, as text."""
    found = re.search(rf"For reviewers</span> {title}</h3>(.*?)(<h3>|</section>)", said(client))
    assert found is not None
    return " ".join(re.sub(r"<[^>]*>", " ", found[1]).split())


def owned(item: Initiative | Metric, name: str = "") -> Any:
    """The item, accepted by somebody in January."""
    person = make.person(**({"name": name} if name else {}))
    return make.owner(item=item, person=person, now=EARLY)


# ── Who answers ──────────────────────────────────────────────────────────────────────────────


def test_each_overdue_item_names_its_owner_or_nobody(item: Initiative, own: Client) -> None:
    owned(item, "Olga Owner")
    make.initiative(code="free", name="Free", lead_division=item.lead_division, now=EARLY)
    metric = make.metric(
        name="Calls", code="calls", initiatives=[item], lead_division=item.lead_division, now=EARLY
    )
    make.observation(5, start=dt.date(2021, 10, 1), end=dt.date(2021, 12, 31), now=EARLY)
    make.target(90, period_start=dt.date(2021, 10, 1), end=dt.date(2021, 12, 31), now=EARLY)
    owned(metric, "Mark Metric")
    text = block(own, "Who answers for what is overdue")
    assert "Late Initiative Operations Olga Owner" in text
    assert "Free Initiative Operations Nobody" in text
    assert "Calls Metric Operations Mark Metric" in text
    owners = own.get(JSON).json()["internal"]["silent"]["owners"]
    assert [(each.get("initiative") or each["metric"], each["owner"]) for each in owners] == [
        ("free", None),
        ("late", "Olga Owner"),
        ("calls", "Mark Metric"),
    ]


def test_the_owner_is_who_owned_it_on_the_second_day(item: Initiative, own: Client) -> None:
    former = owned(item, "Olga Owner")
    end_assignment(assignment=former, on=dt.date(2022, 7, 10), by=make.BY, now=make.at(2022, 7, 10))
    assert "Late Initiative Operations Olga Owner" in block(own, "Who answers for what is overdue")
    today = BRIEF.replace("2022-06-30", "2022-08-20")
    assert "Nobody" in said(own, today)
    assert "Olga Owner" not in said(own, today)


def test_who_only_contributes_owns_nothing(item: Initiative, own: Client) -> None:
    offered = make.offer(item=item, role=AssignmentRole.CONTRIBUTOR, now=EARLY)
    accept_assignment(assignment=offered, on=EARLY.date(), by=make.BY, now=EARLY)
    assert "Late Initiative Operations Nobody" in block(own, "Who answers for what is overdue")


# ── Who asked, and whom ──────────────────────────────────────────────────────────────────────


def asked(item: Initiative) -> Any:
    asker = make.person(name="Quentin Query")
    inside = {"visibility": Visibility.INTERNAL, "now": BETWEEN}
    return make.question(item=item, asker=asker, text="Zebra, why?", **inside)


def test_a_question_says_who_asked_and_to_whom_it_went(item: Initiative, own: Client) -> None:
    owned(item, "Olga Owner")
    make.answer(question=asked(item), author=make.person(name="Anna Answer"), now=BETWEEN)
    text = block(own, "Questions among staff")
    assert "Asked by Quentin Query Went to Olga Owner" in text
    assert "Answered by Anna Answer It is not." in text
    [told] = own.get(JSON).json()["internal"]["questions"]["asked"]
    assert (told["asked_by"], told["went_to"]["owner"]) == ("Quentin Query", "Olga Owner")
    assert [each["by"] for each in told["answers"]] == ["Anna Answer"]


def test_a_question_about_an_internal_metric_is_told(item: Initiative, own: Client) -> None:
    metric = make.metric(initiatives=[item], visibility=Visibility.INTERNAL, now=EARLY)
    make.question(item=metric, text="Why is it hidden?", now=BETWEEN)
    assert "Why is it hidden?" in said(own)
    assert "Why is it hidden?" not in said(Client())


def test_what_is_asked_inside_stands_there_at_once(item: Initiative, own: Client) -> None:
    today = f"{BRIEF.partition('?')[0]}?from=2022-03-31"
    with time_machine.travel(make.at(2022, 8, 20, 13), tick=False):
        assert "Why so late?" not in said(own, today)
        make.question(item=item, text="Why so late?", now=make.at(2022, 8, 20, 13, 10))
    with time_machine.travel(make.at(2022, 8, 20, 13, 20), tick=False):
        assert "Why so late?" in said(own, today)
        assert "Why so late?" not in said(Client(), today)


def test_without_an_owner_it_went_to_who_stands_in(item: Initiative, own: Client) -> None:
    asked(item)
    went = "Went to Whoever edits for Operations: nobody had accepted it"
    assert went in block(own, "Questions among staff")


@pytest.mark.parametrize(("day", "told"), [(31, False), (32, True)])
def test_what_was_closed_on_the_first_day_stood_in_the_brief_before(
    item: Initiative, own: Client, day: int, told: bool
) -> None:
    asker = make.person(name="Quentin Query")
    on = dt.date(2022, 2, 28) + dt.timedelta(days=day)
    when = make.at(on.year, on.month, on.day)
    inside = {"visibility": Visibility.INTERNAL, "now": EARLY}
    question = make.question(item=item, asker=asker, text="Zebra, why?", **inside)
    close_question(question=question, on=on, by=asker, now=when)
    assert ("Zebra, why?" in said(own)) is told


def test_a_public_question_about_what_is_hidden_is_told_to_reviewers(
    item: Initiative, own: Client
) -> None:
    question = {"text": "Zebra, why?", "visibility": Visibility.PUBLIC, "now": EARLY}
    make.question(item=item, asker=make.person(name="Quentin Query"), **question)
    withdraw(item)
    assert "Zebra, why?" in block(own, "Questions among staff")
    assert "Zebra" not in said(Client())


# ── What was withdrawn ───────────────────────────────────────────────────────────────────────


def withdraw(item: Initiative, *, also: Metric | None = None) -> None:
    boss = make.grant(Role.PLAN_ADMINISTRATOR, person=make.person(name="Bea Boss")).person
    act: dict[str, Any] = {"by": boss, "now": BETWEEN, "reason": "Zebra in court."}
    inside = {"visibility": "internal"}
    revise_initiative(initiative=item, changes=inside, **act)
    if also is not None:
        revise_metric(metric=also, changes=inside, **act)


def test_what_was_withdrawn_is_named_with_day_and_reason(item: Initiative, own: Client) -> None:
    metric = make.metric(name="Calls", code="calls", initiatives=[item], now=EARLY)
    withdraw(item, also=metric)
    text = block(own, "No longer public, by name")
    facts = "10 May 2022 Reason Zebra in court. By Bea Boss (Plan administrator)"
    assert f"Late Initiative · {facts}" in text
    assert f"Calls Metric · {facts}" in text
    # Each is told once: what is told here is no longer among the items that are not public.
    assert "Items that are not public" not in said(own)
    [first, second] = own.get(JSON).json()["internal"]["scope"]["withdrawn"]
    assert (first["initiative"], first["reason"], first["by"]) == (
        "late",
        "Zebra in court.",
        "Bea Boss",
    )
    assert second["metric"] == "calls"


def test_what_is_public_again_was_not_withdrawn(item: Initiative, own: Client) -> None:
    withdraw(item)
    revise_initiative(
        initiative=item,
        changes={"visibility": "public"},
        by=make.BY,
        now=make.at(2022, 5, 20),
        reason="Over.",
    )
    assert own.get(JSON).json()["internal"]["scope"]["withdrawn"] == []
    assert "For reviewers</span> No longer public, by name" not in said(own)


# ── Nobody else ──────────────────────────────────────────────────────────────────────────────


def test_strangers_and_twins_have_none_of_it(item: Initiative, own: Client) -> None:
    other = make.initiative(code="gone", name="Zebra gone", now=EARLY)
    owned(item, "Zebra Owner")
    asked(item)
    withdraw(other)
    for client in (Client(), own):
        assert "zebra" not in said(client, TWIN).lower()
        assert "Quentin" not in said(client, TWIN)
    text = said(Client())
    assert "zebra" not in text.lower()
    assert "Quentin" not in text
    assert Client().get(JSON).status_code == 302


def test_the_raw_values_are_the_public_ones_and_what_is_internal(
    item: Initiative, own: Client
) -> None:
    public, response = own.get(TWIN).json(), own.get(JSON)
    found = response.json()
    assert found.pop("audience") == "internal"
    assert set(found.pop("internal")) == {"scope", "status", "silent", "questions"}
    assert found == public
    assert {"private", "no-store"} <= set(response.headers["Cache-Control"].split(", "))
    one = own.get(f"{JSON}&sections=silent").json()
    assert list(one["internal"]) == ["silent"]
    assert own.get(JSON.replace("03-31", "06-30")).json()["internal"] == {}


@pytest.mark.parametrize("path", [BRIEF, JSON])
def test_it_takes_as_many_statements_for_one_row_as_for_four(
    path: str, item: Initiative, own: Client
) -> None:
    """At both sizes everything is there: an owner, a question, what was withdrawn."""
    gone = [make.initiative(now=EARLY) for _each in range(4)]
    late = [item, *(make.initiative(now=EARLY) for _each in range(3))]
    for each in late:
        owned(each)
    boss = {"by": make.BY, "now": BETWEEN}
    hide = {"changes": {"visibility": "internal"}, "reason": "In court.", **boss}
    inside = {"visibility": Visibility.INTERNAL, "now": BETWEEN}
    make.question(item=item, **inside)
    revise_initiative(initiative=gone[0], **hide)
    own.get(path)
    few = statements(own, path)
    for more, other in zip(late[1:], gone[1:], strict=True):
        make.question(item=more, **inside)
        revise_initiative(initiative=other, **hide)
    own.get(path)
    assert statements(own, path) == few


def statements(client: Client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        client.get(path)
    return len(captured)
