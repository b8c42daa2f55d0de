"""Tokens: made by a plan administrator, shown once, revoked at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from priorities.enums import Role
from priorities.models import ChangeEvent, IntakeToken
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client: Client) -> Client:
    """A plan administrator's browser."""
    client.force_login(make.grant(Role.PLAN_ADMINISTRATOR).person)
    return client


def make_one(client: Client, **values: Any) -> str:
    metric = make.Metric.objects.first() or make.metric(code="calls", name="Calls")
    in_a_year = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=300)
    fields = {"name": "Call center", "metrics": [metric.pk], "expires_on": in_a_year} | values
    return client.post(reverse("priorities:tokens"), fields).content.decode()


def test_the_secret_is_shown_once_and_kept_nowhere(administrator: Client) -> None:
    page = make_one(administrator)
    token = IntakeToken.objects.get()
    secret = page.split('token-made__secret">')[1].split("<")[0]
    assert secret.startswith(token.hint)
    assert secret not in str(list(IntakeToken.objects.values()))
    assert secret not in administrator.get(reverse("priorities:tokens")).content.decode()
    assert secret not in str(list(ChangeEvent.objects.values("fields")))
    event = ChangeEvent.objects.latest("sequence")
    assert (event.kind, event.item_type, event.public) == ("granted", "intake_token", False)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"metrics": []}, "Choose at least one metric."),
        ({"name": ""}, "This field is required."),
        ({"expires_on": "2020-01-01"}, "Choose a day from today to two years from now."),
        ({"expires_on": "2999-01-01"}, "Choose a day from today to two years from now."),
    ],
)
def test_what_is_wrong_is_said(administrator: Client, values: Any, says: str) -> None:
    assert says in make_one(administrator, **values)
    assert not IntakeToken.objects.exists()


def test_what_was_typed_when_the_session_ended_is_there_again(client: Client) -> None:
    person = make.grant(Role.PLAN_ADMINISTRATOR).person
    make_one(client, name="Kept name", form_of=person.pk)
    client.force_login(person)
    page = client.get(reverse("priorities:tokens")).content.decode()
    assert 'value="Kept name"' in page
    assert not IntakeToken.objects.exists()


def test_a_name_is_taken_while_its_token_works(administrator: Client) -> None:
    make_one(administrator)
    assert "There is a token with this name already." in make_one(administrator, name="call CENTER")
    address = reverse("priorities:token-revoke", kwargs={"pk": IntakeToken.objects.get().pk})
    page = administrator.post(address, follow=True).content.decode()
    assert "It no longer works." in page
    assert "Revoked on" in page
    again = administrator.post(address, follow=True).content.decode()
    assert "The token has been revoked before." in again
    make_one(administrator)
    assert IntakeToken.objects.count() == 2
