"""One item: its milestones, its review, its correction, its preview and its history."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client

from priorities import clock
from priorities.actions import updates
from priorities.enums import Health, Lifecycle
from priorities.models import ChangeEvent, Draft, Initiative, Milestone, RoundTiming, StatusUpdate
from priorities.queries.history import verify
from tests import factories as make
from tests.priorities.views.reporting import (
    HX,
    NOW,
    Q1,
    TROUBLE,
    address,
    fields_of,
    manager,
    newest,
    reported,
    send,
    texts,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda *_known: NOW)


def with_step(**values: Any) -> tuple[Initiative, Milestone, Client]:
    item = reported()
    step = make.milestone(initiative=item, **({"due_on": dt.date(2022, 9, 30)} | values))
    return item, step, manager(item)[0]


# ── Milestones ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "day"), [("", dt.date(2022, 7, 5)), ("2022-06-20", dt.date(2022, 6, 20))]
)
def test_a_milestone_is_ticked_off_today_unless_told(typed: str, day: dt.date) -> None:
    item, step, client = with_step()
    ticked = {f"m{step.pk}-done": "on", f"m{step.pk}-done_on": typed}
    assert send(client, item, narrative="Signed.", **ticked).status_code == 302
    step.refresh_from_db()
    assert (step.done_on, step.due_on) == (day, dt.date(2022, 9, 30))
    kinds = list(ChangeEvent.objects.order_by("-sequence").values_list("kind", "item_type")[:2])
    assert kinds == [("published", "status_update"), ("revised", "milestone")]


def test_a_moved_date_keeps_the_first_and_says_why() -> None:
    item, step, client = with_step()
    moved = {f"m{step.pk}-due_on": "2022-10-31"}
    reply = send(client, item, **moved)
    assert reply.status_code == 422
    assert "Say why the date moves; the first date is kept." in texts(reply)
    assert StatusUpdate.objects.count() == 1
    send(client, item, **moved, **{f"m{step.pk}-why": "The court is closed."})
    step.refresh_from_db()
    assert (step.due_on, step.original_due_on) == (dt.date(2022, 10, 31), dt.date(2022, 9, 30))
    event = ChangeEvent.objects.filter(item_type="milestone").latest("sequence")
    assert (event.fields["due_on"], event.reason, event.public) == (
        ["2022-09-30", "2022-10-31"],
        "The court is closed.",
        True,
    )
    assert "first promised for 30 Sep 2022" in texts(client.get(address(item)))  # type: ignore[arg-type]


def test_a_tick_can_be_taken_back_in_its_round_and_not_later() -> None:
    item, step, client = with_step(done_on=dt.date(2022, 6, 20))
    old = make.milestone(initiative=item, done_on=dt.date(2022, 3, 1))
    fields = fields_of(client, item)
    assert (f"m{step.pk}-done" in fields, f"m{old.pk}-due_on" in fields) == (True, False)
    fields.pop(f"m{step.pk}-done")
    client.post(address(item, "save"), fields)
    step.refresh_from_db()
    old.refresh_from_db()
    assert (step.done_on, old.done_on) == (None, dt.date(2022, 3, 1))


def test_a_tick_in_the_future_is_refused_and_nothing_is_written() -> None:
    item, step, client = with_step()
    ticked = {f"m{step.pk}-done": "on", f"m{step.pk}-done_on": "2022-07-06"}
    assert send(client, item, **ticked).status_code == 422
    step.refresh_from_db()
    assert (step.done_on, StatusUpdate.objects.count()) == (None, 1)


def test_the_update_and_its_milestones_stand_together_or_not_at_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    item, step, client = with_step()
    client.raise_request_exception = False

    def fail(**_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(updates, "report", fail)
    assert send(client, item, **{f"m{step.pk}-done": "on"}).status_code == 500
    step.refresh_from_db()
    assert (step.done_on, StatusUpdate.objects.count(), verify().count) == (None, 1, 0)


# ── Review ───────────────────────────────────────────────────────────────────────────────────


def reviewed() -> tuple[Initiative, Client]:
    plan = make.plan(requires_review=True)
    make.priority(plan=plan)
    make.periods()
    item = make.initiative(code="cloud", plan=plan)
    return item, manager(item)[0]


def test_where_a_review_is_required_the_update_is_submitted_and_waits() -> None:
    item, client = reviewed()
    assert "Submit for review" in texts(client.get("/updates/"))  # type: ignore[arg-type]
    send(client, item, standing="on_track", narrative="Half is moved.")
    update = newest(item)
    assert (update.state, update.published_at, update.narrative) == (
        "submitted",
        None,
        "Half is moved.",
    )
    words = texts(client.get("/updates/"))  # type: ignore[arg-type]
    assert f"Submitted for review: {item.name}." in words
    assert "Waits for review On track" in re.sub(r"Initiative|Cloud", "", words).replace("  ", " ")
    assert "Everything is done" in words


def test_a_returned_update_comes_back_with_the_comment_and_what_was_said() -> None:
    item, client = reviewed()
    send(client, item, standing="on_track", narrative="Half is moved.", percent_complete="50")
    update = newest(item)
    updates.return_update(update=update, comment="Half of what?", by="x", now=NOW)
    words = texts(client.get("/updates/"))  # type: ignore[arg-type]
    assert "Returned to you Half of what?" in words
    fields = fields_of(client, item)
    assert (fields["narrative"], fields["percent_complete"]) == ("Half is moved.", "50")
    send(client, item, narrative="Half of the mail is moved.")
    update.refresh_from_db()
    assert (update.state, update.narrative, update.return_comment) == (
        "submitted",
        "Half of the mail is moved.",
        "",
    )
    assert StatusUpdate.objects.count() == 1


def test_completing_waits_for_the_review_too() -> None:
    item, client = reviewed()
    typed = {"standing": "completed", "closed_on": "2022-06-28", "narrative": "All is moved."}
    send(client, item, **typed)
    update = newest(item)
    assert (update.state, update.lifecycle, update.closed_on) == (
        "submitted",
        "completed",
        dt.date(2022, 6, 28),
    )


def test_a_second_one_is_refused_while_the_first_waits() -> None:
    item, client = reviewed()
    fields = fields_of(client, item) | {"standing": "on_track", "narrative": "Half."}
    client.post(address(item, "save"), fields)
    fields["seen"] = ""
    reply = client.post(address(item, "save"), fields | {"narrative": "More.", "take": "mine"})
    assert reply.status_code == 409
    assert StatusUpdate.objects.count() == 1


# ── Say more, or correct ─────────────────────────────────────────────────────────────────────


def test_more_can_be_said_in_the_same_round() -> None:
    item = reported()
    client, _person = manager(item)
    send(client, item, narrative="Half.")
    send(client, item, narrative="Now all but one.", percent_complete="90")
    update = newest(item)
    assert (update.narrative, update.supersedes, update.percent_complete) == (
        "Now all but one.",
        None,
        90,
    )


def test_a_correction_supersedes_and_says_what_was_wrong() -> None:
    item = reported()
    client, _person = manager(item)
    send(client, item, narrative="Half.")
    wrong = newest(item)
    send(client, item, narrative="A third.", correction="Half was the target.")
    update = newest(item)
    assert (update.narrative, update.supersedes) == ("A third.", wrong)
    assert ChangeEvent.objects.latest("sequence").reason == "Half was the target."


def test_what_was_closed_by_mistake_is_corrected_and_not_merely_said_anew() -> None:
    item = reported()
    client, _person = manager(item)
    send(client, item, standing="completed", closed_on="2022-07-01", narrative="All.")
    reply = send(client, item, standing="on_track", narrative="Not all.")
    assert reply.status_code == 422
    assert "It is closed. Say what was wrong with that." in texts(reply)
    send(client, item, standing="on_track", narrative="Not all.", correction="One is left.")
    assert (newest(item).lifecycle, newest(item).health) == ("in_progress", "on_track")


# ── Preview and history ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("hx", [False, True])
def test_the_preview_shows_the_public_page_and_writes_nothing(hx: bool) -> None:
    item = reported()
    client, _person = manager(item)
    fields = fields_of(client, item) | TROUBLE | {"narrative": "Soon."}
    before = (ChangeEvent.objects.count(), StatusUpdate.objects.count(), Draft.objects.count())
    reply = client.post(address(item, "preview"), fields, headers=HX if hx else {})
    page = reply.content.decode()
    shown = re.search(r'<section class="public-preview".*?</section>', page, re.S)
    assert shown
    assert 'class="pill pill--at_risk"' in shown[0]
    assert "Why “at risk”?" in shown[0]
    assert "The vendor is late." in shown[0]
    assert "Soon." in shown[0]
    after = (ChangeEvent.objects.count(), StatusUpdate.objects.count(), Draft.objects.count())
    assert after == before
    if hx:
        assert reply["HX-Retarget"] == f"#item-{item.pk}-preview"
    else:
        assert re.search(r'<textarea name="narrative"[^>]*>\s*Soon\.</textarea>', page)
    assert "At risk" not in texts(client.get(item.get_absolute_url()))  # type: ignore[arg-type]


def test_the_preview_says_what_is_wrong() -> None:
    item = reported()
    client, _person = manager(item)
    fields = fields_of(client, item) | {"standing": "at_risk"}
    assert client.post(address(item, "preview"), fields).status_code == 422


def test_the_history_stands_beside_the_form() -> None:
    item, step, client = with_step()
    send(client, item, narrative="Contract is out.", **{f"m{step.pk}-done": "on"})
    page = client.get(address(item))
    words = texts(page)  # type: ignore[arg-type]
    assert "What was said before" in words
    assert "Contract is out." in words
    assert "Milestone “Contract signed” done on 5 Jul 2022" in words
    assert "Say more or correct it" not in words


def test_an_internal_item_is_reported_and_its_preview_says_that_nobody_sees_it() -> None:
    make.periods()
    item = make.initiative(code="secret", visibility="internal")
    client, _person = manager(item)
    fields = fields_of(client, item) | {"standing": "on_track"}
    words = texts(client.post(address(item, "preview"), fields))  # type: ignore[arg-type]
    assert "The public does not see this initiative: it is internal." in words
    assert send(client, item, standing="on_track").status_code == 302
    assert newest(item).state == "published"


def test_of_what_begins_later_nothing_is_expected() -> None:
    make.periods()
    item = make.initiative(start=dt.date(2022, 7, 1))
    client, _person = manager(item)
    assert "Nothing is expected of this initiative" in texts(client.get(address(item)))  # type: ignore[arg-type]
    for what in ("save", "nothing-changed", "draft", "preview"):
        assert client.post(address(item, what), {"standing": "on_track"}).status_code == 302
    assert StatusUpdate.objects.count() == 0
    assert RoundTiming.objects.count() == 0


def test_work_that_has_not_begun_begins_with_its_first_percent() -> None:
    make.periods()
    item = make.initiative()
    make.report(
        initiative=item,
        period=make.period(Q1),
        lifecycle=Lifecycle.NOT_STARTED,
        health=Health.ON_TRACK,
        now=make.at(2022, 4, 10),
    )
    client, _person = manager(item)
    send(client, item, narrative="The team is named.")
    assert newest(item).lifecycle == "not_started"
    send(client, item, narrative="Begun.", percent_complete="5")
    assert newest(item).lifecycle == "in_progress"


def test_completing_as_a_correction_tells_both() -> None:
    item = reported()
    client, _person = manager(item)
    send(client, item, narrative="Half.")
    typed = {"standing": "completed", "closed_on": "2022-07-01", "narrative": "All is moved."}
    assert send(client, item, correction="It was all of it.", **typed).status_code == 302
    event = ChangeEvent.objects.latest("sequence")
    assert (newest(item).closed_on, event.reason) == (dt.date(2022, 7, 1), "It was all of it.")


def test_a_reviewed_correction_tells_the_public_why_once_it_is_published() -> None:
    item, client = reviewed()
    send(client, item, standing="on_track", narrative="Half.")
    first = updates.publish_update(update=newest(item), by="x", now=NOW)
    send(client, item, narrative="A third.", correction="Half was the target.")
    second = newest(item)
    assert (second.state, second.supersedes) == ("submitted", first)
    updates.publish_update(update=second, by="x", now=NOW)
    event = ChangeEvent.objects.latest("sequence")
    assert (event.kind, event.public, event.reason) == ("published", True, "Half was the target.")
