"""My updates: what is due stands on one page, filled in from last time, saved item by item."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from priorities import clock
from priorities.actions import rounds
from priorities.enums import Health, Role
from priorities.models import Draft, RoundTiming, StatusUpdate
from priorities.queries.history import verify
from tests import factories as make
from tests.priorities.views.reporting import (
    BEFORE,
    HX,
    NOW,
    Q1,
    Q2,
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


# ── The page ─────────────────────────────────────────────────────────────────────────────────


def test_the_head_says_how_much_is_to_go() -> None:
    one, other = reported("one"), reported("other")
    client, person = manager(one, other)
    rounds.note_activity(person=person, period_end=Q1, now=BEFORE)
    after = BEFORE + dt.timedelta(seconds=170)
    rounds.note_activity(person=person, period_end=Q1, saved=True, now=after)
    send(client, one, narrative="Done.")
    words = texts(client.get("/updates/"))  # type: ignore[arg-type]
    assert "Quarter ending 30 Jun 2022 · due in 10 days 1 update to go" in words
    assert "1 of 2 done. Last round: 3 min." in words


def test_the_menu_says_how_many_wait() -> None:
    client, _person = manager(reported("one"), reported("other"))
    page = client.get("/updates/").content.decode()
    assert re.findall(r'site-menu__count">(\d+)<', page) == ["2"]


def test_a_form_is_filled_in_from_last_time() -> None:
    item = reported(health=Health.AT_RISK, narrative="Vendor chosen.")
    client, person = manager(item)
    fields = fields_of(client, item)
    seen = fields.pop("seen")
    assert (len(seen), seen[16]) == (33, ".")
    assert fields == {
        "form_of": str(person.pk),
        "return_to": address(item),
        "alone": "1",
        "standing": "at_risk",
        "percent_complete": "35",
        "narrative": "",
        "next_steps": "Test it.",
        "cause": "The vendor delivers late.",
        "recovery_step": "Weekly calls with the vendor.",
        "recovery_on": "2022-09-30",
        "closed_on": "",
    }
    words = texts(client.get("/updates/"))  # type: ignore[arg-type]
    assert "Due 15 Jul · last: at risk, 10 Apr" in words
    assert "was 35" in words


def test_the_most_urgent_stands_first_and_what_is_done_stays_below() -> None:
    late = make.initiative(code="late")
    due, done = reported("due"), reported("done")
    client, _person = manager(due, done, late)
    send(client, done, narrative="Half of it.")
    page = client.get("/updates/").content.decode()
    cards = re.findall(r'<article class="update update--(\w+)" id="item-(\d+)"', page)
    assert cards == [("open", str(late.pk)), ("open", str(due.pk)), ("done", str(done.pk))]
    assert "Updated 5 Jul" in page
    assert "Overdue 81 days" in page


def test_a_stranger_signs_in_and_a_reviewer_is_refused() -> None:
    item = reported()
    reply = Client().get("/updates/")
    assert (reply.status_code, reply["Location"].endswith("?next=/updates/")) == (302, True)
    reviewer = Client()
    reviewer.force_login(make.grant(Role.REVIEWER).person)
    assert reviewer.get("/updates/").status_code == 403
    assert reviewer.post(address(item, "save")).status_code == 403


def test_a_manager_gets_nothing_of_an_item_that_is_not_theirs() -> None:
    mine, other = reported("mine"), reported("other")
    client, _person = manager(mine)
    for what in ("save", "nothing-changed", "draft", "preview"):
        assert client.post(address(other, what), {"narrative": "Mine."}).status_code == 403
    assert client.get(address(other)).status_code == 403
    assert client.get("/updates/initiatives/ita-2022-2023/no-such-one/").status_code == 404


def test_with_nothing_due_the_page_says_so() -> None:
    client, _person = manager()
    assert "Nothing is due of you" in texts(client.get("/updates/"))  # type: ignore[arg-type]


def test_three_items_ask_as_many_statements_as_one() -> None:
    client, person = manager(reported("one"))
    client.get("/updates/")  # the first opening begins to measure the round
    asked = []
    for code in ("one", "two", "three"):
        if code != "one":
            item = reported(code)
            make.milestone(initiative=item)
            make.owner(person=person, item=item)
        with CaptureQueriesContext(connection) as queries:
            client.get("/updates/")
        asked.append(len(queries))
    assert asked[0] == asked[2]


# ── Saving ───────────────────────────────────────────────────────────────────────────────────


def test_an_update_is_published_and_leads_back_to_its_card() -> None:
    item = reported()
    client, person = manager(item)
    reply = send(client, item, percent_complete="40", narrative="Half of the data is moved.")
    assert (reply.status_code, reply["Location"]) == (302, f"/updates/#item-{item.pk}")
    update = newest(item)
    assert (update.state, update.published_at, update.period_end) == ("published", NOW, Q2)
    assert (update.health, update.percent_complete, update.narrative) == (
        "on_track",
        40,
        "Half of the data is moved.",
    )
    assert (update.recorded_by, update.nothing_changed) == (str(person), False)
    assert f"Saved: {item.name}." in texts(client.get("/updates/"))  # type: ignore[arg-type]
    assert verify().count == 0


def test_with_htmx_the_answer_is_the_card_and_the_head() -> None:
    item = reported()
    client, _person = manager(item, reported("other"))
    reply = send(client, item, hx=True, narrative="Half of it.")
    page = reply.content.decode()
    assert reply.status_code == 200
    assert page.lstrip().startswith(f'<article class="update update--done" id="item-{item.pk}"')
    assert "<html" not in page
    assert re.findall(r'id="updates-head" data-to-go="(\d)" hx-swap-oob="true"', page) == ["1"]
    assert re.findall(r'role="status" hx-swap-oob="innerHTML">(.*?)<', page) == ["Saved: Cloud."]
    assert f'id="item-{item.pk}-title" tabindex="-1" autofocus' in page


def test_what_says_nothing_new_is_told_as_nothing_changed() -> None:
    item = reported()
    client, _person = manager(item)
    send(client, item)
    assert newest(item).nothing_changed is True


def test_nothing_changed_takes_one_click() -> None:
    item = reported(health=Health.AT_RISK)
    client, _person = manager(item)
    reply = client.post(address(item, "nothing-changed"))
    update = newest(item)
    assert (reply.status_code, update.period_end, update.nothing_changed) == (302, Q2, True)
    assert (update.health, update.cause) == ("at_risk", "The vendor delivers late.")


@pytest.mark.parametrize(
    ("said", "offered"),
    [
        ({}, True),
        ({"health": Health.AT_RISK, "recovery_on": dt.date(2022, 7, 5)}, True),
        ({"health": Health.AT_RISK, "recovery_on": dt.date(2022, 7, 4)}, False),
    ],
)
def test_nothing_changed_is_not_offered_once_the_promised_day_is_past(
    said: dict[str, object], offered: bool
) -> None:
    client, _person = manager(reported(**said))
    words = texts(client.get("/updates/"))  # type: ignore[arg-type]
    assert ("Nothing changed" in words) is offered
    assert ("has passed: say what is new." in words) is not offered


def test_nothing_changed_of_what_was_never_reported_is_refused_in_words() -> None:
    make.periods()
    item = make.initiative()
    client, _person = manager(item)
    reply = client.post(address(item, "nothing-changed"))
    assert reply.status_code == 422
    assert "There is no earlier update that this could repeat." in texts(reply)  # type: ignore[arg-type]


def test_the_time_of_the_round_is_measured() -> None:
    item = reported()
    client, person = manager(item)
    client.get("/updates/")
    row = RoundTiming.objects.get(person=person)
    assert (row.period_end, row.opened_at, row.saves) == (Q2, NOW, 0)
    send(client, item)
    row.refresh_from_db()
    assert (row.saves, row.saved_at) == (1, NOW)


# ── What is asked ────────────────────────────────────────────────────────────────────────────

WRONG = [
    (
        {"standing": "off_track"},
        {
            "cause": "Say what is in the way.",
            "recovery_step": "Say what will bring it back, and who does it.",
            "recovery_on": "Say by when it will be back on track.",
        },
    ),
    (
        TROUBLE | {"recovery_on": "2022-07-04"},
        {"recovery_on": "This day is past. Say by when it will be back."},
    ),
    ({"standing": ""}, {"standing": "Choose how it stands."}),
    (
        {"standing": "completed"},
        {
            "closed_on": "Say on which day it was completed.",
            "narrative": "Say what was delivered.",
        },
    ),
    (
        {"standing": "completed", "closed_on": "2022-07-06", "narrative": "All of it."},
        {"closed_on": "This day is still to come."},
    ),
    ({"standing": "paused"}, {"narrative": "Say why it is paused."}),
    ({"percent_complete": "101"}, {"percent_complete": "Write a whole number from 0 to 100."}),
    (TROUBLE | {"recovery_on": "soon"}, {"recovery_on": "Write a date such as 2022-08-15."}),
]


@pytest.mark.parametrize("hx", [False, True])
@pytest.mark.parametrize(("typed", "errors"), WRONG)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    typed: dict[str, str], errors: dict[str, str], hx: bool
) -> None:
    item = reported()
    client, _person = manager(item)
    reply = send(client, item, hx=hx, next_steps="Go on & test <it>.", **typed)
    page = reply.content.decode()
    assert reply.status_code == 422
    said = r'id="i\d+-(\w+)_error"><p><span class="usa-sr-only">Error: </span>(.*?)</p>'
    assert dict(re.findall(said, page)) == errors
    for name in errors:
        assert f'<a href="#i{item.pk}-{name}' in page
    assert "Go on &amp; test &lt;it&gt;." in page
    assert StatusUpdate.objects.filter(initiative=item).count() == 1


def test_trouble_is_published_with_its_way_back() -> None:
    item = reported()
    client, _person = manager(item)
    assert send(client, item, **TROUBLE).status_code == 302
    update = newest(item)
    assert (update.health, update.cause, update.recovery_step, update.recovery_on) == (
        "at_risk",
        "The vendor is late.",
        "The vendor sends two more people.",
        dt.date(2022, 8, 15),
    )


def test_back_on_track_the_trouble_is_no_longer_told() -> None:
    item = reported(health=Health.AT_RISK)
    client, _person = manager(item)
    send(client, item, standing="on_track", narrative="The vendor has caught up.")
    update = newest(item)
    assert (update.health, update.cause, update.recovery_step, update.recovery_on) == (
        "on_track",
        "",
        "",
        None,
    )


def test_completing_closes_the_initiative_with_its_day() -> None:
    item = reported()
    client, _person = manager(item)
    typed = {"standing": "completed", "closed_on": "2022-06-28", "narrative": "All is moved."}
    assert send(client, item, percent_complete="", **typed).status_code == 302
    update = newest(item)
    assert (update.lifecycle, update.closed_on, update.percent_complete, update.narrative) == (
        "completed",
        dt.date(2022, 6, 28),
        100,
        "All is moved.",
    )
    assert "Everything is done" in texts(client.get("/updates/"))  # type: ignore[arg-type]


def test_pausing_keeps_no_health() -> None:
    item = reported()
    client, _person = manager(item)
    send(client, item, standing="paused", narrative="It waits for the budget.")
    assert (newest(item).lifecycle, newest(item).health) == ("paused", "")


def test_a_draft_is_dropped_once_it_is_handed_in() -> None:
    item = reported()
    client, _person = manager(item)
    send(client, item, "draft", narrative="Half")
    assert Draft.objects.count() == 1
    send(client, item, hx=True, narrative="Half of it.")
    assert Draft.objects.count() == 0


def test_only_a_post_writes() -> None:
    item = reported()
    client, _person = manager(item)
    for what in ("save", "nothing-changed", "draft", "preview"):
        assert client.get(address(item, what), headers=HX).status_code == 405


# ── What else stands on the page ─────────────────────────────────────────────────────────────


def test_an_offer_waits_on_top_and_leads_back_here() -> None:
    item = reported()
    client, person = manager()
    make.offer(person=person, item=item)
    page = client.get("/updates/").content.decode()
    assert "1 item is offered to you" in page
    assert re.findall(r'name="return_to" value="(.*?)"', page) == ["/updates/"]


def test_not_mine_leads_to_the_form_that_asks_why() -> None:
    item = reported()
    client, person = manager(item)
    assignment = person.assignments.get()
    page = client.get("/updates/").content.decode()
    assert f'href="/updates/not-mine/{assignment.pk}/"' in page


def test_who_stands_in_for_nobody_has_nothing_to_give_back() -> None:
    reported()
    client = Client()
    client.force_login(make.grant(Role.PLAN_ADMINISTRATOR).person)
    words = texts(client.get("/updates/"))  # type: ignore[arg-type]
    assert ("1 update to go" in words, "Not mine" in words) == (True, False)


def test_values_that_are_due_stand_below_the_initiatives() -> None:
    metric = make.metric(name="Calls answered", started_on=dt.date(2022, 4, 1))
    client, person = manager()
    make.owner(person=person, item=metric)
    words = texts(client.get("/updates/"))  # type: ignore[arg-type]
    assert "1 update to go" in words
    assert "Calls answered" in words


def test_a_second_click_on_nothing_changed_counts_once() -> None:
    item = reported()
    client, _person = manager(item)
    seen = {"seen": fields_of(client, item)["seen"]}
    replies = [client.post(address(item, "nothing-changed"), seen) for _ in range(2)]
    assert [reply.status_code for reply in replies] == [302, 302]
    assert StatusUpdate.objects.filter(initiative=item).count() == 2


def test_nothing_changed_is_refused_once_the_promised_day_is_past() -> None:
    item = reported(health=Health.AT_RISK, recovery_on=dt.date(2022, 7, 4))
    client, _person = manager(item)
    reply = client.post(address(item, "nothing-changed"))
    assert reply.status_code == 422
    assert "The day by which it should be back on track is past." in texts(reply)  # type: ignore[arg-type]
    assert newest(item).period_end == Q1


def test_a_draft_that_an_editor_began_goes_out_with_what_is_typed() -> None:
    item = reported()
    begun = make.draft(initiative=item, period=make.period(Q2), narrative="Begun.", now=BEFORE)
    client, _person = manager(item)
    assert fields_of(client, item)["narrative"] == "Begun."
    send(client, item, narrative="Begun and done.")
    begun.refresh_from_db()
    assert (begun.state, begun.narrative) == ("published", "Begun and done.")
    assert StatusUpdate.objects.count() == 2
