"""Nothing typed is lost: drafts, a session that ended, and somebody else who was first."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client

from priorities import clock
from priorities.actions import initiatives, reporting
from priorities.actions.recording import WriteRefused
from priorities.enums import Health, Role
from priorities.models import ChangeEvent, Draft, Initiative, StatusUpdate
from tests import factories as make
from tests.priorities.views.reporting import (
    HX,
    NOW,
    Q2,
    TROUBLE,
    address,
    fields_of,
    manager,
    newest,
    reported,
    send,
    signed_in,
    texts,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda *_known: NOW)


def two_writers(**said: object) -> tuple[Initiative, Client, Client]:
    """One item and two people who may report it: its owner and the editor of its division."""
    item = reported(**said)
    item = initiatives.revise_initiative(
        initiative=item, changes={"lead_division": make.division()}, by="x", now=make.moment()
    )
    mine, _person = manager(item)
    editor = make.grant(Role.DIVISION_EDITOR, division=item.lead_division).person
    return item, mine, signed_in(editor)


# ── Drafts ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("hx", [False, True])
def test_a_draft_is_shown_when_the_page_is_opened_again(hx: bool) -> None:
    item = reported()
    client, person = manager(item)
    events = ChangeEvent.objects.count()
    reply = send(client, item, "draft", hx=hx, standing="at_risk", narrative="Half a sent")
    if hx:
        assert texts(reply).strip() == "Saved as draft 09:00"
        assert (reply["HX-Retarget"], reply["HX-Reswap"]) == (f"#item-{item.pk}-draft", "innerHTML")
    else:
        assert (reply.status_code, reply["Location"]) == (302, address(item))
    fields = fields_of(client, item, "/updates/")
    assert (fields["standing"], fields["narrative"]) == ("at_risk", "Half a sent")
    assert "Saved as draft 09:00" in texts(client.get("/updates/"))  # type: ignore[arg-type]
    draft = Draft.objects.get()
    assert (draft.person, draft.form) == (person, f"initiative:{item.pk}:2022-06-30")
    assert (ChangeEvent.objects.count(), StatusUpdate.objects.count()) == (events, 1)


def test_a_draft_keeps_the_fields_of_the_form_and_nothing_else() -> None:
    item = reported()
    client, _person = manager(item)
    send(client, item, "draft", narrative="Half", is_superuser="1")
    assert set(Draft.objects.get().fields) == {
        "standing",
        "percent_complete",
        "narrative",
        "next_steps",
        "cause",
        "recovery_step",
        "recovery_on",
        "closed_on",
        "correction",
    }


def test_nobody_else_sees_a_draft() -> None:
    item, mine, other = two_writers()
    send(mine, item, "draft", narrative="Between us")
    assert fields_of(other, item)["narrative"] == ""


def test_a_draft_can_be_thrown_away() -> None:
    item = reported()
    client, _person = manager(item)
    send(client, item, "draft", narrative="Half")
    assert client.post(address(item, "draft"), {"discard": "1"}).status_code == 302
    assert Draft.objects.count() == 0
    assert fields_of(client, item)["narrative"] == ""


def test_nothing_changed_leaves_what_was_typed_as_a_draft() -> None:
    item = reported()
    client, _person = manager(item)
    send(client, item, "draft", narrative="Half")
    client.post(address(item, "nothing-changed"))
    assert Draft.objects.get().fields["narrative"] == "Half"


# ── A session that ended ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("what", ["save", "draft"])
def test_what_was_sent_after_the_session_had_ended_is_given_back(what: str) -> None:
    item = reported()
    client, person = manager(item)
    fields = fields_of(client, item, "/updates/") | {"narrative": "Long & thought through."}
    client.logout()
    reply = client.post(address(item, what), fields)
    assert (reply.status_code, reply["Location"].endswith("?next=/updates/")) == (302, True)
    assert StatusUpdate.objects.count() == 1
    client.force_login(person)
    page = client.get("/updates/")
    assert "You were signed out before this was saved. What you typed is back." in texts(page)  # type: ignore[arg-type]
    assert fields_of(client, item, "/updates/")["narrative"] == "Long & thought through."
    send(client, item)
    assert newest(item).narrative == "Long & thought through."


def test_it_is_given_back_to_its_author_alone() -> None:
    item, mine, _other = two_writers()
    fields = fields_of(mine, item, "/updates/") | {"narrative": "Mine alone."}
    mine.logout()
    mine.post(address(item, "save"), fields)
    mine.force_login(make.grant(Role.DIVISION_EDITOR, division=item.lead_division).person)
    assert fields_of(mine, item)["narrative"] == ""


# ── Somebody else was first ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("hx", [False, True])
def test_a_conflict_shows_both_versions_side_by_side(hx: bool) -> None:
    item, mine, other = two_writers()
    fields = fields_of(mine, item) | {"narrative": "Half is moved.", "percent_complete": "50"}
    send(other, item, narrative="A third is moved.", percent_complete="33")
    reply = mine.post(address(item, "save"), fields, headers=HX if hx else {})
    page = reply.content.decode()
    assert reply.status_code == 409
    picks = re.findall(r'name="pick-(\w+)" value="mine" checked', page)
    assert picks == ["percent_complete", "narrative"]
    words = texts(reply)  # type: ignore[arg-type]
    assert "Yours Half is moved." in words
    assert "Theirs A third is moved." in words
    assert "Person 2, 5 Jul 2022, 9:00 a.m." in words
    assert StatusUpdate.objects.count() == 2
    assert Draft.objects.get().fields["narrative"] == "Half is moved."


def conflict(said: dict[str, str], theirs: dict[str, str]) -> tuple[Initiative, Client, dict]:
    """A conflict as the page shows it: the item, the client, the fields of its form."""
    item, mine, other = two_writers()
    fields = fields_of(mine, item) | said
    send(other, item, **theirs)
    page = mine.post(address(item, "save"), fields).content.decode()
    form = re.search(r'<form class="update__form conflict".*?</form>', page, re.S)
    assert form, page
    hidden = dict(re.findall(r'type="hidden" name="([\w-]+)" value="([^"]*)"', form[0]))
    return item, mine, hidden


SAID = {"narrative": "Half is moved.", "percent_complete": "50"}
THEIRS = {"narrative": "A third is moved.", "percent_complete": "33"}


@pytest.mark.parametrize(
    ("choice", "stands"),
    [
        ({}, ("Half is moved.", 50)),
        ({"take": "mine"}, ("Half is moved.", 50)),
        ({"pick-narrative": "mine", "pick-percent_complete": "theirs"}, ("Half is moved.", 33)),
        ({"pick-narrative": "theirs", "pick-percent_complete": "mine"}, ("A third is moved.", 50)),
    ],
)
def test_a_conflict_is_settled_field_by_field(
    choice: dict[str, str], stands: tuple[str, int]
) -> None:
    item, mine, hidden = conflict(SAID, THEIRS)
    assert mine.post(address(item, "save"), hidden | choice).status_code == 302
    update = newest(item)
    assert (update.narrative, update.percent_complete) == stands
    assert StatusUpdate.objects.count() == 3
    assert Draft.objects.count() == 0


def test_leaving_theirs_writes_nothing() -> None:
    item, mine, hidden = conflict(SAID, THEIRS)
    assert mine.post(address(item, "save"), hidden | {"take": "theirs"}).status_code == 302
    assert (StatusUpdate.objects.count(), Draft.objects.count()) == (2, 0)
    assert newest(item).narrative == "A third is moved."


def test_a_form_sent_twice_is_no_conflict_and_saved_once() -> None:
    item = reported()
    client, _person = manager(item)
    fields = fields_of(client, item) | SAID
    assert [client.post(address(item, "save"), fields).status_code for _ in range(2)] == [302, 302]
    assert StatusUpdate.objects.count() == 2


def test_a_moved_milestone_alone_is_asked_about_alone() -> None:
    item, mine, _other = two_writers()
    step = make.milestone(initiative=item, due_on=dt.date(2022, 9, 30))
    fields = fields_of(mine, item) | {"narrative": "Mine."}
    initiatives.revise_milestone(
        milestone=step,
        changes={"due_on": dt.date(2022, 10, 31)},
        reason="Holidays.",
        by="x",
        now=NOW,
    )
    reply = mine.post(address(item, "save"), fields)
    assert reply.status_code == 409
    picks = re.findall(r'name="pick-([\w-]+)" value="mine"', reply.content.decode())
    assert picks == [f"m{step.pk}-due_on"]


def test_nothing_changed_gives_way_to_what_somebody_else_said() -> None:
    item, mine, other = two_writers()
    seen = fields_of(mine, item)["seen"]
    send(other, item, **TROUBLE)
    reply = mine.post(address(item, "nothing-changed"), {"seen": seen})
    assert reply.status_code == 409
    assert "Somebody else has reported this meanwhile." in texts(reply)  # type: ignore[arg-type]
    assert newest(item).health == "at_risk"


def test_the_act_itself_refuses_what_was_typed_over_an_older_state() -> None:
    item = reported()
    period = make.period(Q2, plan=item.plan)
    act = {"by": "x", "now": NOW}
    said = {"lifecycle": "in_progress", "health": Health.ON_TRACK.value}
    with pytest.raises(reporting.Overtaken, match="Somebody else"):
        reporting.hand_in(initiative=item, period=period, said=said, seen="old", **act)
    assert issubclass(reporting.Overtaken, WriteRefused)
    assert StatusUpdate.objects.count() == 1


def test_in_place_a_conflict_keeps_the_name_of_its_card() -> None:
    item, mine, other = two_writers()
    fields = fields_of(mine, item, "/updates/") | SAID
    send(other, item, **THEIRS)
    words = texts(mine.post(address(item, "save"), fields, headers=HX))  # type: ignore[arg-type]
    assert (item.name in words, "Report for" in words) == (True, False)
