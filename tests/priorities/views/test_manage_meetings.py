"""The meetings of a plan at plan work: added, moved with a reason, called off, kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from priorities.models import ChangeEvent, Meeting
from tests import factories as make
from tests.priorities.views.managing import administrator, look, save, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _july_2022() -> Iterator[None]:
    with time_machine.travel(make.at(2022, 7, 15), tick=False):
        yield


def url(name: str, **kwargs: Any) -> str:
    return reverse(f"priorities:manage-{name}", kwargs=kwargs)


def test_a_meeting_is_added_under_the_name_of_who_reviews() -> None:
    make.organization(reviewing_body="Technology committee")
    plan = make.plan()
    client = administrator()
    done = save(client, url("meeting-add", plan=plan.code), held_on="2022-08-17")
    assert done.url == url("meetings", plan=plan.code)
    row = Meeting.objects.get()
    assert (row.held_on, row.name) == (dt.date(2022, 8, 17), "Technology committee")
    event = ChangeEvent.objects.latest("sequence")
    assert (event.item_type, event.actor_role, event.public) == (
        "meeting",
        "Plan administrator",
        True,
    )


def test_the_page_shows_what_becomes_public_first() -> None:
    plan = make.plan()
    seen = look(
        administrator(),
        url("meeting-add", plan=plan.code),
        held_on="2022-08-17",
        name="Technology committee",
    )
    assert "17 Aug 2022" in text(seen)
    assert Meeting.objects.count() == 0


def test_a_second_meeting_on_the_day_is_refused() -> None:
    plan = make.plan()
    make.meeting(held_on=dt.date(2022, 8, 17))
    refused = look(
        administrator(), url("meeting-add", plan=plan.code), held_on="2022-08-17", name="Again"
    )
    assert refused.status_code == 422
    assert "This plan has a meeting on that day already." in text(refused)


@pytest.mark.parametrize(
    "typed", [{"held_on": "2022-08-24"}, {"called_off": "on"}], ids=["moved", "called off"]
)
def test_whoever_moves_or_calls_off_says_why(typed: dict[str, str]) -> None:
    row = make.meeting(held_on=dt.date(2022, 8, 17))
    client = administrator()
    refused = look(client, url("meeting", meeting=row.pk), **typed)
    assert refused.status_code == 422
    assert "Say why the meeting is moved or called off." in text(refused)
    save(client, url("meeting", meeting=row.pk), reason="No quorum.", **typed)
    row.refresh_from_db()
    assert (row.held_on.isoformat(), row.called_off) == (
        typed.get("held_on", "2022-08-17"),
        "called_off" in typed,
    )
    assert ChangeEvent.objects.latest("sequence").reason == "No quorum."


def test_an_agenda_needs_no_reason() -> None:
    row = make.meeting()
    save(administrator(), url("meeting", meeting=row.pk), agenda_url="https://example.org/agenda")
    row.refresh_from_db()
    assert row.agenda_url == "https://example.org/agenda"


def test_the_list_says_what_is_to_come() -> None:
    plan = make.plan()
    make.meeting(held_on=dt.date(2022, 6, 1))
    make.meeting(held_on=dt.date(2022, 8, 17))
    make.meeting(held_on=dt.date(2022, 7, 15))
    make.meeting(held_on=dt.date(2022, 9, 7), called_off=True)
    shown = administrator().get(url("meetings", plan=plan.code))
    said = [state for _row, state in shown.context["meetings"]]
    assert said == ["Called off", "To come", "Today", "Held"]


def test_the_list_asks_the_same_of_the_database_however_long_it_is() -> None:
    plan = make.plan()
    client = administrator()
    asked = []
    for day in range(1, 5):
        make.meeting(held_on=dt.date(2022, 6, day))
        with CaptureQueriesContext(connection) as captured:
            client.get(url("meetings", plan=plan.code))
        asked.append(len(captured))
    assert asked[1:] == asked[1:2] * 3
