"""A reviewer freezes a brief: what is kept, who may read it, and that nothing half is kept."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client

from dashboards.pdf import paper
from dashboards.pdf.setting import EVERYONES, NotSet, Turn
from itaportal import freezing
from priorities.enums import Role
from priorities.models import ChangeEvent, FrozenBrief
from tests import factories as make

pytestmark = pytest.mark.django_db

ROOM = "/review/briefs/ita-2022-2023/"
SECTIONS = (
    "state",
    "scope",
    "status",
    "dates",
    "targets",
    "values",
    "silent",
    "questions",
    "ahead",
)
TYPED = {
    "since": "2022-03-31",
    "until": "2022-07-31",
    "visibility": "public",
    "note": "Zebra note.\r\n\r\nMore.",
    "section_scope": "on",
    "section_dates": "on",
    "step": "send",
}


@pytest.fixture(autouse=True)
def _plan() -> Iterator[None]:
    """A plan in which something moved, on 20 Aug 2022."""
    paper.PAPERS.forget()
    make.plan(title="Excellent Tech")
    make.meeting(held_on=dt.date(2022, 5, 18))
    make.initiative(code="cloud", name="Cloud migration")
    make.initiative(code="late", name="Late in the plan", now=make.at(2022, 5, 2))
    with time_machine.travel(make.at(2022, 8, 20), tick=False):
        yield


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The documents that were set, without the typesetter."""
    documents: list[dict[str, Any]] = []

    def note(_template: Path, document: dict[str, Any]) -> bytes:
        documents.append(document)
        return b"%PDF-1.7"

    monkeypatch.setattr(paper, "set_document", note)
    return documents


@pytest.fixture
def reviewer(client: Client) -> Client:
    client.force_login(make.grant(Role.REVIEWER, person=make.person(name="Rae Reviewer")).person)
    return client


def test_the_form_begins_with_the_last_meeting(reviewer: Client) -> None:
    html = reviewer.get(f"{ROOM}new/").content.decode()
    days = dict(re.findall(r'type="date" name="(\w+)" value="([^"]+)"', html))
    assert days == {"since": "2022-05-18", "until": "2022-08-20"}
    assert [len(re.findall(f'name="section_{code}"', html)) for code in SECTIONS] == [1] * 9
    assert not re.search(r'name="visibility"[^>]*checked', html)
    asked = reviewer.get(f"{ROOM}new/?from=2022-03-31&to=2022-06-30").content.decode()
    days = dict(re.findall(r'type="date" name="(\w+)" value="([^"]+)"', asked))
    assert days == {"since": "2022-03-31", "until": "2022-06-30"}


def test_it_is_shown_who_will_read_it_before_it_is_kept(
    reviewer: Client, made: list[dict[str, Any]]
) -> None:
    html = reviewer.post(f"{ROOM}new/", TYPED | {"step": "look"}).content.decode()
    assert "Everyone will be able to read this" in html
    assert "31 Mar 2022" in html
    assert "What is in the plan and Dates that moved" in html
    assert (FrozenBrief.objects.count(), made) == (0, [])


def test_a_frozen_brief_is_kept_and_read_by_everyone(
    reviewer: Client, made: list[dict[str, Any]]
) -> None:
    answer = reviewer.post(f"{ROOM}new/", TYPED)
    row = FrozenBrief.objects.get()
    address = f"/plans/ita-2022-2023/briefs/{row.code}/"
    assert (answer.status_code, answer.headers["Location"]) == (302, address)
    assert (row.since, row.until) == (dt.date(2022, 3, 31), dt.date(2022, 7, 31))
    assert (row.visibility, len(row.left_out), row.recorded_by) == ("public", 7, "Rae Reviewer")
    content = json.loads(row.content)
    assert [section["code"] for section in content["brief"]["sections"]] == ["scope", "dates"]
    assert content["brief"]["note"] == ["Zebra note.", "More."]
    assert hashlib.sha256(row.content.encode()).hexdigest() == row.sha256
    assert made[0]["kept"]["url"].endswith(address)
    assert made[0]["kept"]["sha256"] == row.sha256
    html = Client().get(address).content.decode()
    assert "Zebra note." in html
    assert "Late in the plan" in html
    assert "Rae" not in html
    assert "Rae" not in row.content
    event = ChangeEvent.objects.latest("sequence")
    assert (event.kind, event.public, event.fields["sha256"]) == (
        "frozen",
        True,
        [None, row.sha256],
    )


def test_one_for_reviewers_is_read_by_them_alone(
    reviewer: Client, made: list[dict[str, Any]]
) -> None:
    answer = reviewer.post(f"{ROOM}new/", TYPED | {"visibility": "internal"})
    row = FrozenBrief.objects.get()
    address = f"{ROOM}{row.code}/"
    assert answer.headers["Location"] == address
    page = reviewer.get(address)
    assert page.status_code == 200
    assert b"Zebra note." in page.content
    assert "no-store" in page.headers["Cache-Control"]
    assert reviewer.get(f"{ROOM}{row.code}.json").content == row.content.encode()
    assert reviewer.get(f"{ROOM}{row.code}.pdf").content == b"%PDF-1.7"
    assert made[0]["kept"]["url"].endswith(address)
    assert b"Reviewers" in reviewer.get(ROOM).content
    for end in ("/", ".json", ".pdf"):
        assert Client().get(f"{ROOM}{row.code}{end}").status_code == 302
        assert Client().get(f"/plans/ita-2022-2023/briefs/{row.code}{end}").status_code == 404
    for path in ("briefs/", "history/", "changes/", "briefs.json", "history.json"):
        assert b"Zebra" not in Client().get(f"/plans/ita-2022-2023/{path}").content
    assert b"Zebra" not in b"".join(Client().get("/data/events.jsonl").streaming_content)


def test_a_second_click_freezes_no_second_brief(
    reviewer: Client, made: list[dict[str, Any]]
) -> None:
    with time_machine.travel(make.at(2022, 8, 20), tick=False) as clock:
        answers = [reviewer.post(f"{ROOM}new/", TYPED).headers["Location"]]
        clock.shift(dt.timedelta(seconds=2))
        answers.append(reviewer.post(f"{ROOM}new/", TYPED).headers["Location"])
        assert (answers[0], len(made)) == (answers[1], 1)
        clock.shift(dt.timedelta(minutes=3))
        assert reviewer.post(f"{ROOM}new/", TYPED).headers["Location"] != answers[0]
    assert FrozenBrief.objects.count() == 2


def test_the_room_leads_to_the_plan_in_force(reviewer: Client) -> None:
    make.plan(code="later", period_start=dt.date(2024, 1, 1), period_end=dt.date(2025, 12, 31))
    assert reviewer.get("/review/briefs/").headers["Location"] == ROOM


def test_the_form_takes_the_sections_of_the_page(reviewer: Client) -> None:
    html = reviewer.get(f"{ROOM}new/?sections=scope,dates").content.decode()
    checked = re.findall(r'name="section_(\w+)"[^>]*checked', html)
    assert checked == ["scope", "dates"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"since": "2022-07-31"}, "The first day must be before the second."),
        ({"until": "2022-08-21"}, "This day is ahead."),
        ({"since": "yesterday"}, "Enter a valid date."),
        ({"visibility": ""}, "Choose who may read it."),
        ({"section_scope": "", "section_dates": ""}, "Choose at least one section."),
        ({"note": "x" * 4001}, "4000 characters"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    reviewer: Client, made: list[dict[str, Any]], changed: dict[str, str], said: str
) -> None:
    answer = reviewer.post(f"{ROOM}new/", TYPED | changed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "Zebra note." in answer.content.decode() or "xxx" in answer.content.decode()
    assert FrozenBrief.objects.count() == 0


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Turn:
    """The turn of reviewers, for which nobody waits."""
    turn = Turn(patience=0)
    monkeypatch.setattr(freezing, "REVIEWERS", turn)
    return turn


def test_when_the_typesetter_is_busy_nothing_is_lost(
    reviewer: Client, impatient: Turn, made: list[dict[str, Any]]
) -> None:
    with impatient.taken():
        answer = reviewer.post(f"{ROOM}new/", TYPED)
        paper_now = reviewer.get(f"{ROOM}now.pdf?from=2022-03-31&to=2022-07-31")
    assert answer.status_code == 422
    assert b"Other briefs are being made just now." in answer.content
    assert b"Zebra note." in answer.content
    assert (paper_now.status_code, paper_now.headers["Retry-After"]) == (503, "20")
    assert (FrozenBrief.objects.count(), made) == (0, [])


def test_no_stranger_keeps_a_reviewer_from_freezing(
    reviewer: Client, made: list[dict[str, Any]]
) -> None:
    with EVERYONES.taken():
        assert reviewer.post(f"{ROOM}new/", TYPED).status_code == 302
        now = reviewer.get(f"{ROOM}now.pdf?from=2022-03-31&to=2022-07-31")
    assert (now.status_code, len(made)) == (200, 2)


def test_what_cannot_be_set_is_said_and_nothing_is_lost(
    reviewer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object) -> bytes:
        raise NotSet("It took longer than 30 seconds.")

    monkeypatch.setattr(paper, "set_document", refuse)
    answer = reviewer.post(f"{ROOM}new/", TYPED)
    assert answer.status_code == 422
    assert b"The brief could not be set on paper" in answer.content
    assert b"Zebra note." in answer.content
    assert FrozenBrief.objects.count() == 0
    now = reviewer.get(f"{ROOM}now.pdf?from=2022-03-31&to=2022-07-31")
    assert (now.status_code, now.headers["Retry-After"]) == (503, "600")
    assert b"longer than 30" not in now.content


def test_of_two_clicks_at_once_the_later_gets_what_the_first_one_froze(
    reviewer: Client, made: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In another worker of the server the first one is kept while the paper is being set."""
    first = reviewer.post(f"{ROOM}new/", TYPED)
    monkeypatch.setattr(freezing, "just_frozen", lambda *_args, **_same: None)
    with time_machine.travel(make.at(2022, 8, 20, second=2), tick=False):
        second = reviewer.post(f"{ROOM}new/", TYPED)
    assert len(made) == 2
    assert second.headers["Location"] == first.headers["Location"]
    assert FrozenBrief.objects.count() == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"since": "2022-04-30"},
        {"until": "2022-06-30"},
        {"visibility": "internal"},
        {"note": "Another."},
        {"section_values": "on"},
    ],
)
def test_another_brief_is_another(
    reviewer: Client, made: list[dict[str, Any]], changed: dict[str, str]
) -> None:
    reviewer.post(f"{ROOM}new/", TYPED)
    reviewer.post(f"{ROOM}new/", TYPED | changed)
    assert FrozenBrief.objects.count() == 2


def test_the_same_brief_of_somebody_else_is_another(
    reviewer: Client, made: list[dict[str, Any]], client: Client
) -> None:
    reviewer.post(f"{ROOM}new/", TYPED)
    client.force_login(make.grant(Role.REVIEWER, person=make.person(name="Roy")).person)
    with time_machine.travel(make.at(2022, 8, 20, second=2), tick=False):
        client.post(f"{ROOM}new/", TYPED)
    assert FrozenBrief.objects.count() == 2


def test_a_stranger_and_who_has_no_role_freeze_nothing(client: Client) -> None:
    assert client.post(f"{ROOM}new/", TYPED).status_code == 302
    client.force_login(make.person())
    assert client.post(f"{ROOM}new/", TYPED).status_code == 403
    assert FrozenBrief.objects.count() == 0


def test_a_form_from_elsewhere_is_refused(reviewer: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make.grant(Role.REVIEWER).person)
    assert strict.post(f"{ROOM}new/", TYPED).status_code == 403


def test_no_brief_is_frozen_of_a_plan_that_nobody_may_know(reviewer: Client) -> None:
    make.plan(code="draft", state="draft")
    assert reviewer.get("/review/briefs/draft/new/").status_code == 404
    assert reviewer.get("/review/briefs/none/").status_code == 404
