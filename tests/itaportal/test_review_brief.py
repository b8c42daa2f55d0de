"""The brief at its public address, for reviewers: with what is internal, apart and marked."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import User
from priorities.actions.updates import submit_update
from priorities.enums import Role, Visibility
from tests import factories as make

pytestmark = pytest.mark.django_db

BRIEF = "/plans/ita-2022-2023/brief/?from=2022-03-31&to=2022-06-30"
INTERNAL = "/plans/ita-2022-2023/brief.json?from=2022-03-31&to=2022-06-30"
BETWEEN = make.at(2022, 5, 10)
#: What each internal row says, and nothing public does.
MARK = "zebra"


@pytest.fixture(autouse=True)
def _summer() -> Iterator[None]:
    """It is 20 Aug 2022."""
    with time_machine.travel(make.at(2022, 8, 20, 12), tick=False):
        yield


@pytest.fixture
def reviewer() -> User:
    """Somebody of the council's staff, and a plan with something internal of every kind."""
    person = make.grant(Role.REVIEWER, person=make.person(name="Rita Reviewer")).person
    plan = make.plan()
    make.periods()
    top = make.priority()
    item = make.initiative(name="Cloud", now=make.at(2022, 3, 1))
    metric = make.metric(initiatives=[item], now=make.at(2022, 3, 1))
    make.initiative(name="Zebra hidden", priority=top, visibility="internal", now=BETWEEN)
    make.metric(
        name="Zebra metric", code="zebra", initiatives=[item], visibility="internal", now=BETWEEN
    )
    draft = make.draft(initiative=item, narrative="Zebra is not sure.", now=BETWEEN)
    submit_update(update=draft, by=make.BY, now=BETWEEN)
    inside = {"visibility": Visibility.INTERNAL, "now": BETWEEN}
    make.rating(item=item, reason="Zebra looks worse.", **inside)
    make.rating(item=metric, reason="Zebra looks worse here.", **inside)
    question = make.question(item=item, text="Zebra, why?", **inside)
    make.answer(question=question, text="Zebra says so.", now=BETWEEN)
    make.question(item=metric, text="Zebra, when?", **inside)
    make.report(initiative=item, period=make.period(dt.date(2022, 6, 30), plan=plan), now=BETWEEN)
    return person


def said(client: Client, path: str = BRIEF) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_a_stranger_reads_nothing_internal(reviewer: User, client: Client) -> None:
    assert MARK not in said(client).lower()
    assert MARK not in said(client, INTERNAL).lower()


def test_a_reviewer_reads_it_in_blocks_that_are_marked(reviewer: User, client: Client) -> None:
    client.force_login(reviewer)
    text = said(client)
    for words in (
        "Zebra hidden",
        "Zebra metric",
        "Zebra is not sure.",
        "Zebra looks worse.",
        "Zebra looks worse here.",
        "Zebra, why?",
        "Zebra says so.",
        "Zebra, when?",
    ):
        assert words in text
    blocks = re.findall(r'<div class="brief-block brief-block--internal">.*?</div>\n', text, re.S)
    assert len(blocks) == text.count('class="brief-internal"') == 4
    first = min(text.index(words) for words in ("Zebra hidden", "Zebra metric"))
    assert text.index("For reviewers") < first


def test_the_public_part_is_the_same_for_reviewers(reviewer: User, client: Client) -> None:
    public = said(client)
    client.force_login(reviewer)
    own = said(client)
    assert _tables(public) == _tables(own)
    assert json.loads(said(client, INTERNAL)) == json.loads(said(Client(), INTERNAL))


def _tables(text: str) -> list[str]:
    return re.findall(r"<table.*?</table>", text, re.S)


def test_only_the_page_of_reviewers_is_private(reviewer: User, client: Client) -> None:
    public = client.get(BRIEF)
    assert public.headers["Cache-Control"].startswith("public")
    assert public.headers["Vary"] == "Accept-Encoding"
    client.force_login(reviewer)
    own = client.get(BRIEF)
    assert "no-store" in own.headers["Cache-Control"]
    assert "private" in own.headers["Cache-Control"]
    assert "Cookie" in own.headers["Vary"]
    assert "ETag" not in own.headers


def test_who_holds_no_role_reads_the_public_page(reviewer: User, client: Client) -> None:
    client.force_login(make.person(name="Nora Nobody"))
    assert MARK not in said(client).lower()


def test_an_unknown_plan_is_unknown_to_reviewers_too(reviewer: User, client: Client) -> None:
    client.force_login(reviewer)
    assert client.get("/plans/no-such-plan/brief/").status_code == 404


def test_paper_and_freezing_are_within_reach(reviewer: User, client: Client) -> None:
    client.force_login(reviewer)
    text = said(client)
    for name in ("brief-pdf", "brief-json", "freeze-brief"):
        url = reverse(f"review:{name}", kwargs={"plan": "ita-2022-2023"})
        assert f"{url}?from=2022-03-31&amp;to=2022-06-30" in text


def test_only_what_is_written_asks_for_a_token(reviewer: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(reviewer)
    asked = [BRIEF, reverse("review:freeze-brief", kwargs={"plan": "ita-2022-2023"})]
    assert [browser.post(each).status_code for each in asked] == [405, 403]


def test_without_a_plan_the_room_of_briefs_says_what_its_neighbours_say() -> None:
    make.organization()
    browser = Client()
    browser.force_login(make.grant(Role.REVIEWER).person)
    for room in ("review:overview", "review:briefs"):
        answer = browser.get(reverse(room))
        assert answer.status_code == 200
        assert "Nothing to review yet" in answer.content.decode()
