"""A reviewer's own rating: in two steps, for a period that is over, beside the owner's word."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from priorities import clock
from priorities.actions.assignments import accept_assignment
from priorities.enums import AssignmentRole, Health, Role
from priorities.models import ReviewRating
from tests import factories as make
from tests.priorities.views.reporting import signed_in

pytestmark = pytest.mark.django_db

NOW = make.at(2022, 7, 5)
RATE = "/review/rate/initiatives/ita-2022-2023/cloud/"
TYPED = {
    "period_end": "2022-06-30",
    "rating": "off_track",
    "reason": "Nothing works yet.",
    "visibility": "public",
}


@pytest.fixture(autouse=True)
def _standing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda newest=None: NOW)


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def reviewer() -> Client:
    return signed_in(make.grant(Role.REVIEWER).person)


def test_a_rating_is_seen_before_it_is_saved() -> None:
    item = make.initiative(code="cloud")
    make.periods()
    make.report(initiative=item, health=Health.ON_TRACK)
    client = reviewer()
    page = text_of(client.get(RATE))
    assert '<option value="2022-06-30" selected>Q2 2022</option>' in page
    assert "2022-09-30" not in page
    look = text_of(client.post(RATE, TYPED | {"step": "look"}))
    assert "<h1>Everyone will be able to read this</h1>" in look
    assert ReviewRating.objects.count() == 0
    client.post(RATE, TYPED | {"step": "send"})
    internal = TYPED | {"rating": "at_risk", "visibility": "internal"}
    stays = "Your public rating of this period stays public."
    assert stays in text_of(client.post(RATE, internal | {"step": "look"}))
    for other in (internal | {"period_end": "2022-03-31"}, TYPED):
        assert stays not in text_of(client.post(RATE, other | {"step": "look"}))
    client.post(RATE, internal | {"step": "send"})
    first, second = ReviewRating.objects.order_by("pk")
    assert (first.rating, first.period_end, first.visibility) == (
        "off_track",
        dt.date(2022, 6, 30),
        "public",
    )
    assert (second.supersedes, second.rating, second.visibility) == (None, "at_risk", "internal")


def test_a_second_click_rates_once() -> None:
    make.initiative(code="cloud")
    make.periods()
    client = reviewer()
    answers = [client.post(RATE, TYPED | {"step": "send"}).status_code for _click in range(2)]
    assert (answers, ReviewRating.objects.count()) == ([302, 302], 1)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"reason": " "}, "Say why"),
        ({"rating": ""}, "Choose your rating."),
        ({"visibility": ""}, "Choose who may read it."),
        ({"period_end": "2022-09-30"}, "Choose the period."),
        ({"period_end": ""}, "Choose the period."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_saved(typed: dict[str, str], words: str) -> None:
    make.initiative(code="cloud")
    make.periods()
    response = reviewer().post(RATE, TYPED | typed | {"step": "send"})
    assert (response.status_code, words in text_of(response)) == (422, True)
    assert ReviewRating.objects.count() == 0


def test_a_metric_is_rated_for_a_period_of_which_it_has_a_value() -> None:
    metric = make.metric(code="calls")
    client = reviewer()
    response = client.get("/review/rate/metrics/calls/")
    assert response.headers["Location"] == "/review/ask/"
    make.observation(metric=metric)
    client.post("/review/rate/metrics/calls/", TYPED | {"period_end": "2022-03-31", "step": "send"})
    assert ReviewRating.objects.get().metric == metric


def test_of_an_internal_item_no_rating_is_public() -> None:
    make.initiative(code="cloud", visibility="internal")
    make.periods()
    assert reviewer().post(RATE, TYPED | {"step": "send"}).status_code == 422


def own_work(who: str) -> Client:
    """Somebody whose own work "cloud" is, signed in."""
    item = make.initiative(code="cloud", lead_division=make.division())
    make.periods()
    person = make.person()
    if who == "editor":
        above = make.division(code="above")
        make.Division.objects.filter(pk=item.lead_division_id).update(parent=above)
        make.grant(Role.DIVISION_EDITOR, person=person, division=above)
        return signed_in(person)
    make.grant(Role.PLAN_ADMINISTRATOR, person=person)
    offer = make.offer(item=item, person=person, role=AssignmentRole(who))
    accept_assignment(assignment=offer, on=offer.offered_on, by="a", now=make.moment())
    return signed_in(person)


@pytest.mark.parametrize("who", ["owner", "contributor", "editor"])
def test_nobody_rates_their_own_work(who: str) -> None:
    client = own_work(who)
    make.metric(code="calls", name="Calls")
    answers = [client.get(RATE), client.post(RATE, TYPED | {"step": "send"})]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert "You answer for this yourself, so somebody else rates it." in text_of(answers[0])
    assert ReviewRating.objects.count() == 0
    found = text_of(client.get("/review/ask/"))
    assert (RATE in found, "/review/rate/metrics/calls/" in found) == (False, True)


@pytest.mark.parametrize(
    ("query", "after"),
    [
        ("", "/plans/ita-2022-2023/initiatives/cloud/"),
        ("?return_to=/review/disagreements/", "/review/disagreements/"),
    ],
)
def test_one_goes_back_to_the_item_or_to_where_one_came_from(query: str, after: str) -> None:
    make.initiative(code="cloud")
    make.periods()
    client = reviewer()
    assert f'<a href="{after}">Leave without sending</a>' in text_of(client.get(RATE + query))
    response = client.post(RATE + query, TYPED | {"step": "send"})
    assert response.headers["Location"] == after


def test_what_others_say_stands_above_the_form() -> None:
    item = make.initiative(code="cloud")
    make.periods()
    page = text_of(reviewer().get(RATE))
    for words in ("has not reported yet.", "No metric informs it.", "Nobody has rated it yet."):
        assert words in page
    make.report(initiative=item, health=Health.ON_TRACK, narrative="Half is done.")
    metric = make.metric(code="calls", name="Calls", initiatives=[item])
    make.observation(10, metric=metric)
    make.target(100, metric=metric, end=dt.date(2022, 3, 31))
    make.rating(Health.AT_RISK, item=item, reason="Late.", reviewer=make.person(name="Rita"))
    make.rating(Health.ON_TRACK, item=metric, reason="Fine.", reviewer=make.person(name="Ronald"))
    client = reviewer()
    page = text_of(client.get(RATE))
    assert "<dt>What the owner says</dt><dd><p>On track, for Q1 2022<br>Half is done.</p>" in page
    assert "Calls: Overdue" in page or "Calls: Off target, 10" in page
    assert "At risk, by Rita for the period to 31 Mar 2022, internal: Late." in page
    page = text_of(client.get("/review/rate/metrics/calls/"))
    assert "What the owner says" not in page
    assert "On track, by Ronald for the period to 31 Mar 2022, internal: Fine." in page


@pytest.mark.parametrize("address", [RATE, RATE.replace("/rate/", "/ask/"), "/review/ask/"])
def test_the_menu_says_that_one_is_at_the_questions(address: str) -> None:
    make.initiative(code="cloud")
    make.periods()
    page = text_of(reviewer().get(address))
    assert '<a href="/review/questions/" aria-current="page">Questions</a>' in page
    assert '<a href="/review/" aria-current="page">Overview' not in page
