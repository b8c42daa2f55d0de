"""A reviewer's own rating: in two steps, for a period that is over, beside the owner's word."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from priorities import clock
from priorities.enums import Health, Role
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
    client.post(RATE, TYPED | {"step": "send", "rating": "at_risk", "visibility": "internal"})
    first, second = ReviewRating.objects.order_by("pk")
    assert (first.rating, first.period_end, first.visibility) == (
        "off_track",
        dt.date(2022, 6, 30),
        "public",
    )
    assert (second.supersedes, second.rating, second.visibility) == (first, "at_risk", "internal")


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
        ({"period_end": "2022-09-30"}, "Select a valid choice."),
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
