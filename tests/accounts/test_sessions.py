"""Sessions end, and public pages know of none."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.urls import reverse
from pytest_django import Settings

from tests import factories as make
from tests.accounts.signing import member, signed_in, who

pytestmark = pytest.mark.django_db

MORNING = dt.datetime(2024, 3, 5, 16, 0, tzinfo=dt.UTC)


def test_who_is_away_for_an_hour_is_signed_out_and_told() -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        client = signed_in(member())
        clock.shift(dt.timedelta(minutes=60))
        assert client.get("/accounts/").status_code == 200
        clock.shift(dt.timedelta(minutes=61))
        page = client.get("/accounts/", follow=True)
        assert page.redirect_chain == [("/accounts/login/?next=/accounts/", 302)]
        assert "You were away for a while" in page.content.decode()
        assert who(client) is None


def test_a_busy_session_ends_twelve_hours_after_the_sign_in() -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        client = signed_in(member())
        for _ in range(24):
            clock.shift(dt.timedelta(minutes=30))
            assert client.get("/accounts/").status_code == 200
        clock.shift(dt.timedelta(minutes=1))
        assert client.get("/accounts/").status_code == 302


def test_how_long_is_a_setting(settings: Settings) -> None:
    settings.SESSION_IDLE_MINUTES = 5
    with time_machine.travel(MORNING, tick=False) as clock:
        client = signed_in(member())
        clock.shift(dt.timedelta(minutes=6))
        assert client.get("/accounts/").status_code == 302


def test_the_portals_moved_clock_does_not_move_sessions(settings: Settings) -> None:
    settings.CLOCK_OFFSET_SECONDS = -86_400 * 365
    with time_machine.travel(MORNING, tick=False) as clock:
        client = signed_in(member())
        clock.shift(dt.timedelta(minutes=30))
        assert client.get("/accounts/").status_code == 200


def test_being_here_is_written_once_a_minute_at_most() -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        client = signed_in(member())
        seen = client.session["seen"]
        clock.shift(dt.timedelta(seconds=59))
        client.get("/accounts/")
        assert client.session["seen"] == seen
        clock.shift(dt.timedelta(seconds=1))
        client.get("/accounts/")
        assert client.session["seen"] == seen + 60


def test_a_session_from_before_this_rule_begins_now() -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        client = signed_in(member())
        session = client.session
        del session["began"], session["seen"]
        session.save()
        assert client.get("/accounts/").status_code == 200
        clock.shift(dt.timedelta(hours=2))
        assert client.get("/accounts/").status_code == 302


def test_a_public_page_looks_at_no_session() -> None:
    make.plan()
    client = signed_in(member())
    before = dict(client.session.items())
    answer = client.get("/metrics/")
    assert answer.status_code == 200
    assert "Cookie" not in answer.get("Vary", "")
    assert "Set-Cookie" not in answer
    assert dict(client.session.items()) == before


def test_the_cookie_goes_with_the_browser_window() -> None:
    client = signed_in(member())
    cookie = client.cookies["sessionid"]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == ("", True, "Lax")


def test_ended_sessions_are_forgotten_at_the_next_sign_in() -> None:
    person = member()
    signed_in(person).post(reverse("account_logout"))
    signed_in(person)
    assert UserSession.objects.count() == 1


def test_the_list_of_sessions_shows_ones_own_only() -> None:
    signed_in(member("other@example.org"))
    client = signed_in(member())
    page = client.get(reverse("usersessions_list")).content.decode()
    assert page.count("127.0.0.1") == 1
