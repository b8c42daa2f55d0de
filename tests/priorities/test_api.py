"""The door for machines: every answer is JSON, every refusal says what to do."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from priorities import api
from priorities.actions.tokens import hash_of, make_token, revoke_token
from priorities.models import ChangeEvent, IntakeToken, Observation
from priorities.queries.history import verify
from tests import factories as make

pytestmark = pytest.mark.django_db

NOW = make.at(2022, 7, 15)
ADDRESS = "/api/v1/metrics/calls/observations/2022-06-30"


@pytest.fixture(autouse=True)
def _moment() -> Any:
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield
    cache.clear()


@pytest.fixture
def secret() -> str:
    """A token for the metric of calls."""
    metric = make.metric(code="calls")
    make.metric(code="waits")
    until = dt.date(2023, 7, 15)
    return make_token(name="Call center", metrics=[metric], expires_on=until, by="a", now=NOW)[1]


def put(secret: str, body: Any, address: str = ADDRESS, **headers: str) -> Any:
    client = Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {secret}"})
    return client.put(address, body, content_type="application/json", **headers)


def said(response: HttpResponse) -> Any:
    return response.json()  # type: ignore[attr-defined]


def test_a_value_is_recorded_in_the_name_of_the_token(secret: str) -> None:
    response = put(secret, {"value": 89.25, "note": "Automatic."})
    assert response.status_code == 201
    assert said(response) == {
        "result": "recorded",
        "metric": "calls",
        "period": {"start": "2022-04-01", "end": "2022-06-30"},
        "value": "89.25",
        "missing_reason": None,
        "quality": "final",
        "published_at": "2022-07-15T16:00:00+00:00",
    }
    event = ChangeEvent.objects.latest("sequence")
    assert (event.actor, event.entered_by, event.kind) == ("Call center", "api", "recorded")
    assert event.public is True
    assert verify().count == 0


def test_the_same_again_changes_nothing(secret: str) -> None:
    put(secret, {"value": 0})
    before = ChangeEvent.objects.count()
    for body in ({"value": 0}, {"value": "0.00"}, {"value": 0, "quality": "final"}):
        response = put(secret, body)
        assert (response.status_code, said(response)["result"]) == (200, "unchanged")
    assert ChangeEvent.objects.count() == before


def test_another_value_is_a_correction_and_needs_a_reason(secret: str) -> None:
    put(secret, {"value": 5, "note": "Kept."})
    refused = put(secret, {"value": 6})
    assert refused.status_code == 409
    assert said(refused)["error"] == "reason_needed"
    assert said(refused)["present"]["value"] == "5"
    response = put(secret, {"value": 6, "reason": "Late calls counted."})
    assert (response.status_code, said(response)["result"]) == (200, "corrected")
    newest = Observation.objects.get(superseded_by=None)
    assert (newest.value, newest.reason, newest.note) == (6, "Late calls counted.", "Kept.")
    assert newest.quality == "revised"
    again = put(secret, {"value": 6, "quality": "final", "reason": "Late calls counted."})
    assert said(again)["result"] == "unchanged"


def test_no_value_has_a_reason_and_null_is_not_zero(secret: str) -> None:
    assert put(secret, {"value": None}).status_code == 422
    response = put(secret, {"missing_reason": "suppressed"})
    assert said(response)["missing_reason"] == "suppressed"
    assert said(response)["value"] is None


@pytest.mark.parametrize(
    "period", ["Q2 2022", "2022-Q2", "2022-04-01 to 2022-06-30", "Q4_FY_2021-22"]
)
def test_a_period_may_be_named_in_several_ways(secret: str, period: str) -> None:
    response = put(secret, {"value": 1}, f"/api/v1/metrics/calls/observations/{period}")
    assert said(response)["period"] == {"start": "2022-04-01", "end": "2022-06-30"}


REFUSED: dict[str, tuple[Any, int, str, str]] = {
    "no JSON": ("{", 400, "json", 'Send a JSON object such as {"value": 89}.'),
    "a list": ([1], 400, "json", 'Send a JSON object such as {"value": 89}.'),
    "nothing": ({}, 422, "value", "Send “value”, or “missing_reason” if there is none."),
    "both": ({"value": 1, "missing_reason": "suppressed"}, 422, "value", "Send “value”, or"),
    "a text": ({"value": "about ten"}, 422, "value", "“value” is a number"),
    "a comma": ({"value": "1,5"}, 422, "value", "“value” is a number"),
    "true": ({"value": True}, 422, "value", "“value” is a number"),
    "not a number": ('{"value": NaN}', 422, "value", "“value” is a number"),
    "without end": ({"value": "Infinity"}, 422, "value", "“value” is a number"),
    "too fine": ({"value": "0.1234567"}, 422, "value", "Round it to 0.123457."),
    "too long": ('{"value": 1e400}', 422, "value", "Numbers are kept to 15 digits."),
    "unknown reason": ({"missing_reason": "lost"}, 422, "missing_reason", "is one of: not_yet"),
    "unknown quality": ({"value": 1, "quality": "so-so"}, 422, "quality", "is one of: provisional"),
    "unknown field": ({"value": 1, "valeu": 2}, 422, "unknown_field", "Unknown: valeu."),
    "a note that is none": ({"value": 1, "note": 5}, 422, "note", "“note” is a text."),
    "no address": ({"value": 1, "source_url": "nowhere"}, 422, "refused", "Enter a valid URL."),
    "too large": ({"value": 1, "note": "x" * 20_000}, 413, "too_large", "at most 16 KB"),
}


@pytest.mark.parametrize(("body", "status", "code", "says"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_taken_is_refused_with_its_remedy(
    secret: str, body: Any, status: int, code: str, says: str
) -> None:
    response = put(secret, body)
    assert (response.status_code, said(response)["error"]) == (status, code)
    assert says in said(response)["message"]
    assert not Observation.objects.exists()


@pytest.mark.parametrize(
    ("period", "says"),
    [
        ("2022-06-15", "the one around it ends on 2022-06-30."),
        ("Jun 2022", "Is Q2 2022 meant?"),
        ("soon", "names no period. Write it like Q2 2022."),
        ("03/04/2022", "is 3 April or 4 March"),
    ],
)
def test_a_period_that_there_is_not_is_refused(secret: str, period: str, says: str) -> None:
    address = f"/api/v1/metrics/calls/observations/{period.replace('/', '.')}"
    response = put(secret, {"value": 1}, address)
    assert (response.status_code, said(response)["error"]) == (422, "period")
    assert says in said(response)["message"]


def test_a_token_opens_its_own_metrics_only_and_tells_of_no_others(secret: str) -> None:
    for code in ("waits", "no-such"):
        response = put(secret, {"value": 1}, f"/api/v1/metrics/{code}/observations/2022-06-30")
        assert (response.status_code, said(response)["error"]) == (403, "not_in_scope")
        assert said(response)["metrics"] == ["calls"]


def test_without_a_token_that_works_nothing_is_told(secret: str) -> None:
    token = IntakeToken.objects.get()
    assert token.secret_hash == hash_of(secret)
    assert secret not in str(list(IntakeToken.objects.values()))
    for wrong in ("", "itap_guess", secret[:-1]):
        response = put(wrong, {"value": 1})
        assert (response.status_code, said(response)["error"]) == (401, "token")
        assert response.headers["WWW-Authenticate"].startswith("Bearer")
    with time_machine.travel(make.at(2023, 7, 15, 23), tick=False):
        assert put(secret, {"value": 1}).status_code == 201
    with time_machine.travel(make.at(2023, 7, 16, 0, 1), tick=False):
        assert put(secret, {"value": 1}).status_code == 401
    revoke_token(token=token, by="a", now=make.at(2023, 7, 16))
    with time_machine.travel(NOW, tick=False):
        assert put(secret, {"value": 1}).status_code == 401


def test_a_session_opens_nothing() -> None:
    make.metric(code="calls")
    client = Client()
    client.force_login(make.person(is_staff=True, is_superuser=True))
    response = client.put(ADDRESS, {"value": 1}, content_type="application/json")
    assert response.status_code == 401


def test_other_methods_are_refused(secret: str) -> None:
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    response = client.get(ADDRESS)
    assert (response.status_code, response.headers["Allow"]) == (405, "PUT")


def test_too_many_requests_are_told_to_wait(secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "MOST_A_MINUTE", 2)
    monkeypatch.setattr(api, "MOST_REFUSED_A_MINUTE", 1)
    statuses = [put(secret, {"value": 1}).status_code for _time in range(3)]
    assert statuses == [201, 200, 429]
    assert [put("guess", {}).status_code for _time in range(2)] == [401, 429]
    with time_machine.travel(NOW + dt.timedelta(minutes=1), tick=False):
        assert put(secret, {"value": 1}).status_code == 200


def guess(**headers: str) -> int:
    """The status that a wrong token gets, sent with more headers."""
    client = Client(headers={"Authorization": "Bearer guess", **headers})
    return client.put(ADDRESS, "{}", content_type="application/json").status_code


@pytest.mark.parametrize(
    ("proxies", "statuses"), [(1, [401, 429, 401, 429]), (0, [401, 429, 429, 429])]
)
def test_refusals_are_counted_for_each_visitor_of_a_proxy_that_is_trusted(
    proxies: int, statuses: list[int], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One machine with a wrong token locks out no other; who names an own address gains nothing."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    monkeypatch.setattr(api, "MOST_REFUSED_A_MINUTE", 1)
    visitors = ("192.0.2.1", "198.51.100.9, 192.0.2.1", "192.0.2.2", "192.0.2.2")
    assert [guess(**{"X-Forwarded-For": visitor}) for visitor in visitors] == statuses


def test_visitors_whose_address_cannot_be_told_count_as_one(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    monkeypatch.setattr(api, "MOST_REFUSED_A_MINUTE", 1)
    assert [guess(**{"X-Forwarded-For": word}) for word in ("unknown", "_a")] == [401, 429]


def test_the_last_use_is_kept_to_the_minute(secret: str) -> None:
    put(secret, {"value": 1})
    assert IntakeToken.objects.get().last_used_at == NOW
    with time_machine.travel(NOW + dt.timedelta(seconds=30), tick=False):
        put(secret, {"value": 1})
    assert IntakeToken.objects.get().last_used_at == NOW
    later = NOW + dt.timedelta(minutes=2)
    with time_machine.travel(later, tick=False):
        put(secret, {"value": 1})
    assert IntakeToken.objects.get().last_used_at == later


def test_no_answer_is_kept_by_a_cache(secret: str) -> None:
    assert "no-store" in put(secret, {"value": 1}).headers["Cache-Control"]
