"""Review of submitted updates: what would change, publish, return, and only what was looked at."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from priorities import clock
from priorities.actions import updates
from priorities.enums import Health, Role
from priorities.models import Draft, Initiative, StatusUpdate
from priorities.permissions import Permission, allowed
from priorities.queries.history import verify
from priorities.queries.review_queue import pending_updates, with_before
from tests import factories as make

pytestmark = pytest.mark.django_db

NOW = make.at(2022, 7, 6)
PAGE = "/updates/review/"


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda *_newest: NOW)


@pytest.fixture
def editor() -> User:
    """The editor of the services, above the desk; the plan needs a review."""
    services = make.division(code="services")
    make.division(code="desk", parent=services)
    make.division(code="data")
    make.priority(plan=make.plan(requires_review=True))
    return make.grant(Role.DIVISION_EDITOR, division=services).person


@pytest.fixture
def desk(client: Client, editor: User) -> Client:
    """The editor's browser."""
    client.force_login(editor)
    return client


def submitted(code: str, division: str = "desk", **said: Any) -> StatusUpdate:
    """An update that waits for a review."""
    lead = make.Division.objects.get(code=division)
    initiative = Initiative.objects.filter(code=code).first()
    row = make.draft(
        initiative=initiative or make.initiative(code=code, lead_division=lead),
        by="Ada Author",
        **{"narrative": f"The {code} goes on.", **said},
    )
    return updates.submit_update(update=row, by="Ada Author", now=make.moment())


def token(update: StatusUpdate) -> str:
    """What the page sends for an update as it is now."""
    (pending,) = with_before([StatusUpdate.objects.get(pk=update.pk)])
    return f"{update.pk}:{pending.fingerprint}"


def states(*rows: StatusUpdate) -> list[str]:
    return [StatusUpdate.objects.get(pk=row.pk).state for row in rows]


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_what_was_submitted_stands_by_division_beside_what_is_public(desk: Client) -> None:
    cloud = submitted("cloud")
    updates.publish_update(update=cloud, by="Ed", now=make.moment())
    later = make.period(dt.date(2022, 6, 30))
    trouble = {"health": Health.AT_RISK.value, "narrative": "It slips.", **make.TROUBLE}
    submitted("cloud", period=later, **trouble)
    submitted("phones", division="services")
    text = text_of(desk.get(PAGE))
    assert "2 updates wait for you" in text
    assert text.index("Desk") < text.index("Cloud") < text.index("Services") < text.index("Phones")
    assert "Reported for Q1 2022 Q2 2022" in text
    assert "Status On track At risk" in text
    assert "What happened The cloud goes on. It slips." in text
    assert "Cause nothing The vendor delivers late." in text
    assert "Q2 2022 · Ada Author" in text


def test_what_no_division_leads_comes_last(client: Client, editor: User) -> None:
    updates.submit_update(
        update=make.draft(initiative=make.initiative(code="alone")), by="Ada", now=make.moment()
    )
    submitted("cloud")
    client.force_login(make.grant(Role.PLAN_ADMINISTRATOR).person)
    text = text_of(client.get(PAGE))
    assert text.index("Desk") < text.index("Cloud") < text.index("No division")


def test_what_is_the_same_is_not_among_the_changes(desk: Client) -> None:
    first = submitted("cloud", percent_complete=40)
    updates.publish_update(update=first, by="Ed", now=make.moment())
    submitted("cloud", period=make.period(dt.date(2022, 6, 30)), percent_complete=40)
    text = text_of(desk.get(PAGE))
    assert "Percent complete" not in text
    assert "Reported for Q1 2022 Q2 2022" in text


def test_other_divisions_are_not_shown(desk: Client) -> None:
    submitted("cloud", division="data")
    assert "Nothing waits for review" in text_of(desk.get(PAGE))


def test_a_plan_administrator_sees_every_division(client: Client, editor: User) -> None:
    submitted("cloud", division="data")
    submitted("phones")
    client.force_login(make.grant(Role.PLAN_ADMINISTRATOR).person)
    assert "2 updates wait for you" in text_of(client.get(PAGE))


def test_drafts_and_returned_updates_do_not_wait(desk: Client) -> None:
    make.draft(initiative=make.initiative(lead_division=make.Division.objects.get(code="desk")))
    returned = submitted("cloud")
    updates.return_update(update=returned, comment="More.", by="Ed", now=make.moment())
    assert "Nothing waits for review" in text_of(desk.get(PAGE))


def test_the_menu_says_how_many_wait(desk: Client) -> None:
    submitted("cloud")
    assert "To publish 1 Plan work" in text_of(desk.get("/updates/values/"))


# ── Publish ──────────────────────────────────────────────────────────────────────────────────


def test_a_whole_division_is_published_in_one_go(desk: Client) -> None:
    rows = [submitted("cloud"), submitted("phones"), submitted("wires")]
    answer = desk.post(PAGE, {"publish": [token(row) for row in rows]}, follow=True)
    assert states(*rows) == ["published"] * 3
    assert "3 updates are public now." in text_of(answer)
    assert verify().count == 0


def test_what_is_not_ticked_stays(desk: Client) -> None:
    cloud, phones = submitted("cloud"), submitted("phones")
    desk.post(PAGE, {"publish": [token(cloud)]})
    assert states(cloud, phones) == ["published", "submitted"]


def test_one_is_published_by_its_own_button_whatever_is_ticked(desk: Client) -> None:
    cloud, phones = submitted("cloud"), submitted("phones")
    desk.post(PAGE, {"publish": [token(cloud), token(phones)], "one": token(phones)})
    assert states(cloud, phones) == ["submitted", "published"]


def test_nothing_ticked_is_said(desk: Client) -> None:
    submitted("cloud")
    answer = desk.post(PAGE, {"do": "publish"}, follow=True)
    assert "Tick at least one update, then publish." in text_of(answer)


def test_what_changed_after_it_was_looked_at_is_not_published_and_is_named(desk: Client) -> None:
    cloud, phones = submitted("cloud"), submitted("phones")
    looked_at = [token(cloud), token(phones)]
    updates.return_update(update=cloud, comment="More.", by="Kim", now=make.moment())
    updates.revise_draft(
        update=cloud, changes={"narrative": "Another text."}, by="Ada", now=make.moment()
    )
    updates.submit_update(update=cloud, by="Ada", now=make.moment())
    answer = desk.post(PAGE, {"publish": looked_at}, follow=True)
    text = text_of(answer)
    assert states(cloud, phones) == ["submitted", "published"]
    assert "Not published: Cloud. It has changed since you looked at it." in text
    assert "1 update is public now." in text


def test_what_would_replace_something_else_now_is_not_published(desk: Client) -> None:
    cloud = submitted("cloud")
    looked_at = token(cloud)
    other = submitted("cloud", narrative="Another.")
    updates.publish_update(update=other, by="Kim", now=make.moment())
    desk.post(PAGE, {"publish": [looked_at]})
    assert states(cloud) == ["submitted"]


def test_what_somebody_else_published_meanwhile_is_said(desk: Client) -> None:
    cloud = submitted("cloud")
    looked_at = token(cloud)
    updates.publish_update(update=cloud, by="Kim", now=make.moment())
    answer = desk.post(PAGE, {"publish": [looked_at]}, follow=True)
    assert "Not published: Cloud. It was published meanwhile." in text_of(answer)


def test_what_breaks_a_rule_is_named_and_the_others_are_published(desk: Client) -> None:
    cloud, phones = submitted("cloud", health=Health.AT_RISK.value), submitted("phones")
    answer = desk.post(PAGE, {"publish": [token(cloud), token(phones)]}, follow=True)
    assert states(cloud, phones) == ["submitted", "published"]
    assert "Not published: Cloud. Say the cause" in text_of(answer)


# ── Return ───────────────────────────────────────────────────────────────────────────────────


def test_an_update_is_returned_with_a_comment_and_its_author_is_told(
    desk: Client, django_capture_on_commit_callbacks: Any
) -> None:
    cloud = submitted("cloud")
    author = make.grant(Role.MANAGER, person=make.person(name="Ada Author")).person
    make.owner(item=cloud.initiative, person=author)
    with django_capture_on_commit_callbacks(execute=True):
        answer = desk.post(
            PAGE, {"return": token(cloud), f"comment.{cloud.pk}": "By when?"}, follow=True
        )
    row = StatusUpdate.objects.get(pk=cloud.pk)
    assert (row.state, row.return_comment) == ("returned", "By when?")
    assert "Returned to Ada Author: Cloud." in text_of(answer)
    assert [(letter.to, "By when?" in letter.body) for letter in mail.outbox] == [
        (["Ada Author <ada.author@example.org>"], True)
    ]
    desk.force_login(author)
    assert "By when?" in text_of(desk.get("/updates/"))


def test_a_return_needs_a_comment_and_keeps_what_is_typed_beside_the_others(desk: Client) -> None:
    cloud, phones = submitted("cloud"), submitted("phones")
    answer = desk.post(
        PAGE,
        {"return": token(cloud), f"comment.{cloud.pk}": " ", f"comment.{phones.pk}": "Half a"},
    )
    page = answer.content.decode()
    assert "Say what the author should change." in text_of(answer)
    assert f'href="#comment-{cloud.pk}"' in page
    assert "Half a</textarea>" in page
    assert states(cloud) == ["submitted"]


def test_a_comment_typed_beside_another_update_outlives_its_publishing(desk: Client) -> None:
    cloud, phones = submitted("cloud"), submitted("phones")
    desk.post(PAGE, {"one": token(cloud), f"comment.{phones.pk}": "Half a sentence"})
    assert "Half a sentence</textarea>" in desk.get(PAGE).content.decode()
    desk.post(PAGE, {"return": token(phones), f"comment.{phones.pk}": "Half a sentence."})
    assert Draft.objects.count() == 0


def test_what_changed_meanwhile_is_not_returned(desk: Client) -> None:
    cloud = submitted("cloud")
    sent = {"return": token(cloud), f"comment.{cloud.pk}": "More."}
    updates.return_update(update=cloud, comment="Less.", by="Kim", now=make.moment())
    answer = desk.post(PAGE, sent)
    assert StatusUpdate.objects.get(pk=cloud.pk).return_comment == "Less."
    assert "It has changed since you looked at it." in text_of(answer)


def test_comments_come_back_after_the_session_ended(client: Client, editor: User) -> None:
    cloud = submitted("cloud")
    fields = {"return": token(cloud), f"comment.{cloud.pk}": "By when?"}
    client.post(PAGE, fields | {"form_of": str(editor.pk)})
    kept = client.session["kept_form"]
    client.force_login(editor)
    session = client.session
    session["kept_form"] = kept
    session.save()
    assert "By when?</textarea>" in client.get(PAGE).content.decode()
    assert states(cloud) == ["submitted"]


def test_the_enter_key_publishes_nothing_and_keeps_ticks_and_comments(desk: Client) -> None:
    cloud, phones = submitted("cloud"), submitted("phones")
    elsewhere = submitted("wires", division="services")
    sent = {"shown": [cloud.pk, phones.pk], "publish": [token(cloud)]}
    answer = desk.post(PAGE, {"do": "look", **sent, f"comment.{phones.pk}": "Half a"})
    page = answer.content.decode()
    assert states(cloud, phones) == ["submitted"] * 2
    assert "Half a</textarea>" in page
    assert re.findall(r'id="publish-(\d+)"[^>]* checked', page) == [
        str(cloud.pk),
        str(elsewhere.pk),
    ]
    first = re.search(r"<button[^>]*>", page[page.index('action="/updates/review/"') :])
    assert first is not None
    assert 'value="look"' in first[0]


# ── Who may ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("button", ["publish", "one", "return"])
def test_an_update_of_another_division_is_refused_with_all_that_is_sent(
    desk: Client, button: str
) -> None:
    cloud, foreign = submitted("cloud"), submitted("foreign", division="data")
    sent = {
        "publish": [token(cloud), token(foreign)],
        f"comment.{foreign.pk}": "No.",
        button: token(foreign) if button != "publish" else [token(cloud), token(foreign)],
    }
    assert desk.post(PAGE, sent).status_code == 403
    assert states(cloud, foreign) == ["submitted"] * 2


@pytest.mark.parametrize("sent", ["0:x", "x", "", "99999999999999999999:x"])
def test_what_is_no_update_is_not_found(desk: Client, sent: str) -> None:
    assert desk.post(PAGE, {"one": sent or "x"}).status_code == 404


def test_a_manager_reviews_nothing(client: Client, editor: User) -> None:
    cloud = submitted("cloud")
    manager = make.grant(Role.MANAGER).person
    make.owner(item=cloud.initiative, person=manager)
    client.force_login(manager)
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"one": token(cloud)}).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_costs_the_same_for_one_update_and_for_three(editor: User, count: int) -> None:
    for number in range(count):
        submitted(f"cloud-{number}")
    with CaptureQueriesContext(connection) as asked:
        found = pending_updates(allowed(editor, Permission.REVIEW_UPDATES))
        fingerprints = {each.fingerprint for each in found}
    assert (len(fingerprints), len(asked)) == (count, 4)


def test_the_page_costs_the_same_for_one_update_and_for_more(desk: Client) -> None:
    costs = []
    for number in range(3):
        submitted(f"cloud-{number}")
        desk.get(PAGE)
        with CaptureQueriesContext(connection) as asked:
            desk.get(PAGE)
        costs.append(len(asked))
    assert costs == [costs[0]] * 3
