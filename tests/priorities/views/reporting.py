"""A round to report in: a manager, what they own, and how a browser sends a card."""

from __future__ import annotations

import datetime as dt
import html
import re
from typing import Any

from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from priorities.enums import Health, Role
from priorities.models import Initiative, StatusUpdate
from tests import factories as make

#: The second quarter has ended; its reports are due on 15 Jul 2022.
NOW = make.at(2022, 7, 5)
Q1, Q2 = dt.date(2022, 3, 31), dt.date(2022, 6, 30)
BEFORE = make.at(2022, 4, 10)
HX = {"HX-Request": "true"}

TROUBLE = {
    "standing": "at_risk",
    "cause": "The vendor is late.",
    "recovery_step": "The vendor sends two more people.",
    "recovery_on": "2022-08-15",
}


def manager(*items: Initiative) -> tuple[Client, User]:
    """A manager who has accepted some items, signed in."""
    person = make.grant(Role.MANAGER).person
    for item in items:
        make.owner(person=person, item=item)
    return signed_in(person), person


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def reported(code: str = "cloud", **said: Any) -> Initiative:
    """An initiative of the newest plan that was reported for the first quarter."""
    make.periods()
    item = make.initiative(code=code)
    said = {"health": Health.ON_TRACK, "percent_complete": 35, "next_steps": "Test it."} | said
    make.report(initiative=item, period=make.period(Q1, plan=item.plan), now=BEFORE, **said)
    return item


def address(item: Initiative, what: str = "") -> str:
    path = f"/updates/initiatives/{item.plan.code}/{item.code}/"
    return f"{path}{what}/" if what else path


def fields_of(client: Client, item: Initiative, page: str = "") -> dict[str, str]:
    """The form of an item as the page shows it: every field with what stands in it."""
    text = client.get(page or address(item)).content.decode()
    form = re.search(rf'id="item-{item.pk}-form".*?</form>', text, re.S)
    assert form, "there is no such form"
    fields: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form[0]):
        attrs = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        chosen = attrs.get("type") not in ("radio", "checkbox") or "checked" in tag
        if "name" in attrs and chosen:
            default = "on" if attrs.get("type") == "checkbox" else ""
            fields[attrs["name"]] = html.unescape(attrs.get("value", default))
    for name, value in re.findall(
        r'<textarea name="(\w+)"[^>]*>\n?(.*?)</textarea>', form[0], re.S
    ):
        fields[name] = html.unescape(value)
    fields.pop("csrfmiddlewaretoken", None)
    return fields


def send(
    client: Client, item: Initiative, what: str = "save", *, hx: bool = False, **typed: str
) -> HttpResponse:
    """Open the item, type over what stands there, send it."""
    fields = fields_of(client, item) | typed
    return client.post(address(item, what), fields, headers=HX if hx else {})  # type: ignore[return-value]


def newest(item: Initiative) -> StatusUpdate:
    return StatusUpdate.objects.filter(initiative=item).latest("pk")


def texts(response: HttpResponse) -> str:
    """The words of a page, without its marks."""
    body = re.sub(r"<(script|style|template).*?</\1>", "", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))
